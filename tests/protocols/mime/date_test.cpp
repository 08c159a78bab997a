#include "protocols/mime/date.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::mime;

TEST_CASE("Dates are written as RFC 5322 has them") {
  CHECK(format_date({0, 0}) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(format_date({1772439300, 60}) == "Mon, 02 Mar 2026 09:15:00 +0100");
  CHECK(format_date({1772439300, -330}) == "Mon, 02 Mar 2026 02:45:00 -0530");
  CHECK(format_date({-1, 0}) == "Wed, 31 Dec 1969 23:59:59 +0000");
  CHECK(format_date({951782400, 0}) == "Tue, 29 Feb 2000 00:00:00 +0000");
}

TEST_CASE("Dates of every form are read") {
  struct Row {
    std::string_view text;
    Date date;
  };
  for (const Row& row : {
           Row{"Fri, 21 Nov 1997 09:55:06 -0600", {880127706, -360}},
           Row{"21 Nov 1997 09:55:06 -0600", {880127706, -360}},
           Row{"21 Nov 97 09:55:06 GMT", {880106106, 0}},
           Row{"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", {880127706, -360}},
           Row{"Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               "
               "-0330 (Newfoundland Time)",
               {-27723480, -210}},
           Row{"Wed, 11 Feb 98 11:51 CST", {887219460, -360}},
           Row{"1 Jan 00 00:00:00 GMT", {946684800, 0}},
           Row{"1 Jan 49 00:00:00 GMT", {2493072000, 0}},
           Row{"1 Jan 50 00:00:00 GMT", {-631152000, 0}},
           Row{"Mon, 1 Jan 100 00:00:00 Z", {946684800, 0}},
           Row{"1 Jan 2000 00:00:00", {946684800, 0}},
           Row{"1 Jan 2000 00:00:00 XYZ", {946684800, 0}},
           Row{"1 January 2000 00:00:00 +0000", {946684800, 0}},
           Row{"01-Jan-2000 00:00:00 EST", {946702800, -300}},
           Row{"31 Dec 2016 23:59:60 +0000", {1483228800, 0}},
       }) {
    INFO(row.text);
    REQUIRE(parse_date(row.text));
    CHECK(*parse_date(row.text) == row.date);
  }
}

TEST_CASE("What is no date is none") {
  for (std::string_view text :
       {"", "yesterday", "32 Jan 2000 00:00:00 +0000", "29 Feb 1999 00:00 +0000",
        "1 Foo 2000 00:00:00 +0000", "1 Jan 2000", "1 Jan 2000 24:00:00 +0000", "1 Jan 2000 10",
        "0 Jan 2000 00:00:00 +0000", "1 Jan 2000 00:61:00 +0000",
        "1 Jan 99999999999 00:00:00 +0000", "(((("}) {
    INFO(text);
    CHECK(!parse_date(text));
  }
}

TEST_CASE("A date that was written is read back") {
  for (std::int64_t t = -2'000'000'000; t < 4'000'000'000; t += 12'345'679)
    for (int zone : {0, 60, -330, 825}) CHECK(parse_date(format_date({t, zone})) == Date{t, zone});
}
