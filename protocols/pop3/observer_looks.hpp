// What a line of a POP3 server is, by its look: for an observer that has not seen the command.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/base/line_splitter.hpp"
#include "protocols/base/observed.hpp"

namespace mailscope::pop3 {

// "+OK" or "-ERR", alone or with a space or a line end behind it (RFC 1939 §3).
bool is_status(std::string_view line);
// More octets are needed to say whether is_status() will be true.
bool may_become_status(std::string_view line);
// "1 120" or "1 whqtswO00WBw418f9t5JxYwZ": a line of a LIST or UIDL answer; or the lone dot.
bool looks_like_listing(std::string_view line);
// "Received: from": a message's first line (RFC 5322 §2.2).
bool looks_like_field(std::string_view line);

// The flags of an event that a line gives it.
inline std::uint8_t flags_of(const Line& line) {
  return line.has(Line::kUnterminated) ? Observed::kIncomplete : 0;
}

}  // namespace mailscope::pop3
