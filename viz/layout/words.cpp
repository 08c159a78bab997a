#include "viz/layout/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "viz/layout/call.hpp"
#include "viz/layout/segment.hpp"

namespace mailscope::viz {
namespace {

using languages::Language;
using languages::Verdict;
using trace::Pdu;
using trace::PduKind;

// The same of each of them.
std::string by_call(const Trace& trace, const Pdu& pdu, Time at, const char* answered,
                    const char* unanswered, const char* turned_away, const char* awaited = "SYN") {
  const Call how = call(trace, pdu, at);
  if (how == Call::Awaited) return awaited;
  return how == Call::Answered ? answered : how == Call::Unanswered ? unanswered : turned_away;
}

bool is_line(const Pdu& pdu) {
  return pdu.kind == PduKind::Command || pdu.kind == PduKind::Reply ||
         pdu.kind == PduKind::Continuation;
}

std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

bool from_server(const Pdu& pdu) {
  return pdu.direction == Direction::ToClient;
}

}  // namespace

// ---- numbers ----

std::string time_text(Time at) {
  const Time micros = at / 1000;
  return fmt::format("{}.{:03} {:03}", micros / 1'000'000, micros / 1000 % 1000, micros % 1000);
}

std::string span_text(Time span) {
  const double ns = static_cast<double>(span);
  if (span < 0) return "-" + span_text(-span);
  if (span < 1000) return fmt::format("{} ns", span);
  if (span < 100'000) return fmt::format("{:.0f} µs", ns / 1e3);
  if (span < 1'000'000'000) return fmt::format("{:.1f} ms", ns / 1e6);
  if (span < 60'000'000'000) return fmt::format("{:.2f} s", ns / 1e9);
  const std::int64_t seconds = span / 1'000'000'000;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

std::string clock_text(Time at) {
  if (at < 60'000'000'000) return fmt::format("{:.3f} s", static_cast<double>(at) / 1e9);
  const std::int64_t ms = at / 1'000'000;
  if (ms < 3'600'000) return fmt::format("{}:{:02}.{:03}", ms / 60000, ms / 1000 % 60, ms % 1000);
  return fmt::format("{}:{:02}:{:02}.{:01}", ms / 3'600'000, ms / 60000 % 60, ms / 1000 % 60,
                     ms / 100 % 10);
}

std::string rate_text(std::uint64_t bits_per_second) {
  const double rate = static_cast<double>(bits_per_second);
  if (rate >= 1e9) return fmt::format("{:g} Gb/s", rate / 1e9);
  if (rate >= 1e6) return fmt::format("{:g} Mb/s", rate / 1e6);
  if (rate >= 1e3) return fmt::format("{:g} kb/s", rate / 1e3);
  return fmt::format("{} b/s", bits_per_second);
}

std::string octets_text(std::uint64_t octets) {
  if (octets == 1) return "1 octet";
  std::string digits = std::to_string(octets);
  for (std::size_t at = digits.size(); at > 3 && digits.size() > 4;) digits.insert(at -= 3, " ");
  return digits + " octets";
}

// ---- what a PDU is ----

std::string head(const Trace& trace, const Pdu& pdu, Time at) {
  const Language& language = languages::of(trace, pdu);
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, at, "open", "SYN, no answer", "SYN, refused");
    case PduKind::Close:
      return "close";
    case PduKind::Reset:
      return "reset";
    case PduKind::Data:
      return "message";
    case PduKind::Tls:
      return "TLS";
    case PduKind::Opaque:
      return "octets";
    case PduKind::Continuation:
      return pdu.flags & Pdu::kSecret ? "log-in" : "more";
    case PduKind::Reply:
      if (std::string code = language.code(pdu.word); !code.empty()) return code;
      break;
    case PduKind::Command:
      if (pdu.flags & Pdu::kUnknown) break;
      if (std::string verb = language.verb(pdu.word); !verb.empty()) return verb;
      break;
  }
  return std::string(first_word(observe::display_text(trace, pdu, false, 24)));
}

namespace {

// All answers in a line.
std::string all_lines(const Trace& trace, const Pdu& pdu) {
  constexpr std::size_t kLinesMax = 8;
  std::string text;
  for (const std::string& line : observe::display_lines(trace, pdu, false, kLinesMax))
    text += (text.empty() ? "" : "; ") + line;
  return text;
}

}  // namespace

std::string says(const Trace& trace, const Pdu& pdu, Time at) {
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, at, "SYN, SYN ACK, ACK", "SYN, no answer", "SYN, refused");
    case PduKind::Close:
      return "FIN";
    case PduKind::Reset:
      return "RST";
    case PduKind::Tls:
      return "TLS records, " + octets_text(pdu.end - pdu.begin);
    case PduKind::Opaque:
      return octets_text(pdu.end - pdu.begin);
    default:
      if (languages::of(trace, pdu).card().datagrams) return all_lines(trace, pdu);
      return observe::display_text(trace, pdu);
  }
}

std::string label(const Trace& trace, const Pdu& pdu, Time at) {
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, at, "SYN · SYN ACK · ACK", "SYN, no answer", "SYN, refused");
    case PduKind::Data:
      return "message · " + octets_text(pdu.end - pdu.begin);
    default:
      return says(trace, pdu, at);
  }
}

