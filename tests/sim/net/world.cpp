#include "world.hpp"

#include <cstdio>
#include <map>

#include "protocols/inet/ethernet.hpp"
#include "protocols/inet/icmpv6.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/tcp.hpp"
#include "protocols/inet/udp.hpp"
#include "sim/kernel/random.hpp"

namespace mailscope::sim::test {
namespace {

using namespace inet;

std::string flag_names(std::uint8_t flags) {
  std::string names;
  const auto add = [&](std::uint8_t flag, const char* flag_name) {
    if (flags & flag) names += (names.empty() ? "" : ",") + std::string(flag_name);
  };
  add(kSyn, "SYN");
  add(kFin, "FIN");
  add(kRst, "RST");
  add(kPsh, "PSH");
  add(kAck, "ACK");
  return names;
}

using FirstNumbers = std::map<IpAddress, std::uint32_t>;

std::string tcp_in_words(const IpAddress& from, const IpAddress& to, Octets segment,
                         FirstNumbers& isn) {
  const Tcp tcp = Tcp::parse(segment).value();
  if (tcp.has(kSyn)) isn[from] = tcp.sequence;
  std::string words = flag_names(tcp.flags);
  words += " " + std::to_string(isn.count(from) ? tcp.sequence - isn[from] : tcp.sequence);
  if (tcp.has(kAck))
    words += " " + std::to_string(tcp.acknowledgment - (isn.count(to) ? isn[to] : 0));
  const std::size_t text = segment.size() - tcp.header_octets;
  if (text > 0) words += " +" + std::to_string(text);
  return words;
}

std::string arp_in_words(const Arp& arp) {
  if (arp.operation == Arp::kRequest) return "ARP who has " + arp.target.text();
  return "ARP " + arp.sender.text() + " is here";
}

std::string neighbor_in_words(const NeighborMessage& message) {
  if (!message.advertisement) return "ND who has " + message.target.text();
  return "ND " + message.target.text() + " is here";
}

std::string packet_in_words(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                            Octets payload, FirstNumbers& isn) {
  if (protocol == kTcp) return tcp_in_words(from, to, payload, isn);
  if (protocol == kIcmpv6) return neighbor_in_words(NeighborMessage::parse(payload).value());
  return "UDP +" + std::to_string(payload.size() - Udp::kOctets);
}

std::vector<std::string> in_words(const trace::Trace& trace, bool with_questions) {
  std::vector<std::string> lines;
  FirstNumbers isn;
  for (const trace::Frame& frame : trace.frames) {
    const std::string_view text = trace.octets(frame);
    const Octets octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const Ethernet ethernet = Ethernet::parse(octets).value();
    const Octets packet = octets.subspan(Ethernet::kOctets);
    std::string words;
    if (ethernet.type == kEtherArp) {
      words = arp_in_words(Arp::parse(packet).value());
    } else if (ethernet.type == kEtherIpv6) {
      const Ipv6 ip = Ipv6::parse(packet).value();
      words = packet_in_words(ip.source, ip.destination, ip.next_header,
                              packet.subspan(Ipv6::kOctets, ip.payload_octets), isn);
    } else {
      const Ipv4 ip = Ipv4::parse(packet).value();
      words = packet_in_words(ip.source, ip.destination, ip.protocol,
                              packet.first(ip.total_octets).subspan(ip.header_octets), isn);
    }
    if (!with_questions && (words.starts_with("ARP ") || words.starts_with("ND "))) continue;
    if (frame.fate == trace::Fate::Lost) words += " lost";
    if (frame.fate == trace::Fate::Duplicate) words += " copy";
    lines.push_back(trace.hosts[frame.from].name + " " + words);
  }
  return lines;
}

}  // namespace

std::vector<std::string> frames_in_words(const trace::Trace& trace) {
  return in_words(trace, true);
}
std::vector<std::string> segments_in_words(const trace::Trace& trace) {
  return in_words(trace, false);
}

std::uint64_t fingerprint(const trace::Trace& trace) {
  std::uint64_t hash = 0;
  const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3 + 1; };
  for (const trace::Frame& frame : trace.frames) {
    mix(fnv1a(trace.octets(frame)));
    mix(static_cast<std::uint64_t>(frame.sent));
    mix(static_cast<std::uint64_t>(frame.received));
    mix(frame.from);
    mix(frame.to);
    mix(frame.origin);
    mix(static_cast<std::uint64_t>(frame.fate));
  }
  return hash;
}

std::string pattern(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, "pattern");
  std::string octets(count, '\0');
  for (char& octet : octets) octet = static_cast<char>(random.next());
  return octets;
}

Exchange exchange(World& world, const std::string& octets, const std::string& answer) {
  Program client(world.client), server(world.server);
  world.server.listen(25, server);
  server.then_eof = [&](Stream& stream) {
    if (!answer.empty()) stream.send(answer);
    stream.close();
  };
  client.then_connected = [&](Stream& stream) {
    if (!octets.empty()) stream.send(octets);
    stream.close();
  };
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  return {server.received, client.received, client.log, server.log};
}

void write_pcap(const trace::Trace& trace, const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const std::uint32_t file_header[6] = {0xa1b23c4d, 4u << 16 | 2, 0, 0, 65535, 1};
  std::fwrite(file_header, sizeof file_header, 1, file);
  for (const trace::Frame& frame : trace.frames) {
    const auto seconds = static_cast<std::uint32_t>(frame.sent / kSecond);
    const auto rest = static_cast<std::uint32_t>(frame.sent % kSecond);
    const std::uint32_t header[4] = {seconds, rest, frame.octets, frame.wire_octets};
    std::fwrite(header, sizeof header, 1, file);
    std::fwrite(trace.octets(frame).data(), frame.octets, 1, file);
  }
  std::fclose(file);
}

}  // namespace mailscope::sim::test
