#include "protocols/base/line_splitter.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace mailscope {
namespace {

bool contains(std::string_view text, char c) {
  return !text.empty() && std::memchr(text.data(), c, text.size()) != nullptr;
}

std::uint8_t faults_in(std::string_view text) {
  std::uint8_t faults = 0;
  if (contains(text, '\r')) faults |= Line::kBareCr;
  if (contains(text, '\0')) faults |= Line::kNul;
  return faults;
}

}  // namespace

// Takes octets of the unfinished line. A CR at their end is held back: it may be half of the CRLF.
void LineSplitter::hold(std::string_view octets) {
  if (octets.empty()) return;
  offset_ += octets.size();
  if (cr_waits_) {
    faults_ |= Line::kBareCr;  // an LF would have ended the line
    if (held_.size() < line_octets_max_) held_ += '\r';
  }
  cr_waits_ = octets.back() == '\r';
  if (cr_waits_) octets.remove_suffix(1);
  faults_ |= faults_in(octets);
  const std::size_t room = line_octets_max_ - std::min(line_octets_max_, held_.size());
  held_.append(octets.substr(0, room));
}

// The line ends at offset_; `faults` are those of its text beside the ones already seen.
Line LineSplitter::close(std::string_view text, std::uint8_t faults) {
  Line line;
  line.begin = line_begin_;
  line.end = offset_;
  line.faults = faults | faults_;
  if (head_missing_) line.faults |= Line::kHeadMissing;
  if (line.end - line.begin > line_octets_max_) {
    line.faults |= Line::kTooLong;
    text = text.substr(0, line_octets_max_ >= 2 ? line_octets_max_ - 2 : 0);
  }
  line.text = text;
  line_begin_ = offset_;
  faults_ = 0;
  cr_waits_ = false;
  head_missing_ = false;
  return line;
}

Line LineSplitter::close_held(std::uint8_t faults) {
  std::swap(held_, delivered_);
  held_.clear();
  return close(delivered_, faults);
}

// The last line's text is over.
void LineSplitter::forget_delivered() {
#ifndef NDEBUG
  std::string().swap(delivered_);
#endif
}

std::optional<Line> LineSplitter::next(std::string_view& input) {
  forget_delivered();
  std::size_t from = 0;
  while (from < input.size()) {
    const void* found = std::memchr(input.data() + from, '\n', input.size() - from);
    if (found == nullptr) break;
    const std::size_t lf = static_cast<std::size_t>(static_cast<const char*>(found) - input.data());
    const bool after_cr = lf == 0 ? cr_waits_ : input[lf - 1] == '\r';
    if (!after_cr) {
      faults_ |= Line::kBareLf;
      if (bare_lf_ == BareLf::IsText) {
        from = lf + 1;
        continue;
      }
    }
    const std::size_t end_octets = after_cr ? 2 : 1;
    const std::string_view whole = input.substr(0, lf + 1);
    input.remove_prefix(lf + 1);
    if (!in_line()) {
      offset_ += whole.size();
      const std::string_view text = whole.substr(0, whole.size() - end_octets);
      return close(text, faults_in(text));
    }
    hold(whole.substr(0, lf));  // leaves the CR waiting
    offset_ += 1;
    return close_held(0);
  }
  hold(input);
  input = {};
  return std::nullopt;
}

std::optional<Line> LineSplitter::finish() {
  forget_delivered();
  if (!in_line()) return std::nullopt;
  if (cr_waits_ && held_.size() < line_octets_max_) held_ += '\r';
  return close_held(cr_waits_ ? Line::kUnterminated | Line::kBareCr : Line::kUnterminated);
}

void LineSplitter::skip(std::uint64_t octets) {
  assert(!in_line());
  offset_ += octets;
  line_begin_ = offset_;
}

std::optional<Line> LineSplitter::gap(std::uint64_t octets) {
  const std::optional<Line> line = finish();
  skip(octets);
  head_missing_ = true;
  return line;
}

}  // namespace mailscope
