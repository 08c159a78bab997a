#include "protocols/pop3/observer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "protocols/base/ascii.hpp"

using namespace mailscope;
using namespace mailscope::pop3;

namespace {

// What happened on the wire: octets of a direction, a gap, or an end.
struct Step {
  char
      what;  // C, S: octets; c, s: a gap of that many; !, .: the end of the client's, server's side
  std::string octets;
  std::uint64_t missing = 0;
};
using Steps = std::vector<Step>;

std::string flags_of(const Observed& e) {
  std::string out;
  if (e.flags & Observed::kSecret) out += " secret";
  if (e.flags & Observed::kIncomplete) out += " incomplete";
  if (e.flags & Observed::kOutOfPlace) out += " out-of-place";
  if (e.flags & Observed::kUnknown) out += " unknown";
  return out;
}

std::string verb_of(std::uint16_t verb) {
  return std::string(name(static_cast<Verb>(verb)));
}

// Events as lines of text, one after the other; pieces of content are joined.
class Notes {
 public:
  void take(Observer& observer) {
    while (const auto e = observer.next_event()) add(*e);
  }
  std::vector<std::string> lines;
  std::vector<std::string> contents;

 private:
  void add(const Observed& e) {
    const std::string range = " [" + std::to_string(e.begin) + "," + std::to_string(e.end) + ")";
    const std::string text = printable(e.text);
    switch (e.kind) {
      case Observed::Kind::Command:
        lines.push_back("command " + verb_of(e.word) + " '" + text + "'" + flags_of(e) + range +
                        " " + std::string(name(static_cast<State>(e.state))));
        break;
      case Observed::Kind::Continuation:
        lines.push_back("continuation '" + text + "'" + flags_of(e) + range);
        break;
      case Observed::Kind::Reply: {
        constexpr std::string_view kWords[] = {"-ERR", "+OK", "+"};
        lines.push_back("reply " + std::string(kWords[e.word]) + " to " + verb_of(e.answers) +
                        " '" + text + "'" + flags_of(e) + range + " " +
                        std::string(name(static_cast<State>(e.state))));
        break;
      }
      case Observed::Kind::ContentBegin:
        lines.push_back("content of " + verb_of(e.answers) + " from " + std::to_string(e.begin));
        contents.emplace_back();
        break;
      case Observed::Kind::Content:
        contents.back() += e.text;
        break;
      case Observed::Kind::ContentEnd:
        lines.push_back("content over" + flags_of(e) + range);
        break;
      case Observed::Kind::DeflateBegin:
        lines.push_back("deflate");
        break;
      case Observed::Kind::TlsBegin:
        lines.push_back(std::string("tls ") + (e.direction == Direction::ToServer ? "up" : "down") +
                        " from " + std::to_string(e.begin));
        break;
      case Observed::Kind::Violation:
        lines.push_back("violation " + std::string(e.code));
        break;
    }
  }
};

Notes watch(const Steps& steps, std::size_t chunk = 0, Observer::Options options = {}) {
  Observer observer(options);
  Notes notes;
  for (const Step& step : steps) {
    const bool up = step.what == 'C' || step.what == 'c' || step.what == '!';
    const Direction direction = up ? Direction::ToServer : Direction::ToClient;
    if (step.what == 'C' || step.what == 'S') {
      const std::size_t size = chunk == 0 ? step.octets.size() : chunk;
      for (std::size_t i = 0; i < step.octets.size(); i += size) {
        // A chunk of its own memory, gone after its events: what points elsewhere shows under ASan.
        const std::string copy = step.octets.substr(i, size);
        observer.receive(direction, copy);
        notes.take(observer);
      }
    } else if (step.what == 'c' || step.what == 's') {
      observer.gap(direction, step.missing);
    } else {
      observer.receive_eof(direction);
    }
    notes.take(observer);
  }
  return notes;
}

bool has(const Notes& notes, std::string_view beginning) {
  return std::any_of(notes.lines.begin(), notes.lines.end(),
                     [&](const std::string& line) { return line.starts_with(beginning); });
}
std::size_t count(const Notes& notes, std::string_view beginning) {
  return static_cast<std::size_t>(
      std::count_if(notes.lines.begin(), notes.lines.end(),
                    [&](const std::string& line) { return line.starts_with(beginning); }));
}

const Steps kSession = {
    {'S', "+OK ready <1@a>\r\n"},
    {'C', "USER bob\r\n"},
    {'S', "+OK\r\n"},
    {'C', "PASS secret\r\n"},
    {'S', "+OK logged in\r\n"},
    {'C', "STAT\r\n"},
    {'S', "+OK 2 40\r\n"},
    {'C', "LIST\r\n"},
    {'S', "+OK sizes\r\n1 20\r\n2 20\r\n.\r\n"},
    {'C', "LIST 2\r\n"},
    {'S', "+OK 2 20\r\n"},
    {'C', "RETR 1\r\n"},
    {'S', "+OK 24 octets\r\nSubject: x\r\n\r\n..\r\n...\r\ny\r\n.\r\n"},
    {'C', "TOP 2 0\r\n"},
    {'S', "+OK\r\nSubject: z\r\n\r\n.\r\n"},
    {'C', "DELE 1\r\n"},
    {'S', "+OK\r\n"},
    {'C', "QUIT\r\n"},
    {'S', "+OK bye\r\n"},
};

const std::vector<std::string> kSessionLines = {
    "reply +OK to CONNECT 'ready <1@a>' [0,17) AUTHORIZATION",
    "command USER 'USER bob' [0,10) AUTHORIZATION",
    "reply +OK to USER '' [17,22) AUTHORIZATION",
    "command PASS 'PASS secret' secret [10,23) AUTHORIZATION",
    "reply +OK to PASS 'logged in' [22,37) TRANSACTION",
    "command STAT 'STAT' [23,29) TRANSACTION",
    "reply +OK to STAT '2 40' [37,47) TRANSACTION",
    "command LIST 'LIST' [29,35) TRANSACTION",
    "reply +OK to LIST 'sizes\\n1 20\\n2 20' [47,73) TRANSACTION",
    "command LIST 'LIST 2' [35,43) TRANSACTION",
    "reply +OK to LIST '2 20' [73,83) TRANSACTION",
    "command RETR 'RETR 1' [43,51) TRANSACTION",
    "reply +OK to RETR '24 octets' [83,98) TRANSACTION",
    "content of RETR from 98",
    "content over [98,127) TRANSACTION",
};

}  // namespace

