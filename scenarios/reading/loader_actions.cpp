// [[action]], one row a word and one function a kind, and [[fault]].
#include "scenarios/reading/kinds.hpp"
#include "scenarios/reading/loader_parts.hpp"

namespace mailscope::scenarios {
namespace {

using trace::AgentKind;

sim::Notify read_notify(TableReader& table) {
  sim::Notify notify;
  for (const std::string& text : table.texts("notify")) {
    notify.stated = true;
    if (text == "success")
      notify.success = true;
    else if (text == "failure")
      notify.failure = true;
    else if (text == "delay")
      notify.delay = true;
    else if (text != "never")
      table.fail("notify", fmt::format("notify holds \"{}\"; it can hold success, failure, delay, "
                                       "or never alone",
                                       printable(text)));
  }
  const bool any = notify.success || notify.failure || notify.delay;
  for (const std::string& text : table.texts("notify"))
    if (text == "never" && any) table.fail("notify", "never stands alone in notify");
  return notify;
}

void read_letter(TableReader& table, sim::Letter& letter) {
  letter.to = addresses(table, "to");
  letter.cc = addresses(table, "cc");
  letter.bcc = addresses(table, "bcc");
  if (letter.to.empty() && letter.cc.empty() && letter.bcc.empty())
    table.fail("to", "nobody is to get this mail; write to = [\"bob@beta.example\"]");
  if (table.has("from")) letter.from = address(table, "from", table.text("from"));
  letter.subject = table.text_or("subject", "");
  letter.body = table.text_or("body", "");
  letter.eight_bit = choice<bool>(table, "encoding", "quoted-printable",
                                  {{"quoted-printable", false}, {"8bit", true}});
  letter.request_receipt = table.flag_or("receipt", false);
  letter.notify = read_notify(table);
  letter.return_full = choice<bool>(table, "return", "header", {{"header", false}, {"full", true}});
}

// ---- who does it ----

template <typename Kind>
concept OfUser = requires(Kind kind) {
  kind.user;
};

template <OfUser Kind>
void read_who(Kind& kind, TableReader& table, const Scenario& scenario) {
  kind.user = table.text("who");
  require_user(table, "who", kind.user, scenario);
}

// A host, not a user, asks another one for the mail that waits there.
template <typename Kind>
void read_who(Kind& kind, TableReader& table, const Scenario& scenario) {
  kind.client = table.text("who");
  require_agent(table, "who", kind.client, AgentKind::MtaClient, scenario);
}

// ---- what else it has ----

void read(action::Send& send, TableReader& table, const Scenario&) {
  read_letter(table, send.letter);
}

void read(action::Fetch& fetch, TableReader& table, const Scenario&) {
  sim::FetchOptions& options = fetch.options;
  options.keep = table.flag_or("keep", false);
  options.uidl = table.flag_or("uidl", options.keep);
  options.log_in = choice<pop3::LogIn>(
      table, "log_in", "PASS",
      {{"PASS", pop3::LogIn::Password}, {"APOP", pop3::LogIn::Apop}, {"AUTH", pop3::LogIn::Sasl}});
  if (table.has("octets_max"))
    options.octets_max =
        static_cast<std::uint64_t>(table.integer_or("octets_max", 0, 0, INT64_MAX));
}

void read(action::Read&, TableReader&, const Scenario&) {}

void read(action::OpenMailbox& open, TableReader& table, const Scenario& scenario) {
  open.whose = table.text("whose");
  require_user(table, "whose", open.whose, scenario);
}

void read(action::Type& type, TableReader& table, const Scenario& scenario) {
  require_agent(table, "who", scenario.user(type.user)->computer, AgentKind::Terminal, scenario);
  type.host = table.text("to");
  require_host(table, "to", type.host, scenario);
  type.port = static_cast<std::uint16_t>(table.integer_or("port", 25, 1, 65535));
  type.lines = table.texts("lines");
  if (type.lines.empty())
    table.fail("lines", "nothing is typed; write lines = [\"HELO alice-pc\", \"QUIT\"]");
  type.pause = table.duration_or("pause", 500 * sim::kMillisecond);
}

std::string server_asked(TableReader& table, const Scenario& scenario) {
  std::string server = table.text("to");
  require_agent(table, "to", server, AgentKind::MtaServer, scenario);
  return server;
}

void read(action::Turn& turn, TableReader& table, const Scenario& scenario) {
  turn.server = server_asked(table, scenario);
}

void read(action::Etrn& etrn, TableReader& table, const Scenario& scenario) {
  etrn.server = server_asked(table, scenario);
  etrn.domain = domain(table, "domain", table.text("domain"));
}

// ---- the words ----

template <typename Kind>
ActionSpec read_kind(TableReader& table, const Scenario& scenario) {
  Kind kind;
  read_who(kind, table, scenario);
  ActionSpec spec;
  spec.line = table.line();
  spec.at = table.duration_or("at", table.duration_or("wait", 0));
  spec.after = read_after(table, scenario);
  read(kind, table, scenario);
  spec.action = std::move(kind);
  return spec;
}

struct ActionWord {
  std::string_view name;
  ActionSpec (*read)(TableReader&, const Scenario&);
  KindBits kinds;
};

template <typename Kind>
constexpr ActionWord row(std::string_view name) {
  return {name, read_kind<Kind>, bits_of<action::Any, Kind>()};
}

constexpr ActionWord kWords[] = {
    row<action::Send>("send"), row<action::Fetch>("fetch"),
    row<action::Read>("read"), row<action::OpenMailbox>("open mailbox"),
    row<action::Type>("type"), row<action::Turn>("turn"),
    row<action::Etrn>("etrn"),
};
static_assert(all_bits(kWords) == kEveryBit<action::Any>, "every kind of action has its word");

ActionSpec read_action(TableReader& table, const Scenario& scenario) {
  const std::string does = table.text("does");
  std::vector<std::string_view> known;
  for (const ActionWord& word : kWords) {
    if (word.name == does) return word.read(table, scenario);
    known.push_back(word.name);
  }
  no_such_choice(table, "does", does, known);
}

FaultSpec read_fault(TableReader& table, const Scenario& scenario) {
  FaultSpec spec;
  spec.line = table.line();
  const auto intervention = parse_untimed(table.text("do"), scenario);
  if (!intervention) table.fail("do", intervention.error());
  spec.intervention = *intervention;
  spec.intervention.at = table.duration_or("at", table.duration_or("wait", 0));
  spec.after = read_after(table, scenario);
  return spec;
}

}  // namespace

void read_actions(TableReader& file, Scenario& scenario) {
  for (TableReader& table : file.tables("action")) {
    scenario.actions.push_back(read_action(table, scenario));
    table.expect_no_more();
  }
  for (TableReader& table : file.tables("fault")) {
    scenario.faults.push_back(read_fault(table, scenario));
    table.expect_no_more();
  }
}

}  // namespace mailscope::scenarios
