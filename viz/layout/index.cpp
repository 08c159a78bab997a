#include "viz/layout/index.hpp"

#include <algorithm>
#include <unordered_map>

#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

// Socket calls that merely move octets would double every row of the ladder.
bool makes_a_row(const Trace& trace, const trace::StateChange& change) {
  if (change.text.empty() || change.variable >= trace.variables.size()) return false;
  if (change.at == 0 && change.before.empty()) return false;  // how things were at the beginning
  const std::string& what = trace.variables[change.variable].what;
  return !what.starts_with("socket") && !what.starts_with("session");
}

bool is_address(std::string_view name) {
  return name.find_first_not_of("0123456789.:abcdefABCDEF") == std::string_view::npos;
}

std::string without_last_label(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || is_address(name)) return name;
  if (name.find('.') == dot) return name;  // two labels: both are needed
  return name.substr(0, dot);
}

}  // namespace

int place_in_host(trace::AgentKind kind) {
  using trace::AgentKind;
  constexpr AgentKind kOrder[] = {AgentKind::UserAgent, AgentKind::Terminal,  AgentKind::MaaClient,
                                  AgentKind::MtaServer, AgentKind::Spool,     AgentKind::MtaClient,
                                  AgentKind::Mda,       AgentKind::Mailbox,   AgentKind::MaaServer,
                                  AgentKind::Resolver,  AgentKind::DnsServer, AgentKind::Other};
  return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), kind) - kOrder);
}

TraceIndex::TraceIndex(const Trace& trace) : trace_(&trace) {
  duration_ = trace.source.duration;
  for (const trace::Pdu& pdu : trace.pdus) {
    duration_ = std::max(duration_, pdu.last);
    const Time end = pdu.received == kNever ? pdu.last : std::max(pdu.received, pdu.last);
    duration_ = std::max(duration_, end);
    longest_pdu_ = std::max(longest_pdu_, end - pdu.first);
  }
  if (!trace.changes.empty()) duration_ = std::max(duration_, trace.changes.back().at);
  for (Id id = 0; id < trace.notes.size(); ++id) {
    auto& notes = trace.notes[id].kind == trace::NoteKind::Chapter ? chapters_ : narration_;
    notes.push_back(id);
  }
  for (Id id = 0; id < trace.mails.size(); ++id)
    if (trace.mails[id].data != kNone) mail_by_data_.emplace_back(trace.mails[id].data, id);
  std::sort(mail_by_data_.begin(), mail_by_data_.end());
  index_names();
  index_connections();
  index_hosts();
  index_participants();
  index_frames();
  index_rows();
  index_inside_participants();
  index_histogram();
}

void TraceIndex::index_names() {
  std::unordered_map<std::string, int> uses;
  for (const trace::Host& host : trace_->hosts) ++uses[without_last_label(host.name)];
  for (const trace::Host& host : trace_->hosts) {
    std::string name = without_last_label(host.name);
    if (uses[name] > 1) name = host.name;
    if (name.empty() && !host.addresses.empty()) name = host.addresses.front();
    short_names_.push_back(std::move(name));
  }
}

void TraceIndex::index_connections() {
  connection_begin_.assign(trace_->connections.size() + 1, 0);
  for (const trace::Pdu& pdu : trace_->pdus)
    if (pdu.connection < trace_->connections.size()) ++connection_begin_[pdu.connection + 1];
  for (std::size_t i = 1; i < connection_begin_.size(); ++i)
    connection_begin_[i] += connection_begin_[i - 1];
  connection_pdus_.resize(connection_begin_.back());
  std::vector<std::uint32_t> next(connection_begin_.begin(), connection_begin_.end() - 1);
  for (Id id = 0; id < trace_->pdus.size(); ++id) {
    const Id connection = trace_->pdus[id].connection;
    if (connection < next.size()) connection_pdus_[next[connection]++] = id;
  }
}

void TraceIndex::index_hosts() {
  std::vector<std::uint64_t> weight(trace_->hosts.size(), 0);
  std::unordered_map<std::uint64_t, std::size_t> places;
  for (Id id = 0; id < trace_->connections.size(); ++id) {
    const trace::Connection& connection = trace_->connections[id];
    const Id client = connection.client.host, server = connection.server.host;
    if (client >= weight.size() || server >= weight.size()) continue;
    const std::uint64_t pdus = pdus_of(id).size();
    weight[client] += pdus + 1;
    weight[server] += pdus + 1;
    const std::uint64_t key = std::uint64_t{client} << 32 | server;
    const auto [place, added] = places.try_emplace(key, pairs_.size());
    if (added) pairs_.push_back({client, server, 0});
    pairs_[place->second].pdus += pdus;
  }
  const bool simulated = trace_->source.kind == trace::SourceKind::Scenario;
  std::vector<bool> serves(weight.size());  // a server waits for its guests
  for (const trace::Agent& agent : trace_->agents)
    if (agent.port != 0 && agent.host < serves.size()) serves[agent.host] = true;
  for (Id id = 0; id < weight.size(); ++id)
    if (simulated || serves[id] || weight[id] > 0) hosts_by_traffic_.push_back(id);
  std::stable_sort(hosts_by_traffic_.begin(), hosts_by_traffic_.end(),
                   [&](Id a, Id b) { return weight[a] > weight[b]; });
  std::stable_sort(pairs_.begin(), pairs_.end(),
                   [](const Pair& a, const Pair& b) { return a.pdus > b.pdus; });
}

