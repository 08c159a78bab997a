#include <catch2/catch.hpp>

#include <algorithm>

#include "captures/tcp/defragment.hpp"
#include "captures/tcp/reassembler.hpp"
#include "tests/captures/tcp/frames.hpp"
#include "tests/captures/tcp/recorder.hpp"

namespace mailscope::tcp {
namespace {

using namespace frames;

struct Piece {
  std::uint32_t offset;
  std::string octets;
  bool more;
};

std::string frame4(const Piece& p, std::uint16_t id = 7) {
  Ip4 h;
  h.id = id;
  h.fragment = static_cast<std::uint16_t>((p.more ? 0x2000 : 0) | p.offset / 8);
  return ethernet(0x0800, ipv4(h, p.octets));
}
std::string frame6(const Piece& p, std::uint32_t id = 7) {
  return ethernet(0x86dd, ipv6(fragment6(6, p.offset, p.more, id, p.octets), 44));
}

// What comes of pieces in this order: the datagram, or nothing.
std::string joined(const std::vector<std::string>& frames, Defragmenter& d, Time step = 1) {
  Defragmenter::Datagram whole;
  Time at = 0;
  Id number = 0;
  for (const std::string& frame : frames) {
    const Decoded decoded = decode(frame, 1);
    REQUIRE(decoded.what == Decoded::What::Fragment);
    at += step;
    if (!d.add(decoded, frame, {at, number++, 0}, whole)) continue;
    std::uint32_t reached = 0;
    for (const Defragmenter::Run& run : *whole.runs) {
      CHECK(run.begin == reached);
      reached += run.octets;
      const std::string& source = frames[run.frame.frame];
      CHECK(source.substr(run.frame.payload_at, run.octets) ==
            whole.payload.substr(run.begin, run.octets));
    }
    CHECK(reached >= whole.payload.size());
    return std::string(whole.payload);
  }
  return {};
}

}  // namespace

TEST_CASE("fragments in any order make the datagram, over IPv4 and IPv6") {
  std::vector<Piece> pieces = {
      {0, "0123456789abcdef", true}, {16, "ghijklmn", true}, {24, "opq", false}};
  std::sort(pieces.begin(), pieces.end(), [](auto& a, auto& b) { return a.octets < b.octets; });
  do {
    Defragmenter four, six;
    std::vector<std::string> frames4, frames6;
    for (const Piece& p : pieces) {
      frames4.push_back(frame4(p));
      frames6.push_back(frame6(p));
    }
    CHECK(joined(frames4, four) == "0123456789abcdefghijklmnopq");
    CHECK(joined(frames6, six) == "0123456789abcdefghijklmnopq");
    CHECK(four.datagrams() == 0);
    CHECK(four.octets() == 0);
  } while (std::next_permutation(pieces.begin(), pieces.end(),
                                 [](auto& a, auto& b) { return a.octets < b.octets; }));
}

TEST_CASE("of overlapping fragments the first copy counts") {
  Defragmenter d;
  CHECK(joined({frame4({8, "BBBBBBBB", true}), frame4({0, "aaaaaaaaaaaaaaaaaaaaaaaa", true}),
                frame4({24, "c", false})},
               d) == "aaaaaaaaBBBBBBBBaaaaaaaac");
  Defragmenter again;
  CHECK(joined(
            {frame4({0, "aaaaaaaa", true}), frame4({0, "xxxxxxxx", true}), frame4({8, "c", false})},
            again) == "aaaaaaaac");
}

TEST_CASE("fragments of two datagrams do not mix") {
  Defragmenter d;
  CHECK(joined({frame4({0, "aaaaaaaa", true}, 1), frame4({8, "y", false}, 2)}, d).empty());
  CHECK(d.datagrams() == 2);
}

TEST_CASE("a hole stays a hole, also when octets lie behind the end") {
  Defragmenter d;
  CHECK(joined({frame4({8, "y", false}), frame4({16, "zzzzzzzzzzzzzzzz", true})}, d).empty());
}

TEST_CASE("fragments that cannot be right are passed over") {
  Defragmenter d;
  CHECK(joined({frame4({0, "seven..", true}), frame4({65528, "too far out", false})}, d).empty());
  CHECK(d.datagrams() == 0);
}

TEST_CASE("what is held is bounded in number, octets, pieces and age") {
  Defragmenter::Limits limits;
  limits.datagrams_max = 4;
  Defragmenter few(limits);
  std::vector<std::string> frames;
  for (std::uint16_t id = 0; id < 50; ++id) frames.push_back(frame4({0, "aaaaaaaa", true}, id));
  joined(frames, few);
  CHECK(few.datagrams() == 4);

  limits = {};
  limits.octets_max = 200'000;
  Defragmenter small(limits);
  frames.clear();
  for (std::uint16_t id = 0; id < 50; ++id)
    frames.push_back(frame4({64'000, "aaaaaaaa", true}, id));
  joined(frames, small);
  CHECK(small.octets() <= 200'000);

  limits = {};
  limits.fragments_max = 3;
  Defragmenter pieces(limits);
  frames.clear();
  for (std::uint32_t i = 0; i < 4; ++i) frames.push_back(frame4({16 * i, "aaaaaaaa", true}));
  joined(frames, pieces);
  CHECK(pieces.datagrams() == 0);

  limits = {};
  limits.age_max = 10;
  Defragmenter old(limits);
  joined({frame4({0, "aaaaaaaa", true}, 1), frame4({0, "aaaaaaaa", true}, 2)}, old, 20);
  CHECK(old.datagrams() == 1);
}

TEST_CASE("a segment out of fragments is told piece by piece, each with its own frame") {
  TcpHeader h;
  h.seq = 500;
  h.flags = kAck | kFin;
  const std::string segment = tcp(h, "EHLO alpha.example\r\n");  // 20 + 20 octets
  const std::vector<std::string> frames = {frame4({24, segment.substr(24), false}),
                                           frame4({0, segment.substr(0, 24), true})};
  Recorder recorder;
  Reassembler reassembler(recorder);
  Id number = 0;
  for (const std::string& frame : frames) reassembler.add(frame, 1, {number, number++, 0});
  reassembler.finish();
  CHECK(recorder.lines == std::vector<std::string>{"begin 10.0.0.1:40000 > 10.0.0.2:25 midstream",
                                                   "C 0 EHLO", "C 4  alpha.example\r\n", "C fin",
                                                   "end fin"});
  CHECK(recorder.streams[0].frames == std::vector<Id>{1, 0});
}

}  // namespace mailscope::tcp
