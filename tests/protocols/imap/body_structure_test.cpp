#include "protocols/imap/body_structure.hpp"

#include <catch2/catch.hpp>

#include "protocols/imap/response_writer.hpp"

using namespace mailscope;
using namespace mailscope::imap;

namespace {

std::string show(std::string_view message, bool extended = true, Utf8 utf8 = Utf8::No) {
  std::string out;
  append_body(out, read_body_structure(mime::read_structure(message), utf8), extended, utf8);
  return out;
}
std::string of_fields(std::string_view fields) {
  return show(std::string(fields) + "\r\n\r\nx\r\n");
}

}  // namespace

// RFC 3501 §7.4.2: a text, and a text with a base64-encoded attachment.
TEST_CASE("The structures of the RFC's examples are the RFC's") {
  const auto lines_of = [](std::size_t octets, std::size_t lines) {
    std::string text(octets - 2 * lines, 'A');
    for (std::size_t line = 0; line < lines; ++line) text += "\r\n";
    return text;
  };
  CHECK(show("Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n" + lines_of(3028, 92), false) ==
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7bit\" 3028 92)");

  CHECK(show("Content-Type: MULTIPART/MIXED; BOUNDARY=b\r\n\r\n"
             "--b\r\nContent-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n" +
                 lines_of(1152, 23) +
                 "\r\n--b\r\nContent-Type: TEXT/PLAIN; CHARSET=US-ASCII; NAME=cc.diff\r\n"
                 "Content-ID: <960723163407.20117h@cac.washington.edu>\r\n"
                 "Content-Description: Compiler diff\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" +
                 lines_of(4554, 73) + "\r\n--b--\r\n",
             false) ==
        "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7bit\" 1152 23)"
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" \"cc.diff\") "
        "\"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"BASE64\" 4554 73) "
        "\"MIXED\")");
}

TEST_CASE("A part's fields stand in its structure, with their defaults") {
  struct Row {
    std::string_view fields, shown;
  };
  for (
      const Row& row : {
          Row{"X: 1",
              R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 1 NIL NIL NIL NIL))"},
          Row{"Content-Type: Text/Html",
              R"(("Text" "Html" ("charset" "us-ascii") NIL NIL "7bit" 3 1 NIL NIL NIL NIL))"},
          Row{"Content-Type: text",
              R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 1 NIL NIL NIL NIL))"},
          Row{"Content-Type: text/x; format=flowed; CHARSET=koi8-r",
              R"(("text" "x" ("format" "flowed" "CHARSET" "koi8-r") NIL NIL "7bit" 3 1 NIL NIL NIL NIL))"},
          Row{"Content-Type: application/pdf",
              R"(("application" "pdf" NIL NIL NIL "7bit" 3 NIL NIL NIL NIL))"},
          Row{"Content-Type: image/png; name=\"a \\\"b\\\\\"\r\nContent-Transfer-Encoding: base64 "
              "(so)",
              R"(("image" "png" ("name" "a \"b\\") NIL NIL "base64" 3 NIL NIL NIL NIL))"},
          Row{"Content-Type: a/b\r\nContent-Transfer-Encoding:",
              R"(("a" "b" NIL NIL NIL "7bit" 3 NIL NIL NIL NIL))"},
          Row{"Content-Type: a/b; n*1=two; n*0=one; m*=utf-8''%e2",
              R"(("a" "b" ("m*" "utf-8''%e2" "n" "onetwo") NIL NIL "7bit" 3 NIL NIL NIL NIL))"},
          Row{"Content-Type: a/b\r\nContent-ID: <1@x>\r\nContent-Description: some\r\n words\r\n"
              "Content-MD5: Q2hlY2s=\r\nContent-Disposition: Inline; filename=\"a b\"\r\n"
              "Content-Language: en (so), de-AT\r\nContent-Location: http://x/",
              R"(("a" "b" NIL "<1@x>" "some words" "7bit" 3 "Q2hlY2s=" ("Inline" ("filename" "a b")) ("en" "de-AT") "http://x/"))"},
          Row{"Content-Type: a/b\r\nContent-ID:\r\nContent-Description:\r\nContent-Disposition: "
              "attachment",
              R"(("a" "b" NIL "" "" "7bit" 3 NIL ("attachment" NIL) NIL NIL))"},
          Row{"Content-Type: a/b; n=caf\xe9",
              "(\"a\" \"b\" (\"n\" {4}\r\ncaf\xe9) NIL NIL \"7bit\" 3 NIL NIL NIL NIL)"},
      }) {
    INFO(row.fields);
    CHECK(of_fields(row.fields) == row.shown);
  }
}

TEST_CASE("Messages in messages carry their envelope, structure and lines") {
  const std::string inner =
      R"((NIL "in" ((NIL NIL "a" "x")) ((NIL NIL "a" "x")) ((NIL NIL "a" "x")) NIL NIL NIL NIL NIL))";
  constexpr std::string_view kMessage = "Subject: in\r\nFrom: a@x\r\n\r\nbody\r\nmore\r\n";
  const std::string text = R"( ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 12 2)";
  CHECK(show("Content-Type: message/rfc822\r\n\r\n" + std::string(kMessage), false) ==
        R"(("message" "rfc822" NIL NIL NIL "7bit" 38 )" + inner + text + ") 5)");
  CHECK(show("Content-Type: message/rfc822\r\n\r\n" + std::string(kMessage)) ==
        R"(("message" "rfc822" NIL NIL NIL "7bit" 38 )" + inner + text +
            " NIL NIL NIL NIL) 5 NIL NIL NIL NIL)");
  CHECK(show("Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n" +
                 std::string(kMessage) + "\r\n--b--\r\n",
             false) ==
        R"((("message" "rfc822" NIL NIL NIL "7bit" 38 )" + inner + text + ") 5) \"digest\")");
  // RFC 3501 knows no message/global.
  const std::string global = "Content-Type: message/global\r\n\r\n" + std::string(kMessage);
  CHECK(show(global, false) == R"(("message" "global" NIL NIL NIL "7bit" 38))");
  CHECK(show(global, false, Utf8::Yes) ==
        R"(("message" "global" NIL NIL NIL "7bit" 38 )" + inner + text + ") 5)");
}

TEST_CASE("Multiparts have their parts and, extended, their own fields") {
  const std::string text =
      R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL))";
  CHECK(show("Content-Type: multipart/related; boundary=b; type=\"text/html\"\r\n"
             "Content-Disposition: inline\r\nContent-Language: en\r\nContent-Location: x\r\n\r\n"
             "--b\r\n\r\nx\r\n--b--\r\n") ==
        "(" + text +
            R"( "related" ("boundary" "b" "type" "text/html") ("inline" NIL) ("en") "x"))");
  const std::string empty =
      R"((("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0) "mixed"))";
  CHECK(show("Content-Type: multipart/mixed; boundary=b\r\n\r\nno parts\r\n", false) == empty);
  CHECK(show("Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", false) ==
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 17 4))");
}

TEST_CASE("A message of a thousand levels is told as deep as it is read") {
  std::string message;
  for (int i = 0; i < 1000; ++i) message += "Content-Type: message/rfc822\r\n\r\n";
  const std::string shown = show(message, false);
  CHECK(std::count(shown.begin(), shown.end(), '(') == std::count(shown.begin(), shown.end(), ')'));
  CHECK(shown.size() < 20'000);
}
