#include "protocols/base/dot_stuffing.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using mailscope::ContentFaults;
using mailscope::dot_stuffed;
using mailscope::DotDecoder;
using mailscope::DotEncoder;
using namespace std::string_literals;

namespace {

struct Decoded {
  std::string content;
  bool finished = false;
  std::string behind;
  ContentFaults faults;
};

Decoded decode(std::string_view wire, std::size_t chunk) {
  DotDecoder decoder;
  Decoded decoded;
  for (std::size_t at = 0; at < wire.size(); at += chunk) {
    const std::string octets(wire.substr(at, chunk));
    std::string_view input = octets;
    while (!input.empty() && !decoder.finished()) decoded.content += decoder.next(input);
    decoded.behind += input;
  }
  decoded.finished = decoder.finished();
  decoded.faults = decoder.faults();
  return decoded;
}

const std::vector<std::size_t> kChunks = {1, 2, 3, 5, 63, 64, 65, 100000};

// A small generator of its own, so that the cases are the same on every machine.
struct Dice {
  std::uint32_t state = 1;
  std::uint32_t roll(std::uint32_t sides) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % sides;
  }
};

}  // namespace

TEST_CASE("A leading dot is doubled on sending, and the content ends in CRLF and the dot line") {
  CHECK(dot_stuffed("") == ".\r\n");
  CHECK(dot_stuffed("a\r\n") == "a\r\n.\r\n");
  CHECK(dot_stuffed("a") == "a\r\n.\r\n");
  CHECK(dot_stuffed(".") == "..\r\n.\r\n");
  CHECK(dot_stuffed(".\r\n") == "..\r\n.\r\n");
  CHECK(dot_stuffed("a\r\n.\r\n..b\r\n.c.\r\n") == "a\r\n..\r\n...b\r\n..c.\r\n.\r\n");
  CHECK(dot_stuffed("a.\r\nb\n.c\r\n") == "a.\r\nb\n.c\r\n.\r\n");
}

TEST_CASE("Stuffing in pieces gives the same wire") {
  const std::string content = ".a\r\n..\r\n\r\n.b\r.c\n.d\r\n.";
  for (const std::size_t chunk : kChunks) {
    DotEncoder encoder;
    std::string wire;
    for (std::size_t at = 0; at < content.size(); at += chunk)
      encoder.encode(std::string_view(content).substr(at, chunk), wire);
    encoder.finish(wire);
    CHECK(wire == dot_stuffed(content));
  }
}

TEST_CASE("A stuffed dot is taken off wherever the chunks are cut") {
  const std::string wire = "..a\r\n...\r\n.b\r\nx.\r\n..\r\n.\r\nQUIT\r\n";
  for (const std::size_t chunk : kChunks) {
    const Decoded decoded = decode(wire, chunk);
    CHECK(decoded.finished);
    CHECK(decoded.content == ".a\r\n..\r\nb\r\nx.\r\n.\r\n");
    CHECK(decoded.behind == "QUIT\r\n");
  }
}

TEST_CASE("None of the ten bad forms ends the content") {
  const std::vector<std::string> forms = {"\n.\n",        "\r.\r",       "\r\n.\n", "\n.\r\n",
                                          "\r.\r\n",      "\r\n.\r",     "\n.\r",   "\r\r\n.\r\r\n",
                                          "\r\n\0.\r\n"s, "\r\n.\0\r\n"s};
  for (const std::string& form : forms)
    for (const std::size_t chunk : kChunks) {
      const Decoded decoded = decode("text" + form + "MAIL FROM:<a@b.example>\r\n", chunk);
      CHECK_FALSE(decoded.finished);
      CHECK(decode("text" + form + "more\r\n.\r\n", chunk).finished);
    }
}

TEST_CASE(
    "CR CRLF . CRLF ends the content, since a CRLF stands before the dot, and the bare CR is "
    "told") {
  for (const std::size_t chunk : kChunks) {
    const Decoded decoded = decode("text\r\r\n.\r\n", chunk);
    CHECK(decoded.finished);
    CHECK(decoded.faults.bare_cr == 1);
    CHECK(decoded.content == "text\r\r\n");
  }
}

TEST_CASE("Bare line ends, NULs and long lines are counted with the offset of the first") {
  const std::string wire = "ab\ncd\r\n" + std::string(999, 'x') + "\r\nq\re\0f\rg\r\n.\r\n"s;
  for (const std::size_t chunk : kChunks) {
    const Decoded decoded = decode(wire, chunk);
    CHECK(decoded.finished);
    CHECK(decoded.faults.bare_lf == 1);
    CHECK(decoded.faults.first_bare_lf == 2);
    CHECK(decoded.faults.bare_cr == 2);
    CHECK(decoded.faults.first_bare_cr == 7 + 1001 + 1);
    CHECK(decoded.faults.nul == 1);
    CHECK(decoded.faults.first_nul == 7 + 1001 + 3);
    CHECK(decoded.faults.long_lines == 1);
    CHECK(decoded.faults.first_long_line == 7);
  }
}

TEST_CASE("The stuffed dot does not count in the line's length") {
  for (const std::size_t chunk : kChunks) {
    CHECK(decode(".." + std::string(997, 'x') + "\r\n", chunk).faults.long_lines == 0);
    CHECK(decode(".." + std::string(998, 'x') + "\r\n", chunk).faults.long_lines == 1);
  }
}

TEST_CASE("What is stuffed comes out as it was, in any chunking") {
  Dice dice;
  const std::string alphabet = "..\r\n\n\rab";
  for (int round = 0; round < 3000; ++round) {
    std::string content;
    const std::uint32_t length = dice.roll(200);
    for (std::uint32_t i = 0; i < length; ++i)
      content += dice.roll(4) == 0 ? "\r\n" : std::string(1, alphabet[dice.roll(8)]);
    const Decoded decoded = decode(dot_stuffed(content) + "NOOP\r\n", 1 + dice.roll(130));
    const bool complete = content.empty() || content.ends_with("\r\n");
    REQUIRE(decoded.finished);
    REQUIRE(decoded.content == (complete ? content : content + "\r\n"));
    REQUIRE(decoded.behind == "NOOP\r\n");
  }
}

TEST_CASE("Faults do not depend on the chunking") {
  Dice dice;
  for (int round = 0; round < 1000; ++round) {
    std::string wire;
    for (int i = 0; i < 300; ++i) wire += "\r\n.ab\0"s[dice.roll(6)];
    const Decoded whole = decode(wire, wire.size());
    const Decoded cut = decode(wire, 1 + dice.roll(70));
    REQUIRE(whole.content == cut.content);
    REQUIRE(whole.finished == cut.finished);
    if (whole.finished) continue;
    REQUIRE(whole.faults.bare_cr == cut.faults.bare_cr);
    REQUIRE(whole.faults.bare_lf == cut.faults.bare_lf);
    REQUIRE(whole.faults.nul == cut.faults.nul);
    REQUIRE(whole.faults.first_bare_cr == cut.faults.first_bare_cr);
    REQUIRE(whole.faults.first_bare_lf == cut.faults.first_bare_lf);
  }
}

TEST_CASE("Behind a gap a dot line still ends the content") {
  DotDecoder decoder;
  std::string_view input = "begun li";
  CHECK(decoder.next(input) == "begun li");
  decoder.gap(100);
  input = ".\r\n";
  CHECK(decoder.next(input).empty());
  CHECK(decoder.finished());
  CHECK(decoder.wire_octets() == 111);
}
