// What octets of an SMTP client are by their look: for an observer whom no reply tells.
#pragma once

#include <cstdint>
#include <string_view>

namespace mailscope::smtp {

// What octets behind DATA are, by their beginning.
enum class Looks : std::uint8_t { Command, Text, NotYet };
Looks looks_like(std::string_view front);

// A whole line, without its CRLF, that is a command and hardly text.
bool is_surely_command(std::string_view line);

}  // namespace mailscope::smtp
