// The observer's reading of the server: replies, and what they do to the reading of the client.

#include <utility>

#include "protocols/smtp/observer.hpp"
#include "protocols/smtp/reply.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::size_t kReplyLineOctetsMax = 512;

}  // namespace

void Observer::take_server_line(const Line& line, std::uint8_t flags) {
  const std::optional<ReplyLine> parsed = parse_reply_line(line.text);
  // Behind a gap, with nothing asked: the rest of the reply in front of the gap.
  if (line.has(Line::kHeadMissing) && (!parsed || (session_.outstanding() == 0 && !joined_)))
    return;
  if (!parsed) {
    const bool first_of_joined = joined_ && line.begin == 0;
    if (!first_of_joined && (flags & Observed::kIncomplete) == 0)
      violate(server(), line.begin, line.end,
              {2, "smtp.not-a-reply", "The server's line does not begin with a reply code",
               "RFC 5321 §4.2"});
    return;
  }
  report_line(line, server(), kReplyLineOctetsMax);
  std::visit([&](auto& reading) { take(reading, *parsed, line, flags); }, server_);
}

void Observer::take(Between&, const ReplyLine& parsed, const Line& line, std::uint8_t flags) {
  if (parsed.last) return take_reply({parsed.code, line.begin, flags, {}}, parsed.text, line.end);
  server_ = PartOfReply{parsed.code, line.begin, 0, std::string(parsed.text)};
}

void Observer::take(PartOfReply& part, const ReplyLine& parsed, const Line& line,
                    std::uint8_t flags) {
  if (parsed.code != part.code)
    violate(server(), line.begin, line.end,
            {2, "smtp.reply-code-changed",
             "A line of a reply has another code than the lines before it", "RFC 5321 §4.2.1"});
  if (part.text.size() + parsed.text.size() < kReplyOctetsMax)
    part.text.append("\n").append(parsed.text);
  else
    part.flags |= Observed::kIncomplete;
  if (parsed.last) end_reply(line.end, flags);
}

// The reply of several lines, where there is one, is over.
void Observer::end_reply(std::uint64_t end, std::uint8_t flags) {
  auto* part = std::get_if<PartOfReply>(&server_);
  if (!part) return;
  PartOfReply reply = std::move(*part);
  reply.flags |= flags;
  server_ = Between{};
  take_reply(reply, reply.text, end);
}

// A reply is complete, and `text` is its text.
void Observer::take_reply(const PartOfReply& reply, std::string_view text, std::uint64_t end) {
  if (auto* seeking = std::get_if<Seeking>(&client_)) seeking->passed_over = false;
  const Verb answered = match_reply(reply.code);
  ObservedHead& event = add(Observed::Kind::Reply, server(), reply.begin, end);
  event.word = reply.code;
  event.answers = static_cast<std::uint16_t>(answered);
  event.flags = reply.flags;
  event.phase = reply.code == 421 ? Phase::Termination : phase_of(answered, session_.state());
  set_text(text);
  follow_reply(answered, reply.code);
  if (session_.outstanding() == 0) decide_by_looks(BehindData::Unknown);
}

// The verb that a reply answers; the session moves on.
Verb Observer::match_reply(std::uint16_t code) {
  auto* content = std::get_if<Content>(&client_);
  const bool nothing_waited = session_.outstanding() == 0;
  if (nothing_waited && content && code != 421) {
    if (!message_->gap) {  // the content's last octets stand later in the capture
      content->early_verdict = code;
      return Verb::EndOfData;
    }
    session_.command(Verb::EndOfData);  // the final dot lies in the gap
    client_ = Lines{};
    end_message(Observed::kIncomplete);
    lines_of(from_client_).join();
  }
  if (nothing_waited && joined_ && code == 220) session_ = Session();
  grant_unseen(code);
  return session_.reply(code);
}

// The 354 was not captured: the client would not have gone on without it.
void Observer::grant_unseen(std::uint16_t code) {
  if (session_.next_answered() != Verb::Data) return;
  const int first_digit = code / 100;
  if (const auto* undecided = std::get_if<Undecided>(&client_))
    if (session_.outstanding() == 1 && first_digit == 2)
      decide(undecided->waiting().empty() ? BehindData::Commands : BehindData::Content);
  const bool went_on = session_.outstanding() > 1 && session_.expected() == State::Greeted;
  if (first_digit == 2 || (first_digit >= 4 && went_on)) session_.reply(354);
}

void Observer::follow_reply(Verb answered, std::uint16_t code) {
  const int first_digit = code / 100;
  if (code == 421 && client_is<Undecided>()) return decide(BehindData::Commands);
  if (auto* lines = std::get_if<Lines>(&client_)) {
    const bool no_log_in = answered == Verb::Auth && first_digit != 3;
    if (no_log_in && lines->begun == Lines::Begun::LogIn) *lines = {};
    if (answered == Verb::Starttls && lines->begun == Lines::Begun::Tls) *lines = {};
  }
  if (answered == Verb::Starttls && first_digit == 2) return begin_tls();
  const bool to_earlier = message_ && message_->unanswered != 0;
  if (to_earlier) --message_->unanswered;
  // The server took it, so it has given up the message whose last chunk never came (RFC 3030 §2).
  const bool anew = !to_earlier && ((answered == Verb::Mail && first_digit == 2) || code == 354);
  if (anew && message_ && (client_is<Lines>() || client_is<Undecided>()))
    end_message(Observed::kIncomplete);
  if (answered == Verb::Turn && first_digit == 2) return turn();
  if (answered == Verb::Data || (joined_ && code == 354)) return follow_data_reply(code);
  if (answered == Verb::Bdat || answered == Verb::BdatLast) follow_bdat_reply(code);
}

void Observer::follow_data_reply(std::uint16_t code) {
  const bool granted = code / 100 == 3;
  LineSplitter& lines = lines_of(from_client_);
  if (client_is<Undecided>()) {
    if (session_.outstanding() != 0) return;  // the answer to an earlier one
    report_waiting(granted);
    return decide(granted ? BehindData::Content : BehindData::Commands);
  }
  if (granted && client_is<Seeking>() && !lines.in_line()) return begin_content();
  if (granted && client_is<Lines>() && session_.outstanding() != 0 &&
      session_.next_answered() != Verb::EndOfData)
    return report_behind_data(granted, lines.offset(), lines.offset());
  if (!granted && client_is<Content>()) {
    report_behind_data(granted, message_->begin, lines.offset());
    client_ = Lines{};
    end_message(Observed::kIncomplete);
  }
}

// A BDAT line that the server could not read: no chunk follows (RFC 3030 §2 has it consume one that
// is merely refused).
void Observer::follow_bdat_reply(std::uint16_t code) {
  const bool unread = code == 500 || code == 501 || code == 502 || code == 521;
  if (!unread || !client_is<Chunk>()) return;
  message_->gap = false;
  client_ = Lines{};
  end_message(Observed::kIncomplete);
}

}  // namespace mailscope::smtp
