#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "captures/observe/capture/capture.hpp"
#include "captures/pcap/writer.hpp"
#include "captures/languages/languages.hpp"
#include "tests/captures/observe/talk.hpp"
#include "tests/testing.hpp"

using namespace mailscope;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kBegin = 1'700'000'000'123'456'789;

std::string scratch(std::string_view name) {
  return testing::binary_dir() + "/capture-" + std::string(name) + ".pcap";
}

std::string write(const test::Talk& talk, std::string_view name, std::int64_t begin = kBegin) {
  const std::string path = scratch(name);
  auto writer = pcap::Writer::create(path, 1);
  REQUIRE(writer);
  for (const test::Wire& wire : talk.frames) REQUIRE(writer->write(begin + wire.at, wire.octets));
  REQUIRE(writer->finish());
  return path;
}

test::Talk smtp_talk() {
  test::Talk talk;
  talk.open();
  talk.dialogue(test::kSmtpDialogue);
  talk.close();
  return talk;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a capture file gives the trace that its frames give") {
  const test::Talk talk = smtp_talk();
  trace::Trace trace;
  double share = 0;
  observe::CaptureOptions options;
  options.progress = [&](double now) { share = now; };
  REQUIRE(observe::analyze_file(write(talk, "same"), trace, options));
  const trace::Trace direct = talk.trace();
  CHECK(share == 1.0);
  CHECK(trace.source.kind == trace::SourceKind::File);
  CHECK(trace.source.name == "capture-same.pcap");
  CHECK(trace.source.begin == kBegin);
  CHECK(trace.source.frames == talk.frames.size());
  CHECK(trace.source.duration == talk.frames.back().at);
  CHECK(trace.hosts.size() == 2);
  REQUIRE(trace.frames.size() == talk.frames.size());
  for (std::size_t i = 0; i < trace.frames.size(); ++i) {
    CHECK(trace.octets(trace.frames[i]) == talk.frames[i].octets);
    CHECK(trace.frames[i].connection == 0);
    CHECK(trace.frames[i].from != trace.frames[i].to);
  }
  CHECK(trace.store.memory_octets() == 0);
  REQUIRE(trace.pdus.size() == direct.pdus.size());
  for (std::size_t i = 0; i < trace.pdus.size(); ++i) {
    CHECK(trace.pdus[i].first == direct.pdus[i].first);
    CHECK(trace.pdu_octets(trace.pdus[i]) == direct.pdu_octets(direct.pdus[i]));
  }
}

