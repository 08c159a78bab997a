// Playing at a reader's pace, on the sample run and on every shipped lesson.

#include "viz/layout/playing.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/viz/sample_run.hpp"
#include "tests/viz/shipped_lesson.hpp"
#include "tests/viz/synthetic_trace.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/heading.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/topology.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using test::for_all_lessons;
using test::Lesson;

namespace {

constexpr double kTick = 1.0 / 64;  // seconds; exact in binary

// Plays from the beginning and calls `see` at each tick. Returns the seconds that it took.
template <typename See>
double play_through(const TraceIndex& index, const std::vector<Beat>& beats, Cursor& cursor,
                    See see, double tick = kTick, const Settings& settings = {}) {
  double seconds = 0;
  cursor.playing = true;
  while (cursor.playing && seconds < 7200) {
    advance(index, beats, cursor, tick, settings);
    seconds += tick;
    see(cursor);
  }
  return seconds;
}

}  // namespace

TEST_CASE("Every narrated step of every lesson stays for as long as it takes to read") {
  for_all_lessons([](const Lesson& lesson) {
    Cursor cursor = open_cursor(lesson.index);
    std::map<Id, double> at_rest;  // by step: seconds in which nothing moved
    Time before = -1;
    play_through(lesson.index, lesson.beats, cursor, [&](const Cursor& now) {
      if (now.time == before && now.silence == 0 && now.note != kNone) at_rest[now.note] += kTick;
      before = now.time;
    });
    const auto notes = lesson.index.narration();
    for (Id step = 0; step < notes.size(); ++step) {
      INFO("step " << step + 1);
      const double wanted = reading_seconds(lesson.trace.notes[notes[step]]);
      REQUIRE(wanted >= 1.5);
      CHECK(at_rest[step] >= wanted - 3 * kTick);
    }
  });
}

TEST_CASE("Playing ends at the last step, with everything drawn") {
  for_all_lessons([](const Lesson& lesson) {
    Cursor cursor = open_cursor(lesson.index);
    const double seconds = play_through(lesson.index, lesson.beats, cursor, [](const Cursor&) {});
    CHECK_FALSE(cursor.playing);
    CHECK(cursor.note + 1 == lesson.index.narration().size());
    CHECK(cursor.time == lesson.index.duration());
    const Heading heading = heading_of(lesson.index, cursor);
    const std::string& last = lesson.trace.notes[lesson.index.narration().back()].text;
    CHECK((heading.headline == last || heading.past.ends_with(": " + last)));
    CHECK(seconds < 15 * 60);
    for (Id pdu = 0; pdu < lesson.trace.pdus.size(); ++pdu)
      REQUIRE(share_of_way(lesson.index, pdu, cursor.time) == 1);
  });
}

TEST_CASE("Every PDU is seen once, as it arrives, and time never goes back") {
  for_all_lessons([](const Lesson& lesson) {
    Cursor cursor = open_cursor(lesson.index);
    std::vector<Id> seen;
    Time before = 0;
    play_through(lesson.index, lesson.beats, cursor, [&](const Cursor& now) {
      CHECK(now.time >= before);
      before = now.time;
      if (!now.playing || lesson.beats[now.beat].kind != BeatKind::Pdu) return;
      if (seen.empty() || seen.back() != now.pdu) seen.push_back(now.pdu);
    });
    CHECK(std::set(seen.begin(), seen.end()).size() == seen.size());
    CHECK(seen.size() == lesson.trace.pdus.size());
    CHECK(std::ranges::is_sorted(seen, {}, [&](Id id) { return arrival_of(lesson.index, id); }));
  });
}

