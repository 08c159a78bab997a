#include <catch2/catch.hpp>

#include "captures/languages/languages.hpp"
#include "captures/tcp/dissect.hpp"
#include "protocols/dns/message.hpp"
#include "tests/captures/tcp/frames.hpp"

namespace mailscope::tcp {
namespace {

using namespace frames;

std::string names(const std::vector<Layer>& layers) {
  std::string out;
  for (const Layer& layer : layers) out += (out.empty() ? "" : " / ") + layer.name;
  return out;
}

const Field* find(const Layer& layer, std::string_view name) {
  for (const Field& field : layer.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

void check_bounds(const std::vector<Layer>& layers, std::size_t octets) {
  for (const Layer& layer : layers) {
    CHECK(layer.begin <= layer.end);
    CHECK(layer.end <= octets);
    for (const Field& field : layer.fields) {
      CHECK(field.begin <= field.end);
      CHECK(field.end <= octets);
    }
  }
}

std::string syn_frame() {
  TcpHeader h;
  h.flags = kSyn;
  h.seq = 77;
  h.options = be32(0x020405b4) + be32(0x0402080a) + be32(9) + be32(0) + be32(0x01030307);
  std::string segment = tcp(h, "EHLO");
  sum_transport(segment, 16, 6, kClient4, kServer4);
  return ethernet(0x0800, ipv4(segment)) + std::string(4, '\0');
}

}  // namespace

TEST_CASE("a frame opens into its layers, each with its octets") {
  const std::string frame = syn_frame();
  const std::vector<Layer> layers = dissect(frame, 1);
  REQUIRE(names(layers) == "Ethernet / IPv4 / TCP / Payload / Padding");
  CHECK(layers[0].summary == "02:00:00:00:00:01 → 02:00:00:00:00:02");
  CHECK(layers[1].summary == "10.0.0.1 → 10.0.0.2 · ttl 64 · 64 octets");
  CHECK(layers[2].summary == "40000 → 25 · SYN · seq 77 · window 64240 · 4 octets");
  CHECK(layers[3].summary == "4 octets");
  CHECK(layers[0].end == 14);
  CHECK(layers[1].begin == 14);
  CHECK(layers[1].end == 34);
  CHECK(layers[2].end == 74);
  CHECK(frame.substr(layers[3].begin, layers[3].end - layers[3].begin) == "EHLO");
  CHECK(layers[4].end == frame.size());
  CHECK(layers[1].checksum == Checksum::Good);
  CHECK(layers[2].checksum == Checksum::Good);

  const Field* ttl = find(layers[1], "Time to live");
  REQUIRE(ttl != nullptr);
  CHECK(ttl->value == "64");
  CHECK(ttl->begin == 22);
  CHECK(ttl->end == 23);
  CHECK_FALSE(ttl->meaning.empty());
  CHECK(find(layers[2], "Destination port")->value == "25 (smtp)");
  CHECK(find(layers[2], "Flags")->value == "SYN");
  CHECK(find(layers[2], "Maximum segment size")->value == "1460");
  CHECK(find(layers[2], "Window scale")->value == "times 128");
  CHECK(find(layers[2], "SACK permitted") != nullptr);
  CHECK(find(layers[2], "Timestamps")->value == "9, echo 0");
}

TEST_CASE("a wrong checksum is told, one that cannot be checked is not") {
  std::string frame = syn_frame();
  frame[frame.size() - 5] ^= 1;
  std::vector<Layer> layers = dissect(frame, 1);
  CHECK(layers[2].checksum == Checksum::Bad);
  CHECK(find(layers[2], "Checksum")->value.find("(wrong)") != std::string::npos);
  CHECK(layers[1].checksum == Checksum::Good);
  frame[24] ^= 1;
  CHECK(dissect(frame, 1)[1].checksum == Checksum::Bad);
  layers = dissect(syn_frame().substr(0, 76), 1, 82);
  CHECK(layers[2].checksum == Checksum::Unchecked);
  CHECK(layers[3].summary == "2 octets, 2 more not captured");
}

TEST_CASE("every kind of layer is named") {
  const std::string segment = tcp({}, "x");
  const std::string ip = ipv4(segment);
  struct Row {
    std::uint16_t link_type;
    std::string frame;
    const char* layers;
  };
  const Row rows[] = {
      {1, ethernet(0x8100, vlan(5, 0x0800, ip)), "Ethernet / 802.1Q / IPv4 / TCP / Payload"},
      {1, ethernet(0x88a8, vlan(5, 0x8100, vlan(6, 0x0800, ip))),
       "Ethernet / 802.1ad / 802.1Q / IPv4 / TCP / Payload"},
      {1, ethernet(0x8847, be32(0x000101ff) + ip), "Ethernet / MPLS / IPv4 / TCP / Payload"},
      {1, ethernet(0x86dd, ipv6(udp(53, 4000, "x"), 17)), "Ethernet / IPv6 / UDP / Payload"},
      {1, ethernet(0x86dd, ipv6(fragment6(6, 0, false, 9, segment), 44)),
       "Ethernet / IPv6 / IPv6 fragment / TCP / Payload"},
      {1, ethernet(0x86dd, ipv6(fragment6(6, 8, true, 9, "12345678"), 44)),
       "Ethernet / IPv6 / IPv6 fragment / Payload"},
      {1, ethernet(0x0800, ipv4(be16(0) + be16(0x0800) + ip, 47)),
       "Ethernet / IPv4 / GRE / IPv4 / TCP / Payload"},
      {1, ethernet(0x0800, ipv4("\x08\0\0\0ping", 1)), "Ethernet / IPv4"},
      {1, ethernet(0x0806, std::string("\0\1\x08\0\6\4\0\1", 8) + std::string(20, '\1')),
       "Ethernet / ARP"},
      {1, ethernet(0x1234, "what"), "Ethernet / Payload"},
      {0, be32(2) + ip, "Loopback / IPv4 / TCP / Payload"},
      {113, std::string(14, '\0') + be16(0x0800) + ip, "Linux cooked / IPv4 / TCP / Payload"},
      {276, be16(0x0800) + std::string(18, '\0') + ip, "Linux cooked 2 / IPv4 / TCP / Payload"},
      {101, ip, "IPv4 / TCP / Payload"},
      {9, be16(0xff03) + be16(0x21) + ip, "HDLC / PPP / IPv4 / TCP / Payload"},
      {105, "unknown", "Payload"},
  };
  for (const Row& row : rows) {
    const std::vector<Layer> layers = dissect(row.frame, row.link_type);
    CHECK(names(layers).substr(0, std::string(row.layers).size()) == row.layers);
    check_bounds(layers, row.frame.size());
  }
}

TEST_CASE("ARP reads as the question and the answer that it is") {
  const std::string head = std::string("\0\1\x08\0\6\4\0", 7);
  const std::string a = "\x02\x02\x02\x02\x02\x02", b(6, '\0');
  const std::string question = ethernet(0x0806, head + "\1" + a + kClient4 + b + kServer4);
  CHECK(dissect(question, 1)[1].summary == "who has 10.0.0.2? tell 10.0.0.1");
  const std::string answer = ethernet(0x0806, head + "\2" + a + kServer4 + b + kClient4);
  CHECK(dissect(answer, 1)[1].summary == "10.0.0.2 is at 02:02:02:02:02:02");
}

TEST_CASE("a frame cut anywhere keeps the fields that are there, and says that it is cut") {
  const std::string frame = syn_frame();
  for (std::size_t octets = 0; octets < frame.size(); ++octets) {
    const std::string part(frame.data(), octets);
    const std::vector<Layer> layers = dissect(part, 1, static_cast<std::uint32_t>(frame.size()));
    check_bounds(layers, octets);
  }
  const std::vector<Layer> cut = dissect(frame.substr(0, 14 + 13), 1, 82);
  REQUIRE(cut.size() == 2);
  CHECK(cut[1].summary == "cut short: 13 of 20 octets are here");
  CHECK(find(cut[1], "Protocol") != nullptr);
  CHECK(find(cut[1], "Source address") == nullptr);
}

TEST_CASE("a frame damaged anywhere stays within its bounds") {
  for (const std::string& frame :
       {syn_frame(), ethernet(0x86dd, ipv6(fragment6(6, 0, false, 9, tcp({}, "x")), 44)),
        ethernet(0x0800, ipv4(be16(0x3000) + be16(0x88be) + std::string(30, 'g'), 47))}) {
    for (std::size_t at = 0; at < frame.size(); ++at) {
      for (const int octet : {0, 1, 0x45, 0x4f, 0x60, 0xf0, 0xff}) {
        std::string damaged = frame;
        damaged[at] = static_cast<char>(octet);
        check_bounds(dissect(damaged, 1), damaged.size());
      }
    }
  }
}

TEST_CASE("TCP flags read as words") {
  CHECK(inet::tcp_flags_text(0) == "none");
  CHECK(inet::tcp_flags_text(kSyn | kAck) == "SYN, ACK");
  CHECK(inet::tcp_flags_text(0xff) == "FIN, SYN, RST, PSH, ACK, URG, ECE, CWR");
}

namespace {

std::string udp_frame(const std::string& payload, std::uint16_t from, std::uint16_t to) {
  Ip4 ip;
  ip.protocol = 17;
  return ethernet(0x0800, ipv4(ip, udp(from, to, payload)));
}

std::string dns_frame(const dns::Message& message, std::uint16_t from, std::uint16_t to) {
  return udp_frame(dns::encode(message), from, to);
}

dns::Message dns_answer() {
  dns::Message message;
  message.id = 0x1234;
  message.response = message.authoritative = message.recursion_desired = true;
  message.udp_octets = 1232;  // its OPT record stands in front of nothing and is passed over
  message.questions.push_back({"beta.example", dns::Type::Mx});
  message.answers = {dns::mx_record("beta.example", 10, "mail.beta.example", 300)};
  message.additional = {dns::address_record("mail.beta.example", IpAddress::v4(10, 0, 2, 25), 60)};
  return message;
}

}  // namespace

TEST_CASE("a DNS message opens into its header, questions and records") {
  const std::string frame = dns_frame(dns_answer(), 53, 50000);
  const std::vector<Layer> layers = dissect(frame, 1);
  REQUIRE(names(layers) == "Ethernet / IPv4 / UDP / DNS");
  const Layer& layer = layers.back();
  CHECK(layer.summary == "mail.beta.example, preference 10");
  CHECK(layer.begin == 42);
  CHECK(layer.end == frame.size());
  REQUIRE(find(layer, "Flags"));
  CHECK(find(layer, "Identification")->value == "0x1234");
  CHECK(find(layer, "Flags")->value == "answer, AA, RD, NOERROR");
  CHECK(find(layer, "Question")->value == "MX beta.example");
  CHECK(find(layer, "Question")->begin == 54);
  CHECK(find(layer, "Question")->end == 72);
  CHECK(find(layer, "Answer")->value == "beta.example 300 MX 10 mail.beta.example");
  CHECK(find(layer, "Answer")->begin == 72);
  CHECK(find(layer, "Answer")->end == 93);
  CHECK(find(layer, "Additional")->value == "mail.beta.example 60 A 10.0.2.25");
  CHECK_FALSE(find(layer, "Authority"));
  dns::Message query = dns_answer();
  query.response = false;
  query.answers.clear();
  CHECK(dissect(dns_frame(query, 50000, 53), 1).back().summary ==
        "who takes mail for beta.example?");
  CHECK(names(dissect(dns_frame(query, 50000, 54), 1)) == "Ethernet / IPv4 / UDP / Payload");
}

namespace {

// Echo, RFC 862: a language of datagrams of a test's own, known by its registration alone.
class Echo final : public languages::Language {
 public:
  Echo()
      : Language(
            {.name = "echo", .title = "Echo", .ports = {{7, false, "echo"}}, .datagrams = true}) {}
  std::optional<languages::FieldSheet> fields(std::string_view octets) const override {
    if (octets.size() < 2) return {};
    const auto end = static_cast<std::uint32_t>(octets.size());
    return languages::FieldSheet{"says it again", {{"Word", std::string(octets), 1, end, ""}}};
  }
  std::span<const trace::FindingKind> finding_kinds() const override {
    static constexpr trace::FindingKind kKinds[] = {
        {"echo.other", trace::Severity::Error, "Another word", "It said something else.", ""}};
    return kKinds;
  }
};

}  // namespace

TEST_CASE("a registered language's datagrams open, and its findings are explained") {
  static const Echo kEcho;
  REQUIRE(languages::add(kEcho) != languages::kUnknown);
  const std::string frame = udp_frame("hello", 50000, 7);
  const std::vector<Layer> layers = dissect(frame, 1);
  REQUIRE(names(layers) == "Ethernet / IPv4 / UDP / Echo");
  CHECK(layers.back().summary == "says it again");
  REQUIRE(find(layers.back(), "Word"));
  CHECK(find(layers.back(), "Word")->begin == 43);
  CHECK(find(layers.back(), "Word")->end == 47);
  CHECK(layers.back().end == frame.size());
  CHECK(names(dissect(udp_frame("h", 50000, 7), 1)).starts_with("Ethernet / IPv4 / UDP / Payload"));
  REQUIRE(languages::find_finding_kind("echo.other"));
  CHECK(languages::find_finding_kind("echo.other")->severity == trace::Severity::Error);
}

TEST_CASE("a DNS message damaged or cut anywhere stays within its bounds") {
  const std::string good = dns_frame(dns_answer(), 53, 50000);
  for (std::size_t octets = 0; octets < good.size(); ++octets)
    check_bounds(dissect(good.substr(0, octets), 1, static_cast<std::uint32_t>(good.size())),
                 octets);
  for (std::size_t at = 42; at < good.size(); ++at) {
    for (const int value : {0, 1, 0x3f, 0x80, 0xc0, 0xff}) {
      std::string bad = good;
      bad[at] = static_cast<char>(value);
      check_bounds(dissect(bad, 1), bad.size());
    }
  }
}

}  // namespace mailscope::tcp
