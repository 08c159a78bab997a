// What each header field, encoding and media type means, in plain words. RFC 5322, RFC 2045-2049,
// RFC 2047, RFC 2183, RFC 2231, RFC 5321 §4.4. All text is static.
#pragma once

#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"

namespace mailscope::mime {

std::span<const ReferenceEntry> reference();

}  // namespace mailscope::mime