TEST_CASE("several files are one trace, in order of time") {
  test::Talk first = smtp_talk();
  test::Talk second = smtp_talk();
  for (test::Wire& wire : second.frames) wire.octets[35] = '\x77';  // another client port
  // Server to client frames have the port at the other place.
  for (test::Wire& wire : second.frames)
    if (wire.octets[29] != '\x01') {
      wire.octets[35] = '\x19';
      wire.octets[37] = '\x77';
    }
  trace::Trace trace;
  REQUIRE(observe::analyze_files({write(second, "b", kBegin + 500'000), write(first, "a")}, trace));
  CHECK(trace.source.begin == kBegin);
  CHECK(trace.connections.size() == 2);
  CHECK(trace.mails.size() == 2);
  CHECK(std::is_sorted(trace.frames.begin(), trace.frames.end(),
                       [](const auto& x, const auto& y) { return x.sent < y.sent; }));
}

TEST_CASE("a file that cannot be read is one line") {
  trace::Trace trace;
  const auto result = observe::analyze_file(scratch("nowhere"), trace);
  REQUIRE_FALSE(result);
  CHECK(result.error().find('\n') == std::string::npos);
  CHECK(result.error().find("capture-nowhere.pcap") != std::string::npos);
}

TEST_CASE("a file that stops in the middle is read up to there, with a finding") {
  const std::string path = write(smtp_talk(), "cut");
  fs::resize_file(path, fs::file_size(path) - 30);
  trace::Trace trace;
  REQUIRE(observe::analyze_file(path, trace));
  CHECK(trace.mails.size() == 1);
  bool told = false;
  for (const trace::Finding& finding : trace.findings) told |= finding.code == "file.damaged";
  CHECK(told);
}

TEST_CASE("time stamps that go back do not go back in the trace") {
  test::Talk talk = smtp_talk();
  talk.frames[5].at = talk.frames[3].at - 10;
  trace::Trace trace;
  REQUIRE(observe::analyze_file(write(talk, "back"), trace));
  CHECK(std::is_sorted(trace.frames.begin(), trace.frames.end(),
                       [](const auto& x, const auto& y) { return x.sent < y.sent; }));
  bool told = false;
  for (const trace::Finding& finding : trace.findings) told |= finding.code == "file.time-disorder";
  CHECK(told);
  CHECK(trace.mails.size() == 1);
}

// Bounds: runs to its end, and nothing else is claimed. Meant for a build with sanitizers.
TEST_CASE("damaged octets bring nothing down") {
  test::Talk talk = smtp_talk();
  talk.server_port = 110;
  talk.client_port = 1234;
  talk.open();
  talk.dialogue(test::kPop3Dialogue);
  talk.close();
  const std::string whole = read(write(talk, "whole"));
  std::uint32_t seed = 12345;
  const auto next = [&] { return seed = seed * 1664525u + 1013904223u, seed >> 8; };
  for (int round = 0; round < 60; ++round) {
    std::string damaged = whole;
    for (std::size_t i = 0; i < damaged.size() / 50; ++i)
      damaged[24 + next() % (damaged.size() - 24)] = static_cast<char>(next());
    const std::string path = scratch("damaged");
    std::ofstream(path, std::ios::binary) << damaged;
    for (const observe::Keep keep : {observe::Keep::Everything, observe::Keep::Summary}) {
      trace::Trace trace;
      observe::CaptureOptions options;
      options.road.keep = keep;
      (void)observe::analyze_file(path, trace, options);
      for (const trace::Pdu& pdu : trace.pdus) (void)trace.pdu_octets(pdu, 100);
    }
  }
}

namespace {

// How many there are.
std::size_t read_captures(const fs::path& folder) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension().string().find("cap") == std::string::npos) continue;
    ++files;
    CAPTURE(entry.path().filename().string());
    trace::Trace full, brief;
    observe::CaptureOptions options;
    const auto read_full = observe::analyze_file(entry.path().string(), full, options);
    options.road.keep = observe::Keep::Summary;
    const auto read_brief = observe::analyze_file(entry.path().string(), brief, options);
    CHECK(read_full.has_value() == read_brief.has_value());
    CHECK(full.connections.size() == brief.connections.size());
    REQUIRE(full.mails.size() == brief.mails.size());
    for (std::size_t i = 0; i < full.mails.size(); ++i)
      CHECK(full.mails[i].sha256 == brief.mails[i].sha256);
    CHECK(full.findings.size() == brief.findings.size());
    CHECK(std::is_sorted(full.by_time.begin(), full.by_time.end(), [&](trace::Id x, trace::Id y) {
      return full.pdus[x].first < full.pdus[y].first;
    }));
    for (const trace::Pdu& pdu : full.pdus) (void)full.pdu_octets(pdu, 1000);
    for (const trace::Finding& finding : full.findings) {
      const trace::FindingKind* kind = languages::find_finding_kind(finding.code);
      CAPTURE(finding.code);
      REQUIRE(kind);
      CHECK(finding.severity <= kind->severity);
    }
  }
  return files;
}

}  // namespace

TEST_CASE("every capture beside the project is read to its end") {
  const fs::path folder = fs::path(testing::source_dir()).parent_path() / "shared" / "captures";
  if (!fs::exists(folder)) {
    testing::skip("../shared/captures is not beside the project");
    return;
  }
  CHECK(read_captures(folder) > 200);
}

TEST_CASE("every sample is read to its end") {
  CHECK(read_captures(fs::path(testing::source_dir()) / "captures" / "samples") == 10);
}
