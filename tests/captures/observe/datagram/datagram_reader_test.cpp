#include "captures/observe/datagram/datagram_reader.hpp"
#include "captures/languages/languages.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "captures/observe/masking.hpp"
#include "captures/observe/road.hpp"
#include "protocols/dns/message.hpp"
#include "tests/captures/tcp/frames.hpp"

using namespace mailscope;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

namespace {

constexpr trace::Time kSecond = 1'000'000'000;

dns::Message query(std::uint16_t id, std::string name, dns::Type type) {
  dns::Message message;
  message.id = id;
  message.questions.push_back({std::move(name), type});
  return message;
}

dns::Message answer(dns::Message message, std::vector<dns::Record> answers,
                    dns::Rcode rcode = dns::Rcode::NoError) {
  message.response = true;
  message.answers = std::move(answers);
  message.rcode = rcode;
  return message;
}

// Datagrams on the wire, and the trace that they make.
class Line {
 public:
  explicit Line(observe::RoadOptions options = {}) : road_(trace_, options) {}

  trace::Time at = 0;

  void send(std::uint16_t from, std::uint16_t to, std::string_view payload, bool answers = false,
            std::uint32_t cut = 0) {
    using namespace tcp::frames;
    Ip4 ip;
    ip.protocol = 17;
    if (answers) std::swap(ip.from, ip.to);
    const std::string frame = ethernet(0x0800, ipv4(ip, udp(from, to, payload)));
    road_.add(std::string_view(frame).substr(0, frame.size() - cut), 1,
              static_cast<std::uint32_t>(frame.size()), at);
    at += kSecond / 1000;
  }
  void ask(const dns::Message& message, std::uint16_t port = 50000) {
    send(port, 53, dns::encode(message));
  }
  void reply(const dns::Message& message, std::uint16_t port = 50000) {
    send(53, port, dns::encode(message), true);
  }
  const Trace& finish() {
    road_.finish();
    return trace_;
  }

 private:
  Trace trace_;
  observe::Road road_;
};

std::string codes(const Trace& trace) {
  std::string text;
  for (const trace::Id id : trace.findings_by_time)
    text += (text.empty() ? "" : " ") + trace.findings[id].code;
  return text;
}

const dns::Message kQuery = query(7, "beta.example", dns::Type::Mx);
const dns::Message kAnswer =
    answer(kQuery, {dns::mx_record("beta.example", 10, "mail.beta.example"),
                    dns::mx_record("beta.example", 20, "mail2.beta.example")});

}  // namespace

TEST_CASE("A question and its answer become a connection, two PDUs and an exchange") {
  Line line;
  line.ask(kQuery);
  line.reply(kAnswer);
  const Trace& trace = line.finish();
  REQUIRE(trace.connections.size() == 1);
  const trace::Connection& connection = trace.connections[0];
  CHECK(connection.protocol == languages::kDns);
  CHECK(connection.opening == trace::Opening::Datagrams);
  CHECK(connection.closing == trace::Closing::Open);
  CHECK(connection.complete);
  CHECK(connection.client.address.text() == "10.0.0.1");
  CHECK(connection.client.port == 50000);
  CHECK(connection.server.port == 53);
  CHECK(trace.agents[connection.client.agent].kind == trace::AgentKind::Resolver);
  CHECK(trace.agents[connection.server.agent].kind == trace::AgentKind::DnsServer);
  CHECK(connection.commands == 1);
  CHECK(connection.replies == 1);
  CHECK(connection.closed == kSecond / 1000);
  CHECK(connection.octets[0] == dns::encode(kQuery).size());
  CHECK(connection.octets[1] == dns::encode(kAnswer).size());

  REQUIRE(trace.pdus.size() == 2);
  const Pdu& asked = trace.pdus[0];
  CHECK(asked.kind == PduKind::Command);
  CHECK(asked.direction == Direction::ToServer);
  CHECK(asked.word == 15);
  CHECK(trace.pdu_octets(asked) == dns::encode(kQuery));
  CHECK(observe::display_text(trace, asked) == "MX beta.example");
  const Pdu& replied = trace.pdus[1];
  CHECK(replied.kind == PduKind::Reply);
  CHECK(replied.word == 0);
  CHECK(replied.answers == 15);
  CHECK(trace.pdu_octets(replied) == dns::encode(kAnswer));
  CHECK(observe::display_lines(trace, replied) ==
        std::vector<std::string>{"MX 10 mail.beta.example", "MX 20 mail2.beta.example"});
  CHECK(trace.frames[replied.frame].connection == 0);

  REQUIRE(trace.exchanges.size() == 1);
  CHECK(trace.exchanges[0].command == 0);
  CHECK(trace.exchanges[0].first_reply == 1);
  CHECK(replied.exchange == 0);
  CHECK(trace.findings.empty());
}