TEST_CASE("No beat is longer than its bound, a silence is one beat and says how long it was") {
  for_all_lessons([](const Lesson& lesson) {
    Time silent = 0;
    for (std::size_t i = 0; i < lesson.beats.size(); ++i) {
      const Beat& beat = lesson.beats[i];
      CHECK(beat.seconds <= kBeatSecondsMax);
      CHECK(beat.seconds >= 0.09);
      if (beat.kind == BeatKind::Silence) {
        CHECK(beat.seconds <= 3);
        CHECK(beat.silence >= lesson.index.silence_min());
        CHECK((i == 0 || lesson.beats[i - 1].kind != BeatKind::Silence));
        silent += beat.to - beat.from;
      } else if (i > 0) {  // what is skipped between beats is no silence
        CHECK(beat.from - lesson.beats[i - 1].to < lesson.index.silence_min());
      }
    }
    CHECK(silent <= lesson.index.duration());
  });
}

TEST_CASE("The half hour until Bob looks for mail is one beat") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const std::vector<Beat> beats = BeatPlan(index).beats();
  const auto long_ones =
      std::ranges::count_if(beats, [](const Beat& b) { return b.silence > 1'000'000'000'000; });
  CHECK(long_ones == 1);
  Cursor cursor = open_cursor(index);
  std::set<std::string> said;
  play_through(index, beats, cursor, [&](const Cursor& now) {
    if (now.silence > 0) said.insert(heading_of(index, now).headline);
  });
  CHECK(said.count("29 min 59 s later"));
}

TEST_CASE("The pace scales everything, and playing is the same every time") {
  const Lesson lesson("maa");
  const auto seconds_at = [&](double pace, double tick) {
    Cursor cursor = open_cursor(lesson.index);
    cursor.pace = pace;
    return play_through(
        lesson.index, lesson.beats, cursor, [](const Cursor&) {}, tick);
  };
  const double usual = seconds_at(1, kTick);
  CHECK(usual > 60);
  CHECK(seconds_at(1, kTick) == usual);
  CHECK(seconds_at(4, kTick) == Approx(usual / 4).margin(0.1));
  CHECK(seconds_at(0.25, kTick) == Approx(usual * 4).margin(0.1));
  CHECK(seconds_at(1, 0.5) == Approx(usual).margin(0.6));
}

TEST_CASE("A PDU is on its way before it is there, at least for half a second") {
  const Lesson lesson("maa");
  Cursor cursor = open_cursor(lesson.index);
  std::map<Id, double> under_way;
  const Metrics metrics{};
  std::set<Id> grown_part;
  play_through(lesson.index, lesson.beats, cursor, [&](const Cursor& now) {
    if (now.pdu == kNone) return;
    const float share = share_of_way(lesson.index, now.pdu, now.time);
    if (share <= 0 || share >= 1) return;
    under_way[now.pdu] += kTick;
    for (const Arrow& arrow : layout_ladder(lesson.index, now, metrics, {0, 0, 600, 500}).arrows)
      if (arrow.pdu == now.pdu && arrow.grown > 0.1f && arrow.grown < 0.9f)
        grown_part.insert(now.pdu);
  });
  for (Id pdu = 0; pdu < lesson.trace.pdus.size(); ++pdu) {
    INFO("PDU " << pdu);
    if (pdu > 0 && lesson.index.departs(pdu) < arrival_of(lesson.index, pdu - 1))
      continue;  // it came along with another
    CHECK(under_way[pdu] >= 0.3);
    CHECK(grown_part.count(pdu) == 1);
  }
}

