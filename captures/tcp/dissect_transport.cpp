#include <algorithm>

#include "captures/tcp/checksum.hpp"
#include "captures/tcp/dissector.hpp"
#include "captures/tcp/octets.hpp"

namespace mailscope::tcp {
namespace {

std::string data_offset(const std::uint8_t* octets) {
  return text::octets((octets[0] >> 4) * 4U);
}
std::string flags(const std::uint8_t* octets) {
  return tcp_flags_text(octets[0]);
}
constexpr FieldRule kTcpRules[] = {
    {"Source port", 0, 2, text::port, "Which program on the sending host."},
    {"Destination port", 2, 2, text::port, "Which program on the receiving host."},
    {"Sequence number", 4, 4, text::number32,
     "The number of the first octet carried here; a SYN counts as one."},
    {"Acknowledgment number", 8, 4, text::number32,
     "The number of the next octet expected from the other side."},
    {"Header length", 12, 1, data_offset, "20 octets, and more with options."},
    {"Flags", 13, 1, flags,
     "SYN opens, FIN closes, RST breaks off, ACK says that the number above counts."},
    {"Window", 14, 2, text::number16,
     "How many octets more the sender of this is ready to take (before scaling)."},
    {"Checksum", 16, 2, text::hex16, "Over the addresses, this header and what it carries."},
    {"Urgent pointer", 18, 2, text::number16, "Where urgent octets end, if URG is set."},
};

constexpr FieldRule kUdpRules[] = {
    {"Source port", 0, 2, text::port, "Which program on the sending host."},
    {"Destination port", 2, 2, text::port, "Which program on the receiving host."},
    {"Length", 4, 2, text::number16, "Octets of this header and what it carries."},
    {"Checksum", 6, 2, text::hex16, "Over the addresses, this header and what it carries."},
};

constexpr FieldRule kIcmpRules[] = {
    {"Type", 0, 1, text::number8, "What kind of message about the network this is."},
    {"Code", 1, 1, text::number8, "Which case of that kind."},
    {"Checksum", 2, 2, text::hex16, "Over the whole message."},
};

std::string gre_flags(const std::uint8_t* octets) {
  return text::hex(octets[0], 2);
}
constexpr FieldRule kGreRules[] = {
    {"Flags", 0, 1, gre_flags, "Which of checksum, key and sequence number follow."},
    {"Protocol type", 2, 2, text::ether_type, "What is inside the tunnel."},
};

std::string icmp_name(bool v6, std::uint8_t type, std::uint8_t code) {
  if (v6) {
    switch (type) {
      case 1:
        return "destination unreachable";
      case 2:
        return "packet too big";
      case 3:
        return "time exceeded";
      case 128:
        return "echo request";
      case 129:
        return "echo reply";
      case 133:
        return "router solicitation";
      case 134:
        return "router advertisement";
      case 135:
        return "neighbour solicitation";
      case 136:
        return "neighbour advertisement";
      default:
        return "type " + std::to_string(type);
    }
  }
  switch (type) {
    case 0:
      return "echo reply";
    case 3:
      if (code == 3) return "port unreachable";
      return code == 1 ? "host unreachable" : "destination unreachable";
    case 5:
      return "redirect";
    case 8:
      return "echo request";
    case 11:
      return "time to live exceeded";
    default:
      return "type " + std::to_string(type);
  }
}

}  // namespace

void Dissector::state_checksum(std::uint32_t at, bool good) {
  for (Field& f : layer().fields) {
    if (f.begin == at && f.end == at + 2) f.value += good ? " (correct)" : " (wrong)";
  }
}

// The checksum of TCP, UDP and ICMPv6, which covers the addresses too.
void Dissector::checksum_of_transport(std::uint32_t from, std::uint32_t checksum_at,
                                      bool optional) {
  if (optional && get16(octets_ + checksum_at) == 0 && ip_.version == 4) {
    layer().checksum = Checksum::None;
    return;
  }
  layer().checksum = Checksum::Unchecked;
  if (end_ < wire_end_ || ip_.source == nullptr) return;
  const std::size_t address_octets = ip_.version == 6 ? 16 : 4;
  std::uint64_t sum = checksum_add(0, ip_.source, address_octets);
  sum = checksum_add(sum, ip_.destination, address_octets);
  sum += ip_.protocol + std::uint64_t{end_ - from};
  const bool good = checksum_finish(checksum_add(sum, octets_ + from, end_ - from)) == 0;
  layer().checksum = good ? Checksum::Good : Checksum::Bad;
  state_checksum(checksum_at, good);
}

std::uint32_t Dissector::tcp() {
  const std::uint8_t* h = here();
  const std::uint32_t begin = at_;
  const std::uint32_t octets = has(13) ? std::max((h[12] >> 4) * 4U, 20U) : 20;
  const bool whole = header("TCP", octets, kTcpRules);
  if (at_ > begin + 20) tcp_options(begin + 20, at_);
  if (!whole) return kNextNothing;
  layer().summary = std::to_string(get16(h)) + " → " + std::to_string(get16(h + 2)) + " · " +
                    tcp_flags_text(h[13]) + " · seq " + text::number32(h + 4);
  if ((h[13] & 16) != 0) layer().summary += " · ack " + text::number32(h + 8);
  layer().summary += " · window " + text::number16(h + 14) + " · " + text::octets(wire_end_ - at_);
  checksum_of_transport(begin, begin + 16, false);
  return kNextNothing;
}

void Dissector::tcp_options(std::uint32_t from, std::uint32_t to) {
  while (from < to) {
    const std::uint8_t* o = octets_ + from;
    if (o[0] <= 1) {
      field(o[0] == 0 ? "End of options" : "No operation", from, 1, "",
            "Fills up to a multiple of four octets.");
      if (o[0] == 0) return;
      ++from;
      continue;
    }
    if (to - from < 2 || o[1] < 2 || o[1] > to - from) {
      field("Option", from, to - from, "broken off", {});
      return;
    }
    const std::uint32_t octets = o[1];
    if (o[0] == 2 && octets == 4)
      field("Maximum segment size", from, octets, text::number16(o + 2),
            "The most octets that the sender of this takes in one segment.");
    else if (o[0] == 3 && octets == 3)
      field("Window scale", from, octets,
            "times " + std::to_string(1ULL << std::min<int>(o[2], 14)),
            "Windows of this side are to be multiplied by this.");
    else if (o[0] == 4)
      field("SACK permitted", from, octets, "",
            "This side understands lists of what arrived beyond a hole.");
    else if (o[0] == 5)
      field("SACK", from, octets, std::to_string((octets - 2) / 8) + " blocks",
            "What arrived beyond a hole, so that only the hole is sent again.");
    else if (o[0] == 8 && octets == 10)
      field("Timestamps", from, octets, text::number32(o + 2) + ", echo " + text::number32(o + 6),
            "Measures the round trip.");
    else if (o[0] == 34)
      field("Fast Open cookie", from, octets, text::octets(octets - 2),
            "Lets data travel in the SYN of a later connection.");
    else
      field("Option " + std::to_string(o[0]), from, octets, text::octets(octets - 2), {});
    from += octets;
  }
}

std::uint32_t Dissector::udp() {
  const std::uint8_t* h = here();
  const std::uint32_t begin = at_;
  if (!header("UDP", 8, kUdpRules)) return kNextNothing;
  const std::uint32_t octets = get16(h + 4);
  if (octets >= 8) limit(octets - 8);
  layer().summary = std::to_string(get16(h)) + " → " + std::to_string(get16(h + 2)) + " · " +
                    text::octets(wire_end_ - at_);
  checksum_of_transport(begin, begin + 6, true);
  if (get16(h) == dns::kPort || get16(h + 2) == dns::kPort) return dns();
  return kNextNothing;
}

std::uint32_t Dissector::icmp() {
  const std::uint8_t* h = here();
  const std::uint32_t begin = at_;
  const bool v6 = ip_.protocol == kIcmpv6;
  if (!header(v6 ? "ICMPv6" : "ICMP", 4, kIcmpRules)) return kNextNothing;
  layer().summary = icmp_name(v6, h[0], h[1]);
  if (v6) {
    checksum_of_transport(begin, begin + 2, false);
  } else if (end_ < wire_end_) {
    layer().checksum = Checksum::Unchecked;
  } else {
    layer().checksum = checksum_good(h, end_ - begin) ? Checksum::Good : Checksum::Bad;
    state_checksum(begin + 2, layer().checksum == Checksum::Good);
  }
  return kNextNothing;
}

std::uint32_t Dissector::gre() {
  const std::uint8_t* h = here();
  std::uint32_t octets = 4;
  if (has(2)) {
    if ((h[0] & 0xc0) != 0) octets += 4;
    if ((h[0] & 0x20) != 0) octets += 4;
    if ((h[0] & 0x10) != 0) octets += 4;
    if ((h[1] & 0x80) != 0) octets += 4;
  }
  if (!header("GRE", octets, kGreRules)) return kNextNothing;
  const std::uint32_t protocol = get16(h + 2);
  layer().summary = "carries " + text::ether_type(h + 2);
  if (protocol == kNextErspan || protocol == kNextErspan3) {
    std::uint32_t skip = (h[0] & 0x10) != 0 ? 8 : 0;
    if (protocol == kNextErspan3) skip = has(12) && (here()[11] & 1) != 0 ? 20 : 12;
    if (skip > 0 && !header("ERSPAN", skip, {})) return kNextNothing;
    if (skip > 0) layer().summary = "a mirrored frame";
    return kNextEthernet;
  }
  return protocol;
}

}  // namespace mailscope::tcp
