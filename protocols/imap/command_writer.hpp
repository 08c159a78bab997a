// A command's value to octets, with the points at which a client has to wait for "+". RFC 9051
// §4.3, §7.6; RFC 7888 §3, §5.
//
// What can be an atom or a quoted string is written as such; the rest becomes literals.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "protocols/imap/command.hpp"

namespace mailscope::imap {

struct CommandWriterOptions {
  enum class Literals : std::uint8_t {
    Synchronizing,  // each waits
    Minus,          // LITERAL-, IMAP4rev2: those of up to 4,096 octets do not wait
    Plus,           // LITERAL+: none waits
  };
  Literals literals = Literals::Synchronizing;
  Utf8 utf8 = Utf8::No;  // UTF8=ACCEPT or IMAP4rev2 is enabled
};

struct CommandOctets {
  std::string octets;  // final CRLF included
  // How many octets may be sent before each "+" is awaited, ascending.
  std::vector<std::size_t> waits;
};
CommandOctets write_command(const Command& command, const CommandWriterOptions& options = {});

}  // namespace mailscope::imap
