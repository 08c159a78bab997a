#include "scenarios/reading/loader.hpp"

#include <catch2/catch.hpp>

#include "scenarios/reading/table_reader.hpp"

using namespace mailscope;
using scenarios::parse_scenario;

namespace {

// A small scenario without a mistake; `more` is put behind it.
std::string scenario_with(const std::string& more) {
  return R"(title = "T"
summary = "S"
[[host]]
name = "mail.alpha.example"
kind = "server"
domain = "alpha.example"
agents = ["user agent", "MTA client"]
[[host]]
name = "mail.beta.example"
kind = "server"
domain = "beta.example"
agents = ["MTA server", "MDA"]
[[link]]
kind = "wan"
between = ["mail.alpha.example", "mail.beta.example"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "mail.alpha.example"
[[user]]
name = "bob"
address = "bob@beta.example"
computer = "mail.beta.example"
)" + more;
}

struct Broken {
  const char* mistake;
  std::string text;
  int line;
  const char* says;
};

}  // namespace

TEST_CASE("a scenario without a mistake is read as it is written") {
  const auto scenario = parse_scenario(scenario_with(R"(
[[action]]
who = "alice"
does = "send"
at = "250 ms"
to = ["bob@beta.example"]
subject = "Hello"
[[check]]
mailbox = "bob"
holds = 1
)"),
                                       "t", "t.toml");
  REQUIRE(scenario.has_value());
  CHECK(scenario->hosts.size() == 2);
  CHECK(scenario->hosts[1].agents ==
        std::vector{trace::AgentKind::MtaServer, trace::AgentKind::Mda});
  CHECK(scenario->links[0].options.kind == "wan");
  CHECK(scenario->links[0].name == "mail.alpha.example - mail.beta.example");
  CHECK(scenario->users[0].server == "mail.alpha.example");
  CHECK(scenario->users[0].full_name == "Alice");
  CHECK(scenario->actions[0].at == 250'000'000);
  CHECK(std::holds_alternative<scenarios::action::Send>(scenario->actions[0].action));
  CHECK(std::get<scenarios::check::Mailbox>(scenario->checks[0].check).holds == 1);
}

