// TCP as a listener sees it: what came in, and what is made of it. Traps 47 and 48.
#include <catch2/catch.hpp>

#include <cstring>

#include "captures/tcp/reassembler.hpp"
#include "tests/captures/tcp/recorder.hpp"
#include "tests/captures/tcp/scenario.hpp"

namespace mailscope::tcp {
namespace {

struct Row {
  const char* what;
  const char* segments;
  const char* told;  // one line a call, without the first (begin)
};

constexpr const char* kOpen = "C syn\nS syn\nC\n";
constexpr const char* kOpenTold = "C syn\nS syn\nC opens\n";

// Each is played behind a handshake.
const Row kRows[] = {
    {"a dialogue", R"(
        S "220"
        C "EHLO"
        S "250"
        C "QUIT" fin
        S fin
        C)",
     "S 0 220\nC 0 EHLO\nS 3 250\nC 4 QUIT\nC fin\nS fin\nend fin"},

    {"a retransmission", R"(
        C "EHLO"
        C 0 "EHLO"
        S)",
     "C 0 EHLO\nC again 0-4\nend open"},

    {"a retransmission with new octets behind it", R"(
        C "EHLO"
        C 0 "EHLO there"
        S)",
     "C 0 EHLO\nC again 0-4\nC 4  there\nend open"},

    {"a retransmission that differs: the first copy wins", R"(
        C "EHLO"
        C 0 "HELO"
        S)",
     "C 0 EHLO\nC conflict 0-4\nend open"},

    {"a retransmission across two segments that differs in the second", R"(
        C "EH"
        C "LO"
        C 0 "EHLX"
        S)",
     "C 0 EH\nC 2 LO\nC conflict 0-4\nend open"},

    {"two segments in the wrong order", R"(
        C 2 "LO"
        C 0 "EH"
        S)",
     "C early 2-4\nC 0 EH\nC 2 LO\nend open"},

    {"three segments in the wrong order", R"(
        C 4 "45"
        C 2 "23"
        C 0 "01"
        S)",
     "C early 4-6\nC early 2-4\nC 0 01\nC 2 23\nC 4 45\nend open"},

    {"an early segment that comes twice", R"(
        C 2 "LO"
        C 2 "LO"
        C 0 "EH"
        S)",
     "C early 2-4\nC early 2-4\nC again 2-4\nC 0 EH\nC 2 LO\nend open"},

    {"an early segment that comes twice and differs", R"(
        C 2 "LO"
        C 2 "XO"
        C 0 "EH"
        S)",
     "C early 2-4\nC early 2-4\nC conflict 2-4\nC 0 EH\nC 2 LO\nend open"},

    {"the missing piece overlaps what waits: that was first", R"(
        C 2 "LO"
        C 0 "EHxx!"
        S)",
     "C early 2-4\nC conflict 2-4\nC 0 EH\nC 2 LO\nC 4 !\nend open"},

    {"a hole that the answer acknowledges is a gap before the answer", R"(
        C "EHLO" lost
        C "MAIL"
        S "250")",
     "C early 4-8\nC gap 0+4\nC 4 MAIL\nS 0 250\nend open"},

    {"a hole that a bare acknowledgement covers waits for stragglers", R"(
        C 4 "MAIL"
        S ack=8
        C 0 "EHLO"
        S)",
     "C early 4-8\nC 0 EHLO\nC 4 MAIL\nend open"},

    {"but not for ever", R"(
        C "EHLO" lost
        C "MAIL"
        S
        S
        S
        S)",
     "C early 4-8\nC gap 0+4\nC 4 MAIL\nend open"},

    {"a hole that nobody acknowledged waits for its retransmission", R"(
        C "EHLO" lost
        C "MAIL"
        S ack=0
        S ack=0
        S ack=0
        S ack=0
        S ack=0
        C 0 "EHLO"
        S "250")",
     "C early 4-8\nC 0 EHLO\nC 4 MAIL\nS 0 250\nend open"},

    {"octets acknowledged at the end and never seen are a gap", R"(
        C "EHLO"
        C "MAIL FROM" lost
        S "250")",
     "C 0 EHLO\nS 0 250\nC gap 4+9\nend open"},

    {"an answer seen before its question is not yet a gap", R"(
        S "250" ack=4
        C 0 "EHLO"
        C)",
     "S 0 250\nC 0 EHLO\nend open"},

    {"two holes", R"(
        C "aa" lost
        C "bb"
        C "cc" lost
        C "dd"
        S "250")",
     "C early 2-4\nC early 6-8\nC gap 0+2\nC 2 bb\nC gap 4+2\nC 6 dd\nS 0 250\nend open"},

    {"a hole before the FIN", R"(
        C "QUIT" lost
        C fin
        S fin
        C)",
     "C gap 0+4\nC fin\nS fin\nend fin"},

    {"FIN with octets, twice", R"(
        C "QUIT" fin
        C 0 "QUIT" fin
        S fin
        C)",
     "C 0 QUIT\nC fin\nC again 0-4\nC again 4-4\nS fin\nend fin"},

    {"a FIN ahead of its octets", R"(
        C 4 fin
        C 0 "QUIT"
        S fin
        C)",
     "C 0 QUIT\nC fin\nS fin\nend fin"},

    {"octets behind a FIN do not count", R"(
        C "QUIT" fin
        C 4 "more"
        S fin
        C)",
     "C 0 QUIT\nC fin\nS fin\nend fin"},

    {"a FIN in front of octets that wait is not the end", R"(
        C 4 "MAIL"
        C 2 fin
        C 0 "EHLO"
        S)",
     "C early 4-8\nC 0 EHLO\nC 4 MAIL\nend open"},

    {"only one side closed", R"(
        C "QUIT" fin
        S)",
     "C 0 QUIT\nC fin\nend open"},

    {"a late acknowledgement after the end is passed over", R"(
        C fin
        S fin
        C
        C
        S)",
     "C fin\nS fin\nend fin"},

    {"reset", R"(
        C "EHLO"
        S rst)",
     "C 0 EHLO\nS rst\nend rst"},

    {"a reset far outside the window is not believed", R"(
        C "EHLO"
        S 900000000 rst
        S 0 "250")",
     "C 0 EHLO\nS 0 250\nend open"},

    {"a reset behind both FINs does not undo them", R"(
        C fin
        S fin ack=0
        C rst)",
     "C fin\nS fin\nC rst\nend fin"},

    {"what waits is given out before a reset", R"(
        C "EHLO" lost
        C "MAIL"
        C rst)",
     "C early 4-8\nC gap 0+4\nC 4 MAIL\nC rst\nend rst"},

    {"octets that come with a reset are no part of the stream", R"(
        S "no such service" rst)",
     "S rst\nend rst"},

    {"a connection that goes on after a reset was not reset", R"(
        C "EHLO"
        S rst
        S "250")",
     "C 0 EHLO\nS rst\nend rst\nbegin 10.0.0.1:40000 > 10.0.0.2:25 midstream\nS port reused 0-0\n"
     "S 0 250\nend open"},

    {"a keep-alive, empty and with an octet of garbage", R"(
        C "EHLO"
        S
        C 3
        S
        C 3 "z"
        S)",
     "C 0 EHLO\nC keep-alive 3-4\nC keep-alive 3-4\nend open"},

    {"a SYN once more", R"(
        C 0 syn noack
        C "EHLO")",
     "C again 0-0\nC 0 EHLO\nend open"},

    {"a SYN-ACK once more", R"(
        S 0 syn
        C "EHLO")",
     "S again 0-0\nC 0 EHLO\nend open"},

    {"a sequence number from before the SYN is ignored", R"(
        C "EHLO"
        C -500 "evil"
        C "MAIL")",
     "C 0 EHLO\nC 4 MAIL\nend open"},

    {"a segment that reaches into the stream from before it", R"(
        C -2 "xxEHLO"
        C "MAIL")",
     "C 0 EHLO\nC 4 MAIL\nend open"},

    {"a segment far outside the window waits in vain", R"(
        C "EHLO"
        C 400000000 "far"
        C 4 "MAIL"
        S)",
     "C 0 EHLO\nC early 400000000-400000003\nC 4 MAIL\nend open"},

    {"an acknowledgement far outside the window is not believed", R"(
        C "EHLO"
        S ack=900000000
        C "MAIL")",
     "C 0 EHLO\nC 4 MAIL\nend open"},

    {"the port used again after the close", R"(
        C fin
        S fin
        C
        C isn=77000 syn noack
        S isn=99000 syn
        C "EHLO")",
     "C fin\nS fin\nend fin\nbegin 10.0.0.1:40000 > 10.0.0.2:25\nC port reused 0-0\nC syn\nS syn\n"
     "C opens\nC 0 EHLO\nend open"},

    {"the port used again while the close was never seen: once the SYN is answered", R"(
        C "EHLO"
        C isn=77000 syn noack
        S isn=99000 syn
        C "HELO")",
     "C 0 EHLO\nend open\nbegin 10.0.0.1:40000 > 10.0.0.2:25\nC port reused 0-0\nC syn\nS syn\n"
     "C opens\nC 0 HELO\nend open"},

    {"a stray SYN that nobody answers changes nothing", R"(
        C "EHLO"
        S "250"
        C isn=90000000 syn noack
        C isn=1000 4 "MAIL")",
     "C 0 EHLO\nS 0 250\nC 4 MAIL\nend open"},

    {"a segment cut by the snap length", R"(
        C "EHLO there" cut=4
        S "250"
        C "MAIL")",
     "C cut 4-10\nC 0 EHLO\nC gap 4+6\nS 0 250\nC 10 MAIL\nend open"},

    {"a cut segment of which nothing was captured", R"(
        C "EHLO" cut=0
        C "MAIL")",
     "C cut 0-4\nC gap 0+4\nC 4 MAIL\nend open"},

    {"a cut segment that came early", R"(
        C 4 "MAIL FROM" cut=4
        C 0 "EHLO"
        C 13 "!")",
     "C cut 8-13\nC early 4-8\nC 0 EHLO\nC 4 MAIL\nC gap 8+5\nC 13 !\nend open"},

    {"a cut retransmission of octets that came whole", R"(
        C "EHLO there"
        C 0 "EHLO there" cut=4
        S)",
     "C 0 EHLO there\nC cut 4-10\nC again 0-4\nend open"},
};

