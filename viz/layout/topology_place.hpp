// Where the hosts of the network stand: boxes that neither overlap nor leave the area and keep
// their sides from step to step where there is room (else they are drawn with fewer agents first),
// and pipes between them that go round the boxes of others. Used by topology.cpp.
#pragma once

#include "viz/layout/cast.hpp"
#include "viz/layout/topology.hpp"

namespace mailscope::viz {

// Which hosts are shown (at most kHostsMax; those of the current PDU always), in the trace's order.
std::vector<Id> shown_hosts(const TraceIndex& index, const Cursor& cursor);
// Boxes with their agents, without what depends on the time. Where there is no room for everybody's
// agents only the cast's are shown (cast.hpp), closer together; only where that is not enough does
// the focus matter, and sizes change with it.
std::vector<HostBox> place_hosts(const TraceIndex& index, const std::vector<Id>& hosts,
                                 const Focus& cast, const Focus& focus, const Metrics& metrics,
                                 Rect area);
// On the way from one placement to another: 0 is the first, 1 the second.
std::vector<HostBox> blend(const std::vector<HostBox>& from, const std::vector<HostBox>& to,
                           float share);

// Who is joined by what; kNone is the link of two that talk in a capture.
struct Wire {
  Id link = kNone, from = kNone, to = kNone;
};
std::vector<Wire> wires_of(const TraceIndex& index);
std::vector<Pipe> place_pipes(const TraceIndex& index, const std::vector<HostBox>& boxes,
                              const Metrics& metrics, Rect area);

// Puts the tags of what moves beside their dots. Where a whole text has no room the tag says only
// what it is ("250"); where that has none either there is none: headline and ladder say the rest.
void place_tags(const Trace& trace, Time at, Topology& topology, const Metrics& metrics, Rect area);

}  // namespace mailscope::viz