TEST_CASE("Answers find their questions by number, in any order") {
  Line line;
  const dns::Message other = query(8, "mail.beta.example", dns::Type::A);
  line.ask(kQuery);
  line.ask(other);
  line.reply(answer(other, {}, dns::Rcode::NxDomain));
  line.reply(kAnswer);
  const Trace& trace = line.finish();
  REQUIRE(trace.exchanges.size() == 2);
  CHECK(trace.exchanges[0].first_reply == 3);
  CHECK(trace.exchanges[1].first_reply == 2);
  CHECK(trace.pdus[2].word == 3);
  CHECK(observe::display_text(trace, trace.pdus[2]) == "NXDOMAIN no such name");
  CHECK(trace.connections[0].complete);
}

TEST_CASE("Each client port is a connection of its own") {
  Line line;
  for (std::uint16_t port = 50000; port < 50003; ++port) {
    line.ask(kQuery, port);
    line.reply(kAnswer, port);
  }
  CHECK(line.finish().connections.size() == 3);
}

TEST_CASE("A port that was silent for a minute begins a new connection") {
  Line line;
  line.ask(kQuery);
  line.reply(kAnswer);
  line.at += 61 * kSecond;
  line.ask(kQuery);
  const Trace& trace = line.finish();
  REQUIRE(trace.connections.size() == 2);
  CHECK(trace.connections[0].complete);
  CHECK_FALSE(trace.connections[1].complete);
}

TEST_CASE("A question that is sent again is marked, and the answer belongs to the latest") {
  Line line;
  line.ask(kQuery);
  line.at += 3 * kSecond;
  line.ask(kQuery);
  line.reply(kAnswer);
  const Trace& trace = line.finish();
  REQUIRE(trace.exchanges.size() == 2);
  CHECK(trace.exchanges[0].first_reply == kNone);
  CHECK(trace.exchanges[1].first_reply == 2);
  CHECK((trace.pdus[0].flags & Pdu::kRetransmitted) == 0);
  CHECK((trace.pdus[1].flags & Pdu::kRetransmitted) != 0);
  CHECK(trace.connections[0].commands == 2);
  CHECK(trace.connections[0].complete);
  CHECK(codes(trace) == "");
}

TEST_CASE("An answer that was lost behind the place of capture is no puzzle") {
  Line line;
  line.ask(kQuery);
  line.reply(kAnswer);
  line.at += 3 * kSecond;
  line.ask(kQuery);
  line.reply(kAnswer);
  line.reply(kAnswer);
  const Trace& trace = line.finish();
  CHECK(codes(trace) == "");
  REQUIRE(trace.pdus.size() == 5);
  CHECK((trace.pdus[2].flags & Pdu::kRetransmitted) != 0);
  CHECK((trace.pdus[3].flags & Pdu::kRetransmitted) == 0);
  CHECK((trace.pdus[4].flags & Pdu::kRetransmitted) != 0);
  REQUIRE(trace.exchanges.size() == 2);
  CHECK(trace.exchanges[0].first_reply == 1);
  CHECK(trace.exchanges[1].first_reply == 3);
  CHECK(trace.exchanges[1].last_reply == 4);
  CHECK(trace.pdus[3].next_reply == 4);
  CHECK(trace.connections[0].complete);
}

TEST_CASE("A question without an answer is a finding") {
  Line line;
  line.ask(kQuery);
  line.at += 3 * kSecond;
  line.ask(kQuery);
  const Trace& trace = line.finish();
  REQUIRE(codes(trace) == "dns.no-answer");
  CHECK(trace.findings[0].text == "the question MX beta.example, asked 2 times, was not answered");
  CHECK(trace.findings[0].pdu == 1);
  CHECK(trace.connections[0].closing == trace::Closing::Timeout);
  CHECK_FALSE(trace.connections[0].complete);
}

