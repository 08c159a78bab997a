// The observer's reading of the client: commands, and its part of a log-in.

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/pop3/observer.hpp"
#include "protocols/pop3/observer_looks.hpp"

namespace mailscope::pop3 {
namespace {

// message = [authzid] NUL authcid NUL passwd           ; RFC 4616 §2
std::string plain_user(std::string_view response) {
  const std::string octets = mime::base64_decode(response);
  const std::size_t first = octets.find('\0');
  if (first == std::string::npos) return {};
  const std::size_t second = octets.find('\0', first + 1);
  if (second == std::string::npos) return {};
  return octets.substr(first + 1, second - first - 1);
}

}  // namespace

void Observer::take_client_line(const Line& line) {
  if (std::holds_alternative<HeldBack>(server_)) report_held_back();
  if (is_continuation(line))
    take_continuation(line);
  else
    take_command(line);
}

bool Observer::is_continuation(const Line& line) const {
  const auto* log_in = std::get_if<LogIn>(&client_);
  if (log_in && log_in->challenged) return true;
  const Session::Unanswered* newest = session_.newest();
  const bool in_auth = newest && newest->verb == Verb::Auth && newest->has_argument;
  return in_auth && parse_command(line.text).verb == Verb::Unknown;
}

void Observer::take_continuation(const Line& line) {
  if (auto* log_in = std::get_if<LogIn>(&client_)) {
    if (log_in->plain) user_ = plain_user(line.text);
    *log_in = {};
  }
  ObservedHead& event =
      add(Observed::Kind::Continuation, Direction::ToServer, line.begin, line.end);
  events_.set_text(line.text);
  event.word = static_cast<std::uint16_t>(Verb::Auth);
  event.flags = static_cast<std::uint8_t>(flags_of(line) | Observed::kSecret);
}

void Observer::take_command(const Line& line) {
  const CommandLine command = parse_command(line.text);
  const bool has_argument = !trim(command.argument).empty();
  // Joined late: what belongs after the log-in shows that there was one.
  if (state_unsure_ && session_.state() == State::Authorization && session_.waiting() == 0 &&
      !find_rule(command.verb, has_argument, State::Authorization) &&
      find_rule(command.verb, has_argument, State::Transaction))
    session_.assume(State::Transaction);
  const bool allowed = session_.command(command.verb, has_argument);

  ObservedHead& event = add(Observed::Kind::Command, Direction::ToServer, line.begin, line.end);
  events_.set_text(line.text);
  event.word = static_cast<std::uint16_t>(command.verb);
  event.phase = session_.newest()->phase;
  event.flags = flags_of(line);
  if (command.verb == Verb::Unknown) event.flags |= Observed::kUnknown;
  if (!allowed && command.verb != Verb::Unknown) event.flags |= Observed::kOutOfPlace;
  const bool auth_response =
      command.verb == Verb::Auth && command.argument.find(' ') != std::string_view::npos;
  if (command.verb == Verb::Pass || command.verb == Verb::Apop || auth_response)
    event.flags |= Observed::kSecret;
  note_user(command, auth_response);
}

void Observer::note_user(const CommandLine& command, bool auth_response) {
  const std::size_t space = command.argument.find(' ');
  if (command.verb == Verb::User) user_ = command.argument;
  if (command.verb == Verb::Apop) user_ = command.argument.substr(0, space);
  if (command.verb != Verb::Auth) return;
  const bool plain = equal_no_case(command.argument.substr(0, space), "PLAIN");
  user_ = plain && auth_response ? plain_user(command.argument.substr(space + 1)) : std::string();
  client_ = LogIn{.plain = plain && !auth_response};
}

}  // namespace mailscope::pop3
