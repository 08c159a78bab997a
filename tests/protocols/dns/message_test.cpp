#include "protocols/dns/message.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace mailscope;
using namespace mailscope::dns;

namespace {

// A header with these counts; what follows is the test's.
std::string header(int questions, int answers, int authority = 0, int additional = 0) {
  std::string octets("\x12\x34\x84\x00", 4);
  for (const int count : {questions, answers, authority, additional}) {
    octets += static_cast<char>(count >> 8);
    octets += static_cast<char>(count & 255);
  }
  return octets;
}

std::string octets(std::string_view hex) {
  std::string result;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) result += static_cast<char>(high << 4 | digit);
    high = high >= 0 ? -1 : digit;
  }
  return result;
}

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}
  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }

  std::uint32_t below(std::uint32_t bound) { return number() % bound; }
  std::string some_name() {
    static const char* const kLabels[] = {"mail",   "beta",      "a-b", "x1",
                                          "\\.dot", "\\007bell", "_tcp"};
    if (below(8) == 0) return ".";
    std::string name;
    for (std::uint32_t i = 0, count = 1 + below(4); i < count; ++i)
      name += std::string(kLabels[below(7)]) + '.';
    return name + "example";
  }
  std::string some_octets(std::uint32_t max) {
    std::string result(1 + below(max), '\0');
    for (char& c : result) c = static_cast<char>(below(256));
    return result;
  }
  Record record() {
    const std::uint32_t ttl = below(100'000);
    switch (below(7)) {
      case 0:
        return address_record(some_name(), IpAddress::v4(number()), ttl);
      case 1: {
        IpAddress six;
        six.v6 = true;
        for (auto& octet : six.octets) octet = static_cast<std::uint8_t>(below(256));
        return address_record(some_name(), six, ttl);
      }
      case 2:
        return mx_record(some_name(), static_cast<std::uint16_t>(below(65536)), some_name(), ttl);
      case 3:
        return target_record(some_name(), std::array{Type::Ns, Type::Cname, Type::Ptr}[below(3)],
                             some_name(), ttl);
      case 4: {
        Text text;
        for (std::uint32_t i = 0, count = 1 + below(3); i < count; ++i)
          text.strings.push_back(some_octets(255));
        return {some_name(), Type::Txt, ttl, std::move(text)};
      }
      case 5:
        return {some_name(), Type::Soa, ttl,
                Soa{some_name(), some_name(), number(), number(), number(), number(), number()}};
      default:
        return {some_name(), Type{4711}, ttl, Raw{some_octets(30)}};
    }
  }
  Message message() {
    Message m;
    m.id = static_cast<std::uint16_t>(below(65536));
    m.response = below(2) == 1;
    m.opcode = static_cast<std::uint8_t>(below(3));
    m.authoritative = below(2) == 1;
    m.truncated = below(2) == 1;
    m.recursion_desired = below(2) == 1;
    m.recursion_available = below(2) == 1;
    m.rcode = static_cast<Rcode>(below(16));
    m.udp_octets = below(2) == 1 ? static_cast<std::uint16_t>(512 + below(4000)) : 0;
    for (std::uint32_t i = 0, count = below(2); i <= count; ++i)
      m.questions.push_back({some_name(), Type::Mx, static_cast<std::uint16_t>(1 + 2 * below(2))});
    for (auto* section : {&m.answers, &m.authority, &m.additional})
      for (std::uint32_t i = 0, count = below(3); i < count; ++i) section->push_back(record());
    return m;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("A query is the octets that RFC 1035 says") {
  Message query;
  query.id = 0x1234;
  query.recursion_desired = true;
  query.questions.push_back({"beta.example", Type::Mx});
  CHECK(encode(query) == octets("1234 0100 0001 0000 0000 0000 04 62657461 07 6578616d706c65 00 "
                                "000f 0001"));
}

TEST_CASE("Names in an answer are compressed") {
  Message answer;
  answer.response = true;
  answer.questions.push_back({"beta.example", Type::Mx});
  answer.answers.push_back(mx_record("beta.example", 10, "mail.beta.example", 300));
  CHECK(encode(answer) ==
        octets("0000 8000 0001 0001 0000 0000 04 62657461 07 6578616d706c65 00 000f 0001 "
               "c00c 000f 0001 0000012c 0009 000a 04 6d61696c c00c"));
}

TEST_CASE("What was encoded decodes to the same message") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    const Message message = Maker(seed).message();
    const std::string encoded = encode(message);
    const auto decoded = decode(encoded);
    REQUIRE(decoded);
    CHECK(*decoded == message);
  }
}

