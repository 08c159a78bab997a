#include "scenarios/loader_parts.hpp"

namespace mailscope::scenarios {
namespace {

constexpr std::int64_t kTimesMax = 1'000'000;

// What the value of a check's main key is, and which key says how many.
enum class Value : std::uint8_t { User, Host, Text, Number, Share, Event };
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
};

// The other keys of a kind.
void read_rest(TableReader& table, CheckSpec& spec, const Scenario& scenario) {
  const auto user = [&] {
    spec.of = table.text("of");
    require_user(table, "of", spec.of, scenario);
  };
  const auto host = [&](std::string_view key, std::string& name, bool needed) {
    name = needed ? table.text(key) : table.text_or(key, "");
    if (!name.empty()) require_host(table, key, name, scenario);
  };
  switch (spec.kind) {
    case CheckKind::Reply:
      spec.to = table.text_or("to", "");
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
    default:
      return;
  }
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
      spec.event = event(table, key.name, scenario);
      spec.subject = table.text(key.name);
      return;
  }
}

void read_count(TableReader& table, const CheckKey& key, CheckSpec& spec) {
  if (key.count.empty()) return;
  if (key.count == "holds" && !table.has("holds"))
    table.fail(key.name, fmt::format("how many? write holds = 1 beside {}", key.name));
  spec.count = table.integer_or(key.count, 1, 0, kTimesMax);
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
  if (!found)
    table.fail("", fmt::format("a check needs one of {}: mailbox = \"bob\", holds = 1",
                               fmt::join(known, ", ")));
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
