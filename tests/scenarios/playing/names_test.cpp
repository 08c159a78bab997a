// What hosts call themselves in mail (RFC 5321 §2.3.5, §4.1.1.1, §4.1.3).
#include <catch2/catch.hpp>

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
