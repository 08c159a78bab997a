#include "captures/tcp/reassembler.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <vector>

#include "captures/tcp/connection_table.hpp"
#include "captures/tcp/half_stream.hpp"
#include "captures/tcp/history.hpp"

namespace mailscope::tcp {
namespace {

constexpr std::uint32_t kNoRecord = ConnectionTable::kNoRecord;
constexpr std::array<std::uint16_t, 10> kServerPorts = {25,  587, 465, 2525, 110,
                                                        995, 143, 993, 53,   80};
constexpr std::uint16_t kHttps = 443;

bool is_server_port(std::uint16_t port) {
  return port == kHttps ||
         std::find(kServerPorts.begin(), kServerPorts.end(), port) != kServerPorts.end();
}

// Who is the client where no SYN says so: the sender, unless its port is more of a server's.
bool sender_is_client(const Decoded& segment) {
  if ((segment.flags & kSyn) != 0) return (segment.flags & kAck) == 0;
  const bool from_server = is_server_port(segment.source_port);
  const bool to_server = is_server_port(segment.destination_port);
  if (from_server != to_server) return to_server;
  return segment.destination_port <= segment.source_port;
}

struct Connection {
  ConnectionKey key;
  std::uint32_t hash = 0;
  std::uint32_t id = 0;
  std::uint32_t older = kNoRecord, newer = kNoRecord;  // neighbours in its list
  Time last = 0;                                       // of its last frame
  Time touched = 0;                                    // the same by the capture's clock
  HalfStream half[2];                                  // by Direction
  bool client_is_a = false;
  bool handshake = false;  // began with a SYN
  bool handshake_complete = false;
  bool ended = false;
  bool reset = false;
  bool heard[2] = {false, false};    // a frame came from that side
  bool syn_ack[2] = {false, false};  // a SYN with ACK came from that side
  Direction reset_by = Direction::ToServer;
  // A SYN with another sequence number, which nobody answered so far.
  bool candidate = false;
  Direction candidate_from = Direction::ToServer;
  std::uint32_t candidate_isn = 0;
  FrameRef candidate_frame;
};

// One segment on its way in. The payload lies in one frame, or, put together from fragments, in
// several: then `runs` says where, and `payload_begin` is the payload's offset in the datagram.
struct Segment {
  const Decoded& d;
  std::string_view payload;
  std::uint32_t missing = 0;
  FrameRef frame;
  const std::vector<Defragmenter::Run>* runs = nullptr;
  std::uint32_t payload_begin = 0;

  bool has(std::uint8_t flag) const { return (d.flags & flag) != 0; }
  std::uint32_t wire_octets() const { return static_cast<std::uint32_t>(payload.size()) + missing; }
};

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

// Records from oldest to newest use.
struct RecordList {
  std::uint32_t oldest = kNoRecord, newest = kNoRecord;
};

}  // namespace

class Reassembler::Impl {
 public:
  Impl(StreamSink& sink, const Limits& limits)
      : sink_(sink),
        limits_(limits),
        history_(limits.history_octets),
        fragments_(limits.fragments) {}

  Decoded add(std::string_view octets, std::uint16_t link_type, const FrameRef& frame,
              std::uint32_t wire_octets);
  void finish();

  Counts counts;
  std::uint32_t begun = 0;
  std::uint32_t open = 0;
  std::uint64_t waiting_total = 0;

 private:
  static constexpr std::uint32_t kChunk = 256;

