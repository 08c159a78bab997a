#include "protocols/mailbox/account.hpp"

#include <catch2/catch.hpp>
#include <utility>

#include "protocols/mailbox/memory.hpp"

using namespace mailscope::mailbox;

namespace {

using Kind = Failure::Kind;

// "INBOX, foo (no), foo/bar": (no) is \Noselect.
std::string names(const Account& account) {
  std::string text;
  for (const Listed& listed : account.list())
    text += (text.empty() ? "" : ", ") + listed.name + (listed.selectable ? "" : " (no)");
  return text;
}

void fill(Mailbox& mailbox, int count) {
  for (int i = 0; i < count; ++i) REQUIRE(mailbox.append(NewMessage{"x\r\n", {}, {}}));
}

std::vector<Uid> uids(const Mailbox& mailbox) {
  std::vector<Uid> uids;
  for (const Message& message : mailbox.messages()) uids.push_back(message.uid);
  return uids;
}

}  // namespace

TEST_CASE("An account begins with INBOX, which can be neither created nor removed") {
  const auto account = account_in_memory("bob");
  CHECK(names(*account) == "INBOX");
  CHECK(*account->find("inbox") == &account->inbox());
  CHECK(account->create("InBox").error().kind == Kind::AlreadyExists);
  CHECK(account->remove("INBOX").error().kind == Kind::InvalidName);
  CHECK(account->find("Work").error().kind == Kind::NoSuchMailbox);
  CHECK(account->create("Work//x").error().kind == Kind::InvalidName);
}

TEST_CASE("Parents that are not there come as names without messages, and can be created later") {
  const auto account = account_in_memory("bob");
  REQUIRE(account->create("foo/bar/zap"));
  CHECK(names(*account) == "INBOX, foo (no), foo/bar (no), foo/bar/zap");
  CHECK(account->find("foo").error().kind == Kind::NotSelectable);
  REQUIRE(account->create("foo"));
  CHECK(names(*account) == "INBOX, foo, foo/bar (no), foo/bar/zap");
  CHECK(account->list()[1].has_children);
  CHECK(!account->list()[3].has_children);
}

// RFC 9051 §6.3.5's example.
TEST_CASE("A mailbox with names below it loses its messages and stays as a name") {
  const auto account = account_in_memory("bob");
  REQUIRE(account->create("blurdybloop"));
  REQUIRE(account->create("foo/bar"));
  CHECK(account->remove("foo").error().kind == Kind::HasChildren);
  REQUIRE(account->remove("blurdybloop"));
  REQUIRE(account->remove("foo/bar"));
  CHECK(names(*account) == "INBOX, foo (no)");
  REQUIRE(account->remove("foo"));
  CHECK(names(*account) == "INBOX");

  REQUIRE(account->create("foo"));
  fill(**account->find("foo"), 2);
  REQUIRE(account->create("foo/bar"));
  REQUIRE(account->remove("foo"));
  CHECK(names(*account) == "INBOX, foo (no), foo/bar");
  CHECK(account->usage().messages == 0);
}

TEST_CASE("A mailbox that is created again has a higher UIDVALIDITY than any before") {
  const auto account = account_in_memory("bob", 500);
  CHECK(account->inbox().uid_validity() == 500);
  const std::uint32_t first = (*account->create("Work"))->uid_validity();
  CHECK(first > 500);
  REQUIRE(account->remove("Work"));
  const std::uint32_t second = (*account->create("Work"))->uid_validity();
  CHECK(second > first);
  REQUIRE(account->rename("Work", "Play"));
  CHECK((*account->find("Play"))->uid_validity() == second);
  CHECK((*account->create("Work"))->uid_validity() > second);
}

