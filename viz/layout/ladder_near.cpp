#include "viz/layout/ladder_near.hpp"

#include "viz/layout/ladder_lines.hpp"

namespace mailscope::viz {
namespace {

using Participant = TraceIndex::Participant;

// One line for each, its x its place among them.
std::vector<Lifeline> numbered(const TraceIndex& index, const std::vector<Participant>& all) {
  std::vector<Lifeline> lines;
  for (const Participant& one : all) {
    Lifeline line;
    line.host = one.host, line.agent = one.agent;
    line.x = static_cast<float>(lines.size());
    if (one.agent != kNone) {
      const trace::Agent& agent = index.trace().agents[one.agent];
      line.name = agent.name.empty() ? std::string(name(agent.kind)) : agent.name;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::vector<Participant> busy_in(const TraceIndex& index, const Cursor& cursor,
                                 const LadderRows& rows, std::size_t first, std::size_t end) {
  const Trace& trace = index.trace();
  const std::vector<Participant> all = rows.participants();
  const std::vector<Lifeline> lines = numbered(index, all);
  std::vector<bool> busy(all.size());
  const auto mark = [&](const trace::Endpoint& one) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].host == one.host && all[i].agent == one.agent) busy[i] = true;
  };
  const auto mark_ends = [&](const trace::Connection& connection) {
    mark(connection.client);
    mark(connection.server);
  };
  if (cursor.pdu != kNone) mark_ends(trace.connections[trace.pdus[cursor.pdu].connection]);
  for (std::size_t row = first; row < std::min(end, rows.size()); ++row) {
    const Row r = rows.at(row);
    if (r.kind == RowKind::Pdu) {
      mark_ends(trace.connections[trace.pdus[r.id].connection]);
    } else if (r.kind == RowKind::Lost &&
               trace.frames[r.id].connection < trace.connections.size()) {
      mark_ends(trace.connections[trace.frames[r.id].connection]);
    } else if (r.kind == RowKind::Change) {
      const float place = x_of_change(index, lines, r.id);
      if (place >= 0) busy[static_cast<std::size_t>(place)] = true;
    }
  }
  std::vector<Participant> kept;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (busy[i]) kept.push_back(all[i]);
  return kept.size() < 2 ? all : kept;
}

}  // namespace mailscope::viz
