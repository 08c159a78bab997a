// The observer's reading of the client: commands, and its part of a log-in and of IDLE.

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/observer.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kHeldRepliesMax = 16;

// The state that a session is in where the command may come.
State state_for(const Rule& rule) {
  for (const State state : {State::Authenticated, State::Selected})
    if (contains(rule.states, state)) return state;
  return State::NotAuthenticated;
}

// Of APPEND: the mailbox's name is there, so the literal is a message (RFC 9051 §6.3.12). Pieces
// that CATENATE puts together are none (RFC 4469 §3).
bool holds_message(const ClientLine& command) {
  if (command.verb != Verb::Append) return false;
  std::string_view before = command.arguments.substr(0, command.arguments.rfind('{'));
  if (before.ends_with('~')) before.remove_suffix(1);
  return !trim(before).empty() && before.find("CATENATE") == std::string_view::npos;
}

}  // namespace

void Observer::take_client_line(const Line& line) {
  Side& from = side(Direction::ToServer);
  const bool terminated = !line.has(Line::kUnterminated) && !line.has(Line::kTooLong);
  const std::optional<LiteralMark> mark =
      terminated ? literal_at_end(line.text) : std::optional<LiteralMark>();
  if (from.statement) {
    from.add_text(line.text);
    if (!mark) return end_statement(Direction::ToServer, line.end, flags_of(line));
  } else {
    if (take_within_command(line)) return;
    if (!mark || read_client_line(line.text).tag.empty())
      return take_command(line.text, line.begin, line.end, flags_of(line));
    from.statement = Statement{line.begin, std::string(line.text), 0};
  }
  from.add_text("\r\n");
  begin_client_literal(*mark, from.statement->text);
}

// ---- what belongs to a command that waits: responses of a log-in, DONE ----

const Observer::Asked* Observer::waiting_for_lines() const {
  // Without the server's side all commands wait, and the newest counts.
  if (!sides_[static_cast<int>(Direction::ToClient)].seen) {
    const Asked* newest = newest_asked();
    return newest != nullptr && newest->has_lines() ? newest : nullptr;
  }
  const auto found = std::find_if(asked_.begin(), asked_.end(),
                                  [](const Asked& asked) { return asked.has_lines(); });
  return found == asked_.end() ? nullptr : &*found;
}

bool Observer::take_within_command(const Line& line) {
  const Asked* within = waiting_for_lines();
  const bool done = equal_no_case(line.text, "DONE");
  const bool command = surely_begins_command(line.text);
  if (within == nullptr || command) {
    if (done) continuation(line, nullptr, 0);
    return done;
  }
  // Without the server's side nobody says whose turn it is.
  const bool turn = session_.client_lines() != ClientLines::None;
  const bool seen = side(Direction::ToClient).seen;
  if (!turn && seen && !done && newest_asked() != within) return false;
  if (within->verb == Verb::Authenticate)
    continuation(line, within, Observed::kSecret);
  else if (done || turn)
    continuation(line, within, 0);
  else
    return false;
  return true;
}

void Observer::continuation(const Line& line, const Asked* within, std::uint8_t flags) {
  ObservedHead& event =
      add(Observed::Kind::Continuation, Direction::ToServer, line.begin, line.end);
  event.flags = flags | flags_of(line);
  if (within != nullptr) {
    event.key = within->key;
    event.phase = within->phase;
    session_.client_line();
    for (Asked& asked : asked_)
      if (asked.key == event.key && asked.verb == Verb::Idle) asked.over = true;
  }
  events_.set_text(line.text);
}

// ---- literals ----

void Observer::begin_client_literal(const LiteralMark& mark, std::string_view command) {
  PassingLiteral literal;
  literal.size = literal.left = mark.octets;
  literal.synchronizing = mark.synchronizing;
  literal.binary = mark.binary;
  if (mark.octets > 0 && holds_message(read_client_line(command))) {
    literal.way = PassingLiteral::Way::Pass;
    literal.begins = literal.ends = true;
  } else if (mark.octets <= kLiteralKeptMax) {
    literal.way = PassingLiteral::Way::Keep;
  }
  side(Direction::ToServer).literal = std::move(literal);
}

