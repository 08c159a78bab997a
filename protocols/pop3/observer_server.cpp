// The observer's reading of the server: answers of a line and listings.

#include <algorithm>
#include <utility>

#include "protocols/pop3/observer.hpp"
#include "protocols/pop3/observer_looks.hpp"

namespace mailscope::pop3 {
namespace {

bool is_log_in(Verb verb) {
  return verb == Verb::Pass || verb == Verb::Apop || verb == Verb::Auth;
}

std::string_view text_behind(std::string_view line, std::size_t word) {
  line.remove_prefix(std::min(word, line.size()));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

// "120 octets": what RETR's +OK line says of the message, where it does (RFC 1939 §5).
std::uint64_t octets_said(std::string_view text) {
  if (text.find("octets") == std::string_view::npos) return 0;
  return parse_number(text.substr(0, text.find(' '))).value_or(0);
}

}  // namespace

void Observer::take_server_line(const Line& line) {
  std::visit([&](auto& reading) { take(reading, line); }, server_);
}

// ---- answers ----

void Observer::take(Answers&, const Line& line) {
  if (is_status(line.text)) return take_status(line, line.text[0] == '+');
  const bool continues = line.text == "+" || line.text.starts_with("+ ");
  if (continues && session_.oldest() && session_.oldest()->verb == Verb::Auth)
    return take_challenge(line);
  take_other(line);
}

void Observer::take_status(const Line& line, bool ok) {
  const std::string_view text = text_behind(line.text, ok ? 3 : 4);
  if (match_ == Match::GreetingDue) {
    match_ = Match::InOrder;
    if (!ok) session_.assume(State::Closed);
    reply(ok ? kOk : kErr, {Verb::Connect, false, true, Phase::SetUp}, text, line.begin, line.end)
        .flags |= flags_of(line);
    return;
  }
  const bool some_lost = std::exchange(match_, Match::InOrder) == Match::SomeLost;
  if (!some_lost && session_.waiting() > 1) pipelined_ = true;
  // What a gap swallowed were answers: without pipelining, this one is to the newest command.
  if (some_lost && !pipelined_) session_.forget_all_but_newest();
  const std::optional<Session::Unanswered> command = session_.reply(ok);
  if (command) return answered(*command, ok, text, line);
  if (ok) {
    server_ =
        HeldBack{std::string(text), line.begin, line.end, flags_of(line), line.has(Line::kBareLf)};
    return;
  }
  reply(kErr, {Verb::Unknown, false, true, phase(session_.state())}, text, line.begin, line.end)
      .flags |= flags_of(line);
}

void Observer::answered(const Session::Unanswered& command, bool ok, std::string_view text,
                        const Line& line) {
  auto* log_in = std::get_if<LogIn>(&client_);
  if (command.verb == Verb::Auth && log_in) log_in->challenged = false;
  if (ok && is_log_in(command.verb) && session_.state() == State::Transaction) login_ = user_;
  const bool more_follows = ok && !line.has(Line::kUnterminated);
  const Answer answer = answer_of(command.verb, command.has_argument);
  if (more_follows && answer == Answer::Lines)
    return begin_listing(command, text, line.begin, false, nullptr);
  reply(ok ? kOk : kErr, command, text, line.begin, line.end).flags |= flags_of(line);
  if (!more_follows) return;
  if (answer == Answer::Content) {
    Message& message = begin_message(command, line.end, line.has(Line::kBareLf));
    if (command.verb == Verb::Retr) message.octets_said = octets_said(text);
  } else if (command.verb == Verb::Stls) {
    begin_tls(Direction::ToClient);
    begin_tls(Direction::ToServer);
  }
}

//   continue-req = "+" SP [base64] CRLF                  ; RFC 5034 §4
void Observer::take_challenge(const Line& line) {
  if (std::holds_alternative<Commands>(client_)) client_ = LogIn{};
  if (auto* log_in = std::get_if<LogIn>(&client_)) log_in->challenged = true;
  reply(kContinue, *session_.oldest(), text_behind(line.text, 1), line.begin, line.end).flags |=
      flags_of(line) | Observed::kSecret;
}

// Neither +OK nor -ERR: the middle of an answer that was joined late, or nonsense.
void Observer::take_other(const Line& line) {
  if (match_ != Match::SomeLost)
    return violate(
        Direction::ToClient, line.begin, line.end,
        {2, "pop3.no-status", "an answer's line begins with neither +OK nor -ERR", "RFC 1939 §3"});
  if (line.text == ".") return;  // the end of something whose lines were all lost
  Session::Unanswered joined{looks_like_listing(line.text) ? Verb::List : Verb::Retr, false, true,
                             Phase::Transfer};
  if (session_.waiting() > 0) {
    if (!pipelined_) session_.forget_all_but_newest();
    const Session::Unanswered& oldest = *session_.oldest();
    if (answer_of(oldest.verb, oldest.has_argument) == Answer::Line) return;
    joined = *session_.reply(true);
  } else if (session_.state() == State::Authorization) {
    session_.assume(State::Transaction);
  }
  match_ = Match::InOrder;
  if (answer_of(joined.verb, joined.has_argument) == Answer::Lines)
    return begin_listing(joined, {}, line.begin, true, &line);
  begin_message(joined, line.begin, line.has(Line::kBareLf)).broken.emplace();
  read_message_line(line);
}

ObservedHead& Observer::reply(std::uint16_t word, const Session::Unanswered& answers,
                              std::string_view text, std::uint64_t begin, std::uint64_t end) {
  ObservedHead& event = add(Observed::Kind::Reply, Direction::ToClient, begin, end);
  event.word = word;
  event.answers = static_cast<std::uint16_t>(answers.verb);
  event.phase = answers.phase;
  events_.set_text(text);
  return event;
}

bool Observer::answer_is_due() const {
  return session_.waiting() > 0 || !sides_[static_cast<int>(Direction::ToServer)].seen;
}

// ---- answers that no command asked for ----

// No line followed it that it could be told by.
void Observer::report_held_back() {
  const HeldBack held = std::exchange(std::get<HeldBack>(server_), {});
  server_ = Answers{};
  reply(kOk, {Verb::Unknown, false, true, phase(session_.state())}, held.text, held.begin, held.end)
      .flags |= held.flags;
}

void Observer::take(HeldBack& held_back, const Line& line) {
  if (is_status(line.text) || line.text.starts_with("+ ")) {
    report_held_back();
    return take_server_line(line);
  }
  const HeldBack held = std::exchange(held_back, {});
  settle(held, line);
}

// Decides what the held-back +OK was, by the line behind it, which is part of the same answer.
void Observer::settle(const HeldBack& held, const Line& next) {
  const bool listing = looks_like_listing(next.text);
  const bool message = looks_like_field(next.text) && !listing;
  if (session_.state() == State::Authorization && (listing || message))
    session_.assume(State::Transaction);
  Session::Unanswered guess{Verb::Capa, false, true, phase(session_.state())};
  if (listing) guess = {Verb::List, false, true, Phase::Transfer};
  if (message) guess = {Verb::Retr, false, true, Phase::Transfer};
  if (!message) return begin_listing(guess, held.text, held.begin, false, &next);
  reply(kOk, guess, held.text, held.begin, held.end).flags |= held.flags;
  begin_message(guess, held.end, held.bare_lf);
  read_message_line(next);
}

// ---- listings ----

// `first`: a line of it that has been read already.
void Observer::begin_listing(const Session::Unanswered& answers, std::string_view text,
                             std::uint64_t begin, bool broken, const Line* first) {
  server_ = Listing{answers, begin, std::string(text), broken};
  if (first) take(std::get<Listing>(server_), *first);
}

void Observer::take(Listing& listing, const Line& line) {
  if (line.text == ".") return end_listing(line.end, 0);
  // A listing whose end was lost: the next answer ends it.
  if (listing.broken && is_status(line.text)) {
    end_listing(line.begin, Observed::kIncomplete);
    return take_server_line(line);
  }
  const std::string_view text = line.text.starts_with('.') ? line.text.substr(1) : line.text;
  if (listing.text.size() + text.size() + 1 > kReplyTextMax) return;
  listing.text.append("\n").append(text);
}

void Observer::end_listing(std::uint64_t end, std::uint8_t flags) {
  const Listing listing = std::exchange(std::get<Listing>(server_), {});
  server_ = Answers{};
  if (listing.broken) flags |= Observed::kIncomplete;
  reply(kOk, listing.answers, listing.text, listing.begin, end).flags |= flags;
}

}  // namespace mailscope::pop3
