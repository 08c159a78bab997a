// The client: one message, from MAIL to its verdict.

#include <algorithm>
#include <charconv>
#include <utility>

#include "protocols/base/dot_stuffing.hpp"
#include "protocols/smtp/client.hpp"

namespace mailscope::smtp {
namespace {

using Body = MailOptions::Body;

// More go one at a time: a server need not hold any number of them (RFC 2920 §3.1), and a session
// remembers kOutstandingMax commands.
constexpr std::size_t kGroupedRecipientsMax = 1000;
static_assert(kGroupedRecipientsMax + 2 < Session::kOutstandingMax);

bool has_eight_bit(std::string_view content) {
  return std::any_of(content.begin(), content.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 128; });
}

// As SIZE counts it: with the CRLF that the last line is given, without stuffing (RFC 1870 §5).
std::uint64_t size_of(std::string_view content) {
  const bool complete = content.empty() || content.ends_with("\r\n");
  return content.size() + (complete ? 0 : 2);
}

// RFC 6531 §3.4: an address outside ASCII, or a header so, if that is what its sender said.
bool needs_smtputf8(const Envelope& envelope, std::string_view content) {
  if (envelope.reverse_path.mailbox && !envelope.reverse_path.mailbox->is_ascii()) return true;
  for (const ForwardPath& recipient : envelope.recipients)
    if (!recipient.mailbox.is_ascii()) return true;
  const std::string_view header = content.substr(0, content.find("\r\n\r\n"));
  return envelope.options.smtputf8 && has_eight_bit(header);
}

}  // namespace

void Client::begin_message() {
  Message& message = current();
  message.eight_bit = has_eight_bit(message.content);
  MailOptions& options = message.envelope.options;
  const bool binary = options.body == Body::BinaryMime;
  if (!binary) options.body = message.eight_bit ? Body::EightBitMime : Body::SevenBit;
  options.smtputf8 = needs_smtputf8(message.envelope, message.content);
  options.size = size_of(message.content);
  if (!options_.declare_size) options.size.reset();
  if (std::optional<Reply> reason = unfit(message))
    return settle(Outcome::Unfit, Verb::Mail, std::move(*reason));

  message.by_chunks = binary || (options_.chunking && announced("CHUNKING"));
  if (message.by_chunks && !binary && size_of(message.content) != message.content.size())
    message.content += "\r\n";  // as DATA would have ended it
  // RFC 3030 §2: chunks follow all the replies.
  message.data_last = message.by_chunks || options_.all_or_none;
  in_transaction_ = true;
  grouped_ = options_.pipelining && announced("PIPELINING") &&
             message.envelope.recipients.size() <= kGroupedRecipientsMax;
  send(mail(message.envelope.reverse_path, mail_parameters(options, in_force_)));
  if (!grouped_) return;
  while (message.offered < message.envelope.recipients.size()) send_recipient();
  if (!message.data_last) send(plain(Verb::Data));
}

// Why a message is not offered at all, in the words that the server would have used.
std::optional<Reply> Client::unfit(const Message& message) const {
  if (const std::optional<std::string_view> size = announced("SIZE")) {
    std::uint64_t octets_max = 0;  // RFC 1870 §4: 0 or nothing means no fixed maximum
    std::from_chars(size->data(), size->data() + size->size(), octets_max);
    if (octets_max != 0 && size_of(message.content) > octets_max)
      return Reply(552, "5.3.4 The message is larger than the server's SIZE");
  }
  const MailOptions& options = message.envelope.options;
  if (options.smtputf8 && !in_force_.smtputf8)
    return Reply(553, "5.6.7 The message needs SMTPUTF8, which the server does not announce");
  if (options.body == Body::BinaryMime && !in_force_.binary_mime)
    return Reply(554, "5.6.3 The message is binary and the server does not announce BINARYMIME");
  if (!options_.eight_bit_anyway && !in_force_.eight_bit_mime && message.eight_bit &&
      options.body != Body::BinaryMime)
    return Reply(554,
                 "5.6.3 The message has 8-bit octets and the server does not announce 8BITMIME");
  return std::nullopt;
}