std::string more_lines(const Trace& trace, const Pdu& pdu) {
  constexpr std::size_t kOctetsMax = 8192;
  if (pdu.kind != PduKind::Reply || languages::of(trace, pdu).card().datagrams) return {};
  const std::string octets = trace.pdu_octets(pdu, kOctetsMax);
  const auto lines = std::ranges::count(octets, '\n');
  if (lines < 2) return {};
  return fmt::format(" +{} {}", lines - 1, lines == 2 ? "line" : "lines");
}

std::string gist(const Trace& trace, const Pdu& pdu, Time at) {
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, at, "TCP connects the two", "the client asks, nobody answers",
                     "nobody listens at that port", "the client asks for a connection");
    case PduKind::Close:
      return from_server(pdu) ? "the server is done" : "the client is done";
    case PduKind::Reset:
      return "the connection is torn down";
    case PduKind::Tls:
      return "encrypted from here on";
    case PduKind::Opaque:
      return "not read";
    case PduKind::Continuation:
      return "part of the log-in";
    case PduKind::Data:
    case PduKind::Command:
    case PduKind::Reply:
      return languages::of(trace, pdu).gist(trace, pdu);
  }
  return {};
}

Refusal refusal(const Trace& trace, const Pdu& pdu) {
  if (turns_away(trace, pdu)) return Refusal::ForGood;
  if (pdu.kind != PduKind::Reply) return Refusal::None;
  switch (languages::of(trace, pdu).verdict(pdu.word)) {
    case Verdict::NotNow:
      return Refusal::NotNow;
    case Verdict::ForGood:
      return Refusal::ForGood;
    default:
      return Refusal::None;
  }
}

std::string signed_as(Refusal refusal, std::string text) {
  return refusal == Refusal::None ? text : std::string(kRefusalSign) + text;
}

Role role_of(const Trace& trace, const Pdu& pdu, Time at) {
  const Call how = call(trace, pdu, at);
  if (how == Call::Unanswered || how == Call::TurnedAway) return Role::Bad;
  if (pdu.kind == PduKind::Open || pdu.kind == PduKind::Close) return Role::Tcp;
  const Refusal refused = refusal(trace, pdu);
  if (pdu.kind == PduKind::Reset && refused == Refusal::None) return Role::Bad;
  if (refused != Refusal::None) return refused == Refusal::NotNow ? Role::NotNow : Role::Refused;
  return role_of_colour(languages::of(trace, pdu).card().colour);
}

std::string loss_text(trace::Loss loss) {
  return loss == trace::Loss::None ? "lost" : fmt::format("lost: {}", name(loss));
}

std::string sent_name(const Trace& trace, const Pdu& pdu, Time at) {
  if (pdu.kind == PduKind::Open) return "SYN";
  return pdu.kind == PduKind::Close ? "FIN" : head(trace, pdu, at);
}

std::string loss_text(const Trace& trace, Id id, const trace::Frame& frame) {
  const std::string why = loss_text(frame.loss);
  if (id == kNone) return fmt::format("{} {}", segment_name(trace, frame), why);
  const Pdu& pdu = trace.pdus[id];
  const std::string lost = sent_name(trace, pdu);
  return signed_as(refusal(trace, pdu), lost + " " + why);
}

