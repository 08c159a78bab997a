#include "protocols/pop3/apop.hpp"

#include <openssl/evp.h>

namespace mailscope::pop3 {

std::string apop_digest(std::string_view timestamp, std::string_view secret) {
  std::string both(timestamp);
  both += secret;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(both.data(), both.size(), digest, &size, EVP_md5(), nullptr) != 1) return {};
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[digest[i] >> 4];
    hex += kHex[digest[i] & 15];
  }
  return hex;
}

std::string_view find_timestamp(std::string_view greeting) {
  const std::size_t open = greeting.find('<');
  if (open == std::string_view::npos) return {};
  const std::size_t close = greeting.find('>', open);
  if (close == std::string_view::npos) return {};
  const std::string_view found = greeting.substr(open, close + 1 - open);
  return found.find('@') == std::string_view::npos ? std::string_view{} : found;
}

}  // namespace mailscope::pop3
