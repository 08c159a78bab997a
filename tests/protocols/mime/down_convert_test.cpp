#include "protocols/mime/down_convert.hpp"

#include <catch2/catch.hpp>

#include "protocols/mime/part_reader.hpp"

using namespace mailscope::mime;

namespace {

// Types and decoded contents of the leaves: what a reader sees.
std::string seen(std::string_view message) {
  PartReader reader;
  std::string out;
  const auto take = [&] {
    while (const PartEvent* event = reader.next_event()) {
      if (event->kind == PartEvent::Kind::Begin)
        out += "[" + event->part->path + " " + event->part->type + "]";
      if (event->kind == PartEvent::Kind::Octets) out += event->octets;
    }
  };
  reader.receive(message);
  take();
  reader.receive_end();
  take();
  return out;
}

const std::string kUmlaut = "\xc3\xbc";

}  // namespace

TEST_CASE("8-bit content becomes 7-bit and reads the same") {
  const std::string text =
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n";
  const std::string octets =
      "Content-Type: application/x-thing\r\n"
      "content-transfer-encoding:\r\n 8BIT\r\n\r\n";
  const std::string plain = "Content-Type: text/plain\r\n\r\nplain\r\n";
  const std::string mixed =
      "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\npreamble\r\n--b\r\n";
  const std::string message =
      "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n"
      "MIME-Version: 1.0\r\n" +
      text + kUmlaut + "\r\n";
  for (const std::string& one : {
           "MIME-Version: 1.0\r\n" + text + "x" + kUmlaut + " \r\n=3D\r\n",
           mixed + text + kUmlaut + "\r\n--b\r\n" + plain + "\r\n--b--\r\nepilogue\r\n",
           mixed + octets + kUmlaut + "\xff\xfe\r\n--b--\r\n",
           mixed + message + "\r\n--b--\r\n",
           "Subject: a message of old\r\n\r\nGr" + kUmlaut + "\r\n",
       }) {
    INFO(one);
    const auto converted = to_seven_bit(one);
    REQUIRE(converted);
    CHECK_FALSE(has_eight_bit(*converted));
    CHECK(seen(*converted) == seen(one));
    CHECK(converted->find("8bit") == std::string::npos);
    CHECK(converted->find("8BIT") == std::string::npos);
    CHECK(to_seven_bit(*converted) == converted);  // once is enough
  }
}

TEST_CASE("7-bit content comes back as it was") {
  for (const char* one : {"", "Subject: x\r\n\r\nplain\r\n", "no header at all"})
    CHECK(to_seven_bit(one) == std::string(one));
}

TEST_CASE("a message that says nothing of MIME is declared") {
  CHECK(*to_seven_bit("Subject: x\r\n\r\n\xfc\r\n") ==
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=unknown-8bit\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n=FC\r\n");
}

TEST_CASE("what may not be changed is left, and nothing comes back") {
  for (const std::string& one : {
           "Subject: " + kUmlaut + "\r\n\r\nx\r\n",
           "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n" + kUmlaut +
               "\r\n--b--\r\n",
           "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + kUmlaut,
           "Content-Type: message/delivery-status\r\n\r\n" + kUmlaut,
           "Content-Type: multipart/mixed\r\n\r\n" + kUmlaut,
           "no header " + kUmlaut,
       }) {
    INFO(one);
    CHECK_FALSE(to_seven_bit(one));
  }
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "Content-Type: message/rfc822\r\n\r\n";
  CHECK_FALSE(to_seven_bit(deep + "\r\n" + kUmlaut));
}
