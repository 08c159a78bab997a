#include "scenarios/reading/loader.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "scenarios/reading/loader_parts.hpp"

namespace mailscope::scenarios {
namespace {

// It stands in the first column of a row of the curriculum: "| A1 | ...", "| U2 U3 U4 | ...".
bool is_topic(std::string_view id) {
  std::string_view rest = curriculum();
  for (std::size_t at = 0; (at = rest.find("\n| ")) != rest.npos;) {
    rest.remove_prefix(at + 3);
    for (std::string_view cell = trim(rest.substr(0, rest.find('|'))); !cell.empty();) {
      const std::string_view word = cell.substr(0, cell.find(' '));
      if (word == id && id != "id") return true;
      cell = trim(cell.substr(word.size()));
    }
  }
  return false;
}

// Turns one parsed file into a Scenario. Every step throws Mistake.
class Loader {
 public:
  Loader(const TomlValue& file, std::string name) : file_(file, "the scenario") {
    scenario_.name = std::move(name);
  }

  Scenario load() {
    scenario_.title = file_.text("title");
    scenario_.summary = file_.text("summary");
    topics();
    scenario_.seed = static_cast<std::uint64_t>(file_.integer_or("seed", 1, 0, INT64_MAX));
    scenario_.begin = file_.unix_time_or("begin", 1772442000);  // Mon, 2 Mar 2026 09:00 UTC
    hosts();
    for (TableReader& table : file_.tables("link")) scenario_.links.push_back(link(table));
    for (TableReader& table : file_.tables("user")) scenario_.users.push_back(user(table));
    read_mail_tables(file_, scenario_);
    read_actions(file_, scenario_);
    for (TableReader& table : file_.tables("chapter"))
      scenario_.notes.push_back(note(table, trace::NoteKind::Chapter, "title"));
    for (TableReader& table : file_.tables("narration"))
      scenario_.notes.push_back(note(table, trace::NoteKind::Narration, "say"));
    read_checks(file_, scenario_);
    file_.expect_no_more();
    return std::move(scenario_);
  }

 private:
  void topics() {
    scenario_.topics = file_.texts("topics");
    for (const std::string& id : scenario_.topics)
      if (!is_topic(id))
        file_.fail(
            "topics",
            fmt::format(
                "there is no topic \"{}\" in scenarios/lessons/curriculum.md; write its ids: "
                "topics = [\"A3\"]",
                printable(id)));
  }

  // First the names alone: a host may name another that stands further down.
  void hosts() {
    std::vector<TableReader> tables = file_.tables("host");
    if (tables.empty()) throw Mistake{1, "there is no host; write a [[host]] with a name"};
    for (TableReader& table : tables) {
      HostSpec spec;
      spec.line = table.line();
      spec.name = table.text("name");
      if (scenario_.host(spec.name))
        table.fail("name", fmt::format("there are two hosts named {}", printable(spec.name)));
      scenario_.hosts.push_back(std::move(spec));
    }
    const bool classic = file_.flag_or("classic", false);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      scenario_.hosts[i].mail.classic = classic;
      host(tables[i], scenario_.hosts[i]);
    }
  }

  void host(TableReader& table, HostSpec& spec) {
    spec.kind = choice<trace::HostKind>(table, "kind", "computer",
                                        {{"computer", trace::HostKind::Computer},
                                         {"server", trace::HostKind::Server},
                                         {"router", trace::HostKind::Router}});
    for (const std::string& agent : table.texts("agents"))
      spec.agents.push_back(agent_kind(table, agent));
    spec.domain = table.text_or("domain", "");
    const std::vector<double> at = table.numbers("at");
    const bool inside =
        std::all_of(at.begin(), at.end(), [](double share) { return share >= 0 && share <= 1; });
    if (!at.empty() && (at.size() != 2 || !inside))
      table.fail("at",
                 "at wants two numbers from 0 to 1: at = [0.2, 0.5], from the left and the top");
    if (at.size() == 2) {
      spec.x = static_cast<float>(at[0]);
      spec.y = static_cast<float>(at[1]);
    }
    read_mail_keys(table, spec, scenario_);
    table.expect_no_more();
  }

  static trace::AgentKind agent_kind(const TableReader& table, const std::string& text) {
    using trace::AgentKind;
    std::vector<std::string_view> known;
    for (AgentKind kind :
         {AgentKind::UserAgent, AgentKind::MtaClient, AgentKind::MtaServer, AgentKind::Mda,
          AgentKind::MaaClient, AgentKind::MaaServer, AgentKind::DnsServer, AgentKind::Terminal}) {
      if (equal_no_case(text, trace::name(kind))) return kind;
      known.push_back(trace::name(kind));
    }
    table.fail("agents", fmt::format("there is no agent \"{}\"; there are {}", printable(text),
                                     fmt::join(known, ", ")));
  }

