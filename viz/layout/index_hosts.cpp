// Of the index: hosts, who talks with whom, and who has a lifeline.
#include <algorithm>
#include <iterator>

#include "viz/layout/index.hpp"

namespace mailscope::viz {
namespace {

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

void TraceIndex::grow_names() {
  const auto name_of = [&](const trace::Host& host) {
    return host.name.empty() && !host.addresses.empty() ? host.addresses.front() : host.name;
  };
  for (const auto hosts = static_cast<Id>(trace_->hosts.size()); hosts_ < hosts;
       ++hosts_, ++work_) {
    const trace::Host& host = trace_->hosts[hosts_];
    std::string label = without_last_label(host.name);
    auto& [uses, first] = label_uses_[label];
    if (++uses == 1) first = hosts_;
    if (uses == 2) short_names_[first] = name_of(trace_->hosts[first]);
    if (uses > 1 || label.empty()) label = name_of(host);
    short_names_.push_back(std::move(label));
    if (trace_->source.simulated()) hosts_by_traffic_.add(hosts_, 0);
  }
}

bool TraceIndex::Ranking::before(Id a, Id b) const {
  return weights[a] != weights[b] ? weights[a] > weights[b] : a < b;
}

void TraceIndex::Ranking::add(Id id, std::uint64_t weight) {
  if (id >= places.size()) {
    places.resize(id + 1, kNone);
    weights.resize(id + 1, 0);
  }
  weights[id] += weight;
  heavier.push_back(id);
  if (places[id] != kNone) return;
  places[id] = static_cast<std::uint32_t>(ids.size());
  ids.push_back(id);
}

void TraceIndex::Ranking::settle() {
  constexpr std::size_t kFew = 64;
  const auto set_places = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) places[ids[i]] = static_cast<std::uint32_t>(i);
  };
  const auto order = [this](Id a, Id b) { return before(a, b); };
  if (heavier.size() > kFew) {
    std::sort(ids.begin(), ids.end(), order);
    set_places(0, ids.size());
  } else {
    // Each may only have come nearer to the front. From the front on: what stands before is in
    // order.
    std::ranges::sort(heavier, {}, [this](Id id) { return places[id]; });
    for (const Id id : heavier) {
      const auto at = ids.begin() + places[id];
      auto to = at;
      while (to != ids.begin() && before(id, *(to - 1))) --to;
      std::rotate(to, at, at + 1);
      set_places(static_cast<std::size_t>(to - ids.begin()),
                 static_cast<std::size_t>(at - ids.begin()) + 1);
    }
  }
  heavier.clear();
}

void TraceIndex::count_connection(Id id, std::uint64_t pdus) {
  const trace::Connection& connection = trace_->connections[id];
  const Id client = connection.client.host, server = connection.server.host;
  ++work_;
  if (client >= trace_->hosts.size() || server >= trace_->hosts.size()) return;
  hosts_by_traffic_.add(client, pdus);
  hosts_by_traffic_.add(server, pdus);
  const std::uint64_t key = std::uint64_t{client} << 32 | server;
  const auto [place, added] = pair_of_hosts_.try_emplace(key, static_cast<Id>(pair_ends_.size()));
  if (added) pair_ends_.emplace_back(client, server);
  pair_ranking_.add(place->second, pdus);
}

TraceIndex::Counted TraceIndex::ends_of(Id id) const {
  const trace::Connection& connection = trace_->connections[id];
  return {{connection.client.host, connection.server.host},
          {connection.client.agent, connection.server.agent},
          connection.protocol};
}

// Whether the ends of one were taken for each other.
bool TraceIndex::revise_connections() {
  bool swapped = false;
  const std::vector<Id>& revised = trace_->revisions().connections;
  for (; revised_connections_ < revised.size(); ++revised_connections_, ++work_) {
    const Id id = revised[revised_connections_];
    if (id >= connections_) continue;
    const Counted now = ends_of(id);
    const bool other_hosts = now.hosts != counted_[id].hosts;
    swapped = swapped || other_hosts;
    if ((other_hosts || now.agents != counted_[id].agents) && id < settled_connections_) {
      settled_connections_ = 0;
      settled_participants_.clear();
      settled_all_ = true;
    }
    if (now.protocol != counted_[id].protocol && !connection_pdus_[id].empty())
      tallies_.resize(std::min(tallies_.size(),
                               trace_->place_in_time(connection_pdus_[id].front()) / kTallied + 1));
    counted_[id] = now;
  }
  return swapped;
}

