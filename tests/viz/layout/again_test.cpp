// What was sent in vain, or again: one row each, and the ladder's waits are those that the headline
// says.
#include <catch2/catch.hpp>
#include <set>

#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/heading.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/playing.hpp"
#include "viz/layout/topology.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using test::for_all_lessons;
using test::Lesson;

namespace {

constexpr Rect kArea{0, 0, 900, 700};

// Of the arrows the one of this PDU.
const Arrow* arrow_of(const Ladder& ladder, Id pdu) {
  for (const Arrow& arrow : ladder.arrows)
    if (arrow.pdu == pdu) return &arrow;
  return nullptr;
}

Id first_call_in_vain(const Lesson& lesson) {
  for (Id id = 0; id < lesson.trace.pdus.size(); ++id)
    if (lesson.trace.pdus[id].kind == trace::PduKind::Open &&
        lesson.trace.pdus[id].received == kNever)
      return id;
  return kNone;
}

}  // namespace

TEST_CASE("What was lost for good has one row: it says what it was, and why it was lost") {
  int told = 0;
  for_all_lessons([&](const Lesson& lesson) {
    const TraceIndex& index = lesson.index;
    for (Id id = 0; id < lesson.trace.pdus.size(); ++id) {
      const Id lost = index.lost_with(id);
      if (lost == kNone) continue;
      ++told;
      CHECK_FALSE(index.has_row(lost));
      CHECK(index.row_of_lost(lost) == index.row_of_pdu(id));
      Cursor cursor = open_cursor(index);
      go_to_loss(index, cursor, lost);
      CHECK(cursor.event == Selection{Selected::Pdu, id});
      CHECK(heading_of(index, cursor).headline.find(" is lost") != std::string::npos);
      const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
      const Arrow* arrow = arrow_of(ladder, id);
      REQUIRE(arrow);
      CHECK(arrow->lost);
      CHECK(arrow->current);
      CHECK(arrow->label.find("lost: ") != std::string::npos);
      // On its way there it is not lost yet, and goes no further than to where it will be.
      const Point there = arrow->to;
      cursor.time = instant_of_way(index, id, 0.5);
      const Ladder before = layout_ladder(index, cursor, {}, kArea);
      const Arrow* under_way = arrow_of(before, id);
      REQUIRE(under_way);
      CHECK_FALSE(under_way->lost);
      CHECK(under_way->to.x == there.x);
      CHECK(under_way->label.find("lost") == std::string::npos);
    }
  });
  CHECK(told >= 2);  // the 421 and the FIN of connection-cut-at-data
}

TEST_CASE(
    "A SYN that nobody answers is not answered from its arrival on, and each repeat has a row") {
  const Lesson lesson("bob-is-offline");
  const TraceIndex& index = lesson.index;
  const Id call = first_call_in_vain(lesson);
  REQUIRE(call != kNone);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, call);
  const Ladder arrived = layout_ladder(index, cursor, {}, kArea);
  REQUIRE(arrow_of(arrived, call));
  CHECK(arrow_of(arrived, call)->lost);
  CHECK(arrow_of(arrived, call)->label == "SYN");
  cursor.time += 500'000'000;
  const Ladder waits = layout_ladder(index, cursor, {}, kArea);
  CHECK(arrow_of(waits, call)->label == "SYN, no answer yet");
  int again = 0;
  for (std::size_t row = index.row_of_pdu(call); row < index.rows().size(); ++row) {
    const Row event = index.rows()[row];
    if (event.kind != RowKind::Lost || index.pdu_of_frame(event.id) != call) continue;
    ++again;
    go_to_loss(index, cursor, event.id);
    CHECK(heading_of(index, cursor).headline == "mail.alpha to bob-pc: SYN, again");
    const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
    for (const Arrow& arrow : ladder.arrows)
      if (arrow.frame == event.id) CHECK((arrow.lost && arrow.current));
  }
  CHECK(again == 6);
}

