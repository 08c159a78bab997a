// Why a frame was lost is seen: in the ladder, in the network, in the list and in the inspector.

#include <catch2/catch.hpp>

#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/list.hpp"
#include "viz/layout/topology.hpp"
#include "viz/layout/words.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using trace::Loss;

namespace {

constexpr Rect kArea{0, 0, 900, 600};

Trace played(std::string_view lesson, const std::vector<std::string>& interventions = {}) {
  return std::move(test::play_lesson(lesson, interventions).trace);
}

// The PDU that came late or never without this frame.
Id pdu_without(const TraceIndex& index, Id frame) {
  for (Id id = 0; id < index.trace().pdus.size(); ++id)
    if (index.lost_of(id) == frame) return id;
  return kNone;
}

// The first frame that was lost for this reason and carried the beginning of a PDU.
Id lost_for(const TraceIndex& index, Loss loss) {
  for (const Id id : index.lost_frames())
    if (index.trace().frames[id].loss == loss && index.pdu_of_frame(id) != kNone &&
        pdu_without(index, id) != kNone)
      return id;
  return kNone;
}

struct Case {
  Loss loss;
  std::string_view says;
  std::string_view lesson;
  std::vector<std::string> interventions;
};

const Case kCases[] = {
    {Loss::Noise, "lost: noise", "lossy-line", {}},
    {Loss::Dropped, "lost: dropped", "maa", {"500 ms drop mail.alpha.example internet"}},
    {Loss::Cut, "lost: link cut", "connection-cut-at-data", {}},
    {Loss::HostOff, "lost: host off", "maa", {"500 ms off mail.beta.example"}},
    {Loss::QueueFull, "lost: queue full", "lossy-line", {}},
};

// No lesson fills a queue: what a noisy line lost stands for it.
Trace with_loss(const Case& given) {
  Trace trace = played(given.lesson, given.interventions);
  if (given.loss == Loss::QueueFull)
    for (trace::Frame& frame : trace.frames)
      if (frame.loss == Loss::Noise) frame.loss = Loss::QueueFull;
  return trace;
}

// Of the arrows that end on their way the one of this frame.
const Arrow* arrow_of(const Ladder& ladder, Id frame) {
  for (const Arrow& arrow : ladder.arrows)
    if (arrow.lost && arrow.frame == frame) return &arrow;
  return nullptr;
}

const Mover* mover_of(const Topology& topology, Id frame) {
  for (const Mover& mover : topology.movers)
    if (mover.frame == frame) return &mover;
  return nullptr;
}

}  // namespace

TEST_CASE("Ladder, network, list and inspector say why a frame was lost") {
  for (const Case& given : kCases) {
    INFO(given.lesson << " " << given.says);
    const Trace trace = with_loss(given);
    const TraceIndex index(trace);
    const Id frame = lost_for(index, given.loss);
    REQUIRE(frame != kNone);
    Cursor cursor = open_cursor(index);
    go_to_loss(index, cursor, frame);

    const Ladder ladder = layout_ladder(index, cursor, {}, kArea);
    const Arrow* arrow = arrow_of(ladder, frame);
    REQUIRE(arrow);
    CHECK(arrow->label.find(given.says) != std::string::npos);

    const Topology topology = layout_topology(index, cursor, {}, kArea);
    const Mover* mover = mover_of(topology, frame);
    REQUIRE(mover);
    CHECK(mover->lost);
    CHECK(mover->label.ends_with(given.says));

    const Id pdu = pdu_without(index, frame);
    REQUIRE(pdu != kNone);
    cursor.time = index.duration();
    FilteredPdus all;
    all.set(index, "");
    const std::size_t row = trace.place_in_time(pdu);
    CHECK(layout_list(index, cursor, all, row, 1).front().flags.starts_with(given.says));

    cursor.selection = {Selected::Frame, frame};
    const Inspector seen = inspect(index, cursor);
    CHECK(
        std::ranges::any_of(seen.chips, [&](const Chip& chip) { return chip.text == given.says; }));
    CHECK(seen.meaning.front() == loss_meaning(given.loss));
    cursor.selection = {Selected::Pdu, pdu};
    const Inspector whole = inspect(index, cursor);
    CHECK(std::ranges::any_of(whole.references,
                              [&](const Chip& chip) { return chip.text == given.says; }));
  }
}

