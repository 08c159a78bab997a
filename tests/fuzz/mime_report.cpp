// A delivery report or a read receipt.
#include "fuzz.hpp"
#include "protocols/mime/report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message = mailscope::fuzz::view(data, size);
  mailscope::mime::read_report(message);
  mailscope::mime::is_automatic(message);
  return 0;
}
