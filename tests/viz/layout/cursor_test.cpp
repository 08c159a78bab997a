#include "viz/layout/cursor.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/words.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

Id find(const TraceIndex& index, Id connection, std::string_view label_begins) {
  for (const Id id : index.pdus_of(connection))
    if (label(index.trace(), index.trace().pdus[id]).starts_with(label_begins)) return id;
  FAIL("no PDU begins with " << label_begins);
  return kNone;
}

}  // namespace

TEST_CASE("A trace opens paused at t = 0, in front of the first PDU") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Cursor cursor = open_cursor(index);
  CHECK(cursor.time == 0);
  CHECK(cursor.pdu == kNone);
  CHECK_FALSE(cursor.playing);
  CHECK(cursor.selection == Selection{});
  CHECK(chapter_at(index, cursor) == 0);
}

TEST_CASE("Right and left go one PDU back and forth, and stop at the ends") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    step_pdu(index, cursor, +1);
    // On the way it stops at the steps that speak of what happens inside.
    while (cursor.event.kind == Selected::Change) step_pdu(index, cursor, +1);
    REQUIRE(cursor.pdu == id);
    REQUIRE(cursor.selection == Selection{Selected::Pdu, id});
    REQUIRE(cursor.time == arrival_of(index, id));
  }
  step_pdu(index, cursor, +1);
  CHECK(cursor.pdu == trace.pdus.size() - 1);
  go_to_pdu(index, cursor, cursor.pdu);
  for (Id id = static_cast<Id>(trace.pdus.size() - 1); id-- > 0;) {
    step_pdu(index, cursor, -1);
    REQUIRE(cursor.pdu == id);
  }
  step_pdu(index, cursor, -1);
  CHECK(cursor.pdu == kNone);
  CHECK(cursor.time == 0);
  step_pdu(index, cursor, -1);
  CHECK(cursor.time == 0);
}

TEST_CASE("Shift steps to what begins an exchange: the greeting and each command") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  std::vector<std::string> heads;
  for (int i = 0; i < 8; ++i) {
    step_exchange(index, cursor, +1);
    heads.push_back(head(trace, trace.pdus[cursor.pdu]));
  }
  CHECK(heads ==
        std::vector<std::string>{"220", "EHLO", "MAIL", "RCPT", "DATA", "QUIT", "220", "EHLO"});
  step_exchange(index, cursor, -1);
  step_exchange(index, cursor, -1);
  CHECK(head(trace, trace.pdus[cursor.pdu]) == "QUIT");
  go_home(index, cursor);
  step_exchange(index, cursor, -1);
  CHECK(cursor.pdu == kNone);
}

TEST_CASE(
    "Control steps from a command to its reply, through 354 to the message, and on to the next "
    "hop") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Id data = find(index, 0, "DATA");
  const Id start = effect_of(index, data);
  CHECK(trace.pdus[start].word == 354);
  const Id letter = effect_of(index, start);
  CHECK(trace.pdus[letter].kind == trace::PduKind::Data);
  const Id accepted = effect_of(index, letter);
  CHECK(label(trace, trace.pdus[accepted]) == "250 2.0.0 OK, queued as Q1001");
  const Id onward = effect_of(index, accepted);
  CHECK(trace.pdus[onward].kind == trace::PduKind::Open);
  CHECK(trace.pdus[onward].connection == 1);
  CHECK(cause_of(index, onward) == accepted);
  CHECK(cause_of(index, accepted) == letter);
  CHECK(cause_of(index, letter) == start);
  CHECK(cause_of(index, start) == data);
  const Id first = index.pdus_of(0).front();
  CHECK(cause_of(index, first) == kNone);
  CHECK(effect_of(index, static_cast<Id>(trace.pdus.size() - 1)) == kNone);
}

TEST_CASE("Number keys go to chapters, and to none that is not there") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_chapter(index, cursor, 3);
  CHECK(chapter_at(index, cursor) == 2);
  const Time at = cursor.time;
  go_to_chapter(index, cursor, 9);
  go_to_chapter(index, cursor, 0);
  CHECK(cursor.time == at);
}

TEST_CASE("A presenter's remote goes through every step of the narration and back") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  CHECK(cursor.note == kNone);
  for (Id i = 0; i < index.narration().size(); ++i) {
    step_narration(index, cursor, +1);
    REQUIRE(cursor.note == i);
    const trace::Note& note = trace.notes[index.narration()[i]];
    if (note.pdu != kNone) REQUIRE(cursor.pdu == note.pdu);
  }
  const Time last = cursor.time;
  step_narration(index, cursor, +1);
  CHECK(is_end(index, cursor));
  step_narration(index, cursor, +1);
  CHECK(is_end(index, cursor));
  step_narration(index, cursor, -1);
  CHECK(cursor.time == last);
  for (Id i = static_cast<Id>(index.narration().size() - 1); i-- > 0;) {
    step_narration(index, cursor, -1);
    REQUIRE(cursor.note == i);
  }
  step_narration(index, cursor, -1);
  CHECK(cursor.note == kNone);
  CHECK(cursor.time == 0);
}

TEST_CASE("Seeking selects the latest PDU, but keeps a selected host") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_time(index, cursor, trace.pdus[5].first);
  CHECK(cursor.selection == Selection{Selected::Pdu, 5});
  cursor.selection = {Selected::Host, 2};
  go_to_time(index, cursor, trace.pdus[9].first);
  CHECK(cursor.selection == Selection{Selected::Host, 2});
  CHECK(cursor.pdu == 9);
  go_to_time(index, cursor, -5);
  CHECK(cursor.time == 0);
  go_to_time(index, cursor, index.duration() * 2);
  CHECK(cursor.time == index.duration());
}

TEST_CASE("Playing in virtual time folds the half hour of silence and stops at the end") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  cursor.playing = true;
  cursor.speed = 1;
  double seconds = 0;
  while (cursor.playing && seconds < 100) {
    const Time before = cursor.time;
    run_on(index, cursor, 0.01);
    seconds += 0.01;
    REQUIRE(cursor.time >= before);
  }
  CHECK_FALSE(cursor.playing);
  CHECK(cursor.time == index.duration());
  CHECK(cursor.time > 1'800'000'000'000);
  CHECK(seconds < 10);
}

TEST_CASE("Speed goes in steps of 1, 2, 5 between 1/1000 and 1000") {
  Cursor cursor;
  cursor.mode = PlayMode::Virtual;
  std::vector<std::string> texts;
  cursor.speed = 0.02;
  for (int i = 0; i < 8; ++i) {
    texts.push_back(speed_text(cursor.speed));
    change_speed(cursor, +1);
  }
  CHECK(texts == std::vector<std::string>{"1/50", "1/20", "1/10", "1/5", "1/2", "1", "2", "5"});
  for (int i = 0; i < 40; ++i) change_speed(cursor, +1);
  CHECK(speed_text(cursor.speed) == "1000");
  for (int i = 0; i < 60; ++i) change_speed(cursor, -1);
  CHECK(speed_text(cursor.speed) == "1/1000");
}

TEST_CASE("Nothing moves in an empty trace") {
  const Trace trace;
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  for (const int direction : {+1, -1}) {
    step_pdu(index, cursor, direction);
    step_exchange(index, cursor, direction);
    step_narration(index, cursor, direction);
  }
  go_to_effect(index, cursor);
  go_to_cause(index, cursor);
  go_to_chapter(index, cursor, 1);
  go_end(index, cursor);
  cursor.playing = true;
  run_on(index, cursor, 1);
  CHECK(cursor.time == 0);
  CHECK(cursor.pdu == kNone);
}
