// The observer's reading of literals, and the messages in them.

#include <algorithm>
#include <utility>

#include "protocols/imap/observer.hpp"

namespace mailscope::imap {

// Takes octets of it off the front; it may be over when this comes back.
void Observer::read_literal(Direction direction, std::string_view& octets) {
  open_literal(direction);
  PassingLiteral& literal = *side(direction).literal;
  const std::string_view piece = octets.substr(
      0, static_cast<std::size_t>(std::min<std::uint64_t>(literal.left, octets.size())));
  octets.remove_prefix(piece.size());
  if (!piece.empty()) take_piece(direction, piece);
  if (literal.left == 0) literal_over(direction);
}

void Observer::open_literal(Direction direction) {
  Side& from = side(direction);
  PassingLiteral& literal = *from.literal;
  if (std::exchange(literal.opened, true) || literal.way != PassingLiteral::Way::Pass) return;
  const std::uint64_t at = from.lines.offset();
  const bool sent = direction == Direction::ToServer;
  if (literal.begins)
    begin_message(direction, at, static_cast<std::uint16_t>(sent ? Verb::Append : Verb::Fetch));
  if (!literal.before.empty()) content(direction, literal.before, at, at);
}

void Observer::take_piece(Direction direction, std::string_view piece) {
  Side& from = side(direction);
  PassingLiteral& literal = *from.literal;
  const std::uint64_t begin = from.lines.offset();
  from.lines.skip(piece.size());
  literal.left -= piece.size();
  if (!literal.binary && !literal.nul)
    if (const std::size_t nul = piece.find('\0'); nul != std::string_view::npos)
      literal.nul = begin + nul;
  switch (literal.way) {
    case PassingLiteral::Way::Keep:
      from.add_text(piece);
      break;
    case PassingLiteral::Way::Hold:
      messages_.hold(piece);
      break;
    case PassingLiteral::Way::Pass:
      content(direction, piece, begin, begin + piece.size());
      break;
    case PassingLiteral::Way::Skip:
      break;
  }
}

void Observer::literal_over(Direction direction) {
  Side& from = side(direction);
  const PassingLiteral literal = *std::exchange(from.literal, std::nullopt);
  const std::uint64_t at = from.lines.offset();
  if (literal.nul)
    violate(direction, *literal.nul, *literal.nul + 1,
            {2, "imap.nul-in-literal", "a literal holds a NUL, which only a literal8 may",
             "RFC 9051 §4.3"});
  if (literal.way != PassingLiteral::Way::Pass) return;
  if (!literal.after.empty()) content(direction, literal.after, at, at);
  if (from.message) from.message->end = at;
  if (literal.ends) end_message(direction);
}

// A gap that begins in it. `octets` are those of the gap behind it when this comes back.
void Observer::skip_literal(Direction direction, std::uint64_t& octets) {
  open_literal(direction);
  Side& from = side(direction);
  PassingLiteral& literal = *from.literal;
  const std::uint64_t lost = std::min(literal.left, octets);
  octets -= lost;
  if (lost > 0) {
    from.lines.skip(lost);
    literal.left -= lost;
    if (from.message && literal.way == PassingLiteral::Way::Pass) from.message->broken = true;
    if (literal.way == PassingLiteral::Way::Hold) messages_.drop_held();
    if (literal.way == PassingLiteral::Way::Keep) from.statement->flags |= Observed::kIncomplete;
    if (literal.way != PassingLiteral::Way::Pass) literal.way = PassingLiteral::Way::Skip;
  }
  if (literal.left == 0) literal_over(direction);
}

// ---- messages ----

void Observer::plan_stretch(PassingLiteral& literal, std::uint32_t message,
                            const Stretch& stretch) {
  using Way = reading::Messages::Plan::Way;
  const std::uint64_t asked = stretch.partial ? asked_octets(stretch.origin) : 0;
  reading::Messages::Plan plan = messages_.take(message, stretch, literal.size, asked);
  if (plan.breaks) break_message(Direction::ToClient);
  if (plan.way == Way::Hold) literal.way = PassingLiteral::Way::Hold;
  if (plan.way == Way::Pass) literal.way = PassingLiteral::Way::Pass;
  literal.begins = plan.begins;
  literal.ends = plan.ends;
  literal.before = std::move(plan.before);
  literal.after = std::move(plan.after);
}

// How many octets the client wanted from there on; 0: it did not say, or that was not seen.
std::uint64_t Observer::asked_octets(std::uint64_t origin) const {
  for (const Asked& asked : asked_)
    for (const AskedOctets& stretch : asked.octets)
      if (stretch.origin == origin) return stretch.octets;
  return 0;
}

// The size, which may stand behind the octets; messages small enough for a quoted string.
void Observer::note_fetch(std::uint32_t number, std::string_view whole, std::uint64_t begin,
                          std::uint64_t end) {
  const FetchFacts facts = read_fetch(whole);
  if (facts.size) messages_.note_size(number, *facts.size);
  for (const QuotedStretch& quoted : facts.quoted) {
    PassingLiteral stretch;
    stretch.size = quoted.octets.size();
    plan_stretch(stretch, number, quoted.stretch);
    if (stretch.way == PassingLiteral::Way::Hold) messages_.hold(quoted.octets);
    if (stretch.way == PassingLiteral::Way::Pass) tell_stretch(stretch, quoted.octets, begin, end);
  }
  PassingLiteral whole_now;
  whole_now.begins = whole_now.ends = true;
  if (const auto octets = messages_.held_whole(number))
    tell_stretch(whole_now, *octets, begin, end);
}

// Of a stretch that is here already.
void Observer::tell_stretch(const PassingLiteral& stretch, std::string_view octets,
                            std::uint64_t begin, std::uint64_t end) {
  const Direction direction = Direction::ToClient;
  if (stretch.begins) {
    if (side(direction).message) break_message(direction);
    begin_message(direction, begin, static_cast<std::uint16_t>(Verb::Fetch));
  }
  for (const std::string_view piece :
       {std::string_view(stretch.before), octets, std::string_view(stretch.after)})
    if (!piece.empty()) content(direction, piece, end, end);
  if (side(direction).message) side(direction).message->end = end;
  if (stretch.ends) end_message(direction);
}

void Observer::begin_message(Direction direction, std::uint64_t at, std::uint16_t answers) {
  side(direction).message = Message{at, at, answers, false};
  ObservedHead& event = add(Observed::Kind::ContentBegin, direction, at, at);
  event.answers = answers;
  event.flags = Observed::kNested;
}

void Observer::content(Direction direction, std::string_view octets, std::uint64_t begin,
                       std::uint64_t end) {
  if (!side(direction).message) return;
  add(Observed::Kind::Content, direction, begin, end).answers = side(direction).message->answers;
  events_.set_text(octets);
}

void Observer::end_message(Direction direction) {
  const auto message = std::exchange(side(direction).message, std::nullopt);
  if (!message) return;
  ObservedHead& event = add(Observed::Kind::ContentEnd, direction, message->begin, message->end);
  event.answers = message->answers;
  if (message->broken) event.flags = Observed::kIncomplete;
}

// It will not go on, and is not whole.
void Observer::break_message(Direction direction) {
  if (!side(direction).message) return;
  side(direction).message->broken = true;
  end_message(direction);
}

}  // namespace mailscope::imap
