#include "captures/tcp/half_stream.hpp"

#include <algorithm>

#include "captures/tcp/reassembler.hpp"

namespace mailscope::tcp {

void HalfStream::start(std::uint32_t seq, Start how) {
  start_ = how;
  first_seq_ = next_seq_ = seq;
}

void HalfStream::take_syn(std::uint32_t isn) {
  if (start_ != Start::Sure) start(isn + 1, Start::Sure);
  syn_seen_ = true;
}

// The first octets, or the FIN, say where the stream begins as far as we shall see it.
void HalfStream::settle_start(std::uint32_t seq) {
  if (start_ == Start::Guessed || (start_ == Start::Own && offset_of(seq) < 0))
    start(seq, Start::Sure);
  start_ = Start::Sure;
}

bool HalfStream::plausible(std::uint32_t seq) const {
  const std::int64_t offset = offset_of(seq);
  const auto reach = static_cast<std::int64_t>(kPlausible);
  return offset >= static_cast<std::int64_t>(delivered_) - reach &&
         offset <= static_cast<std::int64_t>(std::max(delivered_, acked_)) + reach;
}

void HalfStream::acknowledge(std::uint32_t ack) {
  const std::int64_t offset = offset_of(ack);
  if (offset < 0) return;
  const auto acked = static_cast<std::uint64_t>(offset);
  if (acked > std::max(delivered_, acked_) + kPlausible) return;
  acks_seen_ = true;
  syn_acked_ = true;
  acked_ = std::max(acked_, acked);
}

bool HalfStream::is_keep_alive(std::uint32_t seq, std::uint32_t octets) const {
  return (start_ == Start::Sure || start_ == Start::Own) && octets <= 1 && seq == next_seq_ - 1;
}

bool HalfStream::take(std::uint32_t seq, std::string_view octets, std::uint32_t missing,
                      const FrameRef& frame, StreamOut& out) {
  settle_start(seq);
  const std::int64_t offset = offset_of(seq);
  const std::int64_t wire_end = offset + static_cast<std::int64_t>(octets.size()) + missing;
  if (wire_end <= 0) return false;
  FrameRef piece = frame;
  if (offset < 0) {  // in front of the start: only the rest counts
    const auto skip = static_cast<std::size_t>(
        std::min<std::int64_t>(-offset, static_cast<std::int64_t>(octets.size())));
    octets.remove_prefix(skip);
    piece.payload_at += static_cast<std::uint32_t>(skip);
    if (octets.empty()) return true;
  }
  data_seen_ = true;
  std::uint64_t begin = static_cast<std::uint64_t>(std::max<std::int64_t>(offset, 0));
  if (fin_ != kNoFin) {  // nothing comes behind a FIN
    if (begin >= fin_ && begin > delivered_) return false;
    octets = octets.substr(0, static_cast<std::size_t>(std::max(fin_, begin) - begin));
    missing = 0;
  }
  if (missing > 0)
    out.sink.on_anomaly(out.connection, out.direction, Anomaly::CutBySnapLength,
                        begin + octets.size(), begin + octets.size() + missing, piece);
  if (begin > delivered_) {
    keep_waiting(begin, octets, missing, piece, out);
    return true;
  }
  const auto again =
      static_cast<std::size_t>(std::min<std::uint64_t>(delivered_ - begin, octets.size()));
  if (again > 0) seen_again(begin, octets.substr(0, again), piece, out);
  octets.remove_prefix(again);
  piece.payload_at += static_cast<std::uint32_t>(again);
  if (begin + again + octets.size() + missing <= delivered_) return true;
  if (waits()) {
    // Part of it may wait already, and that copy was first: let the waiting room sort it out.
    keep_waiting(delivered_, octets, missing, piece, out);
    flush(out);
    return true;
  }
  deliver(octets, piece, out);
  skip_cut(delivered_ + missing, frame.at, out);
  flush(out);
  return true;
}

void HalfStream::take_fin(std::uint32_t seq, const FrameRef& frame, StreamOut& out) {
  settle_start(seq);
  const std::int64_t offset = offset_of(seq);
  if (fin_ != kNoFin) {
    if (fin_delivered_ && offset == static_cast<std::int64_t>(fin_))
      out.sink.on_anomaly(out.connection, out.direction, Anomaly::Retransmission, fin_, fin_,
                          frame);
    return;
  }
  // One that lies in front of octets seen, or far out, is not this stream's end.
  if (offset < static_cast<std::int64_t>(delivered_) || !plausible(seq)) return;
  const auto fin = static_cast<std::uint64_t>(offset);
  if (waits() && waiting_->has_within(fin, std::max(delivered_, acked_) + kPlausible)) return;
  fin_ = fin;
  fin_frame_ = frame;
  flush(out);
}

void HalfStream::advance(std::uint64_t octets) {
  delivered_ += octets;
  next_seq_ += static_cast<std::uint32_t>(octets);
  patience_ = 0;
}

void HalfStream::deliver(std::string_view octets, const FrameRef& frame, StreamOut& out) {
  if (octets.empty()) return;
  const std::uint64_t begin = delivered_;
  out.history.keep(history_, begin, octets);
  advance(octets.size());
  out.sink.on_octets(out.connection, out.direction, begin, octets, frame);
}

void HalfStream::gap_to(std::uint64_t end, Time at, StreamOut& out) {
  if (end <= delivered_) return;
  const std::uint64_t begin = delivered_;
  advance(end - begin);
  out.sink.on_gap(out.connection, out.direction, begin, end - begin, at);
}

// Octets up to `end` were cut off by the snap length. What waits may have some of them.
void HalfStream::skip_cut(std::uint64_t end, Time at, StreamOut& out) {
  gap_to(hole() ? std::min(end, hole_end()) : end, at, out);
}

void HalfStream::keep_waiting(std::uint64_t begin, std::string_view octets, std::uint32_t missing,
                              const FrameRef& frame, StreamOut& out) {
  if (!waiting_) waiting_ = std::make_unique<OutOfOrder>();
  const std::uint64_t before = waiting_->octets();
  const OutOfOrder::Overlap overlap = waiting_->insert(begin, octets, missing, frame);
  out.waiting_total += waiting_->octets() - before;
  if (begin > delivered_)
    out.sink.on_anomaly(out.connection, out.direction, Anomaly::OutOfOrder, begin,
                        begin + octets.size(), frame);
  if (overlap.any)
    out.sink.on_anomaly(out.connection, out.direction,
                        overlap.differs ? Anomaly::ConflictingOverlap : Anomaly::Retransmission,
                        overlap.begin, overlap.end, frame);
}

void HalfStream::seen_again(std::uint64_t begin, std::string_view octets, const FrameRef& frame,
                            StreamOut& out) {
  const bool differs = out.history.differs(history_, begin, octets);
  out.sink.on_anomaly(out.connection, out.direction,
                      differs ? Anomaly::ConflictingOverlap : Anomaly::Retransmission, begin,
                      begin + octets.size(), frame);
}

// Gives out what is in order by now, and the FIN when it is reached.
void HalfStream::flush(StreamOut& out) {
  while (waits() && waiting_->first() <= delivered_) {
    const std::uint64_t before = waiting_->octets();
    const std::unique_ptr<OutOfOrder::Piece> piece = waiting_->take_first();
    out.waiting_total -= before - waiting_->octets();
    // A cut segment may have moved the stream into the piece.
    const auto skip = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(delivered_ - piece->begin, piece->octets));
    FrameRef frame = piece->frame;
    frame.payload_at += skip;
    deliver(piece->view().substr(skip), frame, out);
    skip_cut(piece->end() + piece->missing, frame.at, out);
  }
  if (waiting_ && waiting_->empty()) waiting_.reset();
  if (fin_ != kNoFin && !fin_delivered_ && delivered_ >= fin_) {
    fin_delivered_ = true;
    drop_waiting(out);
    out.sink.on_fin(out.connection, out.direction, fin_frame_);
  }
}

