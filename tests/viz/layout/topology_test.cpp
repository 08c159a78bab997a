#include "viz/layout/topology.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "tests/viz/synthetic_trace.hpp"
#include "viz/layout/topology_place.hpp"
#include "viz/layout/words.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

constexpr Rect kArea{20, 40, 540, 390};

const AgentBox* agent(const Topology& topology, std::size_t host, std::string_view name) {
  for (const AgentBox& box : topology.hosts.at(host).agents)
    if (box.text.starts_with(name)) return &box;
  return nullptr;
}

void check_tidy(const Topology& topology, Rect area) {
  for (std::size_t i = 0; i < topology.hosts.size(); ++i) {
    const HostBox& host = topology.hosts[i];
    CHECK(area.inset(-1).contains(host.rect));
    for (std::size_t j = i + 1; j < topology.hosts.size(); ++j)
      CHECK_FALSE(host.rect.intersects(topology.hosts[j].rect));
    for (const AgentBox& box : host.agents) CHECK(host.rect.contains(box.rect));
  }
  for (const Pipe& pipe : topology.pipes)
    for (const HostBox& host : topology.hosts)
      if (pipe.label_rect.w > 0) CHECK_FALSE(pipe.label_rect.intersects(host.rect));
}

}  // namespace

TEST_CASE("Hosts stand apart and inside, in every size of panel") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Cursor cursor = open_cursor(index);
  for (const Rect area :
       {kArea, Rect{0, 0, 900, 700}, Rect{0, 0, 420, 300}, Rect{0, 0, 300, 180}}) {
    INFO(area.w << " x " << area.h);
    const Topology topology = layout_topology(index, cursor, {}, area);
    CHECK(topology.hosts.size() == 4);
    check_tidy(topology, area);
  }
  CHECK(layout_topology(index, cursor, {}, {0, 0, 10, 10}).hosts.empty());
}

TEST_CASE(
    "Hints are kept: alice above her server, bob above his, both servers right of each other") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Topology t = layout_topology(index, open_cursor(index), {}, kArea);
  CHECK(t.hosts[0].rect.bottom() < t.hosts[1].rect.y);
  CHECK(t.hosts[3].rect.bottom() < t.hosts[2].rect.y);
  CHECK(t.hosts[1].rect.right() < t.hosts[2].rect.x);
  REQUIRE(t.pipes.size() == 3);
  CHECK(t.pipes[0].vertical);
  CHECK_FALSE(t.pipes[1].vertical);
  CHECK(t.pipes[0].label == std::vector<std::string>{"LAN · 1 Gb/s", "0.2 ms"});
}

TEST_CASE("A link whose latency changes by chance says so") {
  Trace trace = sample::maa_trace();
  trace.links[0].jitter = 5 * sample::kMs;
  const TraceIndex index(trace);
  const Topology t = layout_topology(index, open_cursor(index), {}, kArea);
  REQUIRE(t.pipes.size() == 3);
  CHECK(t.pipes[0].label == std::vector<std::string>{"LAN · 1 Gb/s", "0.2 ms, up to 5.0 ms more"});
}

TEST_CASE("A packet on a link stands where its time puts it") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  // The first command over the wide area network.
  Id pdu = index.pdus_of(1)[2];
  go_to_pdu(index, cursor, pdu);
  const trace::Frame& frame = trace.frames[trace.pdus[pdu].frame];
  float before = -1;
  for (const double share : {0.1, 0.5, 0.9}) {
    cursor.time =
        frame.sent + static_cast<Time>(share * static_cast<double>(frame.received - frame.sent));
    const Topology t = layout_topology(index, cursor, {}, kArea);
    REQUIRE(t.movers.size() == 1);
    const Mover& mover = t.movers[0];
    CHECK(mover.pdu == pdu);
    CHECK(mover.current);
    CHECK(mover.label.starts_with("EHLO"));
    const float length = t.pipes[1].path[1].x - t.pipes[1].path[0].x;
    CHECK((mover.at.x - t.pipes[1].path[0].x) / length == Approx(share).margin(0.02));
    CHECK(mover.at.x > before);
    before = mover.at.x;
    CHECK(t.pipes[1].active);
    CHECK_FALSE(t.pipes[0].active);
    for (const HostBox& host : t.hosts) CHECK_FALSE(host.rect.intersects(mover.pill));
  }
}

