#include "protocols/mime/compose.hpp"

#include <catch2/catch.hpp>

#include "protocols/mime/charset.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/part_reader.hpp"

using namespace mailscope::mime;

namespace {

Draft draft() {
  Draft d;
  d.from = {"Alice", "alice", "alpha.example"};
  d.to = {{"Bob", "bob", "beta.example"}};
  d.bcc = {{"Eve", "eve", "gamma.example"}};
  d.subject = "Lunch";
  d.date = {1772439300, 60};
  d.message_id = "<1@alpha.example>";
  d.body = "Hi Bob\nlunch?\n";
  return d;
}

struct Read {
  MessageHeader header;
  std::vector<std::string> types, encodings, names, contents;
};
Read read(const std::string& message) {
  Read out;
  PartReader reader;
  const auto drain = [&] {
    while (const PartEvent* e = reader.next_event()) {
      if (e->kind == PartEvent::Kind::Begin) {
        out.types.push_back(e->part->type);
        out.encodings.push_back(e->part->encoding);
        out.names.push_back(e->part->file_name);
        out.contents.emplace_back();
      } else if (e->kind == PartEvent::Kind::Octets) {
        out.contents.back() += e->octets;
      }
    }
  };
  reader.receive(message);
  drain();
  reader.receive_end();
  drain();
  out.header = reader.header();
  return out;
}

void check_lines(const std::string& message) {
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i] == '\n') CHECK((i > 0 && message[i - 1] == '\r'));
    if (message[i] == '\r') CHECK((i + 1 < message.size() && message[i + 1] == '\n'));
  }
}

}  // namespace

TEST_CASE("A plain message is plain") {
  CHECK(compose(draft()) ==
        "Date: Mon, 02 Mar 2026 09:15:00 +0100\r\n"
        "From: Alice <alice@alpha.example>\r\n"
        "To: Bob <bob@beta.example>\r\n"
        "Subject: Lunch\r\n"
        "Message-ID: <1@alpha.example>\r\n"
        "\r\n"
        "Hi Bob\r\nlunch?\r\n");
}

TEST_CASE("What is not ASCII travels as MIME and comes back the same") {
  for (TextEncoding encoding : {TextEncoding::Automatic, TextEncoding::EightBit,
                                TextEncoding::QuotedPrintable, TextEncoding::Base64}) {
    Draft d = draft();
    d.encoding = encoding;
    d.subject = "Déjeuner à midi, 昼食, और फिर से एक लंबा विषय जो मुड़ना चाहिए";
    d.from.display_name = "Zoë";
    d.body = "Ça va?\r\nन\n" + std::string(2000, 'x') + "é\nlast";
    if (encoding == TextEncoding::EightBit) d.body = "Ça va?\r\nन";
    const std::string message = compose(d);
    check_lines(message);
    const Read got = read(message);
    CHECK(got.header.subject == d.subject);
    CHECK(got.header.from == "Zoë <alice@alpha.example>");
    REQUIRE(got.contents.size() == 1);
    const std::string crlf = encoding == TextEncoding::EightBit
                                 ? "Ça va?\r\nन\r\n"
                                 : "Ça va?\r\nन\r\n" + std::string(2000, 'x') + "é\r\nlast\r\n";
    CHECK(got.contents[0] == crlf);
    CHECK(message.find("MIME-Version: 1.0\r\n") != std::string::npos);
    if (encoding != TextEncoding::EightBit) CHECK(is_ascii(message));
    const std::string section = message.substr(0, body_offset(message));
    std::size_t begin = 0;
    while (begin < section.size()) {
      const std::size_t end = section.find("\r\n", begin);
      CHECK(end - begin <= 78);
      begin = end + 2;
    }
  }
}

TEST_CASE("Attachments come back octet for octet, the boundary never stands in them") {
  Draft d = draft();
  d.body = "see --=_mailscope\n";
  std::string octets;
  for (int i = 0; i < 1000; ++i) octets += static_cast<char>(i);
  d.attachments = {{"image/png", "bild \"1\".png", octets}, {"application/pdf", "résumé.pdf", "x"}};
  const Read got = read(compose(d));
  CHECK(got.types ==
        std::vector<std::string>{"multipart/mixed", "text/plain", "image/png", "application/pdf"});
  CHECK(got.names == std::vector<std::string>{"", "", "bild \"1\".png", "résumé.pdf"});
  CHECK(got.contents[1] == "see --=_mailscope\r\n");
  CHECK(got.contents[2] == octets);
}

TEST_CASE("Nobody can smuggle a header field in") {
  Draft d = draft();
  d.subject = "x\r\nBcc: eve@gamma.example";
  d.to[0].display_name = "Bob\r\nX-Evil: 1";
  const std::string message = compose(d);
  const std::string section = message.substr(0, body_offset(message));
  const auto fields = read_fields(section);
  CHECK(!find_field(fields, "Bcc"));
  CHECK(!find_field(fields, "X-Evil"));
  CHECK(message.find("eve@") != std::string::npos);  // it stayed within the subject
}

TEST_CASE("Trace fields are as RFC 5321 has them") {
  ReceivedField r;
  r.from_helo = "alice-pc.alpha.example";
  r.from_address = "10.0.1.2";
  r.by = "mail.alpha.example";
  r.software = "MailScope";
  r.id = "1A";
  r.recipient = "bob@beta.example";
  r.date = {1772439300, 0};
  CHECK(received_field(r) ==
        "Received: from alice-pc.alpha.example ([10.0.1.2])\r\n"
        "\tby mail.alpha.example (MailScope) with ESMTP id 1A\r\n"
        "\tfor <bob@beta.example>;\r\n"
        "\tMon, 02 Mar 2026 08:15:00 +0000\r\n");
  CHECK(read_fields(received_field(r)).size() == 1);
  r.from_address = "2001:db8::1";
  CHECK(received_field(r).find("([IPv6:2001:db8::1])") != std::string::npos);
  CHECK(return_path_field("") == "Return-Path: <>\r\n");
  CHECK(return_path_field("a@b") == "Return-Path: <a@b>\r\n");
}
