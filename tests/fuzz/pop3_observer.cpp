// Both sides of a dialogue, in three cuttings.
#include "observer.hpp"
#include "protocols/pop3/observer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailscope;
  return fuzz::observe_all_ways<pop3::Observer>(fuzz::view(data, size));
}
