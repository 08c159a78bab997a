// What a frame is that begins no PDU: part of a TCP handshake, an acknowledgment, an ARP. Read from
// its octets: Ethernet, IPv4 without options or IPv6, TCP (RFC 9293 §3.1).
#pragma once

#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

enum class SegmentKind : std::uint8_t { Other, Arp, Syn, SynAck, Fin, Ack };

SegmentKind segment_kind(const trace::Trace& trace, const trace::Frame& frame);
// "SYN ACK", "FIN", "ACK", "ARP", "a segment".
std::string_view segment_name(const trace::Trace& trace, const trace::Frame& frame);

}  // namespace mailscope::viz
