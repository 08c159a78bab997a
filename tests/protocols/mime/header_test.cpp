#include "protocols/mime/header.hpp"

#include <catch2/catch.hpp>

#include "protocols/base/reference.hpp"
#include "protocols/mime/reference.hpp"

using namespace mailscope;
using namespace mailscope::mime;

TEST_CASE("Fields are read with their folds, up to the empty line") {
  const std::string_view message =
      "Subject: one\r\n two\r\n\tthree \r\nX-Empty:\r\nFrom : a@b\r\n\r\nNot: a field\r\n";
  const std::vector<Field> fields = read_fields(message);
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].name == "Subject");
  CHECK(fields[0].raw == " one\r\n two\r\n\tthree ");
  CHECK(fields[0].body() == "one two\tthree");
  CHECK(fields[1].body().empty());
  CHECK(fields[2].name == "From");  // obsolete: white space before the colon
  CHECK(field_body(fields, "FROM") == "a@b");
  CHECK(!find_field(fields, "Not"));
  CHECK(message.substr(body_offset(message)) == "Not: a field\r\n");
}

TEST_CASE("Damaged header sections are read as far as they go") {
  const std::vector<Field> fields = read_fields("A: 1\nno colon here\nB: 2\nbad name: 3\n: x\n");
  REQUIRE(fields.size() == 5);
  CHECK(fields[0].body() == "1");
  CHECK(fields[1].name.empty());
  CHECK(fields[1].raw == "no colon here");
  CHECK(field_body(fields, "B") == "2");
  CHECK(fields[3].name.empty());
  CHECK(fields[4].name.empty());
  CHECK(read_fields("").empty());
  CHECK(read_fields("\r\nA: 1").empty());
  CHECK(read_fields("A").size() == 1);
  CHECK(read_fields("A: 1\r\n \r\nB: 2").size() == 2);  // a line of white space is a fold
}

TEST_CASE("The body begins behind the first empty line") {
  CHECK(body_offset("A: 1\r\n\r\nx") == 8);
  CHECK(body_offset("A: 1\n\nx") == 6);
  CHECK(body_offset("\r\nx") == 2);
  CHECK(body_offset("A: 1\r\n") == std::string_view::npos);
  CHECK(body_offset("") == std::string_view::npos);
}

TEST_CASE("Folding keeps lines short, and unfolding gives the body back") {
  std::string body;
  for (int i = 0; i < 60; ++i) body += "word" + std::to_string(i) + (i % 3 ? " " : "  ");
  const std::string field = fold_field("Subject", body);
  std::string_view rest = field;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    CHECK(end <= 78);
    rest.remove_prefix(end + 2);
  }
  const std::vector<Field> fields = read_fields(field);
  REQUIRE(fields.size() == 1);
  CHECK(fields[0].body() == body.substr(0, body.find_last_not_of(' ') + 1));
  CHECK(fold_field("X", "") == "X:\r\n");
  CHECK(fold_field("X", std::string(200, 'a')) == "X: " + std::string(200, 'a') + "\r\n");
}

TEST_CASE("The fields, encodings and types that mail lives on are explained") {
  for (std::string_view word : {"Date",
                                "From",
                                "To",
                                "Cc",
                                "Bcc",
                                "Subject",
                                "Message-ID",
                                "In-Reply-To",
                                "References",
                                "Received",
                                "Return-Path",
                                "Reply-To",
                                "Sender",
                                "MIME-Version",
                                "Content-Type",
                                "Content-Transfer-Encoding",
                                "Content-ID",
                                "Content-Description",
                                "Content-Disposition",
                                "7bit",
                                "8bit",
                                "binary",
                                "base64",
                                "quoted-printable",
                                "text/plain",
                                "text/html",
                                "multipart/mixed",
                                "multipart/parallel",
                                "multipart/digest",
                                "multipart/alternative",
                                "multipart/related",
                                "multipart/report",
                                "multipart/signed",
                                "multipart/encrypted",
                                "message/rfc822",
                                "message/partial",
                                "message/external-body",
                                "image/jpeg",
                                "image/gif",
                                "image/png",
                                "video/mpeg",
                                "audio/basic",
                                "application/postscript",
                                "application/octet-stream",
                                "application/pdf"}) {
    INFO(word);
    const ReferenceEntry* entry = find_entry(reference(), word);
    REQUIRE(entry);
    CHECK(entry->meaning.size() > 30);
  }
}