TEST_CASE("a mistake in a scenario is told with its line and with what would be right") {
  const Broken kTable[] = {
      {"not TOML", "title = \n", 1, "not TOML"},
      {"no title", "summary = \"S\"\n", 1, "title"},
      {"a topic that is none",
       "title = \"T\"\nsummary = \"S\"\ntopics = [\"A1\", \"U3\", \"Z9\"]\n", 3,
       "there is no topic \"Z9\""},
      {"no host", "title = \"T\"\nsummary = \"S\"\n", 1, "[[host]]"},
      {"unknown key", scenario_with("[[check]]\nmailbocks = \"bob\"\n"), 25, "mailbox"},
      {"unknown top key", "title = \"T\"\nsummary = \"S\"\ncolour = 1\n[[host]]\nname = \"a\"\n", 3,
       "colour"},
      {"unknown agent",
       "title = \"T\"\nsummary = \"S\"\n[[host]]\nname = \"a\"\nagents = [\"MTA sever\"]\n", 5,
       "MTA server"},
      {"two hosts of one name",
       "title = \"T\"\nsummary = \"S\"\n[[host]]\nname = \"a\"\n[[host]]\nname = \"a\"\n", 6,
       "two hosts"},
      {"a wrong kind of link",
       scenario_with("[[link]]\nkind = \"wann\"\nbetween = [\"mail.alpha.example\", "
                     "\"mail.beta.example\"]\n"),
       25, "dial-up"},
      {"a link to nowhere",
       scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", \"mail.gamma.example\"]\n"), 25,
       "there is no host"},
      {"too few addresses",
       scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", "
                     "\"mail.beta.example\"]\naddresses = [\"10.0.0.1\"]\n"),
       26, "1 addresses for 2 hosts"},
      {"an address with a wrong prefix",
       scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", "
                     "\"mail.beta.example\"]\naddresses = [\"10.0.0.1/33\", \"10.0.0.2\"]\n"),
       26, "192.0.2.25/25"},
      {"addresses of two networks",
       scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", "
                     "\"mail.beta.example\"]\naddresses = [\"10.0.0.1/25\", \"10.0.0.129/25\"]\n"),
       26, "not in one network"},
      {"a loss over one",
       scenario_with(
           "[[link]]\nbetween = [\"mail.alpha.example\", \"mail.beta.example\"]\nloss = 5\n"),
       26, "from 0 to 1"},
      {"an unknown user", scenario_with("[[action]]\nwho = \"carol\"\ndoes = \"send\"\n"), 25,
       "alice, bob"},
      {"a mail to nobody", scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\n"), 24,
       "to = ["},
      {"a wrong address",
       scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\nto = [\"bob\"]\n"), 27,
       "bob@beta.example"},
      {"a wrong duration",
       scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\nat = \"soon\"\nto = "
                     "[\"bob@beta.example\"]\n"),
       27, "20 ms"},
      {"a wrong deed", scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"sing\"\n"), 26,
       "fetch"},
      {"an event that is none",
       scenario_with("[[narration]]\non = \"when it rains\"\nsay = \"x\"\n"), 25,
       "HOST sends VERB"},
      {"an event of nobody",
       scenario_with("[[narration]]\non = \"carol sends MAIL\"\nsay = \"x\"\n"), 25,
       "there is no host \"carol\""},
      {"an action after a command",
       scenario_with("[[action]]\nwho = \"bob\"\ndoes = \"read\"\nafter = \"mail.alpha.example "
                     "sends MAIL\"\n"),
       27, "inside event"},
      {"a check of nothing", scenario_with("[[check]]\n"), 24, "lost_frames"},
      {"a check without a number", scenario_with("[[check]]\nmailbox = \"bob\"\n"), 25,
       "holds = 1"},
      {"a check that is nearly one", scenario_with("[[check]]\nconnection = 2\n"), 25,
       "perhaps connections?"},
      {"a finding that is none",
       scenario_with("[[check]]\nfinding = \"smtp.bare-lff\"\ntimes = 0\n"), 25,
       "perhaps smtp.bare-lf?"},
      {"a time without a unit",
       scenario_with("[[action]]\nwho = \"bob\"\ndoes = \"read\"\nat = 200\n"), 27,
       "write at = \"200 ms\""},
      {"a time without a unit, in quotes",
       scenario_with("[[action]]\nwho = \"bob\"\ndoes = \"read\"\nat = \"1.5\"\n"), 27,
       "or \"1.5 s\""},
      {"a text without quotes", "title = T\n", 1, "quotes: title = \"T\""},
      {"a quote that is missing", "title = \"T\n", 1, "a quote is missing"},
      {"one table beside several", "title = \"T\"\n[host]\nname = \"a\"\n[[host]]\nname = \"b\"\n",
       4, "write [[host]] at each"},
      {"a number in quotes", scenario_with("[[check]]\nmailbox = \"bob\"\nholds = \"1\"\n"), 26,
       "without quotes"},
      {"a list that is one text",
       scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\nto = \"bob@beta.example\"\n"),
       27, "to = [\"bob@beta.example\"]"},
      {"a rate with a unit",
       scenario_with(
           "[[link]]\nbetween = [\"mail.alpha.example\", \"mail.beta.example\"]\nrate = \"20 "
           "Mb\"\n"),
       26, "rate = 20000000"},
      {"a place outside the picture",
       "title = \"T\"\nsummary = \"S\"\n[[host]]\nname = \"a\"\nat = [0, 50]\n", 5, "from 0 to 1"},
      {"a reply to nothing",
       scenario_with("[[narration]]\non = \"mail.beta.example replies 250 to\"\nsay = \"x\"\n"), 25,
       "replies CODE to the message"},
      {"250 to DATA",
       scenario_with(
           "[[narration]]\non = \"mail.beta.example replies 250 to DATA\"\nsay = \"x\"\n"),
       25, "\"to the message\""},
      {"the event number 0",
       scenario_with("[[narration]]\non = \"mail.beta.example hangs up, time 0\"\nsay = \"x\"\n"),
       25, "time 2"},
      {"a key that is nearly one",
       scenario_with(
           "[[action]]\nwho = \"alice\"\ndoes = \"send\"\nto = [\"bob@beta.example\"]\nsubjekt = "
           "\"x\"\n"),
       28, "perhaps subject?"},
  };
  for (const Broken& row : kTable) {
    INFO(row.mistake);
    const auto scenario = parse_scenario(row.text, "t", "t.toml");
    REQUIRE_FALSE(scenario.has_value());
    INFO(scenario.error());
    CHECK(scenario.error().starts_with("t.toml:" + std::to_string(row.line) + ": "));
    CHECK(scenario.error().find(row.says) != std::string::npos);
    CHECK(scenario.error().find('\n') == std::string::npos);
  }
}