// A connection and each of its PDUs weigh one.
void TraceIndex::grow_hosts() {
  for (const auto agents = static_cast<Id>(trace_->agents.size()); agents_ < agents; ++agents_) {
    const trace::Agent& agent = trace_->agents[agents_];  // a server waits for its guests
    if (agent.port != 0 && agent.host < trace_->hosts.size()) hosts_by_traffic_.add(agent.host, 0);
  }
  const bool swapped = revise_connections();
  for (const auto end = static_cast<Id>(trace_->connections.size()); connections_ < end;
       ++connections_) {
    counted_.push_back(ends_of(connections_));
    touched_.push_back(connections_);
  }
  counted_pdus_.resize(connections_, kNone);
  if (swapped) return recount_connections();
  for (const Id id : touched_) {
    const auto pdus = static_cast<std::uint32_t>(connection_pdus_[id].size());
    const bool first = counted_pdus_[id] == kNone;
    if (!first && counted_pdus_[id] == pdus) continue;
    count_connection(id, first ? pdus + 1 : pdus - counted_pdus_[id]);
    counted_pdus_[id] = pdus;
  }
  touched_.clear();
  settle_hosts();
}

// The side taken for the client was the server: that is rare.
void TraceIndex::recount_connections() {
  std::vector<Id> hosts = std::move(hosts_by_traffic_.ids);
  hosts_by_traffic_ = pair_ranking_ = {};
  pair_of_hosts_.clear();
  pair_ends_.clear();
  touched_.clear();
  for (const Id host : hosts) hosts_by_traffic_.add(host, 0);
  for (Id id = 0; id < connections_; ++id) {
    counted_pdus_[id] = static_cast<std::uint32_t>(connection_pdus_[id].size());
    count_connection(id, counted_pdus_[id] + 1);
  }
  settle_hosts();
}

void TraceIndex::settle_hosts() {
  hosts_by_traffic_.settle();
  if (pair_ranking_.heavier.empty()) return;
  pair_ranking_.settle();
  pairs_.clear();
  for (const Id id : pair_ranking_.ids)
    pairs_.push_back({pair_ends_[id].first, pair_ends_[id].second, pair_ranking_.weights[id]});
}

bool TraceIndex::insert_participant(Participant participant) {
  if (participant.host == kNone) return true;
  const auto rank = [&](Id agent) {
    return agent == kNone ? -1 : place_in_host(trace_->agents[agent].kind);
  };
  auto place = participants_.end();  // behind those of its host that come first
  for (auto it = participants_.begin(); it != participants_.end(); ++it) {
    if (*it == participant) return true;
    if (it->host != participant.host) continue;
    if (rank(it->agent) <= rank(participant.agent)) {
      place = it + 1;
    } else if (place == participants_.end()) {
      place = it;
    }
  }
  if (participants_.size() >= kParticipantsMax) return false;
  participants_.insert(place, participant);
  return true;
}

bool TraceIndex::insert_ends(Id id) {
  ++work_;
  if (connection_pdus_[id].empty()) return true;
  const trace::Connection& connection = trace_->connections[id];
  return insert_participant({connection.client.host, connection.client.agent}) &&
         insert_participant({connection.server.host, connection.server.agent});
}

// From the first connection on of which the ends may still become different.
void TraceIndex::grow_participants() {
  participants_ = settled_participants_;
  all_participants_ = settled_all_;
  const auto settled = [&](Id id) {
    const trace::Connection& connection = trace_->connections[id];
    const bool over = connection.closing != trace::Closing::Open;
    return over || (connection.server.agent != kNone && !connection_pdus_[id].empty());
  };
  bool in_front = true;
  for (Id id = settled_connections_; id < connections_ && all_participants_; ++id) {
    all_participants_ = insert_ends(id);
    in_front = in_front && settled(id);
    if (!in_front) continue;
    settled_participants_ = participants_;
    settled_all_ = all_participants_;
    settled_connections_ = id + 1;
  }
}

// The agents in which something happens: user agents and MDAs, whom no wire shows; all where
// nothing crosses a wire at all.
void TraceIndex::insert_inside_participants() {
  for (const Id agent : happening_) {
    const trace::AgentKind kind = trace_->agents[agent].kind;
    const bool unseen = kind == trace::AgentKind::UserAgent || kind == trace::AgentKind::Mda;
    if (unseen || trace_->connections.empty())
      insert_participant({trace_->agents[agent].host, agent});
  }
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

}  // namespace mailscope::viz
