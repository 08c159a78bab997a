#include "protocols/mime/base64.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace mailscope::mime;

namespace {
std::string in_chunks(std::string_view text, std::size_t chunk) {
  Base64Decoder decoder;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += chunk) decoder.decode(text.substr(i, chunk), out);
  char last[4];
  out.append(last, decoder.finish(last));
  return out;
}
std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}
}  // namespace

TEST_CASE("base64 is read, damaged or not, in any chunking") {
  struct Row {
    std::string_view text, octets;
  };
  for (const Row& row : {
           Row{"", ""},
           Row{"Zg==", "f"},
           Row{"Zm8=", "fo"},
           Row{"Zm9v", "foo"},
           Row{"Zm9vYg==", "foob"},
           Row{"Zm9vYmE=", "fooba"},
           Row{"Zm9vYmFy", "foobar"},  // RFC 4648 §10
           Row{"Zm9v\r\nYmFy\r\n", "foobar"},
           Row{"Z m 9 v", "foo"},
           Row{"Zm\x01"
               "9v!Ym-Fy",
               "foobar"},
           Row{"Zg==Zm8=Zm9v", "ffofoo"},  // joined pieces
           Row{"Zg=Zm9v", "ffoo"},
           Row{"====Zm9v", "foo"},
           Row{"Zg", "f"},
           Row{"Zm8", "fo"},
           Row{"Z", ""},
           Row{"Zm9vZ", "foo"},
           Row{"Zg=\r\n=\r\n", "f"},
       }) {
    INFO(row.text);
    CHECK(base64_decode(row.text) == row.octets);
    for (std::size_t chunk = 1; chunk < 10; ++chunk)
      CHECK(in_chunks(row.text, chunk) == row.octets);
  }
}

TEST_CASE("base64 counts its damage") {
  const auto damage = [](std::string_view text) {
    Base64Decoder decoder;
    std::string out;
    decoder.decode(text, out);
    char last[4];
    decoder.finish(last);
    return decoder.damage();
  };
  CHECK(damage("Zg==") == 0);
  CHECK(damage("Zm8=\r\n") == 0);
  CHECK(damage("Zm9v\r\n \t") == 0);
  CHECK(damage("Zm9v*") == 1);
  CHECK(damage("Zg") == 1);
  CHECK(damage("=") == 1);
}

TEST_CASE("Whatever is encoded in base64 is decoded to the same") {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string octets = noise(size, static_cast<unsigned>(size));
    CHECK(base64_decode(base64_encode(octets)) == octets);
    CHECK(base64_decode(base64_encode_lines(octets)) == octets);
  }
  const std::string large = noise(100'000, 1);
  const std::string lines = base64_encode_lines(large);
  CHECK(lines.substr(76, 2) == "\r\n");
  for (std::size_t chunk : {1u, 77u, 78u, 79u, 4096u}) CHECK(in_chunks(lines, chunk) == large);
}