TEST_CASE("After a step the packet rests at the other end, and a lost one stops on its way") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, index.pdus_of(1)[2]);
  Topology t = layout_topology(index, cursor, {}, kArea);
  REQUIRE(t.movers.size() == 1);
  CHECK(t.movers[0].at.x == Approx(t.pipes[1].path.back().x));
  for (Id id = 0; id < trace.pdus.size(); ++id)
    if (trace.pdus[id].flags & trace::Pdu::kRetransmitted) go_to_pdu(index, cursor, id);
  const Time sent = trace.frames[trace.pdus[cursor.pdu].frame].sent;
  cursor.time = sent + sample::kMs;
  t = layout_topology(index, cursor, {}, kArea);
  REQUIRE(t.movers.size() == 1);
  CHECK_FALSE(t.movers[0].lost);  // not yet
  cursor.time = sent + 20 * sample::kMs;
  t = layout_topology(index, cursor, {}, kArea);
  REQUIRE(t.movers.size() == 1);
  CHECK(t.movers[0].lost);
  CHECK(t.movers[0].at.x > t.pipes[1].path[0].x + 10);
  CHECK(t.movers[0].at.x < t.pipes[1].path[1].x - 10);
}

TEST_CASE("Spool and mailbox grow and shrink, and a host that is off says so") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  Topology t = layout_topology(index, cursor, {}, kArea);
  CHECK(agent(t, 1, "spool")->envelopes == 0);
  CHECK(t.hosts[3].power == Power::Off);
  go_to_pdu(index, cursor, index.pdus_of(1).front());
  t = layout_topology(index, cursor, {}, kArea);
  CHECK(agent(t, 1, "spool")->envelopes == 1);
  CHECK(t.stores.at(1) == "spool of mail.alpha: 1 waiting");
  go_to_pdu(index, cursor, index.pdus_of(2).front());
  t = layout_topology(index, cursor, {}, kArea);
  CHECK(agent(t, 1, "spool")->envelopes == 0);
  CHECK(agent(t, 2, "bob's mailbox")->envelopes == 1);
  CHECK(t.hosts[3].power == Power::On);
  go_end(index, cursor);
  t = layout_topology(index, cursor, {}, kArea);
  CHECK(agent(t, 2, "bob's mailbox")->envelopes == 0);
}

TEST_CASE("The two agents that talk are lit, no others") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, index.pdus_of(2)[3]);
  const Topology t = layout_topology(index, cursor, {}, kArea);
  int lit = 0;
  for (const HostBox& host : t.hosts)
    for (const AgentBox& box : host.agents) lit += box.active;
  CHECK(lit == 2);
  CHECK(agent(t, 2, "MAA server")->active);
  CHECK(agent(t, 3, "MAA client")->active);
}

TEST_CASE("A capture: clients left, servers right, at most kHostsMax, the rest counted") {
  const Trace trace = sample::synthetic_trace(5000, 60, 200);
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, 4999);
  const Topology t = layout_topology(index, cursor, {}, kArea);
  CHECK(t.hosts.size() == static_cast<std::size_t>(kHostsMax));
  CHECK(t.hosts_left_out == 61 - kHostsMax);
  check_tidy(t, kArea);
  bool sender = false;
  for (const HostBox& host : t.hosts)
    sender = sender || host.host == index.sender(trace.pdus[4999]).host;
  CHECK(sender);
  const Trace few = sample::synthetic_trace(100, 2, 4);
  const TraceIndex small(few);
  const Topology s = layout_topology(small, open_cursor(small), {}, kArea);
  REQUIRE(s.hosts.size() == 3);
  CHECK(s.hosts[0].rect.x > s.hosts[1].rect.right());
}

