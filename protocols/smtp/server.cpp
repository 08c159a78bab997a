// The server: octets in and replies out, and what the host's answers do.

#include "protocols/smtp/server.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/mime/charset.hpp"
#include "protocols/smtp/limits.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::size_t kCompactAbove = 4096;

LineSplitter splitter(const ServerOptions& options) {
  Extensions all;
  all.size = all.eight_bit_mime = all.binary_mime = all.smtputf8 = all.dsn = all.auth = true;
  const std::size_t added = std::max(mail_octets_added(all), rcpt_octets_added(all));
  const std::size_t octets_max = options.command_line_octets_max + added;
  return LineSplitter(options.auth_mechanisms.empty() ? octets_max
                                                      : std::max(octets_max, kLogInOctetsMax));
}

Reply reply_to(const SyntaxError& error) {
  std::string text(error.status);
  if (!text.empty()) text += ' ';
  return Reply(error.code, text.append(error.text));
}

// A reply's text as one line of it: no control character gets out, and no line is too long.
void append_text(std::string_view text, std::size_t octets_max, std::string& out) {
  for (const char c : text.substr(0, octets_max))
    out += static_cast<unsigned char>(c) < 32 && c != '\t' ? ' ' : c;
}

}  // namespace

bool is_question(const ServerEvent& event) {
  return !std::holds_alternative<LoggedIn>(event) && !std::holds_alternative<LogInFailed>(event) &&
         !std::holds_alternative<TransactionAborted>(event) &&
         !std::holds_alternative<QuitSeen>(event) && !std::holds_alternative<InputEnded>(event);
}

// "ESMTP" alone takes the letters: a client that said HELO has neither logged in nor gone under
// TLS.
std::string_view Transport::with() const {
  if (!esmtp && !utf8) return "SMTP";
  constexpr std::string_view kPlain[] = {"ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA"};
  constexpr std::string_view kUtf8[] = {"UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA"};
  const std::size_t index = (tls ? 2u : 0u) + (auth ? 1u : 0u);
  return utf8 ? kUtf8[index] : kPlain[index];
}

Server::Server(ServerOptions options)
    : options_(std::move(options)),
      lines_(splitter(options_)),
      decoder_(options_.text_line_octets_max),
      tls_(options_.tls) {}

// ---- the host's side ----------------------------------------------------------------------------

void Server::greet() {
  greet(Reply(220, options_.domain + " " + options_.greeting));
}

void Server::greet(Reply reply) {
  assert(!greeted_);
  greeted_ = true;
  say(Verb::Connect, reply);
  session_.reply(reply.code);
  if (session_.state() == State::Quit) wants_close_ = true;
  run();
}

void Server::receive(std::string_view octets) {
  if (ended_ || wants_close_ || wants_tls()) return;
  if (held_at_ == held_.size()) {
    held_.clear();
    held_at_ = 0;
    read(octets);  // straight from the caller's octets where nothing waits in front of them
  }
  held_ += octets;
  run();
  if (held_.size() - held_at_ > options_.held_octets_max) shut_down("Too much input at once");
}

void Server::receive_eof() {
  ended_ = true;
  run();
}

std::optional<ServerEvent> Server::next_event() {
  if (next_event_ == events_.size()) return std::nullopt;
  return std::move(events_[next_event_++]);
}

void Server::accept(std::string text) {
  assert(asked_);
  answer(usual_reply(*asked_, std::move(text)));
}

void Server::refuse(std::uint16_t code, std::string text) {
  assert(code >= 400 && code < 600);
  answer(Reply(code, std::move(text)));
}

void Server::answer(Reply reply) {
  assert(asked_);
  const Verb verb = *asked_;
  asked_.reset();
  reply = without_utf8(verb, std::move(reply));
  apply(verb, reply);
  say(verb, reply);
  session_.reply(reply.code);
  if (session_.state() == State::Quit) {
    abort_transaction(Verb::Unknown);
    wants_close_ = true;
  }
  run();
}

void Server::give_password(std::optional<std::string> password) {
  assert(asked_ == Verb::Auth && sasl_);
  asked_.reset();
  follow(sasl_->give_password(password));
  run();
}

bool Server::wants_tls() const {
  return session_.state() == State::Tls;
}
bool Server::wants_turn() const {
  return session_.state() == State::Turned;
}

// RFC 3207 §4.2: all that was learnt in the clear is forgotten, and octets that were sent there are
// not taken for octets from within TLS.
void Server::tls_established() {
  assert(wants_tls());
  session_.happen(Happening::TlsEstablished);
  held_.clear();
  held_at_ = 0;
  lines_ = splitter(options_);
  client_name_.clear();
  client_extended_ = false;
  user_.clear();
  tls_ = true;
}

