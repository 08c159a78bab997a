#include "scenarios/playing/occurrences.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "protocols/smtp/verb.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace mailscope::scenarios;

namespace {

std::vector<Occurrence> seen_in(const char* name) {
  const auto scenario = load_scenario(name);
  REQUIRE(scenario);
  return occurrences_in(play(*scenario, scenario->seed).trace);
}

const Occurrence* find(const std::vector<Occurrence>& all, const Term& sought) {
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const Occurrence& seen) { return matches(seen, sought); });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace

TEST_CASE("a run shows each verb, parameter, extension and reply once, in order of time") {
  const auto all = seen_in("maa");
  for (const Term& sought : {Term{"SMTP", "CONNECT", ""},
                             {"SMTP", "EHLO", ""},
                             {"SMTP", "END OF DATA", ""},
                             {"SMTP", "250", "RCPT"},
                             {"SMTP", "SIZE", "extension"},
                             {"SMTP", "SIZE", "MAIL"},
                             {"SMTP", "354", {}},
                             {"POP3", "retr", ""},
                             {"TCP", "25", "port"},
                             {"TCP", "110", "port"}}) {
    INFO(sought.word);
    CHECK(find(all, sought) != nullptr);
  }
  CHECK(find(all, {"SMTP", "550", {}}) == nullptr);
  CHECK(find(all, {"TCP", "587", "port"}) == nullptr);
  CHECK(find(all, {"SMTP", "DELE", {}}) == nullptr);
  CHECK(std::is_sorted(all.begin(), all.end(),
                       [](const Occurrence& a, const Occurrence& b) { return a.pdu < b.pdu; }));
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK((all[i].protocol != all[j].protocol || all[i].word != all[j].word ||
             all[i].context != all[j].context));
  CHECK(find(all, {"SMTP", "SIZE", "extension"})->line.starts_with("250-SIZE"));
}

TEST_CASE("a secret is masked in an occurrence") {
  for (const Occurrence& seen : seen_in("maa"))
    if (seen.word == "PASS") CHECK(seen.line == "PASS ********");
}

TEST_CASE("what is sought is found by word, context and protocol, an enhanced code by its reason") {
  const Occurrence code{"", "SMTP", "5.1.1", "enhanced code", 0, 0, ""};
  CHECK(matches(code, {"SMTP", "5.1.1", "enhanced code"}));
  CHECK(matches(code, {"SMTP", "X.1.1", {}}));
  CHECK_FALSE(matches(code, {"SMTP", "4.1.1", {}}));
  CHECK_FALSE(matches(code, {"SMTP", "X.1.10", {}}));
  const Occurrence reply{"", "SMTP", "250", "RCPT", 0, 0, ""};
  CHECK(matches(reply, {"smtp", "250", "rcpt"}));
  CHECK(matches(reply, {"SMTP", "250", {}}));
  CHECK_FALSE(matches(reply, {"SMTP", "250", ""}));
  CHECK_FALSE(matches(reply, {"POP3", "250", {}}));
}

TEST_CASE("the search stops when enough scenarios show it") {
  const auto two = find_occurrences({{"SMTP", "250", "MAIL"}}, 2);
  REQUIRE(two.size() == 2);
  CHECK(two[0].scenario == "two-servers");
  CHECK(two[1].scenario != two[0].scenario);
  CHECK(find_occurrences({{"SMTP", "299", {}}}).empty());
}

TEST_CASE("every verb and every reply code of the curriculum is seen in a shipped scenario") {
  std::vector<Occurrence> all;
  for (const ShippedScenario& shipped : shipped_scenarios()) {
    const auto seen = seen_in(std::string(shipped.name).c_str());
    all.insert(all.end(), seen.begin(), seen.end());
  }
  for (const smtp::Verb verb : smtp::verbs()) {
    INFO(smtp::name(verb));
    CHECK(find(all, {"SMTP", std::string(smtp::name(verb)), ""}) != nullptr);
  }
  for (const int code : {211, 214, 220, 221, 250, 251, 252, 354, 421, 450, 451,
                         452, 500, 501, 502, 503, 504, 550, 551, 552, 553, 554}) {
    INFO(code);
    CHECK(find(all, {"SMTP", std::to_string(code), {}}) != nullptr);
  }
}
