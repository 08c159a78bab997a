// No false picture: what headline, network, ladder and inspector show at a moment is one moment, of
// every lesson, played and stepped.
#include <catch2/catch.hpp>
#include <set>

#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/heading.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/playing.hpp"
#include "viz/layout/topology.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using test::for_all_lessons;
using test::Lesson;

namespace {

constexpr Rect kNetwork{0, 0, 900, 700}, kLadder{0, 0, 900, 700};

// The cursor at four moments of each beat, as playing passes them, and at the end.
template <typename Check>
void for_all_moments(const Lesson& lesson, Check check) {
  const std::vector<Beat>& beats = lesson.beats;
  Cursor cursor = open_cursor(lesson.index);
  cursor.playing = true;
  for (std::size_t i = 0; i < beats.size(); ++i)
    for (const double share : {0.05, 0.4, 0.75, 0.99}) {
      cursor.beat = static_cast<Id>(i), cursor.into = share * beats[i].seconds;
      advance(lesson.index, beats, cursor, 0);
      INFO("beat " << i << " of " << beats.size() << ", " << share << ": "
                   << heading_of(lesson.index, cursor).headline);
      check(cursor);
    }
  cursor.into = 1e6;
  advance(lesson.index, beats, cursor, 0);
  CHECK_FALSE(cursor.playing);
  check(cursor);
}

// The cursor at each step that Page Down goes to.
template <typename Check>
void for_all_steps(const Lesson& lesson, Check check) {
  Cursor cursor = open_cursor(lesson.index);
  for (std::size_t step = 0; step < lesson.index.narration().size(); ++step) {
    if (cursor.note != step) step_narration(lesson.index, cursor, +1);
    REQUIRE(cursor.note == step);
    INFO("step " << step + 1);
    check(cursor);
  }
}

Ladder ladder_of(const Lesson& lesson, const Cursor& cursor) {
  return layout_ladder(lesson.index, cursor, {}, kLadder);
}

Topology network_of(const Lesson& lesson, const Cursor& cursor) {
  return layout_topology(lesson.index, cursor, {}, kNetwork);
}

// The event in the ladder's marked row; nothing where a silence is marked.
Selection marked_in(const Ladder& ladder) {
  Selection marked;
  int rows = 0;
  for (const Arrow& arrow : ladder.arrows)
    if (ladder.current.contains(Point{ladder.current.center().x, arrow.from.y})) {
      marked = arrow.pdu != kNone ? Selection{Selected::Pdu, arrow.pdu}
                                  : Selection{Selected::Frame, arrow.frame};
      ++rows;
    }
  for (const InsideMark& mark : ladder.marks)
    if (ladder.current.contains(Point{ladder.current.center().x, mark.at.y}))
      marked = mark.change != kNone ? Selection{Selected::Change, mark.change}
                                    : Selection{Selected::Intervention, mark.intervention},
      ++rows;
  CHECK(rows <= 1);
  return marked;
}

// Calls of sockets, and how all was at the beginning, have none.
bool has_row(const Lesson& lesson, Selection event) {
  if (event.kind == Selected::Frame) return lesson.index.has_row(event.id);
  if (event.kind != Selected::Change) return true;
  const Row row = lesson.index.rows()[lesson.index.row_of_change(event.id)];
  return row == Row{event.id, RowKind::Change};
}

// Of a step that is tied to nothing, nothing.
Selection told_by(const Lesson& lesson, const Cursor& cursor) {
  if (cursor.note == kNone) return {};
  return event_of(lesson.index, lesson.note(cursor.note));
}

void check_end(const Lesson& lesson, const Cursor& cursor) {
  CHECK(cursor.time == lesson.index.duration());
  CHECK(cursor.note + 1 == lesson.index.narration().size());
  CHECK(network_of(lesson, cursor).movers.empty());
  for (const Pipe& pipe : network_of(lesson, cursor).pipes) CHECK_FALSE(pipe.active);
  const Ladder ladder = ladder_of(lesson, cursor);
  CHECK(marked_in(ladder) == cursor.event);
  for (const Arrow& arrow : ladder.arrows) CHECK((!arrow.to_come && arrow.grown == 1));
  for (const InsideMark& mark : ladder.marks) CHECK_FALSE(mark.to_come);
  for (Id pdu = 0; pdu < lesson.trace.pdus.size(); ++pdu)
    CHECK(end_of(lesson.index, {Selected::Pdu, pdu}) <= end_of(lesson.index, cursor.event));
  for (const trace::StateChange& change : lesson.trace.changes)
    if (!change.text.empty() &&
        !lesson.trace.variables[change.variable].is(trace::VariableKind::Socket))
      CHECK(change.at <= end_of(lesson.index, cursor.event));
}

bool same_place(const Cursor& a, const Cursor& b) {
  return a.time == b.time && a.pdu == b.pdu && a.note == b.note && a.event == b.event &&
         a.selection == b.selection && a.settled == b.settled;
}

}  // namespace

