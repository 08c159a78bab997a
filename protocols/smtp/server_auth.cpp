// The server: AUTH. RFC 4954 §4. The exchange itself is protocols/sasl's; here are its lines.

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/smtp/limits.hpp"
#include "protocols/smtp/server.hpp"

namespace mailscope::smtp {
namespace {

Reply not_base64() {
  return Reply(501, "5.5.2 Cannot decode the response: that is no base64");
}

}  // namespace

//   auth-command = "AUTH" SP sasl-mech [SP initial-response] *(CRLF [base64]) [CRLF
//   cancel-response] initial-response = base64 / "="
void Server::obey_auth(const Command& command) {
  const std::string_view argument = command.argument;
  const std::string_view word = argument.substr(0, argument.find(' '));
  const std::string_view initial = trim(argument.substr(word.size()));
  const bool offered =
      std::any_of(options_.auth_mechanisms.begin(), options_.auth_mechanisms.end(),
                  [&](const std::string& mechanism) { return equal_no_case(mechanism, word); });
  const std::optional<sasl::Mechanism> mechanism = sasl::find_mechanism(word);
  if (!user_.empty()) return say(Verb::Auth, Reply(503, "Bad sequence: you are logged in"));
  if (!client_extended_) return say(Verb::Auth, Reply(503, "Bad sequence: EHLO comes first"));
  if (!offered || !mechanism)
    return conclude(Verb::Auth, Reply(504, "Unrecognized authentication type"));
  if (!auth_announced())
    return conclude(Verb::Auth,
                    Reply(538, "Encryption required for requested authentication mechanism"));
  if (!initial.empty() && *mechanism == sasl::Mechanism::CramMd5)
    return conclude(Verb::Auth, Reply(501, "5.7.0 The server begins in this mechanism"));
  std::optional<std::string> response;
  if (initial == "=")
    response.emplace();
  else if (!initial.empty() && !(response = sasl::decode_strictly(initial)))
    return conclude(Verb::Auth, not_base64());

  session_.command(Verb::Auth);
  sasl_.emplace(*mechanism, sasl::ServerSecrets{options_.sasl_challenge,
                                                options_.sasl_nonce,
                                                options_.sasl_salt_key,
                                                {},
                                                options_.sasl_iterations});
  follow(response ? sasl_->start(*response) : sasl_->start(std::nullopt));
}

// A line of the exchange.
void Server::take_response(const Line& line) {
  session_.command(Verb::Auth);
  if (line.end - line.begin > kLogInOctetsMax)
    return end_log_in(Reply(500, "5.5.6 Authentication exchange line is too long"));
  if (line.text == "*") return end_log_in(Reply(501, "5.7.0 Authentication cancelled"));
  const std::optional<std::string> response = sasl::decode_strictly(line.text);
  if (!line.clean() || !response) return end_log_in(not_base64());
  follow(sasl_->respond(*response));
}

// The AUTH that is being answered is known to the session.
void Server::follow(sasl::Step step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) {
    say(Verb::Auth, Reply(334, mime::base64_encode(challenge->text)));
    session_.reply(334);
  } else if (auto* asked = std::get_if<sasl::AskPassword>(&step)) {
    tell(PasswordAsked{std::move(asked->user), std::string(name(sasl_->mechanism()))});
    asked_ = Verb::Auth;
  } else if (auto* granted = std::get_if<sasl::Granted>(&step)) {
    user_ = std::move(granted->user);
    tell(LoggedIn{user_, std::string(name(sasl_->mechanism()))});
    end_log_in(Reply(235, "Authentication successful"));
  } else if (std::get<sasl::Failed>(step).why == sasl::Failed::Why::Malformed) {
    end_log_in(Reply(501, "5.5.2 The response is not as the mechanism demands"));
  } else {
    tell(LogInFailed{sasl_->user(), std::string(name(sasl_->mechanism()))});
    end_log_in(Reply(535, "Authentication credentials invalid"));
  }
}

// Cancelled exchanges count as failed ones: each may have cost thousands of hashes.
void Server::end_log_in(Reply reply) {
  sasl_.reset();
  if (!reply.positive() && ++log_in_failures_ >= options_.log_in_failures_max)
    return shut_down("Too many failed log-ins", {4, 7, 0});
  say(Verb::Auth, reply);
  session_.reply(reply.code);
}

}  // namespace mailscope::smtp
