#include "protocols/sasl/sasl.hpp"

#include <array>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"

namespace mailscope::sasl {
namespace {

constexpr std::array kMechanisms = {Mechanism::ScramSha256, Mechanism::CramMd5, Mechanism::Plain,
                                    Mechanism::Login};

constexpr bool is_base64(char c) {
  return is_alpha(c) || is_digit(c) || c == '+' || c == '/';
}

}  // namespace

std::string_view name(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::Plain:
      return "PLAIN";
    case Mechanism::Login:
      return "LOGIN";
    case Mechanism::CramMd5:
      return "CRAM-MD5";
    case Mechanism::ScramSha256:
      break;
  }
  return "SCRAM-SHA-256";
}

std::optional<Mechanism> find_mechanism(std::string_view word) {
  for (const Mechanism mechanism : kMechanisms)
    if (equal_no_case(word, name(mechanism))) return mechanism;
  return std::nullopt;
}

std::span<const Mechanism> mechanisms() {
  return kMechanisms;
}

bool client_begins(Mechanism mechanism) {
  return mechanism == Mechanism::Plain || mechanism == Mechanism::ScramSha256;
}

bool sends_password(Mechanism mechanism) {
  return mechanism == Mechanism::Plain || mechanism == Mechanism::Login;
}

std::optional<std::string> decode_strictly(std::string_view base64) {
  if (base64.size() % 4 != 0 || base64.size() / 4 * 3 > kTextOctetsMax + 3) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < base64.size() && base64[base64.size() - 1 - padding] == '=')
    ++padding;
  for (const char c : base64.substr(0, base64.size() - padding))
    if (!is_base64(c)) return std::nullopt;
  return mime::base64_decode(base64);
}

}  // namespace mailscope::sasl
