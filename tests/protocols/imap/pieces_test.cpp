#include "protocols/imap/pieces.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using namespace mailscope::imap;

namespace {

std::vector<std::string> told(std::string_view text) {
  std::vector<std::string> lines;
  for (const Piece& piece : pieces_of(text)) {
    REQUIRE(piece.entry);
    lines.push_back(piece.text + " = " + piece.says);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("A learner's FETCH is taken apart") {
  const Lines fetch = {"FETCH = Fetches data of messages",
                       "2:4 = messages 2 to 4, by place in the mailbox", "FLAGS = The flags",
                       "BODY.PEEK[HEADER] = the whole header; \\Seen is not set"};
  CHECK(told("FETCH 2:4 (FLAGS BODY.PEEK[HEADER])") == fetch);
  Lines tagged = fetch;
  tagged.insert(tagged.begin(), "a7 = the command's tag");
  CHECK(told("a7 FETCH 2:4 (FLAGS BODY.PEEK[HEADER])") == tagged);
  CHECK(
      told("UID FETCH 4827:* (UID BODY[1.2.MIME] BODY[HEADER.FIELDS (DATE FROM)]<0.100>)") ==
      Lines{"UID FETCH = Fetches data of messages named by UID",
            "4827:* = the messages with the UIDs 4827 to the last one", "UID = The UID",
            "BODY[1.2.MIME] = part 1.2: its MIME header",
            "BODY[HEADER.FIELDS (DATE FROM)]<0.100> = the header fields DATE FROM, from octet 0 on "
            "at most 100 octets"});
}

TEST_CASE("A learner's sets and other commands are taken apart") {
  CHECK(told("1,3:5,*") ==
        Lines{"1,3:5,* = messages 1, 3 to 5 and the last one, by place in the mailbox"});
  CHECK(told("7") == Lines{"7 = message 7, by place in the mailbox"});
  CHECK(told("STORE 2 +FLAGS.SILENT (\\Deleted $Mine)") ==
        Lines{"STORE = Changes flags", "2 = message 2, by place in the mailbox",
              "+FLAGS.SILENT = these flags are set as well; the new flags need not be told",
              "\\Deleted = To be removed", "$Mine = a keyword: a flag of one's own"});
  CHECK(told("SEARCH OR FROM \"bob\" NOT SEEN") ==
        Lines{"SEARCH = Finds messages on the server", "OR = One or the other",
              "FROM = Somebody in From", "NOT = Not that", "SEEN = With \\Seen"});
  CHECK(told("APPEND Sent (\\Seen) {310}").back() ==
        "{310} = the message: 310 octets follow once the server says +");
  CHECK(told("nonsense").empty());
  CHECK(told("FETCH (").size() == 1);
}

TEST_CASE("A learner's ENVELOPE is taken apart") {
  const Lines lines = told(
      "ENVELOPE (\"Mon, 2 Mar 2026 09:00:00 +0000\" \"Lunch\" ((\"Alice Adams\" NIL \"alice\" "
      "\"alpha.example\")) NIL NIL ((NIL NIL \"bob\" \"beta.example\")) NIL NIL NIL \"<1@a>\")");
  CHECK(lines[2] == "\"Lunch\" = subject: Lunch");
  CHECK(lines[3].ends_with("= from: Alice Adams <alice@alpha.example>"));
  CHECK(lines[6].ends_with("= to: bob@beta.example"));
  CHECK(lines[9] == "NIL = in-reply-to: none");
  CHECK(lines.back() == "\"<1@a>\" = message-id: <1@a>");
}

TEST_CASE("A learner's BODYSTRUCTURE is taken apart") {
  const Lines lines = told(
      "* 4 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 86 4)"
      "(\"IMAGE\" \"PNG\" (\"NAME\" \"a.png\") NIL NIL \"BASE64\" 1000 NIL (\"ATTACHMENT\" "
      "(\"FILENAME\" "
      "\"a.png\"))) \"MIXED\") UID 9 BODY[1] {86}\r\n)");
  const auto has = [&](std::string_view text) {
    INFO(text);
    CHECK(std::find(lines.begin(), lines.end(), text) != lines.end());
  };
  has("\"TEXT\" \"PLAIN\" = part 1, type: text/plain");
  has("(\"CHARSET\" \"UTF-8\") = part 1, parameters: CHARSET = UTF-8");
  has("86 = part 1, octets: 86");
  has("4 = part 1, lines: 4");
  has("\"BASE64\" = part 2, encoding: BASE64");
  has("\"MIXED\" = the whole: multipart/mixed of 2 parts");
  has("UID = The UID: 9");
  has("BODY[1] = part 1: its content, as it is encoded, 86 octets");
}

TEST_CASE("Nothing that is broken off or nested deeply is too much for the pieces") {
  const std::string line = "* 1 FETCH (BODYSTRUCTURE " + std::string(5000, '(') + " FLAGS (\\Seen";
  CHECK(pieces_of(line).size() <= kPiecesMax);
  for (std::size_t i = 0; i < 100; ++i)
    pieces_of(
        std::string_view("a FETCH 1 (BODY[HEADER.FIELDS (\"A\")]<0.1> {3}\r\nab").substr(0, i));
  CHECK(pieces_of("SEARCH " + std::string(100'000, '(')).size() <= kPiecesMax);
}
