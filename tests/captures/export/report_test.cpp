#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "captures/export/json.hpp"
#include "captures/export/pcap_export.hpp"
#include "captures/export/text.hpp"
#include "captures/export/transcript.hpp"
#include "captures/languages/languages.hpp"
#include "captures/observe/capture/capture.hpp"
#include "tests/captures/observe/talk.hpp"
#include "tests/testing.hpp"

using namespace mailscope;
using nlohmann::json;
using test::Talk;
using trace::kNone;

namespace {

trace::Trace traced(std::string_view dialogue, std::uint16_t port) {
  Talk talk;
  talk.server_port = port;
  talk.open();
  talk.dialogue(dialogue);
  talk.close();
  trace::Trace trace = talk.trace();
  trace.source.kind = trace::SourceKind::File;
  trace.source.name = "talk.pcap";
  trace.source.begin = 1'254'722'767'492'060'000;
  trace.source.frames = trace.frames.size();
  for (const trace::Frame& frame : trace.frames) trace.source.octets += frame.wire_octets;
  trace.source.duration = trace.frames.back().sent;
  return trace;
}

void check_golden(const std::string& name, const std::string& text) {
  testing::check_golden("captures/export/goldens/" + name, text);
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

// Two agents, a state change, a chapter and a note on top of a dialogue.
trace::Trace scenario() {
  trace::Trace trace = traced(test::kSmtpDialogue, 25);
  trace.source.kind = trace::SourceKind::Simulator;
  trace.source.name = "first-mail";
  trace.source.title = "The first mail";
  trace.source.summary = "Alice writes to Bob, and every octet of it can be seen.";
  trace.source.seed = 7;
  trace.hosts[0].name = "alice-pc";
  trace.hosts[1].name = "mail.beta.example";
  trace.agents.clear();
  trace.agents.push_back({1, trace::AgentKind::MtaServer, "MTA server", 25});
  const trace::Id spool = trace.variable(1, 0, trace::VariableKind::Spool);
  trace.change(20'500'000, spool, std::uint64_t{1},
               "the message is on the disk of mail.beta.example");
  trace.notes.push_back(
      {0, trace::NoteKind::Chapter, "The connection", "TCP comes first.", kNone, kNone});
  trace.notes.push_back({3'000'000, trace::NoteKind::Narration, "The server speaks first",
                         "Its greeting has the code 220.", kNone, kNone});
  trace.notes.push_back(
      {20'600'000, trace::NoteKind::Question, "Who keeps the message now?", "", kNone, kNone});
  return trace;
}

}  // namespace

TEST_CASE("the report of a dialogue is as approved") {
  check_golden("smtp.json", export_::report_json(traced(test::kSmtpDialogue, 25), {true, false}));
  check_golden("pop3.json", export_::report_json(traced(test::kPop3Dialogue, 110), {true, false}));
  check_golden("scenario.json", export_::report_json(scenario()));
}

TEST_CASE("the transcript and the summary of a dialogue are as approved") {
  check_golden("scenario.txt", export_::transcript(scenario()));
  check_golden("pop3.txt", export_::transcript(traced(test::kPop3Dialogue, 110)));
  check_golden("summary.txt", export_::summary(traced(test::kSmtpDialogue, 25)));
}

TEST_CASE("the report has the members that the design names, in their order") {
  const auto report =
      nlohmann::ordered_json::parse(export_::report_json(scenario(), {true, false}));
  const auto keys = [](const nlohmann::ordered_json& object) {
    std::string text;
    for (const auto& [key, value] : object.items()) text += key + ' ';
    return text;
  };
  CHECK(keys(report) ==
        "mailscope source connections exchanges messages findings interventions states losses ");
  CHECK(keys(report["source"]) == "kind name seed frames octets begin duration_s ");
  CHECK(keys(report["connections"][0]) ==
        "id protocol client server opened_s closed_s closing complete tls client_octets "
        "server_octets missing_octets commands replies login ");
  CHECK(keys(report["connections"][0]["client"]) == "host address port ");
  CHECK(keys(report["exchanges"][0]) == "connection at_s phase verb command replies ");
  CHECK(keys(report["exchanges"][0]["replies"][0]) == "at_s code text ");
  CHECK(keys(report["messages"][0]) ==
        "id connection protocol envelope subject message_id octets sha256 "
        "kind fate code complete parts ");
  CHECK(keys(report["messages"][0]["parts"][0]) ==
        "path type encoding charset filename octets sha256 ");
  CHECK(keys(report["states"][0]) == "at_s host agent what before after text ");
  CHECK(report["exchanges"][0]["verb"] == "");
  CHECK(report["exchanges"][0]["replies"][0]["code"] == 220);
  CHECK(report["exchanges"][1]["replies"][0]["text"] ==
        "mail.beta.example\n8BITMIME\nSIZE 1000000");
  CHECK_FALSE(
      json::parse(export_::report_json(traced(test::kSmtpDialogue, 25))).contains("exchanges"));
  CHECK_FALSE(
      json::parse(export_::report_json(traced(test::kSmtpDialogue, 25))).contains("states"));
}

TEST_CASE("a lost frame is told with its reason") {
  trace::Trace trace;
  trace.source.kind = trace::SourceKind::Simulator;
  trace.hosts.resize(2);
  trace.hosts[0].name = "alice-pc";
  trace.hosts[1].name = "mail.alpha.example";
  trace.links.push_back({"a cable", "lan", {0, 1}});
  trace::Frame frame;
  frame.sent = 1'500'000'000;
  frame.link = 0, frame.from = 0, frame.to = 1;
  frame.wire_octets = 66;
  trace.frames.push_back(frame);
  frame.fate = trace::Fate::Lost;
  frame.loss = trace::Loss::QueueFull;
  trace.frames.push_back(frame);
  const json report = json::parse(export_::report_json(trace));
  REQUIRE(report["losses"].size() == 1);
  const json& loss = report["losses"][0];
  CHECK(loss.size() == 7);
  CHECK(loss["at_s"] == 1.5);
  CHECK(loss["connection"].is_null());
  CHECK(loss["from"] == "alice-pc");
  CHECK(loss["to"] == "mail.alpha.example");
  CHECK(loss["link"] == "a cable");
  CHECK(loss["octets"] == 66);
  CHECK(loss["why"] == "queue full");
}

TEST_CASE("secrets are in no report unless asked for") {
  const trace::Trace trace = traced(test::kPop3Dialogue, 110);
  CHECK(export_::report_json(trace, {true, false}).find("secret") == std::string::npos);
  CHECK(export_::report_json(trace, {true, true}).find("PASS secret word") != std::string::npos);
  CHECK(export_::transcript(trace).find("secret") == std::string::npos);
  export_::TranscriptOptions options;
  options.show_secrets = true;
  CHECK(export_::transcript(trace, options).find("PASS secret word") != std::string::npos);
}

TEST_CASE("octets that are no UTF-8 break neither JSON nor text") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 x ESMTP\nC: EHLO a\nS: 250 x\n");
  talk.client("MAIL FROM:<\xff\xfe\x1b[2J@b.example>\r\n");
  talk.server("250 \xc3\x28\r\n");
  talk.client("\x80\x81\r\n");
  talk.dialogue("S: 500 what\nC: RCPT TO:<b@b.example>\nS: 250 ok\nC: DATA\nS: 354 go\n");
  talk.client(
      "Subject: \xff\xfe\x07\r\nContent-Type: text/plain; "
      "name=\"\xf0\x28\"\r\n\r\n\x1b\x9b\r\n.\r\n");
  talk.server("250 ok\r\n");
  trace::Trace trace = talk.trace();
  trace.source.name = "\xff.pcap";
  const json report = json::parse(export_::report_json(trace, {true, true}));
  CHECK(report["messages"].size() == 1);
  CHECK(report["source"]["name"] == "\xEF\xBF\xBD.pcap");  // U+FFFD
  for (const std::string& text : {export_::transcript(trace), export_::summary(trace)})
    for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= ' '));
}