TEST_CASE("The headline's wait is the one that the ladder marks") {
  for_all_lessons([](const Lesson& lesson) {
    const std::vector<Beat>& beats = lesson.beats;
    Cursor cursor = open_cursor(lesson.index);
    cursor.playing = true;
    CHECK(lesson.index.silence_min() <= 2'000'000'000);  // what is longer is told, however usual
    for (std::size_t i = 0; i < beats.size(); ++i) {
      if (beats[i].kind != BeatKind::Silence || i == 0) continue;
      cursor.beat = static_cast<Id>(i), cursor.into = beats[i].seconds / 2;
      advance(lesson.index, beats, cursor, 0);
      const Ladder ladder = layout_ladder(lesson.index, cursor, {}, kArea);
      const std::string headline = heading_of(lesson.index, cursor).headline;
      INFO(headline);
      const auto marked = std::ranges::find_if(ladder.gaps, [&](const TimeGap& gap) {
        return ladder.current.contains(Point{ladder.current.center().x, gap.y});
      });
      REQUIRE(marked != ladder.gaps.end());
      CHECK(marked->label == headline);
    }
  });
}

TEST_CASE("In a silence and at the end no agent is at work") {
  for_all_lessons([](const Lesson& lesson) {
    const std::vector<Beat>& beats = lesson.beats;
    Cursor cursor = open_cursor(lesson.index);
    cursor.playing = true;
    const auto check = [&] {
      for (const HostBox& host : layout_topology(lesson.index, cursor, {}, kArea).hosts)
        for (const AgentBox& agent : host.agents) CHECK_FALSE(agent.active);
      for (const LadderHead& head : layout_ladder(lesson.index, cursor, {}, kArea).heads)
        CHECK_FALSE(head.active);
    };
    for (std::size_t i = 0; i < beats.size(); ++i) {
      if (beats[i].kind != BeatKind::Silence) continue;
      cursor.beat = static_cast<Id>(i), cursor.into = beats[i].seconds / 2;
      advance(lesson.index, beats, cursor, 0);
      check();
    }
    go_end(lesson.index, cursor);
    check();
  });
}

TEST_CASE("A step has the headline at once where it speaks of what happens in an instant") {
  const Lesson lesson("two-addresses");
  std::string said;
  const std::vector<Beat>& beats = lesson.beats;
  Cursor cursor = open_cursor(lesson.index);
  cursor.playing = true;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    cursor.beat = static_cast<Id>(i), cursor.into = beats[i].seconds / 2;
    advance(lesson.index, beats, cursor, 0);
    const std::string headline = heading_of(lesson.index, cursor).headline;
    CHECK(headline.find("No answer over IPv6 for 250 ms") == std::string::npos);
    if (headline.starts_with("A quarter of a second is enough")) said = headline;
  }
  CHECK_FALSE(said.empty());
}

TEST_CASE("A step forth passes no narrated step: neither at the beginning nor later") {
  for_all_lessons([](const Lesson& lesson) {
    const TraceIndex& index = lesson.index;
    Cursor cursor = open_cursor(index);
    std::set<Id> noted;
    std::vector<Id> stepped;
    for (std::size_t i = 0; i < 2 * lesson.trace.pdus.size() + 200; ++i) {
      const Cursor before = cursor;
      step_pdu(index, cursor, +1);
      if (cursor.time == before.time && cursor.pdu == before.pdu && cursor.note == before.note)
        break;
      if (cursor.note != kNone) noted.insert(cursor.note);
      if (cursor.event == Selection{Selected::Pdu, cursor.pdu}) stepped.push_back(cursor.pdu);
    }
    // Each PDU once, in order of time; each step that speaks of an event on the way.
    CHECK(std::ranges::equal(stepped, lesson.trace.by_time.ids()));
    for (Id step = 0; step < index.narration().size(); ++step)
      if (event_of(index, lesson.note(step)).kind != Selected::Nothing) {
        INFO("step " << step + 1 << ": " << lesson.note(step).text);
        CHECK(noted.count(step) == 1);
      }
  });
}

TEST_CASE("Back from what is told between two PDUs is the one before it") {
  const Lesson lesson("maa");
  Cursor cursor = open_cursor(lesson.index);
  step_pdu(lesson.index, cursor, +1);
  CHECK(cursor.event.kind == Selected::Change);  // Alice writes, in front of the first PDU
  CHECK(cursor.note == 1);
  step_pdu(lesson.index, cursor, +1);
  CHECK(cursor.event == Selection{Selected::Pdu, lesson.trace.by_time[0]});
}

