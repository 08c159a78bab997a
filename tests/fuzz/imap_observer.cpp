// Both sides of a dialogue, in three cuttings.
#include "observer.hpp"
#include "protocols/imap/observer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailscope;
  return fuzz::observe_all_ways<imap::Observer>(fuzz::view(data, size));
}
