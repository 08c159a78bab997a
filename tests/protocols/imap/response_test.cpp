#include <catch2/catch.hpp>

#include "protocols/imap/response_parser.hpp"
#include "protocols/imap/response_reader.hpp"
#include "protocols/imap/response_writer.hpp"
#include "random_values.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using mailscope::imap::random::Chance;

namespace {

WireText wire(std::string_view octets) {
  ResponseReader reader(kResponseLimits);
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

tl::expected<Response, ResponseError> parse(std::string_view octets, Utf8 utf8 = Utf8::No) {
  return parse_response(wire(std::string(octets) + "\r\n"), utf8);
}

// As it is written again, without its CRLF; or what is wrong.
std::string again(std::string_view octets) {
  const auto response = parse(octets);
  if (!response) return response.error().text;
  if (std::holds_alternative<OtherResponse>(*response)) return "other";
  std::string out = write_response(*response);
  out.resize(out.size() - 2);
  return out;
}

}  // namespace

TEST_CASE("What servers say is read, and written in the same words") {
  struct Row {
    std::string_view text, written;  // empty: as it was
  };
  for (
      const Row& row : {
          Row{"* OK IMAP4rev1 Service Ready", ""},
          {"* PREAUTH hello", ""},
          {"* BYE Autologout; idle for too long", ""},
          {"a1 ok LOGIN completed", "a1 OK LOGIN completed"},
          {"a1 NO", "a1 NO "},
          {"a1 BAD [", ""},
          {"A001 OK [READ-WRITE] SELECT completed", ""},
          {"* OK [read-only] x", "* OK [READ-ONLY] x"},
          {"* OK [UIDVALIDITY 3857529045] UIDs valid", ""},
          {"* OK [UNSEEN 12] Message 12 is first unseen", ""},
          {"* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited", ""},
          {"* OK [PERMANENTFLAGS ()] None", ""},
          {"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x", ""},
          {"a NO [BADCHARSET (UTF-8 US-ASCII)] x", ""},
          {"a NO [BADCHARSET] x", ""},
          {"A003 OK [APPENDUID 38505 3955] APPEND completed", ""},
          {"A004 OK [COPYUID 38505 304,319:320 3956:3958] Done", ""},
          {"* OK [COPYUID 432432 42:69 1202:1229]", "* OK [COPYUID 432432 42:69 1202:1229] "},
          {"d105 OK [MODIFIED 7,9] Conditional STORE failed", ""},
          {"* OK [HIGHESTMODSEQ 715194045007] x", ""},
          {"* OK [NOMODSEQ] x", ""},
          {"* OK [CLOSED] x", ""},
          {"a NO [X-OWN (a) \"b\"] x", ""},
          {"a NO [UIDNEXT] x", ""},
          {"a OK [COMPRESSIONACTIVE] x", ""},
          {"+ idling", ""},
          {"+", "+ "},
          {"+ ", "+ "},
          {"+ YGgGCSqGSIb3EgECAgIAb2kwZ6ADAgEFoQMCAQ+iWzBZ", ""},
          {"* CAPABILITY IMAP4rev1 STARTTLS AUTH=GSSAPI", ""},
          {"* CAPABILITY  IMAP4rev1 ", "* CAPABILITY IMAP4rev1"},
          {"* ENABLED CONDSTORE", ""},
          {"* ENABLED", ""},
          {"* ID NIL", ""},
          {"* ID (\"name\" \"Cyrus\" \"os\" NIL)", ""},
          {"* FLAGS (\\Answered \\Flagged $Forwarded)", ""},
          {"* FLAGS (\\Answered Junk[0] )", "* FLAGS (\\Answered)"},
          {"* LIST (\\Noselect) \"/\" ~/Mail/foo", ""},
          {"* LIST () NIL INBOX", ""},
          {"* list (\\HasChildren \\X-Own) \".\" inbox",
           "* LIST (\\HasChildren \\X-Own) \".\" INBOX"},
          {"* LIST () \"/\" {3}\r\na b", "* LIST () \"/\" \"a b\""},
          {"* LIST () \"/\" Entw&APw-rfe", ""},
          {"* LIST () \"/\" foo (\"CHILDINFO\" (\"SUBSCRIBED\"))", ""},
          {"* LIST () \"/\" foo (OLDNAME (\"bar b\") X-NEW (1 (2 \"3\")))",
           "* LIST () \"/\" foo (\"OLDNAME\" (\"bar b\"))"},
          {"* LSUB () \".\" #news.comp", ""},
          {"* NAMESPACE ((\"\" \"/\")) NIL NIL", ""},
          {"* NAMESPACE ((\"\" \"/\")(\"#mh/\" \"/\" \"X-PARAM\" (\"FLAG1\" \"FLAG2\"))) ((\"~\" "
           "\"/\")) ((\"#shared/\" NIL))",
           "* NAMESPACE ((\"\" \"/\")(\"#mh/\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" NIL))"},
          {"* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)", ""},
          {"* STATUS x (UIDNEXT 7 MESSAGES 2 )", "* STATUS x (MESSAGES 2 UIDNEXT 7)"},
          {"* STATUS x ()", ""},
          {"* STATUS x (SIZE 9 APPENDLIMIT NIL X-OWN (1 2) DELETED-STORAGE 3)",
           "* STATUS x (SIZE 9 APPENDLIMIT NIL DELETED-STORAGE 3)"},
          {"* SEARCH 2 84 882", ""},
          {"* SEARCH", ""},
          {"* SEARCH ", "* SEARCH"},
          {"* SEARCH 2 5 6 (MODSEQ 917162500)", ""},
          {"* SORT 2 3 1", ""},
          {"* ESEARCH (TAG \"h\") UID ALL 4:18 COUNT 2 MODSEQ 9", ""},
          {"* ESEARCH MIN 1 MAX 9", ""},
          {"* ESEARCH", ""},
          {"* ESEARCH (TAG a) X-OWN (1 2) COUNT 0", "* ESEARCH (TAG \"a\") COUNT 0"},
          {"* THREAD", ""},
          {"* THREAD (2)(3 6 (4 23)(44 7 96))", ""},
          {"* THREAD ((3)(5))", ""},
          {"* THREAD (1 (2)(3 ((4)(5))(6))) (7)", "* THREAD (1 (2)(3 ((4)(5))(6)))(7)"},
          {"* 23 EXISTS", ""},
          {"* 5 RECENT", ""},
          {"* 44 expunge", "* 44 EXPUNGE"},
          {"* VANISHED (EARLIER) 41,43:116", ""},
          {"* VANISHED 405,407", ""},
          {"* QUOTA \"\" (STORAGE 10 512)", ""},
          {"* QUOTA x ()", ""},
          {"* QUOTAROOT INBOX \"\"", ""},
          {"* QUOTAROOT x", ""},
          {"* 12 FETCH (FLAGS (\\Seen \\Recent) UID 4827313)",
           "* 12 FETCH (UID 4827313 FLAGS (\\Seen \\Recent))"},
          {"* 1 FETCH (UID 4 MODSEQ (12) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" )",
           "* 1 FETCH (UID 4 MODSEQ (12) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")"},
          {"* 12 FETCH (BODY[HEADER] {3}\r\nab\n)", ""},
          {"* 1 FETCH (RFC822.SIZE 4286 RFC822.HEADER {1}\r\nx RFC822.TEXT \"\" RFC822 NIL)", ""},
          {"* 1 FETCH (BODY[1.2.MIME]<0> {1}\r\n) BODY[HEADER.FIELDS (DATE)] {2}\r\n\r\n)", ""},
          {"* 1 FETCH (BODY[] \"quoted\")", "* 1 FETCH (BODY[] {6}\r\nquoted)"},
          {"* 1 FETCH (BINARY[1.2] {2}\r\nab BINARY.SIZE[3] 9)", ""},
          {"* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" Sent) X-GM-MSGID 12 PREVIEW {2}\r\nab UID 3)",
           "* 1 FETCH (UID 3)"},
          {"* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL "
           "\"7BIT\" "
           "3028 92))",
           ""},
          {"* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL NIL 3 1))",
           "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 3 1))"},
          {"* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1152 23 NIL NIL NIL "
           "NIL)(\"IMAGE\" \"GIF\" (\"NAME\" \"x\") \"<a@b>\" \"d\" \"BASE64\" 4554 \"md5\" "
           "(\"ATTACHMENT\" (\"FILENAME\" \"y\")) (\"en\") \"loc\") \"MIXED\" (\"BOUNDARY\" \"z\") "
           "NIL))",
           ""},
          {"* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"X\" NIL NIL NIL \"7BIT\" 1 1 NIL NIL \"en\" NIL 1 "
           "(2 NIL)))",
           "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"X\" NIL NIL NIL \"7BIT\" 1 1 NIL NIL (\"en\") "
           "NIL))"},
          {"* 1 FETCH (ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg\" "
           "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL \"a\" \"b\")(NIL NIL "
           "\"group\" NIL)(NIL NIL NIL NIL)) NIL NIL NIL NIL NIL \"<B27397@cac.washington.edu>\"))",
           ""},
          {"* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\") (NIL NIL \"c\" \"d\")) NIL NIL NIL "
           "NIL NIL \"\" NIL))",
           "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\")(NIL NIL \"c\" \"d\")) NIL NIL NIL "
           "NIL NIL \"\" NIL))"},
          {"* XLIST () x", "other"},
          {"* 12 FROB", "other"},
      }) {
    INFO(row.text);
    CHECK(again(row.text) == (row.written.empty() ? row.text : row.written));
  }
}

