// What the panels look up in a trace, computed once when it is opened: O(n) to build, at most 24
// octets a PDU and 8 a frame; every question is O(1) or O(log n).
//
// The index refers to the trace, which has to outlive it unchanged.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Time;
using trace::Trace;

// Long silences made short: a monotone map between virtual time and folded time, so that
// milliseconds and a half-hour retry fit one axis. What is longer than the longest gap kept takes
// just that long.
class TimeFold {
 public:
  TimeFold() = default;
  // `times` ascending; everything in [0, duration].
  TimeFold(std::span<const Time> times, Time duration);
  Time folded(Time at) const;
  Time unfolded(Time folded) const;
  Time duration() const { return duration_; }  // folded
  bool folds() const { return !gaps_.empty(); }
  Time longest_gap() const { return gap_max_; }

 private:
  struct Gap {
    Time begin, end;  // virtual
    Time folded_begin;
  };
  std::vector<Gap> gaps_;
  Time gap_max_ = 0;
  Time duration_ = 0;
};

// One row of the even-time ladder.
enum class RowKind : std::uint8_t { Pdu, Change, Lost, Gap };
struct Row {
  Id id = kNone;  // PDU, change or frame; of a Gap: the row's own predecessor item does not matter
  RowKind kind = RowKind::Pdu;
};

inline constexpr int kBuckets = 4096;  // of the scrubber's histogram
inline constexpr int kProtocols = 7;

// The order of agents within every host: people's programs, then a letter's way through the host.
int place_in_host(trace::AgentKind kind);

class TraceIndex {
 public:
  explicit TraceIndex(const Trace& trace);

  const Trace& trace() const { return *trace_; }
  Time duration() const { return duration_; }
  const TimeFold& fold() const { return fold_; }

  // The PDUs of a connection, ascending.
  std::span<const Id> pdus_of(Id connection) const;
  // A PDU's place among them. O(log n).
  std::size_t place_in_connection(Id pdu) const;

  // Even time: all rows in order of time; the row of a PDU. `time_of` is when the row's event
  // began: a PDU's departure.
  std::span<const Row> rows() const { return rows_; }
  std::size_t row_of_pdu(Id pdu) const { return row_of_pdu_[pdu]; }
  std::size_t row_of_change(Id change) const;
  Time time_of(std::size_t row) const;
  Time gap_length(std::size_t row) const;  // of a Gap row
  // What is shorter is no silence: it has no Gap row.
  Time silence_min() const;
  // The row of a lost frame; the last row's when it has none.
  std::size_t row_of_lost(Id frame) const;

  // When the frame that carried a PDU's first octet to the other end was sent: later than
  // Pdu::first where that one was lost. kNever behind a PDU that was sent only once: when octets
  // of it were sent again.
  Time departs(Id pdu) const;
  Id carrier(Id pdu) const;  // that frame: Pdu::frame, or where that was lost a later one
  Time sent_again(Id pdu) const;

  // The PDU that a frame carries the beginning of, also when it is a later hop; kNone for others.
  Id pdu_of_frame(Id frame) const;
  // The same packet on its next link; kNone behind the last.
  Id next_hop(Id frame) const;
  std::span<const Id> lost_frames() const { return lost_; }
  Time longest_flight() const { return longest_flight_; }
  Time longest_pdu() const { return longest_pdu_; }

  // Names for people: "mail.beta" while that is unmistakable, else the whole name; the address when
  // the host is not known. With the port of a server in captures.
  const std::string& host_name(Id host) const { return short_names_[host]; }
  std::string endpoint_name(const trace::Endpoint& endpoint) const;
  const trace::Endpoint& sender(const trace::Pdu& pdu) const;
  const trace::Endpoint& receiver(const trace::Pdu& pdu) const;

  // PDUs per bucket of folded time and protocol.
  const std::array<std::uint32_t, kProtocols>& bucket(int i) const { return buckets_[i]; }
  // Refusals among them: for now, for good.
  const std::array<std::uint32_t, 2>& refusals(int i) const { return refusals_[i]; }

  std::span<const Id> chapters() const { return chapters_; }  // notes
  // Notes, narration and questions, as they are shown.
  std::span<const Id> narration() const { return narration_; }
  // When what a note is tied to can be seen: a PDU when it has arrived, or is still under way when
  // the next note has its turn. Ascending in narration(), which is in the order of what happened.
  Time shown_at(Id note) const { return shown_at_[note]; }
  // The lost frame of which a note speaks: it stands at the instant at which that one was sent.
  Id lost_frame_of(const trace::Note& note) const;
  // Hosts that take part in connections or stand in the trace's place, most PDUs first; and the
  // pairs of hosts that talk.
  struct Pair {
    Id client = kNone, server = kNone;
    std::uint64_t pdus = 0;
  };
  std::span<const Id> hosts_by_traffic() const { return hosts_by_traffic_; }
  std::span<const Pair> pairs() const { return pairs_; }
  // Who has a lifeline: the agents (or, where none are known, the hosts) that are endpoints of
  // connections, and user agents and MDAs in which something happens; those of one host together
  // (place_in_host), hosts in order of appearance. At most kParticipantsMax.
  struct Participant {
    Id host = kNone, agent = kNone;
    bool operator==(const Participant&) const = default;
  };
  static constexpr std::size_t kParticipantsMax = 32;
  std::span<const Participant> participants() const { return participants_; }
  bool all_participants() const { return all_participants_; }
  // The mail whose content this PDU is, or whose exchange this PDU belongs to; kNone if none.
  Id mail_of_pdu(Id pdu) const;
  // Hops of the same message (by Message-ID), ascending in time; at least the mail itself.
  std::vector<Id> journey(Id mail) const;

 private:
  void index_connections();
  void index_frames();
  void index_resent();
  Id find_resent(Id pdu, Id after) const;
  bool is_lost(Id frame) const;
  std::vector<Id> by_departure() const;
  std::size_t row_from(Time at, RowKind kind, Id id) const;
  void index_rows();
  void index_inside_participants();
  bool insert_participant(Participant one);
  void index_notes();
  void index_histogram();
  void index_names();
  void index_hosts();
  void index_participants();

  const Trace* trace_;
  Time duration_ = 0, longest_flight_ = 0, longest_pdu_ = 0;
  TimeFold fold_;
  std::vector<std::uint32_t> connection_begin_;
  std::vector<Id> connection_pdus_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> row_of_pdu_;
  std::vector<Id> pdu_of_frame_, next_hop_, lost_;
  struct Resent {
    Id pdu;
    Time again;  // the first time that octets were sent again
    Time departs;
    Id carrier;
  };
  std::vector<Resent> resent_;  // ascending
  std::vector<std::string> short_names_;
  std::vector<std::array<std::uint32_t, kProtocols>> buckets_;
  std::vector<std::array<std::uint32_t, 2>> refusals_;
  std::vector<Id> chapters_, narration_;
  std::vector<Time> shown_at_;  // by note
  std::vector<Id> hosts_by_traffic_;
  std::vector<Pair> pairs_;
  std::vector<Participant> participants_;
  bool all_participants_ = true;
  std::vector<std::pair<Id, Id>> mail_by_data_;  // (PDU of the content, mail), ascending
};

}  // namespace mailscope::viz