TEST_CASE("DEL and the C1 controls stand in no output as they are, and JSON keeps them") {
  const std::string subject =
      "a\x7f"
      "b\xc2\x9b"
      "31m\xc2\xa0\xc3\xa9";  // CSI; no-break space, e acute
  trace::Trace trace = scenario();
  trace.source.title = subject;
  trace.notes[0].text = subject;
  trace.findings.push_back({});
  trace.findings.back().text = subject;
  trace.findings.back().at = trace.source.duration;
  trace.settle();
  const std::string report = export_::report_json(trace);
  for (const std::string& text : {report, export_::transcript(trace), export_::summary(trace)}) {
    CHECK(text.find('\x7f') == std::string::npos);
    CHECK(text.find("\xc2\x9b") == std::string::npos);
  }
  CHECK(report.find("a\\u007fb\\u009b31m\xc2\xa0\xc3\xa9") != std::string::npos);
  CHECK(json::parse(report)["findings"].back()["text"] == subject);
}

TEST_CASE("times are exact to the nanosecond") {
  CHECK(export_::seconds(0) == "0.000000000");
  CHECK(export_::seconds(1) == "0.000000001");
  CHECK(export_::seconds(123'456'789'012'345'678) == "123456789.012345678");
  CHECK(export_::seconds(-1'500'000'000) == "-1.500000000");
  CHECK(export_::utc_time(0) == "1970-01-01T00:00:00.000000000Z");
  CHECK(export_::utc_time(1'254'722'767'492'060'001) == "2009-10-05T06:06:07.492060001Z");
  CHECK(export_::utc_time(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(export_::grouped(1234567) == "1,234,567");
  CHECK(export_::grouped(999) == "999");
}

TEST_CASE("text is wrapped at spaces, and a long word cut") {
  using Lines = std::vector<std::string>;
  CHECK(export_::wrapped("a bc def", 4) == Lines{"a bc", "def"});
  CHECK(export_::wrapped("abcdefgh", 3) == Lines{"abc", "def", "gh"});
  CHECK(export_::wrapped("", 3) == Lines{""});
  CHECK(export_::wrapped("\xC3\xBC\xC3\xBC\xC3\xBC", 2) == Lines{"\xC3\xBC\xC3\xBC", "\xC3\xBC"});
}

TEST_CASE("no line of a transcript is wider than 100 columns") {
  Talk talk;
  talk.open();
  talk.dialogue("S: 220 x ESMTP\n");
  talk.client("EHLO " + std::string(400, 'a') + "\r\n");
  talk.server("250-" + std::string(300, 'b') + "\r\n250 c d e\r\n");
  CHECK(widest_line(export_::transcript(talk.trace())) <= 100);
}

TEST_CASE("a trace written as a capture and opened again tells the same") {
  const trace::Trace trace = traced(test::kSmtpDialogue, 25);
  const std::string path = testing::binary_dir() + "/report-round.pcap";
  const auto written = export_::write_pcap(trace, path);
  REQUIRE(written);
  CHECK(*written == trace.frames.size());
  trace::Trace again;
  REQUIRE(observe::analyze_file(path, again));
  json first = json::parse(export_::report_json(trace, {true, false}));
  json second = json::parse(export_::report_json(again, {true, false}));
  first["source"]["name"] = second["source"]["name"] = "";
  CHECK(first == second);
}

TEST_CASE("later hops and duplicates are not written") {
  trace::Trace trace = traced(test::kSmtpDialogue, 25);
  const std::size_t packets = trace.frames.size();
  trace::Frame hop = trace.frames.back();
  trace.frames.push_back(hop);  // its origin is another frame
  hop.origin = static_cast<trace::Id>(trace.frames.size());
  hop.fate = trace::Fate::Duplicate;
  trace.frames.push_back(hop);
  const auto written = export_::write_pcap(trace, testing::binary_dir() + "/report-hops.pcap");
  REQUIRE(written);
  CHECK(*written == packets);
  CHECK_FALSE(export_::write_pcap(trace, "/no/such/folder/x.pcap"));
}

TEST_CASE("the summary says what is not whole, and counts what it leaves out") {
  Talk talk;
  talk.open();
  talk.dialogue(
      "S: 220 x ESMTP\nC: EHLO a.example\nS: 250 x\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n");
  talk.dialogue("C: RCPT TO:<c@b.example>\nS: 250 ok\nC: DATA\nS: 354 go\nC: x: y\nC: cut here\n");
  const trace::Trace trace = talk.trace();
  CHECK(export_::summary(trace).find("octets, no answer seen, not whole\n") != std::string::npos);
  CHECK(export_::summary(trace, {0}).find("  ... and 1 more\n") != std::string::npos);
}

TEST_CASE("what was asked over UDP is counted by its language") {
  class Clock final : public languages::Language {
   public:
    Clock() : Language({.name = "clock", .title = "Clock", .datagrams = true}) {}
  };
  static const Clock kClock;
  const trace::Protocol clock = languages::add(kClock);
  trace::Trace trace;
  trace::Connection asked;
  asked.opening = trace::Opening::Datagrams;
  for (const auto& [protocol, questions] :
       {std::pair{languages::kDns, 2U}, {clock, 1U}, {languages::kDns, 1U}}) {
    asked.protocol = protocol;
    asked.commands = questions;
    trace.connections.push_back(asked);
  }
  trace.connections.emplace_back();
  CHECK(export_::counted_connections(trace) == "1 connection, 3 DNS queries, 1 Clock query");
}