TEST_CASE("Damaged messages are refused with a reason") {
  const std::string question = octets("04 62657461 00 0001 0001");
  struct Case {
    const char* what;
    std::string octets;
  };
  const Case cases[] = {
      {"nothing", ""},
      {"half a header", header(1, 0).substr(0, 7)},
      {"a question that is not there", header(1, 0)},
      {"more questions than there are", header(2, 0) + question},
      {"65535 answers that are not there", header(1, 65535) + question},
      {"a name that points to itself", header(1, 0) + octets("c00c 0001 0001")},
      {"two names that point to each other", header(1, 0) + octets("c00e c00c 0001 0001")},
      {"a label before a pointer to it", header(1, 0) + octets("0161 c00c 0001 0001")},
      {"a pointer beyond the end", header(1, 0) + octets("cfff 0001 0001")},
      {"a label of a kind that is not in use", header(1, 0) + octets("81 61 00 0001 0001")},
      {"a label longer than what is left", header(1, 0) + octets("3f 61 62")},
      {"data longer than what is left", header(0, 1) + octets("00 0010 0001 00000000 ffff 01 61")},
      {"an address of three octets", header(0, 1) + octets("00 0001 0001 00000000 0003 0a0000")},
      {"an exchange that is cut", header(0, 1) + octets("00 000f 0001 00000000 0003 000a 04")},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const auto decoded = decode(c.octets);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().size() > 5);
  }
  CHECK_FALSE(decode(std::string(kMessageOctetsMax + 1, '\0')));
}

TEST_CASE("Records without data, as updates have them, are read as such") {
  for (const char* type : {"0001", "000f", "0005", "0006", "0010", "001c"}) {
    CAPTURE(type);
    const auto decoded =
        decode(header(0, 1) + octets("00 " + std::string(type) + " 00ff 00000000 0000"));
    if (!decoded) continue;  // refusing it is as good
    REQUIRE(decoded->answers.size() == 1);
    CHECK((decoded->answers[0].data == Data{Raw{}} || decoded->answers[0].data == Data{Text{}}));
  }
}

TEST_CASE("A name of more than 255 octets is refused") {
  std::string long_name;
  for (int i = 0; i < 5; ++i) long_name += '\x3f' + std::string(63, 'a');
  CHECK_FALSE(decode(header(1, 0) + long_name + octets("00 0001 0001")));
}

TEST_CASE("where a name ends: behind the root or a pointer, within the octets") {
  const std::string name = octets("01 61 02 6263 00");
  CHECK(behind_name(name, 0) == name.size());
  CHECK(behind_name(name, 2) == name.size());
  CHECK(behind_name(octets("01 61 c000 ffff"), 0) == 4);
  for (const char* bad : {"", "01 61", "05 6162", "c0", "01 61 c0", "40 61 00", "80 61 00"})
    CHECK_FALSE(behind_name(octets(bad), 0));
  CHECK_FALSE(behind_name(name, name.size()));
}

TEST_CASE("more than one TSIG record is no message") {
  const std::string record =
      octets("00 00fa 00ff 00000000 0011 00 000000000000 012c 0000 1234 0000 0000");
  CHECK(decode(header(0, 0, 0, 1) + record));
  const auto two = decode(header(0, 0, 0, 2) + record + record);
  REQUIRE_FALSE(two);
  CHECK(two.error() == "has more than one TSIG record");
  // A question in front of them, and names that are pointers.
  const std::string question = octets("01 61 00 0001 0001");
  const std::string pointed =
      octets("c00c 00fa 00ff 00000000 0011 00 000000000000 012c 0000 1234 0000 0000");
  CHECK_FALSE(decode(header(1, 0, 0, 2) + question + pointed + pointed));
}

