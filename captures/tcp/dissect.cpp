#include "captures/tcp/dissect.hpp"
namespace mailscope::tcp {
std::vector<Layer> dissect(std::string_view, std::uint16_t, std::uint32_t) {
  return {};
}
std::string tcp_flags_text(std::uint8_t) {
  return {};
}
}  // namespace mailscope::tcp