TEST_CASE(
    "A frame is marked where it was lost: at the sender's port, on the line, at the other end") {
  const auto share = [](const Case& given) {
    const Trace trace = with_loss(given);
    const TraceIndex index(trace);
    const Id id = lost_for(index, given.loss);
    REQUIRE(id != kNone);
    Cursor cursor = open_cursor(index);
    go_to_loss(index, cursor, id);
    const Topology topology = layout_topology(index, cursor, {}, kArea);
    const Mover* mover = mover_of(topology, id);
    REQUIRE(mover);
    const auto center = [&](Id host) {
      for (const HostBox& box : topology.hosts)
        if (box.host == host) return box.rect.center();
      return Point{};
    };
    const trace::Frame& frame = trace.frames[id];
    const auto away = [&](Id host) {
      const Point p = center(host);
      return std::hypot(p.x - mover->at.x, p.y - mover->at.y);
    };
    return away(frame.from) / (away(frame.from) + away(frame.to));
  };
  const float noise = share(kCases[0]), off = share(kCases[3]), full = share(kCases[4]);
  CHECK(full < 0.5f);
  CHECK(full < noise);
  CHECK(noise < off);
  CHECK(off > 0.55f);
}

TEST_CASE("What is lost later is not said before") {
  const Trace trace = played("lossy-line");
  const TraceIndex index(trace);
  const Id frame = lost_for(index, Loss::Noise);
  REQUIRE(frame != kNone);
  const Id pdu = index.pdu_of_frame(frame);
  Cursor cursor = open_cursor(index);
  go_to_time(index, cursor, trace.frames[frame].sent - 1);
  FilteredPdus all;
  all.set(index, "");
  CHECK(layout_list(index, cursor, all, trace.place_in_time(pdu), 1).front().flags.empty());
  go_end(index, cursor);
  CHECK(layout_list(index, cursor, all, trace.place_in_time(pdu), 1).front().flags ==
        "lost: noise, sent again");
}

TEST_CASE("The ladder of one connection says with the PDU that it was lost") {
  const Trace trace = played("connection-cut-at-data");
  const TraceIndex index(trace);
  const Id frame = lost_for(index, Loss::Cut);
  Cursor cursor = open_cursor(index);
  go_end(index, cursor);
  Id never = kNone;
  for (Id id = 0; id < trace.pdus.size() && never == kNone; ++id)
    if (trace.pdus[id].received == kNever) never = id;
  REQUIRE(never != kNone);
  REQUIRE(frame != kNone);
  go_to_pdu(index, cursor, never);
  LadderSettings settings;
  settings.whole = false;
  const Ladder ladder = layout_ladder(index, cursor, {}, {0, 0, 1600, 600}, settings);
  const auto arrow = std::ranges::find(ladder.arrows, never, &Arrow::pdu);
  REQUIRE(arrow != ladder.arrows.end());
  CHECK(arrow->label.find("lost: link cut · ") != std::string::npos);
}

TEST_CASE("The inspector says that a packet was lost only once it was") {
  const std::string lesson = GENERATE("lossy-line", "connection-cut-at-data", "crash-after-250");
  CAPTURE(lesson);
  const Trace trace = played(lesson);
  const TraceIndex index(trace);
  int before = 0, after = 0;
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    const Id lost = index.lost_of(id);
    if (lost == kNone) continue;
    Cursor cursor = open_cursor(index);
    go_to_pdu(index, cursor, id);
    const auto tells = [&](Time at) {
      cursor.time = at;
      const auto references = inspect(index, cursor).references;
      return std::ranges::any_of(references,
                                 [](const Chip& chip) { return chip.text.starts_with("lost"); });
    };
    if (trace.pdus[id].first < loss_of(index, lost)) {
      CHECK_FALSE(tells(trace.pdus[id].first));
      ++before;
    }
    CHECK(tells(loss_of(index, lost)));
    ++after;
  }
  CHECK(before > 0);
  CHECK(after > 0);
}

TEST_CASE("The inspector of a frame says that it was lost only once it was") {
  const Trace trace = played("lossy-line");
  const TraceIndex index(trace);
  for (const Id id : index.lost_frames()) {
    Cursor cursor = open_cursor(index);
    cursor.selection = {Selected::Frame, id};
    const auto tells = [&](Time at) {
      cursor.time = at;
      const Inspector seen = inspect(index, cursor);
      return std::ranges::any_of(seen.chips,
                                 [](const Chip& chip) { return chip.text.starts_with("lost"); });
    };
    CHECK_FALSE(tells(trace.frames[id].sent));
    CHECK(tells(loss_of(index, id)));
  }
}

TEST_CASE("Of a call that is turned away the inspector does not say that TCP connects") {
  const Trace trace = played("null-mx");
  const TraceIndex index(trace);
  int refused = 0;
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    if (trace.pdus[id].kind != trace::PduKind::Open) continue;
    Cursor cursor = open_cursor(index);
    go_end(index, cursor);
    cursor.selection = {Selected::Pdu, id};
    CHECK(inspect(index, cursor).meaning.front().find("Nobody listens") != std::string::npos);
    ++refused;
  }
  CHECK(refused == 5);
}
