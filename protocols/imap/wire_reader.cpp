#include "protocols/imap/wire_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kTailOctets = 32;  // more than a literal's count has

// The count of a literal at the end of a line: ["~"] "{" number64 ["+"] "}".
std::optional<Literal> literal_at_end(std::string_view line) {
  if (line.empty() || line.back() != '}') return std::nullopt;
  const std::size_t brace = line.rfind('{');
  if (brace == std::string_view::npos) return std::nullopt;
  std::string_view count = line.substr(brace + 1, line.size() - brace - 2);
  Literal literal;
  literal.synchronizing = count.empty() || count.back() != '+';
  if (!literal.synchronizing) count.remove_suffix(1);
  const std::optional<std::uint64_t> size = parse_number64(count);
  if (!size) return std::nullopt;
  literal.size = *size;
  literal.binary = brace > 0 && line[brace - 1] == '~';
  return literal;
}

}  // namespace

std::string describe(const WireFault& fault) {
  switch (fault.kind) {
    case WireFault::Kind::LineTooLong:
      return "The line is too long";
    case WireFault::Kind::BareCr:
      return "A CR stands only in front of LF";
    case WireFault::Kind::BareLf:
      return "A LF stands only behind CR";
    case WireFault::Kind::Nul:
      return "NUL is not allowed but in a literal8";
    case WireFault::Kind::LiteralTooBig:
      return "The literal is too big";
    case WireFault::Kind::TooManyLiterals:
      return "There are too many literals";
  }
  return {};
}

WireReader::WireReader(Limits limits, LineSplitter::BareLf bare_lf)
    : limits_(limits), bare_lf_(bare_lf), lines_(limits.line_octets_max, bare_lf) {}

WireReader::Answer WireReader::next(std::string_view& input) {
  assert(state_ != State::Decision);
  if (too_big_) return fault(WireFault::Kind::LiteralTooBig);
  for (;;) {
    if (state_ != State::Text) {
      Answer answer = take_literal(input);
      if (state_ != State::Text || std::holds_alternative<LiteralPiece>(answer)) return answer;
    }
    const std::optional<Line> line = take_line(input);
    if (!line) return NeedMore{};
    Answer answer = end_line(*line);
    if (!std::holds_alternative<NeedMore>(answer)) return answer;
  }
}

WireReader::Answer WireReader::next_line(std::string_view& input) {
  assert(text_.text.empty() && state_ == State::Text);
  if (!lines_.in_line()) begin_again();
  const std::optional<Line> line = take_line(input);
  if (!line) return NeedMore{};
  tail_.clear();
  text_.end = line->end;
  if (const std::optional<WireFault::Kind> kind = fault_in(*line)) return fault(*kind);
  text_.text = line->text;
  WireText whole = std::move(text_);
  begin_again();
  return whole;
}

void WireReader::keep_literal() {
  assert(state_ == State::Decision);
  const Literal& literal = text_.literals.back();
  too_big_ = literal.size > limits_.literal_octets_max - octets_kept_;
  if (too_big_) return drop_literal();
  octets_kept_ += literal.size;
  state_ = State::Keep;
}

void WireReader::pass_literal_on() {
  assert(state_ == State::Decision);
  text_.literals.back().kept = false;
  state_ = State::PassOn;
}

void WireReader::drop_literal() {
  assert(state_ == State::Decision);
  dropping_ = !text_.literals.back().synchronizing;
  state_ = dropping_ ? State::Drop : State::Text;
  if (!dropping_) octets_left_ = 0;
  if (!too_big_ && !dropping_) begin_again();
}

bool WireReader::gap(std::uint64_t octets) {
  if (state_ == State::PassOn && octets <= octets_left_) {
    octets_left_ -= octets;
    lines_.skip(octets);
    return true;
  }
  lines_.gap(octets);
  tail_.clear();
  dropping_ = too_big_ = false;
  begin_again();
  return false;
}

