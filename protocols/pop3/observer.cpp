// The observer's way in and out: octets to lines, gaps and ends, TLS.

#include "protocols/pop3/observer.hpp"

#include "protocols/pop3/observer_looks.hpp"

namespace mailscope::pop3 {
namespace {

constexpr std::size_t kCommandOctetsMax = 255;  // RFC 2449 §4
constexpr std::size_t kReplyOctetsMax = 512;

}  // namespace

Observer::Observer(Options options)
    : match_(options.from_beginning ? Match::GreetingDue : Match::SomeLost),
      state_unsure_(!options.from_beginning) {
  if (options.from_beginning) return;
  for (Side& side : sides_) side.lines.join();
}

// ---- octets to lines ----

void Observer::receive(Direction direction, std::string_view octets) {
  events_.begin(octets);
  if (!octets.empty()) side(direction).seen = true;
  while (!octets.empty()) {
    if (is_tls(direction)) return lines_of(direction).skip(octets.size());
    if (direction == Direction::ToClient && std::holds_alternative<Message>(server_))
      read_message(octets);
    else
      read_line(direction, octets);
  }
}

// Takes one line, or what there is of it, off the front.
void Observer::read_line(Direction direction, std::string_view& octets) {
  if (side(direction).at_tls_handshake(octets) && tls_may_begin(direction))
    return begin_tls(direction);
  if (const std::optional<Line> line = lines_of(direction).next(octets))
    take_line(direction, *line);
}

void Observer::take_line(Direction direction, const Line& line) {
  const bool to_server = direction == Direction::ToServer;
  if (line.has(Line::kHeadMissing)) {
    // Behind a gap: the tail of a line, unless it begins as a line does.
    const bool whole = to_server ? parse_command(line.text).verb != Verb::Unknown
                                 : is_status(line.text) || line.text == "." || line.begin == 0;
    if (!whole) return;
  }
  note_line_faults(direction, line);
  if (to_server)
    take_client_line(line);
  else
    take_server_line(line);
}

void Observer::note_line_faults(Direction direction, const Line& line) {
  Side& from = side(direction);
  const bool to_server = direction == Direction::ToServer;
  if (line.has(Line::kBareLf) && !from.told_bare_lf) {
    from.told_bare_lf = true;
    violate(direction, line.begin, line.end,
            {1, "pop3.bare-lf",
             "a line ends in LF without CR; this one and later ones are read all the same",
             "RFC 1939 §3"});
  }
  if (line.end - line.begin > (to_server ? kCommandOctetsMax : kReplyOctetsMax) &&
      !from.told_long_line) {
    from.told_long_line = true;
    violate(direction, line.begin, line.end,
            {0, "pop3.long-line",
             to_server ? "a command line is longer than 255 octets"
                       : "an answer's line is longer than 512 octets",
             "RFC 2449 §4"});
  }
}

// ---- gaps and ends ----

void Observer::gap(Direction direction, std::uint64_t octets) {
  events_.begin();
  state_unsure_ = true;
  if (direction == Direction::ToClient) break_off_server(octets);
  if (is_tls(direction)) return lines_of(direction).skip(octets);
  const bool in_message =
      direction == Direction::ToClient && std::holds_alternative<Message>(server_);
  if (!in_message) lines_of(direction).gap(octets);  // the broken line is dropped
}

void Observer::break_off_server(std::uint64_t octets) {
  if (std::holds_alternative<HeldBack>(server_)) report_held_back();
  if (std::holds_alternative<Message>(server_)) decide_held();
  if (auto* message = std::get_if<Message>(&server_)) {
    message->broken.emplace();
    message->at += octets;
    std::visit([&](auto& decoder) { decoder.gap(octets); }, message->decoder);
  }
  if (auto* listing = std::get_if<Listing>(&server_)) listing->broken = true;
  match_ = Match::SomeLost;
}

void Observer::receive_eof(Direction direction) {
  events_.begin();
  if (direction == Direction::ToClient) end_server();
  const std::optional<Line> line = lines_of(direction).finish();
  if (!line || line->has(Line::kHeadMissing)) return;
  if (direction == Direction::ToServer || is_status(line->text)) take_line(direction, *line);
  if (std::holds_alternative<HeldBack>(server_)) report_held_back();
}

void Observer::end_server() {
  if (std::holds_alternative<HeldBack>(server_)) report_held_back();
  if (std::holds_alternative<Message>(server_)) decide_held();
  if (std::holds_alternative<Message>(server_)) end_message(Observed::kIncomplete);
  if (std::holds_alternative<Listing>(server_))
    end_listing(lines_of(Direction::ToClient).offset(), Observed::kIncomplete);
}

// ---- TLS ----

bool Observer::is_tls(Direction direction) const {
  return direction == Direction::ToServer ? std::holds_alternative<Tls>(client_)
                                          : std::holds_alternative<Tls>(server_);
}

// Behind STLS, or where what stands in front was not seen; elsewhere the octet is one like another.
bool Observer::tls_may_begin(Direction direction) const {
  if (sides_[static_cast<int>(direction)].lines.head_missing()) return true;
  if (direction == Direction::ToClient) return !sides_[static_cast<int>(Direction::ToServer)].seen;
  const Session::Unanswered* newest = session_.newest();
  return newest && newest->verb == Verb::Stls;
}

// From the unfinished line on, where there is one: it is no command.
void Observer::begin_tls(Direction direction) {
  if (is_tls(direction)) return;
  if (direction == Direction::ToClient && std::holds_alternative<HeldBack>(server_))
    report_held_back();
  const std::optional<Line> unfinished = lines_of(direction).finish();
  const std::uint64_t at = unfinished ? unfinished->begin : lines_of(direction).offset();
  if (direction == Direction::ToServer)
    client_ = Tls{};
  else
    server_ = Tls{};
  add(Observed::Kind::TlsBegin, direction, at, at).phase = Phase::SetUp;
}

// ---- events ----

ObservedHead Observer::head(Observed::Kind kind, Direction direction, std::uint64_t begin,
                            std::uint64_t end) const {
  ObservedHead event;
  event.kind = kind;
  event.direction = direction;
  event.begin = begin;
  event.end = end;
  event.state = shown_state();
  event.phase = phase(static_cast<State>(event.state));
  return event;
}

ObservedHead& Observer::add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                            std::uint64_t end) {
  return events_.add(head(kind, direction, begin, end));
}

void Observer::violate(Direction direction, std::uint64_t begin, std::uint64_t end,
                       const Breach& breach) {
  events_.violate(head(Observed::Kind::Violation, direction, begin, end), breach);
}

// Without the server's side nothing is ever confirmed: then what is expected is shown.
std::uint8_t Observer::shown_state() const {
  const bool answers_seen = sides_[static_cast<int>(Direction::ToClient)].seen;
  return static_cast<std::uint8_t>(answers_seen ? session_.state() : session_.expected_state());
}

}  // namespace mailscope::pop3
