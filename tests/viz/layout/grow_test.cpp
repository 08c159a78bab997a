// A trace that grows. Read in steps and settled in between it comes out as when it is read at once,
// with the same Ids; what was taken from it before stays good; the index grown with it equals the
// one made at once; and a step costs what is new in it.

#include <catch2/catch.hpp>
#include <utility>

#include "captures/export/json.hpp"
#include "scenarios/lessons/shipped.hpp"
#include "scenarios/playing/recorded_frames.hpp"
#include "scenarios/playing/stage.hpp"
#include "scenarios/reading/loader.hpp"
#include "tests/viz/synthetic_trace.hpp"
#include "viz/layout/beats.hpp"
#include "viz/layout/index.hpp"
#include "viz/layout/list.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;

// What of a PDU never becomes different.
std::string identity(const Pdu& pdu) {
  return std::to_string(pdu.first) + ' ' + std::to_string(pdu.begin) + ' ' +
         std::to_string(pdu.connection) + ' ' + std::to_string(pdu.frame) + ' ' +
         std::to_string(static_cast<int>(pdu.kind)) + ' ' +
         std::to_string(static_cast<int>(pdu.direction)) + ' ' + std::to_string(pdu.word);
}

std::string whole(const Pdu& pdu) {
  std::string text = identity(pdu);
  for (const std::int64_t n :
       {pdu.last, pdu.received, static_cast<Time>(pdu.end), Time{pdu.segment}, Time{pdu.exchange},
        Time{pdu.next_reply}, Time{pdu.next_in_connection}, Time{pdu.previous_in_connection},
        Time{pdu.state}, Time{pdu.flags}})
    text += ' ' + std::to_string(n);
  return text;
}

void check_same(const Trace& grown, const Trace& once) {
  REQUIRE(grown.pdus.size() == once.pdus.size());
  for (Id id = 0; id < once.pdus.size(); ++id) CHECK(whole(grown.pdus[id]) == whole(once.pdus[id]));
  CHECK(std::ranges::equal(grown.by_time.ids(), once.by_time.ids()));
  REQUIRE(grown.segments.size() == once.segments.size());
  for (Id id = 0; id < once.segments.size(); ++id) {
    CHECK(grown.segments[id].delivered == once.segments[id].delivered);
    CHECK(grown.segments[id].retransmissions == once.segments[id].retransmissions);
  }
  for (Id id = 0; id < once.frames.size(); ++id)
    CHECK(grown.frames[id].connection == once.frames[id].connection);
  CHECK(export_::report_json(grown, {.exchanges = true}) ==
        export_::report_json(once, {.exchanges = true}));
}

void check_same(const TraceIndex& grown, const TraceIndex& once) {
  const Trace& trace = once.trace();
  CHECK(grown.duration() == once.duration());
  CHECK(grown.fold().duration() == once.fold().duration());
  CHECK(grown.silence_min() == once.silence_min());
  CHECK(grown.longest_flight() == once.longest_flight());
  CHECK(grown.longest_pdu() == once.longest_pdu());
  REQUIRE(grown.rows().size() == once.rows().size());
  for (std::size_t row = 0; row < once.rows().size(); ++row) {
    CHECK(grown.rows()[row] == once.rows()[row]);
    CHECK(grown.time_of(row) == once.time_of(row));
  }
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    CHECK(grown.row_of_pdu(id) == once.row_of_pdu(id));
    CHECK(grown.departs(id) == once.departs(id));
    CHECK(grown.carrier(id) == once.carrier(id));
    CHECK(grown.sent_again(id) == once.sent_again(id));
    CHECK(grown.mail_of_pdu(id) == once.mail_of_pdu(id));
    CHECK(grown.place_in_connection(id) == once.place_in_connection(id));
  }
  for (Id id = 0; id < trace.frames.size(); ++id) {
    CHECK(grown.pdu_of_frame(id) == once.pdu_of_frame(id));
    CHECK(grown.next_hop(id) == once.next_hop(id));
  }
  for (Id id = 0; id < trace.hosts.size(); ++id) CHECK(grown.host_name(id) == once.host_name(id));
  CHECK(std::ranges::equal(grown.lost_frames(), once.lost_frames()));
  CHECK(std::ranges::equal(grown.hosts_by_traffic(), once.hosts_by_traffic()));
  CHECK(std::ranges::equal(grown.participants(), once.participants()));
  CHECK(std::ranges::equal(grown.pairs(), once.pairs(), [](const auto& a, const auto& b) {
    return a.client == b.client && a.server == b.server && a.pdus == b.pdus;
  }));
  for (int i = 0; i < kBuckets; ++i) {
    CHECK(grown.bucket(i) == once.bucket(i));
    CHECK(grown.refusals(i) == once.refusals(i));
  }
}

// A scenario's run that is looked at every so many events.
struct SteppedRun {
  explicit SteppedRun(const scenarios::Scenario& scenario)
      : stage((trace.source.kind = trace::SourceKind::Simulator, scenario), scenario.seed, {},
              trace),
        reader(trace, stage.recorder()) {}

  template <typename Look>
  void play(int events, Look look) {
    stage.watch_changes();
    for (int i = 1; !stage.simulator().idle(); ++i) {
      stage.simulator().step();
      stage.watch_changes();
      if (events > 0 && i % events == 0) look();
    }
    reader.finish();
  }

  Trace trace;
  scenarios::Stage stage;
  scenarios::RecordReader reader;
};

}  // namespace