std::string_view loss_meaning(trace::Loss loss) {
  switch (loss) {
    case trace::Loss::Noise:
      return "The line is noisy: now and then a frame is spoilt on it, and whoever receives it "
             "throws it away.";
    case trace::Loss::QueueFull:
      return "The line is slow, and more waited in front of it than its queue holds. This frame "
             "was thrown away before it was on the line.";
    case trace::Loss::HostOff:
      return "It came to the other end, and the machine there was off.";
    case trace::Loss::NoStation:
      return "Nobody on this line has the address that it was sent to.";
    case trace::Loss::Dropped:
      return "Somebody took it off the line on purpose.";
    case trace::Loss::Cut:
      return "The line was cut when it was sent, or while it was on its way.";
    case trace::Loss::None:
      break;
  }
  return {};
}

std::string kind_text(const Trace& trace, const Pdu& pdu) {
  const Language::Card& card = languages::of(trace, pdu).card();
  const auto named = [&](std::string_view what) { return fmt::format("{} {}", card.title, what); };
  switch (pdu.kind) {
    case PduKind::Open:
      return "TCP opening";
    case PduKind::Close:
      return "TCP closing";
    case PduKind::Reset:
      return "TCP reset";
    case PduKind::Tls:
      return "TLS";
    case PduKind::Command:
      return named(card.command);
    case PduKind::Reply:
      return named(card.reply);
    case PduKind::Continuation:
      return named("continuation");
    case PduKind::Data:
      return named("content");
    case PduKind::Opaque:
      return named("octets");
  }
  return std::string(card.title);
}

const ReferenceEntry* reference(const Trace& trace, const Pdu& pdu) {
  if (!is_line(pdu) || pdu.kind == PduKind::Continuation) return nullptr;
  return languages::of(trace, pdu).entry(trace, pdu);
}

languages::Meaning plain_meaning(const Trace& trace, const Pdu& pdu, Time at) {
  switch (pdu.kind) {
    case PduKind::Open:
      if (call(trace, pdu, at) == Call::Unanswered)
        return {
            "The client asks for a connection (SYN), again and again with longer waits, and nobody "
            "answers. No connection comes about; in the end TCP gives up and tells the program.",
            "RFC 9293 §3.8.3"};
      if (call(trace, pdu, at) == Call::TurnedAway)
        return {
            "The client asks for a connection (SYN). Nobody listens at that port: TCP there "
            "answers "
            "with a reset (RST), and the program that asked is told at once.",
            "RFC 9293 §3.5.2"};
      return {
          "Before anyone says a word, TCP connects the two: the client asks (SYN), the server "
          "agrees and asks back (SYN ACK), the client agrees (ACK). From now on each can send "
          "octets that arrive complete and in order.",
          "RFC 9293 §3.5"};
    case PduKind::Close:
      return {
          "This side has sent its last octet and says so with FIN. The other side may still "
          "send; the connection is over when both have said it.",
          "RFC 9293 §3.6"};
    case PduKind::Reset:
      return {
          "The connection is thrown away at once, whatever was under way. Neither side can know "
          "what the other still received.",
          "RFC 9293 §3.5.3"};
    case PduKind::Tls:
      return {
          "From here on the octets are TLS records: who listens on the line sees how many there "
          "are and when, and no longer what they say.",
          "RFC 8446 §5"};
    case PduKind::Data:
      return languages::of(trace, pdu).content_meaning();
    case PduKind::Continuation:
      return languages::of(trace, pdu).continuation_meaning();
    default:
      return {"MailScope does not read this protocol; its octets are below.", ""};
  }
}

Role state_role(trace::Protocol protocol, std::uint8_t state) {
  switch (languages::of(protocol).tone(state)) {
    case languages::Tone::Quiet:
      return Role::Tcp;
    case languages::Tone::Ready:
      return Role::Good;
    case languages::Tone::Own:
      return role_of(protocol);
    case languages::Tone::Busy:
      return Role::Accent;
    case languages::Tone::Carrying:
      return Role::Imap;
  }
  return Role::Tcp;
}

}  // namespace mailscope::viz