  LinkSpec link(TableReader& table) {
    LinkSpec spec;
    spec.line = table.line();
    spec.hosts = table.texts("between");
    if (spec.hosts.size() < 2)
      table.fail("between",
                 "a link needs two hosts: between = [\"alice-pc\", \"mail.alpha.example\"]");
    for (const std::string& name : spec.hosts) require_host(table, "between", name, scenario_);
    spec.name = table.text_or("name", fmt::format("{}", fmt::join(spec.hosts, " - ")));
    const std::vector<std::string> addresses = table.texts("addresses");
    if (!addresses.empty() && addresses.size() != spec.hosts.size())
      table.fail("addresses",
                 fmt::format("there are {} addresses for {} hosts; give one each, or none",
                             addresses.size(), spec.hosts.size()));
    for (const std::string& text : addresses) {
      spec.addresses.push_back(link_address(table, text));
      if (spec.addresses.back().network() != spec.addresses.front().network())
        table.fail("addresses",
                   fmt::format("{} and {} are not in one network", addresses.front(), text));
    }
    ipv6_addresses(table, spec);
    link_options(table, spec.options);
    table.expect_no_more();
    return spec;
  }

  // One a host, in one /64 network; "" for a host that has none there.
  static void ipv6_addresses(TableReader& table, LinkSpec& spec) {
    const std::vector<std::string> texts = table.texts("ipv6");
    if (!texts.empty() && texts.size() != spec.hosts.size())
      table.fail("ipv6", fmt::format("there are {} addresses for {} hosts; give one each, \"\" for "
                                     "a host without",
                                     texts.size(), spec.hosts.size()));
    std::optional<IpAddress> first;
    for (const std::string& text : texts) {
      spec.ipv6.emplace_back();
      if (text.empty()) continue;
      const auto address = IpAddress::parse(text);
      if (!address || !address->v6 || address->is_multicast() || address->is_link_local())
        table.fail("ipv6", fmt::format("\"{}\" is not an IPv6 address like 2001:db8:0:1::25",
                                       printable(text)));
      if (first && !address->is_within(first->network(64), 64))
        table.fail("ipv6",
                   fmt::format("{} and {} are not in one /64 network", first->text(), text));
      if (!first) first = address;
      spec.ipv6.back() = address;
    }
  }

  // "10.0.1.2", or "192.0.2.25/25" where the network is not the usual /24.
  static LinkAddress link_address(TableReader& table, const std::string& text) {
    LinkAddress own;
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    bool good = address && !address->v6;
    if (good) own.address = *address;
    if (good && slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [last, error] = std::from_chars(text.data() + slash + 1, end, own.prefix);
      good = error == std::errc{} && last == end && own.prefix >= 8 && own.prefix <= 30;
    }
    if (!good)
      table.fail("addresses",
                 fmt::format("\"{}\" is not an IPv4 address like 10.0.1.2 or 192.0.2.25/25",
                             printable(text)));
    return own;
  }

