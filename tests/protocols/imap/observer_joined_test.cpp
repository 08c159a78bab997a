// What is missing: one side, the beginning, octets in between.
#include <catch2/catch.hpp>
#include <random>

#include "tests/protocols/imap/observer_notes.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

TEST_CASE("An IMAP dialogue joined in its middle is read from the next line on that is sure") {
  const Notes notes = watch(steps_of("S: * this is text of a message\nS: a7 is not a tag here\n"
                                     "S: )\nS: * 12 FETCH (FLAGS (\\Seen))\nS: a7 OK done\n"
                                     "C: of a word\nC: a8 FETCH 1 FLAGS\nS: a8 OK done\n"),
                            0, {.from_beginning = false});
  INFO(notes.all());
  CHECK(notes.lines[0].starts_with("u FETCH to FETCH"));
  CHECK(notes.has("S OK #? to UNKNOWN 'done'"));
  CHECK(notes.has("C FETCH #1 'a8 FETCH 1 FLAGS' ["));
  CHECK(notes.lines.back().ends_with("SELECTED"));
  CHECK_FALSE(notes.has("!"));
}

TEST_CASE("One side of an IMAP dialogue alone is read") {
  const Notes client =
      watch(steps_of("C: a AUTHENTICATE PLAIN\nC: AGJvYgBib2I=\nC: b SELECT INBOX\n"
                     "C: c IDLE\nC: DONE\nC: d APPEND INBOX {4}\nC: ab\nC: \n"));
  INFO(client.all());
  CHECK(client.has("c #2 'AGJvYgBib2I=' secret"));
  CHECK(client.has("C IDLE #4"));
  CHECK(client.has("c #4 'DONE'"));
  CHECK(client.contents == std::vector<std::string>{"ab\r\n"});
  CHECK_FALSE(client.has("!"));
  const Notes server =
      watch(steps_of("S: * OK hi\nS: a OK in\nS: * 2 EXISTS\nS: b OK open\n"
                     "S: * 1 FETCH (BODY[] {4}\nS: ab\nS: )\nS: c OK done\n"));
  INFO(server.all());
  CHECK(server.count("S OK #?") == 3);
  CHECK(server.contents == std::vector<std::string>{"ab\r\n"});
  CHECK_FALSE(server.has("!"));
}

TEST_CASE("A literal's count leads over a gap in it") {
  const Steps before = steps_of(
      "S: * PREAUTH hi\nC: a SELECT INBOX\nS: a OK open\nC: b FETCH 1 BODY[]\n"
      "S: * 1 FETCH (BODY[] {12}\nS: Sub\n");
  Steps steps = before;
  steps.back().octets.resize(steps.back().octets.size() - 2);
  steps.push_back({'s', "", 5});
  steps.push_back({'S', "x\r\n\r)\r\nb OK done\r\n"});
  steps.back().octets = "xy\r\n UID 4)\r\nb OK done\r\n";
  const Notes notes = watch(steps);
  INFO(notes.all());
  CHECK(notes.contents == std::vector<std::string>{"Subxy\r\n"});
  CHECK(notes.has("whole 'Subxy\\r\\n' incomplete"));
  CHECK(notes.has("u FETCH #3 to FETCH"));
  CHECK(notes.has("S OK #3 to FETCH"));
  // A gap that swallows the end of the literal and more.
  steps[steps.size() - 2].missing = 20;
  steps.back().octets = "E 4)\r\nb OK done\r\n";
  const Notes more = watch(steps);
  INFO(more.all());
  CHECK(more.has("whole 'Sub' incomplete"));
  CHECK(more.has("u FETCH #3 to FETCH"));
  CHECK(more.has("S OK #3 to FETCH"));
}

TEST_CASE("Answers lost in a gap do not hold up later ones") {
  Steps steps = steps_of("S: * PREAUTH hi\nC: a SELECT INBOX\nC: b FETCH 1 FLAGS\n");
  steps.push_back({'s', "", 40});
  for (const Step& step :
       steps_of("C: c STATUS x (MESSAGES)\nS: * STATUS x (MESSAGES 3)\nS: c OK x\n"
                "S: * 1 FETCH (FLAGS ())\n"))
    steps.push_back(step);
  const Notes notes = watch(steps);
  INFO(notes.all());
  CHECK(notes.has("u STATUS #4 to STATUS"));
  CHECK(notes.has("S OK #4 to STATUS"));
  CHECK(notes.has("u FETCH to FETCH"));  // b's answer was lost
}

// What is told behind gaps is a part of what is told without them; nothing is made up.
TEST_CASE("Gaps anywhere lose what they touch and make up nothing") {
  const Steps whole = steps_of(
      "S: * PREAUTH hi\nC: a SELECT INBOX\nS: * 9 EXISTS\nS: a OK [READ-WRITE] open\n"
      "C: b FETCH 1:2 BODY[]\nS: * 1 FETCH (BODY[] {28}\nS: Subject: x\nS: \nS: * 8 EXPUNGE\n"
      "S: )\nS: * 2 FETCH (BODY[] {4}\nS: cd\nS: )\nS: b OK x\n"
      "C: c APPEND INBOX {20+}\nC: Subject: y\nC: \nC: a NOOP\nS: c OK x\nC: d LOGOUT\nS: * BYE x\n"
      "S: d OK x\n");
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    Steps steps;
    for (const Step& step : whole) {
      const std::size_t from = random() % (step.octets.size() + 1);
      const std::size_t lost = random() % 3 == 0 ? random() % (step.octets.size() - from + 1) : 0;
      if (from > 0) steps.push_back({step.kind, step.octets.substr(0, from)});
      if (lost > 0) steps.push_back({step.kind == 'C' ? 'c' : 's', "", lost});
      if (from + lost < step.octets.size())
        steps.push_back({step.kind, step.octets.substr(from + lost)});
    }
    const Notes notes = watch(steps);
    INFO(notes.all());
    for (const std::string& content : notes.contents) CHECK(content.size() <= 28);
    for (const std::string& line : notes.lines) {
      if (line.find("whole") == 0 && line.find("incomplete") == std::string::npos)
        CHECK((line.find("EXPUNGE") != std::string::npos || line.find("'cd") != std::string::npos ||
               line.find("Subject: y") != std::string::npos));
    }
    CHECK(notes.count("C ") <= 5);
    CHECK(notes.lines == watch(steps, 1).lines);
  }
}
