// A trace: the record of what happened, and the reading of it.
//
// The record (source, hosts, agents, links, frames with their octets, inside events, interventions)
// is made by the simulator, a file, an interface or real sockets. The reading (connections,
// segments, PDUs, exchanges, mails, findings, notes) is made from its frames by one road
// (captures/observe), whoever made it. Everything is drawn from both.
//
// Shape: flat arrays; one item names another by its index (Id), never by a pointer. Items are only
// appended, so an Id stays good for the life of the Trace. What an item says may still grow while
// it is open (a PDU's end, a connection's closing): Revisions. The order of PDUs and findings in
// time is an index beside them, `by_time`; frames, changes, notes and interventions ascend in time
// by themselves. Times are int64 nanoseconds since the trace's beginning (Source::begin says when
// that was). Octets live in an OctetStore and are named by offset; views into it are valid as long
// as the Trace.
//
// A Pdu takes 80 octets and 4 of the order, a Segment 40, a Frame 56, beside the payload.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "captures/trace/inside.hpp"
#include "captures/trace/octet_store.hpp"
#include "captures/trace/time_order.hpp"
#include "protocols/base/address.hpp"
#include "protocols/base/observed.hpp"

namespace mailscope::trace {

using Time = std::int64_t;  // nanoseconds
using Id = std::uint32_t;
inline constexpr Id kNone = std::numeric_limits<Id>::max();
inline constexpr Time kNever = std::numeric_limits<Time>::max();

// Who made the record.
enum class SourceKind : std::uint8_t {
  Simulator,  // a scenario's run
  File,       // one capture file or several
  Interface,  // frames as they pass a network interface
  Socket,     // the simulator, with guests at real sockets (`serve`)
};
struct Source {
  SourceKind kind = SourceKind::File;
  std::string name;   // scenario name or the capture's file name (last component)
  std::string title;  // for people; the scenario's title
  std::string summary;
  std::uint64_t seed = 0;
  std::int64_t begin = 0;    // Unix time of t = 0, nanoseconds
  Time duration = 0;         // t of the last thing that happened
  std::uint64_t frames = 0;  // as `run --pcap` counts them: each packet once
  std::uint64_t octets = 0;  // theirs, on the wire

