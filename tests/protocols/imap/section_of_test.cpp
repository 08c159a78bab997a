#include "protocols/imap/section_of.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using namespace mailscope::imap;

namespace {

using Text = Section::Text;

constexpr std::string_view kPlain =
    "From: a@x\r\nSubject: one\r\n two\r\nno field\r\nfrom : b@y\r\n\r\nbody\r\n";

constexpr std::string_view kMixed =
    "Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n"
    "--b\r\nContent-Transfer-Encoding: base64\r\n\r\naGVs\r\nbG8=\r\n"
    "--b\r\nContent-Type: message/rfc822\r\nX-Part: 2\r\n\r\n"
    "Subject: in\r\nTo: c@z\r\n\r\ninner\r\n"
    "--b\r\nContent-Transfer-Encoding: x-odd\r\n\r\nodd\r\n--b--\r\n";

std::string show(std::string_view message, const Section& section) {
  mime::WholeMessage whole(message);
  const auto octets = section_of(whole, section);
  return octets ? std::string(octets->view()) : "NIL";
}
std::string show(std::string_view message, std::vector<std::uint32_t> part, Text text,
                 std::vector<std::string> fields = {}) {
  return show(message, Section{std::move(part), text, std::move(fields)});
}
std::string binary(std::string_view message, std::vector<std::uint32_t> part) {
  mime::WholeMessage whole(message);
  const BinaryOctets octets = binary_of(whole, Section{std::move(part), Text::All, {}});
  if (octets.unknown_encoding) return "UNKNOWN-CTE";
  return octets.octets ? std::string(octets.octets->view()) : "NIL";
}

}  // namespace

TEST_CASE("The sections of a plain message are its octets") {
  CHECK(show(kPlain, {}, Text::All) == kPlain);
  CHECK(show(kPlain, {}, Text::Header) == kPlain.substr(0, kPlain.size() - 6));
  CHECK(show(kPlain, {}, Text::Body) == "body\r\n");
  CHECK(show(kPlain, {1}, Text::All) == "body\r\n");
  CHECK(show(kPlain, {1}, Text::Mime) == show(kPlain, {}, Text::Header));
  CHECK(show(kPlain, {1}, Text::Header) == "NIL");
  CHECK(show(kPlain, {1}, Text::Body) == "NIL");
  CHECK(show(kPlain, {2}, Text::All) == "NIL");
  CHECK(show(kPlain, {1, 1}, Text::All) == "NIL");
  CHECK(show("Subject: x", {}, Text::Header) == "Subject: x");
  CHECK(show("Subject: x", {}, Text::Body).empty());
  CHECK(show("", {}, Text::All).empty());
  CHECK(show("", {1}, Text::All).empty());
}

TEST_CASE("Header fields come as they stand, in their order, with an empty line") {
  const auto fields = [](std::vector<std::string> names) {
    return show(kPlain, {}, Text::HeaderFields, std::move(names));
  };
  CHECK(fields({"FROM"}) == "From: a@x\r\nfrom : b@y\r\n\r\n");
  CHECK(fields({"subject", "from", "from"}) ==
        "From: a@x\r\nSubject: one\r\n two\r\nfrom : b@y\r\n\r\n");
  CHECK(fields({"Fro"}) == "\r\n");
  CHECK(show(kPlain, {}, Text::HeaderFieldsNot, {"From", ""}) ==
        "Subject: one\r\n two\r\nno field\r\n\r\n");
  CHECK(show("Subject: x", {}, Text::HeaderFields, {"Subject"}) == "Subject: x\r\n\r\n");
  CHECK(show("\r\nx", {}, Text::HeaderFields, {"Subject"}) == "\r\n");
}

TEST_CASE("The sections of a part are found, also within a message in a message") {
  CHECK(show(kMixed, {1}, Text::All) == "aGVs\r\nbG8=");
  CHECK(show(kMixed, {1}, Text::Mime) == "Content-Transfer-Encoding: base64\r\n\r\n");
  CHECK(show(kMixed, {2}, Text::All) == "Subject: in\r\nTo: c@z\r\n\r\ninner");
  CHECK(show(kMixed, {2}, Text::Mime) == "Content-Type: message/rfc822\r\nX-Part: 2\r\n\r\n");
  CHECK(show(kMixed, {2}, Text::Header) == "Subject: in\r\nTo: c@z\r\n\r\n");
  CHECK(show(kMixed, {2}, Text::HeaderFields, {"to"}) == "To: c@z\r\n\r\n");
  CHECK(show(kMixed, {2}, Text::HeaderFieldsNot, {"to"}) == "Subject: in\r\n\r\n");
  CHECK(show(kMixed, {2}, Text::Body) == "inner");
  CHECK(show(kMixed, {2, 1}, Text::All) == "inner");
  CHECK(show(kMixed, {2, 1}, Text::Mime) == "Subject: in\r\nTo: c@z\r\n\r\n");
  CHECK(show(kMixed, {2, 2}, Text::All) == "NIL");
  CHECK(show(kMixed, {4}, Text::Mime) == "NIL");
}

TEST_CASE("A part comes with its transfer encoding undone, or the encoding is not known") {
  CHECK(binary(kMixed, {1}) == "hello");
  CHECK(binary(kMixed, {2}) == "Subject: in\r\nTo: c@z\r\n\r\ninner");
  CHECK(binary(kMixed, {2, 1}) == "inner");
  CHECK(binary(kMixed, {3}) == "UNKNOWN-CTE");
  CHECK(binary(kMixed, {4}) == "NIL");
  CHECK(binary(kMixed, {}) == kMixed);
  CHECK(binary("Content-Transfer-Encoding: Quoted-Printable\r\n\r\na=\r\nb=3D  \r\n", {1}) ==
        "ab=\r\n");
}

TEST_CASE("NUL goes as it is with BINARY only") {
  const std::string message("A: \0\r\n\r\nb\0", 10);
  CHECK(show(message, {}, Text::All) == "A: \x80\r\n\r\nb\x80");
  CHECK(show(message, {1}, Text::All) == "b\x80");
  CHECK(show(message, {}, Text::HeaderFields, {"A"}) == "A: \x80\r\n\r\n");
  CHECK(binary(message, {1}) == std::string("b\0", 2));
}

TEST_CASE("A partial fetch gives what there is, and nothing behind the end") {
  CHECK(partial_of("abcdef", std::nullopt) == "abcdef");
  CHECK(partial_of("abcdef", Partial{0, 3}) == "abc");
  CHECK(partial_of("abcdef", Partial{4, 100}) == "ef");
  CHECK(partial_of("abcdef", Partial{4, 0xffffffffffffffff}) == "ef");
  CHECK(partial_of("abcdef", Partial{6, 1}).empty());
  CHECK(partial_of("abcdef", Partial{0xffffffffffffffff, 1}).empty());
}
