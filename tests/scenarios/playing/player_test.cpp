#include "scenarios/playing/player.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <utility>

#include "captures/export/json.hpp"
#include "captures/export/pcap_export.hpp"
#include "captures/observe/capture/capture.hpp"
#include "scenarios/reading/loader.hpp"
#include "tests/testing.hpp"

using namespace mailscope;
using trace::Trace;

namespace {

std::vector<scenarios::Scenario> all_scenarios() {
  std::vector<scenarios::Scenario> all;
  for (const auto& shipped : scenarios::shipped_scenarios())
    all.push_back(*scenarios::load_scenario(std::string(shipped.name)));
  return all;
}

// Everything of every frame.
std::string frames_of(const Trace& trace) {
  std::string all;
  for (const trace::Frame& frame : trace.frames) {
    all += std::to_string(frame.sent) + ' ' + std::to_string(frame.received) + ' ' +
           std::to_string(frame.link) + ' ';
    all += trace.octets(frame);
  }
  return all;
}

// Makes a check want what is not so.
struct WantOtherwise {
  void operator()(scenarios::check::LostFrames& check) { check.at_least += 1'000'000; }
  void operator()(scenarios::check::Saves& check) { check.share = 0.99; }
  void operator()(scenarios::check::Says& check) { check.times = check.times.value_or(0) + 1'000; }
  void operator()(scenarios::check::Takes& check) { check.least = check.most = check.most + 1; }
  void operator()(scenarios::check::Before& check) { std::swap(check.earlier, check.later); }
  void operator()(scenarios::check::SameMessage& check) { check.earlier = {}; }
  void operator()(scenarios::check::SameParts& check) { check.earlier = {}; }
  void operator()(scenarios::check::State& check) {
    check.state.value = trace::Value(std::string("another"));
  }
  // The others want a number.
  template <typename Check>
  void operator()(Check& check) {
    ++number(check);
  }

 private:
  template <typename Check>
  static std::int64_t& number(Check& check) {
    if constexpr (requires { check.holds; }) return check.holds;
    if constexpr (requires { check.times; }) return check.times;
    if constexpr (requires { check.lines; }) return check.lines;
    if constexpr (requires { check.number; }) return check.number;
    if constexpr (requires { check.octets; }) return check.octets;
    if constexpr (requires { check.port; }) return check.port;
    if constexpr (requires { check.ttl; }) return check.ttl;
    if constexpr (requires { check.messages; }) return check.messages;
  }
};

// Commands and replies in their order, octet for octet.
std::vector<std::string> dialogue_of(const Trace& trace) {
  std::vector<std::string> lines;
  for (const trace::Pdu& pdu : trace.pdus)
    if (pdu.kind == trace::PduKind::Command || pdu.kind == trace::PduKind::Reply)
      lines.push_back(trace.pdu_octets(pdu));
  return lines;
}

}  // namespace

TEST_CASE("every shipped scenario ends, passes its own checks and tells all of its narration") {
  for (const scenarios::Scenario& scenario : all_scenarios())
    for (const std::uint64_t seed : {scenario.seed, scenario.seed + 1}) {
      INFO(scenario.name << " with seed " << seed);
      const auto run = scenarios::play(scenario, seed);
      CHECK(run.ended);
      CHECK_FALSE(run.checks.empty());
      for (const auto& check : run.checks) {
        INFO(check.text << ": " << check.found);
        CHECK(check.passed);
      }
      for (const auto* note : run.untold) FAIL_CHECK("never told: " << note->text);
      for (const auto& missed : run.missed)
        FAIL_CHECK("line " << missed.line << " waits for what never happens: " << missed.event);
    }
}

TEST_CASE("a note, an action and a fault whose event never happens are named with their lines") {
  auto scenario = *scenarios::load_scenario("two-servers");
  CHECK(scenarios::play(scenario, scenario.seed).missed.empty());
  const scenarios::InsideEvent never = {
      {"mail.beta.example", trace::VariableKind::Mailbox, "bobby", std::nullopt},
      1,
      "mail.beta.example: mailbox bobby = 1"};
  const auto untold = *scenarios::parse_event("mail.beta.example sends RCPT", scenario);
  scenario.notes.push_back({trace::NoteKind::Narration, untold, "text", "", 7});
  scenario.actions.push_back(scenario.actions.front());
  scenario.actions.back().after = never;
  scenario.actions.back().line = 8;
  scenario.faults.emplace_back();
  scenario.faults.back().after = never;
  scenario.faults.back().line = 9;
  const auto run = scenarios::play(scenario, scenario.seed);
  REQUIRE(run.missed.size() == 3);
  CHECK(run.missed[0].line == 7);
  CHECK(run.missed[0].event == "mail.beta.example sends RCPT");
  CHECK(run.missed[1].line == 8);
  CHECK(run.missed[2].line == 9);
  CHECK(run.missed[2].event == "mail.beta.example: mailbox bobby = 1");
}

TEST_CASE("every check of every shipped scenario fails when it wants something else") {
  for (scenarios::Scenario& scenario : all_scenarios()) {
    INFO(scenario.name);
    for (auto& spec : scenario.checks) std::visit(WantOtherwise{}, spec.check);
    const auto run = scenarios::play(scenario, scenario.seed);
    CHECK_FALSE(run.passed());
    for (const auto& check : run.checks) {
      INFO(check.text);
      CHECK_FALSE(check.passed);
      CHECK_FALSE(check.found.empty());
    }
  }
}

TEST_CASE("the same scenario and seed give the same frames, octet for octet") {
  for (const scenarios::Scenario& scenario : all_scenarios())
    for (std::uint64_t seed : {scenario.seed, std::uint64_t{42}}) {
      INFO(scenario.name << " with seed " << seed);
      const auto first = scenarios::play(scenario, seed);
      const auto second = scenarios::play(scenario, seed);
      CHECK(first.ended);
      CHECK(frames_of(first.trace) == frames_of(second.trace));
      CHECK(export_::report_json(first.trace, {.exchanges = true}) ==
            export_::report_json(second.trace, {.exchanges = true}));
    }
}

TEST_CASE("another seed gives other frames on a lossy line, and the same mail") {
  const auto scenario = *scenarios::load_scenario("lossy-line");
  std::set<std::string> different;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto run = scenarios::play(scenario, seed);
    INFO("seed " << seed);
    CHECK(run.passed());
    REQUIRE(run.trace.mails.size() >= 3);
    different.insert(frames_of(run.trace));
  }
  CHECK(different.size() > 10);
}

