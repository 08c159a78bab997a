#include "viz/layout/letters.hpp"

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "viz/layout/carry.hpp"

namespace mailscope::viz {
namespace {

using trace::AgentKind;
using trace::Mail;

bool is_pulled(const Mail& mail) {
  return languages::of(mail.protocol).card().pulls;
}

bool is_for(const Mail& mail, std::string_view user) {
  if (user.empty()) return true;
  return std::ranges::any_of(mail.to, [&](const std::string& to) {
    return to.starts_with(user) && to.substr(user.size()).starts_with('@');
  });
}

// When the hop is over: the receiver has the letter.
Time done_at(const Trace& trace, const Mail& mail) {
  if (mail.data == kNone) return mail.at;
  const trace::Pdu& data = trace.pdus[mail.data];
  if (is_pulled(mail)) return std::max(data.last, data.received == kNever ? 0 : data.received);
  if (data.exchange >= trace.exchanges.size()) return data.last;
  const Id reply = trace.exchanges[data.exchange].last_reply;
  return reply == kNone ? kNever : trace.pdus[reply].first;
}

struct Hop {
  Id mail = kNone;
  bool to_go = false;  // it has still to leave
  Time at = 0;
};

// One hop of each message that has been brought to the host, or is to leave it.
class Store {
 public:
  Store(const TraceIndex& index, const Cursor& cursor, Id agent)
      : trace_(index.trace()),
        now_(cursor.time),
        agent_(trace_.agents[agent]),
        user_(user_of(trace_, agent)) {
    for (Id id = 0; id < trace_.mails.size(); ++id) look_at(id);
    std::ranges::stable_sort(hops_, [](const Hop& a, const Hop& b) {
      return a.to_go != b.to_go ? a.to_go : a.at > b.at;
    });
  }

  std::vector<Id> mails() const {
    std::vector<Id> ids;
    for (const Hop& hop : hops_) ids.push_back(hop.mail);
    return ids;
  }

 private:
  void look_at(Id id) {
    const Mail& mail = trace_.mails[id];
    const trace::Connection& connection = trace_.connections[mail.connection];
    const Time done = done_at(trace_, mail);
    const bool pulled = is_pulled(mail);
    const Id giver = pulled ? connection.server.host : connection.client.host;
    const Id taker = pulled ? connection.client.host : connection.server.host;
    const bool taken = mail.fate != trace::MailFate::Refused && done <= now_;
    if (taker == agent_.host && taken && (pulled || is_for(mail, user_)))
      add({id, false, done});
    else if (giver == agent_.host && done > now_ && agent_.kind != AgentKind::UserAgent)
      add({id, true, mail.at});
  }

  // Of two hops of one message the one that brought it, also where it has still to go.
  void add(Hop hop) {
    const std::string& message = trace_.mails[hop.mail].message_id;
    for (Hop& known : hops_) {
      if (message.empty() || trace_.mails[known.mail].message_id != message) continue;
      if (known.to_go && !hop.to_go) std::swap(known.mail, hop.mail);
      known.to_go = known.to_go || hop.to_go;
      return;
    }
    hops_.push_back(hop);
  }

  const Trace& trace_;
  Time now_;
  const trace::Agent& agent_;
  std::string_view user_;  // whose it is
  std::vector<Hop> hops_;
};

trace::VariableKind counted_as(AgentKind kind) {
  using trace::VariableKind;
  return kind == AgentKind::Spool       ? VariableKind::Spool
         : kind == AgentKind::UserAgent ? VariableKind::Inbox
                                        : VariableKind::Mailbox;
}

// The last change of the agent's count.
Selection last_count(const TraceIndex& index, const Cursor& cursor, Id agent) {
  const Trace& trace = index.trace();
  const trace::VariableKind kind = counted_as(trace.agents[agent].kind);
  Id last = kNone;
  for (const trace::Variable& variable : trace.variables) {
    if (variable.agent != agent || !variable.is(kind)) continue;
    for (const Id change : variable.changes)
      if (trace.changes[change].at <= cursor.time) last = change;
  }
  return last == kNone ? Selection{} : Selection{Selected::Change, last};
}

}  // namespace

std::vector<Id> letters_in(const TraceIndex& index, const Cursor& cursor, Id agent) {
  return Store(index, cursor, agent).mails();
}

Selection letter_at(const TraceIndex& index, const Cursor& cursor, Id agent) {
  const std::vector<Id> mails = letters_in(index, cursor, agent);
  if (mails.empty()) return last_count(index, cursor, agent);
  const auto shown = cursor.selection.kind == Selected::Mail
                         ? std::ranges::find(mails, cursor.selection.id)
                         : mails.end();
  if (shown == mails.end() || shown + 1 == mails.end()) return {Selected::Mail, mails.front()};
  return {Selected::Mail, *(shown + 1)};
}

Selection carried_by(const TraceIndex& index, Id pdu) {
  if (index.trace().pdus[pdu].kind == trace::PduKind::Data)
    if (const Id mail = index.mail_of_pdu(pdu); mail != kNone) return {Selected::Mail, mail};
  return {Selected::Pdu, pdu};
}

}  // namespace mailscope::viz
