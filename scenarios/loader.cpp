#include "scenarios/loader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/address.hpp"
#include "scenarios/table_reader.hpp"

namespace mailscope::scenarios {
namespace {

// Turns one parsed file into a Scenario. Every step throws Mistake.
class Loader {
 public:
  Loader(const toml::table& file, std::string name) : file_(file, "the scenario") {
    scenario_.name = std::move(name);
  }

  Scenario load() {
    scenario_.title = file_.text("title");
    scenario_.summary = file_.text("summary");
    scenario_.topics = file_.texts("topics");
    scenario_.seed = static_cast<std::uint64_t>(file_.integer_or("seed", 1, 0, INT64_MAX));
    scenario_.begin = file_.unix_time_or("begin", 1772442000);  // Mon, 2 Mar 2026 09:00 UTC
    scenario_.classic = file_.flag_or("classic", false);
    for (TableReader& table : file_.tables("host")) scenario_.hosts.push_back(host(table));
    if (scenario_.hosts.empty()) throw Mistake{1, "there is no host; write a [[host]] with a name"};
    for (TableReader& table : file_.tables("link")) scenario_.links.push_back(link(table));
    for (TableReader& table : file_.tables("user")) scenario_.users.push_back(user(table));
    for (TableReader& table : file_.tables("action")) scenario_.actions.push_back(action(table));
    for (TableReader& table : file_.tables("chapter"))
      scenario_.notes.push_back(note(table, trace::NoteKind::Chapter, "title"));
    for (TableReader& table : file_.tables("narration"))
      scenario_.notes.push_back(note(table, trace::NoteKind::Narration, "say"));
    for (TableReader& table : file_.tables("check")) scenario_.checks.push_back(check(table));
    file_.expect_no_more();
    return std::move(scenario_);
  }

 private:
  HostSpec host(TableReader& table) {
    HostSpec spec;
    spec.line = table.line();
    spec.name = table.text("name");
    if (scenario_.host(spec.name))
      table.fail("name", fmt::format("there are two hosts named {}", spec.name));
    spec.kind = choice<trace::HostKind>(table, "kind", "computer",
                                        {{"computer", trace::HostKind::Computer},
                                         {"server", trace::HostKind::Server},
                                         {"router", trace::HostKind::Router}});
    for (const std::string& agent : table.texts("agents"))
      spec.agents.push_back(agent_kind(table, agent));
    spec.domain = table.text_or("domain", "");
    const std::vector<double> at = table.numbers("at");
    if (!at.empty() && at.size() != 2)
      table.fail("at",
                 "at wants two numbers from 0 to 1: at = [0.2, 0.5], from the left and the top");
    if (at.size() == 2) {
      spec.x = static_cast<float>(at[0]);
      spec.y = static_cast<float>(at[1]);
    }
    table.expect_no_more();
    return spec;
  }