TEST_CASE("Bob has the letter when it has arrived, not with +OK before it") {
  const Lesson lesson("maa");
  const Trace& trace = lesson.trace;
  Id message = kNone;
  for (Id id = 0; id < trace.pdus.size(); ++id)
    if (trace.pdus[id].kind == trace::PduKind::Data) message = id;  // the last: RETR's
  REQUIRE(message > 0);
  REQUIRE(trace.pdus[message].received == trace.pdus[message - 1].received);
  const auto inbox = [&](Time at) {
    for (Id id = 0; id < trace.variables.size(); ++id)
      if (trace::what(trace.variables[id]) == "inbox bob")
        return trace::number(trace.value_at(id, at));
    return std::optional<std::uint64_t>();
  };
  Cursor cursor = open_cursor(lesson.index);
  go_to_pdu(lesson.index, cursor, message - 1);
  CHECK(inbox(cursor.time) == 0u);
  CHECK(heading_of(lesson.index, cursor).headline.find("has the letter") == std::string::npos);
  step_pdu(lesson.index, cursor, +1);
  CHECK(inbox(cursor.time) == 1u);
  CHECK(heading_of(lesson.index, cursor).headline.starts_with("RETR 1 is answered"));
  step_narration(lesson.index, cursor, +1);
  CHECK(heading_of(lesson.index, cursor).headline.find("has the letter") != std::string::npos);
}

TEST_CASE("Five commands in one segment travel together") {
  const Lesson lesson("pipelining-on-a-slow-line");
  const Trace& trace = lesson.trace;
  Id mail = kNone;
  for (Id id = 1; id + 4 < trace.pdus.size(); ++id)
    if (trace.pdus[id].frame != kNone && trace.pdus[id].frame == trace.pdus[id + 4].frame &&
        trace.pdus[id].direction == Direction::ToServer && mail == kNone)
      mail = id;
  REQUIRE(mail != kNone);
  Cursor cursor = open_cursor(lesson.index);
  go_to_pdu(lesson.index, cursor, mail);
  cursor.time = instant_of_way(lesson.index, mail, 0.3);  // 0.5 is where a router has it
  const Ladder ladder = layout_ladder(lesson.index, cursor, {}, {0, 0, 700, 700});
  int under_way = 0;
  for (const Arrow& arrow : ladder.arrows) {
    if (arrow.pdu < mail || arrow.pdu > mail + 4) continue;
    CHECK_FALSE(arrow.to_come);
    CHECK(arrow.grown > 0);
    CHECK(arrow.grown < 1);
    ++under_way;
  }
  CHECK(under_way == 5);
  int pills = 0;
  for (const Mover& mover : layout_topology(lesson.index, cursor, {}, {0, 0, 900, 700}).movers)
    pills += mover.label.ends_with(" +4");
  CHECK(pills == 1);
}

TEST_CASE("At a loss the lost frame is what is shown, what is sent again is still to come") {
  const Lesson lesson("lossy-line");
  const Trace& trace = lesson.trace;
  Cursor cursor = open_cursor(lesson.index);
  std::vector<Id> lost;
  std::vector<std::size_t> rows;
  for (Id step = 1; step < lesson.index.narration().size(); ++step) {
    step_narration(lesson.index, cursor, +1);
    REQUIRE(cursor.note == step);
    const trace::Note& note = trace.notes[lesson.index.narration()[step]];
    if (lesson.index.lost_frame_of(note) == kNone) continue;
    REQUIRE(cursor.selection.kind == Selected::Frame);
    lost.push_back(cursor.selection.id);
    rows.push_back(lesson.index.row_of_lost(cursor.selection.id));
    const Ladder ladder = layout_ladder(lesson.index, cursor, {}, {0, 0, 700, 700});
    int current = 0;
    for (const Arrow& arrow : ladder.arrows) {
      current += arrow.current && arrow.lost && arrow.frame == cursor.selection.id;
      if (arrow.pdu == kNone || lesson.index.sent_again(arrow.pdu) <= cursor.time) continue;
      CHECK(arrow.style == ArrowStyle::Solid);
    }
    CHECK(current == 1);
    CHECK(ladder.current.h > 0);
  }
  REQUIRE(lost.size() == 2);
  CHECK(lost[0] != lost[1]);
  CHECK(rows[0] != rows[1]);
  for (Id pdu = 0; pdu < trace.pdus.size(); ++pdu) {
    CHECK(lesson.index.departs(pdu) >= trace.pdus[pdu].first);
    CHECK(lesson.index.departs(pdu) <= arrival_of(lesson.index, pdu));
  }
}

