// A line taken apart for a learner, whatever it is.
#include "fuzz.hpp"
#include "protocols/imap/pieces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailscope;
  const auto pieces = imap::pieces_of(fuzz::view(data, size));
  fuzz::check(pieces.size() <= imap::kPiecesMax, "pieces are bounded");
  for (const imap::Piece& piece : pieces) {
    fuzz::check(!piece.text.empty() && !piece.says.empty(), "a piece says something");
    fuzz::check(piece.entry != nullptr, "a piece has an entry");
  }
  return 0;
}
