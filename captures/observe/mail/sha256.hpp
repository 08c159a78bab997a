// SHA-256 (FIPS 180-4) of octets that come in pieces, by OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace mailscope::observe {

class Sha256 {
 public:
  Sha256();
  void restart();
  void update(std::string_view octets);
  // 64 lower-case hex digits. restart() before the next use.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace mailscope::observe
