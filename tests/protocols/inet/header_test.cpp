// Each header: a known one octet for octet, what is wrong or cut short, and random ones there and
// back.
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "protocols/inet/checksum.hpp"
#include "protocols/inet/ethernet.hpp"
#include "protocols/inet/icmpv6.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/tcp.hpp"
#include "protocols/inet/udp.hpp"

using namespace mailscope;
using namespace mailscope::inet;
using Bytes = std::vector<std::uint8_t>;

namespace {

constexpr auto kShort = HeaderError::Kind::Short;
constexpr auto kMalformed = HeaderError::Kind::Malformed;

Bytes unhex(std::string_view text) {
  Bytes octets;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    octets.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return octets;
}

IpAddress ip(const char* text) {
  return IpAddress::parse(text).value();
}

// The header's octets in front of others, whole and cut at every place.
template <class Header>
void check_cuts(const Bytes& octets, std::uint32_t needed) {
  for (std::uint32_t count = 0; count < needed; ++count) {
    const auto parsed = Header::parse(Octets(octets).first(count));
    REQUIRE_FALSE(parsed.has_value());
    REQUIRE(parsed.error().kind == kShort);
    REQUIRE(parsed.error().octets > count);
  }
  Bytes more = octets;
  more.insert(more.end(), {1, 2, 3});
  CHECK(Header::parse(more) == Header::parse(octets));
}

struct Dice {
  std::mt19937 engine{7};
  template <class T>
  T roll() {
    return static_cast<T>(engine());
  }
  IpAddress address(bool v6) {
    std::uint8_t octets[16];
    for (std::uint8_t& octet : octets) octet = roll<std::uint8_t>();
    octets[0] &= 0x7f;  // no group
    return v6 ? IpAddress::from_v6(octets) : IpAddress::from_v4(octets);
  }
  MacAddress mac() {
    MacAddress mac;
    for (std::uint8_t& octet : mac.octets) octet = roll<std::uint8_t>();
    return mac;
  }
};

}  // namespace

TEST_CASE("An Ethernet header") {
  const Bytes octets = unhex("ffffffffffff 020000000001 0806");
  const Ethernet header{MacAddress::broadcast(), {{2, 0, 0, 0, 0, 1}}, kEtherArp};
  CHECK(Ethernet::parse(octets) == header);
  Bytes emitted(Ethernet::kOctets);
  header.emit(emitted.data());
  CHECK(emitted == octets);
  check_cuts<Ethernet>(octets, 14);
}

TEST_CASE("An ARP packet") {
  const Bytes octets = unhex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002");
  const Arp arp{Arp::kRequest, {{2, 0, 0, 0, 0, 1}}, ip("10.0.0.1"), {}, ip("10.0.0.2")};
  CHECK(Arp::parse(octets) == arp);
  Bytes emitted(Arp::kOctets, 0xee);
  arp.emit(emitted.data());
  CHECK(emitted == octets);
  check_cuts<Arp>(octets, 28);
  for (const std::size_t at : {1, 2, 4, 5}) {  // other hardware, protocol, sizes
    Bytes other = octets;
    ++other[at];
    CHECK(Arp::parse(other).error().kind == kMalformed);
  }
}

TEST_CASE("An IPv4 header") {
  // The example of https://en.wikipedia.org/wiki/Internet_checksum, with its checksum b861.
  const Bytes octets = unhex("4500 0073 0000 4000 40 11 b861 c0a80001 c0a800c7");
  const auto parsed = Ipv4::parse(octets);
  REQUIRE(parsed);
  CHECK(parsed->total_octets == 115);
  CHECK(parsed->dont_fragment);
  CHECK_FALSE(parsed->is_fragment());
  CHECK(parsed->ttl == 64);
  CHECK(parsed->protocol == kUdp);
  CHECK(parsed->checksum == 0xb861);
  CHECK(parsed->source == ip("192.168.0.1"));
  CHECK(parsed->destination == ip("192.168.0.199"));
  CHECK(Ipv4::is_good_at(octets.data()));
  Bytes emitted(Ipv4::kOctets, 0xee);
  parsed->emit(emitted.data());
  CHECK(emitted == octets);
  check_cuts<Ipv4>(octets, 20);
}

