// What was sent in vain, or again: one row each, and the ladder's waits are those that the headline
// says.
#include <catch2/catch.hpp>

#include "tests/viz/shipped_lesson.hpp"
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