std::optional<Line> WireReader::take_line(std::string_view& input) {
  const std::string_view before = input;
  std::optional<Line> line = lines_.next(input);
  // The end of a line that is too long to be held has to be known, too (RFC 7888 §3).
  const std::string_view taken = before.substr(0, before.size() - input.size());
  tail_.append(taken.substr(taken.size() - std::min(taken.size(), kTailOctets)));
  if (tail_.size() > kTailOctets) tail_.erase(0, tail_.size() - kTailOctets);
  return line;
}

WireReader::Answer WireReader::end_line(const Line& line) {
  const std::string tail = std::exchange(tail_, {});
  if (line.has(Line::kHeadMissing)) {
    begin_again();
    return NeedMore{};
  }
  text_.end = line.end;
  std::string_view end = tail;
  while (!end.empty() && (end.back() == '\n' || end.back() == '\r')) end.remove_suffix(1);
  if (dropping_) {
    drop_rest(end);
    return NeedMore{};
  }
  std::optional<WireFault::Kind> kind = fault_in(line);
  const std::optional<Literal> literal = literal_at_end(end);
  text_.text += line.text;
  if (!kind && literal && text_.literals.size() == limits_.literals_max)
    kind = WireFault::Kind::TooManyLiterals;
  if (kind) {
    Answer answer = fault(*kind);
    drop_rest(end);
    return answer;
  }
  if (!literal) {
    if (nul_in_literal_) return fault(WireFault::Kind::Nul);
    WireText whole = std::move(text_);
    begin_again();
    return whole;
  }
  text_.literals.push_back(*literal);
  octets_left_ = literal->size;
  state_ = State::Decision;
  const std::size_t octets = text_.text.size();
  text_.text += "\r\n";
  return LiteralFollows{literal->size, literal->synchronizing, literal->binary,
                        std::string_view(text_.text).substr(0, octets)};
}

WireReader::Answer WireReader::take_literal(std::string_view& input) {
  const std::string_view octets = input.substr(
      0, static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), octets_left_)));
  input.remove_prefix(octets.size());
  lines_.skip(octets.size());
  octets_left_ -= octets.size();
  const State state = state_;
  if (octets_left_ == 0) state_ = State::Text;
  if (state == State::PassOn && !octets.empty()) return LiteralPiece{octets};
  if (state == State::Keep) {
    Literal& literal = text_.literals.back();
    if (!literal.binary && octets.find('\0') != std::string_view::npos) nul_in_literal_ = true;
    if (!nul_in_literal_) literal.octets += octets;
  }
  return NeedMore{};
}

std::optional<WireFault::Kind> WireReader::fault_in(const Line& line) const {
  if (line.has(Line::kTooLong) || text_.text.size() + line.text.size() > limits_.line_octets_max)
    return WireFault::Kind::LineTooLong;
  if (line.has(Line::kNul)) return WireFault::Kind::Nul;
  if (line.has(Line::kBareCr)) return WireFault::Kind::BareCr;
  if (line.has(Line::kBareLf) && bare_lf_ == LineSplitter::BareLf::IsText)
    return WireFault::Kind::BareLf;
  return std::nullopt;
}

// The command so far is over. What is still to come of a literal has been decided before.
WireReader::Answer WireReader::fault(WireFault::Kind kind) {
  WireFault answer{kind, std::move(text_.text), text_.begin, text_.end};
  const State state = state_;
  const std::uint64_t left = octets_left_;
  begin_again();
  if (kind == WireFault::Kind::LiteralTooBig && dropping_) {
    state_ = state;
    octets_left_ = left;
  }
  return answer;
}

// A line of a command that is passed over: so are the octets that it announces and does not wait
// for.
void WireReader::drop_rest(std::string_view tail) {
  const std::optional<Literal> literal = literal_at_end(tail);
  dropping_ = literal && !literal->synchronizing;
  begin_again();
  if (!dropping_) return;
  octets_left_ = literal->size;
  state_ = State::Drop;
}

void WireReader::begin_again() {
  text_ = {};
  text_.begin = text_.end = lines_.offset();
  state_ = State::Text;
  octets_left_ = octets_kept_ = 0;
  nul_in_literal_ = too_big_ = false;
}

}  // namespace mailscope::imap