TEST_CASE("IPv4 headers that are wrong, and one with options") {
  const Bytes good = unhex("4600 0018 0000 2001 40 06 0000 0a000001 0a000002 94040000");
  const auto parsed = Ipv4::parse(good);
  REQUIRE(parsed);
  CHECK(parsed->header_octets == 24);
  CHECK(parsed->more_fragments);
  CHECK(parsed->fragment_offset == 8);
  check_cuts<Ipv4>(good, 24);
  struct Row {
    std::size_t at;
    std::uint8_t value;
    const char* why;
  };
  for (const Row& row : {Row{0, 0x66, "version 6"}, Row{0, 0x44, "16 octets of header"},
                         Row{3, 23, "a total shorter than the header"}}) {
    CAPTURE(row.why);
    Bytes wrong = good;
    wrong[row.at] = row.value;
    CHECK(Ipv4::parse(wrong).error().kind == kMalformed);
  }
  Bytes uncut = good;
  uncut[3] = 0;  // a network card is to cut it
  CHECK(Ipv4::parse(uncut));
}

TEST_CASE("An IPv6 header and a fragment's") {
  const Bytes octets = unhex(
      "6ab12345 0014 06 3f 20010db8000000000000000000000001 20010db8000000010000000000000002");
  Ipv6 header;
  header.traffic_class = 0xab;
  header.flow_label = 0x12345;
  header.payload_octets = 20;
  header.next_header = kTcp;
  header.hop_limit = 63;
  header.source = ip("2001:db8::1");
  header.destination = ip("2001:db8:0:1::2");
  CHECK(Ipv6::parse(octets) == header);
  Bytes emitted(Ipv6::kOctets);
  header.emit(emitted.data());
  CHECK(emitted == octets);
  check_cuts<Ipv6>(octets, 40);
  Bytes wrong = octets;
  wrong[0] = 0x4a;
  CHECK(Ipv6::parse(wrong).error().kind == kMalformed);

  const Bytes fragment = unhex("06 00 05a9 01020304");
  const Ipv6Fragment piece{kTcp, 0x5a8, true, 0x01020304};
  CHECK(Ipv6Fragment::parse(fragment) == piece);
  Bytes again(Ipv6Fragment::kOctets, 0xee);
  piece.emit(again.data());
  CHECK(again == fragment);
  CHECK(piece.is_fragment());
  CHECK_FALSE((Ipv6Fragment{kTcp, 0, false, 1}.is_fragment()));
  check_cuts<Ipv6Fragment>(fragment, 8);
}

TEST_CASE("A UDP datagram") {
  const IpAddress a = ip("2001:db8::1"), b = ip("2001:db8::2");
  Bytes octets = unhex("c000 0035 000b 0000 616263");
  Udp{49152, 53, 11, 0}.emit(octets.data(), a, b);
  CHECK(is_good_transport(a, b, kUdp, octets.data(), 11));
  octets[10] ^= 1;
  CHECK_FALSE(is_good_transport(a, b, kUdp, octets.data(), 11));
  const auto parsed = Udp::parse(octets);
  REQUIRE(parsed);
  CHECK(parsed->source_port == 49152);
  CHECK(parsed->length == 11);
  check_cuts<Udp>(octets, 8);
  Bytes wrong = octets;
  wrong[5] = 7;
  CHECK(Udp::parse(wrong).error().kind == kMalformed);
}

TEST_CASE("A UDP checksum that comes out as zero is sent as ones") {
  const IpAddress a = ip("10.0.0.1"), b = ip("10.0.0.2");
  bool met = false;
  for (std::uint32_t port = 0; port < 65536 && !met; ++port) {
    Bytes octets(8);
    Udp{static_cast<std::uint16_t>(port), 53, 8, 0}.emit(octets.data(), a, b);
    REQUIRE((octets[6] != 0 || octets[7] != 0));
    met = octets[6] == 0xff && octets[7] == 0xff;
    if (met) CHECK(is_good_transport(a, b, kUdp, octets.data(), 8));
  }
  CHECK(met);
}

TEST_CASE("A TCP segment with options") {
  // A real SYN of Linux on loopback: MSS 65495, SACK permitted, timestamps, window scale 7.
  const Bytes octets = unhex(
      "c350 0019 01020304 00000000 a0 02 ffd7 fe30 0000"
      "0204ffd7 0402 080a 0badcafe 00000000 01 030307");
  const auto parsed = Tcp::parse(octets);
  REQUIRE(parsed);
  CHECK(parsed->source_port == 50000);
  CHECK(parsed->destination_port == 25);
  CHECK(parsed->sequence == 0x01020304);
  CHECK(parsed->header_octets == 40);
  CHECK(parsed->flags == kSyn);
  CHECK(parsed->window == 65495);
  const TcpOptionList options =
      TcpOptionList::parse(Tcp::options_at(octets.data(), parsed->header_octets));
  CHECK(options == TcpOptionList{std::uint16_t{65495}, std::uint8_t{7}, true});
  check_cuts<Tcp>(octets, 20);
  Bytes wrong = octets;
  wrong[12] = 0x40;
  CHECK(Tcp::parse(wrong).error().kind == kMalformed);
}

