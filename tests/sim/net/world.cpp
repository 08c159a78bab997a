#include "world.hpp"

#include <cstdio>
#include <map>

#include "sim/kernel/random.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim::test {
namespace {

using namespace wire;

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

std::string tcp_in_words(const std::uint8_t* ip, std::uint32_t length,
                         std::map<std::uint32_t, std::uint32_t>& isn) {
  const std::uint8_t* tcp = ip + kIpHeader;
  const std::uint32_t header = (tcp[12] >> 4) * 4u;
  const std::uint32_t from = get32(ip + 12), to = get32(ip + 16);
  const std::uint32_t sequence = get32(tcp + 4);
  if (tcp[13] & kSyn) isn[from] = sequence;
  std::string words = flag_names(tcp[13]);
  const bool number = isn.count(from) != 0 || (tcp[13] & kAck) == 0;
  words += " " + std::to_string(number && isn.count(from) ? sequence - isn[from] : sequence);
  if (tcp[13] & kAck) words += " " + std::to_string(get32(tcp + 8) - (isn.count(to) ? isn[to] : 0));
  const std::uint32_t text = length - kIpHeader - header;
  if (text > 0) words += " +" + std::to_string(text);
  return words;
}

std::string arp_in_words(const std::uint8_t* arp) {
  const bool request = get16(arp + 6) == 1;
  if (request) return "ARP who has " + IpAddress::v4(get32(arp + 24)).text();
  return "ARP " + IpAddress::v4(get32(arp + 14)).text() + " is here";
}

std::vector<std::string> in_words(const trace::Trace& trace, bool with_arp) {
  std::vector<std::string> lines;
  std::map<std::uint32_t, std::uint32_t> isn;
  for (const trace::Frame& frame : trace.frames) {
    const std::string_view octets = trace.octets(frame);
    const auto* data = reinterpret_cast<const std::uint8_t*>(octets.data());
    const bool is_arp = get16(data + 12) == kTypeArp;
    if (is_arp && !with_arp) continue;
    std::string line = trace.hosts[frame.from].name + " ";
    const std::uint8_t* packet = data + kEthernetHeader;
    if (is_arp)
      line += arp_in_words(packet);
    else if (packet[9] == kProtocolTcp)
      line += tcp_in_words(packet, get16(packet + 2), isn);
    else
      line += "UDP +" + std::to_string(get16(packet + 2) - kIpHeader - kUdpHeader);
    if (frame.fate == trace::Fate::Lost) line += " lost";
    if (frame.fate == trace::Fate::Duplicate) line += " copy";
    lines.push_back(line);
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
  server.then_eof = [&](SocketId id) {
    if (!answer.empty()) world.server.send(id, answer);
    world.server.close(id);
  };
  client.then_connected = [&](SocketId id) {
    if (!octets.empty()) world.client.send(id, octets);
    world.client.close(id);
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