TEST_CASE("A whole dialogue is told, command by command") {
  Notes notes = watch(kSession);
  std::vector<std::string> expected = kSessionLines;
  expected.back() = "content over [98,127)";
  REQUIRE(notes.lines.size() > expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(notes.lines[i] == expected[i]);
  CHECK(notes.contents ==
        std::vector<std::string>{"Subject: x\r\n\r\n.\r\n..\r\ny\r\n", "Subject: z\r\n\r\n"});
  CHECK(has(notes, "reply +OK to TOP"));
  CHECK(has(notes, "command QUIT 'QUIT' [68,74) UPDATE"));
  CHECK(has(notes, "reply +OK to QUIT 'bye' [154,163) CLOSED"));
  CHECK(!has(notes, "violation"));
}

TEST_CASE("Chunking never changes what is told") {
  const Notes whole = watch(kSession);
  for (std::size_t chunk : {1u, 2u, 3u, 5u, 7u, 11u}) {
    const Notes pieces = watch(kSession, chunk);
    CHECK(pieces.lines == whole.lines);
    CHECK(pieces.contents == whole.contents);
  }
}

TEST_CASE("Pipelined commands are matched to their answers") {
  const Notes notes = watch({
      {'S', "+OK hi\r\n"},
      {'C', "USER bob\r\nPASS x\r\nRETR 1\r\nLIST\r\nRETR 2\r\nQUIT\r\n"},
      {'S', "+OK\r\n+OK\r\n+OK\r\none\r\n.\r\n+OK\r\n1 5\r\n.\r\n-ERR no\r\n+OK bye\r\n"},
  });
  CHECK(notes.contents == std::vector<std::string>{"one\r\n"});
  CHECK(has(notes, "reply +OK to LIST '\\n1 5'"));
  CHECK(has(notes, "reply -ERR to RETR 'no'"));
  CHECK(has(notes, "reply +OK to QUIT"));
  CHECK(!has(notes, "command QUIT 'QUIT' out-of-place"));
}

TEST_CASE("Log-in secrets are marked, in every mechanism") {
  const Notes notes = watch({
      {'S', "+OK hi <1@x>\r\n"},
      {'C', "APOP bob c4c9334bac560ecc979e58001b3e22fb\r\n"},
      {'S', "-ERR\r\n"},
      {'C', "AUTH\r\n"},
      {'S', "+OK\r\nPLAIN\r\n.\r\n"},
      {'C', "AUTH PLAIN\r\n"},
      {'S', "+ \r\n"},
      {'C', "AGJvYgBzZWNyZXQ=\r\n"},
      {'S', "+OK in\r\n"},
      {'C', "STAT\r\n"},
      {'S', "+OK 0 0\r\n"},
  });
  CHECK(has(notes, "command APOP 'APOP bob c4c9334bac560ecc979e58001b3e22fb' secret"));
  CHECK(has(notes, "reply +OK to AUTH '\\nPLAIN'"));
  CHECK(has(notes, "command AUTH 'AUTH PLAIN' ["));
  CHECK(has(notes, "reply + to AUTH '' secret"));
  CHECK(has(notes, "continuation 'AGJvYgBzZWNyZXQ=' secret"));
  CHECK(has(notes, "command STAT 'STAT' ["));
  CHECK(has(watch({{'S', "+OK\r\n"}, {'C', "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n"}}),
            "command AUTH 'AUTH PLAIN AGJvYgBzZWNyZXQ=' secret"));
}

TEST_CASE("The one who logged in is known once the server agreed") {
  Observer observer;
  observer.receive(Direction::ToClient, "+OK\r\n");
  observer.receive(Direction::ToServer, "USER bob\r\nPASS x\r\n");
  CHECK(observer.login().empty());
  observer.receive(Direction::ToClient, "+OK\r\n+OK\r\n");
  CHECK(observer.login() == "bob");
  Observer plain;
  plain.receive(Direction::ToClient, "+OK\r\n");
  plain.receive(Direction::ToServer, "AUTH PLAIN\r\n");
  plain.receive(Direction::ToClient, "+ \r\n");
  plain.receive(Direction::ToServer, "AGJvYgBzZWNyZXQ=\r\n");
  plain.receive(Direction::ToClient, "+OK\r\n");
  CHECK(plain.login() == "bob");
}

TEST_CASE("After STLS both directions are TLS") {
  const Notes notes = watch({{'S', "+OK hi\r\n"},
                             {'C', "STLS\r\n"},
                             {'S', "+OK go\r\n"},
                             {'C', "\x16\x03\x01gibberish\r\nQUIT\r\n"},
                             {'S', "\x16\x03\x01\r\n+OK\r\n"}});
  CHECK(has(notes, "tls up from 6"));
  CHECK(has(notes, "tls down from 16"));
  CHECK(count(notes, "command") == 1);
  CHECK(count(notes, "reply") == 2);
  const Notes refused =
      watch({{'S', "+OK\r\n"}, {'C', "STLS\r\n"}, {'S', "-ERR\r\n"}, {'C', "QUIT\r\n"}});
  CHECK(!has(refused, "tls"));
  const Notes early =
      watch({{'S', "+OK\r\n"}, {'C', "STLS\r\n\x16\x03\x01"}, {'S', "+OK\r\nrest"}});
  CHECK(has(early, "tls up from 6"));
  CHECK(count(early, "tls up") == 1);
}

TEST_CASE("Unknown and misplaced commands are told as such") {
  const Notes notes = watch({{'S', "+OK\r\n"},
                             {'C', "XTND x\r\n"},
                             {'S', "-ERR\r\n"},
                             {'C', "RETR 1\r\n"},
                             {'S', "-ERR\r\n"},
                             {'C', "PASS x\r\n"},
                             {'S', "-ERR\r\n"}});
  CHECK(has(notes, "command UNKNOWN 'XTND x' unknown"));
  CHECK(has(notes, "command RETR 'RETR 1' out-of-place"));
  CHECK(has(notes, "command PASS 'PASS x' secret out-of-place"));
}

TEST_CASE("Lines that end in a bare LF are read, and told once") {
  const Notes notes = watch({{'S', "+OK hi\n"},
                             {'C', "USER z\n"},
                             {'S', "+OK\n"},
                             {'C', "PASS z\n"},
                             {'S', "+OK\n"},
                             {'C', "STAT\n"},
                             {'S', "+\r\r..\r\r..x\r\r\n"},
                             {'S', ".\r\r..'\n"},
                             {'S', "x\n"},
                             {'S', "+OK 1 236\n"},
                             {'C', "RETR 1\n"},
                             {'S', "+OK\na\n..b\nc.\n.\n"},
                             {'C', "QUIT\n"},
                             {'S', "+OK Bye\n"}});
  CHECK(count(notes, "command") == 5);
  CHECK(count(notes, "reply") == 6);
  CHECK(count(notes, "violation pop3.bare-lf") == 2);
  CHECK(count(notes, "violation pop3.no-status") == 3);
  CHECK(notes.contents == std::vector<std::string>{"a\n.b\nc.\n"});
  for (std::size_t chunk : {1u, 2u, 3u}) {
    const Notes pieces =
        watch({{'S', "+OK hi\n"}, {'C', "RETR 1\n"}, {'S', "+OK\na\n..b\nc.\n.\n+OK\n"}}, chunk);
    CHECK(pieces.contents == std::vector<std::string>{"a\n.b\nc.\n"});
  }
}

TEST_CASE("A bare LF does not end a message whose dialogue has CRLF") {
  const Notes notes =
      watch({{'S', "+OK\r\n"}, {'C', "RETR 1\r\n"}, {'S', "+OK\r\na\n.\nb\r\n.\r\n"}});
  CHECK(notes.contents == std::vector<std::string>{"a\n.\nb\r\n"});
  CHECK(has(notes, "violation pop3.bare-cr-or-lf"));
}

TEST_CASE("With the client's side alone, states are those expected") {
  const Notes notes = watch({{'C', "USER bob\r\nPASS x\r\nSTAT\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n"}});
  CHECK(count(notes, "command") == 6);
  CHECK(has(notes, "command RETR 'RETR 1' [24,32) TRANSACTION"));
  CHECK(has(notes, "command QUIT 'QUIT' [40,46) CLOSED"));
  const Notes auth = watch({{'C', "AUTH LOGIN\r\nYm9i\r\nc2VjcmV0\r\nSTAT\r\n"}});
  CHECK(count(auth, "continuation") == 2);
  CHECK(has(auth, "command STAT"));
}

TEST_CASE("With the server's side alone, messages and listings are known by their look") {
  Steps steps;
  for (const Step& step : kSession)
    if (step.what == 'S') steps.push_back(step);
  steps.push_back({'.', ""});
  for (std::size_t chunk : {0u, 1u, 3u}) {
    const Notes notes = watch(steps, chunk);
    CHECK(notes.contents ==
          std::vector<std::string>{"Subject: x\r\n\r\n.\r\n..\r\ny\r\n", "Subject: z\r\n\r\n"});
    CHECK(count(notes, "reply +OK") == 10);
    CHECK(has(notes, "reply +OK to LIST 'sizes\\n1 20\\n2 20'"));
    CHECK(!has(notes, "violation"));
  }
}

TEST_CASE("With the server's side alone, an empty listing is a listing") {
  const Notes notes = watch({{'S', "+OK hi\r\n+OK\r\n.\r\n+OK bye\r\n"}, {'.', ""}});
  CHECK(has(notes, "reply +OK to LIST '' [8,16)"));
  CHECK(has(notes, "reply +OK to UNKNOWN 'bye'"));
  CHECK(!has(notes, "violation"));
}

TEST_CASE("With the server's side alone, the +OK in front of TLS is told before it") {
  const Notes notes = watch({{'S', "+OK hi\r\n+OK go\r\n\x16\x03\x01xyz"}, {'.', ""}});
  REQUIRE(notes.lines.size() == 3);
  CHECK(notes.lines[1].starts_with("reply +OK to UNKNOWN 'go' [8,16)"));
  CHECK(notes.lines[2] == "tls down from 16");
}

TEST_CASE("An answer in bare LF ends a message whose end was lost") {
  const Notes notes = watch({{'S', "+OK hi\n"},
                             {'C', "RETR 1\n"},
                             {'S', "+OK\nSubject: x\n"},
                             {'s', "", 50},
                             {'C', "DELE 1\n"},
                             {'S', "+OK\n"},
                             {'C', "QUIT\n"},
                             {'S', "+OK bye\n"}});
  CHECK(has(notes, "content over incomplete"));
  CHECK(has(notes, "reply +OK to DELE '' "));
  CHECK(has(notes, "reply +OK to QUIT 'bye'"));
}

TEST_CASE("A line longer than what is held is the same line in any cutting") {
  const std::string line = "USER " + std::string(5000, 'b') + "\r\n";
  const Notes whole = watch({{'S', "+OK\r\n"}, {'C', line}});
  CHECK(count(whole, "command USER") == 1);
  CHECK(has(whole, "violation pop3.long-line"));
  for (const std::size_t chunk : {1u, 100u, 4096u})
    CHECK(watch({{'S', "+OK\r\n"}, {'C', line}}, chunk).lines == whole.lines);
}

TEST_CASE("A dialogue joined in its middle is read from there") {
  const Observer::Options late{.from_beginning = false};
  const Notes notes = watch({{'C', "RETR 3\r\n"},
                             {'S', "+OK\r\nSubject: x\r\n\r\n.\r\n"},
                             {'C', "QUIT\r\n"},
                             {'S', "+OK bye\r\n"}},
                            0, late);
  CHECK(has(notes, "command RETR 'RETR 3' [0,8) TRANSACTION"));
  CHECK(notes.contents == std::vector<std::string>{"Subject: x\r\n\r\n"});
  CHECK(has(notes, "reply +OK to QUIT"));

  const Notes within = watch(
      {{'S', "tail of a line\r\nmore\r\n.\r\n"}, {'C', "NOOP\r\n"}, {'S', "+OK\r\n"}}, 0, late);
  CHECK(within.contents.size() == 1);
  CHECK(has(within, "content over incomplete"));
  CHECK(has(within, "reply +OK to NOOP"));
}

TEST_CASE("A gap within a message makes it incomplete, and reading goes on behind it") {
  const Notes notes = watch({{'S', "+OK\r\n"},
                             {'C', "USER b\r\n"},
                             {'S', "+OK\r\n"},
                             {'C', "PASS x\r\n"},
                             {'S', "+OK\r\n"},
                             {'C', "RETR 1\r\n"},
                             {'S', "+OK\r\nSubject: x\r\n\r\nabc"},
                             {'s', "", 1000},
                             {'S', "def\r\n.\r\n"},
                             {'C', "DELE 1\r\n"},
                             {'S', "+OK\r\n"}});
  CHECK(notes.contents == std::vector<std::string>{"Subject: x\r\n\r\nabcdef\r\n"});
  CHECK(has(notes, "content over incomplete [20,1045)"));
  CHECK(has(notes, "reply +OK to DELE"));
}

TEST_CASE("A gap that swallowed a message's end is found by the next answer") {
  const Notes notes = watch({{'S', "+OK\r\n"},
                             {'C', "USER b\r\n"},
                             {'S', "+OK\r\n"},
                             {'C', "PASS x\r\n"},
                             {'S', "+OK\r\n"},
                             {'C', "RETR 1\r\n"},
                             {'S', "+OK\r\nSubject: x\r\n\r\nabc"},
                             {'s', "", 50},
                             {'C', "DELE 1\r\n"},
                             {'S', "+OK marked\r\n"},
                             {'C', "QUIT\r\n"},
                             {'S', "+OK bye\r\n"}});
  CHECK(has(notes, "content over incomplete"));
  CHECK(has(notes, "reply +OK to DELE 'marked'"));
  CHECK(has(notes, "reply +OK to QUIT 'bye'"));
}

TEST_CASE("Answers and commands lost in gaps do not shift the others") {
  const Notes lost_reply = watch({{'S', "+OK\r\n"},
                                  {'C', "USER b\r\n"},
                                  {'S', "+OK\r\n"},
                                  {'C', "PASS x\r\n"},
                                  {'C', "STAT\r\n"},
                                  {'s', "", 20},
                                  {'S', "+OK 1 10\r\n"},
                                  {'C', "QUIT\r\n"},
                                  {'S', "+OK\r\n"}});
  CHECK(has(lost_reply, "reply +OK to STAT '1 10'"));
  CHECK(has(lost_reply, "reply +OK to QUIT"));
  const Notes lost_command = watch({{'S', "+OK\r\n"},
                                    {'c', "", 30},
                                    {'S', "+OK\r\nSubject: x\r\n\r\nb\r\n.\r\n"},
                                    {'C', "QUIT\r\n"},
                                    {'S', "+OK\r\n"}});
  CHECK(lost_command.contents == std::vector<std::string>{"Subject: x\r\n\r\nb\r\n"});
  CHECK(has(lost_command, "reply +OK to QUIT"));
  const Notes torn = watch({{'S', "+OK\r\n"}, {'C', "US"}, {'c', "", 4}, {'C', "b\r\nPASS x\r\n"}});
  CHECK(count(torn, "command") == 1);
  CHECK(has(torn, "command PASS"));
}

TEST_CASE("What the end cuts off is incomplete") {
  const Notes notes = watch({{'S', "+OK\r\n"},
                             {'C', "RETR 1\r\n"},
                             {'S', "+OK\r\nabc"},
                             {'.', ""},
                             {'C', "QUI"},
                             {'!', ""}});
  CHECK(has(notes, "content over incomplete"));
  CHECK(has(notes, "command UNKNOWN 'QUI' incomplete unknown"));
  const Notes listing =
      watch({{'S', "+OK\r\n"}, {'C', "CAPA\r\n"}, {'S', "+OK\r\nTOP\r\n"}, {'.', ""}});
  CHECK(has(listing, "reply +OK to CAPA '\\nTOP' incomplete"));
}

TEST_CASE("A size that differs from what was said is a note") {
  const Notes notes =
      watch({{'S', "+OK\r\n"}, {'C', "RETR 1\r\n"}, {'S', "+OK 99 octets\r\nabc\r\n.\r\n"}});
  CHECK(has(notes, "violation pop3.size-differs"));
}

TEST_CASE("Noise does not upset an observer, and it holds little") {
  std::mt19937 random(7);
  const std::vector<std::string> words = {
      "+OK", "-ERR", "\r\n", "\n",         ".",    "..",   "RETR 1", "LIST", "STLS", "AUTH X",
      "+ ",  "\r",   "1 2",  "Subject: x", "USER", "PASS", "QUIT",   "x",    "CAPA"};
  for (int round = 0; round < 2000; ++round) {
    Observer observer({.from_beginning = round % 2 == 0});
    Notes notes;
    for (int i = 0; i < 60; ++i) {
      const auto direction = random() % 2 == 0 ? Direction::ToServer : Direction::ToClient;
      const std::string text = words[random() % words.size()];
      if (random() % 30 == 0) {
        observer.gap(direction, random() % 100);
      } else if (random() % 100 == 0) {
        observer.receive_eof(direction);
      } else {
        observer.receive(direction, text);
      }
      notes.take(observer);
    }
  }
  Observer endless;
  for (int i = 0; i < 100; ++i) endless.receive(Direction::ToClient, std::string(100'000, 'x'));
  CHECK(!endless.next_event());
}