TEST_CASE("An answer to no question is a finding and out of place") {
  struct Case {
    const char* what;
    dns::Message reply;
  };
  dns::Message other_id = kAnswer, other_name = kAnswer, no_answer = kQuery;
  other_id.id = 9;
  other_name.questions[0].name = "gamma.example";
  for (const Case& c : {Case{"another id", other_id}, Case{"another name", other_name},
                        Case{"a question instead", no_answer}}) {
    CAPTURE(c.what);
    Line line;
    line.ask(kQuery);
    line.reply(c.reply);
    const Trace& trace = line.finish();
    CHECK(codes(trace) == "dns.no-answer dns.unasked");
    CHECK((trace.pdus[1].flags & Pdu::kOutOfPlace) != 0);
  }
}

TEST_CASE("Both ports may be 53") {
  Line line;
  line.send(53, 53, dns::encode(kQuery));
  line.send(53, 53, dns::encode(kAnswer), true);
  const Trace& trace = line.finish();
  REQUIRE(trace.connections.size() == 1);
  CHECK(trace.connections[0].client.address.text() == "10.0.0.1");
  CHECK(trace.connections[0].complete);
}

TEST_CASE("What is no DNS message on port 53 is shown as octets, with a finding") {
  Line line;
  line.ask(kQuery);
  line.send(53, 50000, "this is no DNS message at all", true);
  line.send(50000, 53, "");
  const Trace& trace = line.finish();
  CHECK(codes(trace) == "dns.no-answer dns.malformed dns.malformed");
  REQUIRE(trace.pdus.size() == 2);
  CHECK(trace.pdus[1].kind == PduKind::Opaque);
  CHECK(trace.pdu_octets(trace.pdus[1]) == "this is no DNS message at all");
  CHECK_FALSE(trace.connections[0].complete);
}

TEST_CASE("A DNS message cut by the snap length is not called damaged") {
  Line line;
  line.send(50000, 53, dns::encode(kQuery), false, 5);
  const Trace& trace = line.finish();
  CHECK(codes(trace) == "dns.cut");
  CHECK(trace.connections[0].missing[0] == 5);
}

TEST_CASE("Findings about one port are limited, and so are questions that wait") {
  Line line;
  for (int i = 0; i < 500; ++i) line.send(50000, 53, "nonsense");
  for (std::uint16_t i = 0; i < 500; ++i) line.ask(query(i, "beta.example", dns::Type::Mx));
  const Trace& trace = line.finish();
  CHECK(trace.connections[0].commands == 500);
  CHECK(trace.findings.size() == 2 * (observe::ConnectionFindings::kOfOneKindMax + 1));
}

TEST_CASE("Of very many questions on one port the oldest are forgotten") {
  Line line;
  for (std::uint16_t i = 0; i <= observe::DatagramReader::kQuestionsMax; ++i)
    line.ask(query(i, "beta.example", dns::Type::Mx));
  line.reply(answer(query(1, "beta.example", dns::Type::Mx), {}));
  line.reply(answer(query(0, "beta.example", dns::Type::Mx), {}));
  const Trace& trace = line.finish();
  REQUIRE(trace.pdus.size() == observe::DatagramReader::kQuestionsMax + 3);
  CHECK((trace.pdus[trace.pdus.size() - 2].flags & Pdu::kOutOfPlace) == 0);
  CHECK((trace.pdus.back().flags & Pdu::kOutOfPlace) != 0);
}

TEST_CASE("Many ports at a time are read with bounded memory") {
  observe::RoadOptions options;
  options.keep = observe::Keep::Summary;
  Line line(options);
  for (std::uint16_t port = 20000; port < 20000 + 3 * observe::DatagramReader::kFlowsMax; ++port) {
    line.at = 0;
    line.ask(kQuery, port);
  }
  const Trace& trace = line.finish();
  CHECK(trace.connections.size() == 3 * observe::DatagramReader::kFlowsMax);
  CHECK(trace.pdus.empty());
  CHECK(trace.connections.back().commands == 1);
}

TEST_CASE("UDP to other ports is passed over") {
  Line line;
  line.send(50000, 54, dns::encode(kQuery));
  CHECK(line.finish().connections.empty());
}

TEST_CASE("Names from the wire are shown without anything that could steer a terminal") {
  Line line;
  line.ask(query(1, "\\027[31m.example", dns::Type::Mx));
  const Trace& trace = line.finish();
  CHECK(observe::display_text(trace, trace.pdus[0]) == "MX \\027[31m.example");
}
