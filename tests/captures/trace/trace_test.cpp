#include "captures/trace/trace.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::trace;
using mailscope::Direction;

namespace {

Id add_frame(Trace& trace, std::string_view octets) {
  Frame frame;
  frame.at = trace.store.append(octets);
  frame.octets = frame.wire_octets = static_cast<std::uint32_t>(octets.size());
  trace.frames.push_back(frame);
  return static_cast<Id>(trace.frames.size() - 1);
}

Id add_segment(Trace& trace, std::uint64_t begin, std::string_view header,
               std::string_view payload) {
  Segment segment;
  segment.begin = begin;
  segment.frame = add_frame(trace, std::string(header) + std::string(payload));
  segment.payload_at = static_cast<std::uint32_t>(header.size());
  segment.octets = static_cast<std::uint32_t>(payload.size());
  const Id id = static_cast<Id>(trace.segments.size());
  if (id > 0) trace.segments[id - 1].next = id;
  trace.segments.push_back(segment);
  return id;
}

}  // namespace

TEST_CASE("a PDU's octets are gathered from its segments") {
  Trace trace;
  const Id first = add_segment(trace, 0, "HH", "MAIL FROM:<ali");
  add_segment(trace, 14, "HHHH", "ce@alpha.example>\r\nRCPT");
  Pdu pdu;
  pdu.segment = first;
  pdu.begin = 0;
  pdu.end = 33;
  CHECK(trace.pdu_octets(pdu) == "MAIL FROM:<alice@alpha.example>\r\n");
  CHECK(trace.pdu_octets(pdu, 4) == "MAIL");
  pdu.begin = 10;
  pdu.end = 20;
  CHECK(trace.pdu_octets(pdu) == "<alice@alp");
}

TEST_CASE("a gap is passed over") {
  Trace trace;
  const Id first = add_segment(trace, 0, "", "abc");
  add_segment(trace, 10, "", "xyz");
  CHECK(trace.stream_octets(first, 0, 13, 100) == "abcxyz");
}

TEST_CASE("a variable's value is that of its last change") {
  Trace trace;
  const Id spool = trace.variable(1, 2, VariableKind::Spool);
  CHECK(trace.variable(1, 2, VariableKind::Spool) == spool);
  CHECK(trace.variable(1, 3, VariableKind::Spool) != spool);
  trace.change(10, spool, std::uint64_t{1}, "");
  trace.change(20, spool, std::uint64_t{2}, "");
  trace.change(20, spool, std::uint64_t{1}, "");
  CHECK_FALSE(has_value(trace.value_at(spool, 9)));
  CHECK(number(trace.value_at(spool, 10)) == 1u);
  CHECK(number(trace.value_at(spool, 19)) == 1u);
  CHECK(number(trace.value_at(spool, 1000)) == 1u);
  CHECK(number(trace.changes[1].before) == 1u);
}

TEST_CASE("PDUs are found by time") {
  Trace trace;
  for (Time first : {5, 5, 9}) {
    Pdu pdu;
    pdu.first = first;
    trace.pdus.push_back(pdu);
  }
  trace.settle();
  CHECK(trace.pdus_until(4) == 0);
  CHECK(trace.pdus_until(5) == 2);
  CHECK(trace.pdus_until(9) == 3);
}
