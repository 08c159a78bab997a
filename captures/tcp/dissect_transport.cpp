#include <algorithm>

#include "captures/tcp/dissector.hpp"
#include "protocols/inet/checksum.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::tcp {

using namespace inet;

namespace {

constexpr ValueRule<Tcp> kTcpRules[] = {
    {"Source port", 0, 2, [](const Tcp& h) { return text::port(h.source_port); },
     "Which program on the sending host."},
    {"Destination port", 2, 2, [](const Tcp& h) { return text::port(h.destination_port); },
     "Which program on the receiving host."},
    {"Sequence number", 4, 4, [](const Tcp& h) { return std::to_string(h.sequence); },
     "The number of the first octet carried here; a SYN counts as one."},
    {"Acknowledgment number", 8, 4, [](const Tcp& h) { return std::to_string(h.acknowledgment); },
     "The number of the next octet expected from the other side."},
    {"Header length", 12, 1, [](const Tcp& h) { return text::octets(h.header_octets); },
     "20 octets, and more with options."},
    {"Flags", 13, 1, [](const Tcp& h) { return tcp_flags_text(h.flags); },
     "SYN opens, FIN closes, RST breaks off, ACK says that the number above counts."},
    {"Window", 14, 2, [](const Tcp& h) { return std::to_string(h.window); },
     "How many octets more the sender of this is ready to take (before scaling)."},
    {"Checksum", 16, 2, [](const Tcp& h) { return text::hex(h.checksum, 4); },
     "Over the addresses, this header and what it carries."},
    {"Urgent pointer", 18, 2, [](const Tcp& h) { return std::to_string(h.urgent); },
     "Where urgent octets end, if URG is set."},
};

constexpr ValueRule<Udp> kUdpRules[] = {
    {"Source port", 0, 2, [](const Udp& h) { return text::port(h.source_port); },
     "Which program on the sending host."},
    {"Destination port", 2, 2, [](const Udp& h) { return text::port(h.destination_port); },
     "Which program on the receiving host."},
    {"Length", 4, 2, [](const Udp& h) { return std::to_string(h.length); },
     "Octets of this header and what it carries."},
    {"Checksum", 6, 2, [](const Udp& h) { return text::hex(h.checksum, 4); },
     "Over the addresses, this header and what it carries."},
};

// ICMP's first octets are those of ICMPv6.
constexpr ValueRule<Icmpv6> kIcmpRules[] = {
    {"Type", 0, 1, [](const Icmpv6& h) { return std::to_string(h.type); },
     "What kind of message about the network this is."},
    {"Code", 1, 1, [](const Icmpv6& h) { return std::to_string(h.code); },
     "Which case of that kind."},
    {"Checksum", 2, 2, [](const Icmpv6& h) { return text::hex(h.checksum, 4); },
     "Over the whole message."},
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
  if (end_ < wire_end_ || ip_.version == 0) return;
  const bool good =
      is_good_transport(ip_.source, ip_.destination, ip_.protocol, octets_ + from, end_ - from);
  layer().checksum = good ? Checksum::Good : Checksum::Bad;
  state_checksum(checksum_at, good);
}

std::uint32_t Dissector::tcp() {
  const std::uint32_t begin = at_;
  const std::uint32_t octets = has(13) ? std::max((here()[12] >> 4) * 4U, Tcp::kOctets) : 20;
  const auto h = header_of<Tcp>("TCP", octets, kTcpRules);
  if (at_ > begin + Tcp::kOctets) tcp_options(begin + Tcp::kOctets, at_);
  if (!h) return kNextNothing;
  layer().summary = std::to_string(h->source_port) + " → " + std::to_string(h->destination_port) +
                    " · " + tcp_flags_text(h->flags) + " · seq " + std::to_string(h->sequence);
  if (h->has(kAck)) layer().summary += " · ack " + std::to_string(h->acknowledgment);
  layer().summary +=
      " · window " + std::to_string(h->window) + " · " + text::octets(wire_end_ - at_);
  checksum_of_transport(begin, begin + 16, false);
  return kNextNothing;
}

void Dissector::tcp_options(std::uint32_t from, std::uint32_t to) {
  while (from < to) {
    const TcpOption option = TcpOption::first({octets_ + from, to - from});
    if (option.is_broken()) return field("Option", from, to - from, "broken off", {});
    tcp_option(option, from);
    if (option.kind == TcpOption::kEnd) return;
    from += static_cast<std::uint32_t>(option.octets.size());
  }
}

void Dissector::tcp_option(const TcpOption& option, std::uint32_t from) {
  const std::uint8_t* o = option.octets.data();
  const auto octets = static_cast<std::uint32_t>(option.octets.size());
  if (option.kind <= TcpOption::kNoOperation)
    field(option.kind == TcpOption::kEnd ? "End of options" : "No operation", from, 1, "",
          "Fills up to a multiple of four octets.");
  else if (option.kind == TcpOption::kMss && octets == 4)
    field("Maximum segment size", from, octets, text::number16(o + 2),
          "The most octets that the sender of this takes in one segment.");
  else if (option.kind == TcpOption::kWindowScale && octets == 3)
    field("Window scale", from, octets,
          "times " +
              std::to_string(1ULL << TcpOptionList::parse(option.octets).window_scale.value_or(0)),
          "Windows of this side are to be multiplied by this.");
  else if (option.kind == TcpOption::kSackPermitted)
    field("SACK permitted", from, octets, "",
          "This side understands lists of what arrived beyond a hole.");
  else if (option.kind == TcpOption::kSack)
    field("SACK", from, octets, std::to_string((octets - 2) / 8) + " blocks",
          "What arrived beyond a hole, so that only the hole is sent again.");
  else if (option.kind == TcpOption::kTimestamps && octets == 10)
    field("Timestamps", from, octets, text::number32(o + 2) + ", echo " + text::number32(o + 6),
          "Measures the round trip.");
  else if (option.kind == TcpOption::kFastOpenCookie)
    field("Fast Open cookie", from, octets, text::octets(octets - 2),
          "Lets data travel in the SYN of a later connection.");
  else
    field("Option " + std::to_string(option.kind), from, octets, text::octets(octets - 2), {});
}

std::uint32_t Dissector::udp() {
  const std::uint32_t begin = at_;
  const auto h = header_of<Udp>("UDP", Udp::kOctets, kUdpRules);
  if (!h) return kNextNothing;
  if (h->length >= Udp::kOctets) limit(h->length - Udp::kOctets);
  layer().summary = std::to_string(h->source_port) + " → " + std::to_string(h->destination_port) +
                    " · " + text::octets(wire_end_ - at_);
  checksum_of_transport(begin, begin + 6, true);
  datagram(languages::datagrams_at(h->source_port, h->destination_port));
  return kNextNothing;
}

// What is no message of the language stays a payload.
void Dissector::datagram(trace::Protocol protocol) {
  const languages::Language& language = languages::of(protocol);
  auto sheet = language.fields(
      {reinterpret_cast<const char*>(here()), static_cast<std::size_t>(end_ - at_)});
  if (!sheet) return;
  begin_layer(std::string(language.card().title), 0);
  layer().summary = std::move(sheet->summary);
  for (languages::Field& part : sheet->fields)
    field(std::move(part.name), at_ + part.begin, part.end - part.begin, std::move(part.value),
          part.meaning);
  at_ = layer().end = end_;
}

std::uint32_t Dissector::icmp() {
  const std::uint32_t begin = at_;
  const bool v6 = ip_.protocol == kIcmpv6;
  const auto h = header_of<Icmpv6>(v6 ? "ICMPv6" : "ICMP", Icmpv6::kOctets, kIcmpRules);
  if (!h) return kNextNothing;
  layer().summary = icmp_name(v6, h->type, h->code);
  if (v6) {
    checksum_of_transport(begin, begin + 2, false);
    neighbor_message(begin);
  } else if (end_ < wire_end_) {
    layer().checksum = Checksum::Unchecked;
  } else {
    const bool good = is_good(sum(octets_ + begin, end_ - begin));
    layer().checksum = good ? Checksum::Good : Checksum::Bad;
    state_checksum(begin + 2, good);
  }
  return kNextNothing;
}

// What a solicitation asks for and an advertisement answers. Another message stays a payload.
void Dissector::neighbor_message(std::uint32_t begin) {
  const auto message = NeighborMessage::parse({octets_ + begin, end_ - begin});
  if (!message) return;
  std::string flags;
  for (const auto& [set, name] : {std::pair{message->router, "router"},
                                  {message->solicited, "solicited"},
                                  {message->override_entry, "override"}})
    if (set) flags += (flags.empty() ? "" : ", ") + std::string(name);
  if (message->advertisement)
    field("Flags", begin + 4, 1, flags.empty() ? "none" : flags,
          "Whether a router answers, whether it was asked, and whether an older answer is void.");
  field("Target address", begin + 8, 16, message->target.text(),
        "The IPv6 address whose network card is looked for.");
  for (std::uint32_t at = begin + NeighborMessage::kOctets; at < end_; at += octets_[at + 1] * 8U)
    field(octets_[at] <= 2 ? "Link-layer address" : "Option " + std::to_string(octets_[at]), at,
          octets_[at + 1] * 8U,
          octets_[at] <= 2 ? text::mac(octets_ + at + 2) : text::octets(octets_[at + 1] * 8U),
          octets_[at] <= 2 ? "The asking or answering network card." : "");
  layer().summary += message->advertisement ? ": " + message->target.text() + " is here"
                                            : ": who has " + message->target.text() + "?";
  at_ = layer().end = end_;
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
  if (protocol == kEtherErspan || protocol == kEtherErspan3) {
    std::uint32_t skip = (h[0] & 0x10) != 0 ? 8 : 0;
    if (protocol == kEtherErspan3) skip = has(12) && (here()[11] & 1) != 0 ? 20 : 12;
    if (skip > 0 && !header("ERSPAN", skip, {})) return kNextNothing;
    if (skip > 0) layer().summary = "a mirrored frame";
    return kNextEthernet;
  }
  return protocol;
}

}  // namespace mailscope::tcp
