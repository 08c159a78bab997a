// What hosts call themselves in mail (RFC 5321 §2.3.5, §4.1.1.1, §4.1.3).
#include <catch2/catch.hpp>

#include "scenarios/playing/player.hpp"
#include "scenarios/playing/stage.hpp"
#include "scenarios/playing/zone.hpp"
#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace mailscope::scenarios;

TEST_CASE("every host says a full name or its address, as the standard wants") {
  const auto scenario = parse_scenario(R"(
title = "Names"
summary = "Names"
[[host]]
name = "mail.alpha.example"
kind = "server"
domain = "alpha.example"
agents = ["MTA server", "MTA client", "MDA"]
at = [0.0, 0.0]
[[host]]
name = "alice-pc"
kind = "computer"
agents = ["user agent", "MTA client"]
at = [0.0, 0.0]
[[host]]
name = "bob-pc"
kind = "computer"
domain = "bob.example"
agents = ["MTA server", "MDA"]
at = [0.0, 0.0]
[[host]]
name = "printer"
kind = "computer"
agents = ["MTA client"]
at = [0.0, 0.0]
[[link]]
kind = "lan"
between = ["mail.alpha.example", "alice-pc", "bob-pc", "printer"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "alice-pc"
server = "mail.alpha.example"
)",
                                       "names", "names.toml");
  REQUIRE(scenario);
  trace::Trace trace;
  Stage stage(*scenario, 1, {}, trace, {});
  CHECK(stage.machine("mail.alpha.example").mail_name() == "mail.alpha.example");
  CHECK(stage.machine("alice-pc").mail_name() == "alice-pc.alpha.example");
  CHECK(stage.machine("bob-pc").mail_name() == "bob-pc.bob.example");
  CHECK(stage.machine("printer").mail_name() == "[10.0.1.4]");
}

TEST_CASE("in the DNS every host stands with its full name") {
  const auto scenario = parse_scenario(R"(
title = "Names"
summary = "Names"
[[host]]
name = "ns.example"
agents = ["DNS server"]
[[host]]
name = "mail.alpha.example"
domain = "alpha.example"
agents = ["MTA server"]
[[host]]
name = "alice-pc"
[[host]]
name = "bob-pc"
[[link]]
between = ["ns.example", "mail.alpha.example", "alice-pc", "bob-pc"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "alice-pc"
server = "mail.alpha.example"
[[user]]
name = "bob"
address = "bob@alpha.example"
computer = "bob-pc"
server = "mail.alpha.example"
[[record]]
name = "bob-pc.alpha.example"
type = "A"
value = "192.0.2.9"
)",
                                       "names", "names.toml");
  REQUIRE(scenario);
  trace::Trace trace;
  Stage stage(*scenario, 1, {}, trace, {});
  std::vector<std::string> names;
  for (const dns::Record& record : zone_of(*scenario, stage.machine("ns.example")))
    if (record.type == dns::Type::A) names.push_back(record.name);
  CHECK(names == std::vector<std::string>{"bob-pc.alpha.example", "ns.example",
                                          "mail.alpha.example", "alice-pc.alpha.example"});
}

TEST_CASE("TURN is granted to the host that the lesson names, whatever it says in HELO") {
  const auto played = [](const std::string& client, const std::string& domain) {
    const auto scenario = parse_scenario(R"(
title = "Turn"
summary = "Turn"
[[host]]
name = "mail.alpha.example"
kind = "server"
domain = "alpha.example"
agents = ["user agent", "MTA client", "MTA server", "MDA"]
turn = true
[[host]]
name = ")" + client + R"("
kind = "server"
)" + domain + R"(
agents = ["MTA client", "MTA server", "MDA"]
[[link]]
kind = "lan"
between = ["mail.alpha.example", ")" + client +
                                             R"("]
[[held]]
host = "mail.alpha.example"
domain = "gamma.example"
for = ")" + client + R"("
[[action]]
who = ")" + client + R"("
does = "turn"
to = "mail.alpha.example"
at = "1 s"
[[check]]
reply = "250"
to = "TURN"
)",
                                         "turn", "turn.toml");
    INFO((scenario ? "" : scenario.error()));
    REQUIRE(scenario);
    return play(*scenario, 1).checks.at(0);
  };
  const std::string domain = "domain = \"gamma.example\"";
  CHECK(played("mail.gamma.example", domain).found.empty());
  CHECK(played("Mail.Gamma.EXAMPLE", domain).found.empty());
  CHECK(played("gamma", domain).found.empty());  // it says gamma.gamma.example
  CHECK(played("gamma", "").found.empty());      // it says its address
}
