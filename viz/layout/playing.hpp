// Playing at the pace of a reader: the cursor goes through the beats of a plan (beats.hpp).
//
// Pure: advance() needs no clock but the seconds given. O(beats passed).
#pragma once

#include <vector>

#include "viz/layout/beats.hpp"
#include "viz/layout/cursor.hpp"
#include "viz/layout/settings.hpp"

namespace mailscope::viz {

// The beat that follows what the cursor stands on: at home the first; beats.size() at the end.
std::size_t beat_after(const TraceIndex& index, const std::vector<Beat>& beats,
                       const Cursor& cursor);

// The plan has grown: playing goes on in the beat in which it was, where that is as it was, or in
// that in which the cursor's PDU goes its way, if it was `on_its_way`; else behind what is shown.
void resume(const BeatPlan& plan, Cursor& cursor, bool on_its_way);

// So many seconds of the wall clock have passed. At the reader's pace playing ends where go_end()
// does, behind the last narrated step and all that happened; a trace that grows waits there for
// more. In virtual time it is run_on().
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
