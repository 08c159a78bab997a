// Where the learner is: the instant, the PDU, the selection, and how playing goes on from there.
// The functions that move it are pure: trace and cursor in, cursor changed; no window needed. How
// it is looked at is in settings.hpp.
//
// Invariant: `pdu` is the PDU that stepping counts from (kNone in front of the first), `time` the
// instant that is drawn, in [0, duration]. After a step, `time` is when that PDU was received, so
// what it did can be seen. `note` is the narration that is shown, an index into
// TraceIndex::narration() (kNone in front of the first). `event` is what happens there: every panel
// marks it; `selection` is what the inspector shows, and the same unless a person chose another.
#pragma once

#include <string>

#include "viz/layout/index.hpp"

namespace mailscope::viz {

enum class Selected : std::uint8_t { Nothing, Pdu, Frame, Change, Host, Mail, Intervention };

struct Selection {
  Selected kind = Selected::Nothing;
  Id id = kNone;
  bool operator==(const Selection&) const = default;
};

inline constexpr double kSpeedMin = 0.001, kSpeedMax = 1000;

enum class PlayMode : std::uint8_t {
  Reading,  // one thing after the other, as long as it takes to read (playing.hpp)
  Virtual,  // virtual time goes by, silences folded
};

struct Cursor {
  Time time = 0;
  Id pdu = kNone;
  Id note = kNone;
  Selection event;       // a PDU, an inside event, a frame, an intervention; or nothing
  bool settled = false;  // what was under way has arrived: no wire carries anything
  Selection selection;
  bool playing = false;
  PlayMode mode = PlayMode::Reading;
  double pace = 1;    // of PlayMode::Reading
  double speed = 1;   // of PlayMode::Virtual: virtual seconds a second
  bool live = false;  // the trace grows: playing waits at its end
  // Where playing at the reader's pace is; whatever else moves the cursor ends it.
  Id beat = kNone;            // of the plan; kNone: to be found from the rest
  double into = 0;            // seconds at pace 1
  Time silence = 0;           // how long the silence is that is being passed over; 0: none is
  bool lower_layers = false;  // in which only the layers below the programs' are at work
  float under_way = 1;  // how far the current PDU has come, where its times can't say (captures)
  // How far away from here the ladder is looked at, in rows (even) or nanoseconds (true); a step
  // ends it.
  float pan = 0;
};

// Whether a PDU is still to be sent; of those sent at the cursor's instant, whether it is behind
// the one that the cursor stands on.
bool is_to_come(const TraceIndex& index, const Cursor& cursor, Id pdu);

// A cursor at t = 0, paused, with a speed at which the whole trace plays in about a minute.
Cursor open_cursor(const TraceIndex& index);

void go_to_time(const TraceIndex& index, Cursor& cursor, Time time);
void go_to_pdu(const TraceIndex& index, Cursor& cursor, Id pdu);
void go_to_change(const TraceIndex& index, Cursor& cursor, Id change);
void go_to_loss(const TraceIndex& index, Cursor& cursor, Id frame);  // where a frame was lost
void go_to_intervention(const TraceIndex& index, Cursor& cursor, Id intervention);
void go_home(const TraceIndex& index, Cursor& cursor);
// Where playing ends too: the last event has happened and is marked, everything has arrived.
void go_end(const TraceIndex& index, Cursor& cursor);
bool is_end(const TraceIndex& index, const Cursor& cursor);

// One PDU forth (+1) or back (-1). Forth stops at each narrated step that stands before the next
// PDU and speaks of something else; back from there is the PDU before it. Back from the first is
// home.
void step_pdu(const TraceIndex& index, Cursor& cursor, int direction);
// To the next or previous PDU that begins an exchange: a command, or a server's greeting.
void step_exchange(const TraceIndex& index, Cursor& cursor, int direction);
// The next or previous narration; behind the last the end.
void step_narration(const TraceIndex& index, Cursor& cursor, int direction);
// Chapter 1, 2, ...; nothing happens when there is none of that number.
void go_to_chapter(const TraceIndex& index, Cursor& cursor, int number);

// What a PDU brought about, and what brought it about; kNone when nothing is recorded. A command's
// effect is its reply; 354's the content; a reply's the next command; an accepted message's the
// connection that carries it on its next hop. The cause is the same backwards.
Id effect_of(const TraceIndex& index, Id pdu);
Id cause_of(const TraceIndex& index, Id pdu);
void go_to_effect(const TraceIndex& index, Cursor& cursor);
void go_to_cause(const TraceIndex& index, Cursor& cursor);

// Space: plays, pauses; at the end begins again.
void toggle_play(const TraceIndex& index, Cursor& cursor);
// Playing in virtual time: so many seconds of the wall clock have passed. Long gaps are folded.
// Stops at the end.
void run_on(const TraceIndex& index, Cursor& cursor, double seconds);
void change_mode(Cursor& cursor);
// Slower (-1) or faster (+1): the pace in steps from 1/4 to 4, or the speed in steps of 1, 2, 5.
void change_speed(Cursor& cursor, int direction);
std::string speed_text(double speed);  // "1/20", "3/4", "1.5", "5"

// The chapter that holds the cursor, counted from 0; -1 in front of the first.
int chapter_at(const TraceIndex& index, const Cursor& cursor);

}  // namespace mailscope::viz
