#include "viz/layout/inspector.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/sample_run.hpp"
#include "viz/layout/words.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

Inspector look_at(const TraceIndex& index, Id connection, std::string_view begins, int which = 0) {
  Cursor cursor = open_cursor(index);
  for (const Id id : index.pdus_of(connection)) {
    if (!label(index.trace(), index.trace().pdus[id]).starts_with(begins) || which-- > 0) continue;
    go_to_pdu(index, cursor, id);
    return inspect(index, cursor);
  }
  FAIL("no PDU begins with " << begins);
  return {};
}

const Section* section(const Inspector& inspector, std::string_view title) {
  for (const Section& one : inspector.sections)
    if (one.title == title) return &one;
  return nullptr;
}

}  // namespace

TEST_CASE("250 to RCPT: its meaning, its digits, its layers down to its own octets") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Inspector i = look_at(index, 1, "250 2.1.5");
  CHECK(i.title == "250 2.1.5 OK");
  CHECK(i.chips[0].text == "SMTP reply");
  CHECK(i.chips[1].text == "mail.beta → mail.alpha");
  REQUIRE_FALSE(i.meaning.empty());
  REQUIRE(i.references.size() >= 3);
  CHECK(i.references[0].text.starts_with("RFC 5321"));
  CHECK(i.references[1].text.starts_with("2 = "));
  std::vector<std::string> names;
  for (const Layer& layer : i.layers) names.push_back(layer.name);
  CHECK(names == std::vector<std::string>{"Ethernet", "IPv4", "TCP", "SMTP"});
  CHECK(i.octets.substr(i.hot_begin, i.hot_end - i.hot_begin) == "250 2.1.5 OK\r\n");
  CHECK(i.layers.back().begin == i.hot_begin);
  std::string characters;
  for (const CharToken& token : i.characters) characters += token.text + " ";
  CHECK(characters == "2 5 0 sp 2 . 1 . 5 sp O K CR LF ");
  CHECK(i.characters_note == "CR LF ends the line");
}

TEST_CASE("Layers and fields lie within the frame and within each other") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    go_to_pdu(index, cursor, id);
    const Inspector i = inspect(index, cursor);
    for (const Layer& layer : i.layers) {
      CHECK(layer.begin <= layer.end);
      CHECK(layer.end <= i.octets.size());
      for (const Field& field : layer.fields) CHECK(field.end <= i.octets.size());
    }
    CHECK(i.hot_end <= i.octets.size());
  }
}

TEST_CASE("The session machine lights the state, and says what may come next by the rules") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Inspector i = look_at(index, 1, "250 2.1.5");
  std::string lit;
  for (const StateNode& node : i.machine) {
    if (node.current) lit += node.name;
    if (node.name == "GREETED") CHECK(node.passed);
    if (node.name == "DATA") CHECK_FALSE(node.passed);
  }
  CHECK(lit == "RCPT");
  CHECK(i.next.find("RCPT, DATA") != std::string::npos);
  CHECK(i.next.find("QUIT") != std::string::npos);
}

TEST_CASE(
    "FIN leaves the dialogue where it was, and the last one of a connection leaves it closed") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  for (const Id connection : {Id{0}, Id{2}}) {
    const Inspector first = look_at(index, connection, "FIN"),
                    last = look_at(index, connection, "FIN", 1);
    const auto lit = [](const Inspector& i) {
      for (const StateNode& node : i.machine)
        if (node.current) return node.name;
      return std::string();
    };
    CHECK(lit(first) == (connection == 0 ? "QUIT" : "CLOSED"));  // POP3: by +OK to QUIT
    CHECK(lit(last) == "CLOSED");
  }
}

TEST_CASE("A message is three things, envelope, header and body, and has a way") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Inspector i = look_at(index, 1, "message");
  REQUIRE(section(i, "Envelope"));
  REQUIRE(section(i, "Header"));
  REQUIRE(section(i, "Body"));
  CHECK(section(i, "Envelope")->facts[1].value == "bob@beta.example");
  REQUIRE(section(i, "Its way"));
  REQUIRE(section(i, "Its way")->facts.size() == 3);
  CHECK(section(i, "Its way")->facts[2].value == "mail.beta → bob-pc · POP3");
  CHECK(i.characters.size() <= 50);
}

