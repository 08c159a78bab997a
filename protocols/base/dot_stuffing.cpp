#include "protocols/base/dot_stuffing.hpp"

#include <cassert>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace mailscope {
namespace {

// One bit for each octet of a block.
constexpr std::size_t kBlock = 64;
struct Masks {
  std::uint64_t cr = 0, lf = 0, dot = 0, nul = 0;
};

#if defined(__SSE2__)
Masks masks_of(const char* block) {
  Masks masks;
  const __m128i cr = _mm_set1_epi8('\r');
  const __m128i lf = _mm_set1_epi8('\n');
  const __m128i dot = _mm_set1_epi8('.');
  const __m128i nul = _mm_setzero_si128();
  for (int i = 0; i < 4; ++i) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    const auto bits = [&](__m128i pattern) {
      return std::uint64_t{
                 static_cast<std::uint16_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, pattern)))}
             << (16 * i);
    };
    masks.cr |= bits(cr);
    masks.lf |= bits(lf);
    masks.dot |= bits(dot);
    masks.nul |= bits(nul);
  }
  return masks;
}
#else
Masks masks_of(const char* block) {
  Masks masks;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (block[i] == '\r') masks.cr |= bit;
    if (block[i] == '\n') masks.lf |= bit;
    if (block[i] == '.') masks.dot |= bit;
    if (block[i] == '\0') masks.nul |= bit;
  }
  return masks;
}
#endif

std::uint64_t lowest(std::uint64_t mask) {
  return static_cast<std::uint64_t>(__builtin_ctzll(mask));
}
std::uint64_t count(std::uint64_t mask) {
  return static_cast<std::uint64_t>(__builtin_popcountll(mask));
}

void note(std::uint64_t mask, std::uint64_t at, std::uint64_t& total, std::uint64_t& first) {
  if (mask == 0) return;
  if (total == 0) first = at + lowest(mask);
  total += count(mask);
}

}  // namespace

void DotEncoder::encode(std::string_view piece, std::string& wire) {
  std::size_t from = 0;  // what lies before it is in `wire`
  for (std::size_t i = 0; i < piece.size();) {
    if (at_ == At::LineStart && piece[i] == '.') {
      wire.append(piece, from, i - from);
      wire += '.';
      from = i;
    }
    if (at_ == At::Cr && piece[i] == '\n') {
      at_ = At::LineStart;
      ++i;
      continue;
    }
    const void* found = std::memchr(piece.data() + i, '\r', piece.size() - i);
    if (found == nullptr) {
      at_ = At::Text;
      break;
    }
    i = static_cast<std::size_t>(static_cast<const char*>(found) - piece.data()) + 1;
    at_ = At::Cr;
  }
  wire.append(piece, from);
}

void DotEncoder::finish(std::string& wire) {
  if (at_ != At::LineStart) wire += "\r\n";
  wire += ".\r\n";
  at_ = At::LineStart;
}

std::string dot_stuffed(std::string_view content) {
  std::string wire;
  wire.reserve(content.size() + 8);
  DotEncoder encoder;
  encoder.encode(content, wire);
  encoder.finish(wire);
  return wire;
}

// A line ended: `at` is where the next one begins.
void DotDecoder::count_line_start(std::uint64_t at) {
  if (at - line_begin_ > line_octets_max_) {
    if (faults_.long_lines == 0) faults_.first_long_line = line_begin_;
    ++faults_.long_lines;
  }
  line_begin_ = at;
}

