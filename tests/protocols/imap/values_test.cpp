#include <catch2/catch.hpp>

#include "protocols/imap/values/date.hpp"
#include "protocols/imap/values/flag.hpp"
#include "protocols/imap/values/mailbox_name.hpp"
#include "protocols/imap/values/sequence_set.hpp"

using namespace mailscope::imap;

namespace {

std::string resolved(std::string_view text, std::uint32_t largest) {
  std::string out;
  append_uid_sequence(out, SequenceSet::parse(text)->resolve(largest));
  return out;
}

}  // namespace

TEST_CASE("Sequence sets are normalised") {
  struct Row {
    std::string_view text, normal;
  };
  for (const Row& row : {Row{"1", "1"},
                         {"4:2", "2:4"},
                         {"2:4", "2:4"},
                         {"1,2,3", "1:3"},
                         {"3,1,2", "1:3"},
                         {"1:5,3:9", "1:9"},
                         {"7,7", "7"},
                         {"2,4:7,9,12:*", "2,4:7,9,12:*"},
                         {"*:4,5:7", "4:*"},
                         {"*", "*"},
                         {"*:*", "*"},
                         {"5,*", "5,*"},
                         {"1:*", "1:*"},
                         {"*:1", "1:*"},
                         {"2:9,5:*", "2:*"},
                         {"2:4,5:*", "2:*"},
                         {"2:3,5:*", "2:3,5:*"},
                         {"9:*,3:*", "3:*"},
                         {"4294967295", "4294967295"},
                         {"1:4294967295", "1:4294967295"},
                         {"$", "$"}}) {
    INFO(row.text);
    const auto set = SequenceSet::parse(row.text);
    REQUIRE(set);
    CHECK(set->text() == row.normal);
    CHECK(SequenceSet::parse(set->text()) == set);
  }
  for (const std::string_view text :
       {"",     "0",    "01", "1,",         ",1",          "1:",    ":1",
        "1::2", "1,,2", "-1", "4294967296", "99999999999", "1 ",    "a",
        "$,1",  "1,$",  "*:", "1:0",        "0:*",         "1:2:3", "**"}) {
    INFO(text);
    CHECK(!SequenceSet::parse(text));
  }
}

TEST_CASE("A star is the largest number, also where it is less than the other end") {
  CHECK(resolved("559:*", 10) == "10");
  CHECK(resolved("559:*", 600) == "559:600");
  CHECK(resolved("*", 10) == "10");
  CHECK(resolved("2,4:7,9,12:*", 15) == "2,4:7,9,12:15");
  CHECK(resolved("*:4,5:7", 10) == "4:10");
  CHECK(resolved("1:*", 0).empty());
  CHECK(resolved("3:5,9", 4) == "3:4");
  CHECK(resolved("1:4,9:*", 4) == "1:4");
  CHECK(resolved("1:3,9:*", 4) == "1:4");
  const SequenceSet set = *SequenceSet::parse("2,4:7,12:*");
  for (std::uint32_t largest : {0u, 1u, 2u, 5u, 7u, 11u, 12u, 20u}) {
    const std::vector<NumberRange> ranges = set.resolve(largest);
    for (std::uint32_t number = 0; number < 25; ++number) {
      bool in = false;
      for (const NumberRange range : ranges)
        in = in || (range.first <= number && number <= range.last);
      CHECK(set.contains(number, largest) == in);
    }
  }
}

TEST_CASE("The largest number that was said is known") {
  CHECK(SequenceSet::parse("1:3,9,4")->largest_named() == 9);
  CHECK(SequenceSet::parse("5:*")->largest_named() == 5);
  CHECK(SequenceSet::parse("10:12,3:*")->largest_named() == 12);
  CHECK(SequenceSet::parse("*")->largest_named() == 0);
}