  // Its hosts tell who runs on them: agents, links, inside events. Else who speaks is read off the
  // traffic.
  bool simulated() const { return kind == SourceKind::Simulator || kind == SourceKind::Socket; }
};

// ---- the place: hosts, agents, links -----------------------------------------------------------

enum class HostKind : std::uint8_t { Computer, Server, Router, Unknown };
struct Host {
  std::string name;
  HostKind kind = HostKind::Unknown;
  std::vector<std::string> addresses;
  float x = -1,
        y = -1;  // where to draw it, 0..1 each, left to right and top to bottom; -1: anywhere
};

// RFC 5598 §2-4 and the textbooks: who does what.
enum class AgentKind : std::uint8_t {
  UserAgent,
  MtaClient,
  MtaServer,
  Mda,
  MaaClient,
  MaaServer,
  Spool,
  Mailbox,
  DnsServer,
  Resolver,
  Terminal,  // a person who types the protocol's commands by hand
  Other
};
struct Agent {
  Id host = kNone;
  AgentKind kind = AgentKind::Other;
  std::string name;        // "user agent", "MTA client", "bob's mailbox"
  std::uint16_t port = 0;  // a server's listening port, else 0
};

struct Link {
  std::string name;  // "alice-pc - mail.alpha.example"
  std::string kind;  // sim::link_preset_names()
  std::vector<Id> hosts;
  Time latency = 0;  // one way
  std::uint64_t rate_bps = 0;
  double loss = 0;  // 0..1
  Time jitter = 0;  // up to so much more latency, by chance
};

// ---- the octets: frames, connections, segments -------------------------------------------------

enum class Fate : std::uint8_t { Received, Lost, Duplicate, InFlight };
// Why a frame was lost, where the recorder knows it.
enum class Loss : std::uint8_t {
  None,
  Noise,      // the link's own random loss
  QueueFull,  // dropped at the sender's port before it was put on the link
  HostOff,    // nobody at the other end to take it
  NoStation,  // no interface of the link has that destination
  Dropped,    // a person dropped it
  Cut,        // the link was down, or went down while the frame was on it
};
struct Frame {
  Time sent = 0;             // its first octet was put on its link (a capture: the time stamp)
  Time received = kNever;    // its last octet was taken off; kNever when lost; a capture: = sent
  std::uint64_t at = 0;      // in the OctetStore
  std::uint32_t octets = 0;  // captured
  std::uint32_t wire_octets = 0;  // on the wire; more than `octets` when the snap length cut it
  Id link = kNone;
  Id from = kNone, to = kNone;  // hosts at the two ends of this hop; `to` kNone for a broadcast
  Id origin =
      kNone;  // the frame in which the packet's sender put it on its first link; itself there
  Id connection = kNone;
  std::uint16_t link_type = 1;  // the pcap LINKTYPE_ of its octets
  Fate fate = Fate::Received;
  Loss loss = Loss::None;
};
static_assert(sizeof(Frame) == 56);

// The number of a protocol in captures/languages; 0: not known.
enum class Protocol : std::uint8_t {};
enum class Opening : std::uint8_t {
  Handshake,
  SynOnly,
  Midstream,
  Datagrams  // UDP: nothing is opened
};
enum class Closing : std::uint8_t { Open, Fin, Rst, Timeout };
enum class Tls : std::uint8_t { None, StartTls, Implicit };

struct Endpoint {
  Id host = kNone;
  Id agent = kNone;
  IpAddress address;
  std::uint16_t port = 0;
};

struct Connection {
  Protocol protocol{};
  Opening opening = Opening::Midstream;
  Closing closing = Closing::Open;
  Tls tls = Tls::None;
  // TCP: opened by a handshake, closed by FIN or RST, no octet missing. DNS: every question
  // answered.
  bool complete = false;
  Endpoint client, server;
  Time opened = 0, closed = kNever;
  std::uint64_t octets[2] = {0, 0};   // payload delivered in order, by Direction
  std::uint64_t missing[2] = {0, 0};  // octets never captured
  std::uint32_t commands = 0, replies = 0;
  std::string login;     // the user that logged in, or empty
  Id stream = kNone;     // TCP's own octets; kNone for datagrams, and where segments are not kept
  Id first_pdu = kNone;  // of its PDUs in order of time, chained by Pdu::next_in_connection
};

// Octets in order, both ways: those that TCP carried, or what a layer makes of another stream's
// (the plain text inside TLS). By Direction.
struct Stream {
  Id connection = kNone;
  Id carrier = kNone;      // the stream in which it travelled; kNone: TCP's own
  Id carried = kNone;      // the stream that travels in it, if that can be read
  std::string_view layer;  // what makes it of its carrier, "TLS"; static text; empty: TCP's own
  Id first_segment[2] = {kNone, kNone};
  Id last_segment[2] = {kNone, kNone};
};

// A stretch of one direction of a stream and the frame that it travelled in. Segments of one
// direction form a chain in stream order.
struct Segment {
  std::uint64_t begin = 0;  // stream offset of its first octet
  Time delivered = kNever;  // when its octets reached the other end; a capture: the time stamp
  Id frame = kNone;
  Id next = kNone, previous = kNone;
  std::uint32_t payload_at = 0;  // offset of the octets within the frame; derived: in `derivations`
  std::uint32_t octets = 0;
  std::uint16_t retransmissions = 0;  // further frames that carried them; 65535: or more
  bool derived =
      false;  // a layer made them: they stand in no frame. `frame` carried their last one
};

static_assert(sizeof(Segment) == 40);

// Where the octets of a derived segment are, and what they were made of.
struct Derivation {
  std::uint64_t at = 0;  // in the OctetStore
  Id carrier = kNone;    // the segment of the carrier stream that brought the last of them
};

// ---- the dialogue: PDUs, exchanges, mails ------------------------------------------------------

enum class PduKind : std::uint8_t {
  Open,  // the TCP handshake (SYN, SYN-ACK, ACK); no octets
  Command,
  Continuation,
  Reply,
  Data,    // message content, final dot line included
  Tls,     // everything from the first TLS record on
  Close,   // one side's FIN; no octets
  Reset,   // RST; no octets
  Opaque,  // octets of a protocol that is not read
};

struct Pdu {
  static constexpr std::uint8_t kSecret = Observed::kSecret;
  static constexpr std::uint8_t kIncomplete = Observed::kIncomplete;
  static constexpr std::uint8_t kOutOfPlace = Observed::kOutOfPlace;
  static constexpr std::uint8_t kUnknown = Observed::kUnknown;
  static constexpr std::uint8_t kUntagged = Observed::kUntagged;
  static constexpr std::uint8_t kRetransmitted = 16;  // some of its octets were sent more than once

