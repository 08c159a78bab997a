// The words of the subject that are no command, code or field: who takes part in mail, what TCP and
// IP do beneath it, and the socket calls with the telephone as their picture. RFC 5598 names the
// agents, RFC 9293 is TCP (§3.9.1: its calls), RFC 791 IP, RFC 826 ARP.
#pragma once

#include <span>

#include "protocols/base/reference.hpp"

namespace mailscope {

// {"mail", "MTA", ...}, {"TCP", "SYN", ...}, {"socket", "connect", "call", ...}. All text is
// static.
std::span<const ReferenceEntry> subject_reference();

}  // namespace mailscope
