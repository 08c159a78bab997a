// IMAP on the road: exchanges by tag, messages that come and go at a time, compression.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <string>

#include "captures/export/json.hpp"
#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "captures/observe/stream/deflate_layer.hpp"
#include "tests/captures/observe/talk.hpp"

namespace mailscope {
namespace {

using trace::Id;
using trace::kNone;
using trace::Trace;

test::Talk opened() {
  test::Talk talk;
  talk.server_port = 143;
  talk.open();
  return talk;
}

Trace read(std::string_view lines) {
  test::Talk talk = opened();
  talk.dialogue(lines);
  talk.close();
  return talk.trace();
}

std::string replies_of(const Trace& trace, Id exchange) {
  std::string text;
  for (Id id = trace.exchanges[exchange].first_reply; id != kNone; id = trace.pdus[id].next_reply)
    text += observe::display_text(trace, trace.pdus[id]) + '|';
  return text;
}

// One direction of what COMPRESS=DEFLATE makes (RFC 4978 §4): flushed behind each line.
class Deflater {
 public:
  Deflater() { deflateInit2(&stream_, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY); }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  std::string operator()(std::string octets) {
    std::string out(octets.size() + 200, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(octets.data());
    stream_.avail_in = static_cast<uInt>(octets.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, Z_SYNC_FLUSH);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_{};
};

constexpr std::string_view kFetched =
    "* 1 FETCH (BODY[] {16}\r\nSubject: one\r\n\r\n)\r\nb OK fetched\r\n";

TEST_CASE("IMAP's exchanges are found by the tag, with the data that was asked for") {
  const Trace trace = read(
      "S: * OK ready\nC: a LOGIN bob secret\nS: a OK in\nC: b SELECT INBOX\nC: c STATUS x "
      "(UIDNEXT)\n"
      "S: * 3 EXISTS\nS: b OK open\nS: * STATUS x (UIDNEXT 4)\nS: c OK told\nC: d IDLE\nS: + "
      "idling\n"
      "S: * 4 EXISTS\nC: DONE\nS: d OK over\n");
  REQUIRE(trace.connections.size() == 1);
  CHECK(trace.connections[0].commands == 4);
  CHECK(trace.connections[0].replies == 4);  // the tagged ones
  CHECK(trace.connections[0].login == "bob");
  REQUIRE(trace.exchanges.size() == 5);
  CHECK(trace.exchanges[0].command == kNone);
  CHECK(replies_of(trace, 0) == "* OK ready|");
  CHECK(replies_of(trace, 2) == "* 3 EXISTS|b OK open|");
  CHECK(replies_of(trace, 3) == "* STATUS x (UIDNEXT 4)|c OK told|");
  CHECK(replies_of(trace, 4) == "+ idling|* 4 EXISTS|d OK over|");
  for (const trace::Pdu& pdu : trace.pdus)
    if (pdu.kind == trace::PduKind::Continuation) CHECK(pdu.exchange == 4);
  CHECK(export_::report_json(trace, {.exchanges = true}).find("secret") == std::string::npos);
}

TEST_CASE("All messages of one APPEND share its fate") {
  const Trace trace = read(
      "S: * PREAUTH ready\nC: a APPEND x {4+}\nC: ab\nC:  {4+}\nC: cd\nC:\nC: b APPEND y {4+}\nC: "
      "ef\n"
      "C:\nS: b NO full\nS: a OK stored\n");
  REQUIRE(trace.mails.size() == 3);
  for (const Id id : {0u, 1u}) CHECK(trace.mails[id].fate == trace::MailFate::Accepted);
  CHECK(trace.mails[2].fate == trace::MailFate::Refused);
  for (const trace::Mail& mail : trace.mails) {
    CHECK(mail.kind == trace::MailKind::Append);
    CHECK(mail.octets == 4);
    CHECK(mail.complete);
    REQUIRE(mail.data != kNone);
    CHECK(trace.pdus[mail.data].kind == trace::PduKind::Command);
  }
}

TEST_CASE("A message may be stored while another is fetched") {
  test::Talk talk = opened();
  talk.dialogue("S: * PREAUTH ready\nC: a SELECT x\nS: a OK open\nC: b FETCH 1 BODY[]\n");
  talk.client("c APPEND x {16+}\r\nSubject:");
  talk.server(kFetched.substr(0, 30));
  talk.client(" two\r\n");
  talk.server(kFetched.substr(30));
  talk.client("\r\n\r\n");
  talk.server("c OK stored\r\n");
  const Trace trace = talk.trace();
  REQUIRE(trace.mails.size() == 2);
  CHECK(trace.mails[0].subject == "two");
  CHECK(trace.mails[0].fate == trace::MailFate::Accepted);
  CHECK(trace.mails[1].subject == "one");
  CHECK(trace.mails[1].fate == trace::MailFate::Served);
  for (const trace::Mail& mail : trace.mails) CHECK(mail.complete);
  CHECK(trace.findings.empty());
}

TEST_CASE("A message of several stretches stands where it began") {
  const Trace trace = read(
      "S: * PREAUTH ready\nC: a SELECT x\nS: a OK open\n"
      "C: b FETCH 1 (RFC822.SIZE BODY[]<0.14>)\nS: * 1 FETCH (RFC822.SIZE 20 BODY[]<0> {14}\n"
      "S: Subject: one\nS: )\nS: b OK x\nC: c FETCH 1 BODY[]<14.14>\nS: * 1 FETCH (BODY[]<14> "
      "{6}\nS:\n"
      "S: ab\nS: )\nS: c OK x\n");
  REQUIRE(trace.mails.size() == 1);
  const trace::Mail& mail = trace.mails[0];
  CHECK(mail.complete);
  CHECK(mail.octets == 20);
  CHECK(mail.subject == "one");
  CHECK(mail.kind == trace::MailKind::Fetch);
  CHECK(mail.fate == trace::MailFate::Served);
  REQUIRE(mail.data != kNone);
  CHECK(trace.findings.empty());
}

TEST_CASE("A compressed dialogue is read as one that is not") {
  const std::size_t octets = GENERATE(1460, 3, 1);
  test::Talk talk = opened();
  talk.segment_octets_max = octets;
  talk.dialogue(
      "S: * PREAUTH ready\nC: a SELECT x\nS: * 1 EXISTS\nS: a OK open\n"
      "C: z COMPRESS DEFLATE\nS: z OK go\n");
  Deflater up, down;
  talk.client(up("b FETCH 1 BODY[]\r\n"));
  talk.server(down(std::string(kFetched)));
  talk.client(up("c FETCH 2 FLAGS\r\n"));
  talk.server(down("c BAD no such message\r\n"));
  talk.close();
  const Trace trace = talk.trace();
  REQUIRE(trace.streams.size() == 2);
  CHECK(trace.streams[1].layer == "DEFLATE");
  CHECK(trace.connections[0].commands == 4);
  CHECK(trace.connections[0].replies == 4);
  CHECK(trace.connections[0].tls == trace::Tls::None);
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.mails[0].subject == "one");
  CHECK(trace.mails[0].complete);
  // What was known of the session before is known behind: the mailbox is open and has one message.
  REQUIRE(trace.findings.size() == 1);
  CHECK(trace.findings[0].code == "imap.no-such-message");
  std::vector<std::string> above;
  for (const Id id : trace.by_time)
    if (trace.pdus[id].layer == 1) above.push_back(observe::display_text(trace, trace.pdus[id]));
  CHECK(above == std::vector<std::string>{"b FETCH 1 BODY[]", "* 1 FETCH (BODY[] {16}",
                                          "b OK fetched", "c FETCH 2 FLAGS",
                                          "c BAD no such message"});
}

TEST_CASE("A compressed direction is read up to the first octet that is lost or is none") {
  observe::DeflateLayer layer;
  Deflater deflater;
  CHECK(layer.receive(Direction::ToServer, deflater("first\r\n")) == "first\r\n");
  const std::string lost = deflater("second\r\n");
  CHECK(layer.gap(Direction::ToServer, lost.size()) == 0);
  CHECK(layer.receive(Direction::ToServer, deflater("third\r\n")).empty());
  CHECK(layer.receive(Direction::ToClient, "\xff\xff no DEFLATE").empty());
  CHECK(layer.receive(Direction::ToClient, "more").empty());
}

TEST_CASE("What is compressed a thousandfold is read up to a bound") {
  std::string bomb(64 << 20, 'x');
  Deflater deflater;
  const std::string octets = deflater(bomb);
  observe::DeflateLayer layer;
  CHECK(layer.receive(Direction::ToServer, octets).size() <=
        observe::DeflateLayer::kMadeOctetsMax + (1 << 20));
}

}  // namespace
}  // namespace mailscope
