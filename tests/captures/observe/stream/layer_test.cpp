// A dialogue that is spoken in a layer above TCP is found and read as one that TCP carried, with
// octets of its own and a link to what carried them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "tests/captures/observe/stream/inverting_layer.hpp"
#include "tests/captures/observe/talk.hpp"

namespace mailscope {
namespace {

using observe::LayerBegins;
using trace::Id;
using trace::kNone;
using trace::PduKind;
using trace::Trace;

constexpr std::string_view kDialogue =
    "S: 220 mail.beta.example ESMTP\n"
    "C: EHLO alpha.example\n"
    "S: 250 mail.beta.example\n"
    "C: MAIL FROM:<alice@alpha.example>\n"
    "S: 250 fine\n"
    "C: RCPT TO:<bob@beta.example>\n"
    "S: 250 fine\n"
    "C: DATA\n"
    "S: 354 go on\n"
    "C: Subject: hello\n"
    "C:\n"
    "C: Hello, Bob.\n"
    "C: .\n"
    "S: 250 taken\n"
    "C: QUIT\n"
    "S: 221 bye\n";

// The lines of kDialogue, each through `change`.
template <typename Change>
void speak(test::Talk& talk, std::string_view lines, Change change) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    const std::string said = (line.size() > 3 ? std::string(line.substr(3)) : "") + "\r\n";
    line.starts_with("C:") ? talk.client(change(said)) : talk.server(change(said));
  }
}

std::string plain(std::string_view octets) {
  return std::string(octets);
}

observe::RoadOptions through_layer(LayerBegins when) {
  observe::RoadOptions options;
  options.layer = [when](const trace::Connection& connection,
                         LayerBegins begins) -> std::unique_ptr<observe::Layer> {
    if (connection.server.port != 25 || begins != when) return nullptr;
    return std::make_unique<test::InvertingLayer>();
  };
  return options;
}

std::vector<std::string> said(const Trace& trace) {
  std::vector<std::string> out;
  for (const Id id : trace.by_time) {
    const trace::Pdu& pdu = trace.pdus[id];
    if (pdu.end > pdu.begin) out.push_back(trace.pdu_octets(pdu));
  }
  return out;
}

TEST_CASE("a dialogue in a layer is read as one that TCP carried") {
  test::Talk open, hidden;
  open.segment_octets_max = hidden.segment_octets_max = GENERATE(1460, 7, 1);
  open.open();
  hidden.open();
  speak(open, kDialogue, plain);
  speak(hidden, kDialogue, test::inverted);
  open.close();
  hidden.close();
  const Trace wanted = open.trace();
  const Trace trace = hidden.trace(through_layer(LayerBegins::WithConnection));

  REQUIRE(trace.connections.size() == 1);
  CHECK(trace.connections[0].protocol == languages::kSmtp);
  CHECK(trace.connections[0].commands == 5);
  CHECK(trace.connections[0].replies == 7);
  CHECK(said(trace) == said(wanted));
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.mails[0].subject == "hello");
  CHECK(trace.mails[0].sha256 == wanted.mails[0].sha256);
  CHECK(trace.findings.empty());
  REQUIRE(trace.pdus.size() == wanted.pdus.size());
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    const trace::Pdu& pdu = trace.pdus[id];
    CAPTURE(id);
    CHECK(pdu.first == wanted.pdus[id].first);
    CHECK(pdu.last == wanted.pdus[id].last);
    CHECK(pdu.received == wanted.pdus[id].received);
    CHECK(pdu.frame == wanted.pdus[id].frame);
    CHECK(pdu.state == wanted.pdus[id].state);
    CHECK(pdu.layer == (pdu.segment == kNone ? 0 : 1));
  }
}

TEST_CASE("a layer's stream has octets of its own and names the segments that carried it") {
  test::Talk talk;
  talk.open();
  speak(talk, kDialogue, test::inverted);
  const Trace trace = talk.trace(through_layer(LayerBegins::WithConnection));
  REQUIRE(trace.streams.size() == 2);
  const trace::Stream& inner = trace.streams[1];
  CHECK(inner.layer == "inverted");
  CHECK(inner.carrier == trace.connections[0].stream);
  CHECK(trace.streams[inner.carrier].carried == 1);
  CHECK(inner.connection == 0);
  Id last = kNone;
  for (const int direction : {0, 1})
    for (Id id = inner.first_segment[direction]; id != kNone; id = trace.segments[id].next) {
      const trace::Segment& segment = trace.segments[id];
      const trace::Segment& wire = trace.on_wire(segment);
      CHECK(segment.derived);
      CHECK_FALSE(wire.derived);
      CHECK(segment.frame == wire.frame);
      CHECK(trace.octets(wire) == test::inverted(trace.octets(segment)));
      last = id;
    }
  REQUIRE(last != kNone);
  for (const trace::Pdu& pdu : trace.pdus)
    if (pdu.segment != kNone) CHECK(trace.stream_of(pdu) == 1);
}

