#include "captures/pcap/pcapng.hpp"
#include "captures/pcap/limits.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace mailscope::pcap {
namespace {

constexpr std::uint32_t kInterfaceBlock = 1, kPacketBlock = 2, kSimplePacket = 3,
                        kEnhancedPacket = 6;
constexpr std::uint16_t kOptionEnd = 0, kOptionResolution = 9, kOptionTimeOffset = 14;
constexpr std::uint32_t kFrameAroundBody = 12;  // type and the two lengths
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;

constexpr std::array<std::uint64_t, 20> kPowerOfTen = [] {
  std::array<std::uint64_t, 20> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

struct Instant {
  std::uint64_t seconds = 0;
  std::uint64_t nanoseconds = 0;
};

Instant decimal_ticks(std::uint64_t ticks, unsigned digits) {
  if (digits >= kPowerOfTen.size()) {
    const unsigned less = digits - 9;
    return {0, less < kPowerOfTen.size() ? ticks / kPowerOfTen[less] : 0};
  }
  const std::uint64_t rest = ticks % kPowerOfTen[digits];
  return {ticks / kPowerOfTen[digits],
          digits <= 9 ? rest * kPowerOfTen[9 - digits] : rest / kPowerOfTen[digits - 9]};
}

Instant binary_ticks(std::uint64_t ticks, unsigned bits) {
  if (bits >= 64) return {0, 0};
  std::uint64_t rest = ticks & ((std::uint64_t{1} << bits) - 1);
  // 34 bits of fraction times 10^9 are the most that 64 bits hold.
  const unsigned kept = std::min(bits, 34U);
  rest >>= bits - kept;
  return {ticks >> bits, (rest * kNanosecond) >> kept};
}

}  // namespace

std::uint32_t PcapngReader::number4(const char* at) const {
  std::uint32_t value = 0;
  std::memcpy(&value, at, 4);
  return big_endian_ == (std::endian::native == std::endian::big) ? value
                                                                  : __builtin_bswap32(value);
}

std::uint16_t PcapngReader::number2(const char* at) const {
  std::uint16_t value = 0;
  std::memcpy(&value, at, 2);
  return big_endian_ == (std::endian::native == std::endian::big) ? value
                                                                  : __builtin_bswap16(value);
}

bool PcapngReader::open() {
  Packet packet;
  while (!interfaces_seen_) {
    const Block block = read_block(packet);
    if (block == Block::End) return problem_.empty();
  }
  return true;
}

bool PcapngReader::next(Packet& packet) {
  for (;;) {
    switch (read_block(packet)) {
      case Block::Packet:
        return true;
      case Block::Other:
        break;
      case Block::End:
        return false;
    }
  }
}

bool PcapngReader::has_packet(std::uint64_t file_octets) {
  for (bool packet = false;;) {
    if (over_) return true;
    if (!is_whole(file_octets, packet)) return false;
    if (packet) return true;
    Packet none;
    read_block(none);
  }
}

// Whether the block at position_ is written to its end, and has a packet; one whose length can't be
// right counts as whole, for read_block() to say so.
bool PcapngReader::is_whole(std::uint64_t file_octets, bool& packet) const {
  char head[12];
  if (file_octets < position_ + sizeof head) return false;
  if (pread(fileno(file_), head, sizeof head, static_cast<off_t>(position_)) != sizeof head)
    return false;
  std::uint32_t total = number4(head + 4);
  const std::uint32_t type = number4(head);
  if (type == kSectionHeader) {  // which says itself in which byte order it is
    std::uint32_t magic = 0;
    std::memcpy(&magic, head + 8, 4);
    std::memcpy(&total, head + 4, 4);
    if (magic != kByteOrderMagic) total = __builtin_bswap32(total);
  }
  packet = type == kPacketBlock || type == kSimplePacket || type == kEnhancedPacket;
  const std::uint64_t padded = (std::uint64_t{total} + 3) & ~std::uint64_t{3};
  return total > kBlockOctetsMax || file_octets >= position_ + padded;
}

PcapngReader::Block PcapngReader::fail(std::string what) {
  over_ = true;
  problem_ = std::move(what) + " (block at octet " + std::to_string(block_start_) + ")";
  return Block::End;
}

PcapngReader::Block PcapngReader::read_block(Packet& packet) {
  if (over_) return Block::End;
  block_start_ = position_;
  char head[8];
  const std::size_t got = std::fread(head, 1, sizeof head, file_);
  if (got == 0 && std::feof(file_) != 0) {
    over_ = true;
    return Block::End;
  }
  if (got < sizeof head) return fail("the file stops within a block, a whole file would be right");
  if (number4(head) == kSectionHeader) {  // reads the same in both byte orders
    std::uint32_t total = 0;
    std::memcpy(&total, head + 4, 4);
    return read_section_header(total) ? Block::Other : Block::End;
  }
  if (!section_seen_) return fail("a section header is missing, a pcapng file would be right");
  const std::uint32_t type = number4(head);
  const std::uint32_t total = number4(head + 4);
  if (total < kFrameAroundBody || total > kBlockOctetsMax) {
    fail("a block claims " + std::to_string(total) + " octets, 12 to 16777216 would be right");
    return Block::End;
  }
  if (!read_body(total)) return Block::End;
  switch (type) {
    case kInterfaceBlock:
      return interface_block() ? Block::Other : Block::End;
    case kPacketBlock:
    case kSimplePacket:
    case kEnhancedPacket:
      return packet_block(type, packet);
    default:
      return Block::Other;
  }
}

// `total_as_read`: the length before the byte order is known.
bool PcapngReader::read_section_header(std::uint32_t total_as_read) {
  char magic[4];
  if (std::fread(magic, 1, 4, file_) != 4) {
    fail("the file stops within a block, a whole file would be right");
    return false;
  }
  big_endian_ = false;
  if (number4(magic) != kByteOrderMagic) big_endian_ = true;
  if (number4(magic) != kByteOrderMagic) {
    fail("the byte-order magic is wrong, 1A2B3C4D would be right");
    return false;
  }
  const std::uint32_t total = number4(reinterpret_cast<const char*>(&total_as_read));
  if (total < 28 || total > kBlockOctetsMax) {
    fail("a section header claims " + std::to_string(total) + " octets, 28 or more would be right");
    return false;
  }
  // The magic is read already: what follows it is a body 4 octets shorter.
  if (!read_body(total - 4)) return false;
  position_ += 4;
  if (number2(body_.data()) != 1) {
    fail("version " + std::to_string(number2(body_.data())) + " is not read, 1 would be right");
    return false;
  }
  section_seen_ = true;
  interfaces_.clear();
  return true;
}

// Reads what follows a block's head, `total` octets long with that head and the closing length.
bool PcapngReader::read_body(std::uint32_t total) {
  const std::size_t rest = total - 8;  // body and closing length
  // Lengths not a multiple of 4 are against the draft; some writers pad all the same.
  const std::size_t padded = (rest + 3) & ~std::size_t{3};
  if (body_.size() < padded) body_.resize(padded);
  if (std::fread(body_.data(), 1, padded, file_) != padded) {
    fail("the file stops within a block, a whole file would be right");
    return false;
  }
  body_octets_ = rest - 4;
  position_ += 8 + padded;
  return true;
}

bool PcapngReader::interface_block() {
  if (body_octets_ < 8 || interfaces_.size() >= kInterfacesMax) {
    fail("an interface description is too short, 20 octets or more would be right");
    return false;
  }
  Interface interface;
  interface.link_type = number2(body_.data());
  interface.snap_length = number4(body_.data() + 4);
  interface_options(interface, 8);
  if (!interfaces_seen_) {
    interfaces_seen_ = true;
    first_link_type_ = interface.link_type;
    first_snap_length_ = interface.snap_length;
  }
  interfaces_.push_back(interface);
  return true;
}

void PcapngReader::interface_options(Interface& interface, std::size_t at) const {
  while (at + 4 <= body_octets_) {
    const std::uint16_t code = number2(body_.data() + at);
    const std::uint16_t octets = number2(body_.data() + at + 2);
    at += 4;
    if (code == kOptionEnd || octets > body_octets_ - at) return;
    const char* value = body_.data() + at;
    if (code == kOptionResolution && octets == 1)
      interface.resolution = static_cast<std::uint8_t>(*value);
    if (code == kOptionTimeOffset && octets == 8) {
      const std::uint64_t first = number4(value), second = number4(value + 4);
      interface.offset_seconds =
          static_cast<std::int64_t>(big_endian_ ? first << 32 | second : second << 32 | first);
    }
    at += (octets + 3U) & ~3U;
  }
}

PcapngReader::Block PcapngReader::packet_block(std::uint32_t type, Packet& packet) {
  const bool simple = type == kSimplePacket;
  const std::size_t head = simple ? 4 : 20;
  if (body_octets_ < head)
    return fail("a packet block is too short, 32 octets or more would be right");
  const char* body = body_.data();
  std::uint32_t number = 0;
  if (!simple) number = type == kPacketBlock ? number2(body) : number4(body);
  if (number >= interfaces_.size())
    return fail("a packet names interface " + std::to_string(number) + ", one of the " +
                std::to_string(interfaces_.size()) + " described before it would be right");
  const Interface& interface = interfaces_[number];
  const std::size_t room = body_octets_ - head;
  std::uint32_t captured = 0;
  if (simple) {
    packet.wire_octets = number4(body);
    captured = packet.wire_octets;
    if (interface.snap_length > 0) captured = std::min(captured, interface.snap_length);
    captured = static_cast<std::uint32_t>(std::min<std::size_t>(captured, room));
    packet.at = 0;
  } else {
    captured = number4(body + 12);
    packet.wire_octets = number4(body + 16);
    if (captured > room)
      return fail("a packet claims " + std::to_string(captured) + " octets, at most the block's " +
                  std::to_string(room) + " would be right");
    packet.at = time_of(interface, std::uint64_t{number4(body + 4)} << 32 | number4(body + 8));
  }
  packet.octets = {body + head, captured};
  packet.wire_octets = std::max(packet.wire_octets, captured);
  packet.link_type = interface.link_type;
  packet.file_offset = offsets_known_ ? block_start_ + 8 + head : kOffsetUnknown;
  return Block::Packet;
}

std::int64_t PcapngReader::time_of(const Interface& interface, std::uint64_t ticks) const {
  const unsigned exponent = interface.resolution & 0x7f;
  const Instant instant = (interface.resolution & 0x80) != 0 ? binary_ticks(ticks, exponent)
                                                             : decimal_ticks(ticks, exponent);
  // Damaged numbers may be anything: keep the sum within 64 bits.
  const auto limit = [](std::int64_t seconds) {
    return std::clamp(seconds, -kSecondsMax / 2, kSecondsMax / 2);
  };
  const auto whole = static_cast<std::int64_t>(
      std::min<std::uint64_t>(instant.seconds, static_cast<std::uint64_t>(kSecondsMax)));
  return (limit(whole) + limit(interface.offset_seconds)) * kNanosecond +
         static_cast<std::int64_t>(std::min<std::uint64_t>(instant.nanoseconds, kNanosecond - 1));
}

}  // namespace mailscope::pcap