TEST_CASE("A message in a message is read with its envelope and its body") {
  const std::string envelope = "(NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL)";
  const std::string text = "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 3 1)";
  const std::string line = "* 1 FETCH (BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 99 " +
                           envelope + " " + text + " 4))";
  CHECK(again(line) == line);
  const Response response = *parse(line);
  const BodyStructure& body = *std::get<FetchResponse>(response).body;
  CHECK(!body.is_multipart());
  CHECK(body.envelope->subject == "s");
  CHECK(body.parts.at(0).subtype == "PLAIN");
  CHECK(body.lines == 4);
}

TEST_CASE("What no server should say is an error, with a line that says what was expected") {
  struct Row {
    std::string_view text, error;
  };
  for (const Row& row : {
           Row{"", "\"*\", \"+\" or a tag is expected, not the end"},
           {" ", "\"*\", \"+\" or a tag is expected, not \" \""},
           {"a1 FROB", "OK, NO or BAD is expected, not \"FROB\""},
           {"*OK", "a space is expected, not \"OK\""},
           {"* LIST () \"/\"", "a space is expected, not the end"},
           {"* LIST x \"/\" y", "\"(\" is expected, not \"x \"/\" y\""},
           {"* SEARCH 1 x", "a number is expected, not \"x\""},
           {"* 1 FETCH (UID 0)", "a number from 1 on is expected, not \"0)\""},
           {"* 1 FETCH (UID 1", "a space or \")\" is expected, not the end"},
           {"* 1 FETCH (FLAGS \\Seen)", "\"(\" is expected, not \"\\Seen)\""},
           {"* 1 FETCH (BODY[] x)", "a string or NIL is expected, not \"x)\""},
           {"* 1 FETCH (ENVELOPE (NIL))", "a space is expected, not \"))\""},
           {"* 1 FETCH (BODYSTRUCTURE ())", "a string is expected, not \"))\""},
           {"* 4294967296 EXISTS", "a number is expected, not \"4294967296 EXISTS\""},
           {"* 1 EXISTS x", "the end of the response is expected, not \"x\""},
           {"* THREAD (1", "\")\" is expected, not the end"},
           {"* THREAD ()", "a number from 1 on is expected, not \")\""},
           {"* THREAD ((1) 2)", "a thread or \")\" is expected, not \"2)\""},
           {"* THREAD 1", "a thread is expected, not \"1\""},
           {"* THREAD (1))", "a thread is expected, not \")\""},
           {"* VANISHED 1:*", "a set without \"*\" is expected, not \"1:*\""},
       }) {
    INFO(row.text);
    const auto response = parse(row.text);
    REQUIRE(!response);
    CHECK(response.error().text == row.error);
  }
}

