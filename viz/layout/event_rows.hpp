// The rows of the even-time ladder: one for each event, in order of time, and one for each long
// silence. It grows with what happens: rows may come in front of others, and a row may move (a PDU
// whose first frame turns out to be lost departs later). Costs what is new and what stands behind
// it; every question is O(1) or O(log n).
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "viz/layout/time_fold.hpp"

namespace mailscope::viz {

using trace::Id;
using trace::kNever;
using trace::kNone;

enum class RowKind : std::uint8_t {
  Pdu,
  Change,
  Lost,  // a frame that was lost, or sent again though nothing was
  Intervention,
  Gap
};
struct Row {
  Id id = kNone;  // PDU, change, frame, intervention; kNone of a Gap
  RowKind kind = RowKind::Pdu;
  bool operator==(const Row&) const = default;
};

class EventRows {
 public:
  // When a row's event began.
  using TimeOf = std::function<Time(const Row&)>;
  // What is shorter is no silence, however rare: it has no Gap row. What is longer than the second
  // is one, however usual.
  static constexpr Time kSilence = 500'000'000, kSilenceAlways = 2'000'000'000;

  // `time_of` may be asked at any time of the rows that are in. `first_of` orders PDUs that
  // departed in one instant.
  EventRows(TimeOf time_of, TimeOf first_of)
      : time_of_(std::move(time_of)), first_of_(std::move(first_of)) {}

  // Rows that are in; before their time becomes different. PDUs have to be among those that are put
  // in next.
  void take_out(const std::vector<Row>& rows);
  // What is new; in order of time each, as far as that is cheap to have.
  struct Fresh {
    std::vector<Row> pdus, changes, lost, interventions;
  };
  void put_in(Fresh fresh, Time duration);

  std::size_t size() const { return plain_.size() + silences_.size(); }
  Row operator[](std::size_t row) const;
  std::size_t row_of_pdu(Id pdu) const { return behind_silences(place_of_pdu_[pdu]); }
  // The row of this kind and id among those that begin at `at`; else the one that stands where it
  // would.
  std::size_t row_of(Row sought, Time at) const;
  Time time_of(std::size_t row) const;
  const TimeFold& fold() const { return fold_; }
  Time silence_min() const { return std::clamp(fold_.longest_gap(), kSilence, kSilenceAlways); }
  std::uint64_t work() const { return work_; }

 private:
  // Places are those in plain_; rows count the silences too.
  bool earlier(const Row& a, const Row& b) const;
  std::size_t place_of(const Row& row) const;
  std::size_t behind_silences(std::size_t place) const;
  Time gap_before(std::size_t place) const;
  std::vector<Time> gaps_from(std::size_t place) const;
  std::vector<Row> merged(Fresh fresh) const;
  void forget_from(std::size_t place);
  void learn_from(std::size_t place, Time duration);
  void find_silences(std::size_t from);

  TimeOf time_of_, first_of_;
  std::vector<Row> plain_;                   // without silences
  std::vector<std::uint32_t> place_of_pdu_;  // by PDU
  GapLengths gaps_;
  std::vector<std::uint32_t> long_, wide_, silences_;  // places behind a gap: of kSilence or more;
                                                       // worth folding; longer than is usual
  TimeFold fold_;
  Time duration_ = 0;
  Time silence_min_ = -1;  // of silences_
  std::uint64_t work_ = 0;
};

}  // namespace mailscope::viz
