// When a PDU, or a frame that was lost, is under way, and how far it has come at an instant.
//
// A PDU departs when the frame that carried its first octet to the other end was sent: one whose
// first frame was lost departs with the next. It arrives when its last octet is at the other end.
// PDUs that came in one segment arrive together; they count as arriving one nanosecond after the
// other, so that what the last of them brings about is not seen at the first.
#pragma once

#include "viz/layout/index.hpp"

namespace mailscope::viz {

inline constexpr float kLostShare = 0.6f;  // of the way: where a lost frame stops
// The same of its link: at the sender's port where the queue is full, at the other end where the
// host is off.
float lost_share(trace::Loss loss);

// Where a step on the PDU stands; where nothing is known of its arrival, when it would have been
// there. In [departs, duration].
Time arrival_of(const TraceIndex& index, Id pdu);
// 0 before it departs, 1 once it is there. One without a flight (a capture) is there at once.
float share_of_way(const TraceIndex& index, Id pdu, Time at);
// The instant at which it has gone this share of its way: every hop takes an equal part, however
// different their lengths in time, so that each can be seen.
Time instant_of_way(const TraceIndex& index, Id pdu, double share);
// Frames that arrive between its departure and its arrival: the hops of its way, and at least 1.
int hops_of_way(const TraceIndex& index, Id pdu);

// When a frame that was lost is where it stops, and one that came along at the end of its last
// link.
Time end_of_frame(const TraceIndex& index, Id frame);
Time loss_of(const TraceIndex& index, Id frame);
float share_of_loss(const TraceIndex& index, Id frame, Time at);  // 0..1, of the way to there

}  // namespace mailscope::viz
