// The network at an instant: hosts with their agents, links as pipes, what is on its way along
// them, stacks of envelopes. Trace and cursor in, plain structs out.
//
// Hosts stand where the trace hints, or clients left and servers right; boxes never overlap and
// never leave the area. Where there is no room they become compact; where that is not enough, the
// hosts of the focus (focus.hpp) keep their agents and the others are only names. Beyond kHostsMax
// the hosts with most traffic are shown and the rest counted.
#pragma once

#include <string>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

inline constexpr int kHostsMax = 12;
inline constexpr int kMoversMax = 64;

struct AgentBox {
  Id agent = kNone;
  Rect rect;
  std::string text;  // "MTA server · 25"
  Role role = Role::Dim;
  bool active = false;  // at work in the current PDU
  int envelopes = -1;   // of a spool or mailbox: how many messages; -1 for other agents
  int junk = 0;         // of a mailbox: messages set apart; its text says so
  std::vector<std::uint16_t> ports;  // that a server is called at, ascending
  std::uint16_t port_now = 0;        // the current PDU's
  TextStyle style = TextStyle::Small;
  bool refused = false;  // what it tries now is refused
  float presence = 1;    // less while it comes, between two placements
};

enum class Power : std::uint8_t { On, Off, Crashed };

// Left and right of a host's name and of an agent's, in units.
inline constexpr float kHostNamePad = 12, kAgentPad = 10;

struct HostBox {
  Id host = kNone;
  Rect rect;
  std::string name, address;
  Power power = Power::On;
  bool disk_full = false;  // it takes no mail
  bool router = false;     // drawn as a round node
  bool selected = false;
  bool compact = false;
  bool small = false;       // only its name
  int agents_left_out = 0;  // where there is room only for those that act or are named
  std::vector<AgentBox> agents;
};

struct Pipe {
  Id link = kNone;  // kNone: a pair of hosts of a capture that talk
  Id from = kNone, to = kNone;
  std::vector<Point> path;
  std::vector<std::string> label;  // up to two lines
  Rect label_rect;                 // empty when there is no room for it
  bool active = false;             // the current PDU's packet goes along it
  bool vertical = false;
  bool cut = false;  // until it is mended
};

// Something on its way: a packet that begins a PDU as a pill with its label, others as dots.
struct Mover {
  Id frame = kNone, pdu = kNone;
  Point at;           // on the pipe
  Point heading;      // unit vector along it
  std::string label;  // empty: a dot
  Rect pill;          // beside the pipe
  Role role = Role::Tcp;
  bool lost = false;  // stands where it was lost, with a cross
  bool current = false;
  bool letter = false;  // what it carries is a letter: an envelope
};

struct Topology {
  std::vector<HostBox> hosts;
  std::vector<Pipe> pipes;
  std::vector<Mover> movers;
  std::vector<std::string> stores;  // "spool of mail.alpha.example: 1 waiting"
  int hosts_left_out = 0;
};

Topology layout_topology(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                         Rect area);
// With the hosts where they are given (topology_place.hpp): between two placements, say.
Topology layout_topology(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                         Rect area, std::vector<HostBox> hosts);

// Where the stack of envelopes stands in an agent's box; empty where there is none.
Rect envelopes_rect(const AgentBox& agent, const Metrics& metrics);

// The point at a share (0..1) of a path's length, and the direction there.
Point point_on(const std::vector<Point>& path, float share, Point* heading = nullptr);
Power power_of(const TraceIndex& index, Id host, const Cursor& cursor);
bool is_disk_full(const TraceIndex& index, Id host, const Cursor& cursor);
// Behind a mailbox's name: " · 1 in Junk"; empty where there is nothing in it.
std::string junk_text(int messages);

}  // namespace mailscope::viz
