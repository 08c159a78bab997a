// The observer's reading of the server: tagged and untagged responses, "+".

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/observer.hpp"

namespace mailscope::imap {
namespace {

// Of an answer whose command was not seen.
constexpr std::uint32_t kNoCommand = UINT32_MAX;

Status status_of(ResponseName name) {
  switch (name) {
    case ResponseName::No:
      return Status::No;
    case ResponseName::Bad:
      return Status::Bad;
    case ResponseName::PreAuth:
      return Status::PreAuth;
    case ResponseName::Bye:
      return Status::Bye;
    default:
      return Status::Ok;
  }
}

bool is_selected_data(ResponseName name) {
  return is_numbered(name) || name == ResponseName::Vanished || name == ResponseName::Search;
}

// While one of these is answered, and nothing else, message numbers must stay (RFC 9051 §7.5.1).
bool keeps_numbers(std::uint16_t word) {
  return word == static_cast<std::uint16_t>(Verb::Fetch) ||
         word == static_cast<std::uint16_t>(Verb::Store) ||
         word == static_cast<std::uint16_t>(Verb::Search);
}

}  // namespace

void Observer::take_server_line(const Line& line) {
  if (side(Direction::ToClient).statement) return go_on_with_response(line);
  const ServerLine read = read_server_line(line.text);
  using Kind = ServerLine::Kind;
  if (read.kind == Kind::None)
    return violate(Direction::ToClient, line.begin, line.end,
                   {2, "imap.no-tag", "a line of the server begins with neither a tag nor * nor +",
                    "RFC 9051 §2.2.2"});
  if (read.kind == Kind::Continuation) return take_continuation(line, read.text);
  if (read.kind == Kind::Tagged) return take_tagged(line, read);
  if (is_status(read.name))
    return greeting_due_ ? take_greeting(line, read) : take_status(line, read);
  const bool whole = line.has(Line::kUnterminated) || line.has(Line::kTooLong);
  const std::optional<LiteralMark> mark = literal_at_end(line.text);
  if (whole || !mark) return take_data(read, line.text, line.begin, line.end, flags_of(line));
  Side& from = side(Direction::ToClient);
  from.statement = Statement{line.begin, std::string(line.text), 0};
  from.add_text("\r\n");
  begin_server_literal(*mark, line.text, from.statement->text);
}

void Observer::go_on_with_response(const Line& line) {
  Side& from = side(Direction::ToClient);
  from.add_text(line.text);
  const std::optional<LiteralMark> mark = literal_at_end(line.text);
  if (!mark || line.has(Line::kUnterminated) || line.has(Line::kTooLong))
    return end_statement(Direction::ToClient, line.end, flags_of(line));
  from.add_text("\r\n");
  begin_server_literal(*mark, line.text, from.statement->text);
}

void Observer::begin_server_literal(const LiteralMark& mark, std::string_view line,
                                    std::string_view response) {
  PassingLiteral literal;
  literal.size = literal.left = mark.octets;
  literal.binary = mark.binary;
  const ServerLine read = read_server_line(response);
  const Stretch stretch = stretch_before(line.substr(0, mark.at));
  if (read.name == ResponseName::Fetch && stretch.kind != Stretch::Kind::None) {
    if (const auto size = read_fetch(response).size) messages_.note_size(read.number, *size);
    plan_stretch(literal, read.number, stretch);
  }
  side(Direction::ToClient).literal = std::move(literal);
}

// ---- "+" ----

void Observer::take_continuation(const Line& line, std::string_view text) {
  std::optional<PassingLiteral>& literal = side(Direction::ToServer).literal;
  if (literal && literal->synchronizing && !std::exchange(literal->granted, true))
    return hold_reply(line, text);
  session_.continuation();
  const Asked* within = waiting_for_lines();
  ObservedHead& event = add(Observed::Kind::Reply, Direction::ToClient, line.begin, line.end);
  event.word = static_cast<std::uint16_t>(ResponseName::Continue);
  event.flags = Observed::kUntagged | flags_of(line);
  if (within != nullptr) {
    event.key = within->key;
    event.answers = within->word;
    event.phase = within->phase;
    if (within->verb == Verb::Authenticate) event.flags |= Observed::kSecret;
  }
  events_.set_text(text);
}

// ---- tagged ----

void Observer::take_tagged(const Line& line, const ServerLine& read) {
  greeting_due_ = false;
  end_refused_command(read.tag);
  forget_lost_answers(read.tag);
  const Status status = status_of(read.name);
  const auto answered = session_.reply(read.tag, status);
  const auto asked = answered ? take_asked(answered->key) : std::nullopt;
  const Verb verb = answered ? answered->verb : Verb::Unknown;
  before_answer(verb, status);
  ObservedHead& event = add(Observed::Kind::Reply, Direction::ToClient, line.begin, line.end);
  event.word = static_cast<std::uint16_t>(read.name);
  event.key = answered ? answered->key : kNoCommand;
  event.flags = flags_of(line);
  if (asked) event.answers = asked->word;
  if (answered) event.phase = answered->phase;
  events_.set_text(read.text);
  if (!answered && both_sides_known())
    violate(Direction::ToClient, line.begin, line.end,
            {1, "imap.unknown-tag", "a response bears the tag of no command that waits",
             "RFC 9051 §2.2.2"});
  if (!line.has(Line::kUnterminated)) after_answer(verb, status);
}

// What was sent before a gap in the answers, and before the command that is answered now, was
// answered in the gap; it is taken as OK.
void Observer::forget_lost_answers(std::string_view tag) {
  const Session::Unanswered* answered = session_.find(tag);
  const std::uint32_t until = answered == nullptr ? 0 : std::min(answered->key, lost_until_ + 1);
  while (session_.oldest() != nullptr && session_.oldest()->key < until)
    if (const auto lost = session_.reply(std::string(session_.oldest()->tag), Status::Ok))
      take_asked(lost->key);
}

std::optional<Observer::Asked> Observer::take_asked(std::uint32_t key) {
  const auto found = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const Asked& asked) { return asked.key == key; });
  if (found == asked_.end()) return {};
  Asked taken = std::move(*found);
  asked_.erase(found);
  return taken;
}

