// The client: from the greeting to the log-in's answer. RFC 1939 §4, §7; RFC 5034 §4.

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/pop3/apop.hpp"
#include "protocols/pop3/client.hpp"

namespace mailscope::pop3 {
namespace {

// The safest mechanism that a SASL line of CAPA's answer names.
std::optional<sasl::Mechanism> safest_of(const std::vector<std::string>& capabilities) {
  for (const sasl::Mechanism mechanism : sasl::mechanisms())
    for (std::string_view line : capabilities) {
      if (!starts_with_no_case(line, "SASL ")) continue;
      for (line.remove_prefix(5); !line.empty();) {
        const std::size_t end = std::min(line.find(' '), line.size());
        if (equal_no_case(line.substr(0, end), sasl::name(mechanism))) return mechanism;
        line.remove_prefix(std::min(end + 1, line.size()));
      }
    }
  return std::nullopt;
}

}  // namespace

void Client::greeted() {
  if (options_.utf8 || options_.log_in == LogIn::Sasl) return send(Verb::Capa);
  log_in();
}

void Client::log_in() {
  switch (options_.log_in) {
    case LogIn::Password:
      return send(Verb::User, options_.user);
    case LogIn::Apop:
      return apop();
    case LogIn::Sasl:
      return auth();
  }
}

void Client::apop() {
  const std::string_view timestamp = find_timestamp(greeting_);
  if (timestamp.empty()) {
    events_.push_back(Refused{Verb::Apop, "the server offers no APOP"});
    return send(Verb::Quit);
  }
  send(Verb::Apop, options_.user + ' ' + apop_digest(timestamp, options_.password));
}

// RFC 5034 §4: an initial response that the line has no room for waits for an empty challenge.
void Client::auth() {
  const std::optional<sasl::Mechanism> mechanism = safest_of(capabilities_);
  if (!mechanism) {
    events_.push_back(Refused{Verb::Auth, "the server offers no mechanism that is known here"});
    return send(Verb::Quit);
  }
  sasl_.emplace(*mechanism, sasl::Credentials{options_.user, options_.password},
                options_.sasl_nonce);
  std::string argument(sasl::name(*mechanism));
  first_response_ = sasl_->initial_response();
  if (first_response_) {
    const std::string base64 = mime::base64_encode(*first_response_);
    if (argument.size() + base64.size() + std::string_view("AUTH  \r\n").size() <=
        kCommandOctetsMax) {
      argument += ' ' + (base64.empty() ? "=" : base64);
      first_response_.reset();
    }
  }
  send(Verb::Auth, argument);
}

void Client::challenged(std::string_view base64) {
  std::optional<std::string> response = std::exchange(first_response_, std::nullopt);
  if (!response) {
    const std::optional<std::string> challenge = sasl::decode_strictly(base64);
    if (challenge) response = sasl_->respond(*challenge);
  }
  output_ += response ? mime::base64_encode(*response) : "*";
  output_ += "\r\n";
}

// RFC 5802 §3: a server that has not proved to know the password is not to be believed.
void Client::logged_in() {
  if (outstanding_ == Verb::Auth && !sasl_->complete())
    return give_up("the server grants the log-in without its own proof");
  sasl_.reset();
  send(Verb::Stat);
}

}  // namespace mailscope::pop3
