// The client: the session around the messages.

#include "protocols/smtp/client.hpp"

#include <cassert>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/smtp/limits.hpp"

namespace mailscope::smtp {
namespace {}  // namespace

Client::Client(ClientOptions options) : options_(std::move(options)) {
  assert(options_.chunk_octets_max > 0);
}

// ---- the host's side ----------------------------------------------------------------------------

void Client::deliver(Envelope envelope, std::string content) {
  assert(!envelope.recipients.empty());
  Message message;
  message.envelope = std::move(envelope);
  message.content = std::move(content);
  messages_.push_back(std::move(message));
  if (quit_sent_ || wants_close_ || turned())
    settle(Outcome::NotSent, Verb::Unknown, {});
  else
    go_on();
}

void Client::etrn(std::string node) {
  inquiries_.push_back(plain(Verb::Etrn, std::move(node)));
  go_on();
}

void Client::verify(std::string text, bool expand) {
  inquiries_.push_back(plain(expand ? Verb::Expn : Verb::Vrfy, std::move(text)));
  go_on();
}

void Client::turn() {
  turn_wanted_ = true;
  go_on();
}

void Client::quit() {
  quit_wanted_ = true;
  go_on();
}

void Client::receive(std::string_view octets) {
  while (!wants_close_ && !octets.empty()) {
    // Behind the 220 to STARTTLS nothing in the clear is to be believed (RFC 3207 §4.2).
    if (session_.state() == State::Tls) return;
    if (turned()) {
      unread_ += octets;
      return;
    }
    if (const std::optional<Line> line = lines_.next(octets)) take_line(*line);
  }
}

void Client::receive_eof() {
  if (!wants_close_) end(false);
}

void Client::tls_established() {
  assert(session_.state() == State::Tls);
  session_.happen(Happening::TlsEstablished);
  lines_ = LineSplitter(kReplyLineOctetsMax);
  extensions_.clear();
  in_force_ = {};
  logged_in_ = false;
  tls_ = true;
  send(ehlo(options_.name));
}

std::optional<ClientEvent> Client::next_event() {
  if (events_.empty()) return std::nullopt;
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::string Client::take_output() {
  return std::exchange(output_, {});
}

std::string Client::take_input() {
  return std::exchange(unread_, {});
}

bool Client::turned() const {
  return session_.state() == State::Turned;
}

bool Client::idle() const {
  return messages_.empty() && inquiries_.empty() && !turn_wanted_ && session_.outstanding() == 0;
}

std::optional<std::string_view> Client::announced(std::string_view keyword) const {
  for (const std::string& line : extensions_) {
    const std::string_view text = line;
    const std::string_view word = text.substr(0, text.find(' '));
    if (equal_no_case(word, keyword)) return trim(text.substr(word.size()));
  }
  return std::nullopt;
}

// ---- replies ------------------------------------------------------------------------------------

void Client::take_line(const Line& line) {
  const ReplyReader::Result result =
      line.clean() ? reader_.line(line.text) : ReplyReader::Result::NotAReply;
  switch (result) {
    case ReplyReader::Result::NeedMore:
      return;
    case ReplyReader::Result::Complete:
      return take_reply(reader_.reply());
    case ReplyReader::Result::NotAReply:
    case ReplyReader::Result::CodeChanged:
      return give_up(std::string(line.text));
  }
}

void Client::take_reply(const Reply& reply) {
  const bool asked = session_.outstanding() != 0;
  const Verb verb = session_.reply(reply.code);
  if (reply.code == 421) return refuse_session(verb, reply);
  if (!asked) return give_up(reply.text());
  switch (verb) {
    case Verb::Connect:
      on_greeting(reply);
      break;
    case Verb::Ehlo:
    case Verb::Helo:
      on_helo(verb, reply);
      break;
    case Verb::Starttls:
      on_starttls(reply);
      break;
    case Verb::Auth:
      on_auth(reply);
      break;
    case Verb::Mail:
      on_mail(reply);
      break;
    case Verb::Rcpt:
      on_rcpt(reply);
      break;
    case Verb::Data:
      on_data(reply);
      break;
    case Verb::Bdat:
    case Verb::BdatLast:
      on_chunk(verb, reply);
      break;
    case Verb::EndOfData:
      on_end_of_data(reply);
      break;
    case Verb::Rset:
      settle(Outcome::Refused, current().failed_at, current().failure);
      break;
    case Verb::Etrn:
    case Verb::Vrfy:
    case Verb::Expn:
      on_inquiry(reply);
      break;
    case Verb::Turn:
      on_turn(reply);
      break;
    case Verb::Quit:
      return end(reply.positive());
    default:
      break;
  }
  go_on();
}

void Client::on_greeting(const Reply& reply) {
  if (!reply.positive()) return refuse_session(Verb::Connect, reply);
  send(options_.extended ? ehlo(options_.name) : helo(options_.name));
}

void Client::on_helo(Verb verb, const Reply& reply) {
  if (reply.positive()) {
    if (verb == Verb::Ehlo) extensions_.assign(reply.lines.begin() + 1, reply.lines.end());
    in_force_.size = announced("SIZE").has_value();
    in_force_.eight_bit_mime = announced("8BITMIME").has_value();
    in_force_.binary_mime = announced("BINARYMIME") && announced("CHUNKING");
    in_force_.smtputf8 = announced("SMTPUTF8").has_value();
    in_force_.dsn = announced("DSN").has_value();
    in_force_.auth = announced("AUTH").has_value();
    events_.emplace_back(Greeted{extensions_, verb == Verb::Ehlo});
    set_up();
  } else if (verb == Verb::Ehlo && (reply.code == 500 || reply.code == 502)) {
    send(helo(options_.name));  // RFC 5321 §3.2: a server from before the extensions
  } else {
    refuse_session(verb, reply);
  }
}

// ---- TLS and log-in -----------------------------------------------------------------------------

void Client::set_up() {
  using Tls = ClientOptions::Tls;
  const bool wanted = options_.starttls != Tls::Never && !tls_;
  if (wanted && announced("STARTTLS")) return send(plain(Verb::Starttls));
  if (wanted && options_.starttls == Tls::Required)
    return refuse_session(Verb::Starttls,
                          Reply(554, "5.7.10 The server does not announce STARTTLS"));
  log_in();
}

void Client::on_starttls(const Reply& reply) {
  if (reply.positive()) {
    events_.emplace_back(TlsWanted{});
  } else if (options_.starttls == ClientOptions::Tls::Required) {
    refuse_session(Verb::Starttls, reply);
  } else {
    log_in();
  }
}

bool Client::announces_mechanism(std::string_view mechanism) const {
  std::string_view words = announced("AUTH").value_or("");
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (equal_no_case(word, mechanism)) return true;
    words = trim(words.substr(word.size()));
  }
  return false;
}

// Tries the next mechanism that both sides have.
void Client::log_in() {
  if (!options_.auth || logged_in_) {
    ready_ = true;
    return;
  }
  const std::vector<std::string>& mechanisms = options_.auth->mechanisms;
  while (mechanisms_tried_ < mechanisms.size()) {
    const std::string& word = mechanisms[mechanisms_tried_++];
    const std::optional<sasl::Mechanism> mechanism = sasl::find_mechanism(word);
    if (mechanism && announces_mechanism(word)) return send_auth(*mechanism);
  }
  log_in_refused({}, last_refusal_);
}

void Client::send_auth(sasl::Mechanism mechanism) {
  const auto begin = [&] {
    sasl_.emplace(mechanism, sasl::Credentials{options_.auth->user, options_.auth->password},
                  options_.auth->nonce);
  };
  begin();
  cancelled_ = false;
  const std::string word(name(mechanism));
  Command command = plain(Verb::Auth, word);
  if (const std::optional<std::string> initial = sasl_->initial_response())
    command.argument += initial->empty() ? " =" : " " + mime::base64_encode(*initial);
  // RFC 4954 §4: what does not fit into a command line waits for the server's empty challenge.
  if (format_command(command).size() + 2 > kCommandOctetsMax) {
    begin();
    command.argument = word;
  }
  send(command);
}

void Client::on_auth(const Reply& reply) {
  const std::string mechanism(name(sasl_->mechanism()));
  if (reply.intermediate()) {
    const std::optional<std::string> challenge = sasl::decode_strictly(trim(reply.lines.front()));
    const std::optional<std::string> response =
        challenge && !cancelled_ ? sasl_->respond(*challenge) : std::nullopt;
    cancelled_ = !response.has_value();
    session_.command(Verb::Auth);
    output_ += response ? mime::base64_encode(*response) : "*";
    output_ += "\r\n";
  } else if (reply.positive()) {
    // A server that has not proved itself where it should have is not the one we know.
    if (cancelled_ || !sasl_->complete()) return log_in_refused(mechanism, {});
    logged_in_ = true;
    events_.emplace_back(ClientLoggedIn{mechanism});
    ready_ = true;
  } else if (reply.code == 504 || reply.code == 534 || reply.code == 538) {
    last_refusal_ = reply;
    log_in();
  } else {
    log_in_refused(mechanism, cancelled_ ? Reply() : reply);
  }
}

void Client::log_in_refused(std::string mechanism, const Reply& reply) {
  events_.emplace_back(LoginRefused{std::move(mechanism), reply});
  if (options_.auth->required)
    refuse_session(Verb::Auth, reply);
  else
    ready_ = true;
}

// ---- between messages ---------------------------------------------------------------------------

void Client::go_on() {
  while (ready_ && !wants_close_ && !in_transaction_ && !waiting_ && !quit_sent_ && !turned()) {
    if (!inquiries_.empty()) {
      begin_inquiry();
    } else if (!messages_.empty()) {
      begin_message();
    } else if (turn_wanted_) {
      waiting_ = true;
      send(plain(Verb::Turn));
    } else if (quit_wanted_) {
      quit_sent_ = true;
      send(plain(Verb::Quit));
    } else {
      return;
    }
  }
}

void Client::begin_inquiry() {
  waiting_ = true;
  if (inquiries_.front().verb != Verb::Etrn || announced("ETRN")) return send(inquiries_.front());
  on_inquiry(Reply(502, "The server does not announce ETRN"));
}

void Client::on_inquiry(const Reply& reply) {
  waiting_ = false;
  Command asked = std::move(inquiries_.front());
  inquiries_.pop_front();
  if (asked.verb == Verb::Etrn)
    events_.emplace_back(EtrnAnswered{std::move(asked.argument), reply});
  else
    events_.emplace_back(
        VerifyAnswered{std::move(asked.argument), asked.verb == Verb::Expn, reply});
}

void Client::on_turn(const Reply& reply) {
  waiting_ = false;
  turn_wanted_ = false;
  if (reply.positive())
    events_.emplace_back(Turned{});
  else
    events_.emplace_back(TurnRefused{reply});
}

void Client::send(const Command& command) {
  session_.command(command.verb);
  output_ += format_command(command);
  output_ += "\r\n";
}

// ---- endings ------------------------------------------------------------------------------------

// The server will not talk to us. After 421 it closes; else QUIT is the polite way out (RFC 5321
// §3.1).
void Client::refuse_session(Verb at, const Reply& reply) {
  events_.emplace_back(SessionRefused{at, reply});
  if (in_transaction_) {
    const bool earlier = current().failed;
    settle(Outcome::Refused, earlier ? current().failed_at : at,
           earlier ? current().failure : reply);
  }
  while (!messages_.empty()) settle(Outcome::NotSent, at, reply);
  if (reply.code == 421) return end(quit_sent_);
  ready_ = false;
  quit_sent_ = true;
  send(plain(Verb::Quit));
}

void Client::give_up(std::string line) {
  events_.emplace_back(ReplyUnreadable{std::move(line)});
  end(false);
}

void Client::end(bool orderly) {
  wants_close_ = true;
  if (in_transaction_) {
    const Message& message = current();
    if (message.failed)
      settle(Outcome::Refused, message.failed_at, message.failure);
    else
      settle(message.dot_sent ? Outcome::InDoubt : Outcome::NotSent, session_.next_answered(), {});
  }
  while (!messages_.empty()) settle(Outcome::NotSent, Verb::Unknown, {});
  session_.happen(Happening::ConnectionEnded);
  events_.emplace_back(ConnectionEnded{orderly});
}

}  // namespace mailscope::smtp
