#include <algorithm>
#include <catch2/catch.hpp>

#include "captures/languages/languages.hpp"
#include "captures/observe/mail/sha256.hpp"
#include "captures/observe/masking.hpp"
#include "protocols/smtp/verb.hpp"
#include "tests/captures/observe/talk.hpp"

using namespace mailscope;
using test::Talk;
using trace::kNone;
using trace::PduKind;
using trace::Protocol;

namespace {

std::string sha256(std::string_view octets) {
  observe::Sha256 digest;
  digest.update(octets);
  return digest.finish();
}

Talk smtp_talk(std::size_t segment_octets = 1460) {
  Talk talk;
  talk.segment_octets_max = segment_octets;
  talk.open();
  talk.dialogue(test::kSmtpDialogue);
  talk.close();
  return talk;
}

bool has_finding(const trace::Trace& trace, std::string_view code) {
  return std::any_of(trace.findings.begin(), trace.findings.end(),
                     [&](const trace::Finding& finding) { return finding.code == code; });
}

// What a trace says without its frames: has to be the same however the octets were cut.
std::string story(const trace::Trace& trace) {
  std::string text;
  for (trace::Id id = trace.connections.at(0).first_pdu; id != kNone;) {
    const trace::Pdu& pdu = trace.pdus[id];
    text += std::to_string(static_cast<int>(pdu.kind)) + ' ' +
            std::to_string(static_cast<int>(pdu.direction)) + ' ' + std::to_string(pdu.begin) +
            '-' + std::to_string(pdu.end) + ' ' + std::to_string(pdu.word) + ' ' +
            trace.pdu_octets(pdu) + '\n';
    id = pdu.next_in_connection;
  }
  for (const trace::Mail& mail : trace.mails) text += mail.sha256 + mail.subject + '\n';
  return text;
}

}  // namespace

TEST_CASE("an SMTP dialogue becomes PDUs, exchanges and a mail") {
  const trace::Trace trace = smtp_talk().trace();
  REQUIRE(trace.connections.size() == 1);
  const trace::Connection& connection = trace.connections[0];
  CHECK(connection.protocol == languages::kSmtp);
  CHECK(connection.opening == trace::Opening::Handshake);
  CHECK(connection.closing == trace::Closing::Fin);
  CHECK(connection.complete);
  CHECK(connection.commands == 6);
  CHECK(connection.replies == 8);
  CHECK(connection.client.address.text() == "10.0.1.1");
  CHECK(connection.server.port == 25);

  REQUIRE(trace.mails.size() == 1);
  const trace::Mail& mail = trace.mails[0];
  CHECK(mail.has_envelope);
  CHECK(mail.from == "alice@alpha.example");
  CHECK(mail.to == std::vector<std::string>{"bob@beta.example"});
  CHECK(mail.subject == "Grüße");
  CHECK(mail.message_id == "<1@alpha.example>");
  CHECK(mail.octets == test::kSmtpContent.size());
  CHECK(mail.sha256 == sha256(test::kSmtpContent));
  CHECK(mail.complete);
  CHECK(mail.fate == trace::MailFate::Accepted);
  CHECK(mail.code == 250);
  REQUIRE(mail.parts.size() == 1);
  CHECK(mail.parts[0].type == "text/plain");
  CHECK(mail.parts[0].octets == 29);
  CHECK(trace.findings.empty());
}

TEST_CASE("exchanges hold a command, its replies and its content") {
  const trace::Trace trace = smtp_talk().trace();
  REQUIRE(trace.exchanges.size() == 7);
  CHECK(trace.exchanges[0].command == kNone);  // the greeting
  CHECK(trace.pdus[trace.exchanges[0].first_reply].word == 220);
  const trace::Exchange& data = trace.exchanges[5];
  CHECK(trace.pdus[data.command].word == static_cast<std::uint16_t>(smtp::Verb::Data));
  REQUIRE(data.first_reply != kNone);
  CHECK(trace.pdus[data.first_reply].word == 354);
  CHECK(trace.pdus[data.first_reply].next_reply == data.last_reply);
  CHECK(trace.pdus[data.last_reply].word == 250);
  REQUIRE(data.data != kNone);
  CHECK(trace.pdus[data.data].kind == PduKind::Data);
  CHECK(trace.mails[0].data == data.data);
  CHECK(trace.pdus[data.data].first > trace.pdus[data.first_reply].first);
  CHECK(trace.mails[0].at == trace.pdus[data.data].first);
  CHECK(trace.pdu_octets(trace.pdus[data.data]).ends_with("\r\n.\r\n"));
  for (trace::Id id = 0; id < trace.exchanges.size(); ++id)
    for (trace::Id r = trace.exchanges[id].first_reply; r != kNone; r = trace.pdus[r].next_reply)
      CHECK(trace.pdus[r].exchange == id);
}

