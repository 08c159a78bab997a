// A DNS message field by field, with its octets. RFC 1035 §4.1.
#pragma once

#include <optional>
#include <string_view>

#include "captures/languages/language.hpp"

namespace mailscope::languages {

// Nothing where the octets are no message.
std::optional<FieldSheet> dns_fields(std::string_view octets);

}  // namespace mailscope::languages