  static trace::AgentKind agent_kind(const TableReader& table, const std::string& text) {
    using trace::AgentKind;
    std::vector<std::string_view> known;
    for (AgentKind kind : {AgentKind::UserAgent, AgentKind::MtaClient, AgentKind::MtaServer,
                           AgentKind::Mda, AgentKind::MaaClient, AgentKind::MaaServer}) {
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
    for (const std::string& name : spec.hosts) require_host(table, "between", name);
    spec.name = table.text_or("name", fmt::format("{}", fmt::join(spec.hosts, " - ")));
    spec.addresses = table.texts("addresses");
    if (!spec.addresses.empty() && spec.addresses.size() != spec.hosts.size())
      table.fail("addresses",
                 fmt::format("there are {} addresses for {} hosts; give one each, or none",
                             spec.addresses.size(), spec.hosts.size()));
    for (const std::string& text : spec.addresses) {
      const auto address = IpAddress::parse(text);
      if (!address || address->v6)
        table.fail("addresses",
                   fmt::format("\"{}\" is not an IPv4 address like 10.0.1.2", printable(text)));
    }
    link_options(table, spec.options);
    table.expect_no_more();
    return spec;
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
    options.rate_bps = static_cast<std::uint64_t>(table.integer_or(
        "rate", static_cast<std::int64_t>(options.rate_bps), 300, 400'000'000'000));
    options.loss = table.number_or("loss", options.loss, 0, 1);
    options.duplication = table.number_or("duplication", options.duplication, 0, 1);
    options.reordering = table.number_or("reordering", options.reordering, 0, 1);
  }

  UserSpec user(TableReader& table) {
    UserSpec spec;
    spec.line = table.line();
    spec.name = table.text("name");
    if (scenario_.user(spec.name))
      table.fail("name", fmt::format("there are two users named {}", spec.name));
    spec.full_name = table.text_or("full_name", capitalized(spec.name));
    spec.address = address(table, "address", table.text("address"));
    spec.computer = table.text("computer");
    require_host(table, "computer", spec.computer);
    spec.server = table.text_or("server", spec.computer);
    require_host(table, "server", spec.server);
    table.expect_no_more();
    return spec;
  }

  ActionSpec action(TableReader& table) {
    ActionSpec spec;
    spec.line = table.line();
    spec.who = table.text("who");
    require_user(table, "who", spec.who);
    spec.deed = choice<Deed>(table, "does", "",
                             {{"send", Deed::Send},
                              {"fetch", Deed::Fetch},
                              {"read", Deed::Read},
                              {"open mailbox", Deed::OpenMailbox}});
    spec.at = table.duration_or("at", table.duration_or("wait", 0));
    if (table.has("after")) {
      spec.after = event(table, "after");
      if (spec.after->kind != EventPattern::Kind::Change)
        table.fail("after",
                   "an action can only follow an inside event: "
                   "after = \"mail.beta.example: mailbox bob = 1\"");
    }
    if (spec.deed == Deed::Send) send(table, spec);
    if (spec.deed == Deed::Fetch) spec.keep = table.flag_or("keep", false);
    if (spec.deed == Deed::OpenMailbox) {
      spec.whose = table.text("whose");
      require_user(table, "whose", spec.whose);
    }
    table.expect_no_more();
    return spec;
  }

  static void send(TableReader& table, ActionSpec& spec) {
    for (auto [key, list] : {std::pair{"to", &spec.to}, {"cc", &spec.cc}, {"bcc", &spec.bcc}})
      for (const std::string& text : table.texts(key)) list->push_back(address(table, key, text));
    if (spec.to.empty() && spec.cc.empty() && spec.bcc.empty())
      table.fail("to", "nobody is to get this mail; write to = [\"bob@beta.example\"]");
    spec.subject = table.text_or("subject", "");
    spec.body = table.text_or("body", "");
  }

  NoteSpec note(TableReader& table, trace::NoteKind kind, std::string_view text_key) {
    NoteSpec spec;
    spec.line = table.line();
    spec.kind = kind;
    spec.on = event(table, "on");
    spec.text = table.text(text_key);
    spec.detail = table.text_or("detail", "");
    table.expect_no_more();
    return spec;
  }

  CheckSpec check(TableReader& table) {
    CheckSpec spec;
    spec.line = table.line();
    struct Key {
      const char* name;
      CheckKind kind;
    };
    constexpr Key kKeys[] = {{"mailbox", CheckKind::Mailbox},
                             {"spool", CheckKind::Spool},
                             {"inbox", CheckKind::Inbox},
                             {"reply", CheckKind::Reply},
                             {"lost_frames", CheckKind::LostFrames},
                             {"refused", CheckKind::Refused}};
    bool found = false;
    for (const Key& key : kKeys) {
      if (!table.has(key.name)) continue;
      if (found) table.fail(key.name, "a check is about one thing; write a second [[check]]");
      found = true;
      spec.kind = key.kind;
      if (key.kind == CheckKind::LostFrames) {
        spec.count = table.integer_or(key.name, 0, 0, INT64_MAX);
        spec.at_least = true;
      } else {
        check_subject(table, spec, key.name);
      }
    }
    if (!found)
      table.fail("",
                 "a check needs one of mailbox, inbox, spool, reply, lost_frames or refused: "
                 "mailbox = \"bob\", holds = 1");
    table.expect_no_more();
    return spec;
  }

  void check_subject(TableReader& table, CheckSpec& spec, const char* key) {
    spec.subject = table.text(key);
    if (spec.kind == CheckKind::Spool) require_host(table, key, spec.subject);
    if (spec.kind == CheckKind::Mailbox || spec.kind == CheckKind::Inbox ||
        spec.kind == CheckKind::Refused)
      require_user(table, key, spec.subject);
    if (spec.kind == CheckKind::Refused) {
      spec.count = table.integer_or("times", 1, 0, 1'000'000);
      return;
    }
    if (spec.kind == CheckKind::Reply) {
      spec.to_verb = table.text_or("to", "");
      spec.count = table.integer_or("times", 1, 0, 1'000'000);
      return;
    }
    if (!table.has("holds"))
      table.fail(key, fmt::format("how many? write holds = 1 beside {}", key));
    spec.count = table.integer_or("holds", 0, 0, 1'000'000);
  }

  EventPattern event(TableReader& table, std::string_view key) {
    const std::string text = table.text(key);
    auto pattern = parse_event(text);
    if (!pattern) table.fail(key, pattern.error());
    for (const std::string* name : {&pattern->host, &pattern->to})
      if (!name->empty()) require_host(table, key, *name);
    return *pattern;
  }

  static std::string address(const TableReader& table, std::string_view key,
                             const std::string& text) {
    if (text.find('@') != std::string::npos && smtp::parse_mailbox(text)) return text;
    table.fail(key, fmt::format("\"{}\" is not an address like bob@beta.example", printable(text)));
  }

  template <typename T>
  static T choice(TableReader& table, std::string_view key, std::string fallback,
                  std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string text = fallback.empty() ? table.text(key) : table.text_or(key, fallback);
    std::vector<std::string_view> known;
    for (const auto& [name, value] : choices) {
      if (text == name) return value;
      known.push_back(name);
    }
    table.fail(key, fmt::format("{} = \"{}\" is unknown; it can be {}", key, printable(text),
                                fmt::join(known, ", ")));
  }

  void require_host(const TableReader& table, std::string_view key, const std::string& name) const {
    if (scenario_.host(name)) return;
    std::vector<std::string> known;
    for (const HostSpec& spec : scenario_.hosts) known.push_back(spec.name);
    table.fail(key, fmt::format("there is no host \"{}\"; there are {}", printable(name),
                                fmt::join(known, ", ")));
  }

  void require_user(const TableReader& table, std::string_view key, const std::string& name) const {
    if (scenario_.user(name)) return;
    std::vector<std::string> known;
    for (const UserSpec& spec : scenario_.users) known.push_back(spec.name);
    table.fail(key, fmt::format("there is no user \"{}\"; there are {}", printable(name),
                                fmt::join(known, ", ")));
  }

  static std::string capitalized(std::string text) {
    text[0] = to_upper(text[0]);
    return text;
  }

  TableReader file_;
  Scenario scenario_;
};

std::string base_name(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  return std::string(path.substr(0, path.size() - std::string_view(".toml").size()));
}

}  // namespace

const HostSpec* Scenario::host(std::string_view host_name) const {
  const auto found = std::find_if(hosts.begin(), hosts.end(),
                                  [&](const HostSpec& spec) { return spec.name == host_name; });
  return found == hosts.end() ? nullptr : &*found;
}

const UserSpec* Scenario::user(std::string_view user_name) const {
  const auto found = std::find_if(users.begin(), users.end(),
                                  [&](const UserSpec& spec) { return spec.name == user_name; });
  return found == users.end() ? nullptr : &*found;
}

tl::expected<Scenario, std::string> parse_scenario(std::string_view toml, std::string name,
                                                   std::string file) {
  try {
    const toml::table table = toml::parse(toml);
    Scenario scenario = Loader(table, std::move(name)).load();
    scenario.file = std::move(file);
    return scenario;
  } catch (const toml::parse_error& error) {
    return tl::unexpected(fmt::format("{}:{}: this is not TOML: {}", file,
                                      error.source().begin.line, printable(error.description())));
  } catch (const Mistake& mistake) {
    return tl::unexpected(fmt::format("{}:{}: {}", file, mistake.line, mistake.text));
  }
}

bool is_scenario_name(std::string_view name_or_path) {
  if (name_or_path.ends_with(".toml")) return true;
  const auto& shipped = shipped_scenarios();
  return std::any_of(shipped.begin(), shipped.end(),
                     [&](const ShippedScenario& one) { return one.name == name_or_path; });
}

tl::expected<Scenario, std::string> load_scenario(const std::string& name_or_path) {
  for (const ShippedScenario& one : shipped_scenarios())
    if (one.name == name_or_path)
      return parse_scenario(one.toml, name_or_path, fmt::format("{}.toml", name_or_path));
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

}  // namespace mailscope::scenarios
