// The hashing that the mechanisms share: HMAC, and SCRAM's keys. RFC 2104, RFC 5802 §3. For this
// folder alone. All results are raw octets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::sasl {

std::string sha256(std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);
std::string hmac_md5(std::string_view key, std::string_view text);
std::string hex(std::string_view octets);
// Whether the two are the same, in a time that depends on nothing but their lengths.
bool same(std::string_view a, std::string_view b);

struct ScramKeys {
  std::string client_key;
  std::string stored_key;
  std::string server_key;
};
// Costs 2 × `iterations` hashes.
ScramKeys scram_keys(std::string_view password, std::string_view salt, std::uint32_t iterations);
std::string exclusive_or(std::string_view a, std::string_view b);  // of the same length

// "r=value" at the front of a SCRAM message, taken off with the comma behind it. Nothing when
// another attribute stands there.
std::optional<std::string_view> take_attribute(std::string_view& message, char name);
bool is_nonce(std::string_view text);  // 1*( %x21-2B / %x2D-7E )
// A user's name or password: not empty, well-formed UTF-8, no control character.
bool is_plain_text(std::string_view text);

}  // namespace mailscope::sasl