TEST_CASE("PDUs are in order of time and cover every octet of the streams once") {
  const trace::Trace trace = smtp_talk(7).trace();
  CHECK(std::is_sorted(trace.by_time.begin(), trace.by_time.end(), [&](trace::Id x, trace::Id y) {
    return trace.pdus[x].first < trace.pdus[y].first;
  }));
  std::uint64_t at[2] = {0, 0};
  for (const trace::Pdu& pdu : trace.pdus) {
    CHECK(pdu.first <= pdu.last);
    CHECK(pdu.received >= pdu.last);
    if (pdu.end == pdu.begin) continue;
    CHECK(pdu.begin == at[static_cast<int>(pdu.direction)]);
    at[static_cast<int>(pdu.direction)] = pdu.end;
  }
  CHECK(at[0] == trace.connections[0].octets[0]);
  CHECK(at[1] == trace.connections[0].octets[1]);
}

TEST_CASE("how octets are cut into segments changes nothing but times") {
  const std::string whole = story(smtp_talk().trace());
  for (const std::size_t octets : {1, 2, 3, 5, 11, 64, 511})
    CHECK(story(smtp_talk(octets).trace()) == whole);
}

TEST_CASE("a POP3 dialogue becomes commands, a log-in and a mail") {
  Talk talk;
  talk.server_port = 110;
  talk.open();
  talk.dialogue(test::kPop3Dialogue);
  talk.close();
  const trace::Trace trace = talk.trace();
  const trace::Connection& connection = trace.connections.at(0);
  CHECK(connection.protocol == languages::kPop3);
  CHECK(connection.commands == 7);
  CHECK(connection.replies == 8);
  CHECK(connection.login == "bob");
  REQUIRE(trace.mails.size() == 1);
  const std::string_view content = "Subject: hi\r\n\r\n.dotted\r\nlast line\r\n";
  CHECK(trace.mails[0].octets == content.size());
  CHECK(trace.mails[0].sha256 == sha256(content));
  CHECK(trace.mails[0].complete);
  CHECK_FALSE(trace.mails[0].has_envelope);
  CHECK(trace.mails[0].subject == "hi");
  const trace::Pdu& data = trace.pdus[trace.mails[0].data];
  CHECK(trace.exchanges[data.exchange].data == trace.mails[0].data);
  CHECK(observe::display_text(trace, trace.pdus[trace.exchanges[data.exchange].command]) ==
        "RETR 1");
}

TEST_CASE("a protocol is known by what is said, on any port") {
  struct Row {
    std::uint16_t port;
    std::string_view dialogue;
    Protocol protocol;
  };
  const Row rows[] = {
      {25, test::kSmtpDialogue, languages::kSmtp},
      {3025, test::kSmtpDialogue, languages::kSmtp},
      {110, test::kSmtpDialogue, languages::kSmtp},
      {40000, test::kPop3Dialogue, languages::kPop3},
      {25, test::kPop3Dialogue, languages::kPop3},
      {2143, "S: * OK ready\nC: a1 CAPABILITY\n", languages::kImap},
      {21, "S: 220 ftp ready\nC: USER bob\nS: 331 password\n", languages::kUnknown},
      {80, "C: GET / HTTP/1.1\nC:\nS: HTTP/1.1 200 OK\n", languages::kHttp},
      {8080, "C: GET / HTTP/1.1\nC:\nS: HTTP/1.1 200 OK\n", languages::kHttp},
      {2526, "S: 220 welcome\nC: EHLO x\nS: 250 x\n", languages::kSmtp},
      {25, "S: 220 welcome\n", languages::kSmtp},
      {22, "S: SSH-2.0-x\nC: SSH-2.0-y\n", languages::kUnknown},
  };
  for (const Row& row : rows) {
    for (const std::size_t octets : {1, 1460}) {
      CAPTURE(row.port, row.dialogue, octets);
      Talk talk;
      talk.server_port = row.port;
      talk.segment_octets_max = octets;
      talk.open();
      talk.dialogue(row.dialogue);
      talk.close();
      CHECK(talk.trace().connections.at(0).protocol == row.protocol);
    }
  }
}