  void count(const Decoded& decoded);
  void fragment(const Decoded& decoded, std::string_view octets, const FrameRef& frame);
  void segment(const Segment& segment);
  void live_segment(std::uint32_t record, Direction from, const Segment& segment);
  std::uint32_t begin(const ConnectionKey& key, std::uint32_t hash, bool from_a,
                      const Segment& segment, const Beginning& how);
  std::uint32_t begin_again(std::uint32_t record, bool from_a, const Segment& segment,
                            const Beginning& how);
  std::uint32_t begin_candidate(std::uint32_t record, bool from_a, const Segment& segment);
  bool begins_anew(const Connection& c, Direction from, const Segment& segment) const;
  bool answers_candidate(const Connection& c, Direction from, const Segment& segment) const;
  bool take_syn(Connection& c, Direction from, const Segment& segment);
  static void note_ack(Connection& c, Direction from, std::uint32_t ack);
  void take_ack(Connection& c, Direction from, const Segment& segment);
  void take_reset(std::uint32_t record, Direction from, const Segment& segment);
  void take_payload(Connection& c, Direction from, const Segment& segment);
  void report_frames(const Connection& c, Direction from, const Segment& segment);
  void end(std::uint32_t record, trace::Closing closing);
  static trace::Closing closing_of(const Connection& c, trace::Closing otherwise);

  void tick(Time at);
  void expire();
  std::uint32_t take_record();
  void release(std::uint32_t record);
  void link(RecordList& list, std::uint32_t record);
  void unlink(RecordList& list, std::uint32_t record);

  Connection& at(std::uint32_t record) { return chunks_[record / kChunk][record % kChunk]; }
  StreamOut out(const Connection& c, Direction direction) {
    return {sink_, history_, limits_, waiting_total, c.id, direction};
  }
  static HalfStream& half(Connection& c, Direction d) { return c.half[static_cast<int>(d)]; }
  static const HalfStream& half(const Connection& c, Direction d) {
    return c.half[static_cast<int>(d)];
  }