  static void link_options(TableReader& table, sim::LinkOptions& options) {
    const std::string kind = table.text_or("kind", "lan");
    const auto preset = sim::link_preset(kind);
    if (!preset)
      table.fail("kind", fmt::format("there is no kind of link \"{}\"; there are {}",
                                     printable(kind), fmt::join(sim::link_preset_names(), ", ")));
    options = *preset;
    options.latency = table.duration_or("latency", options.latency);
    options.jitter = table.duration_or("jitter", options.jitter);
    if (const auto text = table.text_if("rate")) table.fail("rate", rate_hint(*text));
    options.rate_bps = static_cast<std::uint64_t>(table.integer_or(
        "rate", static_cast<std::int64_t>(options.rate_bps), 300, 400'000'000'000));
    options.loss = table.number_or("loss", options.loss, 0, 1);
    options.duplication = table.number_or("duplication", options.duplication, 0, 1);
    options.reordering = table.number_or("reordering", options.reordering, 0, 1);
  }

  // "20 Mb" is 20000000.
  static std::string rate_hint(const std::string& text) {
    const std::string number = "rate is a number of bit/s without quotes; write rate = ";
    char* rest = nullptr;
    const double digits = std::strtod(text.c_str(), &rest);
    const std::string_view unit = trim(rest);
    const char prefix = unit.empty() ? ' ' : to_lower(unit[0]);
    const double factor = prefix == 'k' ? 1e3 : prefix == 'm' ? 1e6 : prefix == 'g' ? 1e9 : 1;
    if (rest == text.c_str() || !(digits > 0 && digits < 1e12)) return number + "1000000";
    return fmt::format("{}{:.0f}", number, digits * factor);
  }

  UserSpec user(TableReader& table) {
    UserSpec spec;
    spec.line = table.line();
    spec.name = table.text("name");
    if (scenario_.user(spec.name))
      table.fail("name", fmt::format("there are two users named {}", spec.name));
    spec.full_name = table.text_or("full_name", capitalized(spec.name));
    spec.receipts = table.flag_or("receipts", false);
    spec.address = address(table, "address", table.text("address"));
    spec.computer = table.text("computer");
    require_host(table, "computer", spec.computer, scenario_);
    spec.server = table.text_or("server", spec.computer);
    require_host(table, "server", spec.server, scenario_);
    table.expect_no_more();
    return spec;
  }

  NoteSpec note(TableReader& table, trace::NoteKind kind, std::string_view text_key) {
    NoteSpec spec;
    spec.line = table.line();
    spec.kind = kind;
    spec.on = read_event(table, "on", scenario_);
    spec.text = table.text(text_key);
    spec.detail = table.text_or("detail", "");
    table.expect_no_more();
    return spec;
  }

  static std::string capitalized(std::string text) {
    text[0] = to_upper(text[0]);
    return text;
  }

  TableReader file_;
  Scenario scenario_;
};

// Line `number` of a text, counted from 1.
std::string_view line_of_text(std::string_view text, int number) {
  while (--number > 0 && text.find('\n') != text.npos) text.remove_prefix(text.find('\n') + 1);
  return trim(text.substr(0, text.find_first_of("\r\n")));
}

// What is most often meant by a line that is not TOML: a text without its quotes, or one kind of
// table written in two ways.
std::string toml_hint(std::string_view line, std::string_view description) {
  if (line.starts_with('[') && description.find("redefine") != description.npos) {
    const std::size_t begin = line.find_first_not_of('[');
    const std::string_view name = line.substr(begin, line.find(']') - begin);
    return fmt::format("; write [[{}]] at each of them", printable(name));
  }
  const std::size_t equals = line.find('=');
  if (equals == line.npos) return {};
  const std::string_view key = trim(line.substr(0, equals)), value = trim(line.substr(equals + 1));
  if (value.find('"') == value.rfind('"') && value.find('"') != value.npos)
    return "; a quote is missing";
  const auto of_word = [](char c) { return is_alpha(c) || is_digit(c) || c == '.' || c == '-'; };
  if (value.empty() || !is_alpha(value[0]) || !std::all_of(value.begin(), value.end(), of_word))
    return {};
  return fmt::format("; a text stands in quotes: {} = \"{}\"", printable(key), printable(value));
}

std::string base_name(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  return std::string(path.substr(0, path.size() - std::string_view(".toml").size()));
}

}  // namespace

tl::expected<Scenario, std::string> parse_scenario(std::string_view toml, std::string name,
                                                   std::string file) {
  const auto table = parse_toml(toml);
  if (!table) {
    const TomlError& error = table.error();
    return tl::unexpected(fmt::format("{}:{}: this is not TOML: {}{}", file, error.line,
                                      printable(error.text),
                                      toml_hint(line_of_text(toml, error.line), error.text)));
  }
  try {
    Scenario scenario = Loader(*table, std::move(name)).load();
    scenario.file = std::move(file);
    return scenario;
  } catch (const Mistake& mistake) {
    return tl::unexpected(fmt::format("{}:{}: {}", file, mistake.line, mistake.text));
  }
}

bool is_scenario_name(std::string_view name_or_path) {
  if (name_or_path.ends_with(".toml")) return true;
  const auto& shipped = shipped_scenarios();
  return std::any_of(shipped.begin(), shipped.end(),
                     [&](const ShippedScenario& lesson) { return lesson.name == name_or_path; });
}

tl::expected<Scenario, std::string> load_scenario(const std::string& name_or_path) {
  for (const ShippedScenario& lesson : shipped_scenarios())
    if (lesson.name == name_or_path)
      return parse_scenario(lesson.toml, name_or_path, fmt::format("{}.toml", name_or_path));
  if (!name_or_path.ends_with(".toml"))
    return tl::unexpected(
        fmt::format("{}: there is no scenario of this name; `mailscope list` shows them, and a "
                    "file's name ends in .toml",
                    printable_utf8(name_or_path)));
  std::ifstream in(name_or_path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    return tl::unexpected(
        fmt::format("{}: cannot be read; is the name right?", printable_utf8(name_or_path)));
  return parse_scenario(text.str(), base_name(name_or_path), printable_utf8(name_or_path));
}

std::string_view topic_title(std::string_view id) {
  const std::string row = fmt::format("\n| {} | ", id);  // "| A1 | Agents | yes | ..."
  const std::string_view all = curriculum();
  const std::size_t at = id.empty() ? all.npos : all.find(row);
  if (at == all.npos) return {};
  const std::string_view title = all.substr(at + row.size());
  return title.substr(0, title.find(" |"));
}

}  // namespace mailscope::scenarios
