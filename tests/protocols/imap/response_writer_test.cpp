#include "protocols/imap/response_writer.hpp"

#include <catch2/catch.hpp>
#include <functional>

using namespace mailscope::imap;

namespace {

std::string written(const std::function<void(ResponseWriter&)>& write, Utf8 utf8 = Utf8::No) {
  std::string out;
  ResponseWriter writer(out, utf8);
  write(writer);
  return out;
}

}  // namespace

TEST_CASE("A server's lines are as the RFCs' examples have them") {
  using Writer = ResponseWriter;
  CHECK(written([](Writer& out) {
          out.status("", Status::Ok, "UIDNEXT 4392", "Predicted next UID");
        }) == "* OK [UIDNEXT 4392] Predicted next UID\r\n");
  CHECK(written([](Writer& out) { out.status("A044", Status::Bad, "", "No such command"); }) ==
        "A044 BAD No such command\r\n");
  CHECK(written([](Writer& out) { out.continuation("idling"); }) == "+ idling\r\n");
  CHECK(written([](Writer& out) {
          const std::string_view words[] = {"IMAP4rev1", "IDLE"};
          out.capability(words);
          out.enabled({});
        }) == "* CAPABILITY IMAP4rev1 IDLE\r\n* ENABLED\r\n");
  CHECK(written([](Writer& out) {
          out.id(std::nullopt);
          out.id(IdFields{{"name", "x"}, {"os", std::nullopt}});
        }) == "* ID NIL\r\n* ID (\"name\" \"x\" \"os\" NIL)\r\n");
  CHECK(written([](Writer& out) {
          out.exists(23);
          out.recent(0);
          out.expunge(44);
          out.vanished(true, *SequenceSet::parse("41,43:116"));
        }) == "* 23 EXISTS\r\n* 0 RECENT\r\n* 44 EXPUNGE\r\n* VANISHED (EARLIER) 41,43:116\r\n");
  CHECK(written([](Writer& out) {
          out.begin_flags();
          out.flag("\\Seen");
          out.flag("$x");
          out.end_flags();
          out.begin_permanent_flags();
          out.end_flags();
        }) == "* FLAGS (\\Seen $x)\r\n* OK [PERMANENTFLAGS ()] Flags that are kept\r\n");
  CHECK(written([](Writer& out) {
          out.begin_search();
          out.number(2);
          out.number(84);
          out.end_numbers();
          out.begin_sort();
          out.end_numbers(917162500);
        }) == "* SEARCH 2 84\r\n* SORT (MODSEQ 917162500)\r\n");
  CHECK(written([](Writer& out) {
          StatusValues values;
          values[StatusItem::Messages] = 231;
          values[StatusItem::UidNext] = 44292;
          values.no_append_limit = true;
          out.mailbox_status("blurdybloop",
                             {StatusItem::Messages, StatusItem::UidNext, StatusItem::AppendLimit,
                              StatusItem::Size},
                             values);
        }) == "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292 APPENDLIMIT NIL)\r\n");
  CHECK(written([](Writer& out) {
          out.esearch({.tag = "A282", .min = 2, .count = 3, .all = SequenceSet::parse("2,10:11")});
        }) == "* ESEARCH (TAG \"A282\") MIN 2 ALL 2,10:11 COUNT 3\r\n");
  CHECK(written([](Writer& out) {
          out.quota({"", {{"STORAGE", 10, 512}, {"MESSAGE", 1, 2}}});
          out.quota_root({MailboxName::inbox(), {"", "a b"}});
        }) == "* QUOTA \"\" (STORAGE 10 512 MESSAGE 1 2)\r\n* QUOTAROOT INBOX \"\" \"a b\"\r\n");
  CHECK(written([](Writer& out) {
          out.namespaces({{{"", '/'}}, {{"~", '/'}}, {}});
        }) == "* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) NIL\r\n");
}

TEST_CASE("Mailboxes are listed in the encoding that the client has agreed to") {
  ListResponse response;
  response.attributes = {MailboxAttribute::NoSelect, MailboxAttribute::HasChildren};
  response.delimiter = '/';
  response.mailbox = *MailboxName::from_utf8("Entwürfe");
  const auto list = [&](ResponseWriter& out) { out.list(response); };
  CHECK(written(list) == "* LIST (\\Noselect \\HasChildren) \"/\" Entw&APw-rfe\r\n");
  CHECK(written(list, Utf8::Yes) == "* LIST (\\Noselect \\HasChildren) \"/\" \"Entwürfe\"\r\n");
  response.delimiter = '\\';
  response.child_info = {"SUBSCRIBED"};
  response.old_name = *MailboxName::from_utf8("a b");
  CHECK(written(list) ==
        "* LIST (\\Noselect \\HasChildren) \"\\\\\" Entw&APw-rfe (\"CHILDINFO\" "
        "(\"SUBSCRIBED\") \"OLDNAME\" (\"a b\"))\r\n");
  response = {.lsub = true};
  CHECK(written(list) == "* LSUB () NIL INBOX\r\n");
}