TEST_CASE("A rename takes along what is below, and keeps messages and UIDs") {
  const auto account = account_in_memory("bob");
  Mailbox* foo = *account->create("foo");
  fill(*foo, 3);
  REQUIRE(account->create("foo/bar", kJunk));
  REQUIRE(account->create("foo/bar/zap"));
  REQUIRE(account->create("foot"));
  REQUIRE(account->rename("foo", "a/b"));
  CHECK(names(*account) == "INBOX, a (no), a/b, a/b/bar, a/b/bar/zap, foot");
  CHECK(*account->find("a/b") == foo);
  CHECK(foo->name() == "a/b");
  CHECK(uids(*foo) == std::vector<Uid>{1, 2, 3});
  CHECK(account->with_use(kJunk)->name() == "a/b/bar");

  CHECK(account->rename("a/b", "foot").error().kind == Kind::AlreadyExists);
  CHECK(account->rename("a/b", "a").error().kind == Kind::AlreadyExists);
  CHECK(account->rename("a/b", "a/b/c").error().kind == Kind::InvalidName);
  CHECK(account->rename("x", "y").error().kind == Kind::NoSuchMailbox);
  CHECK(account->rename("a/b", "Work/").error().kind == Kind::InvalidName);
  CHECK(account->rename("a", "c"));  // a name without messages
  CHECK(names(*account) == "INBOX, c (no), c/b, c/b/bar, c/b/bar/zap, foot");
  const std::string wide(kNameOctetsMax - 8, 'w');
  CHECK(account->rename("c", wide).error().kind == Kind::InvalidName);
}

// RFC 9051 §6.3.6's example.
TEST_CASE("Renaming INBOX moves its messages and leaves it empty, with what is below it") {
  const auto account = account_in_memory("bob");
  fill(account->inbox(), 2);
  REQUIRE(account->create("INBOX/bar"));
  REQUIRE(account->rename("INBOX", "old-mail"));
  CHECK(names(*account) == "INBOX, INBOX/bar, old-mail");
  CHECK(account->inbox().size() == 0);
  CHECK(account->inbox().uid_next() == 3);
  CHECK((*account->find("old-mail"))->size() == 2);
  CHECK(account->rename("inbox", "old-mail").error().kind == Kind::AlreadyExists);
}

TEST_CASE("A subscription outlives its mailbox") {
  const auto account = account_in_memory("bob");
  REQUIRE(account->create("Work"));
  REQUIRE(account->subscribe("Work"));
  REQUIRE(account->subscribe("inbox"));
  CHECK(account->list()[0].subscribed);
  CHECK(account->list()[1].subscribed);
  REQUIRE(account->remove("Work"));
  CHECK(account->subscriptions().contains("Work"));
  REQUIRE(account->unsubscribe("Work"));
  REQUIRE(account->unsubscribe("Work"));
  CHECK(!account->subscriptions().contains("Work"));
  CHECK(account->subscribe("/").error().kind == Kind::InvalidName);
}

TEST_CASE("Quota counts all mailboxes, and an account ends at its limits") {
  const auto account = account_in_memory("bob");
  fill(account->inbox(), 2);
  fill(**account->create("Work"), 1);
  CHECK(account->usage().messages == 3);
  CHECK(account->usage().octets == 9);
  account->set_limits({11, std::nullopt});
  CHECK(account->inbox().append(NewMessage{"x\r\n", {}, {}}).error().kind == Kind::OverQuota);
  CHECK(account->inbox().append(NewMessage{"xy", {}, {}}));
  account->set_limits({std::nullopt, 4});
  CHECK(account->inbox().append(NewMessage{"", {}, {}}).error().kind == Kind::OverQuota);
  REQUIRE(account->remove("Work"));
  CHECK(account->usage().messages == 3);
  CHECK(account->usage().octets == 8);
}

TEST_CASE("An account ends at its limit of names") {
  const auto account = account_in_memory("bob");
  Result<Mailbox*> made = &account->inbox();
  for (std::size_t i = 0; made && i < 300; ++i) made = account->create("n" + std::to_string(i));
  CHECK(made);
  std::string deep = "d";
  for (int level = 1; level < kLevelsMax; ++level) deep += "/d";
  for (std::size_t i = 0; made; ++i) made = account->create(std::to_string(i) + deep.substr(1));
  CHECK(made.error().kind == Kind::Limit);
  CHECK(account->list().size() <= Account::kMailboxesMax);
}

