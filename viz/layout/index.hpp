// What the panels look up in a trace: at most 24 octets a PDU and 8 a frame.
//
// grow() brings it up to date with a trace that was settled again, at the cost of what is new or
// was revised (and of what that is put in front of); an index grown in steps is the same as one
// made at once. Every question is O(1) or O(log n), but for journey() (the mails) and the histogram
// (its buckets, made when it is asked for).
//
// The index refers to the trace, which has to outlive it and to be as it was settled last.
#pragma once

#include <array>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "captures/trace/trace.hpp"
#include "viz/layout/deed.hpp"
#include "viz/layout/event_rows.hpp"
#include "viz/layout/geometry.hpp"
#include "viz/layout/segment.hpp"

namespace mailscope::viz {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Time;
using trace::Trace;

inline constexpr std::size_t kTallied = 64;  // places between two tallies
inline constexpr int kBuckets = 4096;        // of the scrubber's histogram

// The order of agents within every host: people's programs, then a letter's way through the host.
int place_in_host(trace::AgentKind kind);

class TraceIndex {
 public:
  explicit TraceIndex(const Trace& trace);
  TraceIndex(const TraceIndex&) = delete;
  TraceIndex& operator=(const TraceIndex&) = delete;

  // The trace was settled again.
  void grow();
  // Items looked at so far, each as often as it was: what grow() costs.
  std::uint64_t work() const { return work_ + rows_.work(); }
  // The first place in Trace::by_time that is not as it was before grow().
  std::size_t first_new_place() const { return first_new_place_; }
  // Rows that begin before it are as they were before grow(); kNever where none is new.
  Time first_new_time() const { return first_new_time_; }

  const Trace& trace() const { return *trace_; }
  Time duration() const { return duration_; }
  const TimeFold& fold() const { return rows_.fold(); }

  // The PDUs of a connection, in order of time.
  std::span<const Id> pdus_of(Id connection) const;
  // A PDU's place among them. O(log n).
  std::size_t place_in_connection(Id pdu) const;

  // Even time: all rows in order of time; the row of a PDU. `time_of` is when the row's event
  // began: a PDU's departure.
  const EventRows& rows() const { return rows_; }
  std::size_t row_of_pdu(Id pdu) const { return rows_.row_of_pdu(pdu); }
  std::size_t row_of_change(Id change) const;
  Time time_of(std::size_t row) const { return rows_.time_of(row); }
  Time gap_length(std::size_t row) const;  // of a Gap row
  // What is shorter is no silence: it has no Gap row.
  Time silence_min() const { return rows_.silence_min(); }
  std::size_t row_of_intervention(Id intervention) const;
  const Deed& deed(Id intervention) const { return deeds_[intervention]; }
  // The row of a frame that was lost, or sent again: its own, or the PDU's that tells of it;
  // the last row's when it has none.
  std::size_t row_of_lost(Id frame) const;
  bool has_row(Id frame) const;
  // The lost frame that a PDU's own row tells of: it was sent once, in vain; kNone for others.
  Id lost_with(Id pdu) const;

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
  // Of a packet's frames the one that was lost; kNone where all were received.
  Id lost_hop(Id frame) const;
  // The frame by whose loss a PDU came late or never: of its first packet, or where it never came
  // of the first that was lost; kNone where none was.
  Id lost_of(Id pdu) const;
  Time longest_flight() const { return longest_flight_; }
  Time longest_pdu() const { return longest_pdu_; }

  // Names for people: "mail.beta" while that is unmistakable, else the whole name; the address when
  // the host is not known. With the port of a server in captures.
  const std::string& host_name(Id host) const { return short_names_[host]; }
  std::string endpoint_name(const trace::Endpoint& endpoint) const;
  const trace::Endpoint& sender(const trace::Pdu& pdu) const;
  const trace::Endpoint& receiver(const trace::Pdu& pdu) const;

  // PDUs per bucket of folded time and protocol.
  const std::array<std::uint32_t, kProtocolColours>& bucket(int i) const {
    return bucket_at(i).pdus;
  }
  // Refusals among them: for now, for good.
  const std::array<std::uint32_t, 2>& refusals(int i) const { return bucket_at(i).refusals; }

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
  std::span<const Id> hosts_by_traffic() const { return hosts_by_traffic_.ids; }
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
  struct Resent {
    Id pdu;
    Time again;  // the first time that octets were sent again
    Time departs;
    Id carrier;
  };
  // PDUs by protocol, and refusals for now and for good.
  struct Tally {
    std::array<std::uint32_t, kProtocolColours> pdus{};
    std::array<std::uint32_t, 2> refusals{};
  };
  // Ids by weight, the heaviest first; of equal ones the lower.
  struct Ranking {
    std::vector<Id> ids;                 // in order after settle()
    std::vector<std::uint32_t> places;   // by id; kNone for those that are not in
    std::vector<std::uint64_t> weights;  // by id
    std::vector<Id> heavier;             // since settle()
    void add(Id id, std::uint64_t weight);
    void settle();
    bool before(Id a, Id b) const;
  };
  // A connection as it was counted.
  struct Counted {
    std::array<Id, 2> hosts{kNone, kNone}, agents{kNone, kNone};
    trace::Protocol protocol{};
  };