// Another mailbox, or none: message numbers mean something else now.
void Observer::before_answer(Verb verb, Status status) {
  const bool selects = verb == Verb::Select || verb == Verb::Examine;
  const bool leaves = (verb == Verb::Close || verb == Verb::Unselect) && status == Status::Ok;
  if (leaves || (selects && status != Status::Ok)) exists_.reset();
  if ((leaves || selects) && messages_.forget()) break_message(Direction::ToClient);
}

void Observer::after_answer(Verb verb, Status status) {
  const bool selects = verb == Verb::Select || verb == Verb::Examine;
  if (selects && status == Status::Ok) state_unsure_ = false;
  if (status != Status::Ok || (verb != Verb::Starttls && verb != Verb::Compress)) return;
  const auto kind =
      verb == Verb::Starttls ? Observed::Kind::TlsBegin : Observed::Kind::DeflateBegin;
  begin_layer(Direction::ToClient, kind);
  begin_layer(Direction::ToServer, kind);
}

// ---- untagged ----

void Observer::take_greeting(const Line& line, const ServerLine& read) {
  greeting_due_ = false;
  session_.reply("", status_of(read.name));
  ObservedHead& event = add(Observed::Kind::Reply, Direction::ToClient, line.begin, line.end);
  event.word = static_cast<std::uint16_t>(read.name);
  event.answers = static_cast<std::uint16_t>(Verb::Connect);
  event.flags = Observed::kUntagged | flags_of(line);
  event.phase = Phase::SetUp;
  events_.set_text(read.text);
}

void Observer::take_status(const Line& line, const ServerLine& read) {
  if (read.name == ResponseName::Bye) session_.happen(Happening::Bye);
  take_data(read, line.text, line.begin, line.end, flags_of(line));
}

// The command that made the server say it. A status response goes with the mailbox that is being
// opened, else with the only command that waits.
const Observer::Asked* Observer::asked_for(ResponseName response) const {
  const bool status =
      response == ResponseName::Ok || response == ResponseName::No || response == ResponseName::Bad;
  if (status && asked_.size() == 1) return &asked_.front();
  const ResponseName sought = status ? ResponseName::Flags : response;
  const auto found = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const Asked& asked) { return asks_for(asked.verb, sought); });
  return found == asked_.end() ? nullptr : &*found;
}

// `whole`: all its lines; literals stand there as their counts.
void Observer::take_data(const ServerLine& read, std::string_view whole, std::uint64_t begin,
                         std::uint64_t end, std::uint8_t flags) {
  greeting_due_ = false;
  if (is_selected_data(read.name)) assume_selected();
  if (read.name == ResponseName::Fetch) note_fetch(read.number, whole, begin, end);
  ObservedHead& event = add(Observed::Kind::Reply, Direction::ToClient, begin, end);
  event.word = static_cast<std::uint16_t>(read.name);
  event.flags = Observed::kUntagged | flags;
  if (read.name == ResponseName::Fetch) event.answers = static_cast<std::uint16_t>(Verb::Fetch);
  if (const Asked* asked = asked_for(read.name)) {
    event.key = asked->key;
    event.answers = asked->word;
    event.phase = asked->phase;
  }
  const ObservedHead where = event;
  events_.set_text(read.text);
  note_data(read, where);
}

void Observer::note_data(const ServerLine& read, const ObservedHead& where) {
  if (read.name == ResponseName::Exists) exists_ = read.number;
  if (read.name == ResponseName::Expunge) note_expunge(read.number, where);
  if (read.name == ResponseName::Vanished && !starts_with_no_case(read.text, "(EARLIER)")) {
    exists_.reset();
    if (messages_.forget()) break_message(Direction::ToClient);
  }
  const bool numbered = read.name == ResponseName::Fetch;
  if (numbered && exists_ && (read.number > *exists_ || read.number == 0))
    violate(Direction::ToClient, where.begin, where.end,
            {2, "imap.no-such-message", "the response is about a message number that nothing has",
             "RFC 9051 §7.5.2"});
}

void Observer::note_expunge(std::uint32_t number, const ObservedHead& where) {
  const bool kept = std::all_of(asked_.begin(), asked_.end(),
                                [](const Asked& asked) { return keeps_numbers(asked.word); });
  if (kept && both_sides_known())
    violate(Direction::ToClient, where.begin, where.end,
            {2, "imap.expunge-out-of-place",
             asked_.empty() ? "EXPUNGE comes while no command is in progress"
                            : "EXPUNGE comes in answer to FETCH, STORE or SEARCH",
             "RFC 9051 §7.5.1"});
  messages_.expunged(number);
  if (exists_ && *exists_ > 0) --*exists_;
}

void Observer::assume_selected() {
  if (!state_unsure_ || session_.state() == State::Selected) return;
  const Asked* newest = newest_asked();
  const bool selecting = newest && (newest->verb == Verb::Select || newest->verb == Verb::Examine);
  if (!selecting) session_.assume(State::Selected);
}

}  // namespace mailscope::imap
