#include <algorithm>

#include "protocols/base/address.hpp"
#include "scenarios/reading/loader_parts.hpp"

namespace mailscope::scenarios {
namespace {

using sim::MailConfig;
using trace::AgentKind;

constexpr std::int64_t kCountMax = 1'000'000;

// A word of a list, and the options that it sets.
struct Extension {
  std::string_view name;
  std::vector<bool*> options;
};

// Sets the options that the list under `key` names.
void read_extensions(TableReader& table, std::string_view key,
                     const std::vector<Extension>& extensions, bool value) {
  for (const std::string& text : table.texts(key)) {
    std::vector<std::string_view> known;
    bool found = false;
    for (const Extension& extension : extensions) {
      known.push_back(extension.name);
      if (!equal_no_case(text, extension.name)) continue;
      for (bool* option : extension.options) *option = value;
      found = true;
    }
    if (!found)
      table.fail(key, fmt::format("there is no extension \"{}\" for {}; there are {}",
                                  printable(text), key, fmt::join(known, ", ")));
  }
}

// A client of a lesson sends one command at a time, and the message by DATA, unless it is told.
// What a host does without, neither its server announces nor its client uses.
void read_extensions(TableReader& table, MailConfig& mail) {
  smtp::ServerOptions& server = mail.server.smtp;
  smtp::ClientOptions& client = mail.client.smtp;
  client.pipelining = client.chunking = false;
  read_extensions(table, "uses",
                  {{"PIPELINING", {&client.pipelining}}, {"CHUNKING", {&client.chunking}}}, true);
  read_extensions(table, "without",
                  {{"PIPELINING", {&server.pipelining, &client.pipelining}},
                   {"8BITMIME", {&server.eight_bit_mime}},
                   {"CHUNKING", {&server.chunking, &client.chunking}},
                   {"DSN", {&server.dsn, &mail.client.dsn}},
                   {"SMTPUTF8", {&server.smtputf8, &mail.client.smtputf8}},
                   {"ENHANCEDSTATUSCODES", {&server.enhanced_status_codes}}},
                  false);
}

void read_flags(TableReader& table, MailConfig& mail) {
  const std::pair<std::string_view, bool&> flags[] = {{"classic", mail.classic},
                                                      {"verify", mail.server.smtp.verify},
                                                      {"turn", mail.server.smtp.turn},
                                                      {"etrn", mail.server.smtp.etrn},
                                                      {"submission", mail.server.submission},
                                                      {"auth", mail.server.auth},
                                                      {"sender_check", mail.server.sender_check},
                                                      {"apop", mail.access.apop},
                                                      {"down_convert", mail.client.down_convert},
                                                      {"virus_scan", mail.delivery.virus_scan},
                                                      {"spam_filter", mail.delivery.spam_filter}};
  for (const auto& [key, option] : flags) option = table.flag_or(key, option);
  mail.delivery.spam_score = table.number_or("spam_score", mail.delivery.spam_score, 0, kCountMax);
}

void read_limits(TableReader& table, MailConfig& mail) {
  const auto count = [&](std::string_view key, auto& member, std::int64_t min, std::int64_t max) {
    member = static_cast<std::remove_reference_t<decltype(member)>>(
        table.integer_or(key, static_cast<std::int64_t>(member), min, max));
  };
  count("message_octets_max", mail.server.smtp.message_octets_max, 1, std::int64_t{1} << 40);
  count("recipients_max", mail.server.smtp.recipients_max, 1, kCountMax);
  count("connections_max", mail.server.connections_max, 0, kCountMax);
  count("hops_max", mail.server.hops_max, 1, kCountMax);
  count("disk", mail.disk.octets_max, 0, INT64_MAX);
  const auto time = [&](std::string_view key, sim::Time& member) {
    member = table.duration_or(key, member);
  };
  time("idle_timeout", mail.server.idle_timeout);
  time("reply_timeout", mail.client.reply_timeout);
  time("greylist", mail.server.greylist);
  time("login_delay", mail.access.login_delay);
  time("pop3_timeout", mail.access.idle_timeout);
  time("retry", mail.queue.first_retry);
  time("retry_max", mail.queue.retry_max);
  time("warn_after", mail.queue.warn_after);
  time("lifetime", mail.queue.lifetime);
  time("disk_write", mail.disk.write);
  if (mail.queue.first_retry < sim::kSecond)
    table.fail("retry",
               "a queue that tries again more than once a second would never rest; write "
               "retry = \"5 min\"");
}

HostSpec& host_of(TableReader& table, Scenario& scenario, AgentKind needs) {
  const std::string name = table.text("host");
  require_agent(table, "host", name, needs, scenario);
  return *std::find_if(scenario.hosts.begin(), scenario.hosts.end(),
                       [&](const HostSpec& spec) { return spec.name == name; });
}

void read_alias(TableReader& table, Scenario& scenario) {
  HostSpec& host = host_of(table, scenario, AgentKind::MtaServer);
  sim::Alias alias{local_part(table, "name"), addresses(table, "to")};
  if (alias.to.empty())
    table.fail("to", "an alias stands for at least one address: to = [\"bob@beta.example\"]");
  host.mail.names.aliases.push_back(std::move(alias));
}

void read_list(TableReader& table, Scenario& scenario) {
  HostSpec& host = host_of(table, scenario, AgentKind::MtaServer);
  sim::MailingList list;
  list.name = local_part(table, "name");
  list.title = table.text_or("title", list.name);
  list.owner = address(table, "owner", table.text("owner"));
  list.members = addresses(table, "members");
  host.mail.names.lists.push_back(std::move(list));
}

void read_moved(TableReader& table, Scenario& scenario) {
  HostSpec& host = host_of(table, scenario, AgentKind::MtaServer);
  sim::MovedUser moved;
  moved.name = local_part(table, "name");
  moved.to = address(table, "to", table.text("to"));
  moved.forward = table.flag_or("forward", false);
  host.mail.names.moved.push_back(std::move(moved));
}

void read_held(TableReader& table, Scenario& scenario) {
  HostSpec& host = host_of(table, scenario, AgentKind::MtaServer);
  const std::string held = domain(table, "domain", table.text("domain"));
  const std::string client = table.text("for");
  require_host(table, "for", client, scenario);
  host.mail.routing.held_domains.push_back(held);
  host.mail.server.relay_domains.push_back(held);
  host.turn_for[client] = held;
}

void read_rule(TableReader& table, Scenario& scenario) {
  HostSpec& host = host_of(table, scenario, AgentKind::Mda);
  auto& rules = choice<bool>(table, "finds", "", {{"virus", true}, {"spam", false}})
                    ? host.mail.delivery.viruses
                    : host.mail.delivery.spam;
  sim::FilterRule rule;
  rule.text = table.text("text");
  rule.header = table.text_or("header", "");
  rule.name = table.text_or("name", rule.text);
  rule.score = table.number_or("score", rule.score, -1000, 1000);
  rules.push_back(std::move(rule));
}

// The DNS server that is meant: named, or the only one.
std::string dns_server(TableReader& table, const Scenario& scenario) {
  std::vector<std::string> servers;
  for (const HostSpec& spec : scenario.hosts)
    if (spec.has(AgentKind::DnsServer)) servers.push_back(spec.name);
  if (table.has("host") || servers.size() != 1) {
    const std::string name = table.text("host");
    require_agent(table, "host", name, AgentKind::DnsServer, scenario);
    return name;
  }
  return servers.front();
}

void read_record(TableReader& table, Scenario& scenario) {
  RecordSpec record;
  record.line = table.line();
  record.host = dns_server(table, scenario);
  record.name = table.text("name");
  record.type = choice<std::string>(table, "type", "",
                                    {{"A", "A"},
                                     {"AAAA", "AAAA"},
                                     {"MX", "MX"},
                                     {"CNAME", "CNAME"},
                                     {"TXT", "TXT"},
                                     {"PTR", "PTR"},
                                     {"NS", "NS"}});
  record.value = table.text("value");
  record.preference = static_cast<std::uint16_t>(table.integer_or("preference", 10, 0, 65535));
  record.ttl_s = static_cast<std::uint32_t>(table.integer_or("ttl", 3600, 0, INT32_MAX));
  if (record.type == "A" || record.type == "AAAA") {
    const auto parsed = IpAddress::parse(record.value);
    if (!parsed || parsed->v6 != (record.type == "AAAA"))
      table.fail("value", fmt::format("\"{}\" is not an {} address", printable(record.value),
                                      record.type == "A" ? "IPv4" : "IPv6"));
  } else if (record.type != "TXT" && record.value != ".") {
    domain(table, "value", record.value);
  }
  domain(table, "name", record.name);
  scenario.records.push_back(std::move(record));
}

}  // namespace

void read_mail_keys(TableReader& table, HostSpec& spec, const Scenario& scenario) {
  read_extensions(table, spec.mail);
  read_flags(table, spec.mail);
  read_limits(table, spec.mail);
  spec.mail.names.other_domains = domains(table, "domains");
  spec.mail.server.relay_domains = domains(table, "relay_for");
  spec.relay_from = table.texts("relay_from");
  for (const std::string& name : spec.relay_from) require_host(table, "relay_from", name, scenario);
  spec.mail.routing.smart_host = table.text_or("smart_host", "");
  if (!spec.mail.routing.smart_host.empty())
    require_host(table, "smart_host", spec.mail.routing.smart_host, scenario);
}

void read_mail_tables(TableReader& file, Scenario& scenario) {
  constexpr std::pair<const char*, void (*)(TableReader&, Scenario&)> kTables[] = {
      {"alias", read_alias}, {"list", read_list}, {"moved", read_moved},
      {"held", read_held},   {"rule", read_rule}, {"record", read_record}};
  for (const auto& [key, read] : kTables)
    for (TableReader& table : file.tables(key)) {
      read(table, scenario);
      table.expect_no_more();
    }
}

}  // namespace mailscope::scenarios
