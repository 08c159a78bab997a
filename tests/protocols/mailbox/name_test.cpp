#include "protocols/mailbox/name.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::mailbox;

TEST_CASE("A mailbox name is UTF-8 with levels that are not empty, and INBOX is in capitals") {
  struct Row {
    std::string given, kept;  // kept empty: no name
  };
  for (const Row& row : {
           Row{"Work", "Work"},
           {"Work/2026", "Work/2026"},
           {"inbox", "INBOX"},
           {"iNbOx/Old", "INBOX/Old"},
           {"Work/inbox", "Work/inbox"},
           {"inboxes", "inboxes"},
           {"Entw\xC3\xBCrfe", "Entw\xC3\xBCrfe"},
           {"\xE5\x8F\xB0\xE5\x8C\x97/\xF0\x9F\x93\xAB",
            "\xE5\x8F\xB0\xE5\x8C\x97/\xF0\x9F\x93\xAB"},
           {"..", ".."},
           {"a.b", "a.b"},
           {"a & b", "a & b"},
           {"", ""},
           {"/", ""},
           {"/a", ""},
           {"a/", ""},
           {"a//b", ""},
           {"a\nb", ""},
           {std::string("a\0b", 3), ""},
           {"a\x7F", ""},
           {"a\xC2\x85", ""},
           {"a\xFF", ""},
           {"a\xC3", ""},
           {"\xC0\xAF", ""},
           {"\xED\xA0\x80", ""},
           {"\xF4\x90\x80\x80", ""},
           {std::string(kNameOctetsMax, 'a'), std::string(kNameOctetsMax, 'a')},
           {std::string(kNameOctetsMax + 1, 'a'), ""},
       }) {
    INFO(row.given);
    CHECK(canonical_name(row.given).value_or("") == row.kept);
  }
  std::string deep = "a";
  for (int level = 1; level < kLevelsMax; ++level) deep += "/a";
  CHECK(canonical_name(deep));
  CHECK(!canonical_name(deep + "/a"));
}

TEST_CASE("A percent sign in a pattern stops at the separator, an asterisk does not") {
  struct Row {
    std::string_view pattern, name;
    bool matches;
  };
  for (const Row& row : {
           Row{"*", "a", true},
           {"*", "a/b/c", true},
           {"%", "a", true},
           {"%", "a/b", false},
           {"%/%", "a/b", true},
           {"%/%", "a/b/c", false},
           {"%/%", "a", false},
           {"a/%", "a/b", true},
           {"a/%", "a", false},
           {"a*", "a/b", true},
           {"a%", "ab", true},
           {"a%", "a/b", false},
           {"*b", "a/bb", true},
           {"%b", "abab", true},
           {"%ab", "aabab", true},
           {"*/c", "a/b/c", true},
           {"%/c", "a/b/c", false},
           {"*%c", "a/b/c", true},
           {"*a%", "a/ba/c", false},
           {"*a%c", "a/bac", true},
           {"*a/%c", "xa/ya/zc", true},
           {"%a*b", "xay/zb", true},
           {"", "a", false},
           {"a", "a", true},
           {"A", "a", false},
           {"inbox", "INBOX", true},
           {"InBoX", "INBOX", true},
           {"inb%", "INBOX", true},
           {"%x", "INBOX", true},
           {"inbox/old", "INBOX/old", true},
           {"inbox/OLD", "INBOX/old", false},
           {"inbox*", "INBOXES", false},
           {"***", "a/b", true},
           {"%%", "a", true},
       }) {
    INFO(row.pattern << " on " << row.name);
    CHECK(matches(row.pattern, row.name) == row.matches);
  }
}

TEST_CASE("A name is below another when a separator stands between") {
  CHECK(is_below("a/b", "a"));
  CHECK(is_below("a/b/c", "a"));
  CHECK(!is_below("ab", "a"));
  CHECK(!is_below("a", "a"));
  CHECK(parent_of("a/b/c") == "a/b");
  CHECK(parent_of("a").empty());
}

TEST_CASE("Special uses have the names of RFC 6154, in any case") {
  for (const SpecialUse use : kSpecialUses) CHECK(special_use_named(name(use)) == use);
  CHECK(special_use_named("\\jUNK") == kJunk);
  CHECK(!special_use_named("\\Inbox"));
}