  StreamSink& sink_;
  Limits limits_;
  History history_;
  Defragmenter fragments_;
  ConnectionTable table_;
  std::vector<std::unique_ptr<Connection[]>> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t records_ = 0;  // made so far
  RecordList live_, ended_;
  // The capture's clock: never falls, and follows a time stamp only when the next one agrees, so
  // that a single damaged one ends nothing.
  Time clock_ = 0;
  Time previous_at_ = 0;
};

// ---- records -----------------------------------------------------------------------------------

void Reassembler::Impl::link(RecordList& list, std::uint32_t record) {
  Connection& c = at(record);
  c.older = list.newest;
  c.newer = kNoRecord;
  if (list.newest != kNoRecord) at(list.newest).newer = record;
  list.newest = record;
  if (list.oldest == kNoRecord) list.oldest = record;
}

void Reassembler::Impl::unlink(RecordList& list, std::uint32_t record) {
  const Connection& c = at(record);
  (c.older == kNoRecord ? list.oldest : at(c.older).newer) = c.newer;
  (c.newer == kNoRecord ? list.newest : at(c.newer).older) = c.older;
}

std::uint32_t Reassembler::Impl::take_record() {
  if (free_.empty() && records_ >= std::max(limits_.connections_max, 1U)) {
    if (ended_.oldest == kNoRecord) end(live_.oldest, trace::Closing::Timeout);
    release(ended_.oldest);
  }
  if (free_.empty()) {
    if (records_ % kChunk == 0) chunks_.push_back(std::make_unique<Connection[]>(kChunk));
    return records_++;
  }
  const std::uint32_t record = free_.back();
  free_.pop_back();
  return record;
}

// Forgets an ended connection.
void Reassembler::Impl::release(std::uint32_t record) {
  Connection& c = at(record);
  assert(c.ended);
  unlink(ended_, record);
  table_.erase(c.hash, record);
  c = Connection{};
  free_.push_back(record);
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
  while (live_.oldest != kNoRecord && idle(live_.oldest, limits_.idle_max)) {
    const std::uint32_t record = live_.oldest;
    end(record, trace::Closing::Timeout);
    release(record);  // what comes for it now is a new connection
  }
  while (ended_.oldest != kNoRecord && idle(ended_.oldest, limits_.linger)) release(ended_.oldest);
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
  const std::uint32_t record = take_record();
  Connection& c = at(record);
  c.key = key;
  c.hash = hash;
  c.id = begun++;
  c.last = segment.frame.at;
  c.touched = std::max(clock_, segment.frame.at);
  c.client_is_a = how.from_client == from_a;
  c.handshake = how.handshake;
  ++open;
  table_.insert(hash, record);
  link(live_, record);
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
  release(record);
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
  const Direction from = from_a == old.client_is_a ? Direction::ToServer : Direction::ToClient;
  const Beginning how{from == old.candidate_from, true, Direction::ToServer, syn};
  const std::uint32_t anew = begin_again(record, from_a, segment, how);
  Connection& c = at(anew);
  half(c, Direction::ToServer).take_syn(isn);
  c.heard[static_cast<int>(Direction::ToServer)] = true;
  sink_.on_handshake(c.id, Direction::ToServer, false, syn);
  return anew;
}

// Whether a segment cannot belong to the connection that had its addresses and ports until now.
bool Reassembler::Impl::begins_anew(const Connection& c, Direction from,
                                    const Segment& segment) const {
  const HalfStream& mine = half(c, from);
  const HalfStream& others = half(c, other(from));
  const bool closed = c.ended || (mine.fin_delivered() && others.fin_delivered());
  if (segment.has(kRst)) return false;
  if (segment.has(kSyn)) {
    if (mine.begins_with(segment.d.seq + 1)) return false;
    if (closed) return true;
    // Never answered, and tried again with other numbers.
    return !segment.has(kAck) && mine.syn_seen() && !others.started() && !mine.data_seen();
  }
  if (!c.ended || segment.payload.empty()) return false;
  // After RST only its sender's going on shows that it was not to be believed.
  if (mine.started() && mine.plausible(segment.d.seq))
    return c.reset && from == c.reset_by &&
           mine.offset_of(segment.d.seq) >= static_cast<std::int64_t>(mine.delivered());
  return true;
}

// Whether the SYN that did not fit has been answered, or goes on.
bool Reassembler::Impl::answers_candidate(const Connection& c, Direction from,
                                          const Segment& segment) const {
  if (!c.candidate || segment.has(kRst) || !segment.has(kAck)) return false;
  if (from != c.candidate_from) return segment.has(kSyn) && segment.d.ack == c.candidate_isn + 1;
  return !segment.has(kSyn) && segment.d.seq == c.candidate_isn + 1 &&
         !half(c, from).plausible(segment.d.seq);
}

trace::Closing Reassembler::Impl::closing_of(const Connection& c, trace::Closing otherwise) {
  bool fin = true;
  for (const Direction d : {Direction::ToServer, Direction::ToClient})
    fin = fin && (half(c, d).fin_delivered() || !c.heard[static_cast<int>(d)]);
  if (fin)
    return trace::Closing::Fin;  // also where an RST came behind both: nothing was lost by it
  return c.reset ? trace::Closing::Rst : otherwise;
}

void Reassembler::Impl::end(std::uint32_t record, trace::Closing closing) {
  Connection& c = at(record);
  assert(!c.ended);
  for (const Direction d : {Direction::ToServer, Direction::ToClient}) {
    StreamOut to = out(c, d);
    half(c, d).finish(c.last, to);
  }
  c.ended = true;
  --open;
  unlink(live_, record);
  link(ended_, record);
  sink_.on_end(c.id, closing_of(c, closing), c.last);
}

void Reassembler::Impl::finish() {
  while (live_.oldest != kNoRecord) end(live_.oldest, trace::Closing::Open);
}

// ---- segments ----------------------------------------------------------------------------------

void Reassembler::Impl::segment(const Segment& segment) {
  bool from_a = false;
  const ConnectionKey key = ConnectionKey::of(segment.d, from_a);
  const std::uint32_t hash = table_.hash(key);
  std::uint32_t record =
      table_.find(hash, [&](std::uint32_t candidate) { return at(candidate).key == key; });
  const auto direction = [&] {
    return from_a == at(record).client_is_a ? Direction::ToServer : Direction::ToClient;
  };
  if (record == kNoRecord) {
    record = begin(key, hash, from_a, segment, beginning_of(segment));
  } else if (begins_anew(at(record), direction(), segment)) {
    record = begin_again(record, from_a, segment, beginning_of(segment));
  } else if (at(record).ended) {
    ++counts.late;
    report_frames(at(record), direction(), segment);
    return;
  } else if (answers_candidate(at(record), direction(), segment)) {
    record = begin_candidate(record, from_a, segment);
  }
  live_segment(record, direction(), segment);
}

void Reassembler::Impl::live_segment(std::uint32_t record, Direction from, const Segment& segment) {
  Connection& c = at(record);
  c.last = std::max(c.last, segment.frame.at);
  c.touched = std::max(clock_, segment.frame.at);
  c.heard[static_cast<int>(from)] = true;
  if (live_.newest != record) {
    unlink(live_, record);
    link(live_, record);
  }
  report_frames(c, from, segment);
  if (segment.has(kRst)) {
    take_reset(record, from, segment);
    return;
  }
  if (segment.has(kSyn) && !take_syn(c, from, segment)) return;
  if (segment.has(kAck)) take_ack(c, from, segment);
  take_payload(c, from, segment);
  HalfStream& mine = half(c, from);
  StreamOut to = out(c, from);
  mine.settle(false, segment.frame.at, to);
  if (mine.fin_acked() && half(c, other(from)).fin_acked()) end(record, trace::Closing::Fin);
}

// False when the SYN does not belong, and neither does the rest of its segment.
bool Reassembler::Impl::take_syn(Connection& c, Direction from, const Segment& segment) {
  HalfStream& mine = half(c, from);
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
    if (!segment.has(kAck)) {
      c.candidate = true;
      c.candidate_from = from;
      c.candidate_isn = isn;
      c.candidate_frame = segment.frame;
    }
    return false;
  }
  mine.take_syn(isn);
  c.handshake = true;
  syn_ack = segment.has(kAck);
  if (segment.has(kAck)) note_ack(c, from, segment.d.ack);
  const HalfStream& others = half(c, other(from));
  c.handshake_complete = others.syn_seen() && others.syn_acked() && mine.syn_acked();
  sink_.on_handshake(c.id, from, c.handshake_complete, segment.frame);
  return true;
}