TEST_CASE(
    "over the lossy line the commands and replies are those of maa, in more frames and more time") {
  const auto lossy = *scenarios::load_scenario("lossy-line");
  const auto maa = *scenarios::load_scenario("maa");
  const auto without = scenarios::play(maa, maa.seed);
  for (const std::uint64_t seed :
       {lossy.seed, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}}) {
    INFO("seed " << seed);
    const auto run = scenarios::play(lossy, seed);
    CHECK(dialogue_of(run.trace) == dialogue_of(without.trace));
    CHECK(run.trace.source.frames > without.trace.source.frames);
    CHECK(run.trace.source.duration > without.trace.source.duration);
  }
}

TEST_CASE(
    "a run and the analysis of its own capture give the same connections, exchanges and messages") {
  for (const scenarios::Scenario& scenario : all_scenarios()) {
    INFO(scenario.name);
    const auto run = scenarios::play(scenario, scenario.seed);
    const std::string file = testing::binary_dir() + "/player-test-" + scenario.name + ".pcap";
    const auto written = export_::write_pcap(run.trace, file);
    REQUIRE(written.has_value());
    CHECK(*written == run.trace.source.frames);
    if (*written == 0) continue;  // nothing crossed a wire
    Trace capture;
    const auto read = observe::analyze_file(file, capture);
    REQUIRE(read.has_value());
    CHECK(capture.source.octets == run.trace.source.octets);
    CHECK_FALSE(capture.connections.empty());
    // t = 0 of a capture is its first frame.
    const trace::Time first = run.trace.frames.front().sent;
    CHECK(capture.source.begin == run.trace.source.begin + first);
    CHECK(capture.connections.size() == run.trace.connections.size());
    REQUIRE(capture.exchanges.size() == run.trace.exchanges.size());
    for (std::size_t i = 0; i < capture.pdus.size(); ++i) {
      CHECK(capture.pdus[i].first == run.trace.pdus[i].first - first);
      CHECK(capture.pdu_octets(capture.pdus[i]) == run.trace.pdu_octets(run.trace.pdus[i]));
    }
    REQUIRE(capture.mails.size() == run.trace.mails.size());
    for (std::size_t i = 0; i < capture.mails.size(); ++i) {
      CHECK(capture.mails[i].sha256 == run.trace.mails[i].sha256);
      CHECK(capture.mails[i].to == run.trace.mails[i].to);
      CHECK(capture.mails[i].complete == run.trace.mails[i].complete);
    }
    std::filesystem::remove(file);
  }
}
