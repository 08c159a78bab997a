#include "protocols/pop3/server.hpp"

#include <array>
#include <cassert>
#include <utility>

#include "protocols/mime/charset.hpp"
#include "protocols/mime/down_convert.hpp"

namespace mailscope::pop3 {
namespace {

constexpr std::string_view kCrlf = "\r\n";

// Calls `take(line)` for each line of a stored message, its line end (CRLF or a lone LF) taken off,
// until it answers false.
template <typename Take>
void each_line(std::string_view message, Take take) {
  while (!message.empty()) {
    const std::size_t lf = message.find('\n');
    std::string_view line = message.substr(0, lf);
    message.remove_prefix(lf == std::string_view::npos ? message.size() : lf + 1);
    if (lf != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    if (!take(line)) return;
  }
}

void append_stuffed(std::string& out, std::string_view line) {
  if (line.starts_with('.')) out += '.';  // RFC 1939 §3: the termination octet is doubled
  out += line;
  out += kCrlf;
}

// The header section, or all of a message that has nothing else.
std::string_view header_of(std::string_view message) {
  std::size_t octets = 0;
  each_line(message, [&](std::string_view line) {
    octets = static_cast<std::size_t>(line.data() - message.data()) + line.size();
    return !line.empty();
  });
  return message.substr(0, octets);
}

std::string said(ResponseCode code, std::string_view text) {
  return std::string(prefix(code)).append(text);
}

}  // namespace

std::string_view prefix(ResponseCode code) {
  constexpr std::array<std::string_view, 7> kPrefixes = {
      "", "[AUTH] ", "[IN-USE] ", "[LOGIN-DELAY] ", "[SYS/TEMP] ", "[SYS/PERM] ", "[UTF8] "};
  return kPrefixes[static_cast<std::size_t>(code)];
}

std::uint64_t wire_octets(std::string_view content) {
  std::uint64_t octets = 0;
  each_line(content, [&](std::string_view line) {
    octets += line.size() + 2;
    return true;
  });
  return octets;
}

Server::Server(ServerOptions options) : options_(std::move(options)) {
  std::string greeting = options_.domain + " POP3 server ready";
  if (!options_.apop_timestamp.empty()) greeting += ' ' + options_.apop_timestamp;
  output_ = "+OK " + greeting + "\r\n";
}

void Server::receive(std::string_view octets) {
  if (wants_close_) return;
  input_ += octets;
  process();
  if (input_.size() <= kInputOctetsMax || wants_close_) return;
  output_ += "-ERR [SYS/TEMP] too much input while an answer is due\r\n";
  close();
}

void Server::receive_eof() {
  if (eof_) return;
  eof_ = true;
  if (!wants_close_ && question_ != Question::Update) close();
}

std::optional<ServerEvent> Server::next_event() {
  if (events_.empty()) return std::nullopt;
  ServerEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::string Server::take_output() {
  return std::exchange(output_, {});
}

void Server::process() {
  std::string_view rest = input_;
  while (question_ == Question::None && !wants_close_) {
    const std::optional<Line> line = lines_.next(rest);
    if (!line) break;
    take(*line);
  }
  input_.erase(0, input_.size() - rest.size());
}

void Server::take(const Line& line) {
  if (sasl_) return take_response(line);
  const bool fits = line.end - line.begin <= kLineOctetsMax;
  if (line.clean() && fits) return run(line.text);
  session_.command(Verb::Unknown, false);
  misuse(fits ? "bare CR, LF or NUL in a command" : "line too long");
}

void Server::run(std::string_view line) {
  const CommandLine command = parse_command(line);
  const std::string_view argument = command.argument;
  const bool allowed = session_.command(command.verb, !argument.empty());
  if (command.verb == Verb::Unknown) return misuse("unknown command");
  if (!allowed) {
    if (command.verb == Verb::Pass && state() == State::Authorization) return misuse("USER first");
    return misuse("not in the " + std::string(pop3::name(state())) + " state");
  }
  switch (command.verb) {
    case Verb::User:
      return user(argument);
    case Verb::Pass:
      return pass(argument);
    case Verb::Apop:
      return apop(argument);
    case Verb::Auth:
      return auth(argument);
    case Verb::Utf8:
      return utf8(argument);
    case Verb::Capa:
      return capa();
    case Verb::Stat:
      return stat();
    case Verb::List:
      return list(argument, false);
    case Verb::Uidl:
      return list(argument, true);
    case Verb::Retr:
      return retrieve(argument, false);
    case Verb::Top:
      return retrieve(argument, true);
    case Verb::Dele:
      return dele(argument);
    case Verb::Rset:
      return rset();
    case Verb::Noop:
      return ok("nothing done");
    case Verb::Quit:
      return quit();
    default:
      return err("not supported here");  // STLS, LANG
  }
}

// ---- TRANSACTION -------------------------------------------------------------------------------

void Server::stat() {
  std::uint64_t messages = 0, octets = 0;
  for (std::size_t i = 0; i < maildrop_.size(); ++i) {
    if (deleted_[i]) continue;
    ++messages;
    octets += maildrop_[i].octets;
  }
  ok(std::to_string(messages) + ' ' + std::to_string(octets));
}

void Server::list(std::string_view argument, bool uids) {
  const auto row = [&](std::size_t i) {
    return std::to_string(i + 1) + ' ' +
           (uids ? maildrop_[i].uid : std::to_string(maildrop_[i].octets));
  };
  if (!argument.empty()) {
    const std::optional<std::size_t> index = message(argument);
    if (index) ok(row(*index));
    return;
  }
  ok(uids ? "unique ids follow" : "sizes follow");
  for (std::size_t i = 0; i < maildrop_.size(); ++i)
    if (!deleted_[i]) output_ += row(i) + "\r\n";
  output_ += ".\r\n";
}

//   RETR = "RETR" SP msg          TOP = "TOP" SP msg SP n
void Server::retrieve(std::string_view argument, bool top) {
  top_lines_.reset();
  const std::size_t space = argument.find(' ');
  if (top) {
    if (space != std::string_view::npos) top_lines_ = parse_number(argument.substr(space + 1));
    if (!top_lines_) return err("TOP needs a message number and a count of lines");
    argument = argument.substr(0, space);
  }
  const std::optional<std::size_t> index = message(argument);
  if (!index) return;
  ask(Question::Content, RetrieveAsked{*index, top_lines_});
}

void Server::content(std::string_view stored) {
  assert(question_ == Question::Content);
  question_ = Question::None;
  // RFC 6856 §2.1. Octets that are no UTF-8 are an old custom, and go out as they came.
  const std::string_view header = header_of(stored);
  if (options_.utf8 && !utf8_ && mime::has_eight_bit(header) && mime::is_utf8(header)) {
    err(said(ResponseCode::Utf8, "the header of this message needs UTF-8 mode"));
    return process();
  }
  std::string lines;
  std::uint64_t octets = 0;
  bool in_body = false;
  std::uint32_t body_lines = 0;
  each_line(stored, [&](std::string_view line) {
    if (top_lines_ && in_body && body_lines++ == *top_lines_) return false;
    append_stuffed(lines, line);
    octets += line.size() + kCrlf.size();
    if (line.empty()) in_body = true;  // TOP n 0 still includes this line
    return true;
  });
  ok(std::to_string(octets) + (top_lines_ ? " octets follow" : " octets"));
  output_.append(lines).append(".\r\n");
  process();
}

void Server::no_content(std::string_view text, ResponseCode code) {
  assert(question_ == Question::Content);
  question_ = Question::None;
  err(said(code, text));
  process();
}

void Server::dele(std::string_view argument) {
  const std::optional<std::size_t> index = message(argument);
  if (!index) return;
  deleted_[*index] = true;
  ok("message " + std::to_string(*index + 1) + " is marked; it goes at QUIT");
}

void Server::rset() {
  deleted_.assign(maildrop_.size(), false);
  ok("no message is marked any more");
}

std::optional<std::size_t> Server::message(std::string_view number) {
  const std::optional<std::uint32_t> value = parse_number(number);
  if (!value) {
    err("a message number is needed");
  } else if (*value == 0 || *value > maildrop_.size()) {
    err("no such message, the maildrop has " + std::to_string(maildrop_.size()));
  } else if (deleted_[*value - 1]) {
    err("message " + std::to_string(*value) + " is already marked as deleted");
  } else {
    return *value - 1;
  }
  return std::nullopt;
}

// ---- UPDATE ------------------------------------------------------------------------------------

void Server::quit() {
  if (!logged_in_) {
    ok("bye");
    return close();
  }
  UpdateAsked update;
  for (std::size_t i = 0; i < deleted_.size(); ++i)
    if (deleted_[i]) update.deleted.push_back(i);
  ask(Question::Update, std::move(update));
}

void Server::update_done() {
  assert(question_ == Question::Update);
  question_ = Question::None;
  updated_ = true;
  ok("bye");
  close();
}

void Server::update_failed(std::string_view text, ResponseCode code) {
  assert(question_ == Question::Update);
  question_ = Question::None;
  err(said(code, text));
  close();
}

void Server::close_without_update() {
  assert(question_ != Question::Update);
  if (!wants_close_) close();
}

void Server::ask(Question question, ServerEvent event) {
  question_ = question;
  events_.push_back(std::move(event));
}

void Server::ok(std::string_view text) {
  errors_ = 0;
  session_.reply(true);
  output_.append("+OK ").append(text).append(kCrlf);
}

void Server::err(std::string_view text) {
  session_.reply(false);
  output_.append("-ERR ").append(text).append(kCrlf);
}

// A client that does not speak POP3.
void Server::misuse(std::string_view text) {
  if (++errors_ < kErrorsMax) return err(text);
  err("too many errors, closing the connection");
  close();
}

void Server::close() {
  wants_close_ = true;
  question_ = Question::None;
  session_.assume(State::Closed);
  events_.push_back(SessionClosed{logged_in_, updated_});
}

}  // namespace mailscope::pop3