namespace {

// A folder and a storage that fail when they are told to.
struct Trouble {
  bool failing = false, once = false;
  Result<void> answer() {
    if (std::exchange(once, false) || failing) return tl::unexpected(Failure{Kind::Storage, "no"});
    return {};
  }
};

class BadFolder final : public Folder {
 public:
  BadFolder(Trouble& trouble, std::unique_ptr<Folder> good)
      : trouble_(trouble), good_(std::move(good)) {}
  Result<MailboxState> load() override { return good_->load(); }
  Result<std::string_view> content(Uid uid, std::string& buffer) override {
    return good_->content(uid, buffer);
  }
  Result<void> append(std::span<const Message> m, std::span<NewMessage> c) override {
    return trouble_.answer().and_then([&] { return good_->append(m, c); });
  }
  Result<void> copy(Folder& from, std::span<const Uid> u, std::span<const Message> m) override {
    return good_->copy(*static_cast<BadFolder&>(from).good_, u, m);
  }
  Result<void> set_flags(std::span<const Message>) override { return trouble_.answer(); }
  Result<void> expunge(std::span<const Uid> uids, ModSeq modseq) override {
    return trouble_.answer().and_then([&] { return good_->expunge(uids, modseq); });
  }
  Result<void> add_keyword(std::string_view) override { return trouble_.answer(); }
  Result<void> take_recent(Uid) override { return trouble_.answer(); }

 private:
  Trouble& trouble_;
  std::unique_ptr<Folder> good_;
};

class BadStorage final : public Storage {
 public:
  explicit BadStorage(Trouble& trouble) : trouble_(trouble) {}
  Result<Catalog> load() override { return good_->load(); }
  Result<void> save(const Catalog& catalog) override { return good_->save(catalog); }
  Result<std::unique_ptr<Folder>> open(const std::string& name) override {
    return good_->open(name);
  }
  Result<std::unique_ptr<Folder>> create(const std::string& name,
                                         std::uint32_t uid_validity) override {
    if (trouble_.failing) return tl::unexpected(Failure{Kind::Storage, "no"});
    return std::make_unique<BadFolder>(trouble_, *good_->create(name, uid_validity));
  }
  Result<void> remove(const std::string&) override { return trouble_.answer(); }
  Result<void> rename(std::span<const Renaming>) override { return trouble_.answer(); }

 private:
  Trouble& trouble_;
  std::unique_ptr<Storage> good_ = storage_in_memory();
};

}  // namespace

TEST_CASE("What the back end fails to keep does not happen") {
  Trouble trouble;
  const auto account = *open_account("bob", std::make_unique<BadStorage>(trouble), 1);
  Mailbox& inbox = account->inbox();
  Mailbox& work = **account->create("Work");
  fill(inbox, 2);
  const ModSeq before = inbox.highest_modseq();
  Cursor cursor(inbox), other(work);
  trouble.failing = true;
  const FlagChange change{1, {kSeen, 0}};
  const std::vector<Uid> both{1, 2};
  CHECK(inbox.append(NewMessage{}).error().kind == Kind::Storage);
  CHECK(inbox.set_flags({&change, 1}).error().kind == Kind::Storage);
  CHECK(inbox.expunge(both).error().kind == Kind::Storage);
  CHECK(inbox.keyword("later").error().kind == Kind::Storage);
  CHECK(inbox.take_recent().error().kind == Kind::Storage);
  CHECK(account->create("More").error().kind == Kind::Storage);
  CHECK(account->remove("Work").error().kind == Kind::Storage);
  CHECK(account->rename("Work", "Play").error().kind == Kind::Storage);
  CHECK(uids(inbox) == both);
  CHECK(inbox.messages()[0].flags.empty());
  CHECK(inbox.highest_modseq() == before);
  CHECK(inbox.recent_from() == 1);
  CHECK(cursor.changes().empty());
  CHECK(names(*account) == "INBOX, Work");

  trouble.failing = false;
  CHECK(account->move(inbox, both, work));
  CHECK(work.size() == 2);
  const std::vector<Uid> first{1};
  other.told(other.changes().size());
  trouble.once = true;  // the copy succeeds and the removal does not: no message is there twice
  CHECK(account->move(work, first, inbox).error().kind == Kind::Storage);
  CHECK(work.size() == 2);
  CHECK(inbox.size() == 0);
}
