// The observer's reading of the server: replies, and what they do to the reading of the client.

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
      violate(server(), line.begin, line.end, 2, "smtp.not-a-reply",
              "The server's line does not begin with a reply code", "RFC 5321 §4.2");
    return;
  }
  report_line(line, server(), kReplyLineOctetsMax);
  if (!in_reply_) {
    reply_code_ = parsed->code;
    reply_begin_ = line.begin;
    reply_flags_ = 0;
    reply_.clear();
    if (parsed->last) return take_reply(parsed->text, line.end, flags);
    in_reply_ = true;
    reply_ = parsed->text;
    return;
  }
  if (parsed->code != reply_code_)
    violate(server(), line.begin, line.end, 2, "smtp.reply-code-changed",
            "A line of a reply has another code than the lines before it", "RFC 5321 §4.2.1");
  if (reply_.size() + parsed->text.size() < kReplyOctetsMax)
    reply_.append("\n").append(parsed->text);
  else
    reply_flags_ |= Observed::kIncomplete;
  if (parsed->last) take_reply({}, line.end, flags);
}

// A reply is complete: `text` for one of a single line, reply_ for one of several.
void Observer::take_reply(std::string_view text, std::uint64_t end, std::uint8_t flags) {
  const std::uint16_t code = reply_code_;
  passed_over_ = false;
  const Verb answered = match_reply(code);
  ObservedHead& event = add(Observed::Kind::Reply, server(), reply_begin_, end);
  event.word = code;
  event.answers = static_cast<std::uint16_t>(answered);
  event.flags = flags | reply_flags_;
  event.phase = code == 421 ? Phase::Termination : phase_of(answered, session_.state());
  set_text(in_reply_ ? std::string_view(reply_) : text);
  in_reply_ = false;
  follow_reply(answered, code);
  if (reading_ == Reading::Undecided && session_.outstanding() == 0)
    decide_by_looks(Reading::Undecided);
}

// The verb that a reply answers; the session moves on.
Verb Observer::match_reply(std::uint16_t code) {
  if (session_.outstanding() == 0) {
    if (in_content_ && reading_ == Reading::Content && code != 421) {
      if (!content_gap_) {  // the content's last octets stand later in the capture
        early_verdict_ = code;
        return Verb::EndOfData;
      }
      session_.command(Verb::EndOfData);  // the final dot lies in the gap
      end_content(Observed::kIncomplete);
      lines_of(client_).join();
    }
    if (joined_ && code == 220) session_ = Session();
  }
  // The 354 was not captured: the client would not have gone on without it.
  if (reading_ == Reading::Undecided && session_.next_answered() == Verb::Data &&
      session_.outstanding() == 1 && code / 100 == 2)
    decide(waiting().empty() ? Reading::Lines : Reading::Content);
  if (session_.next_answered() == Verb::Data && code / 100 == 2) session_.reply(354);
  if (session_.next_answered() == Verb::Data && code / 100 >= 4 && session_.outstanding() > 1 &&
      session_.expected() == State::Greeted)
    session_.reply(354);
  return session_.reply(code);
}

void Observer::follow_reply(Verb answered, std::uint16_t code) {
  const int severity = code / 100;
  if (code == 421 && reading_ == Reading::Undecided) return decide(Reading::Lines);
  if (answered == Verb::Auth && severity != 3) log_in_ = false;
  if (answered == Verb::Starttls) {
    starttls_ = severity == 2;
    if (starttls_) return begin_tls();
  }
  // The server took it, so it has given up the message whose last chunk never came (RFC 3030 §2).
  const bool anew = (answered == Verb::Mail && severity == 2) || code == 354;
  if (anew && in_content_ && (reading_ == Reading::Lines || reading_ == Reading::Undecided)) {
    const Reading reading = reading_;
    end_content(Observed::kIncomplete);
    reading_ = reading;
  }
  if (answered == Verb::Turn && severity == 2) return turn();
  if (answered == Verb::Data || (joined_ && code == 354)) return follow_data_reply(code);
  // A BDAT line that the server could not read: no chunk follows (RFC 3030 §2 has it consume one
  // that is merely refused).
  const bool bdat = answered == Verb::Bdat || answered == Verb::BdatLast;
  if (bdat && (code == 500 || code == 501 || code == 502 || code == 521) &&
      reading_ == Reading::Chunk) {
    content_gap_ = false;
    end_content(Observed::kIncomplete);
  }
}

// The client went on before it was answered.
void Observer::report_waiting(bool granted) {
  const Looks looks = looks_like(waiting());
  const std::uint64_t begin = lines_of(client_).offset();
  if (waiting().empty() || looks != (granted ? Looks::Command : Looks::Text)) return;
  report_behind_data(granted, begin, begin + waiting().size());
}

void Observer::report_behind_data(bool granted, std::uint64_t begin, std::uint64_t end) {
  if (granted)
    violate(client_, begin, end, 2, "smtp.behind-data",
            "Lines stood after DATA before 354 was given: the server reads them as the message",
            "RFC 2920 §3.1");
  else
    violate(client_, begin, end, 2, "smtp.content-refused",
            "Content was sent though DATA was refused: the server reads it as commands",
            "RFC 5321 §4.1.1.4");
}

void Observer::follow_data_reply(std::uint16_t code) {
  const bool granted = code / 100 == 3;
  if (reading_ == Reading::Undecided) {
    if (session_.outstanding() != 0) return;  // the answer to an earlier one
    report_waiting(granted);
    return decide(granted ? Reading::Content : Reading::Lines);
  }
  if (granted && reading_ == Reading::Seeking && !lines_of(client_).in_line())
    return begin_content(Reading::Content);
  if (granted && reading_ == Reading::Lines && session_.outstanding() != 0 &&
      session_.next_answered() != Verb::EndOfData) {
    report_behind_data(granted, lines_of(client_).offset(), lines_of(client_).offset());
    return;
  }
  if (!granted && reading_ == Reading::Content && in_content_) {
    report_behind_data(granted, content_begin_, lines_of(client_).offset());
    end_content(Observed::kIncomplete);
  }
}

}  // namespace mailscope::smtp
