#include "protocols/mime/part_reader.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "reading.hpp"

using namespace mailscope::mime;
using namespace mailscope::mime::test;

namespace {

// The events of `message`, the same for every way to cut it.
std::vector<std::string> events(const std::string& message, PartReaderOptions options = {}) {
  const std::vector<std::string> whole = read_events(message, {}, options);
  for (std::size_t at = 1; at < message.size(); ++at)
    CHECK(read_events(message, {at}, options) == whole);
  for (std::size_t chunk : {1u, 2u, 3u, 7u})
    CHECK(read_in_chunks(message, chunk, options) == whole);
  return whole;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("A message without MIME is one part of text") {
  CHECK(events("Subject: x\r\n\r\nHello\r\n") ==
        Lines{"begin 1 text/plain", "octets Hello\\r\\n", "end 1"});
  CHECK(events("") == Lines{"begin 1 text/plain", "end 1"});
  CHECK(events("Subject: x\r\n") == Lines{"begin 1 text/plain", "end 1"});
  CHECK(events("\r\nbody") == Lines{"begin 1 text/plain", "octets body", "end 1"});
}

TEST_CASE("The line end in front of a boundary belongs to the boundary") {
  CHECK(events("Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n"
               "--b\r\n\r\none\r\n--b\r\nContent-Type: "
               "text/html\r\n\r\n\r\ntwo\r\n\r\n--b--\r\nepilogue\r\n") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain", "octets one", "end 1",
              "begin 2 text/html", "octets \\r\\ntwo\\r\\n", "end 2", "end "});
  CHECK(events("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain", "octets one", "end 1", "end "});
}

TEST_CASE("A boundary is a whole one, white space behind it allowed") {
  CHECK(events("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a  "
               "\t\r\n\r\n--ab\r\nx--a\r\n--a-\r\n--a--b\r\n --a\r\n-\r\n--a-- \r\n") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain",
              "octets --ab\\r\\nx--a\\r\\n--a-\\r\\n--a--b\\r\\n --a\\r\\n-", "end 1", "end "});
}

TEST_CASE("Parts nest, and an outer boundary closes what is inside") {
  CHECK(
      events(
          "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
          "Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\nx\r\n--i\r\n\r\ny\r\n"
          "--o\r\nContent-Type: image/png\r\n\r\nz\r\n--o--\r\n") ==
      Lines{"begin  multipart/mixed", "begin 1 multipart/alternative", "begin 1.1 text/plain",
            "octets x", "end 1.1", "begin 1.2 text/plain", "octets y", "end 1.2 incomplete",
            "end 1 incomplete", "begin 2 image/png", "octets z", "end 2", "end "});
  // An inner boundary that begins like the outer one.
  CHECK(events("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
               "Content-Type: multipart/mixed; "
               "boundary=oo\r\n\r\n--oo\r\n\r\nx\r\n--oo--\r\n--o--\r\n") ==
        Lines{"begin  multipart/mixed", "begin 1 multipart/mixed", "begin 1.1 text/plain",
              "octets x", "end 1.1", "end 1", "end "});
}

TEST_CASE("The end of input closes everything, and says so") {
  CHECK(events("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain", "octets x\\r\\n", "end 1 incomplete",
              "end  incomplete"});
  CHECK(events("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain", "octets x\\r\\n--",
              "end 1 incomplete", "end  incomplete"});
  CHECK(events("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain", "octets x", "end 1", "end "});
}

TEST_CASE("A message within a message is gone into, numbered as IMAP does") {
  CHECK(events("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\na\r\n--o\r\n"
               "Content-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed; "
               "boundary=i\r\n\r\n"
               "--i\r\n\r\nx\r\n--i--\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: "
               "in\r\n\r\ny\r\n--o--") ==
        Lines{"begin  multipart/mixed", "begin 1 text/plain", "octets a", "end 1",
              "begin 2 message/rfc822", "begin 2 multipart/mixed", "begin 2.1 text/plain",
              "octets x", "end 2.1", "end 2", "end 2", "begin 3 message/rfc822",
              "begin 3.1 text/plain", "octets y", "end 3.1", "end 3", "end "});
  PartReaderOptions closed;
  closed.open_messages = false;
  CHECK(events("Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ny\r\n", closed) ==
        Lines{"begin 1 message/rfc822", "octets Subject: in\\r\\n\\r\\ny\\r\\n", "end 1"});
}

