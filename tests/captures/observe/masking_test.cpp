#include <catch2/catch.hpp>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "tests/captures/observe/talk.hpp"

using namespace mailscope;
using test::Talk;

namespace {

Talk secret_talk() {
  Talk talk;
  talk.server_port = 110;
  talk.open();
  talk.dialogue("S: +OK ready\nC: USER bob\nS: +OK\nC: PASS secret word\n");
  talk.again(talk.frames.size() - 1);
  talk.dialogue("S: +OK\nC: QUIT\nS: +OK\n");
  return talk;
}

std::string shown(const trace::Trace& trace, bool show_secrets) {
  std::string text;
  for (const trace::Pdu& pdu : trace.pdus)
    text += observe::display_text(trace, pdu, show_secrets) + '\n';
  return text;
}

}  // namespace

TEST_CASE("where the secret of a line begins") {
  using trace::PduKind;
  const auto front = [](std::string_view line, PduKind kind = PduKind::Command) {
    return line.substr(0, languages::of(languages::kPop3).secret_begin(line, kind));
  };
  CHECK(front("PASS secret word") == "PASS ");
  CHECK(front("pass  x") == "pass  ");
  CHECK(front("PASS") == "PASS");
  CHECK(front("AUTH PLAIN AGEAYg==") == "AUTH PLAIN ");
  CHECK(front("AUTH PLAIN") == "AUTH PLAIN");
  CHECK(front("APOP bob c4c9334bac560ecc979e58001b3e22fb") == "APOP bob ");
  CHECK(front("c2VjcmV0", PduKind::Continuation).empty());
}

TEST_CASE("passwords are masked unless asked for") {
  const trace::Trace trace = secret_talk().trace();
  CHECK(shown(trace, false).find("secret") == std::string::npos);
  CHECK(shown(trace, false).find("PASS ********\n") != std::string::npos);
  CHECK(shown(trace, false).find("USER bob\n") != std::string::npos);
  CHECK(shown(trace, true).find("PASS secret word\n") != std::string::npos);
}

TEST_CASE("the password of a protocol that is not read is masked too") {
  Talk talk;
  talk.server_port = 80;
  talk.open();
  talk.dialogue("C: GET / HTTP/1.1\nC: Authorization: Basic secret\nC:\nS: HTTP/1.1 200 OK\n");
  const trace::Trace trace = talk.trace();
  CHECK(shown(trace, false).find("secret") == std::string::npos);
  for (trace::Id frame = 0; frame < trace.frames.size(); ++frame)
    CHECK(observe::masked_frame(trace, frame).find("secret") == std::string::npos);
}

TEST_CASE("a password is masked in a literal, too") {
  Talk talk;
  talk.server_port = 143;
  talk.open();
  talk.dialogue(
      "S: * OK IMAP4rev1 ready\nC: a1 CAPABILITY\nS: a1 OK\nC: a2 login {3}\nS: + go\nC: bob {6}\n"
      "S: + go\nC: secret\nS: a2 OK\nC: a3 SELECT INBOX\nS: a3 OK\n");
  const trace::Trace trace = talk.trace();
  CHECK(shown(trace, false).find("secret") == std::string::npos);
  CHECK(shown(trace, false).find("CAPABILITY") != std::string::npos);
  std::string open, masked;
  for (const trace::Pdu& pdu : trace.pdus) {
    for (const std::string& line : observe::display_lines(trace, pdu, true)) open += line + '\n';
    for (const std::string& line : observe::display_lines(trace, pdu)) masked += line + '\n';
  }
  CHECK(open.find("secret") != std::string::npos);
  CHECK(masked.find("secret") == std::string::npos);
  CHECK(masked.find("a3 SELECT INBOX") != std::string::npos);
  CHECK(trace.connections[0].login == "bob");
  for (trace::Id frame = 0; frame < trace.frames.size(); ++frame)
    CHECK(observe::masked_frame(trace, frame).find("secret") == std::string::npos);
}

TEST_CASE("no frame shows a secret, nor does the frame that brings it again") {
  for (const std::size_t octets : {1460, 9, 1}) {
    Talk talk;
    talk.segment_octets_max = octets;
    talk.server_port = 110;
    talk.open();
    talk.dialogue("S: +OK ready\nC: USER bob\nS: +OK\n");
    const std::size_t first = talk.frames.size();
    talk.dialogue("C: PASS secret word\n");
    const std::size_t last = talk.frames.size();
    for (std::size_t i = first; i < last; ++i) talk.again(i);
    const trace::Trace trace = talk.trace();
    std::string open, masked;
    for (trace::Id id = static_cast<trace::Id>(first); id < trace.frames.size(); ++id) {
      open += std::string(trace.octets(trace.frames[id])).substr(54);
      masked += observe::masked_frame(trace, id).substr(54);
    }
    CHECK(open == "PASS secret word\r\nPASS secret word\r\n");
    CHECK(masked == "PASS ***********\r\nPASS ***********\r\n");
  }
}

TEST_CASE("lines of the AUTH exchange are masked whole") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 x ESMTP\nC: EHLO a.example\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\n");
  talk.dialogue("S: 334 VXNlcm5hbWU6\nC: Ym9i\nS: 334 UGFzc3dvcmQ6\nC: c2VjcmV0\nS: 235 ok\n");
  const std::string text = shown(talk.trace(), false);
  CHECK(text.find("c2VjcmV0") == std::string::npos);
  CHECK(text.find("AUTH LOGIN\n") != std::string::npos);
}

TEST_CASE("what comes from the wire cannot steer a terminal") {
  Talk talk;
  talk.open();
  talk.server("220 x ESMTP\r\n");
  talk.client("EHLO \x1b[2J\x07\xff\r\n");
  const std::string text = shown(talk.trace(), false);
  for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
}

TEST_CASE("a long line is cut and says so") {
  Talk talk;
  talk.open();
  talk.server("220 x ESMTP\r\n");
  talk.client("EHLO " + std::string(1000, 'a') + "\r\n");
  const trace::Trace trace = talk.trace();
  const std::string text = observe::display_text(trace, trace.pdus[2], false, 20);
  CHECK(text == "EHLO aaaaaaaaaaaaaaa...");
}
