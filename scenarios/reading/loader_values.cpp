#include "protocols/smtp/address.hpp"
#include "scenarios/reading/event_words.hpp"
#include "scenarios/reading/loader_parts.hpp"

namespace mailscope::scenarios {

void require_host(const TableReader& table, std::string_view key, const std::string& name,
                  const Scenario& scenario) {
  if (const auto unknown = find_unknown_host(name, scenario)) table.fail(key, *unknown);
}

void require_agent(const TableReader& table, std::string_view key, const std::string& host,
                   trace::AgentKind kind, const Scenario& scenario) {
  require_host(table, key, host, scenario);
  if (!scenario.host(host)->has(kind))
    table.fail(key, fmt::format("{} has no {}; put \"{}\" into its agents", host, trace::name(kind),
                                trace::name(kind)));
}

void require_user(const TableReader& table, std::string_view key, const std::string& name,
                  const Scenario& scenario) {
  if (scenario.user(name)) return;
  std::vector<std::string> known;
  for (const UserSpec& spec : scenario.users) known.push_back(spec.name);
  table.fail(key, fmt::format("there is no user \"{}\"; there are {}", printable(name),
                              fmt::join(known, ", ")));
}

std::string address(const TableReader& table, std::string_view key, const std::string& text) {
  if (text.find('@') != std::string::npos && smtp::parse_mailbox(text, smtp::Charset::Utf8))
    return text;
  table.fail(key, fmt::format("\"{}\" is not an address like bob@beta.example", printable(text)));
}

std::vector<std::string> addresses(TableReader& table, std::string_view key) {
  std::vector<std::string> list;
  for (const std::string& text : table.texts(key)) list.push_back(address(table, key, text));
  return list;
}

std::string local_part(TableReader& table, std::string_view key) {
  const std::string text = table.text(key);
  if (text.find('@') == std::string::npos && smtp::parse_mailbox(text + "@beta.example"))
    return text;
  table.fail(key, fmt::format("\"{}\" is not the left side of an address; write {} = \"office\"",
                              printable(text), key));
}

std::string domain(const TableReader& table, std::string_view key, const std::string& text) {
  if (smtp::parse_mailbox("postmaster@" + text)) return text;
  table.fail(key, fmt::format("\"{}\" is not a domain like beta.example", printable(text)));
}

std::vector<std::string> domains(TableReader& table, std::string_view key) {
  std::vector<std::string> list;
  for (const std::string& text : table.texts(key)) list.push_back(domain(table, key, text));
  return list;
}

void no_such_choice(const TableReader& table, std::string_view key, std::string_view text,
                    const std::vector<std::string_view>& known) {
  table.fail(key, fmt::format("{} = \"{}\" is unknown; it can be {}", key, printable(text),
                              fmt::join(known, ", ")));
}

EventPattern read_event(TableReader& table, std::string_view key, const Scenario& scenario) {
  auto pattern = parse_event(table.text(key), scenario);
  if (!pattern) table.fail(key, pattern.error());
  return *std::move(pattern);
}

std::optional<InsideEvent> read_after(TableReader& table, const Scenario& scenario) {
  if (!table.has("after")) return std::nullopt;
  EventPattern pattern = read_event(table, "after", scenario);
  if (auto* change = std::get_if<event::Change>(&pattern.event))
    return InsideEvent{std::move(*change), pattern.nth, std::move(pattern.text)};
  table.fail("after",
             "after can only be an inside event: after = \"mail.beta.example: mailbox bob = 1\"");
}

}  // namespace mailscope::scenarios
