#include "captures/export/json_text.hpp"

#include <nlohmann/json.hpp>

namespace mailscope::export_ {

// DEL is 0x7f; the C1 controls, U+0080 to U+009F, are in UTF-8 behind 0xC2.
std::string json_string(std::string_view text) {
  const std::string raw =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string safe;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto octet = static_cast<unsigned char>(raw[i]);
    const auto next = static_cast<unsigned char>(i + 1 < raw.size() ? raw[i + 1] : 0);
    const bool c1 = octet == 0xc2 && next < 0xa0;
    if (octet == 0x7f || c1)
      safe += fmt::format("\\u{:04x}", c1 ? next : octet);
    else
      safe += raw[i];
    i += c1;
  }
  return safe;
}

}  // namespace mailscope::export_