TEST_CASE("Long after a PDU arrived its link and its agents are dark and it has no pill") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, index.pdus_of(1)[2]);
  for (const Time later : {Time{0}, 20'000 * sample::kMs}) {
    cursor.time += later;
    const Topology t = layout_topology(index, cursor, {}, kArea);
    int lit = 0, current = 0;
    for (const Pipe& pipe : t.pipes) lit += pipe.active;
    for (const HostBox& host : t.hosts)
      for (const AgentBox& box : host.agents) lit += box.active;
    for (const Mover& mover : t.movers) current += mover.current;
    CHECK((lit > 0) == (later == 0));
    CHECK((current > 0) == (later == 0));
  }
}

TEST_CASE("A cut cable is shown as cut until it is mended") {
  Trace trace = sample::maa_trace();
  const trace::Link& link = trace.links[1];
  const std::string ends = trace.hosts[link.hosts[1]].name + " " + trace.hosts[link.hosts[0]].name;
  trace.interventions = {{10, "cut " + ends}, {20, "mend " + ends}};
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  for (const Time at : {5, 15, 25}) {
    cursor.time = at;
    const Topology t = layout_topology(index, cursor, {}, kArea);
    CHECK_FALSE(t.pipes[0].cut);
    CHECK(t.pipes[1].cut == (at == 15));
  }
}

TEST_CASE("Where there is no room for all, those who act are large, and the way there is smooth") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Rect area{0, 0, 400, 190};
  const auto place = [&](Id connection) {
    Cursor cursor = open_cursor(index);
    go_to_pdu(index, cursor, index.pdus_of(connection)[2]);
    return place_hosts(index, shown_hosts(index, cursor), cast_of(index), focus_of(index, cursor),
                       {}, area);
  };
  const std::vector<HostBox> before = place(0), after = place(2);
  CHECK_FALSE(before[0].small);  // alice-pc to mail.alpha
  CHECK_FALSE(before[1].small);
  CHECK(before[3].small);
  CHECK(after[0].small);  // bob-pc to mail.beta
  CHECK_FALSE(after[2].small);
  CHECK_FALSE(after[3].small);
  const auto near = [](const Rect& a, const Rect& b) {
    return std::abs(a.x - b.x) + std::abs(a.y - b.y) + std::abs(a.w - b.w) + std::abs(a.h - b.h);
  };
  float longest = 0;
  std::vector<HostBox> last = blend(before, after, 0);
  for (std::size_t i = 0; i < last.size(); ++i) CHECK(near(last[i].rect, before[i].rect) < 0.01f);
  for (int step = 1; step <= 50; ++step) {
    const std::vector<HostBox> now = blend(before, after, static_cast<float>(step) / 50);
    for (std::size_t i = 0; i < now.size(); ++i) {
      longest = std::max(longest, near(now[i].rect, last[i].rect));
      for (const AgentBox& agent : now[i].agents) CHECK(now[i].rect.contains(agent.rect));
    }
    last = now;
  }
  CHECK(longest < 40);  // no jump
  for (std::size_t i = 0; i < last.size(); ++i) CHECK(near(last[i].rect, after[i].rect) < 0.01f);
}

TEST_CASE("A point on a bent path goes round the bend") {
  const std::vector<Point> path{{0, 0}, {10, 0}, {10, 30}};
  Point heading;
  CHECK(point_on(path, 0.125f, &heading).x == Approx(5));
  CHECK(heading.x == 1);
  CHECK(point_on(path, 0.5f, &heading).y == Approx(10));
  CHECK(heading.y == 1);
  CHECK(point_on(path, 1).y == Approx(30));
  CHECK(point_on(path, 7).y == Approx(30));
}
