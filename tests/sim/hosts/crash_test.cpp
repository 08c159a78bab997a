// Whatever crashes whenever: what was answered with 250 arrives, and nothing else does. RFC 5321
// §4.2.5, §6.1; RFC 1047.
#include <catch2/catch.hpp>

#include <map>

#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

struct Outcome {
  std::map<std::string, int> copies;  // by subject, in bob's mailbox
  bool in_doubt = false;
  std::uint64_t events = 0;
};

std::string subject_of(const std::string& content) {
  const std::size_t begin = content.find("\r\nSubject: ") + 11;
  return content.substr(begin, content.find("\r\n", begin) - begin);
}

// Two letters from alice to bob; one host crashes behind the event with this number and is switched
// on a second later.
Outcome play(int who, bool pipelining, std::uint64_t crash_at) {
  MailWorld world;
  world.alpha.config.client.smtp.pipelining = pipelining;
  world.alpha.config.client.smtp.chunking = pipelining;
  world.boot();
  for (const char* subject : {"one", "two"})
    world.alice.send(letter({"bob@beta.example"}, subject));
  Outcome outcome;
  Machine& victim = who == 0 ? world.alpha : world.beta;
  while (!world.simulator.idle()) {
    world.simulator.step();
    if (++outcome.events != crash_at) continue;
    victim.crash();
    world.run_for(kSecond);
    victim.restart();
  }
  for (const Filed& message : world.box(world.beta, "bob"))
    ++outcome.copies[subject_of(message.content)];
  outcome.in_doubt = world.told("may be delivered twice") > 0;
  CHECK(world.alpha.store().spool().empty());
  CHECK(world.beta.store().spool().empty());
  CHECK(world.box(world.alpha, "alice").empty());
  return outcome;
}

}  // namespace

TEST_CASE("a crash of either host at any event loses nothing and invents nothing") {
  const bool pipelining = GENERATE(true, false);
  const std::uint64_t events = play(0, pipelining, 0).events;
  REQUIRE(events > 25);
  for (const int who : {0, 1}) {
    int duplicates = 0, crashes = 0;
    for (std::uint64_t at = 1; at <= events; ++at) {
      const Outcome outcome = play(who, pipelining, at);
      ++crashes;
      INFO((who == 0 ? "alpha" : "beta") << " crashes behind event " << at);
      REQUIRE(outcome.copies.size() == 2);
      REQUIRE(outcome.copies.count("one") == 1);
      REQUIRE(outcome.copies.count("two") == 1);
      for (const auto& [subject, copies] : outcome.copies) {
        CHECK(copies <= 2);
        duplicates += copies - 1;
        // Where the receiver crashed, the sender has seen the doubt and said so. Where the sender
        // crashed, nobody is left who could.
        if (copies == 2 && who == 1) CHECK(outcome.in_doubt);
      }
    }
    INFO((who == 0 ? "alpha" : "beta"));
    CHECK(duplicates > 0);            // theory says that there have to be some
    CHECK(duplicates * 2 < crashes);  // and that they are the exception
  }
}

TEST_CASE("a run with the same seed and crash is the same run") {
  const auto record = [] {
    MailWorld world;
    world.boot();
    world.alice.send(letter({"bob@beta.example", "nobody@beta.example"}));
    world.run_for(60 * kMillisecond);
    world.beta.crash();
    world.run_for(kSecond);
    world.beta.restart();
    world.run();
    std::string all;
    for (const auto& change : world.trace.changes)
      all += std::to_string(change.at) + trace::text(change.after) + change.text + "\n";
    return all;
  };
  CHECK(record() == record());
}
