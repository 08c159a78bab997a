#include "captures/pcap/offsets.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "captures/pcap/reader.hpp"

namespace mailscope::pcap {
namespace {

constexpr std::uint32_t kSimplePacketBlock = 3, kEnhancedPacketBlock = 6, kPacketBlock = 2;

std::uint32_t number(const std::array<std::uint8_t, 4>& octets, bool big_endian) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::uint32_t{octets[i]} << 8 * (big_endian ? 3 - i : i);
  return value;
}

}  // namespace

OffsetFinder::OffsetFinder(int fd) : fd_(fd) {
  const auto magic = read4(0);
  if (!magic) return;
  const std::uint32_t little = number(*magic, false), big = number(*magic, true);
  if (little == 0x0a0d0d0a) {
    format_ = Format::Pcapng;
    return;
  }
  format_ = Format::Pcap;
  if (little == 0xa1b2cd34 || big == 0xa1b2cd34) record_header_ = 24;
}

std::uint64_t OffsetFinder::find(std::uint64_t position, std::string_view octets) {
  switch (format_) {
    case Format::Pcap:
      return find_in_pcap(position, octets);
    case Format::Pcapng:
      return find_in_pcapng(position, octets);
    case Format::Unknown:
      break;
  }
  return kOffsetUnknown;
}

std::uint64_t OffsetFinder::find_in_pcap(std::uint64_t position, std::string_view octets) {
  const std::uint64_t at = previous_ + record_header_;
  previous_ = position;
  if (at + octets.size() > position) {
    format_ = Format::Unknown;
    return kOffsetUnknown;
  }
  // A record longer than the snap length is cut by libpcap: then it does not end at the position.
  if ((!compared_ || at + octets.size() != position) && !same(at, octets)) {
    format_ = Format::Unknown;
    return kOffsetUnknown;
  }
  compared_ = compared_ || !octets.empty();
  return at;
}

std::uint64_t OffsetFinder::find_in_pcapng(std::uint64_t position, std::string_view octets) {
  const auto tail = position >= 12 ? read4(position - 4) : std::nullopt;
  if (!tail) return kOffsetUnknown;
  // The byte order is the section's: it is the one in which the block makes sense.
  for (const bool big_endian : {false, true}) {
    const std::uint32_t total = number(*tail, big_endian);
    if (total < 16 || total > position) continue;
    const std::uint64_t start = position - total;
    const auto type = read4(start);
    const auto total_again = read4(start + 4);
    if (!type || !total_again || *total_again != *tail) continue;
    const std::uint32_t block = number(*type, big_endian);
    const bool simple = block == kSimplePacketBlock;
    if (!simple && block != kEnhancedPacketBlock && block != kPacketBlock) continue;
    const std::uint32_t skip = simple ? 12 : 28;
    if (total < skip + 4 || octets.size() > total - skip - 4) continue;
    if (!compared_ && !same(start + skip, octets)) continue;
    compared_ = compared_ || !octets.empty();
    return start + skip;
  }
  return kOffsetUnknown;
}

bool OffsetFinder::same(std::uint64_t at, std::string_view octets) {
  while (!octets.empty()) {
    if (!load(at)) return false;
    const std::size_t from = static_cast<std::size_t>(at - window_at_);
    const std::size_t some = std::min(octets.size(), window_octets_ - from);
    if (std::memcmp(window_.data() + from, octets.data(), some) != 0) return false;
    octets.remove_prefix(some);
    at += some;
  }
  return true;
}

std::optional<std::array<std::uint8_t, 4>> OffsetFinder::read4(std::uint64_t at) {
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = 0; i < 4; ++i) {
    if (!load(at + i)) return std::nullopt;
    octets[i] = static_cast<std::uint8_t>(window_[static_cast<std::size_t>(at + i - window_at_)]);
  }
  return octets;
}

bool OffsetFinder::load(std::uint64_t at) {
  if (at >= window_at_ && at < window_at_ + window_octets_) return true;
  if (fd_ < 0 || at > INT64_MAX) return false;
  // A block's end is asked for before its start: begin the window some way in front.
  const std::uint64_t lead = window_.size() / 4;
  window_at_ = at > lead ? at - lead : 0;
  const ssize_t got = pread(fd_, window_.data(), window_.size(), static_cast<off_t>(window_at_));
  window_octets_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  return at >= window_at_ && at < window_at_ + window_octets_;
}

}  // namespace mailscope::pcap
