#include "viz/layout/index.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "tests/viz/synthetic_trace.hpp"

using namespace mailscope;
using namespace mailscope::viz;

TEST_CASE("Folded time is monotone and goes back to where it came from") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const TimeFold& fold = index.fold();
  REQUIRE(fold.folds());
  CHECK(fold.duration() < 5'000'000'000);
  Time before = -1;
  for (const trace::Pdu& pdu : trace.pdus) {
    const Time folded = fold.folded(pdu.first);
    CHECK(folded >= before);  // a reply and its content may begin in one segment
    CHECK(fold.unfolded(folded) == pdu.first);
    before = folded;
  }
  CHECK(fold.folded(0) == 0);
  CHECK(fold.folded(index.duration()) == fold.duration());
}

TEST_CASE("Even traffic is not folded") {
  const Trace trace = sample::synthetic_trace(1000);
  const TraceIndex index(trace);
  CHECK_FALSE(index.fold().folds());
  CHECK(index.fold().duration() == index.duration());
}

TEST_CASE("Rows come in order of time, with a row for each long silence") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  std::size_t gaps = 0, pdus = 0, lost = 0, again = 0;
  for (std::size_t row = 0; row < index.rows().size(); ++row) {
    if (row > 0) CHECK(index.time_of(row) >= index.time_of(row - 1));
    const Row r = index.rows()[row];
    gaps += r.kind == RowKind::Gap;
    if (r.kind == RowKind::Lost) ++(trace.frames[r.id].fate == trace::Fate::Lost ? lost : again);
    if (r.kind == RowKind::Pdu) {
      ++pdus;
      CHECK(index.row_of_pdu(r.id) == row);
    }
    if (r.kind == RowKind::Change) CHECK(index.row_of_change(r.id) == row);
    if (r.kind == RowKind::Gap) CHECK(index.gap_length(row) >= 500'000'000);
  }
  CHECK(pdus == trace.pdus.size());
  CHECK(gaps == 2);  // until the lost reply is sent again, and until Bob looks
  CHECK(lost == 1);
  CHECK(again == 1);  // what the lost reply would have acknowledged
}

TEST_CASE("A packet's hops lead from link to link, and each knows the PDU") {
  Trace trace;
  trace.frames.resize(3);
  for (Id i = 0; i < 3; ++i) {
    trace.frames[i].sent = i;
    trace.frames[i].origin = 0;
  }
  trace.connections.resize(1);
  trace::Pdu pdu;
  pdu.connection = 0;
  pdu.frame = 0;
  trace.pdus.push_back(pdu);
  const TraceIndex index(trace);
  CHECK(index.next_hop(0) == 1);
  CHECK(index.next_hop(1) == 2);
  CHECK(index.next_hop(2) == kNone);
  CHECK(index.pdu_of_frame(2) == 0);
}

TEST_CASE("A message's journey is found by its Message-ID, in order of time") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  CHECK(index.journey(1) == std::vector<Id>{0, 1, 2});
  CHECK(index.mail_of_pdu(trace.mails[2].data) == 2);
}

TEST_CASE("Host names lose their last label while they stay apart") {
  Trace trace;
  trace.hosts.push_back({"mail.alpha.example", {}, {}, -1, -1});
  trace.hosts.push_back({"alice-pc", {}, {}, -1, -1});
  trace.hosts.push_back({"mail.beta.example", {}, {}, -1, -1});
  trace.hosts.push_back({"mail.beta.test", {}, {}, -1, -1});
  trace.hosts.push_back({"192.0.2.1", {}, {}, -1, -1});
  const TraceIndex index(trace);
  CHECK(index.host_name(0) == "mail.alpha");
  CHECK(index.host_name(1) == "alice-pc");
  CHECK(index.host_name(2) == "mail.beta.example");
  CHECK(index.host_name(3) == "mail.beta.test");
  CHECK(index.host_name(4) == "192.0.2.1");
}

TEST_CASE("Lifelines: the agents that talk or have events, those of one host together") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  std::vector<std::string> names;
  for (const TraceIndex::Participant& one : index.participants())
    names.push_back(index.host_name(one.host) + " " + trace.agents[one.agent].name);
  CHECK(names == std::vector<std::string>{
                     "alice-pc user agent", "alice-pc MTA client", "mail.alpha MTA server",
                     "mail.alpha MTA client", "mail.beta MTA server", "mail.beta MDA",
                     "mail.beta MAA server", "bob-pc user agent", "bob-pc MAA client"});
}
