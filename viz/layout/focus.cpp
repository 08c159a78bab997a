#include "viz/layout/focus.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "viz/layout/carry.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/heading.hpp"

namespace mailscope::viz {
namespace {

bool is_word(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '_';
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

// Whether `word` stands in `text` by itself; "mail.beta" does in "mail.beta.example" only as a
// whole.
bool contains_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '.');
    const bool goes_on = end + 1 < text.size() && text[end] == '.' && is_word(text[end + 1]);
    if (begins && !goes_on && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

bool names_through(std::string_view text, std::string_view person,
                   std::initializer_list<std::string_view> belongings) {
  for (const std::string_view belonging : belongings)
    if (contains_word(text, std::string(person) + "'s " + std::string(belonging))) return true;
  return false;
}

bool named_by_person(const Trace& trace, Id host, std::string_view text) {
  const std::string& name = trace.hosts[host].name;
  if (name.ends_with("-pc") && names_through(text, name.substr(0, name.size() - 3),
                                             {"computer", "pc", "user agent", "mta client",
                                              "maa client", "program", "mail program"}))
    return true;
  for (Id id = 0; id < trace.agents.size(); ++id) {
    const trace::Agent& agent = trace.agents[id];
    if (agent.host != host) continue;
    const std::string user = lower_case(user_of(trace, id));
    if (user.empty()) continue;
    if (agent.kind == trace::AgentKind::Mailbox &&
        names_through(text, user, {"server", "mail server", "mailbox", "host"}))
      return true;
    if (agent.kind == trace::AgentKind::UserAgent && names_through(text, user, {"user agent"}))
      return true;
  }
  return false;
}

void add(std::vector<Id>& to, Id id) {
  if (id != kNone && std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

void add_pdu(const TraceIndex& index, Id id, Focus& focus) {
  if (id >= index.trace().pdus.size()) return;
  const trace::Pdu& pdu = index.trace().pdus[id];
  for (const trace::Endpoint* end : {&index.sender(pdu), &index.receiver(pdu)}) {
    add(focus.hosts, end->host);
    add(focus.agents, end->agent);
  }
}

void add_change(const TraceIndex& index, Id id, Focus& focus) {
  if (id >= index.trace().changes.size()) return;
  const trace::Variable& variable = index.trace().variables[index.trace().changes[id].variable];
  add(focus.hosts, variable.host);
  add(focus.agents, variable.agent);
}

}  // namespace

bool Focus::has_host(Id host) const {
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

bool Focus::has_agent(Id agent) const {
  return std::find(agents.begin(), agents.end(), agent) != agents.end();
}

std::vector<Id> hosts_named(const TraceIndex& index, std::string_view text) {
  const Trace& trace = index.trace();
  const std::string lower = lower_case(text);
  std::vector<Id> found;
  for (Id id = 0; id < trace.hosts.size(); ++id)
    if (contains_word(lower, lower_case(trace.hosts[id].name)) ||
        contains_word(lower, lower_case(index.host_name(id))) || named_by_person(trace, id, lower))
      found.push_back(id);
  return found;
}

bool names_agent(const trace::Agent& agent, std::string_view text) {
  const std::string lower = lower_case(text);
  using trace::AgentKind;
  if (agent.kind == AgentKind::Spool && contains_word(lower, "queue")) return true;
  return contains_word(lower, lower_case(agent.name));
}

Focus focus_of(const TraceIndex& index, const Cursor& cursor) {
  Focus focus;
  const Trace& trace = index.trace();
  if (cursor.event.kind == Selected::Change) add_change(index, cursor.event.id, focus);
  if (cursor.event.kind == Selected::Intervention)
    for (const Id host : hosts_of(index, cursor.event.id)) add(focus.hosts, host);
  const trace::Note* note = nullptr;
  if (cursor.note != kNone) note = &trace.notes[index.narration()[cursor.note]];
  if (note && cursor.pdu == note->pdu) add_pdu(index, note->pdu, focus);
  if (note) add_change(index, note->change, focus);
  add_pdu(index, cursor.pdu, focus);
  // In front of everything: who will act first.
  if (cursor.pdu == kNone) add_pdu(index, 0, focus);
  focus.acting = focus.hosts.size();
  const Heading heading = heading_of(index, cursor);
  const std::string text = heading.headline + "\n" + heading.detail;
  for (const Id host : hosts_named(index, text)) add(focus.hosts, host);
  for (Id id = 0; id < trace.agents.size(); ++id)
    if (focus.has_host(trace.agents[id].host) && names_agent(trace.agents[id], text))
      add(focus.agents, id);
  return focus;
}

}  // namespace mailscope::viz