TEST_CASE("a layer may begin in the middle of a dialogue") {
  constexpr std::string_view kBefore =
      "S: 220 mail.beta.example ESMTP\n"
      "C: EHLO alpha.example\n"
      "S: 250-mail.beta.example\n"
      "S: 250 STARTTLS\n"
      "C: STARTTLS\n"
      "S: 220 go ahead\n";
  const std::string_view after = kDialogue.substr(kDialogue.find('\n') + 1);  // no greeting
  test::Talk talk;
  talk.open();
  speak(talk, kBefore, plain);
  // The first octet of what follows is that of a TLS record, so that the observer knows it.
  const std::string mark = "\x16\x03\x01";
  talk.client(mark + test::inverted("EHLO alpha.example\r\n"));
  talk.server(mark + test::inverted("250 mail.beta.example\r\n"));
  speak(talk, after.substr(after.find("C: MAIL")), test::inverted);
  talk.close();

  class AfterMark final : public observe::Layer {
   public:
    std::string_view name() const override { return "inverted"; }
    std::string receive(Direction direction, std::string_view octets) override {
      std::size_t& left = left_[static_cast<int>(direction)];
      const std::size_t cut = std::min(left, octets.size());
      left -= cut;
      return test::inverted(octets.substr(cut));
    }
    std::uint64_t gap(Direction, std::uint64_t octets) override { return octets; }

   private:
    std::size_t left_[2] = {3, 3};
  };
  observe::RoadOptions options;
  options.layer = [](const trace::Connection&,
                     LayerBegins begins) -> std::unique_ptr<observe::Layer> {
    if (begins != LayerBegins::InDialogue) return nullptr;
    return std::make_unique<AfterMark>();
  };
  const Trace trace = talk.trace(options);
  CHECK(trace.connections[0].tls == trace::Tls::StartTls);
  REQUIRE(trace.mails.size() == 1);
  CHECK(trace.mails[0].complete);
  CHECK(trace.mails[0].from == "alice@alpha.example");
  CHECK(trace.mails[0].subject == "hello");
  std::vector<std::string> inside;
  for (const Id id : trace.by_time)
    if (const trace::Pdu& pdu = trace.pdus[id]; pdu.layer == 1 && pdu.kind == PduKind::Command)
      inside.push_back(observe::display_text(trace, pdu));
  CHECK(inside == std::vector<std::string>{"EHLO alpha.example", "MAIL FROM:<alice@alpha.example>",
                                           "RCPT TO:<bob@beta.example>", "DATA", "QUIT"});
}

TEST_CASE("what was sent again is marked in a layer's stream, too") {
  test::Talk talk;
  talk.open();
  speak(talk, kDialogue, test::inverted);
  talk.again(5);  // open: 3 frames, the greeting, EHLO, its answer
  talk.close();
  const Trace trace = talk.trace(through_layer(LayerBegins::WithConnection));
  std::vector<std::string> repeated;
  for (const trace::Pdu& pdu : trace.pdus)
    if ((pdu.flags & trace::Pdu::kRetransmitted) != 0) repeated.push_back(trace.pdu_octets(pdu));
  CHECK(repeated == std::vector<std::string>{"250 mail.beta.example\r\n"});
}

TEST_CASE("octets that are missing below a layer are missing above it") {
  test::Talk talk;
  talk.open();
  speak(talk, kDialogue.substr(0, kDialogue.find("C: MAIL")), test::inverted);
  const std::string lost = "MAIL FROM:<alice@alpha.example>\r\n";
  talk.lose(true, lost.size());
  talk.server(test::inverted("250 fine\r\n"));
  talk.client(test::inverted("RCPT TO:<bob@beta.example>\r\n"));
  talk.server(test::inverted("250 fine\r\n"));
  talk.close();
  const Trace trace = talk.trace(through_layer(LayerBegins::WithConnection));
  CHECK(trace.connections[0].missing[0] == lost.size());
  CHECK(trace.connections[0].commands == 2);
  CHECK(said(trace).back() == "250 fine\r\n");
}

}  // namespace
}  // namespace mailscope