  Time first = 0;           // its first octet was sent
  Time last = 0;            // its last octet was sent
  Time received = kNever;   // its last octet was at the other end
  std::uint64_t begin = 0;  // octet range in its direction of the stream (`layer`)
  std::uint64_t end = 0;
  Id connection = kNone;
  Id segment = kNone;  // holds the first octet
  Id frame = kNone;    // carried the first octet (Open, Close, Reset: the SYN, FIN, RST)
  Id exchange = kNone;
  Id next_reply = kNone;  // next reply of the same exchange
  Id next_in_connection = kNone;
  Id previous_in_connection = kNone;
  std::uint16_t word = 0;  // the protocol's Verb of a command, the code of a reply (see Observed)
  std::uint16_t answers = 0;  // a reply: the Verb that it answers
  PduKind kind = PduKind::Opaque;
  Direction direction = Direction::ToServer;
  Phase phase = Phase::None;
  std::uint8_t state = 0;  // session state after it, the protocol's State enum
  std::uint8_t flags = 0;
  std::uint8_t layer = 0;  // its stream: 0 TCP's own, 1 the one that is carried in that, ...
};
static_assert(sizeof(Pdu) == 80);

struct Exchange {
  Id connection = kNone;
  Id command = kNone;      // PDU; kNone for a server's greeting
  Id data = kNone;         // PDU of the content that it carried, either way
  Id first_reply = kNone;  // PDUs, chained by next_reply
  Id last_reply = kNone;
};

struct MailPart {
  std::string path;      // "1", "2.1": as IMAP numbers them
  std::string type;      // "text/plain", lower case
  std::string encoding;  // "7bit", "base64", ... lower case; empty when not stated
  std::string charset;
  std::string filename;      // as sent; never a path to write to
  std::uint64_t octets = 0;  // decoded
  std::string sha256;        // of the decoded octets, hex
};

// The command that brought a message, and what became of it there: 2yz or 4yz, 5yz (SMTP); no reply
// was seen; it was fetched (POP3).
enum class MailKind : std::uint8_t { Data, Bdat, Retr, Top, Fetch, Append };
enum class MailFate : std::uint8_t { Unanswered, Accepted, Refused, Served };

// A message seen on one connection (a hop). The same message on its next hop is another Mail with
// the same message_id.
struct Mail {
  Id connection = kNone;
  Id data = kNone;  // PDU of its content
  Protocol protocol{};
  Time at = 0;                  // its content began
  std::string from;             // envelope; empty for the null reverse-path and for POP3
  std::vector<std::string> to;  // recipients that the server did not refuse
  bool has_envelope = false;
  std::string subject, message_id, header_from, header_to,
      date;                  // decoded where encoded words allow
  std::uint64_t octets = 0;  // as the receiver stores it
  std::string sha256;        // hex
  bool complete = false;
  MailKind kind = MailKind::Data;
  MailFate fate = MailFate::Unanswered;
  std::uint16_t code = 0;  // of the reply that decided its fate
  std::vector<MailPart> parts;
};

// ---- what no wire shows: inside events of simulated hosts --------------------------------------

// Something of a host or an agent whose value changes.
struct Variable {
  Id host = kNone;
  Id agent = kNone;  // kNone: the host itself
  VariableKind kind = VariableKind::Power;
  std::string subject;      // whose, or of which program; empty where the kind says it all
  std::vector<Id> changes;  // indices into Trace::changes, ascending in time

