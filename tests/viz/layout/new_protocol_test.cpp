// A protocol that nobody but its description knows, in every face.
#include <algorithm>
#include <catch2/catch.hpp>

#include "captures/export/json.hpp"
#include "captures/export/transcript.hpp"
#include "tests/captures/languages/finger.hpp"
#include "tests/captures/observe/talk.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/list.hpp"
#include "viz/layout/words.hpp"

using namespace mailscope;
using namespace mailscope::viz;

namespace {

trace::Trace finger_talk() {
  test::finger();
  test::Talk talk;
  talk.server_port = 79;
  talk.open();
  talk.dialogue("C: alice\nS: Login: alice\nS: Plan: to write to Bob\n");
  talk.close();
  return talk.trace();
}

void holds(const std::string& text, std::string_view part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("A protocol is known to every export by its description alone") {
  const trace::Trace trace = finger_talk();
  REQUIRE(trace.connections.size() == 1);
  CHECK(trace.connections[0].protocol == test::finger());
  CHECK(trace.connections[0].commands == 1);
  CHECK(trace.connections[0].replies == 1);
  REQUIRE(trace.exchanges.size() == 1);

  const std::string json = export_::report_json(trace, {.exchanges = true});
  holds(json, "\"protocol\": \"finger\"");
  holds(json, "\"verb\": \"user\", \"command\": \"alice\"");
  holds(json, "\"code\": \"answer\", \"text\": \"Login: alice\\nPlan: to write to Bob\"");

  const std::string transcript = export_::transcript(trace);
  holds(transcript, "opens a TCP connection to port 79 (Finger)");
  holds(transcript, "C: alice");
  holds(transcript, "S: Login: alice");
  holds(transcript, "S: Plan: to write to Bob");
  holds(export_::summary(trace), "finger");
}

TEST_CASE("A protocol is known to every panel by its description alone") {
  const trace::Trace trace = finger_talk();
  const TraceIndex index(trace);
  REQUIRE(trace.exchanges.size() == 1);
  const trace::Id query = trace.exchanges[0].command, answer = trace.exchanges[0].first_reply;
  REQUIRE(query != trace::kNone);
  REQUIRE(answer != trace::kNone);
  CHECK(gist(trace, trace.pdus[answer]) == "what is known of them");

  FilteredPdus pdus;
  pdus.set(index, "finger, user");
  while (!pdus.work(100)) {
  }
  const std::vector<ListRow> rows = layout_list(index, {}, pdus, 0, 10);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].head == "user");
  CHECK(rows[0].says == "alice");
  CHECK(rows[0].meaning == "who is that?");
  CHECK(rows[0].phase == "question");
  CHECK(rows[0].role == Role::Imap);  // its place in the palette

  Cursor cursor;
  cursor.pdu = query;
  cursor.selection = {Selected::Pdu, query};
  const Ladder ladder = layout_ladder(index, cursor, {}, {0, 0, 900, 700});
  const auto arrow = std::find_if(ladder.arrows.begin(), ladder.arrows.end(),
                                  [&](const Arrow& one) { return one.pdu == query; });
  REQUIRE(arrow != ladder.arrows.end());
  CHECK(arrow->label == "alice");
  CHECK(std::any_of(ladder.strips.begin(), ladder.strips.end(),
                    [](const StateStrip& strip) { return strip.label == "ANSWERING"; }));

  const Inspector inspector = inspect(index, cursor);
  CHECK(inspector.chips.at(0).text == "Finger query");
  CHECK(inspector.meaning.at(0) == "Asks the host what it tells of one of its users.");
  CHECK(inspector.syntax == "user CRLF");
  CHECK(inspector.references.at(0).text == "RFC 1288 §2.3");
  REQUIRE(inspector.machine.size() == 3);
  CHECK(inspector.machine[1].name == "ANSWERING");
  CHECK(inspector.machine[1].current);
  CHECK(inspector.layers.back().name == "Finger");
}