TEST_CASE("TCP options: valid, foreign, broken off") {
  struct Row {
    const char* octets;
    TcpOptionList options;
  };
  const Row rows[] = {
      {"", {}},
      {"01010101", {}},
      {"020405b4", {std::uint16_t{1460}, {}, false}},
      {"01030309", {{}, std::uint8_t{9}, false}},
      {"0303ff00", {{}, std::uint8_t{14}, false}},               // more than 14 counts as 14
      {"00 020405b4 000000", {}},                                // behind the end
      {"fd04aabb 020405b4", {std::uint16_t{1460}, {}, false}},   // an unknown one is passed over
      {"0203aa 020405b4 00", {std::uint16_t{1460}, {}, false}},  // an MSS of the wrong length
      {"020405b4 02", {std::uint16_t{1460}, {}, false}},
      {"0200", {}},
      {"0201", {}},
      {"02ff05b4", {}},
      {"020405", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.octets);
    const Bytes octets = unhex(row.octets);
    CHECK(TcpOptionList::parse(octets) == row.options);
  }
}

TEST_CASE("A neighbour solicitation and its advertisement") {
  const IpAddress source = ip("fe80::ff:fe00:1"), target = ip("2001:db8::2");
  const IpAddress group = solicited_node(target);
  NeighborMessage question;
  question.target = target;
  question.mac = MacAddress{{2, 0, 0, 0, 0, 1}};
  Bytes octets(question.octets(), 0xee);
  question.emit(octets.data(), source, group);
  CHECK(octets.size() == 32);
  CHECK(is_good_transport(source, group, kIcmpv6, octets.data(), 32));
  Bytes expected = unhex("87 00 0000 00000000 20010db8000000000000000000000002 0101 020000000001");
  expected[2] = octets[2], expected[3] = octets[3];
  CHECK(octets == expected);
  CHECK(NeighborMessage::parse(octets) == question);
  check_cuts<Icmpv6>(octets, 4);

  NeighborMessage answer;
  answer.advertisement = answer.solicited = answer.override_entry = true;
  answer.target = target;
  answer.mac = MacAddress{{2, 0, 0, 0, 0, 2}};
  answer.emit(octets.data(), target, source);
  CHECK(octets[0] == 136);
  CHECK(octets[4] == 0x60);
  CHECK(octets[24] == 2);
  CHECK(NeighborMessage::parse(octets) == answer);
}

TEST_CASE("Neighbour messages that are wrong") {
  NeighborMessage question;
  question.target = ip("2001:db8::2");
  question.mac = MacAddress{{2, 0, 0, 0, 0, 1}};
  Bytes good(question.octets());
  question.emit(good.data(), ip("2001:db8::1"), ip("ff02::1:ff00:2"));
  for (std::uint32_t count = 0; count < 24; ++count)
    CHECK(NeighborMessage::parse(Octets(good).first(count)).error().kind == kShort);
  struct Row {
    std::size_t at;
    std::uint8_t value;
    const char* why;
  };
  for (const Row& row :
       {Row{0, 128, "an echo request"}, Row{1, 1, "a code"}, Row{8, 0xff, "the target is a group"},
        Row{25, 0, "an option of length 0"}, Row{25, 2, "an option beyond the end"}}) {
    CAPTURE(row.why);
    Bytes wrong = good;
    wrong[row.at] = row.value;
    CHECK(NeighborMessage::parse(wrong).error().kind == kMalformed);
  }
  Bytes other = good;
  other[24] = 14;  // RFC 3971's nonce, say
  REQUIRE(NeighborMessage::parse(other));
  CHECK_FALSE(NeighborMessage::parse(other)->mac);
}

