#include "protocols/inet/tcp.hpp"

#include <algorithm>

#include "protocols/inet/checksum.hpp"

namespace mailscope::inet {
namespace {

constexpr std::uint8_t kWindowScaleMax = 14;  // RFC 7323 §2.3

}  // namespace

std::string tcp_flags_text(std::uint8_t flags) {
  static constexpr const char* kNames[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
  std::string text;
  for (unsigned i = 0; i < 8; ++i) {
    if ((flags >> i & 1) == 0) continue;
    if (!text.empty()) text += ", ";
    text += kNames[i];
  }
  return text.empty() ? "none" : text;
}

// RFC 9293 §3.2: end of list, no operation, or kind and length.
TcpOption TcpOption::first(Octets list) {
  const std::uint8_t kind = list[0];
  if (kind == kEnd || kind == kNoOperation) return {kind, list.first(1)};
  if (list.size() < 2 || list[1] < 2 || list[1] > list.size()) return {kind, {}};
  return {kind, list.first(list[1])};
}

TcpOptionList TcpOptionList::parse(Octets list) {
  TcpOptionList options;
  while (!list.empty()) {
    const TcpOption option = TcpOption::first(list);
    if (option.is_broken() || option.kind == TcpOption::kEnd) break;
    const Octets octets = option.octets;
    if (option.kind == TcpOption::kMss && octets.size() == 4)
      options.mss = get16(octets.data() + 2);
    if (option.kind == TcpOption::kWindowScale && octets.size() == 3)
      options.window_scale = std::min(octets[2], kWindowScaleMax);
    if (option.kind == TcpOption::kSackPermitted) options.sack_permitted = true;
    list = list.subspan(octets.size());
  }
  return options;
}

void TcpOptionList::emit(std::uint8_t* at) const {
  constexpr std::uint32_t kNops = TcpOption::kNoOperation << 8 | TcpOption::kNoOperation;
  if (mss) {
    put32(at, std::uint32_t{TcpOption::kMss} << 24 | 4u << 16 | *mss);
    at += 4;
  }
  if (window_scale) {
    put32(at, std::uint32_t{TcpOption::kNoOperation} << 24 |
                  std::uint32_t{TcpOption::kWindowScale} << 16 | 3u << 8 | *window_scale);
    at += 4;
  }
  if (sack_permitted) put32(at, kNops << 16 | std::uint32_t{TcpOption::kSackPermitted} << 8 | 2u);
}

void Tcp::emit(std::uint8_t* at, std::uint64_t covered) const {
  const auto offset_and_flags = static_cast<std::uint16_t>(header_octets / 4 << 12 | flags);
  put16(at, source_port);
  put16(at + 2, destination_port);
  put32(at + 4, sequence);
  put32(at + 8, acknowledgment);
  put16(at + 12, offset_and_flags);
  put16(at + 14, window);
  put16(at + 18, urgent);
  const std::uint64_t words = std::uint64_t{source_port} + destination_port + sequence +
                              acknowledgment + offset_and_flags + window + urgent;
  if (header_octets > kOctets) covered += sum(at + kOctets, header_octets - kOctets);
  put_checksum(at + 16, covered + sum_of_numbers(words));
}

}  // namespace mailscope::inet
