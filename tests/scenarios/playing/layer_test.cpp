// A lesson whose programs speak through a layer is read by the observers as the lesson without:
// SMTP and POP3 are said in it, and on the wire every bit is inverted.
#include <catch2/catch.hpp>
#include <string>

#include "captures/export/json.hpp"
#include "scenarios/playing/recorded_frames.hpp"
#include "scenarios/playing/stage.hpp"
#include "scenarios/reading/loader.hpp"
#include "tests/captures/observe/stream/inverting_layer.hpp"
#include "tests/sim/net/inverter.hpp"

namespace mailscope::scenarios {
namespace {

struct Played {
  trace::Trace trace;
  std::string json;
};

Played play_through(const Scenario& scenario, sim::LayerFactory under_programs,
                    const observe::MakeLayer& under_readers) {
  Played played;
  Stage stage(scenario, scenario.seed, {}, played.trace);
  for (const auto& [name, machine] : stage.machines())
    if (under_programs) machine->network().set_factory(under_programs);
  CHECK(stage.run());
  RecordReader(played.trace, stage.recorder(), under_readers).finish();
  played.json = export_::report_json(played.trace, {.exchanges = true});
  return played;
}

std::unique_ptr<observe::Layer> inverted_from_the_beginning(const trace::Connection&,
                                                            observe::LayerBegins begins) {
  if (begins != observe::LayerBegins::WithConnection) return nullptr;
  return std::make_unique<test::InvertingLayer>();
}

TEST_CASE("a lesson through a layer is read as the lesson without") {
  const std::string name = GENERATE("maa", "lossy-line", "pipelining-on-a-slow-line");
  CAPTURE(name);
  const auto scenario = load_scenario(name);
  REQUIRE(scenario);
  const Played plain = play_through(*scenario, {}, {});
  const Played layered =
      play_through(*scenario, sim::test::inverters(), inverted_from_the_beginning);
  REQUIRE(plain.trace.mails.size() >= 2);
  CHECK(layered.json == plain.json);
  REQUIRE(layered.trace.pdus.size() == plain.trace.pdus.size());
  for (trace::Id id = 0; id < plain.trace.pdus.size(); ++id) {
    const trace::Pdu &one = layered.trace.pdus[id], &other = plain.trace.pdus[id];
    REQUIRE(one.received == other.received);
    REQUIRE(one.flags == other.flags);
    REQUIRE(layered.trace.pdu_octets(one) == plain.trace.pdu_octets(other));
  }
  // Without the layer nothing can be read of it.
  const Played unread = play_through(*scenario, sim::test::inverters(), {});
  CHECK(unread.trace.mails.empty());
}

}  // namespace
}  // namespace mailscope::scenarios
