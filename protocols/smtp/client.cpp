#include "protocols/smtp/client.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/base/dot_stuffing.hpp"

namespace mailscope::smtp {
namespace {

bool has_eight_bit(std::string_view content) {
  return std::any_of(content.begin(), content.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 128; });
}

// As SIZE counts it: with the CRLF that the last line is given, without stuffing (RFC 1870 §5).
std::uint64_t size_of(std::string_view content) {
  const bool complete = content.empty() || content.ends_with("\r\n");
  return content.size() + (complete ? 0 : 2);
}

}  // namespace

Client::Client(ClientOptions options) : options_(std::move(options)) {}

// ---- the host's side ----------------------------------------------------------------------------

void Client::deliver(Envelope envelope, std::string content) {
  assert(!envelope.recipients.empty());
  Message message;
  message.envelope = std::move(envelope);
  message.content = std::move(content);
  messages_.push_back(std::move(message));
  if (quit_sent_ || wants_close_)
    settle(Outcome::NotSent, Verb::Unknown, {});
  else
    go_on();
}

void Client::quit() {
  quit_wanted_ = true;
  go_on();
}

void Client::receive(std::string_view octets) {
  while (!wants_close_ && !octets.empty())
    if (const std::optional<Line> line = lines_.next(octets)) take_line(*line);
}

void Client::receive_eof() {
  if (!wants_close_) end(false);
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

bool Client::idle() const {
  return messages_.empty() && session_.outstanding() == 0;
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
    case Verb::Mail:
      on_mail(reply);
      break;
    case Verb::Rcpt:
      on_rcpt(reply);
      break;
    case Verb::Data:
      on_data(reply);
      break;
    case Verb::EndOfData:
      on_end_of_data(reply);
      break;
    case Verb::Rset:
      settle(Outcome::Refused, current().failed_at, current().failure);
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
    ready_ = true;
    if (verb == Verb::Ehlo) extensions_.assign(reply.lines.begin() + 1, reply.lines.end());
    events_.emplace_back(Greeted{extensions_, verb == Verb::Ehlo});
  } else if (verb == Verb::Ehlo && (reply.code == 500 || reply.code == 502)) {
    send(helo(options_.name));  // §3.2: a server from before the extensions
  } else {
    refuse_session(verb, reply);
  }
}

void Client::on_mail(const Reply& reply) {
  if (!reply.positive())
    fail(Verb::Mail, reply);
  else if (!grouped_)
    send_recipient_or_data();
}

void Client::on_rcpt(const Reply& reply) {
  Message& message = current();
  const std::size_t index = message.answered++;
  if (message.failed)
    return;  // the sender was refused: these 503s say nothing about the recipients
  events_.emplace_back(RecipientAnswered{first_message_, index, reply});
  if (reply.positive()) message.accepted.push_back(index);
  const bool all = message.answered == message.envelope.recipients.size();
  if (all && message.accepted.empty()) return fail(Verb::Rcpt, reply);
  if (!grouped_) send_recipient_or_data();
}

void Client::on_data(const Reply& reply) {
  Message& message = current();
  if (!reply.intermediate()) {
    if (!message.failed) {
      message.failed = true;
      message.failed_at = Verb::Data;
      message.failure = reply;
    }
    return leave_transaction();
  }
  if (message.failed) {
    send_content({});  // RFC 2920 §3.1: the lone dot, nothing else
  } else {
    send_content(message.content);
    message.dot_sent = true;
  }
}

void Client::on_end_of_data(const Reply& reply) {
  const Message& message = current();
  if (message.failed)
    settle(Outcome::Refused, message.failed_at, message.failure);
  else
    settle(reply.positive() ? Outcome::Accepted : Outcome::Refused, Verb::EndOfData, reply);
}

// ---- sending ------------------------------------------------------------------------------------

void Client::go_on() {
  while (ready_ && !in_transaction_ && !messages_.empty() && !wants_close_) begin_message();
  if (quit_wanted_ && !quit_sent_ && ready_ && messages_.empty() && !wants_close_) {
    quit_sent_ = true;
    send(plain(Verb::Quit));
  }
}

void Client::begin_message() {
  if (std::optional<Reply> reason = unfit(current()))
    return settle(Outcome::Unfit, Verb::Mail, std::move(*reason));
  in_transaction_ = true;
  grouped_ = options_.pipelining && announced("PIPELINING");
  send(mail_command(current()));
  if (!grouped_) return;
  while (current().offered < current().envelope.recipients.size()) send_recipient();
  send(plain(Verb::Data));
}

void Client::send_recipient() {
  Message& message = current();
  send(rcpt(message.envelope.recipients[message.offered++]));
}

void Client::send_recipient_or_data() {
  const Message& message = current();
  if (message.offered < message.envelope.recipients.size())
    send_recipient();
  else
    send(plain(Verb::Data));
}

void Client::send_content(std::string_view content) {
  session_.command(Verb::EndOfData);
  DotEncoder encoder;
  encoder.encode(content, output_);
  encoder.finish(output_);
}

void Client::send(const Command& command) {
  session_.command(command.verb);
  output_ += format_command(command);
  output_ += "\r\n";
}

Command Client::mail_command(const Message& message) const {
  std::vector<Parameter> parameters;
  if (options_.declare_size && announced("SIZE"))
    parameters.push_back({"SIZE", std::to_string(size_of(message.content))});
  if (announced("8BITMIME") && has_eight_bit(message.content))
    parameters.push_back({"BODY", "8BITMIME"});
  return mail(message.envelope.reverse_path, std::move(parameters));
}

// Why a message is not offered at all, in the words that the server would have used.
std::optional<Reply> Client::unfit(const Message& message) const {
  if (const std::optional<std::string_view> size = announced("SIZE")) {
    std::uint64_t octets_max = 0;  // RFC 1870 §4: 0 or nothing means no fixed maximum
    std::from_chars(size->data(), size->data() + size->size(), octets_max);
    if (octets_max != 0 && size_of(message.content) > octets_max)
      return Reply(552, "The message is larger than the server's SIZE");
  }
  if (!options_.eight_bit_anyway && !announced("8BITMIME") && has_eight_bit(message.content))
    return Reply(554, "The message has 8-bit octets and the server does not announce 8BITMIME");
  return std::nullopt;
}

// ---- endings ------------------------------------------------------------------------------------

// Nothing of the current message will be delivered. In a group the replies to the rest come yet.
void Client::fail(Verb at, const Reply& reply) {
  Message& message = current();
  if (!message.failed) {
    message.failed = true;
    message.failed_at = at;
    message.failure = reply;
  }
  if (!grouped_) leave_transaction();
}

void Client::leave_transaction() {
  const State state = session_.state();
  if (state == State::Mail || state == State::Rcpt)
    send(plain(Verb::Rset));  // its reply settles the message
  else
    settle(Outcome::Refused, current().failed_at, current().failure);
}

// The end of the front message.
void Client::settle(Outcome outcome, Verb at, Reply reply) {
  MessageAnswered answered;
  answered.message = first_message_++;
  answered.outcome = outcome;
  answered.at = at;
  answered.reply = std::move(reply);
  if (outcome == Outcome::Accepted || outcome == Outcome::InDoubt)
    answered.accepted = std::move(current().accepted);
  events_.emplace_back(std::move(answered));
  messages_.pop_front();
  in_transaction_ = false;
}

// The server will not talk to us. After 421 it closes; else QUIT is the polite way out (§3.1).
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
  session_.close();
  events_.emplace_back(ConnectionEnded{orderly});
}

}  // namespace mailscope::smtp