TEST_CASE("a capture begun in the middle finds the server by what it says") {
  Talk talk;
  talk.server_port = 50000;  // the lower port is the client's
  talk.client_port = 30000;
  talk.dialogue(test::kSmtpDialogue);
  const trace::Trace trace = talk.trace();
  const trace::Connection& connection = trace.connections.at(0);
  CHECK(connection.protocol == languages::kSmtp);
  CHECK(connection.server.port == 50000);
  CHECK(connection.opening == trace::Opening::Midstream);
  CHECK(connection.commands == 6);
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.mails[0].sha256 == sha256(test::kSmtpContent));
  CHECK(trace.pdus.at(0).direction == Direction::ToClient);
  CHECK(trace.pdu_octets(trace.pdus[0]) == "220 mail.beta.example ESMTP\r\n");
}

TEST_CASE("octets that were never captured are a finding and end no reading") {
  Talk talk = smtp_talk();
  const auto content = std::find_if(
      talk.frames.begin(), talk.frames.end(),
      [](const test::Wire& w) { return w.octets.find("Hello Bob") != std::string::npos; });
  REQUIRE(content != talk.frames.end());
  talk.frames.erase(content);
  const trace::Trace trace = talk.trace();
  CHECK(trace.connections[0].missing[0] == 12);
  CHECK_FALSE(trace.connections[0].complete);
  CHECK(has_finding(trace, "tcp.gap"));
  CHECK(has_finding(trace, "mail.incomplete"));
  REQUIRE(trace.mails.size() == 1);
  CHECK_FALSE(trace.mails[0].complete);
  CHECK(trace.connections[0].commands == 6);
}

TEST_CASE("octets sent twice are shown once, and marked") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 mail.beta.example ESMTP\nC: EHLO a.example\n");
  talk.again(talk.frames.size() - 1);
  talk.dialogue("S: 250 mail.beta.example\nC: QUIT\nS: 221 bye\n");
  talk.close();
  const trace::Trace trace = talk.trace();
  CHECK(trace.connections[0].commands == 2);
  CHECK(has_finding(trace, "tcp.retransmission"));
  std::size_t marked = 0;
  for (const trace::Pdu& pdu : trace.pdus)
    if ((pdu.flags & trace::Pdu::kRetransmitted) != 0) {
      ++marked;
      CHECK(observe::display_text(trace, pdu) == "EHLO a.example");
    }
  CHECK(marked == 1);
}

TEST_CASE("what was lost is delivered by the first retransmission that arrived") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 mail.beta.example ESMTP\nC: EHLO a.example\n");
  const auto lost = static_cast<trace::Id>(talk.frames.size() - 1);
  talk.again(lost);
  talk.again(lost);
  talk.dialogue("S: 250 mail.beta.example\n");
  trace::Trace trace;
  observe::RoadOptions options;
  trace::Id arrived = lost + 2;
  options.received_at = [&](trace::Id frame) {
    return frame >= lost && frame < arrived ? trace::kNever : trace.frames[frame].sent + 5;
  };
  const auto received = [&] {
    for (const trace::Pdu& pdu : trace.pdus)
      if (pdu.kind == PduKind::Command) return pdu.received;
    return trace::Time{-1};
  };
  observe::Road road(trace, options);
  arrived = lost + 3;  // it is still under way
  talk.feed(road);
  road.settle();
  CHECK(received() == trace::kNever);
  arrived = lost + 2;
  road.settle();
  CHECK(received() == talk.frames[lost + 2].at + 5);
  road.finish();
  CHECK(received() == talk.frames[lost + 2].at + 5);
  for (const trace::Pdu& pdu : trace.pdus)
    if (pdu.kind == PduKind::Command) CHECK(pdu.first == talk.frames[lost].at);
}

TEST_CASE("behind STARTTLS each direction is one TLS PDU and a note") {
  Talk talk;
  talk.open();
  talk.dialogue(
      "S: 220 mail.beta.example ESMTP\nC: EHLO a.example\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 "
      "go\n");
  const std::string record("\x16\x03\x01\0\x04\x01\0\0\0", 9);
  talk.client(record);
  talk.server(record);
  talk.client(std::string("\x17\x03\x03\0\x02zz", 7));
  talk.client(std::string("\x17\x03\x03\0\x02zz", 7));
  talk.close();
  const trace::Trace trace = talk.trace();
  CHECK(trace.connections[0].tls == trace::Tls::StartTls);
  CHECK(trace.connections[0].commands == 2);
  CHECK(std::count_if(trace.pdus.begin(), trace.pdus.end(),
                      [](const auto& pdu) { return pdu.kind == PduKind::Tls; }) == 2);
  REQUIRE(has_finding(trace, "tls.opaque"));
  for (const trace::Finding& finding : trace.findings)
    if (finding.code == "tls.opaque")
      CHECK(finding.text.find("3 records from the client and 1 from the server") !=
            std::string::npos);
}

