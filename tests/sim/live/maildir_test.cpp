#include "sim/live/maildir.hpp"

#include <sys/stat.h>

#include <boost/crc.hpp>
#include <cstdio>

#include "tests/sim/live/maildir_dir.hpp"

using namespace mailscope;
using namespace mailscope::mailbox;
using mailscope::sim::open_maildir;
using mailscope::sim::test::content;
using mailscope::sim::test::MaildirUnderTest;

namespace {

using Names = std::vector<std::string>;

FlagChange flag(Uid uid, std::uint8_t system, std::uint64_t keywords = 0) {
  return {uid, {system, keywords}};
}

Uid add(Mailbox& mailbox, std::string content, FlagSet flags = {}) {
  return mailbox.append(NewMessage{std::move(content), {1'700'000'000, 60}, flags}).value();
}

std::string mailboxes(const Account& account) {
  std::string text;
  for (const Listed& listed : account.list())
    text += (text.empty() ? "" : ", ") + listed.name + (listed.selectable ? "" : " (no)");
  return text;
}

}  // namespace

TEST_CASE("What a Maildir was told is there when it is opened again") {
  MaildirUnderTest dir;
  {
    Account& account = dir.open();
    Mailbox& inbox = account.inbox();
    CHECK(inbox.uid_validity() >= 1'700'000'000);  // the clock's
    add(inbox, "Subject: first\r\n\r\nx\r\n");
    add(inbox, "Subject: second\r\n\r\nlone \n LF\r\n", {kSeen, 0});
    add(inbox, "Subject: third\r\n\r\n");
    const auto later = *inbox.keyword("later");
    const std::vector<FlagChange> changes{flag(1, kFlagged | kAnswered, std::uint64_t{1} << later)};
    REQUIRE(inbox.set_flags(changes));
    const std::vector<Uid> third{3};
    REQUIRE(inbox.expunge(third));
    REQUIRE(inbox.take_recent());
    REQUIRE(account.create("Work/2026", kArchive));
    REQUIRE(account.subscribe("Gone"));
  }
  const std::uint32_t validity = dir.account().inbox().uid_validity();
  const ModSeq modseq = dir.account().inbox().highest_modseq();
  const std::vector<Message> before(dir.account().inbox().messages().begin(),
                                    dir.account().inbox().messages().end());
  Account& account = dir.open();
  Mailbox& inbox = account.inbox();
  CHECK(inbox.uid_validity() == validity);
  CHECK(inbox.highest_modseq() == modseq);
  CHECK(inbox.uid_next() == 4);
  CHECK(inbox.recent_from() == 4);
  CHECK(std::vector<Message>(inbox.messages().begin(), inbox.messages().end()) == before);
  CHECK(before.at(0).date == InternalDate{1'700'000'000, 60});
  CHECK(content(inbox, 1) == "Subject: first\r\n\r\nx\r\n");
  CHECK(content(inbox, 2) == "Subject: second\r\n\r\nlone \n LF\r\n");
  CHECK(inbox.keywords().names() == Names{"later"});
  CHECK(inbox.expunged_since(modseq - 1) == std::vector<UidRange>{{3, 3}});
  CHECK(mailboxes(account) == "INBOX, Work (no), Work/2026");
  CHECK(account.list()[2].uses == kArchive);
  CHECK(account.subscriptions().contains("Gone"));
  CHECK((*account.find("Work/2026"))->uid_validity() > validity);
}

TEST_CASE("A new message stands in new with LF, and in cur with its flags when it was looked at") {
  MaildirUnderTest dir;
  Mailbox& inbox = dir.open().inbox();
  add(inbox, "Subject: x\r\n\r\ny\r\n");
  const std::string name = dir.only_name("/new");
  CHECK(name.find(",S=14,W=17") != std::string::npos);
  CHECK(dir.text("/new/" + name) == "Subject: x\n\ny\n");
  CHECK(std::filesystem::exists(dir.bob("/mailscope-uids")));
  struct stat found {};
  REQUIRE(::stat(dir.bob("/new/" + name).c_str(), &found) == 0);
  CHECK(found.st_mtime == 1'700'000'000);
  CHECK((found.st_mode & 077) == 0);
  REQUIRE(inbox.take_recent());
  CHECK(dir.names("/new").empty());
  CHECK(dir.only_name("/cur") == name + ":2,");
  const auto change = flag(1, kSeen | kDraft);
  REQUIRE(inbox.set_flags({&change, 1}));
  CHECK(dir.only_name("/cur") == name + ":2,DS");
  CHECK(content(inbox, 1) == "Subject: x\r\n\r\ny\r\n");
  const std::vector<Uid> all{1};
  REQUIRE(inbox.expunge(all));
  CHECK(dir.names("/cur").empty());
  CHECK(dir.names("/tmp").empty());
}

TEST_CASE("What other programs file, flag and remove is seen at the next refresh") {
  MaildirUnderTest dir;
  Mailbox& inbox = dir.open().inbox();
  for (const char* text : {"a\r\n", "b\r\n", "c\r\n"}) add(inbox, text);
  REQUIRE(inbox.keyword("later"));
  REQUIRE(inbox.take_recent());
  const Names names = dir.names("/cur");
  REQUIRE(names.size() == 3);
  Cursor cursor(inbox);
  dir.move("/cur/" + names[0], "/cur/" + names[0] + "FSab");  // b is no keyword's letter
  std::filesystem::remove(dir.bob("/cur/" + names[1]));
  dir.put("/new/1600000000.1.elsewhere", "Subject: new\n\nLF\n");
  dir.put("/cur/1600000000.2.elsewhere:2,R", "with\r\nCRLF\r\n");
  dir.put("/cur/.hidden", "no message");
  std::filesystem::create_directory(dir.bob("/cur/folder"));
  std::filesystem::create_symlink("/etc/passwd", dir.bob("/new/link"));
  REQUIRE(inbox.refresh());
  REQUIRE(inbox.size() == 4);
  CHECK(inbox.messages()[0].flags == FlagSet{kFlagged | kSeen, 1});
  CHECK(!inbox.find(2));
  CHECK(content(inbox, 4) == "Subject: new\r\n\r\nLF\r\n");
  CHECK(inbox.messages()[2].octets == 20);
  CHECK(content(inbox, 5) == "with\r\nCRLF\r\n");
  CHECK(inbox.messages()[3].flags == FlagSet{kAnswered, 0});
  CHECK(inbox.recent_from() == 4);
  CHECK(cursor.changes().size() == 4);  // gone, flags, two arrived
  const ModSeq modseq = inbox.highest_modseq();
  REQUIRE(inbox.refresh());
  CHECK(inbox.highest_modseq() == modseq);
  CHECK(content(dir.open().inbox(), 4) == "Subject: new\r\n\r\nLF\r\n");
}

TEST_CASE("A file that another program renamed is found again without a refresh") {
  MaildirUnderTest dir;
  Mailbox& inbox = dir.open().inbox();
  for (const char* text : {"a\r\n", "b\r\n"}) add(inbox, text);
  REQUIRE(inbox.take_recent());
  Names names = dir.names("/cur");
  for (const std::string& name : names) dir.move("/cur/" + name, "/cur/" + name + "S");
  CHECK(content(inbox, 1) == "a\r\n");
  for (const std::string& name : names) dir.move("/cur/" + name + "S", "/cur/" + name + "FS");
  const auto change = flag(1, kAnswered);
  REQUIRE(inbox.set_flags({&change, 1}));
  for (const std::string& name : dir.names("/cur")) dir.move("/cur/" + name, "/cur/" + name + "T");
  const std::vector<Uid> second{2};
  REQUIRE(inbox.expunge(second));
  CHECK(dir.only_name("/cur").ends_with(":2,RT"));
  std::filesystem::remove(dir.bob("/cur/" + dir.only_name("/cur")));
  std::string buffer;
  CHECK(inbox.content(1, buffer).error().kind == Failure::Kind::Gone);
}

TEST_CASE("Copies are second names of a file, and a move leaves the first one out") {
  MaildirUnderTest dir;
  Account& account = dir.open();
  Mailbox& work = **account.create("Work");
  add(account.inbox(), "a\r\n");
  add(account.inbox(), "b\r\n", {kSeen, 0});
  const std::vector<Uid> both{1, 2}, first{1};
  REQUIRE(work.copy(account.inbox(), both));
  CHECK(content(work, 1) == "a\r\n");
  CHECK(content(work, 2) == "b\r\n");
  CHECK(dir.names("/.Work/new").size() == 1);
  CHECK(dir.only_name("/.Work/cur").ends_with(":2,S"));
  CHECK(std::filesystem::hard_link_count(dir.bob("/.Work/new/" + dir.only_name("/.Work/new"))) ==
        2);
  REQUIRE(account.move(account.inbox(), both, account.inbox()));
  CHECK(account.inbox().messages()[0].uid == 3);
  Account& again = dir.open();
  CHECK(again.inbox().size() == 2);
  CHECK(content(again.inbox(), 4) == "b\r\n");
  CHECK((*again.find("Work"))->messages()[0].date == InternalDate{1'700'000'000, 60});
}

TEST_CASE("Folders lie as Maildir++ has them, and are renamed and removed while they are open") {
  MaildirUnderTest dir;
  Account& account = dir.open();
  Mailbox& zap = **account.create("foo/bar.x/z\xC3\xA4p");
  add(zap, "a\r\n");
  CHECK(std::filesystem::exists(dir.bob("/.foo.bar\\2ex.z&AOQ-p/cur")));
  CHECK(std::filesystem::exists(dir.bob("/.foo.bar\\2ex.z&AOQ-p/maildirfolder")));
  CHECK(account.create(std::string(300, 'l')).error().kind == Failure::Kind::InvalidName);
  REQUIRE(account.create("../../escape"));
  CHECK(std::filesystem::exists(dir.bob("/.\\2e\\2e.\\2e\\2e.escape")));
  REQUIRE(account.rename("foo", "Q"));
  CHECK(content(zap, 1) == "a\r\n");
  add(zap, "b\r\n");
  const std::string names = mailboxes(account);
  CHECK(mailboxes(dir.open()) == names);
  CHECK((*dir.account().find("Q/bar.x/z\xC3\xA4p"))->size() == 2);
  REQUIRE(dir.account().remove("Q/bar.x/z\xC3\xA4p"));
  CHECK(mailboxes(dir.open()) == ".. (no), ../.. (no), ../../escape, INBOX, Q (no), Q/bar.x (no)");
  for (const std::string& name : dir.names("")) CHECK(name.find("removed") == std::string::npos);
}

TEST_CASE("Mailboxes that other programs create and remove are seen at the next refresh") {
  MaildirUnderTest dir;
  Account& account = dir.open();
  REQUIRE(account.create("Work"));
  for (const char* part : {"/.Play", "/.Play/cur", "/.Play/new", "/.Play/tmp", "/.broken"})
    std::filesystem::create_directory(dir.bob(part));
  dir.put("/.Play/new/1.a.host", "x\n");
  std::filesystem::remove_all(dir.bob("/.Work"));
  CHECK(mailboxes(account) == "INBOX, Work");
  REQUIRE(account.refresh());
  CHECK(mailboxes(account) == "INBOX, Play");
  CHECK(content(**account.find("Play"), 1) == "x\r\n");
  CHECK((*account.find("Play"))->uid_validity() != account.inbox().uid_validity());
}

TEST_CASE("A renaming that a crash cut off is finished at the next load") {
  MaildirUnderTest dir;
  REQUIRE(dir.open().create("a"));
  add(**dir.account().create("a/b"), "x\r\n");
  const std::uint32_t validity = (*dir.account().find("a/b"))->uid_validity();
  // As if the program had ended between the two folders.
  std::string text = dir.text("/mailscope-names");
  REQUIRE(dir.account().rename("a", "c"));
  dir.move("/.c.b", "/.a.b");
  text.resize(text.rfind("end "));
  text += "rename a\tc\nrename a/b\tc/b\n";
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  char end[20];
  std::snprintf(end, sizeof end, "end %08x\n", crc.checksum());
  dir.put("/mailscope-names", text + end);
  CHECK(mailboxes(dir.open()) == "INBOX, c, c/b");
  CHECK((*dir.account().find("c/b"))->uid_validity() == validity);
  CHECK(content(**dir.account().find("c/b"), 1) == "x\r\n");
}

TEST_CASE("What a crash left in tmp goes where it belongs, and half a change is forgotten") {
  MaildirUnderTest dir;
  add(dir.open().inbox(), "a\r\n");
  add(dir.account().inbox(), "b\r\n", {kSeen, 0});
  const std::string fresh = dir.only_name("/new"), seen = dir.only_name("/cur");
  dir.close();
  dir.move("/new/" + fresh, "/tmp/" + fresh);
  dir.move("/cur/" + seen, "/tmp/" + seen.substr(0, seen.find(":2,")));
  dir.put("/tmp/not.in.the.log", "c\n");
  dir.put("/mailscope-uids", dir.text("/mailscope-uids") + "a 3 3 9 0 0 0 0 not.in.the.l");
  Mailbox& inbox = dir.open().inbox();
  REQUIRE(inbox.size() == 2);
  CHECK(content(inbox, 1) == "a\r\n");
  CHECK(content(inbox, 2) == "b\r\n");
  CHECK(inbox.messages()[1].flags == FlagSet{kSeen, 0});
  CHECK(add(inbox, "d\r\n") == 3);
  const std::uint32_t validity = inbox.uid_validity();
  Mailbox& again = dir.open().inbox();
  CHECK(again.uid_validity() == validity);
  REQUIRE(again.size() == 3);
  CHECK(content(again, 3) == "d\r\n");
}

TEST_CASE("Where the log is lost or damaged messages get UIDs anew, under another UIDVALIDITY") {
  const bool lost = GENERATE(true, false);
  MaildirUnderTest dir;
  Mailbox& inbox = dir.open().inbox();
  for (const char* text : {"a\r\n", "b\r\n", "c\r\n"}) add(inbox, text, {kSeen, 0});
  const std::uint32_t validity = inbox.uid_validity();
  std::string text = dir.text("/mailscope-uids");
  text[text.find("a 1 ") + 2] = '7';
  if (lost)
    std::filesystem::remove(dir.bob("/mailscope-uids"));
  else
    dir.put("/mailscope-uids", text);
  Mailbox& again = dir.open().inbox();
  CHECK(again.uid_validity() > validity);
  REQUIRE(again.size() == 3);
  CHECK(again.messages()[0].uid == 1);
  CHECK(again.messages()[0].flags == FlagSet{kSeen, 0});
}

TEST_CASE("A log is written anew when most of it is of no use, and says the same") {
  MaildirUnderTest dir;
  Mailbox& inbox = dir.open().inbox();
  constexpr std::size_t kMany = 400;
  REQUIRE(inbox.append(std::vector<NewMessage>(kMany, NewMessage{"x\r\n", {}, {}})));
  std::vector<FlagChange> changes;
  for (Uid uid = 1; uid <= kMany; ++uid) changes.push_back({uid, {}});
  std::size_t largest = 0;
  for (int pass = 0; pass < 40; ++pass) {
    for (FlagChange& change : changes) change.flags.system ^= kSeen;
    REQUIRE(inbox.set_flags(changes));
    largest = std::max(largest, dir.text("/mailscope-uids").size());
  }
  CHECK(largest < 165'000);  // 40 passes take 180,000
  CHECK(dir.text("/mailscope-uids").size() < largest);
  const std::vector<Message> before(inbox.messages().begin(), inbox.messages().end());
  const ModSeq modseq = inbox.highest_modseq();
  const std::uint32_t validity = inbox.uid_validity();
  Mailbox& again = dir.open().inbox();
  CHECK(std::vector<Message>(again.messages().begin(), again.messages().end()) == before);
  CHECK(again.uid_validity() == validity);
  CHECK(again.uid_next() == kMany + 1);
  CHECK(again.highest_modseq() == modseq);
}

TEST_CASE("An account is one program's at a time") {
  MaildirUnderTest dir;
  dir.open();
  const auto second = open_maildir(dir.path(), "bob");
  REQUIRE(!second);
  CHECK(second.error().text.find("another program") != std::string::npos);
  CHECK(open_maildir(dir.path(), "alice"));
  CHECK(open_maildir(dir.path(), "../bob").error().kind == Failure::Kind::InvalidName);
  CHECK(open_maildir(dir.path() + "/no/where", "bob").error().kind == Failure::Kind::Storage);
}

TEST_CASE("What cannot be read or written is a Failure that names it") {
  MaildirUnderTest dir;
  Account& account = dir.open();
  REQUIRE(account.create("Work"));
  add(account.inbox(), "a\r\n");
  std::filesystem::remove_all(dir.bob("/.Work/cur"));
  dir.put("/.Work/cur", "a file where a folder should be");
  std::filesystem::remove_all(dir.bob("/tmp"));
  const auto refused = account.inbox().append(NewMessage{"b\r\n", {}, {}});
  REQUIRE(!refused);
  CHECK(refused.error().text.find("/bob/tmp/") != std::string::npos);
  CHECK(account.inbox().size() == 1);
  const auto unseen = (*account.find("Work"))->refresh();
  REQUIRE(!unseen);
  CHECK(unseen.error().text.find("/.Work/cur") != std::string::npos);
  REQUIRE(std::filesystem::create_directory(dir.bob("/tmp")));
  add(account.inbox(), "b\r\n");
  CHECK(content(dir.open().inbox(), 2) == "b\r\n");
}

TEST_CASE("A message too big to be read is none of the mailbox's, or a Failure") {
  MaildirUnderTest dir;
  Mailbox& inbox = dir.open().inbox();
  add(inbox, "a\r\n");
  dir.put("/new/1.huge.host", "x");
  std::filesystem::resize_file(dir.bob("/new/1.huge.host"), sim::kMaildirMessageOctetsMax + 1);
  REQUIRE(inbox.refresh());
  CHECK(inbox.size() == 1);
  for (const std::string& name : dir.names("/new"))
    if (name != "1.huge.host")
      std::filesystem::resize_file(dir.bob("/new/" + name), sim::kMaildirMessageOctetsMax + 1);
  std::string buffer;
  CHECK(inbox.content(1, buffer).error().kind == Failure::Kind::Storage);
}
