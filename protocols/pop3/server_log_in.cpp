// The server: the AUTHORIZATION state, and CAPA. RFC 1939 §4, §7; RFC 2449 §5, §6; RFC 5034 §4. The
// exchange of AUTH itself is protocols/sasl's; here are its lines.

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/pop3/server.hpp"

namespace mailscope::pop3 {

// ---- USER, PASS, APOP --------------------------------------------------------------------------

void Server::user(std::string_view argument) {
  if (argument.empty()) return err("USER needs a name");
  user_ = argument;
  ok("send the password");  // whoever it is: an unknown user shows only after PASS
}

void Server::pass(std::string_view argument) {
  ask(Question::Login, LoginAsked{user_, std::string(argument), {}, LoginAsked::Proof::Password});
}

//   APOP = "APOP" SP name SP digest                   ; RFC 1939 §7
void Server::apop(std::string_view argument) {
  if (options_.apop_timestamp.empty()) return err("APOP is not offered");
  const std::size_t space = argument.rfind(' ');
  if (space == std::string_view::npos || argument.size() - space - 1 != 32)
    return err("APOP needs a name and a digest of 32 hex digits");
  user_ = argument.substr(0, space);
  ask(Question::Login,
      LoginAsked{user_, {}, std::string(argument.substr(space + 1)), LoginAsked::Proof::Digest});
}

void Server::accept_login(Maildrop maildrop) {
  assert(question_ == Question::Login);
  question_ = Question::None;
  maildrop_ = std::move(maildrop);
  deleted_.assign(maildrop_.size(), false);
  logged_in_ = true;
  ok(user_ + "'s maildrop is locked and ready");
  process();
}

void Server::refuse_login(std::string_view text, ResponseCode code) {
  assert(question_ == Question::Login);
  question_ = Question::None;
  user_.clear();
  log_in_failed(text, code);
  process();
}

// Only what the user got wrong counts.
void Server::log_in_failed(std::string_view text, ResponseCode code) {
  const bool counts = code == ResponseCode::Auth || code == ResponseCode::None;
  if (counts && ++log_in_failures_ >= options_.log_in_failures_max) {
    err(std::string(prefix(code)) + "too many failed log-ins, closing the connection");
    return close();
  }
  err(std::string(prefix(code)).append(text));
}

// ---- AUTH --------------------------------------------------------------------------------------

//   auth-command = "AUTH" SP sasl-mech [SP initial-response] *(CRLF [base64])
//                  [CRLF cancel-response] CRLF
//   initial-response = base64 / "="
void Server::auth(std::string_view argument) {
  const std::string_view word = argument.substr(0, argument.find(' '));
  const std::string_view initial = trim(argument.substr(word.size()));
  const std::optional<sasl::Mechanism> mechanism = sasl::find_mechanism(word);
  const auto& offered = options_.mechanisms;
  if (!mechanism || std::find(offered.begin(), offered.end(), *mechanism) == offered.end())
    return err("AUTH takes a mechanism that CAPA lists");
  std::optional<std::string> response;
  if (initial == "=")
    response.emplace();
  else if (!initial.empty() && !(response = sasl::decode_strictly(initial)))
    return refuse_auth("the initial response is no base64");
  sasl_.emplace(*mechanism, options_.sasl);
  follow(response ? sasl_->start(*response) : sasl_->start(std::nullopt));
}

//   cancel-response = "*"
void Server::take_response(const Line& line) {
  if (line.text == "*") return refuse_auth("the log-in is cancelled");
  const std::optional<std::string> response = sasl::decode_strictly(line.text);
  if (!line.clean() || line.has(Line::kTooLong) || !response)
    return refuse_auth("the response is no base64");
  follow(sasl_->respond(*response));
}

//   continue-req = "+" SP [base64] CRLF
void Server::follow(sasl::Step step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) {
    output_.append("+ ").append(mime::base64_encode(challenge->text)).append("\r\n");
  } else if (auto* asked = std::get_if<sasl::AskPassword>(&step)) {
    ask(Question::Password, PasswordAsked{std::move(asked->user)});
  } else if (auto* granted = std::get_if<sasl::Granted>(&step)) {
    sasl_.reset();
    user_ = std::move(granted->user);
    ask(Question::Login, LoginAsked{user_, {}, {}, LoginAsked::Proof::Sasl});
  } else if (std::get<sasl::Failed>(step).why == sasl::Failed::Why::Malformed) {
    refuse_auth("the response is not as the mechanism demands");
  } else {
    refuse_auth("invalid user or password", ResponseCode::Auth);
  }
}

void Server::give_password(const std::optional<std::string>& password) {
  assert(question_ == Question::Password);
  question_ = Question::None;
  follow(sasl_->give_password(password));
  process();
}

// Cancelled exchanges count as failed ones: each may have cost thousands of hashes.
void Server::refuse_auth(std::string_view text, ResponseCode code) {
  sasl_.reset();
  log_in_failed(text, code);
}

// ---- UTF8, CAPA --------------------------------------------------------------------------------

void Server::utf8(std::string_view argument) {
  if (!options_.utf8) return err("UTF8 is not offered");
  if (!argument.empty()) return err("UTF8 takes no argument");
  utf8_ = true;
  ok("UTF-8 from now on");
}

//   capability = tag *(SP param) CRLF                  ; RFC 2449 §3
void Server::capa() {
  ok("what this server can do:");
  output_ += "USER\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\n";
  if (!options_.mechanisms.empty()) {
    output_ += "SASL";
    for (const sasl::Mechanism mechanism : options_.mechanisms)
      output_.append(" ").append(name(mechanism));
    output_ += "\r\n";
  }
  if (options_.utf8) output_ += "UTF8\r\n";
  output_ +=
      "EXPIRE " + (options_.expire_days ? std::to_string(*options_.expire_days) : "NEVER") + "\r\n";
  if (options_.login_delay_seconds > 0)
    output_ += "LOGIN-DELAY " + std::to_string(options_.login_delay_seconds) + "\r\n";
  if (!options_.implementation.empty())
    output_ += "IMPLEMENTATION " + options_.implementation + "\r\n";
  output_ += ".\r\n";
}

}  // namespace mailscope::pop3