TEST_CASE("TLS from the first octet on keeps the port's protocol") {
  Talk talk;
  talk.server_port = 995;
  talk.open();
  talk.client(std::string("\x16\x03\x01\0\x04\x01\0\0\0", 9));
  talk.close();
  const trace::Trace trace = talk.trace();
  CHECK(trace.connections[0].protocol == languages::kPop3);
  CHECK(trace.connections[0].tls == trace::Tls::Implicit);
}

TEST_CASE("a summary has the same connections, mails and findings, and keeps nothing else") {
  Talk talk = smtp_talk(13);
  talk.again(20);
  observe::RoadOptions options;
  options.keep = observe::Keep::Summary;
  const trace::Trace brief = talk.trace(options);
  const trace::Trace full = talk.trace();
  CHECK(brief.frames.empty());
  CHECK(brief.segments.empty());
  CHECK(brief.pdus.empty());
  CHECK(brief.exchanges.empty());
  REQUIRE(brief.connections.size() == full.connections.size());
  CHECK(brief.connections[0].commands == full.connections[0].commands);
  CHECK(brief.connections[0].replies == full.connections[0].replies);
  REQUIRE(brief.mails.size() == full.mails.size());
  CHECK(brief.mails[0].sha256 == full.mails[0].sha256);
  CHECK(brief.mails[0].to == full.mails[0].to);
  CHECK(brief.findings.size() == full.findings.size());
}

TEST_CASE("recipients that were refused are not in the envelope, however commands are grouped") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 x ESMTP\nC: EHLO a.example\nS: 250-x\nS: 250 PIPELINING\n");
  talk.client("MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nRCPT TO:<c@b.example>\r\nDATA\r\n");
  talk.dialogue("S: 250 ok\nS: 550 no\nS: 250 ok\nS: 354 go\nC: x: y\nC:\nC: .\nS: 550 no\n");
  talk.dialogue("C: MAIL FROM:<d@b.example>\nS: 250 ok\nC: RCPT TO:<e@b.example>\nS: 250 ok\n");
  talk.dialogue("C: DATA\nS: 354 go\nC: .\nS: 250 ok\n");
  const trace::Trace trace = talk.trace();
  REQUIRE(trace.mails.size() == 2);
  CHECK(trace.mails[0].has_envelope);
  CHECK(trace.mails[0].from.empty());
  CHECK(trace.mails[0].to == std::vector<std::string>{"c@b.example"});
  CHECK(trace.mails[0].fate == trace::MailFate::Refused);
  CHECK(trace.mails[0].code == 550);
  CHECK(trace.mails[1].from == "d@b.example");
  CHECK(trace.mails[1].to == std::vector<std::string>{"e@b.example"});
  CHECK(trace.mails[1].fate == trace::MailFate::Accepted);
  CHECK(trace.mails[1].code == 250);
}

TEST_CASE("BDAT chunks are one message, each chunk a PDU") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 x ESMTP\nC: EHLO a.example\nS: 250 CHUNKING\nC: MAIL FROM:<a@b.example>\n");
  talk.dialogue("S: 250 ok\nC: RCPT TO:<c@b.example>\nS: 250 ok\n");
  talk.client("BDAT 6\r\nab: c\n");
  talk.dialogue("S: 250 ok\n");
  talk.client("BDAT 5 LAST\r\n\r\n.\r\n");
  talk.dialogue("S: 250 taken\nC: QUIT\nS: 221 bye\n");
  const trace::Trace trace = talk.trace();
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.mails[0].octets == 11);
  CHECK(trace.mails[0].sha256 == sha256("ab: c\n\r\n.\r\n"));
  CHECK(trace.mails[0].complete);
  CHECK(trace.mails[0].kind == trace::MailKind::Bdat);
  CHECK(trace.mails[0].fate == trace::MailFate::Accepted);
  CHECK(std::count_if(trace.pdus.begin(), trace.pdus.end(),
                      [](const auto& pdu) { return pdu.kind == PduKind::Data; }) == 2);
}

