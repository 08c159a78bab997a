#include "protocols/mime/quoted_printable.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace mailscope::mime;

namespace {
std::string in_chunks(std::string_view text, std::size_t chunk) {
  QuotedPrintableDecoder decoder;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += chunk) decoder.decode(text.substr(i, chunk), out);
  decoder.finish(out);
  return out;
}
}  // namespace

TEST_CASE("quoted-printable is read, damaged or not, in any chunking") {
  struct Row {
    std::string_view text, octets;
  };
  for (const Row& row : {
           Row{"", ""},
           Row{"abc", "abc"},
           Row{"a=3Db", "a=b"},
           Row{"caf=C3=A9", "café"},
           Row{"caf=c3=a9", "café"},
           Row{"a=\r\nb", "ab"},
           Row{"a=\nb", "ab"},
           Row{"a= \t\r\nb", "ab"},
           Row{"a  \r\nb", "a\r\nb"},
           Row{"a \n b", "a\n b"},
           Row{"a=XYb", "a=XYb"},
           Row{"a=4", "a=4"},
           Row{"a=", "a"},
           Row{"a=4\r\nb", "a=4\r\nb"},
           Row{"a==41", "a=A"},
           Row{"===\r\nx", "==x"},
           Row{"a \t", "a"},
           Row{"a=\rb", "a=\rb"},
           Row{"a\rb", "a\rb"},
           Row{"a=20\r\n", "a \r\n"},
           Row{"=0D=0A", "\r\n"},
           Row{"a  b", "a  b"},
           Row{"\r\n\r\n", "\r\n\r\n"},
           Row{"a \r", "a\r"},
           Row{"=\r\n=\r\n=", ""},
           Row{"a=  b", "a=  b"},
       }) {
    INFO(row.text);
    CHECK(quoted_printable_decode(row.text) == row.octets);
    for (std::size_t chunk = 1; chunk < 7; ++chunk) CHECK(in_chunks(row.text, chunk) == row.octets);
  }
}

TEST_CASE("Endless white space is not held back, and chunking still changes nothing") {
  for (std::string_view front : {"a", "a="}) {
    for (std::size_t spaces : {1000u, 1023u, 1024u, 1025u, 3000u}) {
      const std::string text = std::string(front) + std::string(spaces, ' ') + "\r\nb";
      const std::string whole = quoted_printable_decode(text);
      for (std::size_t chunk : {1u, 7u, 1024u, 2000u}) CHECK(in_chunks(text, chunk) == whole);
    }
  }
}

TEST_CASE(
    "Whatever is encoded in quoted-printable is decoded to the same, in lines of at most 76") {
  std::mt19937 random(3);
  const std::string_view palette =
      "ab =\t\r\n.\xC3\xA9"
      "Fz";
  for (int round = 0; round < 500; ++round) {
    std::string octets;
    const std::size_t size = random() % 300;
    for (std::size_t i = 0; i < size; ++i)
      octets += round % 2 ? palette[random() % palette.size()] : static_cast<char>(random());
    if (round % 5 == 0) octets += "From here\r\nFrom there\r\n.\r\n" + std::string(200, 'x');
    const std::string text = quoted_printable_encode(octets);
    CHECK(quoted_printable_decode(text) == octets);
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find("\r\n", begin), text.size());
      CHECK(end - begin <= 76);
      CHECK(text.substr(begin, 5) != "From ");
      CHECK(text.substr(begin, end - begin) != ".");
      begin = end + 2;
    }
  }
}

TEST_CASE("quoted-printable counts its damage") {
  QuotedPrintableDecoder decoder;
  std::string out;
  decoder.decode("a=XY =3D =", out);
  decoder.finish(out);
  CHECK(decoder.damage() == 1);
}
