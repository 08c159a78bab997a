// What is known of segments and PDUs only a while after they were read: whether their octets were
// sent again, and when they were at the other end. RFC 9293 §3.8.1.
//
// settle() may be called at any moment and goes on from where it was: it looks at what came since
// the last time, at what was changed since, and at what had not arrived. Where RoadOptions say
// nothing of `received_at` (captures) octets count as delivered when their frame was captured.
#pragma once

#include <cstddef>
#include <set>
#include <unordered_map>
#include <vector>

#include "captures/observe/context.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class Settling {
 public:
  explicit Settling(Context& context) : context_(context) {}

  // Sets Segment::retransmissions and delivered, Pdu::received, and kRetransmitted.
  void settle();
  // Segments and PDUs looked at so far, as often as they were: what settle() costs.
  std::uint64_t looked_at() const { return looked_at_; }

 private:
  // Up to here a PDU's octets had arrived, all by then.
  struct Reach {
    trace::Id segment = trace::kNone;
    trace::Time received = 0;
  };
  struct Earlier {
    bool operator()(const Repeat& a, const Repeat& b) const;
  };

  void apply_repeats();
  void mark_segments(std::size_t first, std::size_t last);
  void mark_pdus(const Repeat& repeat);
  bool is_marked(const trace::Pdu& pdu) const;
  bool travelled_in_marked(const trace::Pdu& pdu) const;
  void set_repeated(trace::Id id);
  void settle_segments();
  bool deliver(const SentSegment& sent);
  trace::Time delivered_by_repeats(const SentSegment& sent) const;
  void settle_pdus();
  void settle_pdu(trace::Id id);
  trace::Time received_of(trace::Id id);
  trace::Time received_by_segments(trace::Id id);
  bool has_arrived(const trace::Pdu& pdu, trace::Id id) const;
  bool is_past(trace::Id connection) const;

  Context& context_;
  std::set<Repeat, Earlier> repeats_;  // applied; kept only where received_at is asked
  std::uint64_t longest_repeat_ = 0;
  std::vector<trace::Id> marked_;  // segments of one stream, of what is being applied
  std::unordered_map<trace::Id, trace::Id> completed_;  // by Open PDU: the frame of the last ACK
  trace::Id pdus_ = 0;                                  // looked at so far, and
  std::size_t revised_ = 0;
  std::vector<SentSegment> open_segments_;  // not arrived yet
  std::vector<trace::Id> open_pdus_;
  std::unordered_map<trace::Id, Reach> reached_;  // by PDU, of long ones
  trace::Time latest_ = 0;                        // of the frames
  std::uint64_t looked_at_ = 0;
};

}  // namespace mailscope::observe
