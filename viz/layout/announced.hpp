// What a server has said that it can do: an extension may be used only where the last reply to EHLO
// (or CAPA) lists it (RFC 5321 §2.2.1, RFC 2449 §5).
#pragma once

#include <string_view>

#include "viz/layout/index.hpp"

namespace mailscope::viz {

// Whether a command may be used at this PDU as far as announcements go; one that is no extension's
// always.
bool is_announced(const TraceIndex& index, Id pdu, std::string_view command);

}  // namespace mailscope::viz