std::string Server::take_input() {
  std::string input = held_.substr(held_at_);
  held_.clear();
  held_at_ = 0;
  return input;
}

void Server::shut_down(std::string reason, EnhancedCode code) {
  if (wants_close_) return;
  asked_.reset();
  abort_transaction(Verb::Unknown);
  say(greeted_ ? Verb::Unknown : Verb::Connect,
      Reply(421, code.text() + ' ' + options_.domain + ' ' + reason));
  session_.reply(421);
  greeted_ = true;
  wants_close_ = true;
}

std::string Server::take_output() {
  return std::exchange(output_, {});
}

// ---- reading ------------------------------------------------------------------------------------

bool Server::reading() const {
  return greeted_ && !asked_ && !wants_close_ && !wants_tls() && !wants_turn();
}

// Reads on in what is held, as far as the open questions allow.
void Server::run() {
  if (reading() && held_at_ < held_.size()) {
    std::string_view input = std::string_view(held_).substr(held_at_);
    read(input);
    held_at_ = held_.size() - input.size();
  }
  if (held_at_ == held_.size() || (held_at_ > kCompactAbove && held_at_ > held_.size() / 2)) {
    held_.erase(0, held_at_);
    held_at_ = 0;
  }
  if (ended_ && !asked_ && !wants_close_) end();
}

void Server::read(std::string_view& input) {
  while (reading() && !input.empty()) {
    if (chunk_) {
      take_chunk(input);
    } else if (session_.state() == State::Data) {
      take_content(input);
    } else if (const std::optional<Line> line = lines_.next(input)) {
      take_line(*line);
    }
  }
}

void Server::take_line(const Line& line) {
  if (session_.state() == State::Auth) return take_response(line);
  const Verb verb = verb_of(line.text);
  if (refuse_line(line, verb) || refuse_verb(verb)) return;
  const Charset charset = in_force().smtputf8 ? Charset::Utf8 : Charset::Ascii;
  tl::expected<Command, CommandError> command = parse_command(line.text, options_.quirks, charset);
  if (command)
    obey(std::move(*command));
  else
    say(verb, reply_to(command.error().error));
}

std::size_t Server::octets_max(Verb verb) const {
  const std::size_t octets = options_.command_line_octets_max;
  if (verb == Verb::Rcpt) return octets + rcpt_octets_added(in_force());
  if (verb == Verb::Mail || verb == Verb::Send || verb == Verb::Soml || verb == Verb::Saml)
    return octets + mail_octets_added(in_force());
  return octets;
}

bool Server::refuse_line(const Line& line, Verb verb) {
  if (!line.clean()) {
    say(verb, Reply(500, "5.5.2 Syntax error: a CR, LF or NUL by itself in a command"));
  } else if (line.end - line.begin > options_.command_line_octets_max &&
             line.end - line.begin > octets_max(verb)) {
    say(verb, Reply(500, "5.5.2 Line too long"));
  } else {
    return false;
  }
  return true;
}

bool Server::refuse_verb(Verb verb) {
  const auto out_of_order = [&] {
    if (verb == Verb::Bdat) return false;  // its octets have to be eaten first
    if (chunk_failed_ && (verb == Verb::Rcpt || verb == Verb::Data)) return true;
    if (verb == Verb::Data && envelope_.options.body == MailOptions::Body::BinaryMime)
      return true;  // RFC 3030 §3
    return !session_.allowed(verb);
  };
  // RFC 5321 §3.1: a server that greeted with 554 answers everything but QUIT with 503.
  if (session_.state() == State::Refused && verb != Verb::Quit) {
    say(verb, Reply(503, "Bad sequence of commands: no mail is taken here"));
  } else if (verb == Verb::Unknown) {
    say(verb, Reply(500, "5.5.2 Syntax error, command unrecognized"));
  } else if (!is_built(verb)) {
    say(verb, Reply(502, "Command not implemented"));
  } else if (verb == Verb::Data && session_.state() == State::Mail) {
    say(verb, Reply(554, "No valid recipients"));  // RFC 5321 §3.3 allows 503 or 554
  } else if (out_of_order()) {
    say(verb, Reply(503, "Bad sequence of commands"));
  } else {
    return false;
  }
  return true;
}

// ---- answering ----------------------------------------------------------------------------------

void Server::tell(ServerEvent event) {
  if (next_event_ == events_.size()) {
    events_.clear();
    next_event_ = 0;
  }
  events_.push_back(std::move(event));
}