namespace {

// One key or table of a mail host: what it says, and what then is true.
struct Told {
  const char* text;
  bool (*is_so)(const scenarios::Scenario&);
};

const sim::MailConfig& beta(const scenarios::Scenario& scenario) {
  return scenario.hosts[1].mail;
}

// The small scenario with a line more in the second host.
std::string scenario_telling(const std::string& key) {
  std::string text = scenario_with("");
  text.insert(text.find("[[link]]"), key + "\n");
  return text;
}

}  // namespace

TEST_CASE("everything that a mail host can be told is read") {
  const Told kTable[] = {
      {"without = [\"PIPELINING\"]",
       [](auto& s) {
         return !beta(s).server.smtp.pipelining && !beta(s).client.smtp.pipelining &&
                beta(s).server.smtp.dsn && beta(s).client.dsn;
       }},
      {"without = [\"8bitmime\"]", [](auto& s) { return !beta(s).server.smtp.eight_bit_mime; }},
      {"without = [\"CHUNKING\", \"DSN\"]",
       [](auto& s) { return !beta(s).server.smtp.chunking && !beta(s).server.smtp.dsn; }},
      {"without = [\"SMTPUTF8\"]",
       [](auto& s) { return !beta(s).server.smtp.smtputf8 && !beta(s).client.smtputf8; }},
      {"without = [\"ENHANCEDSTATUSCODES\"]",
       [](auto& s) { return !beta(s).server.smtp.enhanced_status_codes; }},
      {"uses = [\"PIPELINING\"]",
       [](auto& s) { return beta(s).client.smtp.pipelining && !beta(s).client.smtp.chunking; }},
      {"uses = [\"CHUNKING\"]",
       [](auto& s) { return !beta(s).client.smtp.pipelining && beta(s).client.smtp.chunking; }},
      {"classic = true", [](auto& s) { return beta(s).classic && !s.hosts[0].mail.classic; }},
      {"verify = false", [](auto& s) { return !beta(s).server.smtp.verify; }},
      {"turn = true", [](auto& s) { return beta(s).server.smtp.turn; }},
      {"etrn = true", [](auto& s) { return beta(s).server.smtp.etrn; }},
      {"reply_timeout = \"9 s\"",
       [](auto& s) { return beta(s).client.reply_timeout == 9 * sim::kSecond; }},
      {"submission = true", [](auto& s) { return beta(s).server.submission; }},
      {"auth = true", [](auto& s) { return beta(s).server.auth; }},
      {"sender_check = true", [](auto& s) { return beta(s).server.sender_check; }},
      {"down_convert = false", [](auto& s) { return !beta(s).client.down_convert; }},
      {"message_octets_max = 5000",
       [](auto& s) { return beta(s).server.smtp.message_octets_max == 5000; }},
      {"recipients_max = 7", [](auto& s) { return beta(s).server.smtp.recipients_max == 7; }},
      {"connections_max = 0", [](auto& s) { return beta(s).server.connections_max == 0; }},
      {"hops_max = 9", [](auto& s) { return beta(s).server.hops_max == 9; }},
      {"idle_timeout = \"10 s\"",
       [](auto& s) { return beta(s).server.idle_timeout == 10 * sim::kSecond; }},
      {"greylist = \"5 min\"",
       [](auto& s) { return beta(s).server.greylist == 300 * sim::kSecond; }},
      {"retry = \"1 min\"", [](auto& s) { return beta(s).queue.first_retry == 60 * sim::kSecond; }},
      {"retry_max = \"1 h\"",
       [](auto& s) { return beta(s).queue.retry_max == 3600 * sim::kSecond; }},
      {"warn_after = \"0 s\"", [](auto& s) { return beta(s).queue.warn_after == 0; }},
      {"lifetime = \"2 d\"",
       [](auto& s) { return beta(s).queue.lifetime == 2 * 86'400 * sim::kSecond; }},
      {"virus_scan = true", [](auto& s) { return beta(s).delivery.virus_scan; }},
      {"spam_filter = true", [](auto& s) { return beta(s).delivery.spam_filter; }},
      {"spam_score = 2.5", [](auto& s) { return beta(s).delivery.spam_score == 2.5; }},
      {"disk = 100000", [](auto& s) { return beta(s).disk.octets_max == 100'000; }},
      {"disk_write = \"7 ms\"", [](auto& s) { return beta(s).disk.write == 7'000'000; }},
      {"domains = [\"b.example\"]",
       [](auto& s) {
         return beta(s).names.other_domains == std::vector<std::string>{"b.example"};
       }},
      {"relay_for = [\"gamma.example\"]",
       [](auto& s) {
         return beta(s).server.relay_domains == std::vector<std::string>{"gamma.example"};
       }},
      {"relay_from = [\"mail.alpha.example\"]",
       [](auto& s) {
         return s.hosts[1].relay_from == std::vector<std::string>{"mail.alpha.example"};
       }},
      {"smart_host = \"mail.alpha.example\"",
       [](auto& s) { return beta(s).routing.smart_host == "mail.alpha.example"; }},
      {"[[alias]]\nhost = \"mail.beta.example\"\nname = \"office\"\nto = [\"bob@beta.example\"]",
       [](auto& s) {
         return beta(s).names.aliases.at(0).name == "office" &&
                beta(s).names.aliases[0].to.size() == 1;
       }},
      {"[[list]]\nhost = \"mail.beta.example\"\nname = \"users\"\nowner = \"bob@beta.example\"\n"
       "members = [\"bob@beta.example\", \"alice@alpha.example\"]",
       [](auto& s) {
         return beta(s).names.lists.at(0).members.size() == 2 &&
                beta(s).names.lists[0].title == "users";
       }},
      {"[[moved]]\nhost = \"mail.beta.example\"\nname = \"dora\"\nto = "
       "\"d@gamma.example\"\nforward = true",
       [](auto& s) {
         return beta(s).names.moved.at(0).forward && beta(s).names.moved[0].to == "d@gamma.example";
       }},
      {"[[held]]\nhost = \"mail.beta.example\"\ndomain = \"gamma.example\"\nfor = "
       "\"mail.alpha.example\"",
       [](auto& s) {
         return beta(s).routing.held_domains.size() == 1 &&
                beta(s).server.relay_domains.size() == 1 &&
                s.hosts[1].turn_for.at("mail.alpha.example") == "gamma.example";
       }},
      {"[[rule]]\nhost = \"mail.beta.example\"\nfinds = \"virus\"\ntext = \"EICAR\"",
       [](auto& s) { return beta(s).delivery.viruses.at(0).name == "EICAR"; }},
      {"[[rule]]\nhost = \"mail.beta.example\"\nfinds = \"spam\"\ntext = \"win\"\nheader = "
       "\"Subject\"\nscore = 3",
       [](auto& s) {
         return beta(s).delivery.spam.at(0).score == 3 &&
                beta(s).delivery.spam[0].header == "Subject";
       }},
      {"[[host]]\nname = \"ns\"\nagents = [\"DNS server\"]\n[[record]]\nname = "
       "\"beta.example\"\ntype = \"MX\"\n"
       "preference = 0\nvalue = \".\"",
       [](auto& s) {
         return s.has_dns() && s.records.at(0).host == "ns" && s.records[0].value == ".";
       }},
  };
  for (const Told& row : kTable) {
    INFO(row.text);
    const auto scenario = parse_scenario(scenario_telling(row.text), "t", "t.toml");
    INFO((scenario ? "" : scenario.error()));
    REQUIRE(scenario.has_value());
    CHECK(row.is_so(*scenario));
  }
}

TEST_CASE("a mistake in what a mail host is told has its line and what would be right") {
  const std::string kHost = "host = \"mail.beta.example\"\n";
  struct Row {
    std::string text;
    int line;  // behind the 12 lines of the two hosts
    const char* says;
  };
  const Row kTable[] = {
      {"without = [\"STARTTLS\"]", 1, "PIPELINING"},
      {"uses = [\"DSN\"]", 1, "CHUNKING"},
      {"verify = 1", 1, "neither true nor false"},
      {"greylist = 5", 1, "write greylist = \"5 ms\""},
      {"greylist = \"soon\"", 1, "20 ms"},
      {"hops_max = 0", 1, "from 1"},
      {"disk = -1", 1, "from 0"},
      {"retry = \"1 ms\"", 1, "5 min"},
      {"domains = [\"a b\"]", 1, "beta.example"},
      {"relay_for = \"gamma.example\"", 1, "is not a list"},
      {"relay_from = [\"nobody\"]", 1, "there is no host"},
      {"smart_host = \"nobody\"", 1, "there is no host"},
      {"[[alias]]\nhost = \"nobody\"", 2, "there is no host"},
      {"[[alias]]\nhost = \"mail.alpha.example\"", 2, "MTA server"},
      {"[[alias]]\n" + kHost + "name = \"a@b\"", 3, "left side"},
      {"[[alias]]\n" + kHost + "name = \"a\"\nto = []", 4, "at least one"},
      {"[[alias]]\n" + kHost + "name = \"a\"\nto = [\"b\"]", 4, "bob@beta.example"},
      {"[[list]]\n" + kHost + "name = \"a\"", 1, "owner"},
      {"[[moved]]\n" + kHost + "name = \"a\"\nto = \"b\"", 4, "bob@beta.example"},
      {"[[moved]]\n" + kHost + "name = \"a\"\nto = \"b@c.example\"\nforwards = true", 5, "forward"},
      {"[[held]]\n" + kHost + "domain = \"c.example\"\nfor = \"nobody\"", 4, "there is no host"},
      {"[[rule]]\n" + kHost + "finds = \"ham\"", 3, "virus, spam"},
      {"[[rule]]\nhost = \"mail.alpha.example\"", 2, "MDA"},
      {"[[record]]\nname = \"a.example\"", 1, "host"},
      {"[[record]]\nhost = \"mail.beta.example\"\nname = \"a.example\"", 2, "DNS server"},
      {"[[host]]\nname = \"ns\"\nagents = [\"DNS server\"]\n[[record]]\nname = \"a.example\"\ntype "
       "= \"MXX\"",
       6, "CNAME"},
      {"[[host]]\nname = \"ns\"\nagents = [\"DNS server\"]\n[[record]]\nname = \"a.example\"\ntype "
       "= \"A\"\nvalue = \"::1\"",
       7, "IPv4"},
      {"[[host]]\nname = \"ns\"\nagents = [\"DNS server\"]\n[[record]]\nname = \"a.example\"\ntype "
       "= \"MX\"\nvalue = \"x y\"",
       7, "beta.example"},
  };
  for (const Row& row : kTable) {
    INFO(row.text);
    const auto scenario = parse_scenario(scenario_telling(row.text), "t", "t.toml");
    REQUIRE_FALSE(scenario.has_value());
    INFO(scenario.error());
    CHECK(scenario.error().starts_with("t.toml:" + std::to_string(row.line + 12) + ": "));
    CHECK(scenario.error().find(row.says) != std::string::npos);
  }
}

TEST_CASE("what a person does is read with all that a letter may ask for") {
  const std::string kSend =
      "[[action]]\nwho = \"alice\"\ndoes = \"send\"\nto = [\"bob@beta.example\"]\n";
  const auto scenario = parse_scenario(
      scenario_with(
          kSend +
          "bcc = [\"carol@beta.example\"]\nfrom = \"boss@alpha.example\"\nencoding = \"8bit\"\n"
          "receipt = true\nnotify = [\"success\", \"delay\"]\nreturn = \"full\"\n" +
          kSend + "notify = [\"never\"]\n"),
      "t", "t.toml");
  INFO((scenario ? "" : scenario.error()));
  REQUIRE(scenario.has_value());
  const sim::Letter& letter = std::get<scenarios::action::Send>(scenario->actions[0].action).letter;
  CHECK(letter.bcc == std::vector<std::string>{"carol@beta.example"});
  CHECK(letter.from == "boss@alpha.example");
  CHECK(letter.eight_bit);
  CHECK(letter.request_receipt);
  CHECK(letter.return_full);
  CHECK((letter.notify.stated && letter.notify.success && letter.notify.delay &&
         !letter.notify.failure));
  const sim::Notify& never =
      std::get<scenarios::action::Send>(scenario->actions[1].action).letter.notify;
  CHECK((never.stated && !never.success && !never.delay && !never.failure));

  const std::pair<const char*, const char*> kWrong[] = {
      {"notify = [\"sometimes\"]\n", "never"}, {"notify = [\"never\", \"success\"]\n", "alone"},
      {"encoding = \"7bit\"\n", "8bit"},       {"return = \"half\"\n", "full"},
      {"receipt = \"yes\"\n", "neither true"}, {"from = \"boss\"\n", "bob@beta.example"},
      {"lines = [\"HELO a\"]\n", "no key"},
  };
  for (const auto& [text, says] : kWrong) {
    INFO(text);
    const auto broken = parse_scenario(scenario_with(kSend + text), "t", "t.toml");
    REQUIRE_FALSE(broken.has_value());
    INFO(broken.error());
    CHECK(broken.error().starts_with("t.toml:28: "));
    CHECK(broken.error().find(says) != std::string::npos);
  }
}

TEST_CASE("typing by hand needs a terminal, a server and lines") {
  const std::string kTerminal =
      "[[host]]\nname = \"tty\"\nagents = [\"terminal\"]\n[[user]]\nname = \"carol\"\n"
      "address = \"carol@beta.example\"\ncomputer = \"tty\"\nserver = \"mail.beta.example\"\n";
  const std::string kType = "[[action]]\nwho = \"carol\"\ndoes = \"type\"\n";
  const auto scenario =
      parse_scenario(scenario_with(kTerminal + kType +
                                   "to = \"mail.beta.example\"\nport = 587\npause = \"1 s\"\nlines "
                                   "= [\"HELO tty\", \"QUIT\"]\n"),
                     "t", "t.toml");
  INFO((scenario ? "" : scenario.error()));
  REQUIRE(scenario.has_value());
  const auto& type = std::get<scenarios::action::Type>(scenario->actions[0].action);
  CHECK(type.host == "mail.beta.example");
  CHECK(type.port == 587);
  CHECK(type.pause == sim::kSecond);
  CHECK(type.lines == std::vector<std::string>{"HELO tty", "QUIT"});
  const std::pair<std::string, const char*> kWrong[] = {
      {kTerminal + kType, "to"},
      {kTerminal + kType + "to = \"nobody\"\n", "there is no host"},
      {kTerminal + kType + "to = \"mail.beta.example\"\n", "lines = ["},
      {kTerminal + kType + "to = \"mail.beta.example\"\nport = 0\nlines = [\"QUIT\"]\n", "from 1"},
      {"[[action]]\nwho = \"alice\"\ndoes = \"type\"\nto = \"mail.beta.example\"\nlines = "
       "[\"QUIT\"]\n",
       "terminal"},
  };
  for (const auto& [text, says] : kWrong) {
    INFO(text);
    const auto broken = parse_scenario(scenario_with(text), "t", "t.toml");
    REQUIRE_FALSE(broken.has_value());
    INFO(broken.error());
    CHECK(broken.error().find(says) != std::string::npos);
  }
}

TEST_CASE("a host asks another one for its mail with TURN or ETRN") {
  const std::string kAsk = "[[action]]\nwho = \"mail.alpha.example\"\n";
  const auto scenario = parse_scenario(
      scenario_with(kAsk + "does = \"turn\"\nto = \"mail.beta.example\"\n" + kAsk +
                    "does = \"etrn\"\nto = \"mail.beta.example\"\ndomain = \"alpha.example\"\n"),
      "t", "t.toml");
  INFO((scenario ? "" : scenario.error()));
  REQUIRE(scenario.has_value());
  CHECK(std::get<scenarios::action::Turn>(scenario->actions[0].action).server ==
        "mail.beta.example");
  CHECK(std::get<scenarios::action::Etrn>(scenario->actions[1].action).domain == "alpha.example");
  const std::pair<std::string, const char*> kWrong[] = {
      {kAsk + "does = \"turn\"\n", "to"},
      {kAsk + "does = \"turn\"\nto = \"mail.alpha.example\"\n", "MTA server"},
      {kAsk + "does = \"etrn\"\nto = \"mail.beta.example\"\n", "domain"},
      {"[[action]]\nwho = \"bob\"\ndoes = \"turn\"\n", "there is no host"},
      {"[[action]]\nwho = \"mail.beta.example\"\ndoes = \"turn\"\n", "MTA client"},
  };
  for (const auto& [text, says] : kWrong) {
    INFO(text);
    const auto broken = parse_scenario(scenario_with(text), "t", "t.toml");
    REQUIRE_FALSE(broken.has_value());
    INFO(broken.error());
    CHECK(broken.error().find(says) != std::string::npos);
  }
}

TEST_CASE("a scenario's own faults are interventions at a time or after an inside event") {
  const auto scenario = parse_scenario(
      scenario_with("[[fault]]\nat = \"2 s\"\ndo = \"crash mail.beta.example\"\n"
                    "[[fault]]\nafter = \"mail.beta.example: spool = 1\"\nwait = \"3 s\"\n"
                    "do = \"restart mail.beta.example\"\n"),
      "t", "t.toml");
  INFO((scenario ? "" : scenario.error()));
  REQUIRE(scenario.has_value());
  CHECK(scenario->faults[0].intervention.at == 2 * sim::kSecond);
  CHECK(scenario->faults[0].intervention.text == "crash mail.beta.example");
  CHECK_FALSE(scenario->faults[0].after.has_value());
  CHECK(scenario->faults[1].intervention.at == 3 * sim::kSecond);
  CHECK(scenario->faults[1].after->change.variable == trace::VariableKind::Spool);
  const std::pair<const char*, const char*> kWrong[] = {
      {"[[fault]]\nat = \"2 s\"\n", "do"},
      {"[[fault]]\ndo = \"crash\"\n", "crash HOST"},
      {"[[fault]]\ndo = \"2s crash mail.beta.example\"\n", "there is no \"2s\""},
      {"[[fault]]\ndo = \"crash mail.beta.example\"\nafter = \"start\"\n", "inside event"},
  };
  for (const auto& [text, says] : kWrong) {
    INFO(text);
    const auto broken = parse_scenario(scenario_with(text), "t", "t.toml");
    REQUIRE_FALSE(broken.has_value());
    INFO(broken.error());
    CHECK(broken.error().find(says) != std::string::npos);
  }
}

TEST_CASE("every kind of check is read, and a check that misses something is told what") {
  using namespace scenarios::check;
  const std::pair<const char*, Any> kGood[] = {
      {"mailbox = \"bob\"\nholds = 1", Mailbox{}},
      {"inbox = \"bob\"\nholds = 0", Inbox{}},
      {"junk = \"bob\"\nholds = 0", Junk{}},
      {"spool = \"mail.alpha.example\"\nholds = 1", Spool{}},
      {"reply = \"550\"\nto = \"RCPT\"\nby = \"mail.beta.example\"", Reply{}},
      {"refused = \"bob\"\ntimes = 2", Refused{}},
      {"lost_frames = 3", LostFrames{}},
      {"received = 2\nof = \"bob\"", Received{}},
      {"subject = \"Hello\"\nof = \"bob\"", Subject{}},
      {"contains = \"Hello\"\nof = \"bob\"\ntimes = 0", Contains{}},
      {"report = \"alice\"", Report{}},
      {"connections = 1\nfrom = \"mail.alpha.example\"\nto = \"mail.beta.example\"", Connections{}},
      {"saves = 0.5\nconnection = 2\nagainst = 1", Saves{}},
      {"retries = 2\nof = \"mail.alpha.example\"", Retries{}},
      {"duplicates = 1\nof = \"bob\"", Duplicates{}},
      {"event = \"mail.alpha.example sends RSET\"\ntimes = 0", Event{}},
      {"event = \"start\"\nbefore = \"mail.alpha.example sends MAIL\"", Before{}},
      {"event = \"mail.alpha.example sends MAIL\"\nsays = \"SIZE=\"\ntimes = 1", Says{}},
      {"takes = [\"4 min\", \"6 min\"]\nfrom = \"start\"\nuntil = \"end\"", Takes{}},
      {"round_trips = 3\nfrom = \"mail.alpha.example connects to mail.beta.example\"\nuntil = "
       "\"mail.beta.example replies 250 to EHLO\"",
       RoundTrips{}},
      {"frames = 3\nfrom = \"mail.alpha.example connects to mail.beta.example\"\nuntil = "
       "\"mail.beta.example replies 220\"",
       Frames{}},
      {"octets = 353\nof = \"mail.alpha.example sends the message\"", Octets{}},
      {"port = 25\nof = \"mail.alpha.example connects to mail.beta.example\"", Port{}},
      {"ttl = 63\nhop = 2\nof = \"mail.alpha.example sends MAIL\"", Ttl{}},
      {"state = \"mail.alpha.example: spool = 1\"\nat = \"mail.alpha.example sends MAIL\"",
       State{}},
      {"same_message = \"mail.alpha.example sends the message\"\nas = \"mail.alpha.example sends "
       "the message, time 2\"",
       SameMessage{}},
      {"same_parts = \"mail.alpha.example sends the message\"\nas = \"mail.alpha.example sends the "
       "message, time 2\"",
       SameParts{}},
  };
  for (const auto& [text, kind] : kGood) {
    INFO(text);
    const auto scenario =
        parse_scenario(scenario_with(std::string("[[check]]\n") + text + "\n"), "t", "t.toml");
    INFO((scenario ? "" : scenario.error()));
    REQUIRE(scenario.has_value());
    CHECK(scenario->checks[0].check.index() == kind.index());
  }
  const std::pair<const char*, const char*> kWrong[] = {
      {"mailbox = \"bob\"\nspool = \"mail.alpha.example\"", "one thing"},
      {"reply = \"550\"\nby = \"nobody\"", "there is no host"},
      {"received = 2", "of"},
      {"received = 2\nof = \"carol\"", "there is no user"},
      {"subject = \"x\"", "of"},
      {"report = \"carol\"", "there is no user"},
      {"connections = 1\nto = \"bob\"", "there is no host"},
      {"saves = 2\nconnection = 2\nagainst = 1", "from 0 to 1"},
      {"saves = 0.5\nconnection = 2", "against = 1"},
      {"retries = 2\nof = \"bob\"", "there is no host"},
      {"event = \"it rains\"", "names no event"},
      {"reply = \"25\"", "no reply code"},
      {"reply = \"250\"\nto = \"RCTP\"", "perhaps RCPT?"},
      {"event = \"start\"\nbefore = \"it rains\"", "names no event"},
      {"event = \"start\"\nbefore = \"end\"\ntimes = 2", "order"},
      {"event = \"start\"\nbefore = \"end\"\ntimes = \"twice\"", "an order has no times"},
      {"event = \"mail.alpha.example sends MIAL\"", "perhaps MAIL?"},
      {"takes = [\"6 min\", \"4 min\"]\nfrom = \"start\"\nuntil = \"end\"",
       "the least and the most"},
      {"takes = [\"4 min\"]\nfrom = \"start\"\nuntil = \"end\"", "the least and the most"},
      {"takes = [\"4 min\", \"6 min\"]\nuntil = \"end\"", "from"},
      {"round_trips = 3\nfrom = \"start\"", "until"},
      {"frames = 3", "from"},
      {"octets = 353", "of"},
      {"port = 25\nof = \"bob connects to mail.beta.example\"", "there is no host"},
      {"ttl = 63\nhop = 0\nof = \"mail.alpha.example sends MAIL\"", "hop"},
      {"state = \"mail.alpha.example: spool\"\nat = \"end\"", "spool = 1"},
      {"state = \"mail.alpha.example: spol = 1\"\nat = \"end\"", "perhaps spool?"},
      {"same_message = \"mail.alpha.example sends the message\"", "as"},
      {"duplicates = 1", "of"},
      {"lost_frames = 1\nholds = 1", "no key"},
  };
  for (const auto& [text, says] : kWrong) {
    INFO(text);
    const auto scenario =
        parse_scenario(scenario_with(std::string("[[check]]\n") + text + "\n"), "t", "t.toml");
    REQUIRE_FALSE(scenario.has_value());
    INFO(scenario.error());
    CHECK(scenario.error().find(says) != std::string::npos);
  }
}

TEST_CASE("a mistake cannot put escape sequences on the terminal") {
  const auto scenario = parse_scenario(
      scenario_with("[[action]]\nwho = \"a\\u001b[31m\"\ndoes = \"send\"\n"), "t", "t.toml");
  REQUIRE_FALSE(scenario.has_value());
  CHECK(scenario.error().find('\x1b') == std::string::npos);
}

TEST_CASE("a name that is no scenario is refused with a hint") {
  const auto scenario = scenarios::load_scenario("maaa");
  REQUIRE_FALSE(scenario.has_value());
  CHECK(scenario.error().find("mailscope list") != std::string::npos);
  CHECK_FALSE(scenarios::load_scenario("no-such-file.toml").has_value());
}

TEST_CASE("durations have a number and a unit") {
  CHECK(scenarios::parse_duration("20 ms") == 20'000'000);
  CHECK(scenarios::parse_duration("1.5s") == 1'500'000'000);
  CHECK(scenarios::parse_duration("2 min") == 120'000'000'000);
  for (const char* text : {"", "s", "5", "-1 s", "1 fortnight", "nan s", "1e300 h"})
    CHECK_FALSE(scenarios::parse_duration(text).has_value());
}
