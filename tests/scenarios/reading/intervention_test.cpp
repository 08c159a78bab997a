#include "scenarios/reading/intervention.hpp"
#include "scenarios/playing/find_event.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "captures/export/json.hpp"
#include "captures/export/transcript.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace scenarios::intervention;

namespace {

scenarios::Scenario maa() {
  return *scenarios::load_scenario("maa");
}

std::int64_t lost_frames(const trace::Trace& trace) {
  return std::count_if(trace.frames.begin(), trace.frames.end(),
                       [](const trace::Frame& frame) { return frame.fate == trace::Fate::Lost; });
}

}  // namespace

TEST_CASE("interventions are a time, an action and its hosts") {
  const scenarios::Scenario scenario = maa();
  const auto drop =
      scenarios::parse_intervention("1.25s drop mail.alpha.example internet", scenario);
  REQUIRE(drop.has_value());
  CHECK(drop->at == 1'250'000'000);
  CHECK(std::get<Drop>(drop->action).host == "mail.alpha.example");
  CHECK(std::get<Drop>(drop->action).other == "internet");
  const auto off = scenarios::parse_intervention("3 s off bob-pc", scenario);
  CHECK(std::get<Off>(off->action).host == "bob-pc");
}

TEST_CASE("every intervention is read with what it wants") {
  const scenarios::Scenario scenario = maa();
  using FaultKind = sim::CommandFault::Kind;
  const auto read = [&]<typename Kind>(const char* text, Kind) {
    const auto parsed = scenarios::parse_untimed(text, scenario);
    INFO(text << (parsed ? "" : ": " + parsed.error()));
    REQUIRE(parsed.has_value());
    CHECK(parsed->text == text);
    REQUIRE(std::holds_alternative<Kind>(parsed->action));
    return std::get<Kind>(parsed->action);
  };
  CHECK(read("drop alice-pc mail.alpha.example", Drop{}).host == "alice-pc");
  CHECK(read("cut alice-pc mail.alpha.example", Cut{}).other == "mail.alpha.example");
  CHECK(read("mend alice-pc mail.alpha.example", Mend{}).host == "alice-pc");
  CHECK(read("slow alice-pc mail.alpha.example 9600", Slow{}).rate_bps == 9600);
  CHECK(read("slow alice-pc mail.alpha.example 56k", Slow{}).rate_bps == 56'000);
  CHECK(read("slow alice-pc mail.alpha.example 2M", Slow{}).rate_bps == 2'000'000);
  CHECK(read("lose alice-pc mail.alpha.example 0.25", Lose{}).share == 0.25);
  CHECK(read("off bob-pc", Off{}).host == "bob-pc");
  CHECK(read("on bob-pc", On{}).host == "bob-pc");
  CHECK(read("crash mail.beta.example", Crash{}).host == "mail.beta.example");
  CHECK(read("restart mail.beta.example", Restart{}).host == "mail.beta.example");
  CHECK(read("refuse mail.beta.example", Refuse{}).host == "mail.beta.example");
  CHECK(read("accept mail.beta.example", Accept{}).host == "mail.beta.example");
  CHECK(read("overload mail.beta.example 20s", Overload{}).delay == 20 * sim::kSecond);
  CHECK(read("overload mail.beta.example 20 s", Overload{}).delay == 20 * sim::kSecond);
  CHECK(read("relieve mail.beta.example", Relieve{}).host == "mail.beta.example");
  CHECK(read("full mail.beta.example", Full{}).host == "mail.beta.example");
  CHECK(read("empty mail.beta.example", Empty{}).host == "mail.beta.example");
  CHECK(read("greylist mail.beta.example 5min", Greylist{}).delay == 300 * sim::kSecond);
  CHECK(read("forget mail.beta.example bob", Forget{}).user == "bob");
  CHECK(read("remember mail.beta.example bob", Remember{}).user == "bob");
  CHECK(read("fault mail.beta.example RCPT cut", Fault{}).fault.kind == FaultKind::Cut);
  CHECK(read("fault mail.beta.example rcpt:3 crash", Fault{}).fault.nth == 3);
  CHECK(read("fault mail.beta.example CONNECT cut", Fault{}).fault.verb == "CONNECT");
  const auto after = read("fault mail.beta.example END-OF-DATA crash-after-write", Fault{}).fault;
  CHECK(after.kind == FaultKind::CrashAfterWrite);
  CHECK(after.verb == "END OF DATA");
  CHECK(read("fault mail.beta.example EHLO delay 5 s", Fault{}).fault.delay == 5 * sim::kSecond);
  const auto reply = read("fault mail.beta.example MAIL 451 Local error, try later", Fault{}).fault;
  CHECK(reply.kind == FaultKind::Reply);
  CHECK(reply.code == 451);
  CHECK(reply.text == "Local error, try later");
}

TEST_CASE("a wrong intervention is refused in one line with what would be right") {
  const scenarios::Scenario scenario = maa();
  const std::pair<const char*, const char*> kTable[] = {
      {"", "drop HOST HOST"},
      {"1s", "drop HOST HOST"},
      {"drop alice-pc mail.alpha.example", "drop HOST HOST"},
      {"1s sing bob-pc", "drop HOST HOST"},
      {"1s sing bob-pc", "greylist"},
      {"1s off", "too few hosts"},
      {"1s off carol", "off HOST"},
      {"1s off bob-pc now", "too much"},
      {"1s drop alice-pc", "drop HOST HOST"},
      {"1s drop alice-pc bob-pc", "no link joins"},
      {"1s cut alice-pc alice-pc", "no link joins"},
      {"1s slow alice-pc mail.alpha.example", "56k"},
      {"1s slow alice-pc mail.alpha.example 0", "56k"},
      {"1s slow alice-pc mail.alpha.example 9999999999G", "56k"},
      {"1s lose alice-pc mail.alpha.example 1.5", "from 0 to 1"},
      {"1s lose alice-pc mail.alpha.example nan", "from 0 to 1"},
      {"1s refuse bob-pc", "has no MTA server"},
      {"1s overload mail.beta.example", "20s"},
      {"1s overload mail.beta.example soon", "20s"},
      {"1s forget mail.beta.example", "there is no user"},
      {"1s forget mail.beta.example carol", "forget HOST USER"},
      {"1s fault mail.beta.example", "there is no command"},
      {"1s fault mail.beta.example SING cut", "END-OF-DATA"},
      {"1s fault mail.beta.example RCPT", "reply code"},
      {"1s fault mail.beta.example RCPT:0 cut", "RCPT:2"},
      {"1s fault mail.beta.example RCPT:x cut", "RCPT:2"},
      {"1s fault mail.beta.example RCPT explode", "reply code"},
      {"1s fault mail.beta.example RCPT 650", "reply code"},
      {"1s fault mail.beta.example RCPT 4500", "reply code"},
      {"1s fault mail.beta.example END-OF-DATA 250 OK", "of a refusal"},
      {"1s fault mail.beta.example RCPT cut it", "too much"},
      {"1s fault mail.beta.example RCPT crash-after-write", "END-OF-DATA"},
      {"1s fault mail.beta.example RCPT delay", "delay 5s"},
      {"1s fault mail.beta.example RCPT 450 gr\xc3\xbc\xc3\x9f", "ASCII"},
  };
  for (const auto& [text, says] : kTable) {
    INFO(text);
    const auto wrong = scenarios::parse_intervention(text, scenario);
    REQUIRE_FALSE(wrong.has_value());
    INFO(wrong.error());
    CHECK(wrong.error().find(says) != std::string::npos);
    CHECK(wrong.error().find('\n') == std::string::npos);
  }
}

TEST_CASE("interventions are recorded in the trace as they were done") {
  const scenarios::Scenario scenario = maa();
  const auto run = scenarios::play(scenario, 1,
                                   {*scenarios::parse_intervention("2s  crash   bob-pc", scenario),
                                    *scenarios::parse_intervention("1 s off bob-pc", scenario)});
  REQUIRE(run.trace.interventions.size() == 2);
  CHECK(run.trace.interventions[0].at == sim::kSecond);
  CHECK(run.trace.interventions[0].text == "off bob-pc");
  CHECK(run.trace.interventions[1].text == "crash bob-pc");
  const std::string json = export_::report_json(run.trace, {});
  CHECK(json.find("\"interventions\": [\n    {\"at_s\": 1.000000000, \"text\": \"off bob-pc\"},\n"
                  "    {\"at_s\": 2.000000000, \"text\": \"crash bob-pc\"}\n  ]") !=
        std::string::npos);
  CHECK(export_::transcript(run.trace).find("intervention: crash bob-pc") != std::string::npos);
}

TEST_CASE("every intervention does what it says") {
  // What is done to maa, and an event that happens so often then.
  struct Row {
    const char* doings[2];
    const char* event;
    bool happens;
  };
  const Row kTable[] = {
      {{"0s refuse mail.beta.example", "1min accept mail.beta.example"},
       "mail.beta.example replies 421",
       true},
      {{"0s refuse mail.beta.example", "0s accept mail.beta.example"},
       "mail.beta.example replies 421",
       false},
      {{"0s full mail.beta.example", "1min empty mail.beta.example"},
       "mail.beta.example replies 452",
       true},
      {{"0s full mail.beta.example", "0s empty mail.beta.example"},
       "mail.beta.example replies 452",
       false},
      {{"0s greylist mail.beta.example 1min", nullptr},
       "mail.beta.example replies 450 to RCPT",
       true},
      {{"0s greylist mail.beta.example 1min", "0s greylist mail.beta.example 0s"},
       "mail.beta.example replies 450 to RCPT",
       false},
      {{"0s forget mail.beta.example bob", "0s remember mail.beta.example bob"},
       "mail.beta.example replies 550 to RCPT",
       false},
      {{"0s fault mail.beta.example MAIL 451 Later", nullptr},
       "mail.beta.example replies 451 to MAIL",
       true},
      {{"0s fault mail.beta.example RCPT:2 451 Later", nullptr},
       "mail.beta.example replies 451 to RCPT",
       false},
      {{"0s fault mail.beta.example RCPT cut", nullptr}, "mail.beta.example breaks off", true},
      {{"0s fault mail.beta.example DATA crash", "1min restart mail.beta.example"},
       "mail.beta.example: power = crashed",
       true},
      {{"0s drop mail.alpha.example internet", nullptr}, "a frame is lost", true},
      {{"0s lose mail.alpha.example internet 1", "10 s lose mail.alpha.example internet 0"},
       "a frame is lost",
       true},
      {{"0s cut mail.alpha.example internet", "10 s mend mail.alpha.example internet"},
       "a frame is lost",
       true},
      {{"0s off mail.beta.example", "1min on mail.beta.example"},
       "mail.beta.example: power = off",
       true},
  };
  const scenarios::Scenario scenario = maa();
  for (const Row& row : kTable) {
    INFO(row.doings[0] << ": " << row.event);
    std::vector<scenarios::Intervention> list;
    for (const char* text : row.doings)
      if (text) list.push_back(*scenarios::parse_intervention(text, scenario));
    const auto run = scenarios::play(scenario, 1, list);
    CHECK(run.ended);
    // Bob's letter comes all the same; he may have looked for it too early.
    const auto event =
        scenarios::find_event(run.trace, *scenarios::parse_event(row.event, scenario));
    CHECK((event.at != trace::kNever) == row.happens);
    const auto filed = scenarios::parse_event("mail.beta.example: mailbox bob = 1", scenario);
    CHECK(scenarios::find_event(run.trace, *filed).at != trace::kNever);
  }
}

TEST_CASE("a forgotten user's mail is refused") {
  const scenarios::Scenario scenario = maa();
  const auto run = scenarios::play(
      scenario, 1, {*scenarios::parse_intervention("0s forget mail.beta.example bob", scenario)});
  const auto refused = scenarios::parse_event("mail.beta.example replies 550 to RCPT", scenario);
  CHECK(scenarios::find_event(run.trace, *refused).at != trace::kNever);
}

TEST_CASE("a slower line, a loaded server and a delayed reply cost the time that they say") {
  const scenarios::Scenario scenario = maa();
  const auto filed_at = [&](const char* text) {
    const auto run = scenarios::play(scenario, 1, {*scenarios::parse_intervention(text, scenario)});
    const auto filed = scenarios::parse_event("mail.beta.example: mailbox bob = 1", scenario);
    return scenarios::find_event(run.trace, *filed).at;
  };
  const std::int64_t usual = filed_at("1h on bob-pc");
  CHECK(filed_at("0s overload mail.beta.example 20s") == usual + 20 * sim::kSecond);
  CHECK(filed_at("0s fault mail.beta.example MAIL delay 7s") == usual + 7 * sim::kSecond);
  CHECK(filed_at("0s slow mail.alpha.example internet 9600") > usual + sim::kSecond / 2);
}

TEST_CASE("a dropped frame is sent again and the mail arrives all the same") {
  const scenarios::Scenario scenario = maa();
  const auto undisturbed = scenarios::play(scenario, 1);
  const auto drop =
      *scenarios::parse_intervention("0.25s drop mail.alpha.example internet", scenario);
  const auto disturbed = scenarios::play(scenario, 1, {drop});
  CHECK(lost_frames(undisturbed.trace) == 0);
  CHECK(lost_frames(disturbed.trace) == 1);
  CHECK(disturbed.passed());
  CHECK(disturbed.trace.source.duration > undisturbed.trace.source.duration);
}

TEST_CASE("mail waits in the spool while the next host is off, and goes on when it is back") {
  const scenarios::Scenario scenario = maa();
  const std::vector<scenarios::Intervention> both = {
      *scenarios::parse_intervention("0s off mail.beta.example", scenario),
      *scenarios::parse_intervention("10 min on mail.beta.example", scenario)};
  const auto run = scenarios::play(scenario, 1, both);
  REQUIRE(run.checks.size() == scenario.checks.size());
  for (std::size_t i = 0; i < run.checks.size(); ++i) {
    INFO(run.checks[i].text);  // the attempt in vain is one connection more, nothing else differs
    const auto& check = scenario.checks[i].check;
    CHECK(run.checks[i].passed != std::holds_alternative<scenarios::check::Connections>(check));
  }
  CHECK(run.trace.source.duration > 600'000'000'000);
}
