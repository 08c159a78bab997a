// A cursor in a trace that grows: at the end it follows, elsewhere it stays, also when others come
// in front of its PDU.

#include "viz/layout/follow.hpp"

#include <catch2/catch.hpp>

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::Trace;

// Two connections; each number is when a command of the first (below 1000) or the second was sent.
struct Growing {
  explicit Growing(const std::vector<Time>& times) {
    trace.connections.resize(2);
    add(times);
    cursor = open_cursor(index);
  }
  void add(const std::vector<Time>& times) {
    for (const Time at : times) {
      Pdu pdu;
      pdu.connection = at < 1000 ? 0 : 1;
      pdu.first = pdu.last = pdu.received = at % 1000;
      pdu.kind = trace::PduKind::Command;
      trace.source.duration = std::max(trace.source.duration, pdu.received);
      trace.pdus.push_back(pdu);
    }
    trace.settle();
    index.grow();
  }
  void grow(const std::vector<Time>& times) {
    const bool follows = at_end(index, cursor);
    add(times);
    if (follows) follow_to_end(index, cursor);
  }

  Trace trace;
  TraceIndex index{trace};
  Cursor cursor;
};

TEST_CASE("a cursor at the end of a growing trace follows it") {
  Growing growing({10, 20, 30});
  go_end(growing.index, growing.cursor);
  CHECK(at_end(growing.index, growing.cursor));
  growing.grow({40, 50});
  CHECK(growing.cursor.pdu == 4);
  CHECK(growing.cursor.time == 50);
  CHECK(at_end(growing.index, growing.cursor));
}

TEST_CASE("an empty trace is at its end, so the first PDU is shown when it comes") {
  Growing growing({});
  growing.grow({10});
  CHECK(growing.cursor.pdu == 0);
}

TEST_CASE("a cursor that has gone back stays where it is") {
  Growing growing({10, 20, 30});
  go_to_pdu(growing.index, growing.cursor, 1);
  CHECK_FALSE(at_end(growing.index, growing.cursor));
  growing.grow({40});
  CHECK(growing.cursor.pdu == 1);
  CHECK(growing.cursor.time == 20);
  CHECK(growing.cursor.selection == Selection{Selected::Pdu, 1});
}

TEST_CASE("a cursor keeps its PDU when others come in front of it") {
  // The other connection's command was complete only later, but had begun at 15.
  Growing growing({10, 20, 30});
  go_to_pdu(growing.index, growing.cursor, 1);
  growing.grow({1015, 40});
  CHECK(growing.cursor.pdu == 1);
  CHECK(growing.trace.place_in_time(1) == 2);
  step_pdu(growing.index, growing.cursor, -1);
  CHECK(growing.cursor.pdu == 3);
  CHECK(growing.cursor.time == 15);
  step_pdu(growing.index, growing.cursor, -1);
  CHECK(growing.cursor.pdu == 0);
}

TEST_CASE("in front of the first PDU a cursor stays there") {
  Growing growing({10, 20});
  go_home(growing.index, growing.cursor);
  growing.grow({30});
  CHECK(growing.cursor.pdu == kNone);
  CHECK(growing.cursor.time == 0);
}

TEST_CASE("a host stays selected while the trace is followed") {
  Growing growing({10, 20});
  growing.cursor.selection = {Selected::Host, 0};
  go_end(growing.index, growing.cursor);
  growing.cursor.selection = {Selected::Host, 0};
  growing.grow({30});
  CHECK(growing.cursor.pdu == 2);
  CHECK(growing.cursor.selection == Selection{Selected::Host, 0});
}

}  // namespace
}  // namespace mailscope::viz
