#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "captures/observe/mail/hasher.hpp"

using namespace mailscope;
using observe::Hasher;
using observe::Sha256;

namespace {

std::string sha256(std::string_view octets) {
  Sha256 digest;
  digest.update(octets);
  return digest.finish();
}

}  // namespace

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("digests are the same with a thread and without, however streams are mixed") {
  for (const std::uint64_t direct_octets :
       {std::uint64_t{0}, std::uint64_t{100'000}, Hasher::kDirectOctetsMax}) {
    std::map<Hasher::Tag, std::string> delivered;
    Hasher hasher([&](Hasher::Tag tag, std::string hex) { delivered[tag] = std::move(hex); },
                  direct_octets);
    constexpr int kStreams = 7;
    std::vector<Sha256*> open(kStreams);
    std::vector<std::string> said(kStreams);
    std::map<Hasher::Tag, std::string> expected;
    Hasher::Tag tag = 0;
    std::uint32_t seed = 1;
    for (int step = 0; step < 3000; ++step) {
      seed = seed * 1664525u + 1013904223u;
      const std::size_t which = seed >> 8 & 0xFFFF;
      Sha256*& digest = open[which % kStreams];
      std::string& text = said[which % kStreams];
      if (!digest) digest = hasher.begin();
      const std::string piece(seed >> 16 & 0x3FF, static_cast<char>(step));
      hasher.update(digest, piece);
      text += piece;
      if (seed >> 28 != 0) continue;
      hasher.end(digest, tag);
      expected[tag++] = sha256(text);
      digest = nullptr;
      text.clear();
    }
    Sha256* large = hasher.begin();
    hasher.update(large, std::string(3 * Hasher::kChunkOctets + 1, 'x'));
    hasher.end(large, tag);
    expected[tag] = sha256(std::string(3 * Hasher::kChunkOctets + 1, 'x'));
    hasher.drain();
    CHECK(delivered == expected);
    hasher.drain();
  }
}

TEST_CASE("a hasher that is given up in the middle ends its thread") {
  Hasher hasher([](Hasher::Tag, const std::string&) {}, 0);
  Sha256* digest = hasher.begin();
  for (int i = 0; i < 100; ++i) hasher.update(digest, std::string(100'000, 'x'));
}
