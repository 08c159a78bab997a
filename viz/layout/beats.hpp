// What playing at a reader's pace shows one after the other, and for how long.
//
// A trace is played in beats. Each PDU has one, in which it goes its way; so have each inside event
// that has a row in the ladder and each frame that was lost. Each narrated step is a beat in which
// nothing moves for as long as its words take to read, right behind what it speaks of; a silence is
// one beat, however long, and over where anything moves. What is like what has just been seen goes
// faster, one after the other all the same. Beats stand in the order in which things arrive, so
// virtual time never goes back and nothing is shown before what brought it about.
//
// The plan comes from the index alone. It grows with it, at the cost of what is new (and of what
// that is put in front of); one grown in steps is the same as one made at once.
#pragma once

#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

enum class BeatKind : std::uint8_t {
  Step,
  Pdu,
  Change,
  Loss,
  Silence,
  Intervention,
  Leave,  // a PDU sets out that is still under way at the step that speaks of it
  Frames  // what moves where no event is: acknowledgments, what is sent again, ARP
};

struct Beat {
  BeatKind kind = BeatKind::Step;
  Id id = kNone;          // of narration(), a PDU, a change, a frame; kNone of a silence, and of
                          // frames that belong to what was last
  Id pdu = kNone;         // the PDU that the cursor stands on
  Id note = kNone;        // the narration that is shown, an index into narration()
  Time from = 0, to = 0;  // the virtual time that passes in it
  Time silence = 0;       // how long it says it was
  bool lower_layers = false;  // a silence of the programs: ARP and its like go on meanwhile
  float seconds = 0;          // at pace 1
  Selection last;  // what has happened last, where the beat itself is nothing that happens
  bool operator==(const Beat&) const = default;
};

inline constexpr double kBeatSecondsMax = 30;  // no beat is longer, at pace 1

// How long a headline and its detail take to read.
double reading_seconds(const trace::Note& note);

class BeatPlan {
 public:
  // The index has to outlive it; whoever lets that grow lets the plan grow each time.
  explicit BeatPlan(const TraceIndex& index);

  // The index has grown, once.
  void grow();
  const std::vector<Beat>& beats() const { return beats_; }
  // The first beat that is not as it was before grow().
  std::size_t first_new_beat() const { return first_new_beat_; }
  // Things planned so far, each as often as it was: what grow() costs.
  std::uint64_t work() const { return work_; }

 private:
  using Key = std::pair<BeatKind, Id>;
  // What has a beat of its own.
  struct Item {
    Time begin = 0, at = 0;  // begins to be seen, is there
    BeatKind kind{};
    trace::Protocol protocol{};  // of a PDU's connection
    Id id = kNone;
    std::uint32_t row = 0;   // while it is planned
    std::uint32_t beat = 0;  // the first of those that were planned for it
    Key key() const { return {kind, id}; }
  };
  // Long nothing in front of an item: whether it is a silence depends on what is usual.
  struct Wait {
    std::size_t item = 0;
    Time length = 0;
  };
  // Frames in a wait that move together: the first that says something, and since when until when.
  struct Stir {
    Time from = 0, to = 0;
    Id frame = kNone;
  };
  std::vector<Stir> stirs_between(Time from, Time until) const;
  // A note as it was planned: `tied` to what stands right in front of it, if anything.
  struct Told {
    Time shown_at = 0;
    Key tied{BeatKind::Step, kNone};
    bool operator==(const Told&) const = default;
  };
  // What is like what has just been seen.
  using Likeness = std::tuple<BeatKind, trace::Protocol, trace::PduKind, int, int, Id>;

  // Up to when all is as it was planned.
  Time first_new_time();
  Time first_new_pdu();
  Time first_new_frame();
  Time first_new_protocol();
  Time first_new_note();
  Time first_new_silence();
  Key tie_of(const trace::Note& note) const;
  Time time_of(Key item) const;

  void take_back(std::size_t item);
  void gather(std::size_t item, Time from);
  Item item_in(std::size_t row);
  void plan(std::size_t item);
  void add(const Item& item);
  void add_notes_before(Time at);
  void add_step();
  void add_silence(Time until, Time told);
  void note_wait(Time length);
  double seconds(const Item& item) const;
  bool told_by_next(const Item& item) const;
  Likeness likeness(const Item& item) const;
  void push_silence(Time until, Time told, int alike);
  bool sends_between(Time from, Time until) const;
  void push(BeatKind kind, Id id, Time from, Time to, double seconds);
  const trace::Note* next_note() const;

  const TraceIndex* index_;
  const Trace* trace_;
  std::vector<Item> items_;  // in the order in which they arrive
  std::vector<Beat> beats_;
  std::size_t rest_ = 0;  // the first beat behind those of the items
  std::size_t first_new_beat_ = 0;
  std::size_t planned_ = 0;  // the item that is being planned
  // How many alike there were, in each stretch between steps and silences.
  std::vector<std::map<Likeness, int>> stretches_{1};
  std::vector<Wait> waits_;                 // ascending by item
  std::vector<Told> told_;                  // by narration()
  std::map<Key, std::size_t> ties_;         // the last of narration() that is tied to an item
  std::vector<Time> arrivals_;              // by PDU
  std::vector<trace::Protocol> protocols_;  // by connection
  Id frames_ = 0;                           // that were looked at
  std::size_t revised_frames_ = 0, revised_pdus_ = 0, revised_connections_ = 0;
  Time duration_ = 0, silence_min_ = 0;
  // Of the plan as far as it has come.
  Id pdu_ = kNone, note_ = kNone;
  Selection last_;
  Time now_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace mailscope::viz
