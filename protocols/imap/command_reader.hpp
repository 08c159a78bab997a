// The client's octets, command by command: wire_reader.hpp with a server's limits, and what can be
// told of a command before it is whole.
#pragma once

#include <string_view>

#include "protocols/imap/verb.hpp"
#include "protocols/imap/wire_reader.hpp"

namespace mailscope::imap {

using CommandReader = WireReader;

// The words at the front of a command, as far as they are there. Views into `text`.
struct CommandFront {
  std::string_view tag;  // empty where there is none in order
  Verb verb = Verb::Unknown;
  bool uid = false;       // UID stood in front
  std::string_view word;  // the verb as it was sent
};
CommandFront front_of(std::string_view text);

}  // namespace mailscope::imap