TEST_CASE("A run looked at while it goes on comes out as one read at its end") {
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    const auto scenario = scenarios::load_scenario(std::string(shipped.name));
    REQUIRE(scenario);
    SteppedRun once(*scenario);
    once.play(0, [] {});
    const TraceIndex made(once.trace);
    const BeatPlan planned(made);
    for (const int events : {7, 61, 1000}) {
      INFO(shipped.name << ", looked at every " << events << " events");
      SteppedRun run(*scenario);
      TraceIndex index(run.trace);
      BeatPlan plan(index);
      std::vector<std::string> taken;
      run.play(events, [&] {
        run.reader.settle();
        index.grow();
        plan.grow();
        for (Id id = static_cast<Id>(taken.size()); id < run.trace.pdus.size(); ++id)
          taken.push_back(identity(run.trace.pdus[id]));
      });
      index.grow();
      plan.grow();
      check_same(run.trace, once.trace);
      check_same(index, made);
      CHECK(plan.beats() == planned.beats());
      for (Id id = 0; id < taken.size(); ++id) CHECK(taken[id] == identity(run.trace.pdus[id]));
    }
  }
}

TEST_CASE("A step of a growing trace costs what is new in it") {
  const auto scenario = scenarios::load_scenario("smtp-at-the-keyboard");
  REQUIRE(scenario);
  SteppedRun run(*scenario);
  TraceIndex index(run.trace);
  std::uint64_t road = 0, drawn = 0, items = 0;
  const auto size = [&] {
    return run.trace.frames.size() + run.trace.pdus.size() + run.trace.segments.size() +
           run.trace.changes.size() + run.trace.hosts.size() + run.trace.connections.size();
  };
  run.play(20, [&] {
    run.reader.settle();
    index.grow();
    const std::uint64_t more = size() - items;
    // Each new item a few times, and what was under way.
    CHECK(run.reader.work() - road <= 4 * more + 60);
    CHECK(index.work() - drawn <= 4 * more + 60);
    road = run.reader.work(), drawn = index.work(), items = size();
  });
  CHECK(items > 400);  // so that what is new is little beside it
}

TEST_CASE("What is played of a growing trace is planned at the cost of what is new in it") {
  const auto scenario = scenarios::load_scenario("smtp-at-the-keyboard");
  REQUIRE(scenario);
  SteppedRun run(*scenario);
  TraceIndex index(run.trace);
  BeatPlan plan(index);
  std::uint64_t before = 0;
  std::size_t rows = 0;
  run.play(20, [&] {
    run.reader.settle();
    index.grow();
    plan.grow();
    // What is new and what is under way, also where much was there already.
    const std::size_t more = index.rows().size() - rows;
    CHECK(plan.work() - before <= 4 * more + 60);
    CHECK(plan.first_new_beat() + 2 * more + 30 >= plan.beats().size());
    before = plan.work(), rows = index.rows().size();
  });
  CHECK(plan.beats().size() > 100);
}

TEST_CASE("A large trace grows as a small one does") {
  Trace trace = sample::synthetic_trace(40'000, 4, 4);
  std::vector<Pdu> pdus;
  pdus.swap(trace.pdus);
  trace.by_time = {};
  TraceIndex index(trace);
  BeatPlan plan(index);
  std::uint64_t before = 0, planned = 0;
  std::size_t at = 0;
  for (const std::size_t step : {30'000, 7'000, 2'900, 50, 40, 10}) {
    for (std::size_t i = 0; i < step; ++i) trace.pdus.push_back(pdus[at++]);
    trace.settle();
    index.grow();
    CHECK(index.work() - before <= 4 * step + 20);
    before = index.work();
    plan.grow();
    CHECK(plan.work() - planned <= 4 * step + 20);
    planned = plan.work();
  }
  const TraceIndex once(trace);
  check_same(index, once);
  const BeatPlan all(once);
  CHECK(plan.beats() == all.beats());
}

TEST_CASE("Thousands of PDUs of one segment are planned in a moment") {
  Trace trace = sample::synthetic_trace(12'000, 1, 1);
  Id before = kNone;
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    Pdu& pdu = trace.pdus[id];
    pdu.first = pdu.last = 0, pdu.received = sample::kMs;
    pdu.direction = Direction::ToClient, pdu.kind = trace::PduKind::Reply;
    const Id last = std::exchange(before, id);
    pdu.previous_in_connection = last;
    if (last != kNone) trace.pdus[last].next_in_connection = id;
  }
  trace.by_time = {};
  trace.settle();
  const TraceIndex index(trace);
  const BeatPlan plan(index);
  CHECK(plan.work() <= 4 * trace.pdus.size() + 20);
  CHECK(plan.beats().size() == trace.pdus.size());
}

TEST_CASE("The list's filter goes on where it was when the trace grows") {
  Trace trace = sample::synthetic_trace(400, 4, 4);
  std::vector<Pdu> pdus;
  pdus.swap(trace.pdus);
  trace.by_time = {};
  TraceIndex index(trace);
  FilteredPdus filtered;
  filtered.set(index, "pop3");
  const auto add = [&](std::size_t from, std::size_t to) {
    trace.pdus.insert(trace.pdus.end(), pdus.begin() + static_cast<std::ptrdiff_t>(from),
                      pdus.begin() + static_cast<std::ptrdiff_t>(to));
    trace.settle();
    index.grow();
    filtered.grow();
    filtered.work(SIZE_MAX);
  };
  add(0, 100);
  add(200, 400);
  add(100, 200);  // in front of what was there
  FilteredPdus once;
  once.set(index, "pop3");
  once.work(SIZE_MAX);
  REQUIRE(filtered.size() == once.size());
  CHECK(once.size() == 200);
  for (std::size_t row = 0; row < once.size(); ++row) CHECK(filtered.at(row) == once.at(row));
}

}  // namespace mailscope::viz