bool TraceIndex::insert_participant(Participant one) {
  if (one.host == kNone) return true;
  const auto rank = [&](Id agent) {
    return agent == kNone ? -1 : place_in_host(trace_->agents[agent].kind);
  };
  auto place = participants_.end();  // behind those of its host that come first
  for (auto it = participants_.begin(); it != participants_.end(); ++it) {
    if (*it == one) return true;
    if (it->host != one.host) continue;
    if (rank(it->agent) <= rank(one.agent)) {
      place = it + 1;
    } else if (place == participants_.end()) {
      place = it;
    }
  }
  if (participants_.size() >= kParticipantsMax) return false;
  participants_.insert(place, one);
  return true;
}

void TraceIndex::index_participants() {
  for (Id id = 0; id < trace_->connections.size(); ++id) {
    if (pdus_of(id).empty()) continue;
    const trace::Connection& connection = trace_->connections[id];
    const trace::Endpoint &client = connection.client, &server = connection.server;
    const bool room = insert_participant({client.host, client.agent}) &&
                      insert_participant({server.host, server.agent});
    if (room) continue;
    all_participants_ = false;
    return;
  }
}

// The agents in which something happens: user agents and MDAs, whom no wire shows; all where
// nothing crosses a wire at all.
void TraceIndex::index_inside_participants() {
  for (Id agent = 0; agent < trace_->agents.size(); ++agent) {
    const trace::AgentKind kind = trace_->agents[agent].kind;
    const bool unseen = kind == trace::AgentKind::UserAgent || kind == trace::AgentKind::Mda;
    if (!unseen && !trace_->connections.empty()) continue;
    const bool happens = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.kind == RowKind::Change &&
             trace_->variables[trace_->changes[row.id].variable].agent == agent;
    });
    if (happens) insert_participant({trace_->agents[agent].host, agent});
  }
}

void TraceIndex::index_frames() {
  const std::vector<trace::Frame>& frames = trace_->frames;
  pdu_of_frame_.assign(frames.size(), kNone);
  for (Id id = static_cast<Id>(trace_->pdus.size()); id-- > 0;)
    if (trace_->pdus[id].frame < frames.size()) pdu_of_frame_[trace_->pdus[id].frame] = id;
  bool hops = false;
  for (Id id = 0; id < frames.size(); ++id) {
    const trace::Frame& frame = frames[id];
    hops = hops || (frame.origin != kNone && frame.origin != id);
    if (frame.fate == trace::Fate::Lost) lost_.push_back(id);
    if (frame.received != kNever)
      longest_flight_ = std::max(longest_flight_, frame.received - frame.sent);
  }
  if (!hops) return;
  next_hop_.assign(frames.size(), kNone);
  std::vector<Id> last(frames.size(), kNone);
  for (Id id = 0; id < frames.size(); ++id) {
    const Id origin = frames[id].origin;
    if (origin >= frames.size() || origin == id) continue;
    next_hop_[last[origin] == kNone ? origin : last[origin]] = id;
    last[origin] = id;
  }
}

void TraceIndex::index_rows() {
  const auto& pdus = trace_->pdus;
  const auto& changes = trace_->changes;
  std::vector<Row> plain;
  std::vector<Time> times;
  plain.reserve(pdus.size() + lost_.size());
  times.reserve(pdus.size() + lost_.size());
  std::size_t p = 0, c = 0, l = 0;
  while (true) {
    while (c < changes.size() && !makes_a_row(*trace_, changes[c])) ++c;
    const Time pdu_at = p < pdus.size() ? pdus[p].first : kNever;
    const Time change_at = c < changes.size() ? changes[c].at : kNever;
    const Time lost_at = l < lost_.size() ? trace_->frames[lost_[l]].sent : kNever;
    const Time at = std::min({pdu_at, change_at, lost_at});
    if (at == kNever) break;
    times.push_back(at);
    if (change_at == at) {
      plain.push_back({static_cast<Id>(c++), RowKind::Change});
    } else if (lost_at == at) {  // in front of the PDU that it was to carry
      plain.push_back({lost_[l++], RowKind::Lost});
    } else {
      plain.push_back({static_cast<Id>(p++), RowKind::Pdu});
    }
  }
  fold_ = TimeFold(times, duration_);
  const Time gap_min = std::max<Time>(fold_.longest_gap(), 500'000'000);
  row_of_pdu_.resize(pdus.size());
  rows_.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && times[i] - times[i - 1] >= gap_min) rows_.push_back({kNone, RowKind::Gap});
    if (plain[i].kind == RowKind::Pdu)
      row_of_pdu_[plain[i].id] = static_cast<std::uint32_t>(rows_.size());
    rows_.push_back(plain[i]);
  }
}

