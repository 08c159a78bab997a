#include "captures/observe/stream/login.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"

namespace mailscope::observe {
namespace {

// Of a line's base64 no more is decoded than a user name and its neighbours could need.
constexpr std::size_t kResponseOctetsMax = 2048;

std::string_view take_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  line = trim(line);
  return word;
}

}  // namespace

void Login::command(std::string_view line) {
  if (const std::string_view user = language_.user_in(line); !user.empty())
    user_ = user.substr(0, kUserOctetsMax);
  line = language_.from_verb(line);
  const std::string_view verb = take_word(line);
  if (!equal_no_case(verb, "AUTH") && !equal_no_case(verb, "AUTHENTICATE")) return;
  const std::string_view mechanism = take_word(line);
  user_.clear();
  mechanism_ = equal_no_case(mechanism, "PLAIN")   ? Mechanism::Plain
               : equal_no_case(mechanism, "LOGIN") ? Mechanism::Login
                                                   : Mechanism::Other;
  if (!line.empty()) response(line);
}

void Login::continuation(std::string_view line) {
  response(line);
}

void Login::response(std::string_view base64) {
  const Mechanism mechanism = mechanism_;
  mechanism_ = Mechanism::None;  // the next response, if any, is a password
  if (mechanism != Mechanism::Plain && mechanism != Mechanism::Login) return;
  const std::string text = mime::base64_decode(base64.substr(0, kResponseOctetsMax));
  if (mechanism == Mechanism::Login) {
    user_ = text.substr(0, kUserOctetsMax);
    return;
  }
  // message = [authzid] NUL authcid NUL passwd
  const std::size_t first = text.find('\0');
  if (first == std::string::npos) return;
  const std::size_t second = text.find('\0', first + 1);
  if (second == std::string::npos) return;
  user_ = text.substr(first + 1, second - first - 1).substr(0, kUserOctetsMax);
}

}  // namespace mailscope::observe
