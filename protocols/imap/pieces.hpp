// A line of IMAP taken apart piece by piece, for learners: what each word, set, section, envelope
// field or part of a structure in it says. RFC 9051 §6, §7, §9.
//
// Lenient: what cannot be read is passed over, and a line that breaks off is read as far as it
// goes. Literals may stand in the text as their counts alone or with their octets behind. At most
// kPiecesMax pieces, nothing deeper than kDepthMax.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/reference.hpp"

namespace mailscope::imap {

struct Piece {
  std::string text;                       // as it stands in the line, shortened
  std::string says;                       // "messages 2 to 4"
  const ReferenceEntry* entry = nullptr;  // never null
};

inline constexpr std::size_t kPiecesMax = 200;
inline constexpr std::size_t kPieceDepthMax = 50;

// `line`: from the verb on, without its tag.
std::vector<Piece> pieces_of_command(std::string_view line);
// A whole response, with its tag, * or +.
std::vector<Piece> pieces_of_response(std::string_view line);
// Whatever a learner has at hand: a command with or without its tag, a response, "ENVELOPE (...)",
// "BODYSTRUCTURE (...)", "BODY[1.2]<0.100>", "2:4". Nothing for what is none of these.
std::vector<Piece> pieces_of(std::string_view text);

}  // namespace mailscope::imap