// How many octets from the front are plain text: up to a dot at a line start, or all. Counts their
// faults, and leaves state_ and line_begin_ as they are behind them. One pass, 64 octets at a time,
// with a bit mask for each octet of interest; the masks are shifted by one to look at neighbours.
std::size_t DotDecoder::scan(std::string_view input) {
  std::uint64_t after_cr_in = state_ == State::Cr ? 1 : 0;
  std::uint64_t line_start_in = state_ == State::LineStart ? 1 : 0;
  char padded[kBlock];
  std::size_t at = 0;
  while (at < input.size()) {
    std::size_t length = kBlock;
    const char* block = input.data() + at;
    if (input.size() - at < kBlock) {
      length = input.size() - at;
      std::memset(padded, ' ', kBlock);
      std::memcpy(padded, block, length);
      block = padded;
    }
    const Masks masks = masks_of(block);
    const std::uint64_t after_cr = masks.cr << 1 | after_cr_in;
    const std::uint64_t line_end = masks.lf & after_cr;
    const std::uint64_t line_start = line_end << 1 | line_start_in;
    const std::uint64_t dots = masks.dot & line_start;

    std::uint64_t valid = length == kBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << length) - 1;
    if (dots != 0) {
      length = lowest(dots);
      valid = (std::uint64_t{1} << length) - 1;
    }
    const std::uint64_t offset = taken_ + at;
    note(masks.lf & ~after_cr & valid, offset, faults_.bare_lf, faults_.first_bare_lf);
    note(masks.nul & valid, offset, faults_.nul, faults_.first_nul);
    // Seen at the octet behind the CR.
    const std::uint64_t bare_cr = after_cr & ~masks.lf & valid;
    if (bare_cr != 0) note(bare_cr, offset - 1, faults_.bare_cr, faults_.first_bare_cr);
    const std::uint64_t ends = line_end & valid;
    if (ends != 0) {
      count_line_start(offset + lowest(ends) + 1);
      line_begin_ = offset + (63 - static_cast<std::uint64_t>(__builtin_clzll(ends))) + 1;
    }
    at += length;
    if (dots != 0) {
      state_ = State::LineStart;
      return at;
    }
    if (length == kBlock) {
      after_cr_in = masks.cr >> 63;
      line_start_in = line_end >> 63;
    } else {
      after_cr_in = masks.cr >> (length - 1) & 1;
      line_start_in = line_end >> (length - 1) & 1;
    }
  }
  state_ = after_cr_in != 0 ? State::Cr : line_start_in != 0 ? State::LineStart : State::Text;
  return at;
}

std::string_view DotDecoder::take_text(std::string_view& input) {
  const std::size_t length = scan(input);
  const std::string_view piece = input.substr(0, length);
  input.remove_prefix(length);
  taken_ += length;
  return piece;
}

// The octets of a line that begins with a dot, one step. True: `piece` is to be handed out.
bool DotDecoder::take_dots(std::string_view& input, std::string_view& piece) {
  const char c = input.front();
  if (state_ == State::LineStart) {  // c is the dot
    input.remove_prefix(1);
    ++taken_;
    state_ = State::Dot;
    return false;
  }
  if (state_ == State::Dot) {
    line_begin_ = taken_;  // the stuffed dot does not count (RFC 5321 §4.5.3.1.6)
    if (c != '\r') {
      state_ = State::Text;  // whatever it is, it is the line's text: ".." is one dot
      return false;
    }
    input.remove_prefix(1);
    ++taken_;
    state_ = State::DotCr;
    return false;
  }
  assert(state_ == State::DotCr);
  if (c == '\n') {
    input.remove_prefix(1);
    ++taken_;
    state_ = State::Finished;
    return false;
  }
  state_ = State::Cr;  // the CR that was withheld is text
  piece = "\r";
  return true;
}

std::string_view DotDecoder::next(std::string_view& input) {
  while (!input.empty() && state_ != State::Finished) {
    const bool dots = state_ == State::Dot || state_ == State::DotCr ||
                      (state_ == State::LineStart && input.front() == '.');
    if (!dots) return take_text(input);
    std::string_view piece;
    if (take_dots(input, piece)) return piece;
  }
  return {};
}

void DotDecoder::gap(std::uint64_t octets) {
  if (state_ == State::Finished) return;
  taken_ += octets;
  line_begin_ = taken_;
  state_ = State::LineStart;
}

void DotDecoder::reset() {
  *this = DotDecoder(line_octets_max_);
}

std::string_view BareLfDotDecoder::next(std::string_view& input) {
  if (at_ == At::LineStart && input.starts_with('.')) {
    at_ = At::Dot;
    input.remove_prefix(1);
  }
  if (input.empty() || finished()) return {};
  if (at_ == At::Dot && input.front() == '\n') {
    at_ = At::End;
    input.remove_prefix(1);
    return {};
  }
  const std::size_t lf = input.find('\n');
  const std::string_view piece = input.substr(0, lf == input.npos ? lf : lf + 1);
  input.remove_prefix(piece.size());
  at_ = lf == input.npos ? At::Text : At::LineStart;
  return piece;
}

}  // namespace mailscope