  // What grow() does, in this order.
  void grow_names();
  void grow_frames();
  void grow_pdus(std::vector<Id>& repeated);
  void grow_hosts();
  void grow_participants();
  void grow_rows(const std::vector<Id>& repeated);
  void grow_mails();
  void grow_notes();

  void look_at_frame(Id id);
  void look_for_repeated(Id frame);
  bool repeats_syn_ack(Id frame) const;
  std::size_t control_place(const trace::Frame& frame, SegmentKind kind) const;
  void name_repeated(Id frame);
  void doubt_frames_of(Id pdu);
  bool wants_row(Id frame) const;
  std::vector<Row> grow_frame_rows();
  void look_at_pdu(Id id);
  void count_connection(Id id, std::uint64_t pdus);
  Counted ends_of(Id connection) const;
  bool revise_connections();
  void recount_connections();
  void settle_hosts();
  bool insert_participant(Participant participant);
  bool insert_ends(Id connection);
  void insert_inside_participants();
  Resent look_for_resent(Id pdu);
  // Those of the PDUs below `fresh_from` that depart at another time now.
  std::vector<Id> grow_resent(const std::vector<Id>& repeated, Id fresh_from);
  Resent* find_resent(Id pdu);
  const Resent* find_resent(Id pdu) const;
  Id next_copy(Id pdu, Id after) const;
  bool may_be_sent_again(Id pdu) const;
  Time begins(const Row& row) const;
  void count_tallies();
  Tally tally_until(std::size_t place) const;
  Tally tally_between(std::size_t from, std::size_t to) const;
  void add_to(Tally& tally, std::size_t place) const;
  const Tally& bucket_at(int i) const;
  void make_buckets() const;

  const Trace* trace_;
  Time duration_ = 0, longest_flight_ = 0, longest_pdu_ = 0;
  // What was looked at.
  Id interventions_ = 0, hosts_ = 0, frames_ = 0, pdus_ = 0, changes_ = 0, connections_ = 0,
     mails_ = 0, agents_ = 0, rows_pdus_ = 0;
  std::size_t revised_frames_ = 0, revised_pdus_ = 0, revised_connections_ = 0;
  std::size_t first_new_place_ = 0;
  Time first_new_time_ = kNever;
  std::uint64_t work_ = 0;

  std::vector<std::vector<Id>> connection_pdus_;
  EventRows rows_;
  std::vector<Id> pdu_of_frame_, next_hop_, lost_;
  std::vector<Deed> deeds_;     // by intervention
  std::vector<Id> frame_rows_;  // frames that have a row, ascending
  std::vector<Id> doubtful_;    // frames whose row is to be looked at, in this grow()
  // By connection the first frames with SYN, SYN ACK, the client's FIN and the server's.
  std::vector<std::array<Id, 4>> first_control_;
  std::vector<Resent> resent_;   // ascending by pdu
  std::vector<Id> open_resent_;  // further copies may come
  std::vector<std::string> short_names_;
  std::unordered_map<std::string, std::pair<int, Id>> label_uses_;  // how many, and the first
  std::vector<Counted> counted_;                                    // by connection
  std::vector<std::uint32_t> counted_pdus_;                         // likewise
  std::vector<Id> touched_;                                         // connections with new PDUs
  Ranking hosts_by_traffic_;
  std::unordered_map<std::uint64_t, Id> pair_of_hosts_;
  std::vector<std::pair<Id, Id>> pair_ends_;
  Ranking pair_ranking_;
  std::vector<Pair> pairs_;
  std::vector<Id> chapters_, narration_;
  std::vector<Time> shown_at_;                     // by note
  std::vector<Participant> settled_participants_;  // of the connections before settled_connections_
  Id settled_connections_ = 0;
  bool settled_all_ = true;
  std::vector<Participant> participants_;
  bool all_participants_ = true;
  std::set<Id> happening_;                       // agents in which something happens
  std::vector<std::pair<Id, Id>> mail_by_data_;  // (PDU of the content, mail), ascending
  std::vector<Id> mails_without_data_;
  // Of the places before every kTallied-th, as far as they were made and are good.
  mutable std::vector<Tally> tallies_;
  mutable std::vector<Tally> buckets_;  // empty: to be made
};

}  // namespace mailscope::viz
