// The server: who it is, who comes in, and what is switched on. RFC 9051 §6.1, §6.2, §6.3.1; RFC
// 2971 (ID); RFC 4959 (SASL-IR); RFC 5161 (ENABLE); RFC 7162 §3.1.

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/server.hpp"
#include "protocols/mime/base64.hpp"

namespace mailscope::imap {

std::string Server::announcement() const {
  return capability_words({options_.without, account_ != nullptr, options_.login_disabled,
                           options_.auth_mechanisms, append_octets_max()});
}

void Server::capability() {
  const std::string words = announcement();
  const std::string_view all[] = {words};
  writer_.capability(all);
  ok("That is all");
}

// ---- LOGIN --------------------------------------------------------------------------------------

void Server::log_in(LoginCommand command) {
  if (options_.login_disabled) return no("LOGIN is not offered here", "PRIVACYREQUIRED");
  user_ = command.user;
  question_ = Question::Login;
  events_.emplace_back(LoginAsked{std::move(command.user), std::move(command.password), false, {}});
}

void Server::accept_login(mailbox::Account& account) {
  assert(question_ == Question::Login);
  question_ = Question::None;
  account_ = &account;
  ok(user_ + " is logged in", "CAPABILITY " + announcement());
  run();
}

void Server::refuse_login(std::string_view text, std::string_view code) {
  assert(question_ == Question::Login);
  question_ = Question::None;
  end_authentication(Status::No, code, text);
  run();
}

// ---- AUTHENTICATE -------------------------------------------------------------------------------

void Server::authenticate(const AuthenticateCommand& command) {
  const bool offered =
      std::any_of(options_.auth_mechanisms.begin(), options_.auth_mechanisms.end(),
                  [&](const auto& name) { return equal_no_case(name, command.mechanism); });
  const auto mechanism = sasl::find_mechanism(command.mechanism);
  if (!offered || !mechanism) return no("This mechanism is not offered", "CANNOT");
  if (command.initial_response && !has(Extension::SaslIr))
    return bad("The response comes in a line of its own");
  std::optional<std::string> response;
  if (command.initial_response == "=")
    response.emplace();
  else if (command.initial_response) {
    response = sasl::decode_strictly(*command.initial_response);
    if (!response) return bad("The initial response is no base64");
  }
  sasl_.emplace(*mechanism, sasl::ServerSecrets{options_.sasl_challenge,
                                                options_.sasl_nonce,
                                                options_.sasl_salt_key,
                                                {},
                                                options_.sasl_iterations});
  follow(response ? sasl_->start(*response) : sasl_->start(std::nullopt));
}

void Server::take_response(std::string_view line) {
  if (line == "*") return end_authentication(Status::Bad, {}, "AUTHENTICATE was given up");
  const std::optional<std::string> response = sasl::decode_strictly(line);
  if (!response) return end_authentication(Status::Bad, {}, "The response is no base64");
  follow(sasl_->respond(*response));
}

void Server::follow(sasl::Step step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) {
    writer_.continuation(mime::base64_encode(challenge->text));
    session_.continuation();
    mode_ = Mode::Sasl;
  } else if (auto* asked = std::get_if<sasl::AskPassword>(&step)) {
    question_ = Question::Password;
    events_.emplace_back(
        PasswordAsked{std::move(asked->user), std::string(sasl::name(sasl_->mechanism()))});
  } else if (auto* granted = std::get_if<sasl::Granted>(&step)) {
    user_ = granted->user;
    question_ = Question::Login;
    events_.emplace_back(LoginAsked{
        std::move(granted->user), {}, true, std::string(sasl::name(sasl_->mechanism()))});
    sasl_.reset();
  } else if (std::get<sasl::Failed>(step).why == sasl::Failed::Why::Malformed) {
    end_authentication(Status::Bad, {}, "The response is not as the mechanism demands");
  } else {
    end_authentication(Status::No, "AUTHENTICATIONFAILED", "User or password is wrong");
  }
}

void Server::give_password(const std::optional<std::string>& password) {
  assert(question_ == Question::Password && sasl_);
  question_ = Question::None;
  follow(sasl_->give_password(password));
  run();
}

// Without success. Exchanges that were given up count too: each may have cost thousands of hashes.
void Server::end_authentication(Status status, std::string_view code, std::string_view text) {
  sasl_.reset();
  user_.clear();
  finish(status, code, text);
  if (++log_in_failures_ >= options_.log_in_failures_max) end("Too many failed log-ins");
}

// ---- the rest -----------------------------------------------------------------------------------

void Server::identify() {
  writer_.id(options_.id.empty() ? std::nullopt : std::optional(options_.id));
  ok("Pleased to meet you");
}

// RFC 5161 §3.1: what is not known, or not there to be switched on, is passed over.
void Server::enable(const WordsCommand& command) {
  constexpr std::pair<std::string_view, Extension> kOnes[] = {
      {"CONDSTORE", Extension::CondStore},
      {"QRESYNC", Extension::QResync},
      {"UTF8=ACCEPT", Extension::Utf8Accept},
      {"IMAP4REV2", Extension::Imap4Rev2},
  };
  std::vector<std::string_view> on;
  for (const std::string& word : command.words)
    for (const auto& [name, extension] : kOnes)
      if (word == name && has(extension) && enabled_.enable(word)) on.push_back(name);
  writer_.set_utf8(enabled_.utf8());
  writer_.enabled(on);
  ok("Done");
}

// A command that says that the client knows of modification sequences (RFC 7162 §3.1): from now on
// they are told of, and here is where they stand.
void Server::enable_condstore() {
  if (std::exchange(enabled_.condstore, true) || !selected_) return;
  untagged_ok("HIGHESTMODSEQ " + std::to_string(selected_->mailbox()->highest_modseq()),
              "CONDSTORE is on");
}

void Server::log_out() {
  writer_.status({}, Status::Bye, {}, options_.domain + " closes the connection");
  finish(Status::Ok, {}, "Good bye");
  close();
}

}  // namespace mailscope::imap