TEST_CASE("FETCH is put together item by item") {
  CHECK(written([](ResponseWriter& out) {
          out.begin_fetch(12);
          out.fetch_uid(40);
          out.begin_fetch_flags();
          out.flag("\\Seen");
          out.flag("\\Recent");
          out.end_flags();
          out.fetch_modseq(7);
          out.fetch_size(4286);
          out.fetch_internal_date({837596665, -420});
          out.fetch_section(FetchItem::Kind::BodySection,
                            {{}, Section::Text::HeaderFields, {"DATE", "a b"}}, 0, "x\r\n");
          out.fetch_section(FetchItem::Kind::Rfc822Text, {}, std::nullopt, "");
          out.fetch_section(FetchItem::Kind::BodySection, {{1, 2}, Section::Text::Mime, {}},
                            std::nullopt, std::nullopt);
          out.fetch_section(FetchItem::Kind::Binary, {{1}, Section::Text::All, {}}, 5,
                            std::string_view("a\0b", 3));
          out.fetch_binary_size({{1}, Section::Text::All, {}}, 3);
          out.fetch_item("X-GM", "1");
          out.end_fetch();
        }) == std::string("* 12 FETCH (UID 40 FLAGS (\\Seen \\Recent) MODSEQ (7) RFC822.SIZE 4286 "
                          "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[HEADER.FIELDS (DATE "
                          "\"a b\")]<0> {3}\r\nx\r\n RFC822.TEXT \"\" BODY[1.2.MIME] NIL "
                          "BINARY[1]<5> ~{3}\r\na") +
                  '\0' + "b BINARY.SIZE[1] 3 X-GM 1)\r\n");
  CHECK(written([](ResponseWriter& out) {
          out.begin_fetch(1);
          out.begin_fetch_flags();
          out.end_flags();
          out.fetch_uid(2);
          out.end_fetch();
        }) == "* 1 FETCH (FLAGS () UID 2)\r\n");
}

TEST_CASE("An envelope and a body's structure are written") {
  Envelope envelope;
  envelope.subject = "IMAP4rev1 \"WG\"";
  envelope.from = {{"Terry Gray", std::nullopt, "gray", "cac.washington.edu"}};
  envelope.message_id = "";
  BodyStructure text;
  text.type = "TEXT";
  text.subtype = "PLAIN";
  text.parameters = {{"CHARSET", "US-ASCII"}};
  text.encoding = "7BIT";
  text.octets = 3028;
  text.lines = 92;
  BodyStructure message;
  message.type = "MESSAGE";
  message.subtype = "RFC822";
  message.encoding = "7BIT";
  message.lines = 9;
  message.envelope = envelope;
  message.parts = {text};
  BodyStructure mixed;
  mixed.type = "MULTIPART";
  mixed.subtype = "MIXED";
  mixed.parameters = {{"BOUNDARY", "x"}};
  mixed.extension_fields = 4;
  mixed.disposition = BodyDisposition{"INLINE", {}};
  mixed.language = {"en", "de"};
  mixed.parts = {text, message};
  const std::string envelope_text =
      "(NIL \"IMAP4rev1 \\\"WG\\\"\" ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) NIL "
      "NIL "
      "NIL NIL NIL NIL \"\")";
  const std::string part =
      "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92)";
  const std::string both = "(" + part + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 0 " +
                           envelope_text + " " + part + " 9) \"MIXED\"";
  CHECK(written([&](ResponseWriter& out) {
          out.begin_fetch(1);
          out.fetch_envelope(envelope);
          out.fetch_body(mixed);
          out.fetch_body_structure(mixed);
          out.end_fetch();
        }) == "* 1 FETCH (ENVELOPE " + envelope_text + " BODY " + both + ") BODYSTRUCTURE " + both +
                  " (\"BOUNDARY\" \"x\") (\"INLINE\" NIL) (\"en\" \"de\") NIL))\r\n");
}

TEST_CASE("Threads are written as trees") {
  constexpr std::uint32_t kNone = ThreadMember::kNoParent;
  const auto thread = [](std::vector<ThreadMember> members) {
    return written([&](ResponseWriter& out) { out.thread(members); });
  };
  CHECK(thread({}) == "* THREAD\r\n");
  CHECK(thread({{2, kNone}, {3, kNone}, {6, 1}, {4, 2}, {23, 3}, {44, 2}, {7, 5}, {96, 6}}) ==
        "* THREAD (2)(3 6 (4 23)(44 7 96))\r\n");
  CHECK(thread({{0, kNone}, {3, 0}, {5, 0}, {9, 2}}) == "* THREAD ((3)(5 9))\r\n");
  std::vector<ThreadMember> chain;
  for (std::uint32_t i = 0; i < 100'000; ++i) chain.push_back({i + 1, i == 0 ? kNone : i - 1});
  CHECK(thread(chain).ends_with(" 99999 100000)\r\n"));
}

TEST_CASE("Response codes have their words, and their data behind them") {
  using enum ResponseCode::Kind;
  CHECK(format_code({ReadWrite, {}}) == "READ-WRITE");
  CHECK(format_code({UidNext, std::uint64_t{7}}) == "UIDNEXT 7");
  CHECK(format_code({BadCharset, std::vector<std::string>{"UTF-8", "x y"}}) ==
        "BADCHARSET (UTF-8 \"x y\")");
  CHECK(format_code({BadCharset, std::vector<std::string>{}}) == "BADCHARSET");
  CHECK(format_code({Capability, std::vector<std::string>{"IMAP4rev1", "IDLE"}}) ==
        "CAPABILITY IMAP4rev1 IDLE");
  CHECK(format_code({PermanentFlags, std::vector<Flag>{Flag::Kind::Seen, Flag::Kind::Any}}) ==
        "PERMANENTFLAGS (\\Seen \\*)");
  CHECK(format_code({Modified, *SequenceSet::parse("7,9")}) == "MODIFIED 7,9");
  CHECK(format_code({AppendUid, mailscope::imap::AppendUid{38505, {{3955, 3955}}}}) ==
        "APPENDUID 38505 3955");
  CHECK(format_code(
            {CopyUid, mailscope::imap::CopyUid{38505, {{304, 304}, {319, 320}}, {{3956, 3958}}}}) ==
        "COPYUID 38505 304,319:320 3956:3958");
  CHECK(format_code({Other, std::vector<std::string>{"X-OWN 1 2"}}) == "X-OWN 1 2");
}
