#include "viz/layout/scrubber.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "tests/viz/synthetic_trace.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {
constexpr Rect kArea{100, 0, 1000, 100};
}

TEST_CASE(
    "Chapters stand in order with labels that fit, and the playhead under the cursor's time") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_chapter(index, cursor, 4);  // an inside event, which needs no time to arrive
  const Metrics metrics;
  const Scrubber s = layout_scrubber(index, cursor, metrics, kArea);
  REQUIRE(s.chapters.size() == 5);
  for (std::size_t i = 1; i < s.chapters.size(); ++i) {
    CHECK(s.chapters[i].x > s.chapters[i - 1].x);
    CHECK(s.chapters[i - 1].x + metrics.width(TextStyle::Small, s.chapters[i - 1].label) <=
          s.chapters[i].x);
  }
  CHECK(s.chapters[3].current);
  CHECK(s.playhead == Approx(s.chapters[3].x));
  for (const DensityBar& bar : s.bars) {
    CHECK(bar.to_come == (bar.x > s.playhead));
    CHECK(bar.bottom > bar.top);
    CHECK(bar.top >= s.track.y - 0.01f);
  }
}

TEST_CASE("What is under x is the time that stands there") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  for (const Id id : {Id{0}, Id{10}, Id{25}, static_cast<Id>(trace.pdus.size() - 1)}) {
    go_to_time(index, cursor, trace.pdus[id].first);
    const Scrubber s = layout_scrubber(index, cursor, {}, kArea);
    const Time pixel = index.fold().duration() / 1000;
    const Time there = index.fold().folded(time_at(index, s, s.playhead));
    CHECK(std::abs(there - index.fold().folded(cursor.time)) <= pixel);
  }
  const Scrubber s = layout_scrubber(index, cursor, {}, kArea);
  CHECK(time_at(index, s, -1e6f) == 0);
  CHECK(time_at(index, s, 1e6f) == index.duration());
}

TEST_CASE("An intervention is marked at its time") {
  Trace trace = sample::maa_trace();
  trace.interventions.clear();
  const Time at = trace.pdus[10].first;
  trace.interventions.push_back({at, "crash mail.beta.example"});
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_time(index, cursor, at);
  const Scrubber s = layout_scrubber(index, cursor, {}, kArea);
  REQUIRE(s.interventions.size() == 1);
  CHECK(s.interventions[0].text == "crash mail.beta.example");
  CHECK(s.interventions[0].x == Approx(s.playhead));
}

TEST_CASE("Each kind of intervention has a sign of its own") {
  Trace trace = sample::maa_trace();
  trace.interventions.clear();
  for (const char* text : {"on a", "off a", "crash a", "cut a b", "mend a b", "full a"})
    trace.interventions.push_back({trace.pdus[10].first, text});
  const TraceIndex index(trace);
  const Scrubber s = layout_scrubber(index, open_cursor(index), {}, kArea);
  REQUIRE(s.interventions.size() == 6);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(s.interventions[i].sign != s.interventions[j].sign);
}

TEST_CASE("Every chapter shows its number, beside the others, however close they are") {
  Trace trace = sample::maa_trace();
  for (trace::Note& note : trace.notes) note.at = trace.pdus[3].first;  // all at one instant
  const TraceIndex index(trace);
  REQUIRE(index.chapters().size() > 1);
  const Metrics m;
  for (const float w : {800.f, 200.f}) {
    const Scrubber s = layout_scrubber(index, open_cursor(index), m, {0, 0, w, 90});
    for (std::size_t i = 0; i < s.chapters.size(); ++i) {
      CHECK(s.chapters[i].label.starts_with(std::to_string(i + 1)));
      if (i == 0) continue;
      const ChapterMark& before = s.chapters[i - 1];
      CHECK(before.label_x + m.width(TextStyle::SmallStrong, before.label) <=
            s.chapters[i].label_x);
    }
  }
}

TEST_CASE("A million PDUs make no more bars than there are columns for") {
  const Trace trace = sample::synthetic_trace(1'000'000);
  const TraceIndex index(trace);
  const Scrubber s = layout_scrubber(index, open_cursor(index), {}, kArea);
  CHECK(s.bars.size() <= 2 * 200);
  CHECK(s.bars.size() >= 200);
}

TEST_CASE("Findings that stand together are one mark, as severe as the worst") {
  Trace trace = sample::maa_trace();
  trace.findings.clear();
  for (int i = 0; i < 50; ++i)
    trace.findings.push_back({i == 20 ? trace::Severity::Error : trace::Severity::Note, "test",
                              400'000'000 + i, 0, kNone, kNone, "", ""});
  trace.settle();
  const TraceIndex index(trace);
  const Scrubber s = layout_scrubber(index, open_cursor(index), {}, kArea);
  REQUIRE(s.findings.size() == 1);
  CHECK(s.findings[0].count == 50);
  CHECK(s.findings[0].severity == trace::Severity::Error);
}
