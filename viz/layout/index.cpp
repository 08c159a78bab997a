#include "viz/layout/index.hpp"

#include <algorithm>
#include <iterator>

#include "captures/languages/languages.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

constexpr Id kLookedAt = 2000;  // frames, for one that carries the same again

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

TraceIndex::TraceIndex(const Trace& trace)
    : trace_(&trace),
      rows_([this](const Row& row) { return begins(row); },
            [this](const Row& row) { return trace_->pdus[row.id].first; }) {
  grow();
}

void TraceIndex::grow() {
  std::vector<Id> lost, repeated;
  duration_ = std::max(duration_, trace_->source.duration);
  if (!trace_->changes.empty()) duration_ = std::max(duration_, trace_->changes.back().at);
  grow_names();
  grow_frames(lost);
  grow_pdus(repeated);
  grow_hosts();
  grow_participants();
  grow_rows(lost, repeated);
  insert_inside_participants();
  grow_mails();
  grow_notes();
  buckets_.clear();
}

// ---- names, hosts, lifelines --------------------------------------------------------------------

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

// A connection and each of its PDUs weigh one.
void TraceIndex::grow_hosts() {
  for (const auto agents = static_cast<Id>(trace_->agents.size()); agents_ < agents; ++agents_) {
    const trace::Agent& agent = trace_->agents[agents_];  // a server waits for its guests
    if (agent.port != 0 && agent.host < trace_->hosts.size()) hosts_by_traffic_.add(agent.host, 0);
  }
  bool swapped = false;
  const auto ends_of = [&](Id id) {
    const trace::Connection& connection = trace_->connections[id];
    return Counted{{connection.client.host, connection.server.host},
                   {connection.client.agent, connection.server.agent},
                   connection.protocol};
  };
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

// ---- frames -------------------------------------------------------------------------------------

// Whether it is lost, for the first time.
bool TraceIndex::look_at_frame(Id id) {
  const trace::Frame& frame = trace_->frames[id];
  ++work_;
  if (frame.received != kNever)
    longest_flight_ = std::max(longest_flight_, frame.received - frame.sent);
  if (frame.fate != trace::Fate::Lost) return false;
  const auto place = std::lower_bound(lost_.begin(), lost_.end(), id);
  if (place == lost_.end() || *place != id) lost_.insert(place, id);
  // Nobody has a lifeline for what belongs to no connection (ARP).
  if (frame.connection >= trace_->connections.size()) return false;
  const auto row = std::lower_bound(lost_rows_.begin(), lost_rows_.end(), id);
  if (row != lost_rows_.end() && *row == id) return false;
  lost_rows_.insert(row, id);
  return true;
}

void TraceIndex::grow_frames(std::vector<Id>& lost) {
  const std::vector<trace::Frame>& frames = trace_->frames;
  const auto end = static_cast<Id>(frames.size());
  const std::vector<Id>& revised = trace_->revisions().frames;
  for (; revised_frames_ < revised.size(); ++revised_frames_)
    if (const Id id = revised[revised_frames_]; id < frames_ && look_at_frame(id))
      lost.push_back(id);
  pdu_of_frame_.resize(end, kNone);
  if (!next_hop_.empty()) next_hop_.resize(end, kNone);
  for (; frames_ < end; ++frames_) {
    if (look_at_frame(frames_)) lost.push_back(frames_);
    Id hop = frames[frames_].origin;
    if (hop >= end || hop == frames_) continue;
    if (next_hop_.empty()) next_hop_.resize(end, kNone);
    while (next_hop_[hop] != kNone) hop = next_hop_[hop];
    next_hop_[hop] = frames_;
  }
}

bool TraceIndex::is_lost(Id frame) const {
  for (Id hop = frame; hop != kNone; hop = next_hop(hop))
    if (trace_->frames[hop].fate == trace::Fate::Lost) return true;
  return false;
}

// ---- PDUs ---------------------------------------------------------------------------------------

void TraceIndex::look_at_pdu(Id id) {
  const trace::Pdu& pdu = trace_->pdus[id];
  ++work_;
  const Time end = pdu.received == kNever ? pdu.last : std::max(pdu.received, pdu.last);
  duration_ = std::max(duration_, end);
  longest_pdu_ = std::max(longest_pdu_, end - pdu.first);
}

void TraceIndex::grow_pdus(std::vector<Id>& repeated) {
  const std::vector<trace::Pdu>& pdus = trace_->pdus;
  const auto is_repeated = [&](Id id) {
    return (pdus[id].flags & trace::Pdu::kRetransmitted) != 0;
  };
  const std::vector<Id>& revised = trace_->revisions().pdus;
  for (; revised_pdus_ < revised.size(); ++revised_pdus_) {
    const Id id = revised[revised_pdus_];
    if (id >= pdus_) continue;
    look_at_pdu(id);
    if (is_repeated(id) && !find_resent(id)) repeated.push_back(id);
  }
  const auto end = static_cast<Id>(pdus.size());
  const auto order = [&](Id a, Id b) { return trace_->is_before(a, b); };
  connection_pdus_.resize(trace_->connections.size());
  Id first = kNone;
  for (; pdus_ < end; ++pdus_) {
    look_at_pdu(pdus_);
    const trace::Pdu& pdu = pdus[pdus_];
    if (first == kNone || trace_->is_before(pdus_, first)) first = pdus_;
    if (is_repeated(pdus_)) repeated.push_back(pdus_);
    if (pdu.frame < frames_ && pdu_of_frame_[pdu.frame] == kNone) pdu_of_frame_[pdu.frame] = pdus_;
    if (pdu.connection >= connection_pdus_.size()) continue;
    std::vector<Id>& own = connection_pdus_[pdu.connection];
    if (pdu.connection < connections_ && (touched_.empty() || touched_.back() != pdu.connection))
      touched_.push_back(pdu.connection);
    if (own.empty() || trace_->is_before(own.back(), pdus_))
      own.push_back(pdus_);
    else
      own.insert(std::upper_bound(own.begin(), own.end(), pdus_, order), pdus_);
  }
  first_new_place_ = first == kNone ? trace_->by_time.size() : trace_->place_in_time(first);
  count_tallies();
}

std::span<const Id> TraceIndex::pdus_of(Id connection) const {
  if (connection >= connection_pdus_.size()) return {};
  return connection_pdus_[connection];
}

std::size_t TraceIndex::place_in_connection(Id pdu) const {
  const std::span<const Id> all = pdus_of(trace_->pdus[pdu].connection);
  const auto at = std::lower_bound(all.begin(), all.end(), pdu,
                                   [&](Id a, Id b) { return trace_->is_before(a, b); });
  return static_cast<std::size_t>(at - all.begin());
}

// The next frame after one that carries what the PDU's first one carried, or kNone.
Id TraceIndex::next_copy(Id id, Id after) const {
  const auto& frames = trace_->frames;
  const trace::Pdu& pdu = trace_->pdus[id];
  if (pdu.frame >= frames.size()) return kNone;
  constexpr std::size_t kSequence = 38;  // in a frame without payload: Ethernet, IPv4, ports
  const trace::Frame& first = frames[pdu.frame];
  const bool payload = pdu.segment < trace_->segments.size();
  const std::size_t from =
      payload ? trace_->on_wire(trace_->segments[pdu.segment]).payload_at : kSequence;
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

TraceIndex::Resent TraceIndex::look_for_resent(Id id) {
  const trace::Pdu& pdu = trace_->pdus[id];
  ++work_;
  const bool lost = pdu.frame < trace_->frames.size() && is_lost(pdu.frame);
  Id again = next_copy(id, pdu.frame);
  if (again == kNone)  // octets further back were sent again
    return {id, pdu.received == kNever ? pdu.last : pdu.received, pdu.first, pdu.frame};
  Resent resent{id, trace_->frames[again].sent, pdu.first, pdu.frame};
  for (; again != kNone; again = next_copy(id, again)) {
    pdu_of_frame_[again] = pdu_of_frame_[pdu.frame];
    if (!lost || resent.carrier != pdu.frame || is_lost(again)) continue;
    resent.departs = trace_->frames[again].sent;
    resent.carrier = again;
  }
  return resent;
}

TraceIndex::Resent* TraceIndex::find_resent(Id pdu) {
  const auto at = std::ranges::lower_bound(resent_, pdu, {}, &Resent::pdu);
  return at != resent_.end() && at->pdu == pdu ? &*at : nullptr;
}

const TraceIndex::Resent* TraceIndex::find_resent(Id pdu) const {
  return const_cast<TraceIndex*>(this)->find_resent(pdu);
}

Time TraceIndex::departs(Id pdu) const {
  const Resent* resent = resent_.empty() ? nullptr : find_resent(pdu);
  return resent ? resent->departs : trace_->pdus[pdu].first;
}

Id TraceIndex::carrier(Id pdu) const {
  const Resent* resent = find_resent(pdu);
  return resent ? resent->carrier : trace_->pdus[pdu].frame;
}

Time TraceIndex::sent_again(Id pdu) const {
  const Resent* resent = find_resent(pdu);
  return resent ? resent->again : kNever;
}

// ---- rows ---------------------------------------------------------------------------------------

Time TraceIndex::begins(const Row& row) const {
  switch (row.kind) {
    case RowKind::Pdu:
      return departs(row.id);
    case RowKind::Change:
      return trace_->changes[row.id].at;
    case RowKind::Lost:
      return trace_->frames[row.id].sent;
    case RowKind::Gap:
      break;
  }
  return 0;
}

// `repeated`: of which it is known only now that they were sent again. Where they depart is looked
// for among the frames behind them, and again while such frames come.
void TraceIndex::grow_rows(const std::vector<Id>& lost, const std::vector<Id>& repeated) {
  const Id fresh_from = rows_pdus_;
  rows_pdus_ = pdus_;
  open_resent_.insert(open_resent_.end(), repeated.begin(), repeated.end());
  std::sort(open_resent_.begin(), open_resent_.end(),
            [&](Id a, Id b) { return trace_->is_before(a, b); });
  open_resent_.erase(std::unique(open_resent_.begin(), open_resent_.end()), open_resent_.end());
  std::vector<Resent> found;
  std::vector<Id> moved;
  for (const Id id : open_resent_) {
    found.push_back(look_for_resent(id));
    if (id < fresh_from && departs(id) != found.back().departs) moved.push_back(id);
  }
  rows_.take_out(moved);
  for (const Resent& resent : found) {
    const auto at = std::ranges::lower_bound(resent_, resent.pdu, {}, &Resent::pdu);
    if (at != resent_.end() && at->pdu == resent.pdu)
      *at = resent;
    else
      resent_.insert(at, resent);
  }
  std::erase_if(open_resent_, [&](Id id) { return !may_be_sent_again(id); });

  EventRows::Fresh fresh;
  fresh.pdus.reserve(pdus_ - fresh_from + moved.size());
  if (fresh_from == 0 && trace_->by_time.size() == pdus_)
    for (const Id id : trace_->by_time) fresh.pdus.push_back({id, RowKind::Pdu});
  else
    for (Id id = fresh_from; id < pdus_; ++id) fresh.pdus.push_back({id, RowKind::Pdu});
  for (const Id id : moved) fresh.pdus.push_back({id, RowKind::Pdu});
  for (const auto end = static_cast<Id>(trace_->changes.size()); changes_ < end;
       ++changes_, ++work_) {
    if (!makes_a_row(*trace_, trace_->changes[changes_])) continue;
    fresh.changes.push_back({changes_, RowKind::Change});
    const Id agent = trace_->variables[trace_->changes[changes_].variable].agent;
    if (agent < trace_->agents.size()) happening_.insert(agent);
  }
  for (const Id id : lost) fresh.lost.push_back({id, RowKind::Lost});
  rows_.put_in(std::move(fresh), duration_);
}

// A copy of the last one may be among the next frames, or its fate still open.
bool TraceIndex::may_be_sent_again(Id id) const {
  Id last = std::max(trace_->pdus[id].frame, carrier(id));
  if (last >= frames_) return false;
  for (Id copy = next_copy(id, last); copy != kNone; copy = next_copy(id, copy)) last = copy;
  return std::size_t{last} + 2 * kLookedAt >= frames_;
}

std::size_t TraceIndex::row_of_change(Id change) const {
  return rows_.row_of({change, RowKind::Change}, trace_->changes[change].at);
}

std::size_t TraceIndex::row_of_lost(Id frame) const {
  return rows_.row_of({frame, RowKind::Lost}, trace_->frames[frame].sent);
}

Time TraceIndex::gap_length(std::size_t row) const {
  return time_of(row + 1) - time_of(row - 1);
}

// ---- mails and notes ----------------------------------------------------------------------------

void TraceIndex::grow_mails() {
  for (const auto end = static_cast<Id>(trace_->mails.size()); mails_ < end; ++mails_, ++work_)
    mails_without_data_.push_back(mails_);
  std::erase_if(mails_without_data_, [&](Id id) {
    const Id data = trace_->mails[id].data;
    ++work_;
    const Id connection = trace_->mails[id].connection;
    if (data == kNone)
      return connection >= trace_->connections.size() ||
             trace_->connections[connection].closed != kNever;
    const std::pair<Id, Id> entry(data, id);
    mail_by_data_.insert(std::upper_bound(mail_by_data_.begin(), mail_by_data_.end(), entry),
                         entry);
    return true;
  });
}

// They are as many as a person has written, and each may change when the next is shown.
void TraceIndex::grow_notes() {
  if (trace_->notes.empty()) return;
  chapters_.clear();
  narration_.clear();
  shown_at_.clear();
  for (Id id = 0; id < trace_->notes.size(); ++id) {
    const trace::Note& note = trace_->notes[id];
    (note.kind == trace::NoteKind::Chapter ? chapters_ : narration_).push_back(id);
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

Id TraceIndex::lost_frame_of(const trace::Note& note) const {
  if (note.pdu != kNone || note.change != kNone) return kNone;
  const auto sent = [&](Id frame) { return trace_->frames[frame].sent; };
  const auto lost = std::ranges::lower_bound(lost_, note.at, {}, sent);
  return lost != lost_.end() && sent(*lost) == note.at ? *lost : kNone;
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
