#include "sim/live/maildir_names.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using namespace mailscope::sim::maildir;

TEST_CASE("No name of a user leads out of the folder") {
  for (const char* user : {"bob", "bob@beta.example", "b.o-b+x", "z\xC3\xBC", "~", "a b"})
    CHECK(is_user(user));
  for (const std::string& user :
       {std::string(), std::string("."), std::string(".."), std::string(".bob"),
        std::string("../bob"), std::string("a/b"), std::string("/"), std::string("a\nb"),
        std::string("a\0b", 3), std::string(256, 'a')})
    CHECK(!is_user(user));
}

TEST_CASE("A mailbox has a folder below INBOX's, and the folder tells the mailbox") {
  struct Row {
    std::string mailbox, folder;
  };
  for (const Row& row : {Row{"INBOX", ""},
                         {"Work", ".Work"},
                         {"Work/2026/Jan", ".Work.2026.Jan"},
                         {"INBOX/Old", ".INBOX.Old"},
                         {"a.b/c", ".a\\2eb.c"},
                         {"..", ".\\2e\\2e"},
                         {"../../etc", ".\\2e\\2e.\\2e\\2e.etc"},
                         {"a\\2e", ".a\\5c2e"},
                         {"Entw\xC3\xBCrfe", ".Entw&APw-rfe"},
                         {"a & b", ".a &- b"},
                         {"cur", ".cur"}}) {
    INFO(row.mailbox);
    CHECK(folder_of(row.mailbox) == row.folder);
    if (!row.folder.empty()) CHECK(mailbox_of(row.folder) == row.mailbox);
  }
  CHECK(!folder_of(std::string(300, 'a')));
}

TEST_CASE("A folder that no mailbox would have is none of a mailbox") {
  for (const char* folder :
       {"", ".", "..", "cur", "new", "tmp", "..Work", ".Work.", ".a..b", ".inbox", ".INBOX",
        ".inbox.Old", ".a&b", ".a/b", "..mailscope-removed.1.1", ".a\\b", ".Entw\xC3\xBCrfe"}) {
    INFO(folder);
    CHECK(!mailbox_of(folder));
  }
}

TEST_CASE("Flags stand as letters in the order of ASCII, and letters of others stay") {
  CHECK(info_of({}, {}) == ":2,");
  CHECK(info_of({mailbox::kSeen | mailbox::kFlagged | mailbox::kAnswered, 5}, {}) == ":2,FRSac");
  CHECK(info_of({mailbox::kDeleted | mailbox::kDraft, 0}, ":2,PSa") == ":2,DPT");
  CHECK(info_of({0, std::uint64_t{1} << 25 | std::uint64_t{1} << 26}, {}) == ":2,z");
  CHECK(flags_of(":2,FRSac") ==
        mailbox::FlagSet{mailbox::kSeen | mailbox::kFlagged | mailbox::kAnswered, 5});
  CHECK(flags_of("") == mailbox::FlagSet{});
  CHECK(flags_of(":1,S") == mailbox::FlagSet{});
  CHECK(split("1.a.host:2,S").base == "1.a.host");
  CHECK(split("1.a.host").info.empty());
}

TEST_CASE("What is written with LF is read back octet for octet") {
  for (const std::string& message :
       {std::string(), std::string("a\r\n"), std::string("a\r\nb"), std::string("a\r\r\nb\r\r\n"),
        std::string("a\rb\r\n"), std::string("\r\n\r\n"), std::string("\r"), std::string("a\nb"),
        std::string("a\nb\r\n"), std::string("\n"), std::string("\n\r\n\n"),
        std::string("a\0b\r\n", 5), std::string("no end at all"), std::string("\r\n\r")}) {
    std::string file = file_of(message);
    if (message.find('\n') == std::string::npos || message.find("\r\n") == message.find('\n') - 1)
      CHECK(file.size() <= message.size());
    const std::string base = unique_base(file.size(), message.size());
    message_of(file, base);
    CHECK(file == message);
  }
  CHECK(file_of("a\r\nb\r\n") == "a\nb\n");
  std::string unix_text = "a\nb\r\nc\n";  // another program's
  message_of(unix_text, "1.x.host");
  CHECK(unix_text == "a\r\nb\r\nc\r\n");
}

TEST_CASE("No two files get the same name") {
  CHECK(unique_base(1, 2) != unique_base(1, 2));
  CHECK(unique_base(10, 12).ends_with(",S=10,W=12"));
  CHECK(!is_message(".hidden"));
  CHECK(!is_message("a\nb"));
  CHECK(is_message("1.M2P3.host:2,S"));
}