TEST_CASE("A fault is told where it is laid: its row in the ladder, its words in the headline") {
  const std::pair<std::string, std::string> kFaults[] = {
      {"bounce", "mail.beta will answer the next RCPT with 450 4.2.1 Mailbox is busy, try later."},
      {"crash-after-250",
       "mail.beta will crash at the next message, between writing it and saying 250."},
      {"crash-before-250", "mail.beta will crash at the next message, before it answers."},
      {"reset-and-abort", "mail.beta will break the connection off at the next DATA."}};
  for (const auto& [name, headline] : kFaults) {
    const Lesson lesson(name);
    INFO(name);
    int said = 0;
    Cursor cursor = open_cursor(lesson.index);
    for (const Beat& beat : lesson.beats) {
      if (beat.kind != BeatKind::Intervention) continue;
      go_to_intervention(lesson.index, cursor, beat.id);
      said += heading_of(lesson.index, cursor).headline == headline;
      const Ladder ladder = layout_ladder(lesson.index, cursor, {}, kArea);
      CHECK(std::ranges::count(ladder.marks, beat.id, &InsideMark::intervention) == 1);
    }
    CHECK(said == 1);
  }
}

TEST_CASE("A full disk has its badge while it is full, and Junk is told with its mailbox") {
  const Lesson full("disk-full");
  Cursor cursor = open_cursor(full.index);
  const auto badge = [&](Time at) {
    go_to_time(full.index, cursor, at);
    int badges = 0;
    for (const HostBox& host : layout_topology(full.index, cursor, {}, kArea).hosts) {
      if (!host.disk_full) continue;
      ++badges;
      CHECK(full.index.host_name(host.host) == "mail.beta");
    }
    return badges;
  };
  CHECK(badge(0) == 0);
  CHECK(badge(1'000'000'000) == 1);
  CHECK(badge(1'199'000'000'000) == 1);
  CHECK(badge(1'201'000'000'000) == 0);  // though no program has noticed yet
  const Lesson junk("delivery-agent");
  cursor = open_cursor(junk.index);
  const auto told = [&] {
    int boxes = 0;
    for (const HostBox& host : layout_topology(junk.index, cursor, {}, kArea).hosts)
      for (const AgentBox& agent : host.agents) boxes += agent.text == "bob's mailbox · 1 in Junk";
    return boxes;
  };
  CHECK(told() == 0);
  go_end(junk.index, cursor);
  CHECK(told() == 1);
}

TEST_CASE("True time has an axis, and what is cut of a reply is said") {
  const Lesson lesson("maa");
  Cursor cursor = open_cursor(lesson.index);
  Id greeting = kNone;
  for (Id id = 0; id < lesson.trace.pdus.size() && greeting == kNone; ++id)
    if (lesson.trace.pdus[id].kind == trace::PduKind::Reply && lesson.trace.pdus[id].word == 250)
      greeting = id;
  REQUIRE(greeting != kNone);
  go_to_pdu(lesson.index, cursor, greeting);
  const Ladder even = layout_ladder(lesson.index, cursor, {}, kArea);
  CHECK(even.ticks.empty());
  REQUIRE(arrow_of(even, greeting));
  CHECK(arrow_of(even, greeting)->label.ends_with(" lines"));
  const Ladder ladder = layout_ladder(lesson.index, cursor, {}, kArea, {.true_time = true});
  REQUIRE(ladder.ticks.size() >= 3);
  int labelled = 0;
  for (std::size_t i = 0; i < ladder.ticks.size(); ++i) {
    const TimeTick& tick = ladder.ticks[i];
    if (i > 0) CHECK(tick.y >= ladder.ticks[i - 1].y + 50);
    labelled += tick.label.ends_with(" s");
    for (const Arrow& arrow : ladder.arrows)
      CHECK_FALSE((tick.label_rect.w > 0 && tick.label_rect.intersects(arrow.label_rect)));
  }
  CHECK(labelled >= 2);
}

TEST_CASE("A step that speaks of the call of a socket does not mark what is to come") {
  const Lesson lesson("overloaded-greeting");
  Cursor cursor = open_cursor(lesson.index);
  int calls = 0;
  for (Id step = 0; step < lesson.index.narration().size(); ++step) {
    if (cursor.note != step) step_narration(lesson.index, cursor, +1);
    if (cursor.event.kind != Selected::Change) continue;
    const Ladder ladder = layout_ladder(lesson.index, cursor, {}, kArea);
    for (const Arrow& arrow : ladder.arrows)
      if (ladder.current.contains(Point{ladder.current.center().x, arrow.from.y})) {
        CHECK_FALSE(arrow.to_come);
        ++calls;
      }
  }
  CHECK(calls == 1);
}
