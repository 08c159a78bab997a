// Who logs in, as far as the dialogue says it in the clear: by a command of its own (USER, APOP),
// or by AUTH PLAIN, AUTH LOGIN. RFC 1939 §7, RFC 4616, RFC 4954 §4. The password is never kept.
#pragma once

#include <string>
#include <string_view>

#include "captures/languages/language.hpp"

namespace mailscope::observe {

class Login {
 public:
  static constexpr std::size_t kUserOctetsMax = 255;

  explicit Login(const languages::Language& language) : language_(language) {}
  void command(std::string_view line);
  void continuation(std::string_view line);  // of an AUTH exchange
  void over() { mechanism_ = Mechanism::None; }
  const std::string& user() const { return user_; }

 private:
  enum class Mechanism : unsigned char { None, Plain, Login, Other };
  void response(std::string_view base64);

  const languages::Language& language_;
  Mechanism mechanism_ = Mechanism::None;
  std::string user_;
};

}  // namespace mailscope::observe
