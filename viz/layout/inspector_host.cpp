// A host: its agents and what is inside it; an inside event; and an intervention.
#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "viz/layout/carry.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/inspector_parts.hpp"
#include "viz/layout/topology.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

using trace::VariableKind;

// RFC 5598 §3-4 in a few words.
std::string_view job_of(trace::AgentKind kind) {
  using trace::AgentKind;
  switch (kind) {
    case AgentKind::UserAgent:
      return "writes and reads letters for its user";
    case AgentKind::MtaClient:
      return "pushes mail to the next server, with SMTP";
    case AgentKind::MtaServer:
      return "takes mail in, with SMTP";
    case AgentKind::Mda:
      return "puts what is for users here into their mailboxes";
    case AgentKind::MaaClient:
      return "fetches its user's mail";
    case AgentKind::MaaServer:
      return "hands mail out to those who fetch it";
    case AgentKind::Spool:
      return "mail that waits to be sent on";
    case AgentKind::Mailbox:
      return "mail that has arrived for one user";
    case AgentKind::DnsServer:
      return "tells which host takes mail for a domain";
    case AgentKind::Resolver:
      return "asks the DNS, and remembers the answers for a while";
    case AgentKind::Terminal:
      return "a person who types the commands by hand";
    case AgentKind::Other:
      break;
  }
  return "a process";
}

void add_variables(const TraceIndex& index, Id host, const Cursor& cursor, Inspector& out) {
  const Trace& trace = index.trace();
  Section stores{"Queue and mailboxes", "", {}, {}};
  Section sockets{"Sockets", "as the agents call them", {}, {}};
  Section other{"Inside", "", {}, {}};
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.host != host) continue;
    const std::string value = printable_utf8(text(value_seen(index, id, cursor)));
    if (value.empty()) continue;
    const bool store = variable.is(VariableKind::Spool) || variable.is(VariableKind::Mailbox);
    Section& section = store ? stores : variable.is(VariableKind::Socket) ? sockets : other;
    if (section.facts.size() >= kFactsMax) continue;
    std::string who = what(variable);
    if (variable.agent < trace.agents.size() && !store) {
      const std::string& agent = trace.agents[variable.agent].name;
      if (variable.is(VariableKind::Socket)) {
        who = agent;
      } else if (who.find(agent) == std::string::npos) {
        who = agent + ", " + who;
      }
    }
    add_fact(section, who, value, !store);
  }
  for (Section* section : {&stores, &sockets, &other})
    if (!section->facts.empty()) out.sections.push_back(std::move(*section));
}

// Up to what has happened: what a moment still brings about is to come.
void add_history(const TraceIndex& index, Id host, const Cursor& cursor, Inspector& out) {
  const Trace& trace = index.trace();
  Section section{"What happened inside", "latest first", {}, {}};
  const auto after =
      std::upper_bound(trace.changes.begin(), trace.changes.end(), cursor.time,
                       [](Time t, const trace::StateChange& change) { return t < change.at; });
  const Id last = last_change_seen(index, cursor);
  std::size_t looked = 0;
  for (auto it = after; it != trace.changes.begin() && section.facts.size() < 12 && looked < 20000;
       ++looked) {
    --it;
    const auto id = static_cast<Id>(it - trace.changes.begin());
    if (last != kNone && id > last) continue;
    if (trace.variables[it->variable].host != host || it->text.empty()) continue;
    Fact fact;
    fact.label = clock_text(it->at);
    fact.value = printable_utf8(it->text);
    fact.leads_to = {Selected::Change, id};
    section.facts.push_back(std::move(fact));
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

}  // namespace

Inspector inspect_host(const TraceIndex& index, const Cursor& cursor, Id id) {
  const Trace& trace = index.trace();
  const trace::Host& host = trace.hosts[id];
  Inspector out;
  const bool router = host.kind == trace::HostKind::Router;
  out.chips.push_back({router ? "router" : "host", Role::Accent, true});
  const Power power = power_of(index, id, cursor);
  if (power == Power::Off) out.chips.push_back({"off", Role::Bad, true});
  if (power == Power::Crashed) out.chips.push_back({"crashed", Role::Bad, true});
  if (!host.addresses.empty()) out.chips.push_back({host.addresses.front(), Role::Dim, false});
  out.title = host.name.empty() ? index.host_name(id) : host.name;
  Section agents{"Agents", "", {}, {}};
  for (const trace::Agent& agent : trace.agents) {
    if (agent.host != id) continue;
    add_fact(agents, agent.name.empty() ? std::string(name(agent.kind)) : agent.name,
             std::string(job_of(agent.kind)) +
                 (agent.port ? fmt::format("; listens on port {}", agent.port) : ""));
  }
  if (router)
    out.meaning.push_back(
        "It passes packets on from one link to the next and looks no further into "
        "them than their IP addresses. It knows nothing of mail.");
  if (!agents.facts.empty()) out.sections.push_back(std::move(agents));
  add_variables(index, id, cursor, out);
  add_history(index, id, cursor, out);
  if (cursor.pdu != kNone && trace.connections[trace.pdus[cursor.pdu].connection].server.host == id)
    add_machine(index, cursor.pdu, cursor.time, out);
  return out;
}

Inspector inspect_change(const TraceIndex& index, const Cursor& cursor, Id id) {
  const Trace& trace = index.trace();
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  Inspector out;
  out.chips.push_back({"inside event", Role::Accent, true});
  if (variable.host < trace.hosts.size())
    out.chips.push_back({index.host_name(variable.host), Role::Dim, false});
  out.title = what(variable);
  out.title_role = is_failure(trace, id) ? Role::Refused : Role::Accent;
  out.meaning.push_back(printable_utf8(change.text));
  out.meaning.push_back("No wire shows this: it happens inside the host.");
  Section section{"Change", clock_text(change.at), {}, {}};
  if (variable.agent < trace.agents.size())
    add_fact(section, "agent", trace.agents[variable.agent].name);
  add_fact(section, "before",
           !has_value(change.before) ? "nothing yet" : printable_utf8(text(change.before)), true);
  add_fact(section, "after", printable_utf8(text(change.after)), true);
  out.sections.push_back(std::move(section));
  if (variable.host < trace.hosts.size()) add_history(index, variable.host, cursor, out);
  return out;
}

Inspector inspect_intervention(const TraceIndex& index, Id id) {
  const trace::Intervention& intervention = index.trace().interventions[id];
  Inspector out;
  out.chips.push_back({"intervention", Role::Accent, true});
  out.title = text_of(index, id);
  out.meaning.emplace_back("Somebody does this at the machines: none of the programs is told.");
  Section section{"Intervention", clock_text(intervention.at), {}, {}};
  add_fact(section, "as it is written", printable_utf8(intervention.text), true);
  out.sections.push_back(std::move(section));
  return out;
}

}  // namespace mailscope::viz
