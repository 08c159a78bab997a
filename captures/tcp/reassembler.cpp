#include "captures/tcp/reassembler.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "captures/tcp/connection_pool.hpp"
#include "captures/tcp/half_stream.hpp"
#include "captures/tcp/history.hpp"

namespace mailscope::tcp {
namespace {

using Connection = ConnectionRecord;
constexpr std::uint32_t kNoRecord = ConnectionPool::kNoRecord;

// What is known of a connection as it begins.
struct Beginning {
  bool from_client;  // the segment at hand
  bool handshake;    // with a SYN
  Direction first;   // of `frame`
  FrameRef frame;    // that began it: the segment's, or an earlier SYN
};

Beginning beginning_of(const Segment& segment) {
  const bool from_client = sender_is_client(segment.d);
  return {from_client, segment.has(kSyn), from_client ? Direction::ToServer : Direction::ToClient,
          segment.frame};
}

}  // namespace

class Reassembler::Impl {
 public:
  Impl(StreamSink& sink, const Limits& limits)
      : sink_(sink),
        limits_(limits),
        history_(limits.history_octets),
        fragments_(limits.fragments),
        pool_(std::max(limits.connections_max, 1U)) {}

  Decoded add(std::string_view octets, std::uint16_t link_type, const FrameRef& frame,
              std::uint32_t wire_octets);
  void finish();

  Counts counts;
  std::uint32_t begun = 0;
  std::uint32_t open = 0;
  std::uint64_t waiting_total = 0;

 private:
  void count(const Decoded& decoded);
  void fragment(const Decoded& decoded, std::string_view octets, const FrameRef& frame);
  void segment(const Segment& segment);
  void live_segment(std::uint32_t record, Direction from, const Segment& segment);
  std::uint32_t begin(const ConnectionKey& key, std::uint32_t hash, bool from_a,
                      const Segment& segment, const Beginning& how);
  std::uint32_t begin_again(std::uint32_t record, bool from_a, const Segment& segment,
                            const Beginning& how);
  std::uint32_t begin_candidate(std::uint32_t record, bool from_a, const Segment& segment);
  bool take_syn(Connection& c, Direction from, const Segment& segment);
  static void note_ack(Connection& c, Direction from, std::uint32_t ack);
  void take_ack(Connection& c, Direction from, const Segment& segment);
  void take_reset(std::uint32_t record, Direction from, const Segment& segment);
  void take_payload(Connection& c, Direction from, const Segment& segment);
  void report_frames(const Connection& c, Direction from, const Segment& segment);
  void end(std::uint32_t record, trace::Closing closing);

  void make_room();
  void tick(Time at);
  void expire();

  Connection& at(std::uint32_t record) { return pool_[record]; }
  StreamOut out(const Connection& c, Direction direction) {
    return {sink_, history_, limits_, waiting_total, c.id, direction};
  }

