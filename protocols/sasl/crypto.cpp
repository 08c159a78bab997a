#include "protocols/sasl/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cassert>

#include "protocols/mime/charset.hpp"

namespace mailscope::sasl {
namespace {

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  [[maybe_unused]] const unsigned char* const made =
      HMAC(hash, key.data(), static_cast<int>(key.size()), octets(text), text.size(), out, &size);
  assert(made != nullptr);
  return {reinterpret_cast<const char*>(out), size};
}

}  // namespace

std::string sha256(std::string_view text) {
  unsigned char out[SHA256_DIGEST_LENGTH];
  SHA256(octets(text), text.size(), out);
  return {reinterpret_cast<const char*>(out), sizeof out};
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac(EVP_sha256(), key, text);
}

std::string hmac_md5(std::string_view key, std::string_view text) {
  return hmac(EVP_md5(), key, text);
}

std::string hex(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

ScramKeys scram_keys(std::string_view password, std::string_view salt, std::uint32_t iterations) {
  unsigned char salted[SHA256_DIGEST_LENGTH];
  [[maybe_unused]] const int done =
      PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), octets(salt),
                        static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha256(),
                        sizeof salted, salted);
  assert(done == 1);
  const std::string_view key(reinterpret_cast<const char*>(salted), sizeof salted);
  ScramKeys keys;
  keys.client_key = hmac_sha256(key, "Client Key");
  keys.stored_key = sha256(keys.client_key);
  keys.server_key = hmac_sha256(key, "Server Key");
  return keys;
}

std::string exclusive_or(std::string_view a, std::string_view b) {
  assert(a.size() == b.size());
  std::string out(a);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(out[i] ^ b[i]);
  return out;
}

std::optional<std::string_view> take_attribute(std::string_view& message, char name) {
  if (message.size() < 2 || message[0] != name || message[1] != '=') return std::nullopt;
  const std::size_t comma = message.find(',');
  const std::string_view value = message.substr(2, comma == message.npos ? comma : comma - 2);
  message.remove_prefix(comma == message.npos ? message.size() : comma + 1);
  return value;
}

bool is_nonce(std::string_view text) {
  for (const char c : text)
    if (c < 0x21 || c > 0x7e || c == ',') return false;
  return !text.empty();
}

bool is_plain_text(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return !text.empty() && mime::is_utf8(text);
}

}  // namespace mailscope::sasl
