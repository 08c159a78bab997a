// [[check]]: one row a key, one function a kind.
#include "captures/languages/languages.hpp"
#include "protocols/base/spelling.hpp"
#include "scenarios/reading/event_words.hpp"
#include "scenarios/reading/kinds.hpp"
#include "scenarios/reading/loader_parts.hpp"

namespace mailscope::scenarios {
namespace {

constexpr std::int64_t kTimesMax = 1'000'000;

// ---- values that several kinds have ----

std::string user_at(TableReader& table, std::string_view key, const Scenario& scenario) {
  std::string name = table.text(key);
  require_user(table, key, name, scenario);
  return name;
}

std::string host_at(TableReader& table, std::string_view key, const Scenario& scenario) {
  std::string name = table.text(key);
  require_host(table, key, name, scenario);
  return name;
}

std::string host_or_any(TableReader& table, std::string_view key, const Scenario& scenario) {
  std::string name = table.text_or(key, "");
  if (!name.empty()) require_host(table, key, name, scenario);
  return name;
}

std::int64_t number_at(TableReader& table, std::string_view key) {
  return table.integer_or(key, 0, 0, INT64_MAX);
}

// Beside `key`; it has to be there.
std::int64_t holds(TableReader& table, std::string_view key) {
  if (!table.has("holds")) table.fail(key, fmt::format("how many? write holds = 1 beside {}", key));
  return table.integer_or("holds", 1, 0, kTimesMax);
}

std::int64_t times(TableReader& table) {
  return table.integer_or("times", 1, 0, kTimesMax);
}

// ---- what a host or a user has ----

void read(check::Mailbox& check, TableReader& table, const Scenario& scenario) {
  check.user = user_at(table, "mailbox", scenario);
  check.holds = holds(table, "mailbox");
}

void read(check::Inbox& check, TableReader& table, const Scenario& scenario) {
  check.user = user_at(table, "inbox", scenario);
  check.holds = holds(table, "inbox");
}

void read(check::Junk& check, TableReader& table, const Scenario& scenario) {
  check.user = user_at(table, "junk", scenario);
  check.holds = holds(table, "junk");
}

void read(check::Spool& check, TableReader& table, const Scenario& scenario) {
  check.host = host_at(table, "spool", scenario);
  check.holds = holds(table, "spool");
}

void read(check::Retries& check, TableReader& table, const Scenario& scenario) {
  check.times = number_at(table, "retries");
  check.host = host_at(table, "of", scenario);
}

void read(check::Refused& check, TableReader& table, const Scenario& scenario) {
  check.user = user_at(table, "refused", scenario);
  check.times = times(table);
}

// ---- a user's messages ----

void read(check::Received& check, TableReader& table, const Scenario& scenario) {
  check.lines = number_at(table, "received");
  check.user = user_at(table, "of", scenario);
}

void read(check::Subject& check, TableReader& table, const Scenario& scenario) {
  check.text = table.text("subject");
  check.times = times(table);
  check.user = user_at(table, "of", scenario);
}

void read(check::Contains& check, TableReader& table, const Scenario& scenario) {
  check.text = table.text("contains");
  check.times = times(table);
  check.user = user_at(table, "of", scenario);
}

void read(check::Report& check, TableReader& table, const Scenario& scenario) {
  check.user = user_at(table, "report", scenario);
  check.times = times(table);
}

void read(check::Duplicates& check, TableReader& table, const Scenario& scenario) {
  check.messages = number_at(table, "duplicates");
  check.user = user_at(table, "of", scenario);
}

// ---- the whole run ----

// `reply` and `to` are what an event would say, and are held to the same words.
void read(check::Reply& check, TableReader& table, const Scenario& scenario) {
  check.reply.code = table.text("reply");
  check.times = times(table);
  const std::string answered = table.text_or("to", "");
  if (const auto unknown = find_unknown_reply(check.reply.code, answered))
    table.fail("reply", *unknown);
  check.reply.to_message = answered == kTheMessage;
  if (!check.reply.to_message) check.reply.verb = answered;
  check.reply.host = host_or_any(table, "by", scenario);
}

void read(check::LostFrames& check, TableReader& table, const Scenario&) {
  check.at_least = number_at(table, "lost_frames");
}

void read(check::Connections& check, TableReader& table, const Scenario& scenario) {
  check.number = number_at(table, "connections");
  check.from = host_or_any(table, "from", scenario);
  check.to = host_or_any(table, "to", scenario);
}

void read(check::Saves& check, TableReader& table, const Scenario&) {
  check.share = table.number_or("saves", 0, 0, 1);
  for (auto [key, number] :
       {std::pair{"connection", &check.connection}, {"against", &check.against}}) {
    if (!table.has(key))
      table.fail("saves", fmt::format("which connection? write {} = 1 beside saves", key));
    *number = static_cast<std::size_t>(table.integer_or(key, 1, 1, kTimesMax));
  }
}

void read(check::Finding& check, TableReader& table, const Scenario&) {
  check.code = table.text("finding");
  check.times = times(table);
  if (languages::find_finding_kind(check.code)) return;
  std::vector<std::string_view> known;
  for (const trace::FindingKind& kind : languages::finding_kinds()) known.push_back(kind.code);
  const std::string_view near = nearest_word(check.code, known);
  table.fail("finding",
             fmt::format("there is no finding \"{}\"; {}", printable(check.code),
                         near.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                                      : fmt::format("perhaps {}?", near)));
}

// ---- events, and what lies between two ----

void read(check::Event& check, TableReader& table, const Scenario& scenario) {
  check.event = read_event(table, "event", scenario);
  check.times = times(table);
}

void read(check::Before& check, TableReader& table, const Scenario& scenario) {
  check.earlier = read_event(table, "event", scenario);
  for (const std::string_view key : {"says", "times"})
    if (table.has(key))
      table.fail(key, fmt::format("an order has no {}; write a second [[check]]", key));
  check.later = read_event(table, "before", scenario);
}

void read(check::Says& check, TableReader& table, const Scenario& scenario) {
  check.event = read_event(table, "event", scenario);
  if (table.has("times")) check.times = times(table);
  check.text = table.text("says");
}

void read(check::State& check, TableReader& table, const Scenario& scenario) {
  EventPattern pattern = read_event(table, "state", scenario);
  const auto* state = std::get_if<event::Change>(&pattern.event);
  if (!state || !state->value)
    table.fail("state", "a state is written state = \"mail.beta.example: spool = 1\"");
  check.state = *state;
  check.text = std::move(pattern.text);
  check.at = read_event(table, "at", scenario);
}

// takes = ["4 min", "6 min"]
void read(check::Takes& check, TableReader& table, const Scenario& scenario) {
  const std::vector<std::string> ends = table.texts("takes");
  const auto least = parse_duration(ends.empty() ? "" : ends.front());
  const auto most = parse_duration(ends.empty() ? "" : ends.back());
  if (ends.size() != 2 || !least || !most || *least > *most)
    table.fail("takes", "takes wants the least and the most: takes = [\"4 min\", \"6 min\"]");
  check.least = *least;
  check.most = *most;
  check.from = read_event(table, "from", scenario);
  check.until = read_event(table, "until", scenario);
}

void read(check::RoundTrips& check, TableReader& table, const Scenario& scenario) {
  check.number = number_at(table, "round_trips");
  check.from = read_event(table, "from", scenario);
  check.until = read_event(table, "until", scenario);
}

void read(check::Frames& check, TableReader& table, const Scenario& scenario) {
  check.number = number_at(table, "frames");
  check.from = read_event(table, "from", scenario);
  check.until = read_event(table, "until", scenario);
}

// ---- what crosses the wire at an event ----

void read(check::Octets& check, TableReader& table, const Scenario& scenario) {
  check.octets = number_at(table, "octets");
  check.of = read_event(table, "of", scenario);
}

void read(check::Port& check, TableReader& table, const Scenario& scenario) {
  check.port = number_at(table, "port");
  check.of = read_event(table, "of", scenario);
}

void read(check::Ttl& check, TableReader& table, const Scenario& scenario) {
  check.ttl = number_at(table, "ttl");
  check.hop = static_cast<std::size_t>(table.integer_or("hop", 1, 1, kTimesMax));
  check.of = read_event(table, "of", scenario);
}

void read(check::SameMessage& check, TableReader& table, const Scenario& scenario) {
  check.later = read_event(table, "same_message", scenario);
  check.earlier = read_event(table, "as", scenario);
}

void read(check::SameParts& check, TableReader& table, const Scenario& scenario) {
  check.later = read_event(table, "same_parts", scenario);
  check.earlier = read_event(table, "as", scenario);
}

// ---- the keys ----

template <typename Kind>
check::Any read_kind(TableReader& table, const Scenario& scenario) {
  Kind kind;
  read(kind, table, scenario);
  return kind;
}

// `event` is about an order or about words with another key beside it.
check::Any read_event_check(TableReader& table, const Scenario& scenario) {
  if (table.has("before")) return read_kind<check::Before>(table, scenario);
  if (table.has("says")) return read_kind<check::Says>(table, scenario);
  return read_kind<check::Event>(table, scenario);
}

struct CheckKey {
  std::string_view name;
  check::Any (*read)(TableReader&, const Scenario&);
  KindBits kinds;  // that it can make
};

template <typename Kind>
constexpr CheckKey row(std::string_view name) {
  return {name, read_kind<Kind>, bits_of<check::Any, Kind>()};
}

constexpr CheckKey kKeys[] = {
    row<check::Mailbox>("mailbox"),
    row<check::Inbox>("inbox"),
    row<check::Junk>("junk"),
    row<check::Spool>("spool"),
    row<check::Reply>("reply"),
    row<check::Refused>("refused"),
    row<check::LostFrames>("lost_frames"),
    row<check::Received>("received"),
    row<check::Subject>("subject"),
    row<check::Contains>("contains"),
    row<check::Report>("report"),
    row<check::Connections>("connections"),
    row<check::Saves>("saves"),
    row<check::Retries>("retries"),
    row<check::Duplicates>("duplicates"),
    {"event", read_event_check, bits_of<check::Any, check::Event, check::Before, check::Says>()},
    row<check::Takes>("takes"),
    row<check::RoundTrips>("round_trips"),
    row<check::Frames>("frames"),
    row<check::Octets>("octets"),
    row<check::Port>("port"),
    row<check::Ttl>("ttl"),
    row<check::State>("state"),
    row<check::SameMessage>("same_message"),
    row<check::SameParts>("same_parts"),
    row<check::Finding>("finding"),
};

static_assert(all_bits(kKeys) == kEveryBit<check::Any>, "every kind of check has its key");

// The key that is there may be nearly one.
[[noreturn]] void no_such_check(const TableReader& table,
                                const std::vector<std::string_view>& known) {
  for (const std::string& key : table.keys())
    if (const std::string_view near = nearest_word(key, known); !near.empty())
      table.fail(key,
                 fmt::format("a check is not about \"{}\"; perhaps {}?", printable(key), near));
  table.fail("", fmt::format("a check needs one of {}: mailbox = \"bob\", holds = 1",
                             fmt::join(known, ", ")));
}

const CheckKey& find_key(TableReader& table) {
  const CheckKey* found = nullptr;
  std::vector<std::string_view> known;
  for (const CheckKey& key : kKeys) {
    known.push_back(key.name);
    if (!table.has(key.name)) continue;
    if (found) table.fail(key.name, "a check is about one thing; write a second [[check]]");
    found = &key;
  }
  if (!found) no_such_check(table, known);
  return *found;
}

}  // namespace

void read_checks(TableReader& file, Scenario& scenario) {
  for (TableReader& table : file.tables("check")) {
    const int line = table.line();
    scenario.checks.push_back({find_key(table).read(table, scenario), line});
    table.expect_no_more();
  }
}

}  // namespace mailscope::scenarios
