#include "protocols/imap/wire_reader.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "protocols/imap/command_reader.hpp"
#include "reading.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using mailscope::imap::reading::kSmall;
using mailscope::imap::reading::read;

namespace {

using Decision = reading::Decision;

// Whole, octet by octet, and cut once in every place.
void check_any_chunking(std::string_view input, const std::string& expected,
                        Decision decision = Decision::Keep,
                        WireReader::Limits limits = reading::kSmall) {
  INFO(input);
  CHECK(read({input}, decision, limits) == expected);
  std::vector<std::string_view> octets;
  for (std::size_t i = 0; i < input.size(); ++i) {
    octets.push_back(input.substr(i, 1));
    CHECK(read({input.substr(0, i), input.substr(i)}, decision, limits) == expected);
  }
  CHECK(read(octets, decision, limits) == expected);
}

}  // namespace

TEST_CASE("Lines and literals are told apart, however the octets are cut") {
  check_any_chunking("a1 NOOP\r\n", "whole a1 NOOP\n");
  check_any_chunking("a1 NOOP\r\na2 IDLE\r\nDO", "whole a1 NOOP\nwhole a2 IDLE\n");
  check_any_chunking("a1 LOGIN {3}\r\nbob {5}\r\nse\r\nc\r\na2 NOOP\r\n",
                     "literal 3 waits after a1 LOGIN {3}\n"
                     "literal 5 waits after a1 LOGIN {3}\\r\\n {5}\n"
                     "whole a1 LOGIN {3}\\r\\n {5}\\r\\n [bob] [se\\r\\nc]\n"
                     "whole a2 NOOP\n");
  check_any_chunking("a1 LOGIN {3+}\r\nbob {0+}\r\n\r\n",
                     "literal 3 after a1 LOGIN {3+}\n"
                     "literal 0 after a1 LOGIN {3+}\\r\\n {0+}\n"
                     "whole a1 LOGIN {3+}\\r\\n {0+}\\r\\n [bob] []\n");
  check_any_chunking(std::string_view("a APPEND x ~{3}\r\na\0b\r\n", 22),
                     "literal 3 waits binary after a APPEND x ~{3}\n"
                     "whole a APPEND x ~{3}\\r\\n [a\\x00b]\n");
}

TEST_CASE("A literal's octets may be passed on") {
  CHECK(read({"a APPEND x {5}\r\nhe", "llo\r\nb NOOP\r\n"}, Decision::PassOn) ==
        "literal 5 waits after a APPEND x {5}\npiece he\npiece llo\n"
        "whole a APPEND x {5}\\r\\n [5 octets]\nwhole b NOOP\n");
}

TEST_CASE("A literal that is dropped: its octets come only where they do not wait") {
  check_any_chunking("a APPEND x {5}\r\nb NOOP\r\n",
                     "literal 5 waits after a APPEND x {5}\nwhole b NOOP\n", Decision::Drop);
  check_any_chunking("a APPEND x {5+}\r\nhello {2+}\r\nxx\r\nb NOOP\r\n",
                     "literal 5 after a APPEND x {5+}\nwhole b NOOP\n", Decision::Drop);
}

TEST_CASE("What breaks the rules is said, and passed over to the end of the command") {
  check_any_chunking(std::string_view("a N\0P\r\nb NOOP\r\n", 15),
                     "fault 3 a N\\x00P\nwhole b NOOP\n");
  check_any_chunking("a N\rP\r\nb NOOP\r\n", "fault 1 a N\\rP\nwhole b NOOP\n");
  check_any_chunking("a N\nP\r\nb NOOP\r\n", "fault 2 a N\\nP\nwhole b NOOP\n");
  check_any_chunking(std::string_view("a LOGIN {3}\r\nb\0b c\r\nb NOOP\r\n", 29),
                     "literal 3 waits after a LOGIN {3}\n"
                     "fault 3 a LOGIN {3}\\r\\n c\nwhole b NOOP\n");
  // The line that is at fault has a literal that does not wait (RFC 7888 §3).
  check_any_chunking("a N\rP {3+}\r\nabc {1+}\r\nx y\r\nb NOOP\r\n",
                     "fault 1 a N\\rP {3+}\nwhole b NOOP\n");
}

