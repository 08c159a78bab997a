// Sets of message sequence numbers or UIDs. RFC 9051 §9; RFC 5182 §2.1 ($).
//
//   sequence-set = (seq-number / seq-range) ["," sequence-set] / seq-last-command
//   seq-number   = nz-number / "*"
//   seq-range    = seq-number ":" seq-number
//   seq-last-command = "$"
//
// Kept normalised: fixed ranges ascending, apart from each other, and at most one range that is
// open to "*". So 1:* costs the same for three messages and for 100,000. "4:2" is "2:4". What "*"
// is only the mailbox knows: resolve() is told the largest number in use.
//
// "n:*" means n and the largest number, and all between, also where the largest is less than n.
// "*" alone is kept as kStar:*, which comes to the same, since no number in use is above the
// largest.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::imap {

struct NumberRange {
  std::uint32_t first = 1;  // at most `last`
  std::uint32_t last = 1;
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

class SequenceSet {
 public:
  static constexpr std::uint32_t kStar = std::numeric_limits<std::uint32_t>::max();

  SequenceSet() = default;  // the empty set, which has no form on the wire
  static std::optional<SequenceSet> parse(std::string_view text);
  static SequenceSet saved_result();             // "$"
  static SequenceSet from(std::uint32_t first);  // "first:*"
  static SequenceSet of(std::span<const std::uint32_t> numbers);

  // first and last in any order; neither is 0. Cheapest in ascending order.
  void add(std::uint32_t first, std::uint32_t last);
  void add(std::uint32_t number) { add(number, number); }
  void add_from(std::uint32_t first);  // "first:*"

  bool is_saved_result() const { return saved_result_; }
  bool empty() const { return ranges_.empty() && star_from_ == 0 && !saved_result_; }
  bool has_star() const { return star_from_ != 0; }
  // The n of "n:*"; kStar for "*" alone; 0 where there is no "*".
  std::uint32_t star_from() const { return star_from_; }
  // The fixed ranges: ascending, neither touching nor overlapping.
  std::span<const NumberRange> ranges() const { return ranges_; }
  // The largest number that was said ("*" is none); 0 for none. A sequence number above the count
  // of messages is an error (RFC 9051 §9, seq-number).
  std::uint32_t largest_named() const { return largest_named_; }

  // With "*" put in: ranges within 1 to `largest`, ascending, not touching. largest 0: nothing.
  std::vector<NumberRange> resolve(std::uint32_t largest) const;
  bool contains(std::uint32_t number, std::uint32_t largest) const;

  std::string text() const;
  void append_to(std::string& out) const;
  friend bool operator==(const SequenceSet& a, const SequenceSet& b) {
    return a.ranges_ == b.ranges_ && a.star_from_ == b.star_from_ &&
           a.saved_result_ == b.saved_result_;
  }

 private:
  void normalise();

  std::vector<NumberRange> ranges_;
  std::uint32_t star_from_ = 0;
  std::uint32_t largest_named_ = 0;
  bool saved_result_ = false;
};

// Writes numbers as a set while they are found, in the order given; runs of ascending neighbours
// become ranges. Nothing is kept.
class SetWriter {
 public:
  explicit SetWriter(std::string& out) : out_(out) {}
  void add(std::uint32_t number) { add({number, number}); }
  void add(NumberRange range);
  void finish();  // once, behind the last
  bool empty() const { return !begun_; }

 private:
  std::string& out_;
  NumberRange run_{};
  bool begun_ = false;    // there is a run
  bool written_ = false;  // and there was one before
};

// uid-set of COPYUID and APPENDUID: in the order in which it was sent, which pairs the UIDs of the
// two sets (RFC 4315 §3).
using UidSequence = std::vector<NumberRange>;
std::optional<UidSequence> parse_uid_sequence(std::string_view text);
void append_uid_sequence(std::string& out, std::span<const NumberRange> uids);

}  // namespace mailscope::imap
