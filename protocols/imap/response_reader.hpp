// The server's octets, response by response: wire_reader.hpp in the other direction. A server's
// literals never wait (RFC 9051 §4.3): whoever reads decides at once to keep them or pass them on.
#pragma once

#include "protocols/imap/wire_reader.hpp"

namespace mailscope::imap {

using ResponseReader = WireReader;

// Responses have long lines: FLAGS of many keywords, SEARCH of many numbers.
inline constexpr WireReader::Limits kResponseLimits = {.line_octets_max = 4 * 1024 * 1024,
                                                       .literal_octets_max = 256 * 1024 * 1024,
                                                       .literals_max = 10'000};

}  // namespace mailscope::imap