void TraceIndex::index_histogram() {
  buckets_.assign(kBuckets, {});
  refusals_.assign(kBuckets, {});
  const double total = static_cast<double>(std::max<Time>(1, fold_.duration()));
  for (const trace::Pdu& pdu : trace_->pdus) {
    const double share = static_cast<double>(fold_.folded(pdu.first)) / total;
    const int bucket = std::clamp(static_cast<int>(share * kBuckets), 0, kBuckets - 1);
    const auto protocol = pdu.connection < trace_->connections.size()
                              ? trace_->connections[pdu.connection].protocol
                              : trace::Protocol::Unknown;
    ++buckets_[bucket][static_cast<int>(protocol)];
    const Refusal refused = refusal(*trace_, pdu);
    if (refused != Refusal::None) ++refusals_[bucket][refused == Refusal::ForGood];
  }
}

std::span<const Id> TraceIndex::pdus_of(Id connection) const {
  if (connection >= trace_->connections.size()) return {};
  return std::span(connection_pdus_)
      .subspan(connection_begin_[connection],
               connection_begin_[connection + 1] - connection_begin_[connection]);
}

std::size_t TraceIndex::place_in_connection(Id pdu) const {
  const std::span<const Id> all = pdus_of(trace_->pdus[pdu].connection);
  return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), pdu) - all.begin());
}

std::size_t TraceIndex::row_of_change(Id change) const {
  const Time at = trace_->changes[change].at;
  std::size_t low = 0, high = rows_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (time_of(middle) < at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (std::size_t row = low; row < rows_.size() && time_of(row) == at; ++row)
    if (rows_[row].kind == RowKind::Change && rows_[row].id == change) return row;
  return std::min(low, rows_.empty() ? 0 : rows_.size() - 1);
}

Time TraceIndex::time_of(std::size_t row) const {
  const Row& r = rows_[row];
  switch (r.kind) {
    case RowKind::Pdu:
      return trace_->pdus[r.id].first;
    case RowKind::Change:
      return trace_->changes[r.id].at;
    case RowKind::Lost:
      return trace_->frames[r.id].sent;
    case RowKind::Gap:
      return time_of(row - 1);
  }
  return 0;
}

Time TraceIndex::gap_length(std::size_t row) const {
  return time_of(row + 1) - time_of(row - 1);
}

Id TraceIndex::pdu_of_frame(Id frame) const {
  if (frame >= pdu_of_frame_.size()) return kNone;
  const Id origin = trace_->frames[frame].origin;
  return pdu_of_frame_[origin < pdu_of_frame_.size() ? origin : frame];
}

Id TraceIndex::next_hop(Id frame) const {
  return frame < next_hop_.size() ? next_hop_[frame] : kNone;
}

std::string TraceIndex::endpoint_name(const trace::Endpoint& endpoint) const {
  if (endpoint.host < short_names_.size()) return short_names_[endpoint.host];
  return endpoint.address.text();
}

const trace::Endpoint& TraceIndex::sender(const trace::Pdu& pdu) const {
  const trace::Connection& connection = trace_->connections[pdu.connection];
  return pdu.direction == Direction::ToServer ? connection.client : connection.server;
}

const trace::Endpoint& TraceIndex::receiver(const trace::Pdu& pdu) const {
  const trace::Connection& connection = trace_->connections[pdu.connection];
  return pdu.direction == Direction::ToServer ? connection.server : connection.client;
}

Id TraceIndex::mail_of_pdu(Id pdu) const {
  const trace::Pdu& p = trace_->pdus[pdu];
  Id data = pdu;
  if (p.kind != trace::PduKind::Data) {
    if (p.exchange >= trace_->exchanges.size()) return kNone;
    data = trace_->exchanges[p.exchange].data;
  }
  const auto at =
      std::lower_bound(mail_by_data_.begin(), mail_by_data_.end(), std::pair<Id, Id>(data, 0));
  return at != mail_by_data_.end() && at->first == data ? at->second : kNone;
}

std::vector<Id> TraceIndex::journey(Id mail) const {
  const trace::Mail& first = trace_->mails[mail];
  if (first.message_id.empty()) return {mail};
  std::vector<Id> hops;
  for (Id id = 0; id < trace_->mails.size(); ++id)
    if (trace_->mails[id].message_id == first.message_id) hops.push_back(id);
  std::stable_sort(hops.begin(), hops.end(),
                   [&](Id a, Id b) { return trace_->mails[a].at < trace_->mails[b].at; });
  return hops;
}

}  // namespace mailscope::viz