TEST_CASE("A part of a digest is a message unless it says otherwise") {
  CHECK(events("Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: "
               "a\r\n\r\nx\r\n--d\r\n"
               "Content-Type: text/plain\r\n\r\ny\r\n--d\r\n--d--") ==
        Lines{"begin  multipart/digest", "begin 1 message/rfc822", "begin 1.1 text/plain",
              "octets x", "end 1.1", "end 1", "begin 2 text/plain", "octets y", "end 2",
              "begin 3 message/rfc822", "begin 3.1 text/plain", "end 3.1", "end 3", "end "});
}

TEST_CASE("Encodings are undone, also across chunks and at a part's end") {
  CHECK(events("Content-Type: multipart/mixed; boundary=b\r\n\r\n"
               "--b\r\nContent-Transfer-Encoding: BASE64\r\n\r\nSGVs\r\nbG8\r\n"
               "--b\r\nContent-Transfer-Encoding: quoted-printable \r\n\r\na=3D=\r\nb =C3=A9  "
               "\r\n--b--") == Lines{"begin  multipart/mixed", "begin 1 text/plain base64",
                                     "octets Hello", "end 1 damage 1",
                                     "begin 2 text/plain quoted-printable", "octets a=b \\xc3\\xa9",
                                     "end 2", "end "});
  PartReaderOptions raw;
  raw.decode = false;
  CHECK(events("Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n", raw) ==
        Lines{"begin 1 text/plain base64", "octets SGVsbG8=\\r\\n", "end 1"});
}

TEST_CASE("A header section without its empty line is as good as one with it") {
  CHECK(events("Subject: x\r\nThis is no field.\r\nnor this\r\n") ==
        Lines{"begin 1 text/plain", "octets This is no field.\\r\\nnor this\\r\\n", "end 1"});
  PartReaderOptions strict;
  strict.odd_line_begins_body = false;
  CHECK(events("Subject: x\r\nThis is no field.\r\nX: y\r\n\r\nz", strict) ==
        Lines{"begin 1 text/plain", "octets z", "end 1"});
  CHECK(events("From alice@alpha.example Mon Mar  2 09:15:00 2026\r\nSubject: x\r\n\r\ny") ==
        Lines{"begin 1 text/plain", "octets y", "end 1"});
  CHECK(
      events("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: y\r\n--b\r\n--b--\r\n") ==
      Lines{"begin  multipart/mixed", "begin 1 text/plain", "end 1", "begin 2 text/plain", "end 2",
            "end "});
}

TEST_CASE("A multipart that names no boundary is a leaf") {
  CHECK(events("Content-Type: multipart/mixed\r\n\r\n--b\r\nx") ==
        Lines{"begin 1 multipart/mixed", "octets --b\\r\\nx", "end 1"});
}

TEST_CASE("The outermost header is kept for lists") {
  PartReader reader;
  reader.receive(
      "Subject: =?utf-8?q?caf=C3=A9?=\r\nFrom: Al <a@b>\r\nTo: c@d\r\nDate: now\r\nMessage-ID: "
      "<1@b>\r\n"
      "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\n");
  CHECK(reader.header().subject == "café");
  CHECK(reader.header().from == "Al <a@b>");
  CHECK(reader.header().message_id == "<1@b>");
  CHECK(reader.octets() > 100);
}

