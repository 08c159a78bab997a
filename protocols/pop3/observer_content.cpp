// The observer's reading of messages, which RETR and TOP bring.

#include <algorithm>
#include <utility>

#include "protocols/pop3/observer.hpp"
#include "protocols/pop3/observer_looks.hpp"

namespace mailscope::pop3 {

Observer::Message& Observer::begin_message(const Session::Unanswered& answers, std::uint64_t begin,
                                           bool bare_lf) {
  Message message;
  message.answers = answers;
  message.begin = message.at = begin;
  if (bare_lf) message.decoder = BareLfDotDecoder{};
  ObservedHead& event = add(Observed::Kind::ContentBegin, Direction::ToClient, begin, begin);
  event.answers = static_cast<std::uint16_t>(answers.verb);
  event.phase = answers.phase;
  return server_.emplace<Message>(std::move(message));
}

// It may be over when this comes back.
void Observer::read_message(std::string_view& octets) {
  if (std::get<Message>(server_).broken)
    read_broken(octets);
  else
    read_decoded(octets);
}

// Behind a gap that may have swallowed the final dot an answer may stand where content would.
void Observer::read_broken(std::string_view& octets) {
  reading::Broken& broken = *std::get<Message>(server_).broken;
  if (broken.at_line_start) {
    broken.held += octets.front();
    octets.remove_prefix(1);
    if (!may_become_status(broken.held)) decide_held();
    return;
  }
  const std::size_t lf = octets.find('\n');
  std::string_view piece = octets.substr(0, lf == octets.npos ? lf : lf + 1);
  const std::size_t length = piece.size();
  broken.at_line_start = lf != octets.npos;
  read_decoded(piece);
  octets.remove_prefix(length - piece.size());
}

void Observer::read_decoded(std::string_view& octets) {
  Message& message = std::get<Message>(server_);
  const auto report = [&](std::string_view piece, std::uint64_t, std::uint64_t end) {
    message.octets += piece.size();
    ObservedHead& event = add(Observed::Kind::Content, Direction::ToClient,
                              end - std::min<std::uint64_t>(end, piece.size()), end);
    event.answers = static_cast<std::uint16_t>(message.answers.verb);
    event.phase = message.answers.phase;
    events_.set_text(piece);
  };
  const bool finished = std::visit(
      [&](auto& decoder) {
        read_content(decoder, message.at, octets, report);
        return decoder.finished();
      },
      message.decoder);
  if (finished) end_message(0);
}

// A line that turned out to be content.
void Observer::read_message_line(const Line& line) {
  std::string whole(line.text);
  if (!line.has(Line::kUnterminated)) whole += line.has(Line::kBareLf) ? "\n" : "\r\n";
  std::get<Message>(server_).at = line.begin;
  std::string_view octets = whole;
  while (!octets.empty() && std::holds_alternative<Message>(server_)) read_message(octets);
  auto* message = std::get_if<Message>(&server_);
  if (message && message->broken && !message->broken->held.empty()) give_up_held();
  message = std::get_if<Message>(&server_);
  if (!message) return;
  if (message->broken) message->broken->at_line_start = true;
  message->at = line.end;
  // Its end was not kept: what was read is not all.
  if (line.has(Line::kTooLong) && !message->broken) message->broken.emplace();
}

// Are they an answer, then the message was over before them.
void Observer::decide_held() {
  auto& broken = std::get<Message>(server_).broken;
  if (!broken || broken->held.empty()) return;
  if (!answer_is_due() || !is_status(broken->held)) return give_up_held();
  const std::string held = std::exchange(broken->held, {});
  end_message(Observed::kIncomplete);
  for (std::string_view octets = held; !octets.empty();) read_line(Direction::ToClient, octets);
}

// They were content.
void Observer::give_up_held() {
  reading::Broken& broken = *std::get<Message>(server_).broken;
  const std::string held = std::exchange(broken.held, {});
  broken.at_line_start = held.ends_with('\n');
  std::string_view octets = held;
  read_decoded(octets);
}

void Observer::end_message(std::uint8_t flags) {
  const Message message = std::exchange(std::get<Message>(server_), {});
  server_ = Answers{};
  LineSplitter& lines = lines_of(Direction::ToClient);
  if (message.at > lines.offset()) lines.skip(message.at - lines.offset());
  if (message.broken) flags |= Observed::kIncomplete;
  ObservedHead& event =
      add(Observed::Kind::ContentEnd, Direction::ToClient, message.begin, message.at);
  event.answers = static_cast<std::uint16_t>(message.answers.verb);
  event.phase = message.answers.phase;
  event.flags = flags;
  if (flags == 0) note_message_faults(message);
}

void Observer::note_message_faults(const Message& message) {
  const auto tell = [&](std::uint8_t severity, std::string_view code, std::string_view text,
                        std::string_view rfc) {
    violate(Direction::ToClient, message.begin, message.at, {severity, code, text, rfc});
  };
  if (const auto* decoder = std::get_if<DotDecoder>(&message.decoder)) {
    if (decoder->faults().bare())
      tell(1, "pop3.bare-cr-or-lf", "the message holds a CR or LF that is no line end",
           "RFC 5322 §2.3");
    if (decoder->faults().long_lines != 0)
      tell(0, "pop3.long-message-line", "the message holds a line longer than 998 octets",
           "RFC 5322 §2.1.1");
  }
  if (message.octets_said != 0 && message.octets_said != message.octets)
    tell(0, "pop3.size-differs", "the +OK line said another size than the message has",
         "RFC 1939 §11");
}

}  // namespace mailscope::pop3
