#include "viz/layout/ladder.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "tests/viz/synthetic_trace.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

constexpr Rect kArea{10, 20, 600, 400};

std::size_t marks(const Ladder& ladder) {
  return ladder.arrows.size() + ladder.clusters.size() + ladder.marks.size() + ladder.gaps.size();
}

}  // namespace

TEST_CASE("Arrows go from the sender's lifeline down to the receiver's, and stay in their area") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  for (Id pdu = 0; pdu < trace.pdus.size(); ++pdu) {
    go_to_pdu(index, cursor, pdu);
    const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
    REQUIRE(ladder.lifelines.size() == 9);
    for (std::size_t i = 1; i < ladder.lifelines.size(); ++i)
      REQUIRE(ladder.lifelines[i].x >= ladder.lifelines[i - 1].x + 30);
    bool current = false;
    for (const Arrow& arrow : ladder.arrows) {
      CHECK(arrow.to.y > arrow.from.y);
      CHECK(arrow.from.y >= ladder.body.y);
      CHECK(arrow.to.y <= ladder.body.bottom());
      CHECK(arrow.label_rect.x >= kArea.x);
      CHECK(arrow.label_rect.right() <= kArea.right());
      current = current || (arrow.current && arrow.pdu == pdu);
      if (arrow.pdu != kNone) {
        const bool right = trace.pdus[arrow.pdu].direction == Direction::ToServer;
        const bool pop3 = trace.pdus[arrow.pdu].connection == 2;  // there the server stands left
        CHECK((arrow.to.x > arrow.from.x) == (right != pop3));
      }
    }
    CHECK(current);
  }
}

TEST_CASE("Arrows of one step never share a row with another's label") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, 20);
  const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
  for (std::size_t i = 1; i < ladder.arrows.size(); ++i) {
    CHECK(ladder.arrows[i].from.y > ladder.arrows[i - 1].to.y);
    CHECK(ladder.arrows[i].label_rect.y >= ladder.arrows[i - 1].to.y);
  }
}

TEST_CASE("What is behind the cursor is to come") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, 6);
  const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
  for (const Arrow& arrow : ladder.arrows)
    if (arrow.pdu != kNone) CHECK(arrow.to_come == (arrow.pdu > 6));
  go_home(index, cursor);
  for (const Arrow& arrow : layout_ladder(index, cursor, {}, kArea).arrows) CHECK(arrow.to_come);
}

TEST_CASE("A lost frame's arrow is dashed and stops on its way") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  Id again = kNone;
  for (Id id = 0; id < trace.pdus.size(); ++id)
    if (trace.pdus[id].flags & trace::Pdu::kRetransmitted) again = id;
  REQUIRE(again != kNone);
  go_to_pdu(index, cursor, again);
  const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
  const Arrow* lost = nullptr;
  for (const Arrow& arrow : ladder.arrows)
    if (arrow.lost) lost = &arrow;
  REQUIRE(lost);
  CHECK(lost->style == ArrowStyle::Dashed);
  CHECK(lost->label == "250 lost: dropped");
  for (const Lifeline& line : ladder.lifelines) CHECK(std::abs(line.x - lost->to.x) > 10);
}

TEST_CASE("The half hour between delivery and fetching is one labelled row") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, index.pdus_of(2).front());
  const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
  REQUIRE(ladder.gaps.size() == 1);
  CHECK(ladder.gaps[0].label == "29 min 59 s later");
}

TEST_CASE("The server's lifeline carries its states, the margin the phases") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, 6);
  const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
  std::vector<std::string> states, phases;
  for (const StateStrip& strip : ladder.strips) {
    CHECK(strip.x == ladder.lifelines[2].x);  // of mail.alpha's MTA server
    CHECK(strip.bottom >= strip.top);
    states.push_back(strip.label);
  }
  CHECK(std::find(states.begin(), states.end(), "CONNECTED") != states.end());
  CHECK(std::find(states.begin(), states.end(), "GREETED") != states.end());
  for (const PhaseBand& band : ladder.bands) phases.push_back(band.label);
  CHECK(phases == std::vector<std::string>{"set-up", "transfer"});
}

TEST_CASE("A million PDUs are drawn with no more marks than there are pixels for, at any zoom") {
  const Trace trace = sample::synthetic_trace(1'000'000);
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, 500'000);
  for (const bool true_time : {false, true}) {
    LadderSettings settings;
    settings.true_time = true_time;
    for (float zoom = 1.f / 64; zoom <= 64; zoom *= 2) {
      settings.zoom = zoom;
      const Ladder ladder = layout_ladder(index, cursor, {}, kArea, settings);
      INFO("true time " << true_time << ", zoom " << zoom);
      CHECK(marks(ladder) > 0);
      // Two arrows may begin within one bucket of three pixels.
      CHECK(static_cast<float>(marks(ladder)) <= 2 * kArea.h / kMarkMin + 8);
      for (const Cluster& cluster : ladder.clusters)
        CHECK(cluster.bottom - cluster.top >= kMarkMin - 0.01f);
    }
  }
}

TEST_CASE("Zooming keeps within its limits and fitting takes it back") {
  Cursor cursor;
  LadderSettings settings;
  for (int i = 0; i < 100; ++i) zoom_ladder(settings, 1.25f);
  CHECK(settings.zoom == 64);
  for (int i = 0; i < 100; ++i) zoom_ladder(settings, 0.8f);
  CHECK(settings.zoom == 1.f / 64);
  cursor.pan = 12;
  fit_ladder(settings, cursor);
  CHECK(settings.zoom == 1);
  CHECK(cursor.pan == 0);
}

TEST_CASE("The ladder is moved by rows or, in true time, by what as many rows take") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  LadderSettings settings;
  pan_ladder(index, settings, cursor, 2);
  CHECK(cursor.pan == 2);
  settings.zoom = 4;
  pan_ladder(index, settings, cursor, -3);
  CHECK(cursor.pan == -1);
  change_time(settings, cursor);
  CHECK(settings.true_time);
  CHECK(cursor.pan == 0);
  pan_ladder(index, settings, cursor, 2);
  const auto longest = static_cast<float>(index.fold().longest_gap());
  CHECK(cursor.pan == Approx(2 * longest / 5 / 4));
  step_pdu(index, cursor, +1);  // back in sight
  CHECK(cursor.pan == 0);
}

TEST_CASE("A capture with many endpoints shows the ladder of one connection") {
  const Trace trace = sample::synthetic_trace(1000, 40, 40);
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, 77);
  const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
  CHECK(ladder.one_connection);
  CHECK(ladder.lifelines.size() == 2);
  for (const Arrow& arrow : ladder.arrows)
    CHECK(trace.pdus[arrow.pdu].connection == trace.pdus[77].connection);
}

TEST_CASE("An empty trace and an area without room give an empty ladder") {
  const Trace empty;
  const TraceIndex index(empty);
  CHECK(marks(layout_ladder(index, open_cursor(index), {}, kArea)) == 0);
  const Trace trace = sample::maa_trace();
  const TraceIndex full(trace);
  CHECK(marks(layout_ladder(full, open_cursor(full), {}, {0, 0, 20, 10})) == 0);
}