TEST_CASE("who logs in by AUTH PLAIN or AUTH LOGIN is known once the server agrees") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 x ESMTP\nC: EHLO a.example\nS: 250 AUTH PLAIN LOGIN\n");
  talk.dialogue("C: AUTH PLAIN AGFsaWNlAHNlY3JldA==\nS: 235 ok\n");
  CHECK(talk.trace().connections[0].login == "alice");
  Talk login;
  login.open();
  login.dialogue("S: 220 x ESMTP\nC: EHLO a.example\nS: 250 AUTH PLAIN LOGIN\nC: AUTH LOGIN\n");
  login.dialogue("S: 334 VXNlcm5hbWU6\nC: Ym9i\nS: 334 UGFzc3dvcmQ6\nC: c2VjcmV0\n");
  CHECK(login.trace().connections[0].login.empty());
  login.dialogue("S: 235 ok\nC: QUIT\nS: 221 bye\n");
  const trace::Trace trace = login.trace();
  CHECK(trace.connections[0].login == "bob");
  CHECK(trace.connections[0].commands == 3);
}

TEST_CASE("ports that are used again make a second connection") {
  Talk talk = smtp_talk();
  Talk second = smtp_talk();
  for (const test::Wire& wire : second.frames) {
    std::string octets = wire.octets;
    octets[39] = static_cast<char>(0x50);  // other sequence numbers: third octet of SEQ
    talk.frames.push_back({talk.frames.back().at + 1'000'000'000, octets});
  }
  const trace::Trace trace = talk.trace();
  CHECK(trace.connections.size() == 2);
  CHECK(trace.mails.size() == 2);
}

TEST_CASE("a sender that was refused leaves no envelope behind") {
  Talk talk;
  talk.open();
  talk.dialogue(
      "S: 220 x ESMTP\nC: EHLO a.example\nS: 250 x\nC: MAIL FROM:<no@b.example>\nS: 550 no\n");
  talk.dialogue(
      "C: MAIL FROM:<yes@b.example>\nS: 250 ok\nC: MAIL FROM:<nested@b.example>\nS: 503 no\n");
  talk.dialogue(
      "C: RCPT TO:<c@b.example>\nS: 250 ok\nC: DATA\nS: 354 go\nC: x: y\nC: .\nS: 250 ok\n");
  const trace::Trace trace = talk.trace();
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.mails[0].from == "yes@b.example");
}

TEST_CASE("ids follow when PDUs are put in order of time") {
  // The first connection is known for SMTP only when its client speaks, long after its greeting.
  Talk late;
  late.server_port = 2600;
  late.open();
  late.dialogue("S: 220 welcome\n");
  const std::size_t known_at = late.frames.size();
  late.dialogue("C: EHLO a.example\nS: 250 x\n");
  Talk other = smtp_talk();
  trace::Trace trace;
  observe::Road road(trace);
  trace::Time at = 0;
  const auto add = [&](const test::Wire& wire) {
    road.add(wire.octets, 1, static_cast<std::uint32_t>(wire.octets.size()), at++);
  };
  for (std::size_t i = 0; i < known_at; ++i) add(late.frames[i]);
  for (const test::Wire& wire : other.frames) add(wire);
  for (std::size_t i = known_at; i < late.frames.size(); ++i) add(late.frames[i]);
  road.finish();
  CHECK(std::is_sorted(trace.by_time.begin(), trace.by_time.end(), [&](trace::Id x, trace::Id y) {
    return trace.pdus[x].first < trace.pdus[y].first;
  }));
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.pdus[trace.mails[0].data].kind == PduKind::Data);
  for (trace::Id id = 0; id < trace.exchanges.size(); ++id) {
    const trace::Exchange& exchange = trace.exchanges[id];
    if (exchange.command != kNone) {
      CHECK(trace.pdus[exchange.command].kind == PduKind::Command);
      CHECK(trace.pdus[exchange.command].exchange == id);
    }
    REQUIRE(exchange.first_reply != kNone);
    CHECK(trace.pdus[exchange.first_reply].kind == PduKind::Reply);
    CHECK(trace.pdus[exchange.last_reply].exchange == id);
  }
  for (trace::Id c = 0; c < trace.connections.size(); ++c) {
    trace::Id before = kNone;
    for (trace::Id id = trace.connections[c].first_pdu; id != kNone;
         id = trace.pdus[id].next_in_connection) {
      CHECK(trace.pdus[id].connection == c);
      CHECK((before == kNone || before < id));
      before = id;
    }
  }
}
