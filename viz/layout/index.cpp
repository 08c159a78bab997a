#include "viz/layout/index.hpp"

#include <algorithm>
#include <unordered_map>

#include "viz/layout/flight.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

// Socket calls that merely move octets would double every row of the ladder.
bool makes_a_row(const Trace& trace, const trace::StateChange& change) {
  if (change.text.empty() || change.variable >= trace.variables.size()) return false;
  if (change.at == 0 && !has_value(change.before))
    return false;  // how things were at the beginning
  return !trace.variables[change.variable].is(trace::VariableKind::Socket);
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
  index_resent();
  index_rows();
  index_inside_participants();
  index_histogram();
  index_notes();
}

Id TraceIndex::lost_frame_of(const trace::Note& note) const {
  if (note.pdu != kNone || note.change != kNone) return kNone;
  const auto sent = [&](Id frame) { return trace_->frames[frame].sent; };
  const auto lost = std::ranges::lower_bound(lost_, note.at, {}, sent);
  return lost != lost_.end() && sent(*lost) == note.at ? *lost : kNone;
}

void TraceIndex::index_notes() {
  for (const trace::Note& note : trace_->notes) {
    const Id lost = lost_frame_of(note);
    shown_at_.push_back(note.pdu < trace_->pdus.size() ? arrival_of(*this, note.pdu)
                        : lost != kNone                ? loss_of(*this, lost)
                                                       : note.at);
  }
  // In the order in which it happened: what is under way when the next thing is told is shown under
  // way. (A host that crashes has sent its last reply before, though that arrives later.)
  Time next = kNever;
  for (auto note = narration_.rbegin(); note != narration_.rend(); ++note) {
    if (shown_at_[*note] > next) shown_at_[*note] = std::max(trace_->notes[*note].at, next - 1);
    next = shown_at_[*note];
  }
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
  const bool simulated = trace_->source.simulated();
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

bool TraceIndex::is_lost(Id frame) const {
  for (Id hop = frame; hop != kNone; hop = next_hop(hop))
    if (trace_->frames[hop].fate == trace::Fate::Lost) return true;
  return false;
}

// The next frame after one that carries what the PDU's first one carried, or kNone.
Id TraceIndex::find_resent(Id id, Id after) const {
  const auto& frames = trace_->frames;
  const trace::Pdu& pdu = trace_->pdus[id];
  if (pdu.frame >= frames.size()) return kNone;
  constexpr std::size_t kSequence = 38;  // in a frame without payload: Ethernet, IPv4, ports
  constexpr Id kLookedAt = 2000;
  const trace::Frame& first = frames[pdu.frame];
  const bool payload = pdu.segment < trace_->segments.size();
  const std::size_t from = payload ? trace_->segments[pdu.segment].payload_at : kSequence;
  const auto told = [&](const trace::Frame& frame) {
    const std::string_view octets = trace_->octets(frame);
    return octets.substr(std::min(from, octets.size()), payload ? std::string_view::npos : 4);
  };
  const Id end = static_cast<Id>(std::min<std::size_t>(frames.size(), after + kLookedAt));
  for (Id at = after + 1; at < end; ++at) {
    const trace::Frame& frame = frames[at];
    if (frame.connection != first.connection || frame.from != first.from) continue;
    if (frame.origin != kNone && frame.origin != at) continue;  // a later hop
    if (frame.wire_octets == first.wire_octets && told(frame) == told(first)) return at;
  }
  return kNone;
}

void TraceIndex::index_resent() {
  for (Id id = 0; id < trace_->pdus.size(); ++id) {
    const trace::Pdu& pdu = trace_->pdus[id];
    if (!(pdu.flags & trace::Pdu::kRetransmitted)) continue;
    const bool lost = pdu.frame < trace_->frames.size() && is_lost(pdu.frame);
    Id again = find_resent(id, pdu.frame);
    if (again == kNone) {  // octets further back were sent again
      resent_.push_back(
          {id, pdu.received == kNever ? pdu.last : pdu.received, pdu.first, pdu.frame});
      continue;
    }
    Resent resent{id, trace_->frames[again].sent, pdu.first, pdu.frame};
    for (; again != kNone; again = find_resent(id, again)) {
      pdu_of_frame_[again] = pdu_of_frame_[pdu.frame];
      if (!lost || resent.carrier != pdu.frame || is_lost(again)) continue;
      resent.departs = trace_->frames[again].sent;
      resent.carrier = again;
    }
    resent_.push_back(resent);
  }
}

Time TraceIndex::departs(Id pdu) const {
  if (resent_.empty()) return trace_->pdus[pdu].first;
  const auto at = std::ranges::lower_bound(resent_, pdu, {}, &Resent::pdu);
  return at != resent_.end() && at->pdu == pdu ? at->departs : trace_->pdus[pdu].first;
}

Id TraceIndex::carrier(Id pdu) const {
  const auto at = std::ranges::lower_bound(resent_, pdu, {}, &Resent::pdu);
  return at != resent_.end() && at->pdu == pdu ? at->carrier : trace_->pdus[pdu].frame;
}

Time TraceIndex::sent_again(Id pdu) const {
  const auto at = std::ranges::lower_bound(resent_, pdu, {}, &Resent::pdu);
  return at != resent_.end() && at->pdu == pdu ? at->again : kNever;
}

// The PDUs as they departed; empty where that is their own order.
std::vector<Id> TraceIndex::by_departure() const {
  if (std::ranges::all_of(
          resent_, [&](const Resent& one) { return one.departs == trace_->pdus[one.pdu].first; }))
    return {};
  std::vector<Id> order(trace_->pdus.size());
  for (Id id = 0; id < order.size(); ++id) order[id] = id;
  std::ranges::stable_sort(order, {}, [&](Id id) { return departs(id); });
  return order;
}

void TraceIndex::index_rows() {
  const auto& pdus = trace_->pdus;
  const auto& changes = trace_->changes;
  const std::vector<Id> order = by_departure();
  const auto pdu_in = [&](std::size_t p) { return order.empty() ? static_cast<Id>(p) : order[p]; };
  std::vector<Row> plain;
  std::vector<Time> times;
  plain.reserve(pdus.size() + lost_.size());
  times.reserve(pdus.size() + lost_.size());
  std::size_t p = 0, c = 0, l = 0;
  while (true) {
    while (c < changes.size() && !makes_a_row(*trace_, changes[c])) ++c;
    // Nobody has a lifeline for what belongs to no connection (ARP).
    while (l < lost_.size() && trace_->frames[lost_[l]].connection >= trace_->connections.size())
      ++l;
    const Time pdu_at = p < pdus.size() ? departs(pdu_in(p)) : kNever;
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
      plain.push_back({pdu_in(p++), RowKind::Pdu});
    }
  }
  fold_ = TimeFold(times, duration_);
  row_of_pdu_.resize(pdus.size());
  rows_.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && times[i] - times[i - 1] >= silence_min()) rows_.push_back({kNone, RowKind::Gap});
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
  return row_from(trace_->changes[change].at, RowKind::Change, change);
}

std::size_t TraceIndex::row_of_lost(Id frame) const {
  return row_from(trace_->frames[frame].sent, RowKind::Lost, frame);
}

// The row of this kind and id among those that begin at `at`.
std::size_t TraceIndex::row_from(Time at, RowKind kind, Id id) const {
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
    if (rows_[row].kind == kind && rows_[row].id == id) return row;
  return std::min(low, rows_.empty() ? 0 : rows_.size() - 1);
}

Time TraceIndex::time_of(std::size_t row) const {
  const Row& r = rows_[row];
  switch (r.kind) {
    case RowKind::Pdu:
      return departs(r.id);
    case RowKind::Change:
      return trace_->changes[r.id].at;
    case RowKind::Lost:
      return trace_->frames[r.id].sent;
    case RowKind::Gap:
      return time_of(row - 1);
  }
  return 0;
}

Time TraceIndex::silence_min() const {
  return std::max<Time>(fold_.longest_gap(), 500'000'000);
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
