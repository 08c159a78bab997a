// The TCP and UDP ports of mail, and what each is for: RFC 5321, RFC 6409, RFC 8314, RFC 1939, RFC
// 9051, RFC 1035.
#pragma once

#include <span>

#include "protocols/base/reference.hpp"

namespace mailscope {

// One entry a port: {"TCP", "587", "port", ...}. All text is static.
std::span<const ReferenceEntry> port_reference();

}  // namespace mailscope
