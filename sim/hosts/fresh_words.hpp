// Words that were never used before, for challenges, nonces and APOP's time stamps. RFC 1939 §7,
// RFC 2195 §2, RFC 5802 §5.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::sim {

class Machine;

struct FreshWords {
  std::string challenge;
  std::string nonce;
};
// Others for each `count` of a `purpose` ("" is the MTA server's), each host and each time that it
// was switched on. Who has heard any number of them can tell the next ones only where there is no
// secret (MailConfig).
FreshWords fresh_words(const Machine& machine, std::string_view purpose, std::uint64_t count);

}  // namespace mailscope::sim