  StreamSink& sink_;
  Limits limits_;
  History history_;
  Defragmenter fragments_;
  ConnectionPool pool_;
  // The capture's clock: never falls, and follows a time stamp only when the next one agrees, so
  // that a single damaged one ends nothing.
  Time clock_ = 0;
  Time previous_at_ = 0;
};

// ---- records -----------------------------------------------------------------------------------

void Reassembler::Impl::make_room() {
  if (!pool_.full()) return;
  if (pool_.oldest_ended() == kNoRecord) end(pool_.oldest_live(), trace::Closing::Timeout);
  pool_.release(pool_.oldest_ended());
}

void Reassembler::Impl::tick(Time now) {
  if (counts.frames == 1) clock_ = previous_at_ = now;
  clock_ = std::max(clock_, std::min(previous_at_, now));
  previous_at_ = now;
}

void Reassembler::Impl::expire() {
  const auto idle = [this](std::uint32_t record, Time age) {
    return clock_ > at(record).touched &&
           static_cast<std::uint64_t>(clock_) - static_cast<std::uint64_t>(at(record).touched) >
               static_cast<std::uint64_t>(age);
  };
  while (pool_.oldest_live() != kNoRecord && idle(pool_.oldest_live(), limits_.idle_max)) {
    const std::uint32_t record = pool_.oldest_live();
    end(record, trace::Closing::Timeout);
    pool_.release(record);  // what comes for it now is a new connection
  }
  while (pool_.oldest_ended() != kNoRecord && idle(pool_.oldest_ended(), limits_.linger))
    pool_.release(pool_.oldest_ended());
}

// ---- frames ------------------------------------------------------------------------------------

void Reassembler::Impl::count(const Decoded& decoded) {
  switch (decoded.what) {
    case Decoded::What::Tcp:
      ++counts.tcp;
      break;
    case Decoded::What::Udp:
      ++counts.udp;
      break;
    case Decoded::What::Fragment:
      ++counts.fragments;
      break;
    case Decoded::What::OtherIp:
      ++counts.other_ip;
      break;
    case Decoded::What::NotIp:
      ++counts.not_ip;
      break;
    case Decoded::What::Cut:
      ++counts.cut;
      break;
    case Decoded::What::Malformed:
      ++counts.malformed;
      break;
    case Decoded::What::UnknownLink:
      ++counts.unknown_link;
      break;
  }
}

Decoded Reassembler::Impl::add(std::string_view octets, std::uint16_t link_type,
                               const FrameRef& frame, std::uint32_t wire_octets) {
  const Decoded decoded = decode(octets, link_type, wire_octets);
  ++counts.frames;
  counts.octets += std::max<std::uint64_t>(wire_octets, octets.size());
  count(decoded);
  tick(frame.at);
  expire();
  if (decoded.is_tcp()) {
    Segment whole{decoded, octets.substr(decoded.payload_at, decoded.payload_octets),
                  decoded.payload_wire_octets - decoded.payload_octets, frame};
    whole.frame.payload_at = decoded.payload_at;
    segment(whole);
  } else if (decoded.what == Decoded::What::Fragment) {
    fragment(decoded, octets, frame);
  }
  return decoded;
}

void Reassembler::Impl::fragment(const Decoded& decoded, std::string_view octets,
                                 const FrameRef& frame) {
  Defragmenter::Datagram datagram;
  if (!fragments_.add(decoded, octets, frame, datagram)) return;
  const Decoded inner = decode_payload(decoded, datagram.payload);
  if (!inner.is_tcp()) return;
  Segment whole{inner, datagram.payload.substr(inner.payload_at, inner.payload_octets),
                inner.payload_wire_octets - inner.payload_octets, frame};
  whole.runs = datagram.runs;
  whole.payload_begin = inner.payload_at;
  segment(whole);
}

void Reassembler::Impl::report_frames(const Connection& c, Direction from, const Segment& segment) {
  if (segment.runs == nullptr) {
    sink_.on_frame(c.id, from, segment.frame);
    return;
  }
  for (const Defragmenter::Run& run : *segment.runs) sink_.on_frame(c.id, from, run.frame);
}

// ---- connections -------------------------------------------------------------------------------

std::uint32_t Reassembler::Impl::begin(const ConnectionKey& key, std::uint32_t hash, bool from_a,
                                       const Segment& segment, const Beginning& how) {
  make_room();
  const std::uint32_t record = pool_.take(key, hash);
  Connection& c = at(record);
  c.id = begun++;
  c.last = segment.frame.at;
  c.touched = std::max(clock_, segment.frame.at);
  c.client_is_a = how.from_client == from_a;
  c.handshake = how.handshake;
  ++open;
  const Decoded& d = segment.d;
  Flow flow;
  flow.client_address = how.from_client ? d.source : d.destination;
  flow.server_address = how.from_client ? d.destination : d.source;
  flow.client_port = how.from_client ? d.source_port : d.destination_port;
  flow.server_port = how.from_client ? d.destination_port : d.source_port;
  flow.opening = how.handshake ? trace::Opening::SynOnly : trace::Opening::Midstream;
  flow.first_direction = how.first;
  sink_.on_begin(c.id, flow, how.frame);
  return record;
}

std::uint32_t Reassembler::Impl::begin_again(std::uint32_t record, bool from_a,
                                             const Segment& segment, const Beginning& how) {
  if (!at(record).ended) end(record, trace::Closing::Open);
  const ConnectionKey key = at(record).key;
  const std::uint32_t hash = at(record).hash;
  pool_.release(record);
  const std::uint32_t anew = begin(key, hash, from_a, segment, how);
  sink_.on_anomaly(at(anew).id, how.first, Anomaly::PortReused, 0, 0, how.frame);
  return anew;
}

// The connection that an earlier SYN began, now that `segment` has answered it or goes on from it.
std::uint32_t Reassembler::Impl::begin_candidate(std::uint32_t record, bool from_a,
                                                 const Segment& segment) {
  const Connection& old = at(record);
  const std::uint32_t isn = old.candidate_isn;
  const FrameRef syn = old.candidate_frame;
  const Beginning how{old.direction(from_a) == old.candidate_from, true, Direction::ToServer, syn};
  const std::uint32_t anew = begin_again(record, from_a, segment, how);
  Connection& c = at(anew);
  c.of(Direction::ToServer).take_syn(isn);
  c.heard[static_cast<int>(Direction::ToServer)] = true;
  sink_.on_handshake(c.id, Direction::ToServer, false, syn);
  return anew;
}

void Reassembler::Impl::end(std::uint32_t record, trace::Closing closing) {
  Connection& c = at(record);
  assert(!c.ended);
  for (const Direction d : {Direction::ToServer, Direction::ToClient}) {
    StreamOut to = out(c, d);
    c.of(d).finish(c.last, to);
  }
  --open;
  pool_.mark_ended(record);
  sink_.on_end(c.id, c.closing(closing), c.last);
}

void Reassembler::Impl::finish() {
  while (pool_.oldest_live() != kNoRecord) end(pool_.oldest_live(), trace::Closing::Open);
}

// ---- segments ----------------------------------------------------------------------------------

void Reassembler::Impl::segment(const Segment& segment) {
  bool from_a = false;
  const ConnectionKey key = ConnectionKey::of(segment.d, from_a);
  const std::uint32_t hash = pool_.hash(key);
  std::uint32_t record = pool_.find(hash, key);
  const auto direction = [&] { return at(record).direction(from_a); };
  if (record == kNoRecord) {
    record = begin(key, hash, from_a, segment, beginning_of(segment));
  } else if (at(record).is_over_for(direction(), segment)) {
    record = begin_again(record, from_a, segment, beginning_of(segment));
  } else if (at(record).ended) {
    ++counts.late;
    report_frames(at(record), direction(), segment);
    return;
  } else if (at(record).is_candidate_answered(direction(), segment)) {
    record = begin_candidate(record, from_a, segment);
  }
  live_segment(record, direction(), segment);
}

void Reassembler::Impl::live_segment(std::uint32_t record, Direction from, const Segment& segment) {
  Connection& c = at(record);
  c.last = std::max(c.last, segment.frame.at);
  c.touched = std::max(clock_, segment.frame.at);
  c.heard[static_cast<int>(from)] = true;
  pool_.mark_used(record);
  report_frames(c, from, segment);
  if (segment.has(kRst)) {
    take_reset(record, from, segment);
    return;
  }
  if (segment.has(kSyn) && !take_syn(c, from, segment)) return;
  if (segment.has(kAck)) take_ack(c, from, segment);
  take_payload(c, from, segment);
  HalfStream& mine = c.of(from);
  StreamOut to = out(c, from);
  mine.settle(false, segment.frame.at, to);
  if (mine.fin_acked() && c.of(other(from)).fin_acked()) end(record, trace::Closing::Fin);
}

// False when the SYN does not belong, and neither does the rest of its segment.
bool Reassembler::Impl::take_syn(Connection& c, Direction from, const Segment& segment) {
  HalfStream& mine = c.of(from);
  const std::uint32_t isn = segment.d.seq;
  const bool repeated = mine.syn_seen() && mine.isn() == isn;
  // Both sides opening at once, and a split handshake, repeat a SYN on purpose, with an ACK.
  bool& syn_ack = c.syn_ack[static_cast<int>(from)];
  if (repeated && (!segment.has(kAck) || c.handshake_complete || syn_ack)) {
    sink_.on_anomaly(c.id, from, Anomaly::Retransmission, 0, 0, segment.frame);
    return true;
  }
  if (!repeated && mine.started() && !mine.begins_with(isn + 1) &&
      (mine.syn_seen() || mine.data_seen())) {
    ++counts.ignored;
    if (!segment.has(kAck)) c.note_candidate(from, segment);
    return false;
  }
  mine.take_syn(isn);
  c.handshake = true;
  syn_ack = segment.has(kAck);
  if (segment.has(kAck)) note_ack(c, from, segment.d.ack);
  const HalfStream& others = c.of(other(from));
  c.handshake_complete = others.syn_seen() && others.syn_acked() && mine.syn_acked();
  sink_.on_handshake(c.id, from, c.handshake_complete, segment.frame);
  return true;
}

void Reassembler::Impl::note_ack(Connection& c, Direction from, std::uint32_t ack) {
  HalfStream& others = c.of(other(from));
  if (!others.started())
    others.start(ack, c.handshake ? HalfStream::Start::Sure : HalfStream::Start::Guessed);
  others.acknowledge(ack);
}

void Reassembler::Impl::take_ack(Connection& c, Direction from, const Segment& segment) {
  const HalfStream& mine = c.of(from);
  HalfStream& others = c.of(other(from));
  note_ack(c, from, segment.d.ack);
  if (!c.handshake_complete && !segment.has(kSyn) && mine.syn_seen() && others.syn_seen() &&
      mine.syn_acked() && others.syn_acked()) {
    c.handshake_complete = true;
    sink_.on_handshake(c.id, from, true, segment.frame);
  }
  StreamOut to = out(c, other(from));
  others.settle(!segment.payload.empty() || segment.has(kFin), segment.frame.at, to);
}

// Loosely RFC 9293 §3.10.7.4: a sequence number near what is expected, or, in answer to a SYN, an
// acknowledgement of it (§3.10.7.3).
void Reassembler::Impl::take_reset(std::uint32_t record, Direction from, const Segment& segment) {
  Connection& c = at(record);
  const HalfStream& mine = c.of(from);
  const HalfStream& others = c.of(other(from));
  const bool refuses = segment.has(kAck) && others.syn_seen() && !mine.data_seen() &&
                       segment.d.ack == others.isn() + 1;
  if (mine.started() && !mine.plausible(segment.d.seq) && !refuses) {
    ++counts.ignored;
    return;
  }
  for (const Direction d : {Direction::ToServer, Direction::ToClient}) {
    StreamOut to = out(c, d);
    c.of(d).finish(segment.frame.at, to);
  }
  c.reset = true;
  c.reset_by = from;
  sink_.on_reset(c.id, from, segment.frame);
  end(record, trace::Closing::Rst);
}

void Reassembler::Impl::take_payload(Connection& c, Direction from, const Segment& segment) {
  HalfStream& mine = c.of(from);
  const std::uint32_t seq = segment.d.seq + (segment.has(kSyn) ? 1 : 0);
  const std::uint32_t wire_octets = segment.wire_octets();
  const bool fin = segment.has(kFin);
  if (!segment.has(kSyn) && !fin && segment.has(kAck) && mine.is_keep_alive(seq, wire_octets)) {
    const std::uint64_t end = mine.delivered();
    sink_.on_anomaly(c.id, from, Anomaly::KeepAlive, end - std::min<std::uint64_t>(end, 1), end,
                     segment.frame);
    return;
  }
  if (!mine.started()) mine.start(seq, HalfStream::Start::Own);
  StreamOut to = out(c, from);
  bool belongs = true;
  if (segment.runs == nullptr) {
    if (wire_octets > 0)
      belongs = mine.take(seq, segment.payload, segment.missing, segment.frame, to);
  } else {
    // Each fragment's piece by itself, so that it names its own frame.
    const std::uint32_t begin = segment.payload_begin;
    const auto end = begin + static_cast<std::uint32_t>(segment.payload.size());
    for (const Defragmenter::Run& run : *segment.runs) {
      const std::uint32_t from_here = std::max(run.begin, begin);
      const std::uint32_t to_here = std::min(run.begin + run.octets, end);
      if (from_here >= to_here) continue;
      FrameRef frame = run.frame;
      frame.payload_at += from_here - run.begin;
      const bool last = to_here == end;
      belongs = mine.take(seq + (from_here - begin),
                          segment.payload.substr(from_here - begin, to_here - from_here),
                          last ? segment.missing : 0, frame, to);
    }
  }
  if (!belongs) ++counts.ignored;
  if (fin) mine.take_fin(seq + wire_octets, segment.frame, to);
}

// ---- the class itself --------------------------------------------------------------------------

Reassembler::Reassembler(StreamSink& sink, Limits limits)
    : impl_(std::make_unique<Impl>(sink, limits)) {}
Reassembler::~Reassembler() = default;

Decoded Reassembler::add(std::string_view octets, std::uint16_t link_type, const FrameRef& frame,
                         std::uint32_t wire_octets) {
  return impl_->add(octets, link_type, frame, wire_octets);
}
void Reassembler::finish() {
  impl_->finish();
}
const Counts& Reassembler::counts() const {
  return impl_->counts;
}
std::uint32_t Reassembler::connections() const {
  return impl_->begun;
}
std::uint32_t Reassembler::open_connections() const {
  return impl_->open;
}
std::uint64_t Reassembler::waiting_octets() const {
  return impl_->waiting_total;
}

}  // namespace mailscope::tcp
