#include <catch2/catch.hpp>

#include "protocols/imap/command_parser.hpp"
#include "protocols/imap/command_reader.hpp"
#include "protocols/imap/command_writer.hpp"

using namespace mailscope;
using namespace mailscope::imap;

namespace {

// The command that begins `octets`, its literals taken in.
WireText wire(std::string_view octets) {
  CommandReader reader({.line_octets_max = 200'000});
  for (;;) {
    WireReader::Answer answer = reader.next(octets);
    if (std::holds_alternative<LiteralFollows>(answer)) {
      reader.keep_literal();
      continue;
    }
    REQUIRE(std::holds_alternative<WireText>(answer));
    return std::get<WireText>(std::move(answer));
  }
}

tl::expected<Command, CommandError> parse(std::string_view octets, ParseOptions options = {}) {
  return parse_command(wire(std::string(octets) + "\r\n"), options);
}

// As it is written again, without its final CRLF; or what is wrong.
std::string again(std::string_view octets, ParseOptions options = {}) {
  const auto command = parse(octets, options);
  if (!command) return command.error().text;
  std::string out = write_command(*command, {.utf8 = options.utf8}).octets;
  out.resize(out.size() - 2);
  return out;
}

}  // namespace

TEST_CASE("Commands in order are read, and written in their plainest form") {
  struct Row {
    std::string_view text, written;  // empty: as it was
  };
  for (const Row& row :
       {Row{"a1 CAPABILITY", ""},
        {"a1 nOOp", "a1 NOOP"},
        {"[].&x LOGOUT", ""},
        {"a STARTTLS", ""},
        {"a LOGIN bob secret", ""},
        {"a LOGIN {3}\r\nbob \"sec ret\"", "a LOGIN bob \"sec ret\""},
        {"a LOGIN {4}\r\nb\r\nb {0}\r\n", "a LOGIN {4}\r\nb\r\nb \"\""},
        {"a LOGIN \"b\\\"o\\\\b\" x", ""},
        {"a LOGIN b]b +", ""},
        {"a AUTHENTICATE plain", "a AUTHENTICATE PLAIN"},
        {"a AUTHENTICATE PLAIN AGJvYgBib2I=", ""},
        {"a AUTHENTICATE EXTERNAL =", ""},
        {"a ENABLE CONDSTORE qresync", "a ENABLE CONDSTORE QRESYNC"},
        {"a COMPRESS deflate", "a COMPRESS DEFLATE"},
        {"a ID NIL", ""},
        {"a ID ()", ""},
        {"a ID (\"name\" \"x y\" \"version\" NIL)", ""},
        {"a SELECT inbox", "a SELECT INBOX"},
        {"a EXAMINE \"a b\"", ""},
        {"a SELECT Entw&APw-rfe", ""},
        {"a SELECT INBOX (CONDSTORE)", ""},
        {"a SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))", ""},
        {"a SELECT INBOX (QRESYNC (67890007 90060115194045000 41:211,214:541 (5,15,18 41,99,148)))",
         ""},
        {"a SELECT INBOX (QRESYNC (67890007 9 (5:7 4,8:9)))", ""},
        {"a SELECT INBOX (CONDSTORE QRESYNC (1 2))", ""},
        {"a CREATE owatagusiam/", ""},
        {"a CREATE x (USE (\\Drafts \\Sent))", ""},
        {"a CREATE x (USE (\\Own))", ""},
        {"a CREATE x (USE ())", "a CREATE x"},
        {"a DELETE x", ""},
        {"a RENAME a b", ""},
        {"a SUBSCRIBE #news.x", ""},
        {"a UNSUBSCRIBE x", ""},
        {"a LIST \"\" *", "a LIST \"\" \"*\""},
        {"a LIST \"\" \"\"", ""},
        {"a LIST ~/Mail/ %", "a LIST \"~/Mail/\" \"%\""},
        {"a LIST () \"\" \"*\"", ""},
        {"a LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"a\" \"b*\")", ""},
        {"a LIST \"\" (a)", "a LIST () \"\" \"a\""},
        {"a LIST \"\" % RETURN (CHILDREN STATUS (MESSAGES UNSEEN))",
         "a LIST \"\" \"%\" RETURN (CHILDREN STATUS (MESSAGES UNSEEN))"},
        {"a LIST (SPECIAL-USE) \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE)", ""},
        {"a LIST (REMOTE) \"\" \"*\" RETURN ()", "a LIST (REMOTE) \"\" \"*\""},
        {"a LSUB \"\" \"*\"", ""},
        {"a NAMESPACE", ""},
        {"a STATUS x (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE HIGHESTMODSEQ "
         "APPENDLIMIT DELETED-STORAGE)",
         ""},
        {"a APPEND x {3}\r\na\r\n", ""},
        {"a APPEND x (\\Seen $Junk) \"17-Jul-1996 02:44:25 -0700\" {1}\r\nx", ""},
        {"a APPEND x () \" 7-Jul-1996 02:44:25 -0700\" {1}\r\nx",
         "a APPEND x \" 7-Jul-1996 02:44:25 -0700\" {1}\r\nx"},
        {"a APPEND x {1}\r\na (\\Draft) {2}\r\nbb ~{1}\r\nc", ""},
        {"a APPEND x UTF8 (~{2}\r\nxy)", ""},
        {"a IDLE", ""},
        {"a GETQUOTA \"\"", ""},
        {"a GETQUOTAROOT INBOX", ""},
        {"a SETQUOTA \"\" (STORAGE 512 MESSAGE 9223372036854775807)", ""},
        {"a SETQUOTA x ()", ""},
        {"a CHECK", ""},
        {"a CLOSE", ""},
        {"a UNSELECT", ""},
        {"a EXPUNGE", ""},
        {"a UID EXPUNGE 3000:3002", ""},
        {"a COPY 2:4 MEETING", ""},
        {"a UID MOVE $ x", ""},
        {"a STORE 2:4 +FLAGS (\\Deleted)", ""},
        {"a STORE 1 flags.silent \\Seen $x", "a STORE 1 FLAGS.SILENT (\\Seen $x)"},
        {"a STORE * -FLAGS ()", ""},
        {"a UID STORE 7 (UNCHANGEDSINCE 0) FLAGS (\\Flagged)", ""},
        {"a FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])", ""},
        {"a FETCH 1 FAST", "a FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE)"},
        {"a FETCH 1 ALL", "a FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"},
        {"a FETCH 1 FULL", "a FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY)"},
        {"a FETCH 1 (RFC822 RFC822.HEADER RFC822.SIZE RFC822.TEXT BODY BODYSTRUCTURE UID MODSEQ)",
         ""},
        {"a FETCH 1 BODY[]", ""},
        {"a fetch 1 body.peek[1.2.header]<0.1024>", "a FETCH 1 BODY.PEEK[1.2.HEADER]<0.1024>"},
        {"a FETCH 1 (BODY[TEXT] BODY[1.MIME] BODY[3.HEADER.FIELDS.NOT (\"a b\" X)]<5.6>)", ""},
        {"a FETCH 1 BODY[HEADER.FIELDS ({3}\r\na b)]", "a FETCH 1 BODY[HEADER.FIELDS (\"a b\")]"},
        {"a FETCH 1 (BINARY[1] BINARY.PEEK[1.2]<1.2> BINARY.SIZE[2] BINARY[])", ""},
        {"a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345 VANISHED)",
         "a UID FETCH 1:* FLAGS (CHANGEDSINCE 12345 VANISHED)"},
        {"a SEARCH ALL", ""},
        {"a SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"",
         "a SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM Smith"},
        {"a SEARCH CHARSET UTF-8 TEXT {6}\r\n\xd0\xbc\xd0\xb0\xd1\x82", ""},
        {"a SEARCH RETURN (MIN COUNT SAVE) UNSEEN", ""},
        {"a SEARCH RETURN () CHARSET US-ASCII 2,4:7 UID 5:*", ""},
        {"a SEARCH OR OR SEEN NEW OLD", "a SEARCH OR SEEN OR NEW OLD"},
        {"a SEARCH OR SEEN (OR NEW (OLD RECENT))", "a SEARCH OR SEEN OR NEW (OLD RECENT)"},
        {"a SEARCH (SEEN (NEW)) OLD", "a SEARCH SEEN NEW OLD"},
        {"a SEARCH NOT NOT NOT SEEN", "a SEARCH NOT SEEN"},
        {"a SEARCH NOT (NOT (SEEN))", "a SEARCH SEEN"},
        {"a SEARCH NOT (SEEN NEW)", ""},
        {"a SEARCH UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNSEEN UNKEYWORD $x KEYWORD y", ""},
        {"a SEARCH ANSWERED DELETED DRAFT FLAGGED SEEN RECENT", ""},
        {"a SEARCH BCC a CC b FROM c SUBJECT d TO e BODY f TEXT g HEADER X-Y \"\"", ""},
        {"a SEARCH BEFORE \"1-Feb-1994\" ON 2-Feb-1994 SENTBEFORE 3-Feb-1994 SENTON 4-Feb-1994 "
         "SENTSINCE 5-Feb-1994 LARGER 0 SMALLER 9",
         "a SEARCH BEFORE 1-Feb-1994 ON 2-Feb-1994 SENTBEFORE 3-Feb-1994 SENTON 4-Feb-1994 "
         "SENTSINCE 5-Feb-1994 LARGER 0 SMALLER 9"},
        {"a SEARCH MODSEQ \"/flags/\\\\draft\" all 620162338", ""},
        {"a SEARCH MODSEQ 0", ""},
        {"a SEARCH $ SMALLER 4096", ""},
        {"a UID SORT (SUBJECT REVERSE DATE) UTF-8 ALL", ""},
        {"a SORT (ARRIVAL CC FROM SIZE TO) US-ASCII SEEN", ""},
        {"a THREAD references utf-8 since 5-mar-2000",
         "a THREAD REFERENCES utf-8 SINCE 5-Mar-2000"},
        {"a UID THREAD ORDEREDSUBJECT UTF-8 ALL", ""}}) {
    INFO(row.text);
    CHECK(again(row.text) == (row.written.empty() ? row.text : row.written));
  }
}

TEST_CASE("Commands that are not in order: a line says what was expected") {
  struct Row {
    std::string_view text, error;
  };
  for (const Row& row :
       {Row{"", "A tag is expected in front of the command"},
        {" NOOP", "A tag is expected in front of the command"},
        {"+ NOOP", "A tag is expected in front of the command"},
        {"a", "A command is expected behind the tag"},
        {"a FROB x", "There is no command \"FROB x\""},
        {"a UID NOOP", "There is no command \"UID NOOP\""},
        {"a  NOOP", "There is no command \" NOOP\""},
        {"a NOOP ", "NOOP: the end of the command is expected, not \" \""},
        {"a NOOP x", "NOOP: the end of the command is expected, not \" x\""},
        {"a LOGIN bob", "LOGIN: a space is expected, not the end"},
        {"a LOGIN bob ", "LOGIN: a password is expected, not the end"},
        {"a LOGIN \"bob x", "LOGIN: the closing quote is expected, not the end"},
        {"a LOGIN \"b\\ob\" x",
         "LOGIN: a quote or a backslash behind a backslash is expected, not \"ob\" x\""},
        {"a LOGIN b\xc3\xbc x", "LOGIN: a space is expected, not \"\\xc3\\xbc x\""},
        {"a LOGIN \"b\xc3\" x", "LOGIN: UTF-8 between quotes is expected, not \"b\\xc3\" x\""},
        {"a LOGIN {3}\r\nbobx x", "LOGIN: a space is expected, not \"x x\""},
        {"a LOGIN ~{3}\r\nbob x", "LOGIN: a space is expected, not \"{3}\""},
        {"a LOGIN {3} x", "LOGIN: a literal is expected, not \"{3} x\""},
        {"a AUTHENTICATE PLAIN *", "AUTHENTICATE: a response in base64 is expected, not \"*\""},
        {"a ENABLE", "ENABLE: a space is expected, not the end"},
        {"a ID (\"a\")", "ID: a space is expected, not \")\""},
        {"a SELECT", "SELECT: a space is expected, not the end"},
        {"a SELECT x (FROB)", "SELECT: CONDSTORE or QRESYNC is expected, not \"FROB)\""},
        {"a SELECT x (QRESYNC (0 1))", "SELECT: a number from 1 on is expected, not \"0 1))\""},
        {"a SELECT x (QRESYNC (1 0))", "SELECT: a mod-sequence from 1 on is expected, not \"0))\""},
        {"a SELECT x (QRESYNC (1 1 1:*))",
         "SELECT: a set without \"*\" is expected, not \"1:*))\""},
        {"a SELECT x (QRESYNC (1 1 (1:2 5)))",
         "SELECT: a UID for each sequence number is expected, not \"(1:2 5)))\""},
        {"a SELECT x ()", "SELECT: CONDSTORE or QRESYNC is expected, not \")\""},
        {"a CREATE x (USE (Sent))", "CREATE: a special use is expected, not \"Sent))\""},
        {"a CREATE x (FROB)", "CREATE: USE is expected, not \"FROB)\""},
        {"a RENAME x", "RENAME: a space is expected, not the end"},
        {"a LIST x", "LIST: a space is expected, not the end"},
        {"a LIST (RECURSIVEMATCH REMOTE) \"\" *",
         "LIST: a selection option beside RECURSIVEMATCH is expected, not \"(RECURSIVEMATCH "
         "REMOTE) ...\""},
        {"a LIST (FROB) \"\" *",
         "LIST: a selection option of LIST is expected, not \"FROB) \"\" *\""},
        {"a LIST \"\" ()", "LIST: a mailbox name or pattern is expected, not \")\""},
        {"a LIST \"\" * RETURN (FROB)", "LIST: a return option of LIST is expected, not \"FROB)\""},
        {"a LIST \"\" * FROB", "LIST: RETURN is expected, not \"FROB\""},
        {"a STATUS x ()", "STATUS: a status item is expected, not \")\""},
        {"a STATUS x (MESSAGES,UNSEEN)",
         "STATUS: a status item is expected, not \"MESSAGES,UNSEEN)\""},
        {"a STATUS x MESSAGES", "STATUS: \"(\" is expected, not \"MESSAGES\""},
        {"a APPEND x \"hello\"",
         "APPEND: a date like \" 2-Mar-2026 09:15:00 +0100\" is expected, not \"\"hello\"\""},
        {"a APPEND x (\\Recent) {1}\r\nx", "APPEND: a flag is expected, not \"\\Recent) {1}\""},
        {"a APPEND x hello", "APPEND: a literal with the message is expected, not \"hello\""},
        {"a APPEND x UTF8 ({1}\r\nx)", "APPEND: a literal8 is expected, not \"{1}\""},
        {"a APPEND x", "APPEND: a space is expected, not the end"},
        {"a SETQUOTA x (STORAGE)", "SETQUOTA: a space is expected, not \")\""},
        {"a EXPUNGE 1", "EXPUNGE: the end of the command is expected, not \" 1\""},
        {"a UID EXPUNGE", "UID EXPUNGE: a space is expected, not the end"},
        {"a COPY 1,,2 x", "COPY: a sequence set is expected, not \"1,,2 x\""},
        {"a COPY x y", "COPY: a sequence set is expected, not \"x y\""},
        {"a STORE 1 FLAG (\\Seen)",
         "STORE: FLAGS or FLAGS.SILENT is expected, not \"FLAG (\\Seen)\""},
        {"a STORE 1 FLAGS", "STORE: a space is expected, not the end"},
        {"a STORE 1 FLAGS (\\Recent)", "STORE: a flag is expected, not \"\\Recent)\""},
        {"a STORE 1 (UNCHANGEDSINCE 1 UNCHANGEDSINCE 2) FLAGS ()",
         "STORE: UNCHANGEDSINCE, once is expected, not \"UNCHANGEDSINCE 2) FLAGS ...\""},
        {"a FETCH 1", "FETCH: a space is expected, not the end"},
        {"a FETCH 1 ()", "FETCH: an item to fetch is expected, not \")\""},
        {"a FETCH 1 (ALL)", "FETCH: an item to fetch is expected, not \"ALL)\""},
        {"a FETCH 1 (FLAGS UID", "FETCH: a space is expected, not the end"},
        {"a FETCH 1 BODY.PEEK", "FETCH: \"[\" is expected, not the end"},
        {"a FETCH 1 BODY[MIME]",
         "FETCH: HEADER, HEADER.FIELDS, TEXT or a part's number is expected, not \"MIME]\""},
        {"a FETCH 1 BODY[0]", "FETCH: a number from 1 on is expected, not \"0]\""},
        {"a FETCH 1 BODY[1.]", "FETCH: a part's number or word is expected, not \"]\""},
        {"a FETCH 1 BODY[1HEADER]", "FETCH: \"]\" is expected, not \"HEADER]\""},
        {"a FETCH 1 BODY[1.FROB]",
         "FETCH: HEADER, HEADER.FIELDS, TEXT or MIME is expected, not \"FROB]\""},
        {"a FETCH 1 BODY[HEADER.FIELDS ()]",
         "FETCH: a header field's name is expected, not \")]\""},
        {"a FETCH 1 BODY[HEADER.FIELDS]", "FETCH: a space is expected, not \"]\""},
        {"a FETCH 1 BODY[]<0>", "FETCH: \".\" is expected, not \">\""},
        {"a FETCH 1 BODY[]<0.0>", "FETCH: a count from 1 on is expected, not \"0>\""},
        {"a FETCH 1 BINARY[TEXT]", "FETCH: \"]\" is expected, not \"TEXT]\""},
        {"a FETCH 1 BINARY.SIZE[1]<0.1>", "FETCH: a space is expected, not \"<0.1>\""},
        {"a FETCH 1 FLAGS[]", "FETCH: an item to fetch is expected, not \"FLAGS[]\""},
        {"a FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)",
         "FETCH: UID FETCH with CHANGEDSINCE beside VANISHED is expected, not \"(CHANGEDSINCE 1 "
         "VANISHED...\""},
        {"a UID FETCH 1 FLAGS (VANISHED)",
         "UID FETCH: UID FETCH with CHANGEDSINCE beside VANISHED is expected, not \"(VANISHED)\""},
        {"a FETCH 1 FLAGS (CHANGEDSINCE 0)",
         "FETCH: a mod-sequence from 1 on is expected, not \")\""},
        {"a SEARCH", "SEARCH: a space is expected, not the end"},
        {"a SEARCH FROB", "SEARCH: a search key is expected, not \"FROB\""},
        {"a SEARCH ()", "SEARCH: a search key is expected, not \")\""},
        {"a SEARCH (SEEN", "SEARCH: a space is expected, not the end"},
        {"a SEARCH OR SEEN", "SEARCH: a space is expected, not the end"},
        {"a SEARCH NOT", "SEARCH: a space is expected, not the end"},
        {"a SEARCH SINCE 31-Feb-2000",
         "SEARCH: a date like 2-Mar-2026 is expected, not \"31-Feb-2000\""},
        {"a SEARCH SINCE \"1-Feb-2000",
         "SEARCH: a date like 2-Mar-2026 is expected, not \"\"1-Feb-2000\""},
        {"a SEARCH KEYWORD \\Seen", "SEARCH: a keyword is expected, not \"\\Seen\""},
        {"a SEARCH LARGER x", "SEARCH: a number is expected, not \"x\""},
        {"a SEARCH LARGER 9223372036854775808",
         "SEARCH: a number is expected, not \"9223372036854775808\""},
        {"a SEARCH RETURN (FROB) ALL",
         "SEARCH: MIN, MAX, ALL, COUNT or SAVE is expected, not \"FROB) ALL\""},
        {"a SEARCH CHARSET ALL", "SEARCH: a space is expected, not the end"},
        {"a SEARCH MODSEQ \"x\" all 1", "SEARCH: \"/flags/...\" is expected, not \"\"x\" all 1\""},
        {"a SEARCH MODSEQ \"/flags/x\" 1", "SEARCH: priv, shared or all is expected, not \"1\""},
        {"a SORT () UTF-8 ALL", "SORT: a sort key is expected, not \") UTF-8 ALL\""},
        {"a SORT (DATE) UTF-8", "SORT: a space is expected, not the end"},
        {"a THREAD REFERENCES ALL", "THREAD: a space is expected, not the end"}}) {
    INFO(row.text);
    const auto command = parse(row.text);
    REQUIRE(!command);
    CHECK(command.error().text == row.error);
    CHECK(command.error().answer == CommandError::Answer::Bad);
  }
}

TEST_CASE("An error has the tag and the verb, as far as they were seen") {
  const CommandError error = parse("tag7 UID FETCH 1").error();
  CHECK(error.tag == "tag7");
  CHECK(error.verb == Verb::Fetch);
  CHECK(error.offset == 16);
  CHECK(parse("x frob").error().tag == "x");
  CHECK(parse("x frob").error().verb == Verb::Unknown);
}

TEST_CASE("A name that no mailbox can have is a NO, not a BAD") {
  for (const std::string_view text :
       {"a SELECT \"\"", "a SELECT \"Entw\xc3\xbcrfe\"", "a CREATE a&b", "a RENAME a &AGE-",
        "a STATUS &AOQ (UNSEEN)", "a APPEND {2}\r\n\xc3\xbc {1}\r\nx"}) {
    INFO(text);
    const auto command = parse(text);
    REQUIRE(!command);
    CHECK(command.error().answer == CommandError::Answer::No);
  }
}

TEST_CASE("A pattern that can be no mailbox's name is one that none has") {
  const Command command = *parse("a LIST \"\" a&b*");
  CHECK(std::get<ListCommand>(command.arguments).patterns == std::vector<std::string>{"\x7f"});
}

TEST_CASE("With UTF-8 enabled mailbox names are UTF-8") {
  const ParseOptions utf8{.utf8 = Utf8::Yes};
  CHECK(again("a SELECT \"Entwürfe\"", utf8) == "a SELECT \"Entwürfe\"");
  CHECK(again("a SELECT a&b", utf8) == "a SELECT a&b");
  CHECK(again("a LIST \"\" \"ü*\"", utf8) == "a LIST \"\" \"ü*\"");
  const Command command = *parse("a SELECT Entw&APw-rfe");
  CHECK(std::get<SelectCommand>(command.arguments).mailbox.utf8() == "Entwürfe");
}

TEST_CASE("Leniencies work when they are asked for") {
  CHECK(again("a NOOP  ", {.quirks = {.space_at_end = true}}) == "a NOOP");
  CHECK(again("a SELECT x ", {.quirks = {.space_at_end = true}}) == "a SELECT x");
  CHECK(again("a STORE 1 FLAGS \\Seen ", {.quirks = {.space_at_end = true}}) ==
        "a STORE 1 FLAGS (\\Seen)");
  CHECK(again("a SEARCH  SEEN   NEW", {.quirks = {.extra_spaces = true}}) == "a SEARCH SEEN NEW");
  CHECK(again("a SEARCH  RETURN  () NEW", {.quirks = {.extra_spaces = true}}) ==
        "a SEARCH RETURN () NEW");
  CHECK(again("a FETCH 1 UID (CHANGEDSINCE 0)", {.quirks = {.zero_modseq = true}}) ==
        "a FETCH 1 UID (CHANGEDSINCE 0)");
}

TEST_CASE("Search keys nest as deep as anybody needs, and no deeper") {
  const auto nested = [](std::size_t depth) {
    return "a SEARCH " + std::string(depth, '(') + "SEEN" + std::string(depth, ')');
  };
  CHECK(again(nested(SearchKey::kDepthMax - 1)) == "a SEARCH SEEN");
  CHECK(again(nested(SearchKey::kDepthMax)).find("less deep") != std::string::npos);
  CHECK(again(nested(10'000)).find("less deep") != std::string::npos);
  std::string lefts = "a SEARCH ";
  for (int i = 0; i < 5000; ++i) lefts += "OR ";
  CHECK(again(lefts + "SEEN").find("less deep") != std::string::npos);
  // The chains that clients make have no depth.
  std::string rights = "a SEARCH ", nots = "a SEARCH ";
  for (int i = 0; i < 3000; ++i) {
    rights += "OR HEADER Message-ID x ";
    nots += "NOT ";
  }
  const Command command = *parse(rights + "SEEN");
  CHECK(std::get<SearchCommand>(command.arguments).key.keys.size() == 3001);
  CHECK(again(rights + "SEEN") == rights + "SEEN");
  CHECK(again(nots + "SEEN") == "a SEARCH SEEN");
  std::string parts = "a FETCH 1 BODY[1";
  for (std::size_t i = 1; i < Section::kPartDepthMax; ++i) parts += ".1";
  CHECK(again(parts + "]") == parts + "]");
  CHECK(again(parts + ".1]").find("less deep") != std::string::npos);
}

TEST_CASE("A client knows where it has to wait for a literal's turn") {
  const Command login{"a", Verb::Login, false, LoginCommand{"b\r\nb", std::string(5000, '\n')}};
  using Literals = CommandWriterOptions::Literals;
  const CommandOctets waiting = write_command(login);
  CHECK(waiting.octets.substr(0, waiting.waits.at(0)) == "a LOGIN {4}\r\n");
  CHECK(waiting.octets.substr(0, waiting.waits.at(1)) == "a LOGIN {4}\r\nb\r\nb {5000}\r\n");
  CHECK(waiting.waits.size() == 2);
  const CommandOctets minus = write_command(login, {Literals::Minus});
  CHECK(minus.octets.starts_with("a LOGIN {4+}\r\nb\r\nb {5000}\r\n"));
  CHECK(minus.waits.size() == 1);
  const CommandOctets plus = write_command(login, {Literals::Plus});
  CHECK(plus.octets.starts_with("a LOGIN {4+}\r\nb\r\nb {5000+}\r\n"));
  CHECK(plus.waits.empty());
}

TEST_CASE("A message's octets are taken over, NUL and all, and not copied") {
  std::string octets = "a APPEND x ~{100000}\r\n" + std::string(100'000, '\0') + "\r\n";
  WireText text = wire(octets);
  const char* const data = text.literals[0].octets.data();
  const Command command = *parse_command(std::move(text));
  const AppendMessage& message = std::get<AppendCommand>(command.arguments).messages.at(0);
  CHECK(message.octets.data() == data);
  CHECK(message.size == 100'000);
  CHECK(message.binary);
}