TEST_CASE("Playing, End and Page Down end in one picture: all is there, the last event is marked") {
  for_all_lessons([](const Lesson& lesson) {
    const std::vector<Beat>& beats = lesson.beats;
    Cursor played = open_cursor(lesson.index), ended = played, stepped = played;
    played.playing = true;
    for (int i = 0; i < 100'000 && played.playing; ++i) advance(lesson.index, beats, played, 0.5);
    go_end(lesson.index, ended);
    for (std::size_t i = 0; i <= lesson.index.narration().size(); ++i)
      step_narration(lesson.index, stepped, +1);
    CHECK(same_place(played, ended));
    CHECK(same_place(stepped, ended));
    CHECK(ended.event == beats.back().last);
    check_end(lesson, ended);
  });
}

TEST_CASE("A headline is of what happens now, and a step's does not come back") {
  for_all_lessons([](const Lesson& lesson) {
    std::set<std::string> left;  // steps that other words have followed
    std::string before;
    for_all_moments(lesson, [&](const Cursor& cursor) {
      const Heading heading = heading_of(lesson.index, cursor);
      const bool is_note =
          cursor.note != kNone && heading.headline == lesson.note(cursor.note).text;
      const Selection told = told_by(lesson, cursor);
      if (is_note && told.kind != Selected::Nothing) CHECK(cursor.event == told);
      if (is_note) CHECK(cursor.silence == 0);
      CHECK(heading.step.starts_with("after") == (cursor.note != kNone && !is_note));
      if (cursor.note != kNone && !is_note) CHECK_FALSE(heading.past.empty());
      const std::string step = is_note ? heading.headline : "";
      CHECK_FALSE((!step.empty() && left.count(step)));
      if (!before.empty() && step != before) left.insert(before);
      before = step;
    });
  });
}

TEST_CASE("Headline, ladder and inspector are about one event, played and stepped") {
  for_all_lessons([](const Lesson& lesson) {
    const auto check = [&](const Cursor& cursor) {
      if (cursor.event.kind != Selected::Nothing) CHECK(cursor.selection == cursor.event);
      CHECK(inspect(lesson.index, cursor).selection == cursor.event);
      const Selection marked = marked_in(ladder_of(lesson, cursor));
      const bool silent = cursor.silence > 0 && marked.kind == Selected::Nothing;
      if (has_row(lesson, cursor.event)) CHECK((silent || marked == cursor.event));
    };
    for_all_moments(lesson, check);
    for_all_steps(lesson, check);
  });
}

TEST_CASE("A step is the same moment whether it is played or gone to") {
  for_all_lessons([](const Lesson& lesson) {
    std::vector<Cursor> played;
    const std::vector<Beat>& beats = lesson.beats;
    Cursor cursor = open_cursor(lesson.index);
    cursor.playing = true;
    for (std::size_t i = 0; i < beats.size(); ++i) {
      if (beats[i].kind != BeatKind::Step) continue;
      cursor.beat = static_cast<Id>(i), cursor.into = 0.5;
      advance(lesson.index, beats, cursor, 0);
      played.push_back(cursor);
    }
    for_all_steps(lesson, [&](const Cursor& stepped) {
      const Cursor& there = played[stepped.note];
      if (told_by(lesson, stepped).kind == Selected::Nothing) return;
      CHECK(stepped.event == there.event);
      CHECK(stepped.time == there.time);
      CHECK(stepped.pdu == there.pdu);
    });
  });
}

TEST_CASE("What has arrived is not in flight, and what is in flight has been sent") {
  for_all_lessons([](const Lesson& lesson) {
    const auto check = [&](const Cursor& cursor) {
      const Ladder ladder = ladder_of(lesson, cursor);
      for (const Mover& mover : network_of(lesson, cursor).movers) {
        if (mover.frame == kNone) continue;  // handed on inside a host
        const trace::Frame& frame = lesson.trace.frames[mover.frame];
        INFO(mover.label);
        CHECK(frame.sent <= cursor.time);
        const bool now = cursor.event == Selection{Selected::Pdu, mover.pdu} && !cursor.settled;
        const bool lost = frame.fate == trace::Fate::Lost;
        CHECK((now || lost || cursor.time < frame.received));
        for (const Arrow& arrow : ladder.arrows)
          if (arrow.pdu == mover.pdu && mover.pdu != kNone && !lost) CHECK_FALSE(arrow.to_come);
      }
    };
    for_all_moments(lesson, check);
    for_all_steps(lesson, check);
  });
}

TEST_CASE("In a silence nothing moves and nothing happens, and the ladder marks it") {
  for_all_lessons([](const Lesson& lesson) {
    const Trace& trace = lesson.trace;
    for_all_moments(lesson, [&](const Cursor& cursor) {
      if (cursor.silence == 0) return;
      const Heading heading = heading_of(lesson.index, cursor);
      CHECK(heading.headline.ends_with(" later"));
      CHECK(network_of(lesson, cursor).movers.empty());
      for (const trace::Frame& frame : trace.frames) {
        if (frame.fate == trace::Fate::Lost || frame.connection == kNone) continue;
        CHECK_FALSE((frame.sent < cursor.time && frame.received > cursor.time));
      }
    });
    for (const Beat& beat : lesson.beats) {
      if (beat.kind != BeatKind::Silence) continue;
      const auto inside = [&](Time at) { return at > beat.from && at < beat.to; };
      // Below the programs hosts may ask for addresses (ARP): then it says so.
      for (const trace::Frame& frame : trace.frames)
        if (inside(frame.sent)) CHECK((frame.connection == kNone && beat.lower_layers));
      for (const trace::StateChange& change : trace.changes) CHECK_FALSE(inside(change.at));
      for (Id id = 0; id < trace.interventions.size(); ++id)
        if (is_seen(lesson.index, id)) CHECK_FALSE(inside(trace.interventions[id].at));
    }
  });
}

TEST_CASE(
    "What is done to a run is an event of its own: the cable is mended, the disk is emptied") {
  const std::pair<std::string, std::string> kDone[] = {
      {"disk-full", "There is room on the disk of mail.beta again."},
      {"connection-cut-at-data", "The cable between mail.alpha and mail.beta is mended."},
      {"service-not-available", "mail.beta takes connections again."}};
  for (const auto& [name, headline] : kDone) {
    const Lesson lesson(name);
    INFO(name);
    int said = 0, marked = 0;
    for_all_moments(lesson, [&](const Cursor& cursor) {
      if (heading_of(lesson.index, cursor).headline != headline) return;
      ++said;
      REQUIRE(cursor.event.kind == Selected::Intervention);
      for (const InsideMark& mark : ladder_of(lesson, cursor).marks)
        marked += mark.selected && mark.intervention == cursor.event.id;
    });
    CHECK(said == 4);
    CHECK(marked == said);
  }
}

TEST_CASE("Nothing is shown before its cause: no answer, no loss, no crash") {
  for_all_lessons([](const Lesson& lesson) {
    const Trace& trace = lesson.trace;
    const auto check = [&](const Cursor& cursor) {
      const Ladder ladder = ladder_of(lesson, cursor);
      for (const Arrow& arrow : ladder.arrows) {
        if (arrow.grown < 1 && !arrow.to_come) CHECK_FALSE(arrow.lost);
        if (arrow.grown < 1 && !arrow.to_come) CHECK(arrow.label.find("lost") == std::string::npos);
        if (arrow.pdu == kNone || trace.pdus[arrow.pdu].kind != trace::PduKind::Open) continue;
        const Selection call{Selected::Pdu, arrow.pdu};
        if (cursor.time <= end_of(lesson.index, call) && cursor.event == call)
          CHECK(arrow.label.find("no answer") == std::string::npos);
        if (cursor.time <= end_of(lesson.index, call) && cursor.event == call)
          CHECK(arrow.label.find("refused") == std::string::npos);
      }
      const Id last = last_change_seen(lesson.index, cursor);
      for (const HostBox& host : network_of(lesson, cursor).hosts)
        for (const trace::Variable& variable : trace.variables)
          if (variable.host == host.host && variable.is(trace::VariableKind::Power))
            for (const Id id : variable.changes)
              if (is(trace.changes[id].after, trace::State::Crashed) && last != kNone &&
                  id > last && trace.changes[id].at == cursor.time)
                CHECK(host.power != Power::Crashed);
      const Inspector inspector = inspect(lesson.index, cursor);
      for (const Section& section : inspector.sections)
        for (const Fact& fact : section.facts)
          if (fact.leads_to.kind == Selected::Change && last != kNone)
            CHECK(fact.leads_to.id <= last);
    };
    for_all_moments(lesson, check);
    for_all_steps(lesson, check);
  });
}
