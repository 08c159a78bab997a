#include "protocols/imap/values/sequence_set.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

void append_range(std::string& out, NumberRange range) {
  append_number(out, range.first);
  if (range.first == range.last) return;
  out += ':';
  append_number(out, range.last);
}

// Takes a seq-number off the front; kStar for "*", 0 where there is none.
std::uint32_t take_number(std::string_view& text) {
  if (!text.empty() && text.front() == '*') {
    text.remove_prefix(1);
    return SequenceSet::kStar;
  }
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint32_t> number = parse_nz_number(text.substr(0, digits));
  text.remove_prefix(digits);
  return number.value_or(0);
}

struct Piece {
  std::uint32_t first = 0;  // 0: not in order
  std::uint32_t last = 0;
  bool star = false;  // one of the two
};

// seq-number / seq-range
Piece take_piece(std::string_view& text) {
  Piece piece;
  piece.star = !text.empty() && text.front() == '*';
  piece.first = piece.last = take_number(text);
  if (text.empty() || text.front() != ':') return piece;
  text.remove_prefix(1);
  piece.star = piece.star || (!text.empty() && text.front() == '*');
  piece.last = take_number(text);
  if (piece.last == 0) piece.first = 0;
  return piece;
}

// seq-range *("," seq-range); false where it is not in order.
template <typename Take>
bool take_pieces(std::string_view text, const Take& take) {
  for (;;) {
    const Piece piece = take_piece(text);
    if (piece.first == 0 || !take(piece)) return false;
    if (text.empty()) return true;
    if (text.front() != ',') return false;
    text.remove_prefix(1);
  }
}

}  // namespace

std::optional<SequenceSet> SequenceSet::parse(std::string_view text) {
  if (text == "$") return saved_result();
  SequenceSet set;
  bool ascending = true;
  const bool in_order = take_pieces(text, [&](const Piece& piece) {
    const auto [first, last] = std::minmax(piece.first, piece.last);
    if (piece.star) {
      set.add_from(first);
      return true;
    }
    set.largest_named_ = std::max(set.largest_named_, last);
    ascending = ascending && (set.ranges_.empty() || set.ranges_.back().last < first);
    set.ranges_.push_back({first, last});
    return true;
  });
  if (!in_order) return std::nullopt;
  if (!ascending)
    std::sort(set.ranges_.begin(), set.ranges_.end(),
              [](NumberRange a, NumberRange b) { return a.first < b.first; });
  set.normalise();
  return set;
}

SequenceSet SequenceSet::saved_result() {
  SequenceSet set;
  set.saved_result_ = true;
  return set;
}

SequenceSet SequenceSet::from(std::uint32_t first) {
  SequenceSet set;
  set.add_from(first);
  return set;
}

SequenceSet SequenceSet::of(std::span<const std::uint32_t> numbers) {
  SequenceSet set;
  for (const std::uint32_t number : numbers) set.add(number);
  return set;
}

void SequenceSet::add(std::uint32_t first, std::uint32_t last) {
  if (first > last) std::swap(first, last);
  largest_named_ = std::max(largest_named_, last);
  if (star_from_ == 0 && (ranges_.empty() || ranges_.back().last < first)) {
    if (!ranges_.empty() && ranges_.back().last + 1 == first)
      ranges_.back().last = last;
    else
      ranges_.push_back({first, last});
    return;
  }
  const auto at = std::upper_bound(
      ranges_.begin(), ranges_.end(), first,
      [](std::uint32_t number, NumberRange range) { return number < range.first; });
  ranges_.insert(at, {first, last});
  normalise();
}

void SequenceSet::add_from(std::uint32_t first) {
  if (first != kStar) largest_named_ = std::max(largest_named_, first);
  star_from_ = star_from_ == 0 ? first : std::min(star_from_, first);
  normalise();
}

// Of ranges in ascending order of their first numbers: joins what touches, and gives the open range
// what it covers.
void SequenceSet::normalise() {
  std::size_t kept = 0;
  for (const NumberRange range : ranges_) {
    if (star_from_ != 0 && range.first >= star_from_) break;
    if (kept > 0 && range.first <= std::uint64_t{ranges_[kept - 1].last} + 1)
      ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, range.last);
    else
      ranges_[kept++] = range;
  }
  ranges_.resize(kept);
  if (star_from_ == 0 || ranges_.empty()) return;
  // "2:9,5:*" is "2:*": all numbers in use from 2 on.
  if (std::uint64_t{ranges_.back().last} + 1 >= star_from_) {
    star_from_ = ranges_.back().first;
    ranges_.pop_back();
  }
}

std::vector<NumberRange> SequenceSet::resolve(std::uint32_t largest) const {
  std::vector<NumberRange> resolved;
  for (const NumberRange range : ranges_) {
    if (range.first > largest) break;
    resolved.push_back({range.first, std::min(range.last, largest)});
  }
  if (star_from_ == 0 || largest == 0) return resolved;
  const NumberRange open{std::min(star_from_, largest), largest};
  if (!resolved.empty() && std::uint64_t{resolved.back().last} + 1 >= open.first)
    resolved.back().last = largest;
  else
    resolved.push_back(open);
  return resolved;
}

bool SequenceSet::contains(std::uint32_t number, std::uint32_t largest) const {
  if (number == 0 || number > largest) return false;
  if (star_from_ != 0 && number >= std::min(star_from_, largest)) return true;
  const auto behind = std::upper_bound(
      ranges_.begin(), ranges_.end(), number,
      [](std::uint32_t wanted, NumberRange range) { return wanted < range.first; });
  return behind != ranges_.begin() && number <= std::prev(behind)->last;
}

void SequenceSet::append_to(std::string& out) const {
  if (saved_result_) {
    out += '$';
    return;
  }
  append_uid_sequence(out, ranges_);
  if (star_from_ == 0) return;
  if (!ranges_.empty()) out += ',';
  if (star_from_ != kStar) {
    append_number(out, star_from_);
    out += ':';
  }
  out += '*';
}

std::string SequenceSet::text() const {
  std::string out;
  append_to(out);
  return out;
}

void SetWriter::add(NumberRange range) {
  if (begun_ && std::uint64_t{run_.last} + 1 == range.first) {
    run_.last = range.last;
    return;
  }
  finish();
  run_ = range;
  begun_ = true;
}

void SetWriter::finish() {
  if (!begun_) return;
  if (written_) out_ += ',';
  append_range(out_, run_);
  written_ = true;
}

std::optional<UidSequence> parse_uid_sequence(std::string_view text) {
  UidSequence uids;
  const bool in_order = take_pieces(text, [&](const Piece& piece) {
    const auto [first, last] = std::minmax(piece.first, piece.last);
    uids.push_back({first, last});
    return !piece.star;
  });
  if (!in_order) return std::nullopt;
  return uids;
}

void append_uid_sequence(std::string& out, std::span<const NumberRange> uids) {
  bool first = true;
  for (const NumberRange range : uids) {
    if (!first) out += ',';
    first = false;
    append_range(out, range);
  }
}

}  // namespace mailscope::imap