void HalfStream::drop_waiting(StreamOut& out) {
  if (waiting_) out.waiting_total -= waiting_->octets();
  waiting_.reset();
}

void HalfStream::settle(bool answered, Time now, StreamOut& out) {
  if (!hole()) return;
  if (acks_seen_ && acked_ >= hole_end()) {
    const bool patient = !answered && ++patience_ <= kPatience;
    while (!patient && hole() && acked_ >= hole_end()) {
      gap_to(hole_end(), now, out);
      flush(out);
    }
  }
  while (waits() && (waiting_->octets() > out.limits.waiting_octets_max ||
                     waiting_->pieces() > out.limits.waiting_pieces_max ||
                     out.waiting_total > out.limits.waiting_octets_total)) {
    gap_to(waiting_->first(), now, out);
    flush(out);
  }
}

void HalfStream::finish(Time now, StreamOut& out) {
  // Where nobody acknowledges, a large hole is as likely as a small one.
  const std::uint64_t reach = acks_seen_ ? kPlausible : std::uint64_t{1} << 30;
  while (hole() && hole_end() <= std::max(delivered_, acked_) + reach) {
    gap_to(hole_end(), now, out);
    flush(out);
  }
  drop_waiting(out);
  // A single octet more is most likely a FIN that was not captured.
  if (!fin_delivered_ && acked_ > delivered_ + 1) gap_to(acked_, now, out);
}

}  // namespace mailscope::tcp