TEST_CASE("A password is masked in words, characters and octets") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Inspector i = look_at(index, 2, "PASS");
  CHECK(i.octets.find("bob") == std::string::npos);
  for (const Section& one : i.sections)
    for (const std::string& line : one.text) CHECK(line.find("bob") == std::string::npos);
}

TEST_CASE("A host shows its agents, its stores at the cursor's time, and what happened inside") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, index.pdus_of(2).front());
  cursor.selection = {Selected::Host, 2};
  const Inspector i = inspect(index, cursor);
  CHECK(i.title == "mail.beta.example");
  REQUIRE(section(i, "Agents"));
  CHECK(section(i, "Agents")->facts.size() == 5);
  REQUIRE(section(i, "Queue and mailboxes"));
  std::string stores;
  for (const Fact& fact : section(i, "Queue and mailboxes")->facts)
    stores += fact.label + " " + fact.value + "; ";
  CHECK(stores == "spool 0; mailbox bob 1; ");
  REQUIRE(section(i, "What happened inside"));
  std::string inside;
  for (const Fact& fact : section(i, "What happened inside")->facts) inside += fact.value + "; ";
  CHECK(inside.find("mailbox") != std::string::npos);
}

TEST_CASE("Nothing selected shows what the trace holds, and ids that are not there show nothing") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  Cursor cursor = open_cursor(index);
  CHECK(inspect(index, cursor).title == "Alice and Bob, each behind a LAN or WAN");
  for (const Selected kind :
       {Selected::Pdu, Selected::Frame, Selected::Change, Selected::Host, Selected::Mail}) {
    cursor.selection = {kind, 1'000'000};
    CHECK(inspect(index, cursor).title.empty());
    cursor.selection = {kind, 0};
    CHECK_FALSE(inspect(index, cursor).title.empty());
  }
}

TEST_CASE("The extensions of an EHLO list are explained piece by piece") {
  const Trace trace = sample::maa_trace();
  const TraceIndex index(trace);
  const Inspector i = look_at(index, 1, "250", 0);
  const Section* pieces = section(i, "Piece by piece");
  REQUIRE(pieces != nullptr);
  REQUIRE(pieces->facts.size() == 9);
  CHECK(pieces->facts[0].label == "SIZE");
  CHECK(pieces->facts[0].value.starts_with("Message size declaration. The server names"));
  CHECK(pieces->facts[2].label == "PIPELINING");
  CHECK(section(look_at(index, 1, "DATA"), "Piece by piece") == nullptr);
}

TEST_CASE(
    "Each link that a packet crosses is shown with the packet's TTL there, and can be opened") {
  Trace trace = sample::maa_trace();
  const Id first = trace.pdus[look_at(TraceIndex(trace), 1, "RCPT").selection.id].frame;
  const Id second = static_cast<Id>(trace.frames.size());
  trace::Frame later = trace.frames[first];  // as if a router had sent it on
  later.origin = first;
  later.sent = trace.frames.back().sent;
  later.received = later.sent + 1'000'000;
  trace.frames.push_back(later);
  const TraceIndex index(trace);
  REQUIRE(index.next_hop(first) == second);
  const auto with_ttl = [&](Id frame, char ttl) {
    std::string octets(trace.octets(trace.frames[frame]));
    octets.at(22) = ttl;
    trace.frames[frame].at = trace.store.append(octets);
  };
  with_ttl(first, 64);
  with_ttl(second, 63);
  const auto check = [&](const Section* hops) {
    REQUIRE(hops);
    REQUIRE(hops->facts.size() == 2);
    CHECK(hops->facts[0].value.ends_with(" · TTL 64"));
    CHECK(hops->facts[1].value.ends_with(" · TTL 63"));
    CHECK(hops->facts[1].leads_to == Selection{Selected::Frame, second});
  };
  Cursor cursor = open_cursor(index);
  go_end(index, cursor);
  cursor.selection = look_at(index, 1, "RCPT").selection;
  check(section(inspect(index, cursor), "Its first packet, link by link"));
  cursor.selection = {Selected::Frame, second};
  const Inspector opened = inspect(index, cursor);
  CHECK(opened.layers.size() >= 3);
  check(section(opened, "The packet, link by link"));
  cursor.time = trace.frames[second].sent - 1;  // the second link is to come
  CHECK(section(inspect(index, cursor), "The packet, link by link") == nullptr);
}