TEST_CASE("Names that cannot be decoded stay as they were sent") {
  CHECK(std::get<ListResponse>(*parse("* LIST () \"/\" \"a&b\"")).mailbox.utf8() == "a&b");
  CHECK(std::get<ListResponse>(*parse("* LIST () \"/\" \"gr\xfcn\"")).mailbox.utf8() == "gr\xfcn");
  CHECK(std::get<ListResponse>(*parse("* LIST () \"/\" \"Entw&APw-rfe\"", Utf8::Yes))
            .mailbox.utf8() == "Entw&APw-rfe");
}

TEST_CASE("Nesting is bounded where memory would not be, and a long thread is none") {
  const auto nested = [](std::string_view front, std::size_t depth, std::string_view back) {
    std::string text = "* 1 FETCH (X-OWN ";
    text.append(depth, '(').append("1").append(depth, ')');
    return std::string(front) + text.substr(11) + std::string(back);
  };
  CHECK(again(nested("* 1 FETCH (", 100, " UID 1)")) == "* 1 FETCH (UID 1)");
  CHECK(again(nested("* 1 FETCH (", 101, " UID 1)")).find("less deep") != std::string::npos);
  const auto bodies = [](std::size_t depth) {
    std::string text = "* 1 FETCH (BODY ";
    for (std::size_t i = 0; i < depth; ++i) text += '(';
    text += "(\"A\" \"B\" NIL NIL NIL \"7BIT\" 1)";
    for (std::size_t i = 0; i < depth; ++i) text += " \"MIXED\")";
    return text + ")";
  };
  CHECK(again(bodies(BodyStructure::kDepthMax - 1)) == bodies(BodyStructure::kDepthMax - 1));
  CHECK(again(bodies(BodyStructure::kDepthMax)).find("less deep") != std::string::npos);
  CHECK(again(bodies(200'000)).find("less deep") != std::string::npos);
  std::string thread = "* THREAD ";
  thread.append(500'000, '(').append("1").append(500'000, ')');
  const Response response = *parse(thread);
  CHECK(std::get<ThreadResponse>(response).members.size() == 500'000);
}

TEST_CASE("A literal that was passed on is told by its place") {
  ResponseReader reader(kResponseLimits);
  std::string_view input = "* 1 FETCH (BODY[1] {2}\r\nab BODY[2] {3}\r\ncde)\r\n";
  CHECK(std::holds_alternative<LiteralFollows>(reader.next(input)));
  reader.keep_literal();
  CHECK(std::get<LiteralFollows>(reader.next(input)).text ==
        "* 1 FETCH (BODY[1] {2}\r\n BODY[2] {3}");
  reader.pass_literal_on();
  CHECK(std::get<LiteralPiece>(reader.next(input)).octets == "cde");
  const Response response = *parse_response(std::get<WireText>(reader.next(input)));
  const FetchResponse& fetch = std::get<FetchResponse>(response);
  CHECK(fetch.sections.at(0).octets == "ab");
  CHECK(fetch.sections.at(1).octets == "");
  CHECK(fetch.sections.at(1).literal == 1);
}

namespace {

std::optional<std::string> maybe_text(Chance& chance) {
  return chance.maybe() ? std::optional(chance.text()) : std::nullopt;
}

EnvelopeAddresses addresses(Chance& chance) {
  EnvelopeAddresses list;
  for (std::uint32_t i = chance.below(3); i > 0; --i)
    list.push_back(
        {maybe_text(chance), maybe_text(chance), maybe_text(chance), maybe_text(chance)});
  return list;
}

Envelope envelope(Chance& chance) {
  return {maybe_text(chance), maybe_text(chance), addresses(chance), addresses(chance),
          addresses(chance),  addresses(chance),  addresses(chance), addresses(chance),
          maybe_text(chance), maybe_text(chance)};
}

BodyParameters parameters(Chance& chance) {
  BodyParameters list;
  for (std::uint32_t i = chance.below(3); i > 0; --i)
    list.emplace_back(chance.text(), chance.text());
  return list;
}

void fill_extension(Chance& chance, BodyStructure& structure) {
  structure.extension_fields = static_cast<std::uint8_t>(chance.below(5));
  if (structure.extension_fields > 1 && chance.maybe())
    structure.disposition = BodyDisposition{chance.text(), parameters(chance)};
  if (structure.extension_fields > 2)
    for (std::uint32_t i = chance.below(3); i > 0; --i) structure.language.push_back(chance.text());
  if (structure.extension_fields > 3) structure.location = maybe_text(chance);
}

BodyStructure body(Chance& chance, int depth) {
  BodyStructure structure;
  fill_extension(chance, structure);
  structure.subtype = chance.text();
  const std::uint32_t kind = chance.below(depth > 2 ? 2 : 4);
  if (kind == 3) {
    structure.type = "MULTIPART";
    for (std::uint32_t i = 1 + chance.below(3); i > 0; --i)
      structure.parts.push_back(body(chance, depth + 1));
    if (structure.extension_fields > 0) structure.parameters = parameters(chance);
    return structure;
  }
  structure.type = kind == 2 ? "MESSAGE" : chance.text();
  structure.parameters = parameters(chance);
  structure.id = maybe_text(chance);
  structure.description = maybe_text(chance);
  structure.encoding = chance.text();
  structure.octets = chance.number();
  if (kind > 0) structure.lines = chance.number();
  if (kind == 2) {
    structure.envelope = envelope(chance);
    structure.parts = {body(chance, depth + 1)};
  }
  if (structure.extension_fields > 0) structure.md5 = maybe_text(chance);
  return structure;
}

FetchResponse fetch(Chance& chance) {
  FetchResponse fetch;
  fetch.number = chance.number();
  if (chance.maybe()) fetch.uid = chance.number();
  if (chance.maybe()) fetch.flags = chance.flags();
  if (chance.maybe()) fetch.modseq = chance.number();
  if (chance.maybe()) fetch.internal_date = chance.date_time();
  if (chance.maybe()) fetch.size = chance.number();
  if (chance.below(4) == 0) fetch.envelope = envelope(chance);
  if (chance.below(4) == 0) fetch.body_structure = body(chance, 0);
  for (std::uint32_t i = chance.below(4); i > 0; --i) {
    const FetchItem item = chance.fetch_item();
    using enum FetchItem::Kind;
    if (item.kind == BinarySize) fetch.binary_sizes.push_back({item.section, chance.number()});
    const bool text = item.kind == Rfc822 || item.kind == Rfc822Header || item.kind == Rfc822Text;
    if (!text && item.kind != BodySection && item.kind != Binary) continue;
    SectionData data{item.kind, item.section, {}, maybe_text(chance), {}};
    if (!text && item.partial) data.origin = item.partial->offset;
    if (item.kind == Binary && data.octets && chance.maybe()) *data.octets += '\0';
    fetch.sections.push_back(std::move(data));
  }
  return fetch;
}

ThreadResponse thread(Chance& chance) {
  ThreadResponse thread;
  for (std::uint32_t i = chance.below(8); i > 0; --i) {
    // Parents before their children, in the order of the tree: a child of the newest or a root.
    const auto newest = static_cast<std::uint32_t>(thread.members.size()) - 1;
    const bool root = thread.members.empty() || chance.maybe();
    thread.members.push_back({chance.number(), root ? ThreadMember::kNoParent : newest});
  }
  return thread;
}

StatusResponse status(Chance& chance) {
  StatusResponse status;
  status.tag = chance.maybe() ? "" : "t" + std::to_string(chance.below(9));
  status.status = static_cast<Status>(chance.below(5));
  status.text = "x " + chance.letters();
  using Kind = ResponseCode::Kind;
  const UidSequence uids = {{chance.number(), 0xffffffff}, {1, 1}};
  switch (chance.below(7)) {
    case 0:
      status.code = ResponseCode{Kind::ReadWrite, {}};
      break;
    case 1:
      status.code = ResponseCode{Kind::UidNext, std::uint64_t{chance.number()}};
      break;
    case 2:
      status.code = ResponseCode{Kind::PermanentFlags, chance.flags()};
      break;
    case 3:
      status.code = ResponseCode{Kind::CopyUid, CopyUid{chance.number(), uids, uids}};
      break;
    case 4:
      status.code = ResponseCode{Kind::Modified, chance.fixed_set()};
      break;
    case 5:
      status.code =
          ResponseCode{Kind::Other, std::vector<std::string>{"X-" + chance.letters() + " 1"}};
      break;
    default:
      break;
  }
  return status;
}

ListResponse list(Chance& chance) {
  ListResponse response;
  response.lsub = chance.maybe();
  for (std::size_t i = 0; i < kMailboxAttributes; ++i)
    if (chance.below(4) == 0) response.attributes.insert(static_cast<MailboxAttribute>(i));
  if (chance.maybe()) response.other_attributes = {"\\X" + chance.letters()};
  if (chance.maybe()) response.delimiter = chance.any_of(std::string_view("/.\\\""));
  response.mailbox = chance.mailbox();
  if (chance.maybe()) response.child_info = {"SUBSCRIBED", chance.letters()};
  if (chance.maybe()) response.old_name = chance.mailbox();
  return response;
}

Response response_of(Chance& chance) {
  switch (chance.below(13)) {
    case 0:
      return status(chance);
    case 1:
      return ContinuationResponse{chance.letters()};
    case 2:
      return CapabilityResponse{{chance.letters(), chance.atom()}, chance.maybe()};
    case 3:
      return IdResponse{IdFields{{chance.text(), maybe_text(chance)}}};
    case 4:
      return FlagsResponse{chance.flags()};
    case 5:
      return list(chance);
    case 6: {
      StatusDataResponse data{chance.mailbox(), {}};
      for (std::size_t i = 0; i < kStatusItems; ++i)
        if (chance.maybe()) data.values.numbers[i] = chance.number();
      return data;
    }
    case 7:
      return NumbersResponse{chance.maybe(), {chance.number(), chance.number()}, chance.number()};
    case 8: {
      EsearchResponse response;
      response.tag = maybe_text(chance);
      response.uid = chance.maybe();
      if (chance.maybe()) response.max = chance.number();
      if (chance.maybe()) response.all = chance.fixed_set();
      return response;
    }
    case 9:
      return thread(chance);
    case 10:
      return VanishedResponse{chance.maybe(), chance.fixed_set()};
    case 11:
      return QuotaRootResponse{chance.mailbox(), {chance.text(), chance.text()}};
    default:
      return fetch(chance);
  }
}

}  // namespace

TEST_CASE("What a server writes a client reads as the same, with and without UTF-8") {
  Chance chance(11);
  for (int i = 0; i < 20'000; ++i) {
    const Response response = response_of(chance);
    const Utf8 utf8 = chance.maybe() ? Utf8::Yes : Utf8::No;
    const std::string octets = write_response(response, utf8);
    INFO(octets);
    WireText text = wire(octets);
    CHECK(text.end == octets.size());
    auto parsed = parse_response(std::move(text), utf8);
    if (!parsed) FAIL(parsed.error().text);
    if (auto* read = std::get_if<FetchResponse>(&*parsed))
      for (SectionData& data : read->sections) data.literal.reset();
    CHECK((*parsed == response));
  }
}