void Server::ask(Verb verb, ServerEvent event) {
  session_.command(verb);
  tell(std::move(event));
  asked_ = verb;
}

// What a client draws that does not speak SMTP. 503 is not among them: a client that pipelines may
// draw one for each recipient of a transaction that was refused (RFC 2920 §3.1).
bool Server::is_one_error_more(const Reply& reply) {
  if (reply.severity() == 2 || reply.severity() == 3) errors_ = 0;
  const bool error = reply.code == 500 || reply.code == 501 || reply.code == 502 ||
                     reply.code == 504 || reply.code == 555;
  return error && options_.errors_max > 0 && ++errors_ >= options_.errors_max;
}

// RFC 6531 §3.7.4.1, §3.7.4.2.
Reply Server::without_utf8(Verb answers, Reply reply) const {
  if (std::ranges::all_of(reply.lines, mime::is_ascii)) return reply;
  const bool verify = answers == Verb::Vrfy || answers == Verb::Expn;
  if (verify ? verify_utf8_ : envelope_.options.smtputf8) return reply;
  if (verify && reply.positive())
    return Reply(252, "2.6.8 The answer would need UTF-8: send SMTPUTF8 with the command");
  if (reply.positive()) return Reply(250, "OK");
  const std::uint16_t code = verify || reply.code == 551 ? 550 : reply.code;
  const auto given = enhanced_code(reply);
  const EnhancedCode status = given.value_or(EnhancedCode{code / 100, 6, 8});
  return Reply(code, status.text() + " No: the reason would need UTF-8");
}

// Codes of RFC 2034 are put in, or taken out of the host's text, as EHLO announces.
void Server::say(Verb answers, const Reply& reply) {
  if (is_one_error_more(reply))
    return shut_down("Too many errors, closing transmission channel", {4, 7, 0});
  std::string front;
  if (options_.enhanced_status_codes && options_.extended)
    if (const std::optional<EnhancedCode> usual = usual_code(reply.code, answers))
      front = enhanced_code(reply).value_or(*usual).text() + ' ';
  const std::string digits = std::to_string(reply.code);
  const std::size_t text_octets_max = kReplyLineOctetsMax - 6 - front.size();
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    output_ += digits;
    output_ += i + 1 < reply.lines.size() ? '-' : ' ';
    output_ += front;
    append_text(text_behind_code(reply.lines[i]), text_octets_max, output_);
    output_ += "\r\n";
  }
}

void Server::conclude(Verb verb, const Reply& reply) {
  session_.command(verb);
  session_.reply(reply.code);
  say(verb, reply);
  if (verb == Verb::EndOfData) clear_transaction();
}

// What the host's answer does to the transaction.
void Server::apply(Verb verb, const Reply& reply) {
  const bool yes = reply.positive();
  switch (verb) {
    case Verb::Helo:
    case Verb::Ehlo:
      if (!yes) break;  // RFC 5321 §4.1.4: stays as it was
      abort_transaction(verb);
      client_name_ = name_asked_;
      client_extended_ = verb == Verb::Ehlo;
      break;
    case Verb::Mail:
    case Verb::Send:
    case Verb::Soml:
    case Verb::Saml:
      if (!yes) clear_transaction();
      break;
    case Verb::Rcpt:
      if (!yes) envelope_.recipients.pop_back();
      break;
    case Verb::Data:
      assert(!yes);
      decoder_.reset();
      break;
    case Verb::EndOfData:
      clear_transaction();
      break;
    case Verb::Bdat:
    case Verb::BdatLast:
      if (yes && verb == Verb::BdatLast) clear_transaction();
      chunk_failed_ = !yes;
      break;
    case Verb::Auth:
      sasl_.reset();
      break;
    default:
      break;
  }
}

// ---- the transaction ----------------------------------------------------------------------------

bool Server::in_transaction() const {
  const State state = session_.state();
  return state == State::Mail || state == State::Rcpt || state == State::Data ||
         state == State::Bdat;
}

void Server::clear_transaction() {
  envelope_ = {};
  content_ = std::string();
  content_too_long_ = false;
  offered_ = 0;
  chunk_.reset();
  chunk_failed_ = false;
}

void Server::abort_transaction(Verb by) {
  if (in_transaction()) tell(TransactionAborted{by});
  clear_transaction();
}

void Server::end() {
  abort_transaction(Verb::Unknown);
  session_.happen(Happening::ConnectionEnded);
  tell(InputEnded{});
  wants_close_ = true;
}

}  // namespace mailscope::smtp
