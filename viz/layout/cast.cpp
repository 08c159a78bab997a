#include "viz/layout/cast.hpp"

#include <algorithm>

namespace mailscope::viz {
namespace {

class Cast {
 public:
  explicit Cast(const TraceIndex& index)
      : index_(index),
        trace_(index.trace()),
        hosts_(trace_.hosts.size()),
        agents_(trace_.agents.size()) {}

  Focus whole() {
    if (index_.narration().empty()) {
      hosts_.assign(hosts_.size(), true), agents_.assign(agents_.size(), true);
    } else {
      for (const trace::Pdu& pdu : trace_.pdus) add(index_.sender(pdu)), add(index_.receiver(pdu));
      for (const trace::StateChange& change : trace_.changes) add(change);
      for (const Id note : index_.narration()) add(trace_.notes[note]);
    }
    return {listed(hosts_), listed(agents_), 0};
  }

 private:
  void add(const trace::Endpoint& end) {
    if (end.host < hosts_.size()) hosts_[end.host] = true;
    if (end.agent < agents_.size()) agents_[end.agent] = true;
  }

  void add(const trace::StateChange& change) {
    const trace::Variable& variable = trace_.variables[change.variable];
    add({variable.host, variable.agent, {}, 0});
    add_named(variable.host, change.text);
  }

  // The host of what the step is tied to, and those that its words name, with what they have.
  void add(const trace::Note& note) {
    const std::string text = note.text + "\n" + note.detail;
    for (const Id host : hosts_named(index_, text)) hosts_[host] = true, add_named(host, text);
    if (note.pdu < trace_.pdus.size())
      for (const trace::Endpoint* end :
           {&index_.sender(trace_.pdus[note.pdu]), &index_.receiver(trace_.pdus[note.pdu])})
        add_named(end->host, text);
    if (note.change < trace_.changes.size())
      add_named(trace_.variables[trace_.changes[note.change].variable].host, text);
  }

  void add_named(Id host, std::string_view text) {
    for (Id id = 0; id < agents_.size(); ++id)
      if (!agents_[id] && trace_.agents[id].host == host && names_agent(trace_.agents[id], text))
        agents_[id] = true;
  }

  static std::vector<Id> listed(const std::vector<char>& has) {
    std::vector<Id> ids;
    for (Id id = 0; id < has.size(); ++id)
      if (has[id]) ids.push_back(id);
    return ids;
  }

  const TraceIndex& index_;
  const Trace& trace_;
  std::vector<char> hosts_, agents_;
};

}  // namespace

Focus cast_of(const TraceIndex& index) {
  return Cast(index).whole();
}

}  // namespace mailscope::viz