std::string told(const std::string& segments, const ScenarioOptions& options = {},
                 const Limits& limits = {}) {
  Recorder recorder;
  play(read_scenario(segments, options), recorder, limits);
  std::string text;
  for (const std::string& line : recorder.lines) text += line + "\n";
  return text;
}

std::string with_v6(std::string text) {
  for (std::size_t at = 0; (at = text.find("10.0.0.", at)) != std::string::npos;)
    text.replace(at, 7, "2001:db8::");
  return text;
}

const std::string kBegin = "begin 10.0.0.1:40000 > 10.0.0.2:25\n";

}  // namespace

TEST_CASE("what a listener makes of segments behind a handshake") {
  for (const Row& row : kRows) {
    INFO(row.what);
    const std::string segments = std::string(kOpen) + row.segments;
    const std::string expected = kBegin + kOpenTold + row.told + "\n";
    CHECK(told(segments) == expected);
  }
}

TEST_CASE("the same over IPv6 and where sequence numbers wrap") {
  for (const Row& row : kRows) {
    // These name initial sequence numbers of their own.
    if (std::strstr(row.segments, "isn=") != nullptr) continue;
    INFO(row.what);
    const std::string segments = std::string(kOpen) + row.segments;
    const std::string expected = kBegin + kOpenTold + row.told + "\n";
    for (const std::uint32_t isn : {0xffffffffU, 0xfffffffeU, 0xfffffffaU, 0x7ffffffdU, 0U}) {
      INFO(isn);
      CHECK(told(segments, {isn, isn ^ 5, false}) == expected);
    }
    CHECK(told(segments, {1000, 5000, true}) == with_v6(expected));
  }
}

