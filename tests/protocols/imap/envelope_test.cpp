#include "protocols/imap/envelope.hpp"

#include <catch2/catch.hpp>

#include "protocols/imap/response_writer.hpp"

using namespace mailscope::imap;

namespace {

std::string show(std::string_view header, Utf8 utf8 = Utf8::No) {
  std::string out;
  append_envelope(out, read_envelope(header), utf8);
  return out;
}

}  // namespace

// RFC 3501 §8.
TEST_CASE("The envelope of the RFC's session is the RFC's") {
  CHECK(show("Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
             "From: Terry Gray <gray@cac.washington.edu>\r\n"
             "Subject: IMAP4rev1 WG mtg summary and minutes\r\n"
             "To: imap@cac.washington.edu\r\n"
             "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
             "Message-Id: <B27397-0100000@cac.washington.edu>\r\n"
             "MIME-Version: 1.0\r\n"
             "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n") ==
        "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((NIL NIL \"imap\" \"cac.washington.edu\")) "
        "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
        "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
        "\"<B27397-0100000@cac.washington.edu>\")");
}

TEST_CASE("What is not there is NIL, what is empty is an empty string, and lists are NIL") {
  CHECK(show("") == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
  CHECK(show("Date:\r\nSubject: \r\nFrom:\r\nSender:\r\nReply-To:\r\nTo:\r\nCc:\r\nBcc:\r\n"
             "In-Reply-To:\r\nMessage-ID:\r\n") == "(\"\" \"\" NIL NIL NIL NIL NIL NIL \"\" \"\")");
  // Behind the empty line is the body.
  CHECK(show("\r\nSubject: x\r\n") == show(""));
}

TEST_CASE("Sender and Reply-To are what From is, unless they say something") {
  const std::string_view from = "((NIL NIL \"a\" \"x\"))";
  const auto after_subject = [](std::string_view header) {
    return show(header).substr(std::string_view("(NIL NIL ").size());
  };
  CHECK(after_subject("From: a@x\r\nSender:\r\nReply-To: ,\r\n")
            .starts_with(std::string(from) + " " + std::string(from) + " " + std::string(from)));
  CHECK(after_subject("From: a@x\r\nSender: b@x\r\nReply-To: c@x, d@x\r\n") ==
        std::string(from) +
            " ((NIL NIL \"b\" \"x\")) ((NIL NIL \"c\" \"x\")(NIL NIL \"d\" \"x\"))"
            " NIL NIL NIL NIL NIL)");
}

TEST_CASE("Addresses of every form stand in the envelope") {
  struct Row {
    std::string_view to, shown;
  };
  for (const Row& row : {
           Row{"\"Doe, Jane\" <j@x>", "((\"Doe, Jane\" NIL \"j\" \"x\"))"},
           Row{"=?utf-8?q?Zo=C3=AB?= <z@x>", "((\"=?utf-8?q?Zo=C3=AB?=\" NIL \"z\" \"x\"))"},
           Row{"a@x (Real Name)", "((\"Real Name\" NIL \"a\" \"x\"))"},
           Row{"<@route,@b:a@x>", "((NIL \"@route,@b\" \"a\" \"x\"))"},
           Row{"\"odd \\\" local\"@[192.0.2.1]", "((NIL NIL \"odd \\\" local\" \"[192.0.2.1]\"))"},
           Row{"a (c) @ (d) x . y", "((\"d\" NIL \"a\" \"x.y\"))"},
           Row{"group: g1@x, g2@x;, group2: (foo) ;",
               "((NIL NIL \"group\" NIL)(NIL NIL \"g1\" \"x\")(NIL NIL \"g2\" \"x\")"
               "(NIL NIL NIL NIL)(NIL NIL \"group2\" NIL)(NIL NIL NIL NIL))"},
           Row{"group: g1@x", "((NIL NIL \"group\" NIL)(NIL NIL \"g1\" \"x\")(NIL NIL NIL NIL))"},
           Row{"alice", "((NIL NIL \"alice\" \"\"))"},
           Row{"Someone Else", "((\"Someone Else\" NIL \"\" \"\"))"},
           Row{"Nobody <>", "((\"Nobody\" NIL \"\" \"\"))"},
           Row{", a@x, ,b@x,", "((NIL NIL \"a\" \"x\")(NIL NIL \"b\" \"x\"))"},
       }) {
    INFO(row.to);
    CHECK(show("To: " + std::string(row.to) + "\r\n") ==
          "(NIL NIL NIL NIL NIL " + std::string(row.shown) + " NIL NIL NIL NIL)");
  }
}

TEST_CASE("Several fields of one name: destinations are joined, of others the first counts") {
  CHECK(show("To: a@x\r\nSubject: one\r\nTO: b@x\r\nSubject: two\r\nFrom: c@x\r\nFrom: d@x\r\n") ==
        "(NIL \"one\" ((NIL NIL \"c\" \"x\")) ((NIL NIL \"c\" \"x\")) ((NIL NIL \"c\" \"x\")) "
        "((NIL NIL \"a\" \"x\")(NIL NIL \"b\" \"x\")) NIL NIL NIL NIL)");
}

TEST_CASE("Texts stay as they stood, unfolded, and are quoted or sent as literals") {
  const auto subject = [](std::string_view body, Utf8 utf8 = Utf8::No) {
    const std::string shown = show("Subject: " + std::string(body) + "\r\n", utf8);
    return shown.substr(5, shown.find(" NIL NIL NIL NIL NIL NIL NIL NIL)") - 5);
  };
  CHECK(subject("=?utf-8?q?caf=C3=A9?=") == "\"=?utf-8?q?caf=C3=A9?=\"");
  CHECK(subject("one\r\n two\r\n\t three  ") == "\"one two\t three\"");
  CHECK(subject("\"so\" \\ so") == "\"\\\"so\\\" \\\\ so\"");
  CHECK(subject("caf\xc3\xa9") == "{5}\r\ncaf\xc3\xa9");
  CHECK(subject("caf\xc3\xa9", Utf8::Yes) == "\"caf\xc3\xa9\"");
  CHECK(subject("caf\xe9", Utf8::Yes) == "{4}\r\ncaf\xe9");
  CHECK(subject(std::string_view("a\0b", 3)) ==
        "{3}\r\na\x80"
        "b");
}
