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

void read_talk(TableReader& table, ActionSpec& spec, const Scenario& scenario) {
  require_agent(table, "who", scenario.user(spec.who)->computer, AgentKind::Terminal, scenario);
  spec.host = table.text("to");
  require_host(table, "to", spec.host, scenario);
  spec.port = static_cast<std::uint16_t>(table.integer_or("port", 25, 1, 65535));
  spec.lines = table.texts("lines");
  if (spec.lines.empty())
    table.fail("lines", "nothing is typed; write lines = [\"HELO alice-pc\", \"QUIT\"]");
  spec.pause = table.duration_or("pause", 500 * sim::kMillisecond);
}

// A host, not a user, asks another one for the mail that waits there.
void read_collect(TableReader& table, ActionSpec& spec, const Scenario& scenario) {
  require_agent(table, "who", spec.who, AgentKind::MtaClient, scenario);
  spec.host = table.text("to");
  require_agent(table, "to", spec.host, AgentKind::MtaServer, scenario);
  if (spec.deed == Deed::Etrn) spec.domain = domain(table, "domain", table.text("domain"));
}

ActionSpec read_action(TableReader& table, const Scenario& scenario) {
  ActionSpec spec;
  spec.line = table.line();
  spec.deed = choice<Deed>(table, "does", "",
                           {{"send", Deed::Send},
                            {"fetch", Deed::Fetch},
                            {"read", Deed::Read},
                            {"open mailbox", Deed::OpenMailbox},
                            {"type", Deed::Type},
                            {"turn", Deed::Turn},
                            {"etrn", Deed::Etrn}});
  spec.who = table.text("who");
  if (spec.deed == Deed::Turn || spec.deed == Deed::Etrn)
    read_collect(table, spec, scenario);
  else
    require_user(table, "who", spec.who, scenario);
  spec.at = table.duration_or("at", table.duration_or("wait", 0));
  spec.after = read_after(table, scenario);
  if (spec.deed == Deed::Send) read_letter(table, spec.letter);
  if (spec.deed == Deed::Fetch) spec.keep = table.flag_or("keep", false);
  if (spec.deed == Deed::Type) read_talk(table, spec, scenario);
  if (spec.deed == Deed::OpenMailbox) {
    spec.whose = table.text("whose");
    require_user(table, "whose", spec.whose, scenario);
  }
  return spec;
}

FaultSpec read_fault(TableReader& table, const Scenario& scenario) {
  FaultSpec spec;
  spec.line = table.line();
  const auto what = parse_action(table.text("do"), scenario);
  if (!what) table.fail("do", what.error());
  spec.what = *what;
  spec.what.at = table.duration_or("at", table.duration_or("wait", 0));
  spec.after = read_after(table, scenario);
  return spec;
}

}  // namespace

void read_deeds(TableReader& file, Scenario& scenario) {
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