void Reassembler::Impl::note_ack(Connection& c, Direction from, std::uint32_t ack) {
  HalfStream& others = half(c, other(from));
  if (!others.started())
    others.start(ack, c.handshake ? HalfStream::Start::Sure : HalfStream::Start::Guessed);
  others.acknowledge(ack);
}

void Reassembler::Impl::take_ack(Connection& c, Direction from, const Segment& segment) {
  const HalfStream& mine = half(c, from);
  HalfStream& others = half(c, other(from));
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
  const HalfStream& mine = half(c, from);
  const HalfStream& others = half(c, other(from));
  const bool refuses = segment.has(kAck) && others.syn_seen() && !mine.data_seen() &&
                       segment.d.ack == others.isn() + 1;
  if (mine.started() && !mine.plausible(segment.d.seq) && !refuses) {
    ++counts.ignored;
    return;
  }
  for (const Direction d : {Direction::ToServer, Direction::ToClient}) {
    StreamOut to = out(c, d);
    half(c, d).finish(segment.frame.at, to);
  }
  c.reset = true;
  c.reset_by = from;
  sink_.on_reset(c.id, from, segment.frame);
  end(record, trace::Closing::Rst);
}

void Reassembler::Impl::take_payload(Connection& c, Direction from, const Segment& segment) {
  HalfStream& mine = half(c, from);
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