TEST_CASE("a connection opens in every way that TCP allows") {
  const Row rows[] = {
      {"octets in the SYN (Fast Open)", "C syn \"EHLO\"\nS syn\nC",
       "C syn\nC 0 EHLO\nS syn\nC opens\nend open"},
      {"octets in the SYN, not taken and sent again",
       "C syn \"EHLO\"\nS syn ack=0\nC 0 \"EHLO\"\nS",
       "C syn\nC 0 EHLO\nS syn\nC opens\nC again 0-4\nend open"},
      {"both sides at once", "C syn\nS syn noack\nC 0 syn\nS 0 syn ack=0\nC \"EHLO\"",
       "C syn\nS syn\nC syn\nS opens\nC 0 EHLO\nend open"},
      {"a split handshake", "C syn\nS noack\nS 0 syn noack\nC 0 syn ack=0\nS 0 ack=0\nC \"EHLO\"",
       "C syn\nS syn\nC syn\nS opens\nC 0 EHLO\nend open"},
      {"a SYN tried again with another number", "C syn\nC isn=8000 syn\nS syn\nC",
       "C syn\nend open\nbegin 10.0.0.1:40000 > 10.0.0.2:25\nC port reused 0-0\nC syn\nS syn\n"
       "C opens\nend open"},
      {"a refused SYN", "C syn\nS -1 rst", "C syn\nS rst\nend rst"},
      {"the ACK of the handshake lost", "C syn\nS syn\nC \"EHLO\"\nS",
       "C syn\nS syn\nC opens\nC 0 EHLO\nend open"},
      {"the SYN-ACK not captured", "C syn\nS syn lost\nC\nS \"220\"\nC \"EHLO\"",
       "C syn\nS 0 220\nC 0 EHLO\nend open"},
      {"the SYN-ACK captured before the SYN", "S syn ack=0\nC 0 syn noack\nC\nS \"220\"",
       "S syn\nC syn\nC opens\nS 0 220\nend open"},
      {"a SYN that nobody answers", "C syn", "C syn\nend open"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(told(row.segments) == kBegin + row.told + "\n");
  }
}

TEST_CASE("a capture begun in mid-connection") {
  const std::string begin = "begin 10.0.0.1:40000 > 10.0.0.2:25 midstream\n";
  const Row rows[] = {
      {"with octets", "C 70000 \"EHLO\"\nS 300 \"250\"\nC \"MAIL\"",
       "C 0 EHLO\nS 0 250\nC 4 MAIL\nend open"},
      {"with an acknowledgement, octets in flight", "C 70000 ack=100\nS 300 \"250\"\nC \"MAIL\"",
       "S 0 250\nC 0 MAIL\nend open"},
      {"with an acknowledgement, and its own octets are lost",
       "C 70000 ack=300\nC \"EHLO\" lost\nC \"MAIL\"\nS 300 \"250\"",
       "C early 4-8\nC gap 0+4\nC 4 MAIL\nS 0 250\nend open"},
      {"with the server", "S 300 \"250\" ack=70000\nC 70000 \"MAIL\"\nS",
       "S 0 250\nC 0 MAIL\nend open"},
      {"with a FIN", "S 300 fin ack=70000\nC 70000 fin\nS", "S fin\nC fin\nend fin"},
      {"with a reset", "S 300 rst", "S rst\nend rst"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(told(row.segments) == begin + row.told + "\n");
  }
}

TEST_CASE("a capture of one side only") {
  const Row rows[] = {
      {"the client's: the server's octets are missing as far as they were acknowledged",
       "C syn\nS syn lost\nC\nS \"220\" lost\nC \"EHLO\"\nS \"250\" lost\nC \"QUIT\" fin",
       "C syn\nC 0 EHLO\nC 4 QUIT\nC fin\nS gap 0+6\nend fin"},
      {"a hole is not a gap before the end",
       "C syn noack\nC noack \"EHLO\" lost\nC noack \"MAIL\"\nC noack \"RCPT\"\nC noack \"QUIT\"\n"
       "C noack 0 \"EHLO\"",
       "C syn\nC early 4-8\nC early 8-12\nC early 12-16\nC 0 EHLO\nC 4 MAIL\nC 8 RCPT\nC 12 QUIT\n"
       "end open"},
      {"a hole at the end is one", "C syn noack\nC noack \"EHLO\" lost\nC noack \"MAIL\"",
       "C syn\nC early 4-8\nC gap 0+4\nC 4 MAIL\nend open"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(told(row.segments) == kBegin + row.told + "\n");
  }
  CHECK(told("C syn lost\nS syn ack=0\nS \"220\"\nC \"EHLO\" lost\nS \"250\"\nS \"221\" fin") ==
        kBegin + "S syn\nS 0 220\nS 3 250\nS 6 221\nS fin\nC gap 0+4\nend fin\n");
}

TEST_CASE("a connection that says nothing for too long ends, and begins anew if it speaks") {
  CHECK(told("C syn\nS syn\nC \"EHLO\"\nS\nC at=4000 \"MAIL\"\nS \"250\"\nC \"QUIT\"") ==
        kBegin + "C syn\nS syn\nC opens\nC 0 EHLO\nC 4 MAIL\nS 0 250\nC 8 QUIT\nend open\n");
  // Another connection's frames move the clock: here its own, two after the silence.
  Limits limits;
  limits.idle_max = 10'000'000'000;
  Recorder recorder;
  Reassembler reassembler(recorder, limits);
  const auto first = read_scenario("C syn\nS syn\nC \"EHLO\"");
  const auto again = read_scenario("C 4 \"MAIL\"");
  const auto other = read_scenario("C syn\nS syn\nC", {1, 2, true});
  for (const auto& f : first) reassembler.add(f.octets, kLinkEthernet, {f.at, 0, 0});
  Time at = 60'000'000'000;
  for (const auto& f : other) reassembler.add(f.octets, kLinkEthernet, {at++, 0, 0});
  reassembler.add(again[0].octets, kLinkEthernet, {at, 0, 0});
  reassembler.finish();
  CHECK(recorder.streams.size() == 3);
  CHECK(recorder.streams[0].closing == trace::Closing::Timeout);
  CHECK(recorder.streams[2].flow.opening == trace::Opening::Midstream);
}

TEST_CASE("one wrong time stamp ends nothing") {
  CHECK(told("C syn\nS syn\nC \"EHLO\"\nS at=99999999\nC at=1 \"MAIL\"\nS \"250\"") ==
        kBegin + "C syn\nS syn\nC opens\nC 0 EHLO\nC 4 MAIL\nS 0 250\nend open\n");
}

}  // namespace mailscope::tcp