TEST_CASE("No beat is spent on a lost frame that the ladder cannot show") {
  const Lesson lesson("bob-is-offline");
  int without_connection = 0;
  for (const Id frame : lesson.index.lost_frames())
    without_connection += lesson.trace.frames[frame].connection == kNone;
  REQUIRE(without_connection > 0);  // ARP for a computer that is off
  for (const Beat& beat : lesson.beats)
    if (beat.kind == BeatKind::Loss) CHECK(lesson.trace.frames[beat.id].connection != kNone);
}

TEST_CASE("A burst of two hundred is drawn one by one and takes no minutes") {
  const Trace trace = sample::synthetic_trace(200, 1, 1);
  const TraceIndex index(trace);
  const std::vector<Beat> beats = BeatPlan(index).beats();
  REQUIRE(beats.size() == 200);
  Cursor cursor = open_cursor(index);
  std::set<Id> seen;
  const double seconds =
      play_through(index, beats, cursor, [&](const Cursor& now) { seen.insert(now.pdu); });
  CHECK(seen.size() == 200);
  CHECK(seconds > 10);
  CHECK(seconds < 60);
}

TEST_CASE("Played on from a step, each later PDU is seen and none before") {
  const Lesson lesson("maa");
  for (const Id from : {Id{0}, Id{7}, Id{20}}) {
    Cursor cursor = open_cursor(lesson.index);
    go_to_pdu(lesson.index, cursor, from);
    std::set<Id> seen;
    play_through(lesson.index, lesson.beats, cursor, [&](const Cursor& now) {
      if (now.playing) seen.insert(now.pdu);
    });
    seen.insert(from);
    CHECK(*seen.begin() == from);
    CHECK(seen.size() == lesson.trace.pdus.size() - from);
  }
}

TEST_CASE("A pause goes on where it was, a step by hand begins anew from there") {
  const Lesson lesson("maa");
  Cursor cursor = open_cursor(lesson.index);
  cursor.playing = true;
  for (int i = 0; i < 64 * 40; ++i) advance(lesson.index, lesson.beats, cursor, kTick);
  const Id beat = cursor.beat;
  const double into = cursor.into;
  toggle_play(lesson.index, cursor);
  advance(lesson.index, lesson.beats, cursor, 10);
  CHECK(cursor.into == into);
  toggle_play(lesson.index, cursor);
  CHECK(cursor.beat == beat);
  step_pdu(lesson.index, cursor, +1);
  CHECK_FALSE(cursor.playing);
  CHECK(cursor.beat == kNone);
}

TEST_CASE("With reduced motion nothing is drawn under way, and the pace is the same") {
  const Lesson lesson("two-servers");
  Cursor plain = open_cursor(lesson.index), calm = plain;
  const double usual = play_through(lesson.index, lesson.beats, plain, [](const Cursor&) {});
  std::set<Time> instants;
  const double seconds = play_through(lesson.index, lesson.beats, calm,
                                      [&](const Cursor& now) { instants.insert(now.time); }, kTick,
                                      {.reduced_motion = true});
  CHECK(seconds == usual);
  CHECK(instants.size() <= lesson.beats.size() + 1);
}

TEST_CASE("A trace that grows is played to its end and waits there for more") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const std::vector<Beat> beats = BeatPlan(index).beats();
  Cursor cursor = open_cursor(index);
  cursor.live = cursor.playing = true;
  for (int i = 0; i < 64 * 300; ++i) advance(index, beats, cursor, kTick);
  CHECK(cursor.playing);
  CHECK_FALSE(is_moving(beats, cursor));
  CHECK(cursor.time == index.duration());
  // And it is never more than half a minute behind.
  Cursor late = open_cursor(index);
  late.live = late.playing = true;
  double seconds = 0;
  catch_up(index, beats, late);
  for (; is_moving(beats, late) && seconds < 300; seconds += kTick)
    advance(index, beats, late, kTick);
  CHECK(seconds < 31);
}

