// One direction of a connection: sequence numbers in, stream octets, gaps and anomalies out, by the
// rules in reassembler.hpp.
//
// A stream offset x has the sequence number next_seq + (x - delivered), modulo 2^32; what lies more
// than 2^31 away cannot be told apart, and further than kPlausible ahead is not believed without
// need.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "captures/tcp/history.hpp"
#include "captures/tcp/out_of_order.hpp"
#include "captures/tcp/stream_sink.hpp"

namespace mailscope::tcp {

struct Limits;

// Where a HalfStream's output goes; made anew for each call.
struct StreamOut {
  StreamSink& sink;
  History& history;
  const Limits& limits;
  std::uint64_t& waiting_total;
  std::uint32_t connection;
  Direction direction;
};

class HalfStream {
 public:
  static constexpr std::uint64_t kPlausible = 16 << 20;  // no window that mail meets is larger
  static constexpr std::uint64_t kNoFin = UINT64_MAX;
  static constexpr int kPatience = 3;  // frames after an acknowledgement before a hole is a gap

  // How sure the place of offset 0 is before the first octets come.
  enum class Start : std::uint8_t {
    None,
    Guessed,  // by the other side's acknowledgement: moves to the first octets, wherever they are
    Own,      // by a segment without octets: octets in front of it move it
    Sure,
  };
  // `seq` is the sequence number of offset 0.
  void start(std::uint32_t seq, Start how);
  void take_syn(std::uint32_t isn);

  bool started() const { return start_ != Start::None; }
  bool syn_seen() const { return syn_seen_; }
  bool syn_acked() const { return syn_acked_; }
  bool begins_with(std::uint32_t seq) const { return started() && first_seq_ == seq; }
  std::uint32_t isn() const { return first_seq_ - 1; }
  std::uint64_t delivered() const { return delivered_; }
  bool data_seen() const { return data_seen_; }
  bool fin_delivered() const { return fin_delivered_; }
  bool fin_acked() const { return fin_delivered_ && acked_ > fin_; }

  // Offset of a sequence number, negative in front of the start.
  std::int64_t offset_of(std::uint32_t seq) const {
    return static_cast<std::int64_t>(delivered_) + static_cast<std::int32_t>(seq - next_seq_);
  }
  // Whether a segment could belong: not far from what was seen and acknowledged.
  bool plausible(std::uint32_t seq) const;

  // The other side acknowledged everything before `ack`.
  void acknowledge(std::uint32_t ack);

  // Octets of a segment. `missing`: octets behind them that the snap length cut off. False when
  // they lie in front of the stream's start.
  bool take(std::uint32_t seq, std::string_view octets, std::uint32_t missing,
            const FrameRef& frame, StreamOut& out);
  // A FIN behind the last octet, whose sequence number is `seq`.
  void take_fin(std::uint32_t seq, const FrameRef& frame, StreamOut& out);
  bool is_keep_alive(std::uint32_t seq, std::uint32_t octets) const;

  // After each frame of the connection: a hole that was acknowledged long enough becomes a gap, and
  // one that keeps too much waiting. `answered`: the other side sent octets with its
  // acknowledgement.
  void settle(bool answered, Time now, StreamOut& out);
  // Nothing more will come: what waits is given out, what is missing at the end is named.
  void finish(Time now, StreamOut& out);

 private:
  bool waits() const { return waiting_ != nullptr && !waiting_->empty(); }
  bool hole() const { return waits() || (fin_ != kNoFin && !fin_delivered_); }
  std::uint64_t hole_end() const { return waits() ? waiting_->first() : fin_; }
  void settle_start(std::uint32_t seq);
  void advance(std::uint64_t octets);
  void deliver(std::string_view octets, const FrameRef& frame, StreamOut& out);
  void gap_to(std::uint64_t end, Time at, StreamOut& out);
  void skip_cut(std::uint64_t end, Time at, StreamOut& out);
  void keep_waiting(std::uint64_t begin, std::string_view octets, std::uint32_t missing,
                    const FrameRef& frame, StreamOut& out);
  void seen_again(std::uint64_t begin, std::string_view octets, const FrameRef& frame,
                  StreamOut& out);
  void flush(StreamOut& out);
  void drop_waiting(StreamOut& out);

  std::uint64_t delivered_ = 0;
  std::uint64_t acked_ = 0;
  std::uint64_t fin_ = kNoFin;
  History::Place history_ = History::kNowhere;
  std::unique_ptr<OutOfOrder> waiting_;
  FrameRef fin_frame_;
  std::uint32_t next_seq_ = 0;
  std::uint32_t first_seq_ = 0;
  std::uint8_t patience_ = 0;
  Start start_ = Start::None;
  bool syn_seen_ = false;
  bool syn_acked_ = false;
  bool acks_seen_ = false;
  bool data_seen_ = false;
  bool fin_delivered_ = false;
};

}  // namespace mailscope::tcp