  bool is(VariableKind k) const { return kind == k; }
};
inline std::string what(const Variable& variable) {
  return what(variable.kind, variable.subject);
}

struct StateChange {
  Time at = 0;
  Id variable = kNone;
  Id by = kNone;  // the agent that did it, where that is another one than the variable's
  Value before, after;
  std::string text;  // one line for people: "bob's mailbox takes message 1 from the MDA"
};

enum class Severity : std::uint8_t { Note, Warning, Error };
struct Finding {
  Severity severity = Severity::Note;
  std::string code;  // "tcp.gap", "smtp.bare-lf"
  Time at = 0;
  Id connection = kNone;
  Id pdu = kNone;
  Id frame = kNone;
  std::string text;
  std::string rfc;  // "RFC 5321 §2.3.8"
};

enum class NoteKind : std::uint8_t { Chapter, Narration, Question };
struct Note {
  Time at = 0;
  NoteKind kind = NoteKind::Narration;
  std::string text;    // chapter title, or the headline of a narration
  std::string detail;  // one or two sentences more
  Id pdu = kNone;      // what it is tied to, if a PDU
  Id change = kNone;   // what it is tied to, if an inside event
};

// What a person, or the scenario itself, did to a simulated run.
struct Intervention {
  Time at = 0;
  std::string text;  // "off mail.beta.example", as the command line takes it after the time
};

// What became different of items that settle() had seen already. Whoever keeps something beside a
// trace reads on from where he stopped. An Id may stand there more than once; kNone stands where
// Trace::settle() was, so that what is revised again behind it is noted again.
struct Revisions {
  std::vector<Id> pdus;         // `last`, `received`, `flags`
  std::vector<Id> frames;       // `received`, `fate`, `connection`
  std::vector<Id> connections;  // protocol, ends, agents
};

class Trace {
 public:
  Source source;
  OctetStore store;
  std::vector<Host> hosts;
  std::vector<Agent> agents;
  std::vector<Link> links;
  std::vector<Frame> frames;  // ascending by `sent`
  std::vector<Connection> connections;
  std::vector<Stream> streams;
  std::vector<Segment> segments;
  std::vector<Derivation> derivations;  // of derived segments (Segment::payload_at)
  std::vector<Pdu> pdus;                // as they were read
  TimeOrder by_time;                    // of pdus, by `first`; as far as settle() has come
  std::vector<Exchange> exchanges;
  std::vector<Mail> mails;
  std::vector<Variable> variables;
  std::vector<StateChange> changes;  // ascending by `at`
  std::vector<Finding> findings;
  TimeOrder findings_by_time;               // as far as settle() has come
  std::vector<Note> notes;                  // ascending by `at`
  std::vector<Intervention> interventions;  // ascending by `at`

  std::string_view octets(const Frame& frame) const { return store.view(frame.at, frame.octets); }
  std::string_view octets(const Segment& segment) const;
  // The segment itself, or that of TCP's stream in which a derived one's last octet travelled.
  const Segment& on_wire(const Segment& segment) const;
  // The stream in which the PDU's range is; kNone where there is none (Connection::stream).
  Id stream_of(const Pdu& pdu) const;
  // The octets of a stream range from `segment` on, at most `octets_max`. Gaps are passed over.
  std::string stream_octets(Id segment, std::uint64_t begin, std::uint64_t end,
                            std::size_t octets_max) const;
  // A PDU's octets as they were in the stream, line ends and stuffing included.
  std::string pdu_octets(const Pdu& pdu, std::size_t octets_max = SIZE_MAX) const;

  Id variable(Id host, Id agent, What what);  // finds it or adds it
  Id change(Time at, Id variable, Value after, std::string text, Id by = kNone);
  // The value of a variable at a time; nothing before its first change. O(log n).
  const Value& value_at(Id variable, Time at) const;

  // Brings the indices of time up to date. What makes or reads a record calls it (Road::settle,
  // Road::finish); what is drawn or exported was settled. Costs what is new.
  void settle();
  // Whether PDU `a` stands before `b` in time. O(1).
  bool is_before(Id a, Id b) const {
    return pdus[a].first != pdus[b].first ? pdus[a].first < pdus[b].first : a < b;
  }
  // Its place in by_time. O(log n).
  std::size_t place_in_time(Id pdu) const;
  // How many PDUs have begun (`first`) until then: the place behind the latest. O(log n).
  std::size_t pdus_until(Time at) const;

  // An item is about to become different. Nothing is noted of what settle() has not seen.
  void revise_pdu(Id id) { revise(revisions_.pdus, id, seen_pdus_); }
  void revise_frame(Id id) { revise(revisions_.frames, id, seen_frames_); }
  void revise_connection(Id id) { revise(revisions_.connections, id, seen_connections_); }
  const Revisions& revisions() const { return revisions_; }

 private:
  static void revise(std::vector<Id>& list, Id id, Id seen) {
    if (id < seen && (list.empty() || list.back() != id)) list.push_back(id);
  }

  using OfAgent = std::pair<Id, Id>;  // host, agent
  std::map<OfAgent, std::map<std::pair<VariableKind, std::string>, Id>> variable_ids_;
  Revisions revisions_;
  Id seen_pdus_ = 0, seen_frames_ = 0, seen_connections_ = 0;
};

// "scenario", "capture", "live", as in the JSON.
std::string_view name(SourceKind kind);
std::string_view name(Loss loss);  // "queue full", "host off"; "" for None

std::string_view name(AgentKind kind);     // "UserAgent" -> "user agent"
std::string_view name(Severity severity);  // "note", "warning", "error"
std::string_view name(MailKind kind);      // "data", "bdat", "retr", ...
std::string_view name(MailFate fate);      // "unanswered", "accepted", "refused", "served"

}  // namespace mailscope::trace