TEST_CASE("An empty trace that grows opens at a human pace") {
  const Trace trace;
  const TraceIndex index(trace);
  const Cursor cursor = open_cursor(index);
  CHECK(cursor.mode == PlayMode::Reading);
  CHECK(cursor.pace == 1);
  CHECK(cursor.speed == 1);
}

TEST_CASE("Plus and minus change the pace, or in virtual time the speed") {
  Cursor cursor;
  std::vector<std::string> paces;
  for (int i = 0; i < 12; ++i) change_speed(cursor, -1);
  for (int i = 0; i < 8; ++i) {
    paces.push_back(speed_text(cursor.pace));
    change_speed(cursor, +1);
  }
  CHECK(paces == std::vector<std::string>{"1/4", "1/2", "3/4", "1", "1.5", "2", "3", "4"});
  CHECK(cursor.pace == 4);
  const double speed = cursor.speed;
  CHECK(speed == 1);
  change_mode(cursor);
  change_speed(cursor, +1);
  CHECK(cursor.speed == 2);
  CHECK(cursor.pace == 4);
}

TEST_CASE("A heading is left behind by what happens next in another place") {
  const Lesson lesson("maa");
  const Trace& trace = lesson.trace;
  // "the spool is not empty: the MTA client starts" on Alice's server, after QUIT.
  Id change = kNone;
  for (Id id = 0; id < trace.changes.size(); ++id)
    if (trace.changes[id].text.starts_with("the spool is not empty")) change = id;
  REQUIRE(change != kNone);
  Cursor cursor = open_cursor(lesson.index);
  go_to_change(lesson.index, cursor, change);
  const Heading heading = heading_of(lesson.index, cursor);
  CHECK(heading.headline == "The spool is not empty: the MTA client starts.");
  CHECK(heading.step.starts_with("after step "));
}

TEST_CASE(
    "A letter is in the mailbox when it was put there, not with what came in the same instant") {
  const Lesson lesson("same-host");
  const Trace& trace = lesson.trace;
  const auto in_bobs_mailbox = [&](const Cursor& cursor) {
    const Topology topology = layout_topology(lesson.index, cursor, {}, {0, 0, 900, 700});
    for (const HostBox& host : topology.hosts)
      for (const AgentBox& agent : host.agents)
        if (trace.agents[agent.agent].name == "bob's mailbox") return agent.envelopes;
    return -1;
  };
  Id filed = kNone, written = kNone;
  for (Id id = static_cast<Id>(trace.changes.size()); id-- > 0;) {
    if (trace.changes[id].text.starts_with("alice's user agent files")) filed = id;
    if (trace.changes[id].text.starts_with("alice has written")) written = id;
  }
  REQUIRE(filed != kNone);
  REQUIRE(trace.changes[written].at == trace.changes[filed].at);
  Cursor cursor = open_cursor(lesson.index);
  go_to_change(lesson.index, cursor, written);
  CHECK(in_bobs_mailbox(cursor) == 0);
  go_to_change(lesson.index, cursor, filed);
  CHECK(in_bobs_mailbox(cursor) == 1);
}

TEST_CASE("When a connection ends, the headline says so, and no longer what came before") {
  const Lesson lesson("pipelining-on-a-slow-line");
  Cursor cursor = open_cursor(lesson.index);
  int goodbyes = 0;
  for (Id id = 0; id < lesson.trace.pdus.size(); ++id) {
    const trace::Pdu& pdu = lesson.trace.pdus[id];
    if (pdu.kind != trace::PduKind::Reply || pdu.word != 221) continue;
    go_to_pdu(lesson.index, cursor, id);
    CHECK(heading_of(lesson.index, cursor).headline.find("221") != std::string::npos);
    ++goodbyes;
  }
  CHECK(goodbyes == 2);
}
