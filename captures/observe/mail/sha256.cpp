#include "captures/observe/mail/sha256.hpp"

#include <openssl/evp.h>

#include <cassert>

namespace mailscope::observe {

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  restart();
}

void Sha256::restart() {
  // EVP_sha256() is looked up anew by every EVP_DigestInit in OpenSSL 3; a fetched one is not.
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  [[maybe_unused]] const int ok = EVP_DigestInit_ex2(context_.get(), kAlgorithm, nullptr);
  assert(ok == 1);
}

void Sha256::update(std::string_view octets) {
  EVP_DigestUpdate(context_.get(), octets.data(), octets.size());
}

std::string Sha256::finish() {
  unsigned char digest[32] = {};
  EVP_DigestFinal_ex(context_.get(), digest, nullptr);
  std::string hex;
  hex.reserve(64);
  for (const unsigned char octet : digest) {
    hex += "0123456789abcdef"[octet >> 4];
    hex += "0123456789abcdef"[octet & 15];
  }
  return hex;
}

}  // namespace mailscope::observe
