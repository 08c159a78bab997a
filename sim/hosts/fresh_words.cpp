#include "sim/hosts/fresh_words.hpp"

#include <fmt/format.h>

#include "protocols/sasl/crypto.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/kernel/random.hpp"

namespace mailscope::sim {

FreshWords fresh_words(const Machine& machine, std::string_view purpose, std::uint64_t count) {
  const std::string name = fmt::format("{}{}", machine.name(), purpose);
  const std::string& secret = machine.config.secret;
  if (!secret.empty()) {
    const std::string text = fmt::format("{} {} {}", name, machine.boots(), count);
    const std::string word = sasl::hex(sasl::hmac_sha256(secret, text));
    return {word.substr(0, 32), word.substr(32)};
  }
  std::uint64_t state = fnv1a(name) ^ (std::uint64_t{machine.boots()} << 32) ^ count;
  const std::uint64_t first = split_mix(state);
  return {fmt::format("{:x}", first), fmt::format("{:016x}", split_mix(state))};
}

}  // namespace mailscope::sim
