#include "captures/tcp/connection_record.hpp"

#include "captures/languages/languages.hpp"

namespace mailscope::tcp {
namespace {

bool is_server_port(std::uint16_t port) {
  return languages::service_at(port).protocol != languages::kUnknown;
}

}  // namespace

bool sender_is_client(const Decoded& segment) {
  if ((segment.flags & kSyn) != 0) return (segment.flags & kAck) == 0;
  const bool from_server = is_server_port(segment.source_port);
  const bool to_server = is_server_port(segment.destination_port);
  if (from_server != to_server) return to_server;
  return segment.destination_port <= segment.source_port;
}

bool ConnectionRecord::is_over_for(Direction from, const Segment& segment) const {
  const HalfStream& mine = of(from);
  const HalfStream& others = of(other(from));
  const bool closed = ended || (mine.fin_delivered() && others.fin_delivered());
  if (segment.has(kRst)) return false;
  if (segment.has(kSyn)) {
    if (mine.begins_with(segment.d.seq + 1)) return false;
    if (closed) return true;
    // Never answered, and tried again with other numbers.
    return !segment.has(kAck) && mine.syn_seen() && !others.started() && !mine.data_seen();
  }
  if (!ended || segment.payload.empty()) return false;
  // After RST only its sender's going on shows that it was not to be believed.
  if (mine.started() && mine.plausible(segment.d.seq))
    return reset && from == reset_by &&
           mine.offset_of(segment.d.seq) >= static_cast<std::int64_t>(mine.delivered());
  return true;
}

bool ConnectionRecord::is_candidate_answered(Direction from, const Segment& segment) const {
  if (!candidate || segment.has(kRst) || !segment.has(kAck)) return false;
  if (from != candidate_from) return segment.has(kSyn) && segment.d.ack == candidate_isn + 1;
  return !segment.has(kSyn) && segment.d.seq == candidate_isn + 1 &&
         !of(from).plausible(segment.d.seq);
}

void ConnectionRecord::note_candidate(Direction from, const Segment& segment) {
  candidate = true;
  candidate_from = from;
  candidate_isn = segment.d.seq;
  candidate_frame = segment.frame;
}

trace::Closing ConnectionRecord::closing(trace::Closing otherwise) const {
  bool fin = true;
  for (const Direction d : {Direction::ToServer, Direction::ToClient})
    fin = fin && (of(d).fin_delivered() || !heard[static_cast<int>(d)]);
  if (fin)
    return trace::Closing::Fin;  // also where an RST came behind both: nothing was lost by it
  return reset ? trace::Closing::Rst : otherwise;
}

}  // namespace mailscope::tcp
