#include <algorithm>
#include <catch2/catch.hpp>

#include "captures/observe/road.hpp"
#include "protocols/dns/message.hpp"
#include "tests/captures/tcp/frames.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/list.hpp"
#include "viz/layout/words.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

// A question and what came back.
trace::Trace dialogue(const std::string& name, dns::Type type, std::vector<dns::Record> answers,
                      dns::Rcode rcode = dns::Rcode::NoError) {
  using namespace tcp::frames;
  trace::Trace trace;
  observe::Road road(trace);
  dns::Message message;
  message.id = 7;
  message.recursion_desired = true;
  message.questions.push_back({name, type});
  Ip4 ip;
  ip.protocol = 17;
  const auto send = [&](std::uint16_t from, std::uint16_t to, trace::Time at) {
    const std::string frame = ethernet(0x0800, ipv4(ip, udp(from, to, dns::encode(message))));
    road.add(frame, 1, static_cast<std::uint32_t>(frame.size()), at);
    std::swap(ip.from, ip.to);
  };
  send(50000, 53, 0);
  message.response = message.authoritative = true;
  message.rcode = rcode;
  message.answers = std::move(answers);
  send(53, 50000, 1'000'000);
  road.finish();
  return trace;
}

trace::Trace mx_dialogue() {
  return dialogue("beta.example", dns::Type::Mx,
                  {dns::mx_record("beta.example", 10, "mail.beta.example", 300),
                   dns::mx_record("beta.example", 20, "mail2.beta.example", 7200)});
}

}  // namespace

TEST_CASE("A DNS dialogue reads in words") {
  const trace::Trace trace = mx_dialogue();
  REQUIRE(trace.pdus.size() == 2);
  const trace::Pdu &asked = trace.pdus[0], &said = trace.pdus[1];
  CHECK(head(trace, asked) == "MX");
  CHECK(label(trace, asked) == "MX beta.example");
  CHECK(gist(trace, asked) == "who takes mail for beta.example?");
  CHECK(kind_text(trace, asked) == "DNS question");
  REQUIRE(reference(trace, asked));
  CHECK(reference(trace, asked)->word == "MX");
  CHECK(head(trace, said) == "NOERROR");
  CHECK(label(trace, said) == "MX 10 mail.beta.example; MX 20 mail2.beta.example");
  CHECK(gist(trace, said) == "mail.beta.example, preference 10; mail2.beta.example, preference 20");
  CHECK(kind_text(trace, said) == "DNS answer");
  CHECK(reference(trace, said)->word == "answer");
}

TEST_CASE("Every kind of DNS answer has its explanation") {
  struct Case {
    std::vector<dns::Record> answers;
    dns::Rcode rcode;
    const char* word;
  };
  const Case cases[] = {
      {{dns::mx_record("beta.example", 0, ".")}, dns::Rcode::NoError, "null MX"},
      {{}, dns::Rcode::NoError, "negative answer"},
      {{}, dns::Rcode::NxDomain, "NXDOMAIN"},
      {{}, dns::Rcode::ServFail, "SERVFAIL"},
      {{}, dns::Rcode{9}, "answer"},
  };
  for (const Case& c : cases) {
    const trace::Trace trace = dialogue("beta.example", dns::Type::Mx, c.answers, c.rcode);
    REQUIRE(reference(trace, trace.pdus[1]));
    CHECK(reference(trace, trace.pdus[1])->word == c.word);
  }
  const trace::Trace odd = dialogue("beta.example", dns::Type{4711}, {});
  CHECK(reference(odd, odd.pdus[0])->word == "query");
}

TEST_CASE("The inspector shows a DNS message's records and where they are in the frame") {
  const trace::Trace trace = mx_dialogue();
  const TraceIndex index(trace);
  Cursor cursor;
  cursor.pdu = 1;
  cursor.selection = {Selected::Pdu, 1};
  const Inspector inspector = inspect(index, cursor);
  REQUIRE(inspector.meaning.size() == 2);
  CHECK(inspector.meaning[0] ==
        "It says: mail.beta.example, preference 10; mail2.beta.example, preference 20");
  CHECK(inspector.title == "NOERROR");
  REQUIRE(inspector.layers.size() == 4);
  CHECK(inspector.layers[2].name == "UDP");
  const Layer& layer = inspector.layers[3];
  CHECK(layer.name == "DNS");
  CHECK(layer.role == Role::Dns);
  CHECK(layer.begin == inspector.hot_begin);
  CHECK(layer.end == inspector.hot_end);
  const auto answer = std::find_if(layer.fields.begin(), layer.fields.end(),
                                   [](const Field& field) { return field.name == "Answer"; });
  REQUIRE(answer != layer.fields.end());
  CHECK(answer->value == "beta.example 300 MX 10 mail.beta.example");
  const auto section = std::find_if(inspector.sections.begin(), inspector.sections.end(),
                                    [](const Section& one) { return one.title == "The message"; });
  REQUIRE(section != inspector.sections.end());
  std::vector<std::string> facts;
  for (const Fact& fact : section->facts) facts.push_back(fact.label + ": " + fact.value);
  CHECK(facts == std::vector<std::string>{"number: 7", "question: MX beta.example",
                                          "AA: The authority itself answers",
                                          "RD: Please find out for me",
                                          "answer: beta.example MX 10 mail.beta.example · 5 min",
                                          "answer: beta.example MX 20 mail2.beta.example · 2 h"});
  CHECK(section->right == "2 records");
}

TEST_CASE("The list filters DNS by protocol and code, and shows a failure as one") {
  const trace::Trace trace = dialogue("typo.example", dns::Type::Mx, {}, dns::Rcode::NxDomain);
  const TraceIndex index(trace);
  for (const char* filter : {"dns", "nxdomain", "typo.example"}) {
    FilteredPdus pdus;
    pdus.set(index, filter);
    while (!pdus.work(100)) {
    }
    CHECK(pdus.size() >= 1);
  }
  FilteredPdus all;
  all.set(index, "");
  const std::vector<ListRow> rows = layout_list(index, {}, all, 0, 10);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].role == Role::Dns);
  CHECK(rows[1].role == Role::Refused);
  CHECK(rows[1].head.starts_with(kRefusalSign));
  CHECK(rows[1].meaning == "there is no typo.example");
}
