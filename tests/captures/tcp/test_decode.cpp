#include <catch2/catch.hpp>

#include "captures/tcp/decode.hpp"
#include "tests/captures/tcp/frames.hpp"

namespace mailscope::tcp {
namespace {

using namespace frames;
using What = Decoded::What;

const std::string kText = "EHLO alpha.example\r\n";

std::string segment() {
  TcpHeader h;
  h.seq = 0x01020304;
  h.ack = 0x05060708;
  h.flags = kAck | kPsh;
  h.window = 4321;
  h.options = be32(0x01010101);
  return tcp(h, kText);
}
std::string gre(std::uint32_t flags, std::uint32_t protocol, std::string_view rest) {
  return be16(flags) + be16(protocol) + std::string(rest);
}
std::string nflog(bool big, std::string_view packet) {
  const auto attribute = [big](unsigned type, std::string_view value) {
    const auto size = static_cast<std::uint32_t>(4 + value.size());
    const auto n2 = [big](std::uint32_t v) {
      return big ? be16(v) : std::string{static_cast<char>(v), static_cast<char>(v >> 8)};
    };
    std::string out = n2(size) + n2(type) + std::string(value);
    out.resize((out.size() + 3) & ~std::size_t{3});
    return out;
  };
  return std::string("\x02\0\0\0", 4) + attribute(1, "\x08\x00\x01\x00") + attribute(10, "prefix") +
         attribute(9, packet);
}

struct Row {
  const char* what;
  std::uint16_t link_type;
  std::string frame;
  std::uint8_t ip_version;
};

std::vector<Row> rows() {
  const std::string s = segment(), ip4 = ipv4(s), ip6 = ipv6(s);
  const std::string eth4 = ethernet(0x0800, ip4);
  const std::string mac = "\x02\x02\x02\x02\x02\x02";
  const std::string hop(8, '\0');  // an options header of 8 octets; next header 0 is set below
  const auto extension = [](std::uint8_t next, std::string_view rest) {
    return std::string{static_cast<char>(next), 0} + std::string("\x01\x04\0\0\0\0", 6) +
           std::string(rest);
  };
  Ip4 with_options;
  with_options.options = be32(0x01010101) + be32(0x01010100);
  return {
      {"Ethernet, IPv4", 1, eth4, 4},
      {"Ethernet, IPv6", 1, ethernet(0x86dd, ip6), 6},
      {"padding behind a short packet", 1, eth4 + std::string(12, '\0'), 4},
      {"IPv4 options", 1, ethernet(0x0800, ipv4(with_options, s)), 4},
      {"802.1Q", 1, ethernet(0x8100, vlan(5, 0x0800, ip4)), 4},
      {"802.1Q with priority only", 1, ethernet(0x8100, vlan(0xe000, 0x86dd, ip6)), 6},
      {"Q in Q", 1, ethernet(0x8100, vlan(5, 0x8100, vlan(6, 0x0800, ip4))), 4},
      {"802.1ad", 1, ethernet(0x88a8, vlan(5, 0x8100, vlan(6, 0x0800, ip4))), 4},
      {"an old double tag", 1, ethernet(0x9100, vlan(5, 0x8100, vlan(6, 0x0800, ip4))), 4},
      {"MPLS", 1, ethernet(0x8847, be32(0x000101ff) + ip4), 4},
      {"MPLS, two labels, IPv6", 1, ethernet(0x8847, be32(0x000100ff) + be32(0x000201ff) + ip6), 6},
      {"Ethernet over MPLS", 1, ethernet(0x8847, be32(0x000101ff) + eth4), 4},
      {"Ethernet over MPLS, control word", 1, ethernet(0x8847, be32(0x000101ff) + be32(0) + eth4),
       4},
      {"VLAN and MPLS", 1, ethernet(0x8100, vlan(5, 0x8847, be32(0x000101ff) + ip4)), 4},
      {"PPPoE", 1,
       ethernet(0x8864, be16(0x1100) + be16(1) + be16(static_cast<std::uint32_t>(2 + ip4.size())) +
                            be16(0x21) + ip4),
       4},
      {"SNAP", 1,
       ethernet(static_cast<std::uint32_t>(8 + ip4.size()),
                std::string("\xaa\xaa\x03\0\0\0", 6) + be16(0x0800) + ip4),
       4},
      {"BSD loopback, little-endian", 0, std::string("\x02\0\0\0", 4) + ip4, 4},
      {"BSD loopback, big-endian, IPv6", 0, be32(30) + ip6, 6},
      {"OpenBSD loopback", 108, be32(24) + ip6, 6},
      {"PPP", 9, be16(0x21) + ip4, 4},
      {"PPP with address and control", 9, be16(0xff03) + be16(0x57) + ip6, 6},
      {"PPP with a short protocol", 9, "\x21" + ip4, 4},
      {"PPP in HDLC", 50, be16(0xff03) + be16(0x21) + ip4, 4},
      {"PPP with direction", 204, std::string(1, '\0') + be16(0xff03) + be16(0x21) + ip4, 4},
      {"PPPoE as a link type", 51,
       be16(0x1100) + be16(1) + be16(static_cast<std::uint32_t>(2 + ip4.size())) + be16(0x21) + ip4,
       4},
      {"Cisco HDLC", 104, be16(0x0f00) + be16(0x0800) + ip4, 4},
      {"raw, IPv4", 101, ip4, 4},
      {"raw, IPv6", 101, ip6, 6},
      {"raw IPv4", 228, ip4, 4},
      {"raw IPv6", 229, ip6, 6},
      {"Linux cooked", 113, be16(0) + be16(1) + be16(6) + mac + be16(0) + be16(0x0800) + ip4, 4},
      {"Linux cooked, VLAN", 113,
       be16(0) + be16(1) + be16(6) + mac + be16(0) + be16(0x8100) + vlan(5, 0x0800, ip4), 4},
      {"Linux cooked 2", 276,
       be16(0x86dd) + be16(0) + be32(3) + be16(1) + std::string{4, 6} + mac + be16(0) + ip6, 6},
      {"NFLOG", 239, nflog(false, ip4), 4},
      {"NFLOG from a big-endian host", 239, nflog(true, ip4), 4},
      {"IPv4 in IPv4", 1, ethernet(0x0800, ipv4(ip4, 4)), 4},
      {"IPv6 in IPv4", 1, ethernet(0x0800, ipv4(ip6, 41)), 6},
      {"IPv4 in IPv6", 1, ethernet(0x86dd, ipv6(ip4, 4)), 4},
      {"GRE", 1, ethernet(0x0800, ipv4(gre(0, 0x0800, ip4), 47)), 4},
      {"GRE with checksum, key and sequence", 1,
       ethernet(0x0800, ipv4(gre(0xb000, 0x86dd, be32(1) + be32(2) + be32(3) + ip6), 47)), 6},
      {"GRE over IPv6, Ethernet inside", 1, ethernet(0x86dd, ipv6(gre(0, 0x6558, eth4), 47)), 4},
      {"PPTP", 1,
       ethernet(0x0800, ipv4(gre(0x3081, 0x880b,
                                 be16(static_cast<std::uint32_t>(ip4.size() + 4)) + be16(1) +
                                     be32(1) + be32(2) + be16(0xff03) + be16(0x21) + ip4),
                             47)),
       4},
      {"ERSPAN II", 1,
       ethernet(0x0800, ipv4(gre(0x1000, 0x88be, be32(1) + be32(0) + be32(0) + eth4), 47)), 4},
      {"ERSPAN I", 1, ethernet(0x0800, ipv4(gre(0, 0x88be, eth4), 47)), 4},
      {"MPLS in IP", 1, ethernet(0x0800, ipv4(be32(0x000101ff) + ip4, 137)), 4},
      {"IPv6 hop-by-hop options", 1, ethernet(0x86dd, ipv6(extension(6, s), 0)), 6},
      {"IPv6 routing and destination options", 1,
       ethernet(0x86dd, ipv6(extension(60, extension(6, s)), 43)), 6},
      {"IPv6 authentication", 1,
       ethernet(0x86dd, ipv6(std::string("\x06\x04\0\0", 4) + std::string(20, 'k') + s, 51)), 6},
      {"IPv6 atomic fragment", 1, ethernet(0x86dd, ipv6(fragment6(6, 0, false, 9, s), 44)), 6},
      {"total length 0, as before segmentation by the card", 1,
       [&] {
         std::string frame = eth4;
         set16(frame, 16, 0);
         return frame;
       }(),
       4},
  };
}

}  // namespace

TEST_CASE("a segment is found under every link layer, tag and tunnel") {
  for (const Row& row : rows()) {
    INFO(row.what);
    const Decoded d = decode(row.frame, row.link_type);
    REQUIRE(d.is_tcp());
    CHECK(int{d.ip_version} == int{row.ip_version});
    CHECK(d.source.text() == (row.ip_version == 4 ? "10.0.0.1" : "2001:db8::1"));
    CHECK(d.destination.text() == (row.ip_version == 4 ? "10.0.0.2" : "2001:db8::2"));
    CHECK(d.source_port == 40000);
    CHECK(d.destination_port == 25);
    CHECK(d.seq == 0x01020304);
    CHECK(d.ack == 0x05060708);
    CHECK(int{d.flags} == (kAck | kPsh));
    CHECK(d.window == 4321);
    CHECK(row.frame.substr(d.payload_at, d.payload_octets) == kText);
    CHECK(d.payload_wire_octets == kText.size());
  }
}

TEST_CASE("a frame cut anywhere is cut, never misread") {
  for (const Row& row : rows()) {
    INFO(row.what);
    const auto wire = static_cast<std::uint32_t>(row.frame.size());
    for (std::size_t octets = 0; octets < row.frame.size(); ++octets) {
      // Of its own, so that reading beyond is seen by the sanitizer.
      const std::string part(row.frame.data(), octets);
      const Decoded d = decode(part, row.link_type, wire);
      if (!d.is_tcp()) continue;
      CHECK(d.payload_at + d.payload_octets <= octets);
      CHECK(d.payload_wire_octets == kText.size());
      CHECK(d.seq == 0x01020304);
    }
  }
}

TEST_CASE("a frame damaged anywhere is decoded within its bounds") {
  for (const Row& row : rows()) {
    for (std::size_t at = 0; at < row.frame.size(); ++at) {
      for (const int octet : {0, 1, 0x0f, 0x44, 0x60, 0x7f, 0x80, 0xff}) {
        std::string frame = row.frame;
        frame[at] = static_cast<char>(octet);
        const Decoded d = decode(frame, row.link_type);
        CHECK(d.payload_at + d.payload_octets <= frame.size());
        CHECK(d.payload_octets <= d.payload_wire_octets);
      }
    }
  }
}

TEST_CASE("what is no TCP is named") {
  const std::string s = segment();
  struct Other {
    const char* what;
    std::uint16_t link_type;
    std::string frame;
    What expected;
  };
  Ip4 later;
  later.fragment = 0x2000 | 185;
  const Other others[] = {
      {"nothing", 1, "", What::Malformed},
      {"ARP", 1, ethernet(0x0806, std::string(28, 'a')), What::NotIp},
      {"spanning tree", 1, ethernet(38, std::string(46, 'B')), What::NotIp},
      {"PPPoE discovery", 1, ethernet(0x8863, std::string(20, 'p')), What::NotIp},
      {"PPP control", 9, be16(0xc021) + "LCP packet", What::NotIp},
      {"ICMP", 1, ethernet(0x0800, ipv4("\x08\0\0\0ping", 1)), What::OtherIp},
      {"UDP", 1, ethernet(0x0800, ipv4(udp(53, 4000, "answer"), 17)), What::Udp},
      {"IPv4 fragment", 1, ethernet(0x0800, ipv4(later, "piece")), What::Fragment},
      {"IPv6 fragment", 1, ethernet(0x86dd, ipv6(fragment6(6, 8, true, 3, "piecepie"), 44)),
       What::Fragment},
      {"IPv4 with a version of 5", 228, "\x55" + ipv4(s).substr(1), What::Malformed},
      {"IPv4 with a header of 16 octets", 228, "\x44" + ipv4(s).substr(1), What::Malformed},
      {"TCP with a header of 16 octets", 101, ipv4(s.substr(0, 12) + "\x40" + s.substr(13)),
       What::Malformed},
      {"TCP with a header beyond its packet", 101,
       ipv4(s.substr(0, 12) + "\xf0" + s.substr(13, 10)), What::Malformed},
      {"UDP that claims 7 octets", 101, ipv4(be16(1) + be16(2) + be16(7) + be16(0), 17),
       What::Malformed},
      {"802.11", 105, "something", What::UnknownLink},
      {"PPTP without a payload", 101, ipv4(gre(0x2081, 0x880b, be16(0) + be16(1) + be32(5)), 47),
       What::OtherIp},
  };
  for (const Other& other : others) {
    INFO(other.what);
    CHECK(static_cast<int>(decode(other.frame, other.link_type).what) ==
          static_cast<int>(other.expected));
  }
}

TEST_CASE("UDP gives ports and payload, without what follows it") {
  const std::string frame = ethernet(0x0800, ipv4(udp(5353, 53, "query"), 17)) + "trailer";
  const Decoded d = decode(frame, 1);
  REQUIRE(d.is_udp());
  CHECK(d.source_port == 5353);
  CHECK(d.destination_port == 53);
  CHECK(frame.substr(d.payload_at, d.payload_octets) == "query");
}

TEST_CASE("a fragment says what it is a piece of") {
  Ip4 h;
  h.id = 0x1234;
  h.fragment = 0x2000 | 100;
  const std::string frame = ethernet(0x0800, ipv4(h, "eight octets and eight"));
  const Decoded d = decode(frame, 1);
  CHECK(d.fragment_id == 0x1234);
  CHECK(d.fragment_offset == 800);
  CHECK(d.more_fragments);
  CHECK(frame.substr(d.payload_at, d.payload_octets) == "eight octets and eight");
}

TEST_CASE("tunnels within tunnels end") {
  std::string packet = ipv4(segment());
  for (int i = 0; i < 100; ++i) packet = ipv4(packet, 4);
  CHECK(decode(packet, 101).what == What::Malformed);
}

}  // namespace mailscope::tcp