// Its literal was refused: it will not come (RFC 9051 §4.3).
void Observer::end_refused_command(std::string_view tag) {
  const Side& from = side(Direction::ToServer);
  if (!from.statement || !from.literal || from.lines.in_line()) return;
  const PassingLiteral& literal = *from.literal;
  if (!literal.synchronizing || literal.granted || !literal.untouched()) return;
  if (read_client_line(from.statement->text).tag != tag) return;
  side(Direction::ToServer).literal.reset();
  std::string& text = side(Direction::ToServer).statement->text;
  if (text.ends_with("\r\n")) text.resize(text.size() - 2);
  end_statement(Direction::ToServer, from.lines.offset(), 0);
}

// "+" that came within the command that is reported now.
void Observer::report_held_replies(std::uint32_t key, std::uint16_t word) {
  for (HeldReply& held : std::exchange(held_replies_, {})) {
    held.head.key = key;
    held.head.answers = word;
    events_.add(held.head);
    events_.set_text(held.text);
  }
}

void Observer::hold_reply(const Line& line, std::string_view text) {
  if (held_replies_.size() == kHeldRepliesMax) report_held_replies(0, 0);
  HeldReply held;
  held.head = head(Observed::Kind::Reply, Direction::ToClient, line.begin, line.end);
  held.head.word = static_cast<std::uint16_t>(ResponseName::Continue);
  held.head.flags = Observed::kUntagged | flags_of(line);
  held.text = text;
  held_replies_.push_back(std::move(held));
}

// ---- commands ----

void Observer::take_command(std::string_view text, std::uint64_t begin, std::uint64_t end,
                            std::uint8_t flags) {
  const ClientLine command = read_client_line(text);
  flags |= judge_command(command);
  const Session::Unanswered& waiting = session_.command(command.verb, command.tag);
  Asked asked{
      waiting.key, command.verb, static_cast<std::uint16_t>(command.verb), waiting.phase, {}};
  if (command.uid) asked.word |= kUid;
  if (command.verb == Verb::Fetch) asked.octets = octets_asked(command.arguments);
  ObservedHead& event = add(Observed::Kind::Command, Direction::ToServer, begin, end);
  event.word = asked.word;
  event.key = asked.key;
  event.phase = asked.phase;
  event.flags = flags;
  const ObservedHead where = event;
  events_.set_text(text);
  report_held_replies(asked.key, asked.word);
  note_command(command, where);
  if (asked_.size() == Session::kWaitingMax) asked_.pop_front();
  asked_.push_back(std::move(asked));
}

std::uint8_t Observer::judge_command(const ClientLine& command) {
  std::uint8_t flags = 0;
  const Rule* rule = find_rule(command.verb);
  if (rule == nullptr) return command.registered ? 0 : Observed::kUnknown;
  const bool allowed = contains(rule->states, session_.expected_state());
  if (!allowed && state_unsure_) session_.assume(state_for(*rule));
  if (!allowed && !state_unsure_) flags |= Observed::kOutOfPlace;
  const Asked* within = waiting_for_lines();
  if (within != nullptr && within->verb == Verb::Idle) flags |= Observed::kOutOfPlace;
  const bool response = command.verb == Verb::Authenticate &&
                        trim(command.arguments).find(' ') != std::string_view::npos;
  if (command.verb == Verb::Login || response) flags |= Observed::kSecret;
  return flags;
}

void Observer::note_command(const ClientLine& command, const ObservedHead& where) {
  const auto tell = [&](std::uint8_t severity, std::string_view code, std::string_view text,
                        std::string_view rfc) {
    violate(Direction::ToServer, where.begin, where.end, {severity, code, text, rfc});
  };
  if ((where.flags & Observed::kUnknown) != 0)
    tell(1, "imap.unknown-command",
         command.tag.empty() ? "a line of the client has no tag"
                             : "no command of IMAP has this name",
         "RFC 9051 §2.2.1");
  const Asked* within = waiting_for_lines();
  if (within != nullptr && within->verb == Verb::Idle)
    tell(2, "imap.command-while-idling", "a command comes before DONE has ended IDLE",
         "RFC 9051 §6.3.13");
  else if ((where.flags & Observed::kOutOfPlace) != 0)
    tell(1, "imap.out-of-place", "the command may not come in this state", "RFC 9051 §3");
  if (command.verb == Verb::Select || command.verb == Verb::Examine) exists_.reset();
  const bool numbered =
      !command.uid && (command.verb == Verb::Fetch || command.verb == Verb::Store ||
                       command.verb == Verb::Copy || command.verb == Verb::Move);
  if (numbered && exists_ && largest_number(command.arguments) > *exists_)
    tell(1, "imap.no-such-message", "the command names a message number that nothing has",
         "RFC 9051 §9");
}

}  // namespace mailscope::imap
