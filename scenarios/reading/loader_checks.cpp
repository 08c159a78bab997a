#include "captures/trace/finding_kinds.hpp"
#include "protocols/base/spelling.hpp"
#include "scenarios/reading/event_words.hpp"
#include "scenarios/reading/loader_parts.hpp"

namespace mailscope::scenarios {
namespace {

constexpr std::int64_t kTimesMax = 1'000'000;

// What the value of a check's main key is, and which key says how many.
enum class Value : std::uint8_t { User, Host, Text, Number, Share, Event, Range };
struct CheckKey {
  std::string_view name;
  CheckKind kind;
  Value value;
  std::string_view count;  // "holds" has to be there; "times" is 1 when it is not
};
constexpr CheckKey kKeys[] = {
    {"mailbox", CheckKind::Mailbox, Value::User, "holds"},
    {"inbox", CheckKind::Inbox, Value::User, "holds"},
    {"junk", CheckKind::Junk, Value::User, "holds"},
    {"spool", CheckKind::Spool, Value::Host, "holds"},
    {"reply", CheckKind::Reply, Value::Text, "times"},
    {"refused", CheckKind::Refused, Value::User, "times"},
    {"lost_frames", CheckKind::LostFrames, Value::Number, ""},
    {"received", CheckKind::Received, Value::Number, ""},
    {"subject", CheckKind::Subject, Value::Text, "times"},
    {"contains", CheckKind::Contains, Value::Text, "times"},
    {"report", CheckKind::Report, Value::User, "times"},
    {"connections", CheckKind::Connections, Value::Number, ""},
    {"saves", CheckKind::Saves, Value::Share, ""},
    {"retries", CheckKind::Retries, Value::Number, ""},
    {"duplicates", CheckKind::Duplicates, Value::Number, ""},
    {"event", CheckKind::Event, Value::Event, "times"},
    {"takes", CheckKind::Takes, Value::Range, ""},
    {"round_trips", CheckKind::RoundTrips, Value::Number, ""},
    {"frames", CheckKind::Frames, Value::Number, ""},
    {"octets", CheckKind::Octets, Value::Number, ""},
    {"port", CheckKind::Port, Value::Number, ""},
    {"ttl", CheckKind::Ttl, Value::Number, ""},
    {"state", CheckKind::State, Value::Event, ""},
    {"same_message", CheckKind::SameMessage, Value::Event, ""},
    {"same_parts", CheckKind::SameParts, Value::Event, ""},
    {"finding", CheckKind::Finding, Value::Text, "times"},
};

void read_event(TableReader& table, std::string_view key, const Scenario& scenario,
                EventPattern& pattern, std::string& text) {
  pattern = event(table, key, scenario);
  text = table.text(key);
}

// `reply` and `to` are what an event would say, and are held to the same words.
void read_reply(TableReader& table, CheckSpec& spec, const Scenario& scenario) {
  spec.to = table.text_or("to", "");
  EventPattern pattern;
  pattern.kind = EventPattern::Kind::Reply;
  pattern.word = spec.subject;
  pattern.answers = spec.to;
  if (const auto unknown = find_unknown_word(pattern, scenario)) table.fail("reply", *unknown);
}

void require_finding(const TableReader& table, const std::string& code) {
  if (trace::find_finding_kind(code)) return;
  std::vector<std::string_view> known;
  for (const trace::FindingKind& kind : trace::finding_kinds()) known.push_back(kind.code);
  const std::string_view near = nearest_word(code, known);
  table.fail("finding",
             fmt::format("there is no finding \"{}\"; {}", printable(code),
                         near.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                                      : fmt::format("perhaps {}?", near)));
}

// "event" beside "before" or "says".
void read_more_of_event(TableReader& table, CheckSpec& spec, const Scenario& scenario) {
  if (table.has("before")) {
    for (const std::string_view key : {"says", "times"})
      if (table.has(key))
        table.fail(key, fmt::format("an order has no {}; write a second [[check]]", key));
    spec.kind = CheckKind::Before;
    return read_event(table, "before", scenario, spec.other, spec.other_text);
  }
  if (!table.has("says")) return;
  spec.kind = CheckKind::Says;
  spec.subject = table.text("says");
  spec.at_least = !table.has("times");
}

void read_state(TableReader& table, CheckSpec& spec, const Scenario& scenario) {
  if (spec.event.kind != EventPattern::Kind::Change || spec.event.any_value)
    table.fail("state", "a state is written state = \"mail.beta.example: spool = 1\"");
  read_event(table, "at", scenario, spec.other, spec.other_text);
}

// The other keys of a kind.
void read_rest(TableReader& table, CheckSpec& spec, const Scenario& scenario) {
  const auto user = [&] {
    spec.of = table.text("of");
    require_user(table, "of", spec.of, scenario);
  };
  const auto from_until = [&] {
    read_event(table, "from", scenario, spec.event, spec.event_text);
    read_event(table, "until", scenario, spec.other, spec.other_text);
  };
  const auto host = [&](std::string_view key, std::string& name, bool needed) {
    name = needed ? table.text(key) : table.text_or(key, "");
    if (!name.empty()) require_host(table, key, name, scenario);
  };
  switch (spec.kind) {
    case CheckKind::Reply:
      read_reply(table, spec, scenario);
      return host("by", spec.of, false);
    case CheckKind::Received:
    case CheckKind::Subject:
    case CheckKind::Contains:
    case CheckKind::Duplicates:
      return user();
    case CheckKind::Retries:
      return host("of", spec.of, true);
    case CheckKind::Connections:
      host("from", spec.of, false);
      return host("to", spec.to, false);
    case CheckKind::Saves:
      for (auto [key, number] :
           {std::pair{"connection", &spec.connection}, {"against", &spec.against}}) {
        if (!table.has(key))
          table.fail("saves", fmt::format("which connection? write {} = 1 beside saves", key));
        *number = static_cast<std::size_t>(table.integer_or(key, 1, 1, kTimesMax));
      }
      return;
    case CheckKind::Event:
      return read_more_of_event(table, spec, scenario);
    case CheckKind::Takes:
    case CheckKind::RoundTrips:
    case CheckKind::Frames:
      return from_until();
    case CheckKind::Ttl:
      spec.hop = static_cast<std::size_t>(table.integer_or("hop", 1, 1, kTimesMax));
      [[fallthrough]];
    case CheckKind::Octets:
    case CheckKind::Port:
      return read_event(table, "of", scenario, spec.event, spec.event_text);
    case CheckKind::State:
      return read_state(table, spec, scenario);
    case CheckKind::Finding:
      return require_finding(table, spec.subject);
    case CheckKind::SameMessage:
    case CheckKind::SameParts:
      return read_event(table, "as", scenario, spec.other, spec.other_text);
    default:
      return;
  }
}

// takes = ["4 min", "6 min"]
void read_range(TableReader& table, std::string_view key, CheckSpec& spec) {
  const std::vector<std::string> ends = table.texts(key);
  const auto least = parse_duration(ends.empty() ? "" : ends.front());
  const auto most = parse_duration(ends.empty() ? "" : ends.back());
  if (ends.size() != 2 || !least || !most || *least > *most)
    table.fail(key,
               fmt::format("{0} wants the least and the most: {0} = [\"4 min\", \"6 min\"]", key));
  spec.least = *least;
  spec.most = *most;
}

void read_value(TableReader& table, const CheckKey& key, CheckSpec& spec,
                const Scenario& scenario) {
  switch (key.value) {
    case Value::User:
      spec.subject = table.text(key.name);
      return require_user(table, key.name, spec.subject, scenario);
    case Value::Host:
      spec.subject = table.text(key.name);
      return require_host(table, key.name, spec.subject, scenario);
    case Value::Text:
      spec.subject = table.text(key.name);
      return;
    case Value::Number:
      spec.count = table.integer_or(key.name, 0, 0, INT64_MAX);
      spec.at_least = key.kind == CheckKind::LostFrames;
      return;
    case Value::Share:
      spec.share = table.number_or(key.name, 0, 0, 1);
      return;
    case Value::Event:
      return read_event(table, key.name, scenario, spec.event, spec.event_text);
    case Value::Range:
      return read_range(table, key.name, spec);
  }
}

void read_count(TableReader& table, const CheckKey& key, CheckSpec& spec) {
  if (key.count.empty()) return;
  if (key.count == "holds" && !table.has("holds"))
    table.fail(key.name, fmt::format("how many? write holds = 1 beside {}", key.name));
  spec.count = table.integer_or(key.count, 1, 0, kTimesMax);
}

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

CheckSpec read_check(TableReader& table, const Scenario& scenario) {
  CheckSpec spec;
  spec.line = table.line();
  const CheckKey* found = nullptr;
  std::vector<std::string_view> known;
  for (const CheckKey& key : kKeys) {
    known.push_back(key.name);
    if (!table.has(key.name)) continue;
    if (found) table.fail(key.name, "a check is about one thing; write a second [[check]]");
    found = &key;
  }
  if (!found) no_such_check(table, known);
  spec.kind = found->kind;
  read_value(table, *found, spec, scenario);
  read_count(table, *found, spec);
  read_rest(table, spec, scenario);
  return spec;
}

}  // namespace

void read_checks(TableReader& file, Scenario& scenario) {
  for (TableReader& table : file.tables("check")) {
    scenario.checks.push_back(read_check(table, scenario));
    table.expect_no_more();
  }
}

}  // namespace mailscope::scenarios
