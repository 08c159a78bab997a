// The observer's way in and out: octets to lines and literals, gaps and ends, layers.

#include "protocols/imap/observer.hpp"

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {

Observer::Observer(Options options)
    : greeting_due_(options.from_beginning), state_unsure_(!options.from_beginning) {
  if (options.from_beginning) {
    session_.command(Verb::Connect, "");
    return;
  }
  for (Side& side : sides_) side.lines.join();
}

// The session goes on; the octets of both sides begin anew.
std::unique_ptr<DialogueObserver> Observer::in_layer() const {
  auto above = std::make_unique<Observer>(*this);
  for (Side& side : above->sides_) {
    const bool seen = side.seen;
    side = Side();
    side.seen = seen;
  }
  above->held_replies_.clear();
  above->events_.begin();
  return above;
}

// ---- octets to lines ----

void Observer::receive(Direction direction, std::string_view octets) {
  events_.begin(octets);
  Side& from = side(direction);
  if (!octets.empty()) from.seen = true;
  while (!octets.empty()) {
    if (from.over) return from.lines.skip(octets.size());
    if (from.literal)
      read_literal(direction, octets);
    else
      read_line(direction, octets);
  }
}

// Takes one line, or what there is of it, off the front.
void Observer::read_line(Direction direction, std::string_view& octets) {
  Side& from = side(direction);
  if (!from.statement && from.at_tls_handshake(octets) && tls_may_begin(direction))
    return begin_layer(direction, Observed::Kind::TlsBegin);
  if (const std::optional<Line> line = from.lines.next(octets)) take_line(direction, *line);
}

void Observer::take_line(Direction direction, const Line& line) {
  if (!is_taken(direction, line)) return;
  note_line_faults(direction, line);
  if (direction == Direction::ToServer)
    take_client_line(line);
  else
    take_server_line(line);
  // A literal's count may have been cut off it.
  if (line.has(Line::kTooLong)) lose_sync(direction);
}

// Behind a gap a line may be the tail of one, or a piece of a message.
bool Observer::is_taken(Direction direction, const Line& line) {
  Side& from = side(direction);
  if (from.statement || (!from.unsure && !line.has(Line::kHeadMissing))) return true;
  const bool sure = direction == Direction::ToServer
                        ? surely_begins_command(line.text) || equal_no_case(line.text, "DONE")
                        : surely_begins_response(line.text);
  from.unsure = !sure;
  return sure;
}

void Observer::note_line_faults(Direction direction, const Line& line) {
  Side& from = side(direction);
  if (!line.has(Line::kBareLf) || std::exchange(from.told_bare_lf, true)) return;
  violate(direction, line.begin, line.end,
          {1, "imap.bare-lf",
           "a line ends in LF without CR; this one and later ones are read all the same",
           "RFC 9051 §2.2"});
}

// What is unfinished is reported as far as it came.
void Observer::end_statement(Direction direction, std::uint64_t end, std::uint8_t flags) {
  Side& from = side(direction);
  if (from.literal) {
    from.literal.reset();
    break_message(direction);
  }
  const Statement statement = *std::exchange(from.statement, std::nullopt);
  flags |= statement.flags;
  if (direction == Direction::ToServer)
    return take_command(statement.text, statement.begin, end, flags);
  take_data(read_server_line(statement.text), statement.text, statement.begin, end, flags);
}

void Observer::lose_sync(Direction direction) {
  Side& from = side(direction);
  from.unsure = true;
  if (from.statement) end_statement(direction, from.lines.offset(), Observed::kIncomplete);
}

// ---- gaps and ends ----

void Observer::gap(Direction direction, std::uint64_t octets) {
  events_.begin();
  Side& from = side(direction);
  if (from.over) return from.lines.skip(octets);
  if (from.literal) skip_literal(direction, octets);
  if (octets == 0) return;
  if (from.statement) end_statement(direction, from.lines.offset(), Observed::kIncomplete);
  from.lines.gap(octets);  // the broken line is dropped
  state_unsure_ = true;
  if (direction == Direction::ToServer) return;
  if (session_.newest() != nullptr) lost_until_ = session_.newest()->key;
  exists_.reset();
  if (messages_.forget()) break_message(direction);
}

void Observer::receive_eof(Direction direction) {
  events_.begin();
  Side& from = side(direction);
  if (std::exchange(from.ended, true) || from.over) return;
  const std::optional<Line> line = from.lines.finish();
  if (from.statement) {
    if (line) from.statement->text += line->text;
    end_statement(direction, line ? line->end : from.lines.offset(), Observed::kIncomplete);
  } else if (line && is_taken(direction, *line)) {
    direction == Direction::ToServer ? take_client_line(*line) : take_server_line(*line);
  }
  if (direction == Direction::ToClient && messages_.forget()) break_message(direction);
  if (!held_replies_.empty()) report_held_replies(0, 0);
}

// ---- layers ----

// Behind STARTTLS, or where what stands in front was not seen; elsewhere the octet is one like
// another.
bool Observer::tls_may_begin(Direction direction) const {
  if (sides_[static_cast<int>(direction)].lines.head_missing()) return true;
  if (direction == Direction::ToClient) return !sides_[static_cast<int>(Direction::ToServer)].seen;
  const Session::Unanswered* newest = session_.newest();
  return newest && newest->verb == Verb::Starttls;
}

// From the unfinished line on, where there is one: it is none.
void Observer::begin_layer(Direction direction, Observed::Kind kind) {
  Side& from = side(direction);
  if (from.over) return;
  if (from.statement) end_statement(direction, from.lines.offset(), Observed::kIncomplete);
  const std::optional<Line> unfinished = from.lines.finish();
  const std::uint64_t at = unfinished ? unfinished->begin : from.lines.offset();
  from.over = true;
  add(kind, direction, at, at).phase =
      kind == Observed::Kind::TlsBegin ? Phase::SetUp : phase(static_cast<State>(shown_state()));
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

// What the server says next stands behind the "+" that are held.
ObservedHead& Observer::add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                            std::uint64_t end) {
  if (direction == Direction::ToClient && !held_replies_.empty()) report_held_replies(0, 0);
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

bool Observer::both_sides_known() const {
  return sides_[0].seen && sides_[1].seen && !state_unsure_;
}

}  // namespace mailscope::imap