TEST_CASE("What a part's header says is told") {
  PartReader reader;
  reader.receive(
      "Content-Type: IMAGE/Png; name=n.png; charset=UTF-8\r\nContent-Disposition: Attachment; "
      "filename*=utf-8''%C3%A9.png\r\nContent-ID: <c@d>\r\nContent-Transfer-Encoding: "
      "Base64\r\n\r\n");
  const PartEvent* e = reader.next_event();
  REQUIRE(e);
  CHECK(e->part->type == "image/png");
  CHECK(e->part->charset == "utf-8");
  CHECK(e->part->file_name == "é.png");
  CHECK(e->part->disposition == "attachment");
  CHECK(e->part->content_id == "<c@d>");
  CHECK(e->part->encoding == "base64");
  CHECK(e->part->header.starts_with("Content-Type: IMAGE"));
}

TEST_CASE("Depth, header sections and boundaries are bounded") {
  std::string deep;
  for (int i = 0; i < 300; ++i)
    deep += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" +
            std::to_string(i) + "\r\n";
  const Lines lines = read_events(deep, {});
  CHECK(lines.size() == 2 * PartReader::kDepthMax + 3);

  PartReader reader;
  reader.receive("A: ");
  for (int i = 0; i < 100; ++i) reader.receive(std::string(10'000, 'x'));
  reader.receive("\r\nB: 1\r\nContent-Type: text/html\r\n\r\nbody");
  const PartEvent* e = reader.next_event();
  REQUIRE(e);
  CHECK(e->part->header.size() <= PartReader::kHeaderMax);
  CHECK(e->part->type == "text/html");  // only the endless line is passed over
  std::string fields;
  for (int i = 0; i < 40'000; ++i) fields += "X-Field: 0123456789\r\n";
  PartReader many;
  fields += "\r\nbody";
  many.receive(fields);
  REQUIRE((e = many.next_event()));
  CHECK(e->part->header.size() <= PartReader::kHeaderMax);
  REQUIRE((e = many.next_event()));
  CHECK(e->octets == "body");

  const std::string boundary(1000, 'b');
  CHECK(read_events("Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" +
                        boundary + "\r\n",
                    {})[0] == "begin 1 multipart/mixed");
}

TEST_CASE("No octet is lost, whatever the message") {
  // Content of leaves, undecoded, plus everything else is the message: so leaves of a message made
  // from known contents are exactly those.
  std::mt19937 random(5);
  const std::vector<std::string> bits = {"\r\n", "\n", "-", "--",    "--b", "--b-", "--bb",
                                         "\r",   "x",  " ", "--b x", "=",   "text"};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> contents(1 + random() % 4);
    std::string message = "Content-Type: multipart/mixed; boundary=boundary\r\n\r\n";
    for (std::string& content : contents) {
      for (unsigned i = random() % 30; i > 0; --i) content += bits[random() % bits.size()];
      message += "--boundary\r\n\r\n" + content + "\r\n";
    }
    message += "--boundary--\r\n";
    std::vector<std::string> got;
    for (const Leaf& leaf : read_leaves(message, {1 + random() % (message.size() - 1)}))
      got.push_back(leaf.octets);
    CHECK(got == contents);
    CHECK(read_in_chunks(message, 1 + random() % 20) == read_events(message, {}));
  }
}

TEST_CASE("Noise does not upset the reader, and chunking never changes what it tells") {
  std::mt19937 random(11);
  const std::vector<std::string> bits = {"Content-Type: multipart/mixed; boundary=a",
                                         "Content-Type: multipart/digest; boundary=ab",
                                         "Content-Type: message/rfc822",
                                         "Content-Transfer-Encoding: base64",
                                         "Content-Transfer-Encoding: quoted-printable",
                                         "\r\n",
                                         "\r\n",
                                         "\r\n\r\n",
                                         "--a",
                                         "--ab",
                                         "--a--",
                                         "--ab--",
                                         "-",
                                         "\n",
                                         "\r",
                                         "=",
                                         "QUJD",
                                         " ",
                                         ":",
                                         "x"};
  for (int round = 0; round < 3000; ++round) {
    std::string message;
    for (unsigned i = random() % 60; i > 0; --i) message += bits[random() % bits.size()];
    const auto whole = read_events(message, {});
    CHECK(read_in_chunks(message, 1) == whole);
    CHECK(read_in_chunks(message, 1 + random() % 9) == whole);
  }
}