TEST_CASE("A set is built number by number, in any order") {
  SequenceSet set;
  for (const std::uint32_t number : {1u, 2u, 3u, 7u, 9u, 8u, 5u}) set.add(number);
  CHECK(set.text() == "1:3,5,7:9");
  set.add(6, 4);
  CHECK(set.text() == "1:9");
  CHECK(set.largest_named() == 9);
  set.add_from(12);
  set.add(20);
  CHECK(set.largest_named() == 20);
  CHECK(set.text() == "1:9,12:*");
  SequenceSet many;
  for (std::uint32_t number = 1; number <= 100'000; ++number) many.add(number);
  CHECK(many.ranges().size() == 1);
}

TEST_CASE("Numbers become a set while they are found, in their order") {
  std::string out;
  SetWriter writer(out);
  CHECK(writer.empty());
  for (const std::uint32_t number : {4u, 5u, 6u, 2u, 9u, 10u, 1u}) writer.add(number);
  writer.finish();
  CHECK(out == "4:6,2,9:10,1");
  CHECK(parse_uid_sequence("4:6,2,10:9") == UidSequence{{4, 6}, {2, 2}, {9, 10}});
  CHECK(!parse_uid_sequence("4:*"));
  CHECK(!parse_uid_sequence("$"));
}

TEST_CASE("Flags are told by their names in any case") {
  CHECK(Flag::parse("\\seen") == Flag(Flag::Kind::Seen));
  CHECK(Flag::parse("\\SEEN")->name() == "\\Seen");
  CHECK(Flag::parse("\\*")->kind() == Flag::Kind::Any);
  CHECK(Flag::parse("\\Recent")->kind() == Flag::Kind::Recent);
  CHECK(Flag::parse("$Forwarded")->is_keyword());
  CHECK(Flag::parse("$forwarded") == Flag::parse("$Forwarded"));
  CHECK(Flag::parse("\\XMine")->kind() == Flag::Kind::Extension);
  CHECK(Flag::parse("\\XMine") != Flag::parse("XMine"));
  for (const std::string_view text :
       {"", "\\", "a b", "a]", "\\\\Seen", "a*", "\"a\"", "gr\xc3\xbcn"})
    CHECK(!Flag::parse(text));
}

TEST_CASE("Dates are days of the calendar") {
  CHECK(Date::parse("1-Jan-1970")->days() == 0);
  CHECK(Date::parse("01-jan-1970")->days() == 0);
  CHECK(Date::parse("31-Dec-1969")->days() == -1);
  CHECK(Date::parse("29-Feb-2024")->days() == 19782);
  CHECK(Date::parse("29-Feb-2000")->days() == 11'016);
  CHECK(Date::parse("2-Mar-2026")->text() == "2-Mar-2026");
  CHECK(Date::of(-1, 0) == Date::parse("31-Dec-1969"));
  CHECK(Date::of(-1, 1) == Date::parse("1-Jan-1970"));
  CHECK(*Date::parse("1-Feb-2020") < *Date::parse("2-Feb-2020"));
  for (const std::string_view text :
       {"", "1", "1-Jan", "0-Jan-2000", "32-Jan-2000", "29-Feb-2023", "29-Feb-1900", "1-Foo-2000",
        "1-Jan-20", "1-Jan-20000", " 1-Jan-2000", "001-Jan-2000", "1 Jan 2000", "x-Jan-2000"}) {
    INFO(text);
    CHECK(!Date::parse(text));
  }
}

TEST_CASE("Every day is read as it is written") {
  for (std::int32_t days = -719'528; days < 2'932'897; days += 17) {
    const Date date = Date::from_days(days);
    const std::string text = date.text();
    const std::string padded = std::string(11 - text.size(), '0') + text;
    if (Date::parse(padded) != date) FAIL(padded << " " << days);
  }
}

TEST_CASE("A date with its time is written as it was read") {
  struct Row {
    std::string_view text;
    std::int64_t unix_seconds;
  };
  for (const Row& row : {Row{"17-Jul-1996 02:44:25 -0700", 837596665},
                         {" 1-Jan-1970 00:00:00 +0000", 0},
                         {"31-Dec-9999 23:59:59 +0000", 253402300799},
                         {" 1-Jan-0001 00:00:00 +0000", -62135596800},
                         {" 2-Mar-2026 09:15:00 +0530", 1772423100}}) {
    INFO(row.text);
    REQUIRE(DateTime::parse(row.text));
    CHECK(DateTime::parse(row.text)->unix_seconds == row.unix_seconds);
    if (row.unix_seconds < 253402300799) CHECK(DateTime::parse(row.text)->text() == row.text);
  }
  CHECK(DateTime::parse(" 1-Jan-1970 00:00:60 +0000")->unix_seconds == 60);
  for (const std::string_view text :
       {"", "1-Jan-1970 00:00:00 +0000", " 1-Jan-1970 24:00:00 +0000", " 1-Jan-1970 00:60:00 +0000",
        " 1-Jan-1970 00:00:61 +0000", " 1-Jan-1970 00:00:00 +2400", " 1-Jan-1970 00:00:00 +0060",
        " 1-Jan-1970 00:00:00  0000", "31-Apr-1970 00:00:00 +0000", " 1-Jan-1970 0:00:00 +00000",
        " 1-Jan-1970T00:00:00 +0000", " 1-Jan-1970 00-00-00 +0000"}) {
    INFO(text);
    CHECK(!DateTime::parse(text));
  }
  CHECK(DateTime{1'000'000'000'000'000, 0}.text().size() == 26);
  CHECK(DateTime{-1'000'000'000'000'000, -720}.text().size() == 26);
}

TEST_CASE("Modified UTF-7 is read and written") {
  struct Row {
    std::string_view utf7, utf8;
  };
  for (const Row& row : {Row{"INBOX", "INBOX"},
                         {"", ""},
                         {"A&-B", "A&B"},
                         {"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"},
                         {"Entw&APw-rfe", "Entwürfe"},
                         {"&AOQA9gD8-", "äöü"},
                         {"&2D3eAA-", "😀"},
                         {"&AOQ-&-&APY-", "ä&ö"},
                         {"100%", "100%"},
                         {"&AAE-", "\x01"}}) {
    INFO(row.utf7);
    CHECK(decode_modified_utf7(row.utf7) == std::string(row.utf8));
    CHECK(encode_modified_utf7(row.utf8) == row.utf7);
  }
}

TEST_CASE("Modified UTF-7 that is not a name's one form is refused") {
  for (const std::string_view name :
       {"&", "a&", "&AOQ", "&AO-", "&AOR-", "&A-", "&AEE-", "&AOQ=-", "&AOQ/-", "&AOQ-&APY-",
        "&2D0-", "&3gA-", "&2D0A5A-", "Entw\xc3\xbcrfe", "\x01", "a\x7f", "&AGEA5A-", "& -"}) {
    INFO(name);
    CHECK(!decode_modified_utf7(name));
  }
}

TEST_CASE("A mailbox name is UTF-8 inside, whatever the wire has") {
  CHECK(MailboxName::from_wire("inBox", Utf8::No)->is_inbox());
  CHECK(MailboxName::from_wire("Entw&APw-rfe", Utf8::No)->utf8() == "Entwürfe");
  CHECK(MailboxName::from_wire("Entwürfe", Utf8::Yes)->utf8() == "Entwürfe");
  CHECK(MailboxName::from_wire("a&b", Utf8::Yes)->utf8() == "a&b");
  CHECK(MailboxName::from_utf8("Entwürfe")->wire(Utf8::No) == "Entw&APw-rfe");
  CHECK(MailboxName::from_utf8("Entwürfe")->wire(Utf8::Yes) == "Entwürfe");
  for (const std::string_view name : {"", "a\nb", "a\x7f", "\xff", "\xc2\x80", "a\xe2\x80\xa8"})
    CHECK(!MailboxName::from_utf8(name));
  CHECK(!MailboxName::from_wire("Entwürfe", Utf8::No));
  CHECK(!MailboxName::from_wire("&AAE-", Utf8::No));
  CHECK(MailboxName::as_sent("bad&name", Utf8::No).utf8() == "bad&name");
}

TEST_CASE("A server's strings are quoted where they can be") {
  const auto astring = [](std::string_view text, Utf8 utf8 = Utf8::No) {
    std::string out;
    append_astring(out, text, utf8);
    return out;
  };
  CHECK(astring("INBOX") == "INBOX");
  CHECK(astring("") == "\"\"");
  CHECK(astring("nil") == "\"nil\"");
  CHECK(astring("a b") == "\"a b\"");
  CHECK(astring("a\"b\\") == "\"a\\\"b\\\\\"");
  CHECK(astring("a\r\nb") == "{4}\r\na\r\nb");
  CHECK(astring("ü") == "{2}\r\nü");
  CHECK(astring("ü", Utf8::Yes) == "\"ü\"");
  std::string out;
  append_mailbox(out, "Entwürfe & mehr", Utf8::No);
  CHECK(out == "\"Entw&APw-rfe &- mehr\"");
  out.clear();
  append_nstring(out, std::nullopt);
  CHECK(out == "NIL");
}