// ---- the envelope -------------------------------------------------------------------------------

void Client::on_mail(const Reply& reply) {
  if (!reply.positive()) {
    note_failure(Verb::Mail, reply);
    if (!grouped_) leave_transaction();
  } else if (!grouped_) {
    send_recipient_or_content();
  }
}

void Client::on_rcpt(const Reply& reply) {
  Message& message = current();
  const std::size_t index = message.answered++;
  const bool all = message.answered == message.envelope.recipients.size();
  // Where the sender was refused, these 503s say nothing about the recipients.
  if (!message.failed) {
    events_.emplace_back(RecipientAnswered{first_message_, index, reply});
    if (reply.positive()) message.accepted.push_back(index);
    const bool none = all && message.accepted.empty();
    if (none || (options_.all_or_none && !reply.positive())) note_failure(Verb::Rcpt, reply);
  }
  if (grouped_ && (!all || !message.data_last)) return;  // the rest of the group is on its way
  if (message.failed)
    leave_transaction();
  else
    send_recipient_or_content();
}

void Client::send_recipient() {
  Message& message = current();
  ForwardPath& recipient = message.envelope.recipients[message.offered++];
  Extensions extensions = in_force_;
  extensions.smtputf8 = message.envelope.options.smtputf8;
  send(rcpt(recipient, rcpt_parameters(recipient.options, extensions)));
}

void Client::send_recipient_or_content() {
  const Message& message = current();
  if (message.offered < message.envelope.recipients.size())
    send_recipient();
  else if (message.by_chunks)
    send_chunk();
  else
    send(plain(Verb::Data));
}

// ---- the content --------------------------------------------------------------------------------

void Client::on_data(const Reply& reply) {
  Message& message = current();
  if (!reply.intermediate()) {
    note_failure(Verb::Data, reply);
    return leave_transaction();
  }
  if (message.failed) {
    send_content({});  // RFC 2920 §3.1: the lone dot, nothing else
  } else {
    send_content(message.content);
    message.dot_sent = true;
  }
}

void Client::send_content(std::string_view content) {
  session_.command(Verb::EndOfData);
  DotEncoder encoder;
  encoder.encode(content, output_);
  encoder.finish(output_);
}

void Client::on_end_of_data(const Reply& reply) {
  const Message& message = current();
  if (message.failed)
    settle(Outcome::Refused, message.failed_at, message.failure);
  else
    settle(reply.positive() ? Outcome::Accepted : Outcome::Refused, Verb::EndOfData, reply);
}

// One at a time: after a refused chunk none may follow (RFC 3030 §2).
void Client::send_chunk() {
  Message& message = current();
  const std::size_t octets =
      std::min(options_.chunk_octets_max, message.content.size() - message.sent);
  Command command = plain(Verb::Bdat);
  command.chunk_octets = octets;
  command.last = message.sent + octets == message.content.size();
  session_.command(command.last ? Verb::BdatLast : Verb::Bdat);
  output_ += format_command(command);
  output_ += "\r\n";
  output_.append(message.content, message.sent, octets);
  message.sent += octets;
  message.dot_sent = command.last;
}

void Client::on_chunk(Verb verb, const Reply& reply) {
  if (!reply.positive()) {
    note_failure(verb, reply);
    leave_transaction();
  } else if (verb == Verb::Bdat) {
    send_chunk();
  } else {
    settle(Outcome::Accepted, verb, reply);
  }
}

// ---- the verdict --------------------------------------------------------------------------------

// Nothing of the current message will be delivered; the first reason counts.
void Client::note_failure(Verb at, const Reply& reply) {
  Message& message = current();
  if (message.failed) return;
  message.failed = true;
  message.failed_at = at;
  message.failure = reply;
}

void Client::leave_transaction() {
  const State state = session_.state();
  if (state == State::Mail || state == State::Rcpt || state == State::Bdat)
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

}  // namespace mailscope::smtp