TEST_CASE("Many names at the end of a long chain of pointers are read in a moment") {
  // Pointers to pointers, then as many records as fit that all begin at the chain's end.
  std::string hostile = header(1, 300) + octets("00 0001 0001");
  std::string chain = octets("00 0010 0001 00000000");
  std::string pointers;
  const std::size_t base = hostile.size() + chain.size() + 2;
  pointers += '\0';
  for (std::size_t at = base; pointers.size() < 400; at = base + pointers.size() - 2) {
    pointers += static_cast<char>(0xc0 | at >> 8);
    pointers += static_cast<char>(at & 255);
  }
  hostile += chain + static_cast<char>(pointers.size() >> 8) +
             static_cast<char>(pointers.size() & 255) + pointers;
  const std::size_t last = base + pointers.size() - 2;
  while (hostile.size() + 12 <= kMessageOctetsMax)
    hostile += std::string{static_cast<char>(0xc0 | last >> 8), static_cast<char>(last & 255)} +
               octets("0010 0001 00000000 0000");
  (void)decode(hostile);
}

TEST_CASE("No damage to a message does more than make it another or none") {
  std::mt19937 random(7);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const std::string good = encode(Maker(seed).message());
    for (std::size_t cut = 0; cut < good.size(); cut += 1 + good.size() / 40)
      (void)decode(good.substr(0, cut));
    for (int i = 0; i < 60; ++i) {
      std::string bad = good;
      for (unsigned change = 0; change < 1 + random() % 4; ++change)
        bad[random() % bad.size()] = static_cast<char>(random());
      if (const auto decoded = decode(bad)) {
        (void)text_of_answers(*decoded);
        (void)words_of_answers(*decoded);
        for (const Record& record : decoded->additional) (void)text(record);
      }
    }
  }
}

TEST_CASE("Names compare without case and without the dot at the end") {
  CHECK(equal_names("Mail.Beta.example", "mail.beta.EXAMPLE."));
  CHECK_FALSE(equal_names("mail.beta.example", "beta.example"));
  CHECK(is_within("mail.beta.example", "BETA.example"));
  CHECK(is_within("beta.example", "beta.example"));
  CHECK(is_within("beta.example", "."));
  CHECK_FALSE(is_within("alphabeta.example", "beta.example"));
  CHECK_FALSE(is_within("example", "beta.example"));
}

TEST_CASE("Only names that fit into a message are names") {
  for (const char* good : {"beta.example", "beta.example.", ".", "a", "_dmarc.beta.example"})
    CHECK(is_name(good));
  const std::string long_label(64, 'a');
  for (const std::string& bad : {std::string(), std::string("a..b"), long_label,
                                 std::string("a\0b", 3), std::string(2000, 'a'),
                                 std::string(63, 'a') + '.' + std::string(63, 'b') + '.' +
                                     std::string(63, 'c') + '.' + std::string(63, 'd')})
    CHECK_FALSE(is_name(bad));
}

TEST_CASE("Types have names, in any case") {
  CHECK(name(Type::Mx) == "MX");
  CHECK(name(Type{4711}) == "TYPE4711");
  CHECK(parse_type("mx") == Type::Mx);
  CHECK(parse_type("AAAA") == Type::Aaaa);
  CHECK(parse_type("TYPE15") == Type::Mx);
  for (const char* bad : {"", "MXX", "hello there everybody"}) CHECK_FALSE(parse_type(bad));
}

TEST_CASE("A line of a zone file is a record") {
  struct Case {
    const char* line;
    Record record;
  };
  const Case cases[] = {
      {"beta.example 300 IN MX 10 mail.beta.example",
       mx_record("beta.example", 10, "mail.beta.example", 300)},
      {"beta.example. MX 0 .", mx_record("beta.example", 0, ".")},
      {"mail.beta.example A 10.0.2.25",
       address_record("mail.beta.example", IpAddress::v4(10, 0, 2, 25))},
      {"www.beta.example 60 CNAME mail.beta.example",
       target_record("www.beta.example", Type::Cname, "mail.beta.example", 60)},
      {"beta.example TXT \"v=spf1 -all\"",
       {"beta.example", Type::Txt, 3600, Text{{"v=spf1 -all"}}}},
      {"beta.example SOA ns.beta.example root.beta.example 7 3600 600 86400 60",
       {"beta.example", Type::Soa, 3600,
        Soa{"ns.beta.example", "root.beta.example", 7, 3600, 600, 86400, 60}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    const auto record = parse_record(c.line);
    REQUIRE(record);
    CHECK(*record == c.record);
  }
  for (const char* bad : {"", "beta.example", "beta.example MX", "beta.example MX ten mail",
                          "beta.example A 10.0.2", "beta.example NOSUCH 1"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_record(bad));
  }
}
