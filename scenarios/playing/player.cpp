#include "scenarios/playing/player.hpp"
#include "scenarios/playing/find_event.hpp"

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "captures/observe/road.hpp"
#include "scenarios/playing/checks.hpp"
#include "scenarios/playing/recorded_frames.hpp"
#include "scenarios/playing/stage.hpp"
#include "sim/kernel/time.hpp"

namespace mailscope::scenarios {
namespace {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Time;
using trace::Trace;

// The first agent of that kind on the host, or kNone.
Id find_agent(const Trace& trace, Id host, AgentKind kind) {
  for (Id id = 0; id < trace.agents.size(); ++id)
    if (trace.agents[id].host == host && trace.agents[id].kind == kind) return id;
  return kNone;
}

// The agent of the client's host that called connect() for this server last before the SYN; the one
// of the protocol's kind where nobody did (UDP).
Id find_caller(const Trace& trace, const trace::Connection& connection, AgentKind kind) {
  const trace::SocketCall call{trace::SocketCall::Name::Connect, connection.server.port,
                               connection.server.address};
  const auto after =
      std::upper_bound(trace.changes.begin(), trace.changes.end(), connection.opened,
                       [](Time at, const trace::StateChange& change) { return at < change.at; });
  for (auto change = after; change != trace.changes.begin();) {
    const trace::Variable& variable = trace.variables[(--change)->variable];
    if (variable.host == connection.client.host && change->after == trace::Value(call))
      return variable.agent;
  }
  return find_agent(trace, connection.client.host, kind);
}

// The agent that listens on the port, else the one of the protocol's kind.
Id find_listener(const Trace& trace, const trace::Endpoint& server, AgentKind kind) {
  for (Id id = 0; id < trace.agents.size(); ++id)
    if (trace.agents[id].host == server.host && trace.agents[id].port == server.port) return id;
  return find_agent(trace, server.host, kind);
}

Id find_host(const Trace& trace, const IpAddress& address) {
  const std::string text = address.text();
  for (Id id = 0; id < trace.hosts.size(); ++id) {
    const auto& own = trace.hosts[id].addresses;
    if (std::find(own.begin(), own.end(), text) != own.end()) return id;
  }
  return kNone;
}

// Which of the simulated agents speak on each connection.
void name_the_speakers(Trace& trace) {
  for (trace::Connection& connection : trace.connections) {
    const auto [client, server] = languages::speakers(connection.protocol);
    connection.client.host = find_host(trace, connection.client.address);
    connection.server.host = find_host(trace, connection.server.address);
    connection.client.agent = find_caller(trace, connection, client);
    connection.server.agent = find_listener(trace, connection.server, server);
  }
}

// Where its event happens each note stands in the trace.
void place_notes(const Scenario& scenario, Run& run) {
  for (const NoteSpec& spec : scenario.notes) {
    const Happening where = find_event(run.trace, spec.on);
    if (!where.happens()) {
      run.untold.push_back(&spec);
      run.missed.push_back({spec.line, spec.on.text});
    } else {
      run.trace.notes.push_back(
          {where.at, spec.kind, spec.text, spec.detail, where.pdu, where.change});
    }
  }
  std::stable_sort(run.trace.notes.begin(), run.trace.notes.end(),
                   [](const trace::Note& a, const trace::Note& b) { return a.at < b.at; });
}

// An action that something else prevented has happened all the same: only its event counts.
void find_missed(const Scenario& scenario, Run& run) {
  const auto look_for = [&](const std::optional<InsideEvent>& after, int line) {
    if (after && !find_event(run.trace, *after).happens())
      run.missed.push_back({line, after->text});
  };
  for (const ActionSpec& spec : scenario.actions) look_for(spec.after, spec.line);
  for (const FaultSpec& spec : scenario.faults) look_for(spec.after, spec.line);
  std::sort(run.missed.begin(), run.missed.end(),
            [](const Missed& a, const Missed& b) { return a.line < b.line; });
}

}  // namespace

bool Run::passed() const {
  return ended && std::all_of(checks.begin(), checks.end(),
                              [](const CheckResult& check) { return check.passed; });
}

Run play(const Scenario& scenario, std::uint64_t seed,
         const std::vector<Intervention>& interventions) {
  Run run;
  trace::Source& source = run.trace.source;
  source.kind = trace::SourceKind::Simulator;
  source.name = scenario.name;
  source.title = scenario.title;
  source.summary = scenario.summary;
  source.seed = seed;
  source.begin = scenario.begin * sim::kSecond;
  Stage stage(scenario, seed, interventions, run.trace);
  run.ended = stage.run();
  RecordReader(run.trace, stage.recorder()).finish();
  name_the_speakers(run.trace);
  place_notes(scenario, run);
  find_missed(scenario, run);
  run.checks = make_checks(scenario, stage, run.trace);
  return run;
}

}  // namespace mailscope::scenarios
