// A cursor in a trace that grows: at the end it follows, elsewhere it stays, also when the PDUs are
// numbered anew.

#include "viz/layout/follow.hpp"

#include <catch2/catch.hpp>

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::Trace;

// Two connections; each number is when a command of the first (below 1000) or the second was sent.
Trace commands(const std::vector<Time>& times) {
  Trace trace;
  trace.connections.resize(2);
  std::uint64_t begin[2] = {0, 0};
  for (const Time at : times) {
    Pdu pdu;
    pdu.connection = at < 1000 ? 0 : 1;
    pdu.first = pdu.last = pdu.received = at % 1000;
    pdu.kind = trace::PduKind::Command;
    pdu.begin = begin[pdu.connection];
    pdu.end = begin[pdu.connection] += 6;
    trace.pdus.push_back(pdu);
    trace.source.duration = pdu.received;
  }
  return trace;
}

struct Grown {
  Grown(const std::vector<Time>& before, const std::vector<Time>& after)
      : old_trace(commands(before)), new_trace(commands(after)) {}
  void grow() { return_to(index, cursor, place_of(old_index, cursor)); }

  Trace old_trace, new_trace;
  TraceIndex old_index{old_trace}, index{new_trace};
  Cursor cursor = open_cursor(old_index);
};

TEST_CASE("a cursor at the end of a growing trace follows it") {
  Grown grown({10, 20, 30}, {10, 20, 30, 40, 50});
  go_end(grown.old_index, grown.cursor);
  CHECK(at_end(grown.old_index, grown.cursor));
  grown.grow();
  CHECK(grown.cursor.pdu == 4);
  CHECK(grown.cursor.time == 50);
  CHECK(at_end(grown.index, grown.cursor));
}

TEST_CASE("an empty trace is at its end, so the first PDU is shown when it comes") {
  Grown grown({}, {10});
  grown.grow();
  CHECK(grown.cursor.pdu == 0);
}

TEST_CASE("a cursor that has gone back stays where it is") {
  Grown grown({10, 20, 30}, {10, 20, 30, 40});
  go_to_pdu(grown.old_index, grown.cursor, 1);
  CHECK_FALSE(at_end(grown.old_index, grown.cursor));
  grown.grow();
  CHECK(grown.cursor.pdu == 1);
  CHECK(grown.cursor.time == 20);
  CHECK(grown.cursor.selection == Selection{Selected::Pdu, 1});
}

TEST_CASE("a cursor keeps its PDU when others come in front of it") {
  // The other connection's command was complete only later, but had begun at 15.
  Grown grown({10, 20, 30}, {10, 1015, 20, 30, 40});
  go_to_pdu(grown.old_index, grown.cursor, 1);
  grown.grow();
  CHECK(grown.cursor.pdu == 2);
  CHECK(grown.cursor.time == 20);
  CHECK(grown.cursor.selection == Selection{Selected::Pdu, 2});
}

TEST_CASE("in front of the first PDU a cursor stays there") {
  Grown grown({10, 20}, {10, 20, 30});
  go_home(grown.old_index, grown.cursor);
  grown.grow();
  CHECK(grown.cursor.pdu == kNone);
  CHECK(grown.cursor.time == 0);
}

TEST_CASE("a host stays selected while the trace is followed") {
  Grown grown({10}, {10, 20});
  go_end(grown.old_index, grown.cursor);
  grown.cursor.selection = {Selected::Host, 0};
  grown.grow();
  CHECK(grown.cursor.pdu == 1);
  CHECK(grown.cursor.selection == Selection{Selected::Host, 0});
}

}  // namespace
}  // namespace mailscope::viz
