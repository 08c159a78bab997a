// The events that a cursor can stand on, in the order in which they are there: PDUs as they arrive,
// frames as they are lost, inside events and interventions as they happen.
#pragma once

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

// When it begins to be seen, and when it is there; 0 of what is no event.
Time begin_of(const TraceIndex& index, Selection event);
Time end_of(const TraceIndex& index, Selection event);

// Whether `a` is there in front of `b`: what arrives comes in front of what it brings about.
bool is_in_front(const TraceIndex& index, Selection a, Selection b);

// What a note speaks of; nothing where it is tied to a time only.
Selection event_of(const TraceIndex& index, const trace::Note& note);

// The event that a moment shows: what is under way then, else what was there last. O(log n).
Selection latest_event(const TraceIndex& index, Time time);
// The last PDU that has arrived by then; kNone where none has.
Id latest_arrived(const TraceIndex& index, Time time);
// What is there last of all, and the last PDU to arrive (kNone without PDUs).
Selection last_event(const TraceIndex& index);
Id last_to_arrive(const TraceIndex& index);

// The last inside event of the cursor's instant that has happened: where one is looked at, what
// follows it has not happened yet; where a PDU arrives, nothing that it brings about has. kNone
// where all of that instant have.
Id last_change_seen(const TraceIndex& index, const Cursor& cursor);
// What a variable holds at the cursor.
const trace::Value& value_seen(const TraceIndex& index, Id variable, const Cursor& cursor);

// Whether an intervention is an event of its own: the cable is cut, the disk is emptied, a fault is
// laid. One that an inside event or a lost frame tells (a host goes off) is none.
bool is_seen(const TraceIndex& index, Id intervention);
// "the cable between mail.alpha and mail.beta is mended".
std::string text_of(const TraceIndex& index, Id intervention);

// The hosts that it names.
std::vector<Id> hosts_of(const TraceIndex& index, Id intervention);

}  // namespace mailscope::viz
