// Playing at the pace of a reader: what is shown one after the other, and for how long.
//
// A trace is played in beats. Each PDU has one, in which it goes its way; so have each inside event
// that has a row in the ladder and each frame that was lost. Each narrated step is a beat in which
// nothing moves for as long as its words take to read, right behind what it speaks of; a silence is
// one beat, however long. What is like what has just been seen goes faster, one after the other all
// the same. Beats stand in the order in which things arrive, so virtual time never goes back and
// nothing is shown before what brought it about.
//
// Pure: the plan comes from the index alone, and advance() needs no clock but the seconds given.
// O(n log n) to plan, O(beats passed) to advance.
#pragma once

#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/settings.hpp"

namespace mailscope::viz {

enum class BeatKind : std::uint8_t { Step, Pdu, Change, Loss, Silence };

struct Beat {
  BeatKind kind = BeatKind::Step;
  Id id = kNone;          // of narration(), a PDU, a change, a frame; kNone of a silence
  Id pdu = kNone;         // the PDU that the cursor stands on
  Id note = kNone;        // the narration that is shown, an index into narration()
  Time from = 0, to = 0;  // the virtual time that passes in it
  Time silence = 0;       // how long it says it was
  float seconds = 0;      // at pace 1
  Selection last;         // what has happened last, where the beat itself is nothing that happens
};

inline constexpr double kBeatSecondsMax = 30;  // no beat is longer, at pace 1

// How long a headline and its detail take to read.
double reading_seconds(const trace::Note& note);

std::vector<Beat> plan_beats(const TraceIndex& index);

// The beat that follows what the cursor stands on: at home the first; beats.size() at the end.
std::size_t beat_after(const TraceIndex& index, const std::vector<Beat>& beats,
                       const Cursor& cursor);

// After the plan was made anew: the beat in which the cursor's PDU goes its way, so far into it.
void resume_beat(const std::vector<Beat>& beats, Cursor& cursor, double into);

// So many seconds of the wall clock have passed. At the reader's pace playing ends at the last
// narrated step, with all that happened drawn; a trace that grows waits there for more. In virtual
// time it is run_on().
void advance(const TraceIndex& index, const std::vector<Beat>& beats, Cursor& cursor,
             double seconds, const Settings& settings = {});

// Who follows a trace that grows is half a minute behind at most: what is before that is passed
// over.
void catch_up(const TraceIndex& index, const std::vector<Beat>& beats, Cursor& cursor);

// Whether the next advance() can change the picture: playing, and not waiting for more.
bool is_moving(const std::vector<Beat>& beats, const Cursor& cursor);
// Whether it is a pause for reading (or waiting): then few pictures a second will do.
bool is_reading(const std::vector<Beat>& beats, const Cursor& cursor);
// How much of a step's reading time is over, 0..1; -1 when none is being read.
float share_read(const std::vector<Beat>& beats, const Cursor& cursor);
// Seconds of the wall clock until it goes on; 0 when none is being read.
double seconds_to_read(const std::vector<Beat>& beats, const Cursor& cursor);

}  // namespace mailscope::viz