TEST_CASE("What was emitted is parsed as it was") {
  Dice dice;
  for (int i = 0; i < 2000; ++i) {
    std::uint8_t at[64];
    const Ethernet ethernet{dice.mac(), dice.mac(), dice.roll<std::uint16_t>()};
    ethernet.emit(at);
    REQUIRE(Ethernet::parse(at) == ethernet);

    const Arp arp{dice.roll<std::uint16_t>(), dice.mac(), dice.address(false), dice.mac(),
                  dice.address(false)};
    arp.emit(at);
    REQUIRE(Arp::parse(at) == arp);

    Ipv4 ipv4;
    ipv4.service = dice.roll<std::uint8_t>();
    ipv4.total_octets = static_cast<std::uint16_t>(20 + dice.engine() % 65516);
    ipv4.id = dice.roll<std::uint16_t>();
    ipv4.dont_fragment = dice.roll<bool>();
    ipv4.more_fragments = dice.roll<bool>();
    ipv4.fragment_offset = static_cast<std::uint16_t>(dice.engine() % 8192 * 8);
    ipv4.ttl = dice.roll<std::uint8_t>();
    ipv4.protocol = dice.roll<std::uint8_t>();
    ipv4.source = dice.address(false);
    ipv4.destination = dice.address(false);
    ipv4.emit(at);
    auto again = Ipv4::parse(at);
    REQUIRE(again);
    REQUIRE(Ipv4::is_good_at(at));
    again->checksum = 0;
    REQUIRE(*again == ipv4);

    Ipv6 ipv6;
    ipv6.traffic_class = dice.roll<std::uint8_t>();
    ipv6.flow_label = dice.engine() & 0xfffff;
    ipv6.payload_octets = dice.roll<std::uint16_t>();
    ipv6.next_header = dice.roll<std::uint8_t>();
    ipv6.hop_limit = dice.roll<std::uint8_t>();
    ipv6.source = dice.address(true);
    ipv6.destination = dice.address(true);
    ipv6.emit(at);
    REQUIRE(Ipv6::parse(at) == ipv6);

    TcpOptionList options;
    if (dice.roll<bool>()) options.mss = dice.roll<std::uint16_t>();
    if (dice.roll<bool>()) options.window_scale = static_cast<std::uint8_t>(dice.engine() % 15);
    options.sack_permitted = dice.roll<bool>();
    Tcp tcp{dice.roll<std::uint16_t>(),
            dice.roll<std::uint16_t>(),
            dice.roll<std::uint32_t>(),
            dice.roll<std::uint32_t>(),
            static_cast<std::uint8_t>(Tcp::kOctets + options.octets()),
            dice.roll<std::uint8_t>(),
            dice.roll<std::uint16_t>(),
            0,
            dice.roll<std::uint16_t>()};
    options.emit(at + Tcp::kOctets);
    const bool v6 = dice.roll<bool>();
    const IpAddress a = dice.address(v6), b = dice.address(v6);
    tcp.emit(at, pseudo_sum(a, b, kTcp, tcp.header_octets));
    REQUIRE(is_good_transport(a, b, kTcp, at, tcp.header_octets));
    auto segment = Tcp::parse(at);
    REQUIRE(segment);
    REQUIRE(TcpOptionList::parse(Tcp::options_at(at, segment->header_octets)) == options);
    segment->checksum = 0;
    REQUIRE(*segment == tcp);

    NeighborMessage message;
    message.advertisement = dice.roll<bool>();
    if (message.advertisement) {
      message.router = dice.roll<bool>();
      message.solicited = dice.roll<bool>();
      message.override_entry = dice.roll<bool>();
    }
    message.target = dice.address(true);
    if (dice.roll<bool>()) message.mac = dice.mac();
    message.emit(at, ipv6.source, ipv6.destination);
    REQUIRE(is_good_transport(ipv6.source, ipv6.destination, kIcmpv6, at, message.octets()));
    REQUIRE(NeighborMessage::parse({at, message.octets()}) == message);
  }
}

TEST_CASE("Any octets are parsed or refused") {
  Dice dice;
  for (int i = 0; i < 20'000; ++i) {
    Bytes octets(dice.engine() % 80);
    for (std::uint8_t& octet : octets) octet = dice.roll<std::uint8_t>();
    if (!octets.empty() && dice.roll<bool>()) octets[0] = dice.roll<bool>() ? 0x45 : 0x87;
    (void)Ethernet::parse(octets);
    (void)Arp::parse(octets);
    (void)Ipv6::parse(octets);
    (void)NeighborMessage::parse(octets);
    if (const auto v4 = Ipv4::parse(octets)) REQUIRE(v4->header_octets <= octets.size());
    TcpOptionList::parse(octets);
  }
  SUCCEED();
}