TEST_CASE("A line that is too long is passed over with its literals") {
  const std::string line(200, 'x');
  check_any_chunking(line + "\r\nb NOOP\r\n", "fault 0 " + line.substr(0, 98) + "\nwhole b NOOP\n");
  check_any_chunking(line + "{4+}\r\nc C\r\r\nb NOOP\r\n",
                     "fault 0 " + line.substr(0, 98) + "\nwhole b NOOP\n");
  // Also where the lines of a command are too long together.
  std::string log =
      read({std::string(60, 'x') + " {1}\r\na " + std::string(60, 'y') + "\r\nb NOOP\r\n"},
           Decision::Keep);
  CHECK(log.find("fault 0") != std::string::npos);
  CHECK(log.ends_with("whole b NOOP\n"));
}

TEST_CASE("Literals are bounded in octets and in number") {
  check_any_chunking(
      "a X {1001}\r\nb NOOP\r\n",
      "literal 1001 waits after a X {1001}\nfault 4 a X {1001}\\r\\n\nwhole b NOOP\n");
  const std::string octets(1001, 'x');
  CHECK(read({"a X {1001+}\r\n", octets, " {1+}\r\nx\r\nb NOOP\r\n"}, Decision::Keep) ==
        "literal 1001 after a X {1001+}\nfault 4 a X {1001+}\\r\\n\nwhole b NOOP\n");
  check_any_chunking("a {1}\r\nx{1}\r\nx{1}\r\nx{1+}\r\nx\r\nb NOOP\r\n",
                     "literal 1 waits after a {1}\n"
                     "literal 1 waits after a {1}\\r\\n{1}\n"
                     "literal 1 waits after a {1}\\r\\n{1}\\r\\n{1}\n"
                     "fault 5 a {1}\\r\\n{1}\\r\\n{1}\\r\\n{1+}\nwhole b NOOP\n");
  // Those of a command together.
  const std::string half(600, 'x');
  CHECK(read({"a {600}\r\n", half, "{600}\r\nb NOOP\r\n"}, Decision::Keep) ==
        "literal 600 waits after a {600}\nliteral 600 waits after a {600}\\r\\n{600}\n"
        "fault 4 a {600}\\r\\n{600}\\r\\n\nwhole b NOOP\n");
  // Not a count: text, which no grammar has.
  check_any_chunking("a X {99999999999999999999}\r\n", "whole a X {99999999999999999999}\n");
  check_any_chunking("a X {}\r\n", "whole a X {}\n");
  check_any_chunking("a X {+}\r\n", "whole a X {+}\n");
  check_any_chunking("a X {-1}\r\n", "whole a X {-1}\n");
}

TEST_CASE("Within AUTHENTICATE and IDLE a line is a line") {
  WireReader reader(kSmall);
  std::string_view input = "a IDLE\r\nDONE {3}\r\nb NO";
  CHECK(std::get<WireText>(reader.next(input)).text == "a IDLE");
  CHECK(std::get<WireText>(reader.next_line(input)).text == "DONE {3}");
  CHECK(std::holds_alternative<NeedMore>(reader.next_line(input)));
  CHECK(!reader.between());
  input = "OP\r\n";
  const WireText line = std::get<WireText>(reader.next_line(input));
  CHECK(line.text == "b NOOP");
  CHECK(line.begin == 18);
  CHECK(line.end == 26);
  CHECK(reader.between());
}

TEST_CASE("An observer's reader goes on behind a gap") {
  WireReader reader(kSmall, LineSplitter::BareLf::EndsLine);
  std::string_view input = "a X {9}\r\n";
  CHECK(std::holds_alternative<LiteralFollows>(reader.next(input)));
  reader.pass_literal_on();
  CHECK(reader.gap(7));
  input = "89\nlf NOOP\n";
  CHECK(std::get<LiteralPiece>(reader.next(input)).octets == "89");
  CHECK(std::get<WireText>(reader.next(input)).text == "a X {9}\r\n");
  CHECK(std::get<WireText>(reader.next(input)).text == "lf NOOP");
  CHECK(!reader.gap(10));
  input = "tail\r\nc NOOP\r\n";
  CHECK(std::get<WireText>(reader.next(input)).text == "c NOOP");
}

TEST_CASE("The front of a command says whose it is before it is whole") {
  CHECK(front_of("a1 append INBOX {3}").verb == Verb::Append);
  CHECK(front_of("a1 UID fetch 1").uid);
  CHECK(front_of("a1 UID fetch 1").verb == Verb::Fetch);
  CHECK(front_of("a1 frob").tag == "a1");
  CHECK(front_of("a1 frob").word == "frob");
  CHECK(front_of("+ x").tag.empty());
  CHECK(front_of("").tag.empty());
}
