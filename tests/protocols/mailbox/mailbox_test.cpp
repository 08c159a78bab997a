#include "protocols/mailbox/mailbox.hpp"

#include <catch2/catch.hpp>

#include "protocols/mailbox/account.hpp"

using namespace mailscope::mailbox;

namespace {

struct World {
  std::unique_ptr<Account> account = account_in_memory("bob", 1000);
  Mailbox& inbox = account->inbox();

  Uid add(std::string content, FlagSet flags = {}) {
    return *inbox.append(NewMessage{std::move(content), {1'000'000, 60}, flags});
  }
  std::vector<Uid> uids(const Mailbox& mailbox) const {
    std::vector<Uid> uids;
    for (const Message& message : mailbox.messages()) uids.push_back(message.uid);
    return uids;
  }
  std::string content(Mailbox& mailbox, Uid uid) const {
    std::string buffer;
    return std::string(*mailbox.content(uid, buffer));
  }
  void flag(Uid uid, FlagSet flags) {
    const FlagChange change{uid, flags};
    REQUIRE(inbox.set_flags({&change, 1}));
  }
  void expunge(std::vector<Uid> uids) { REQUIRE(inbox.expunge(uids)); }
};

std::vector<Change> changes(const Cursor& cursor) {
  return {cursor.changes().begin(), cursor.changes().end()};
}

}  // namespace

TEST_CASE("UIDs ascend and are never used again") {
  World world;
  CHECK(world.inbox.uid_next() == 1);
  CHECK(world.add("a\r\n") == 1);
  CHECK(world.add("b\r\n") == 2);
  CHECK(world.add("c\r\n") == 3);
  world.expunge({2, 3});
  CHECK(world.inbox.uid_next() == 4);
  CHECK(world.add("d\r\n") == 4);
  CHECK(world.uids(world.inbox) == std::vector<Uid>{1, 4});
  CHECK(world.inbox.find(4) == 1u);
  CHECK(!world.inbox.find(2));
  CHECK(world.inbox.lower_bound(2) == 1);
  CHECK(world.inbox.lower_bound(5) == 2);
}

TEST_CASE("A message keeps its octets, its date with the zone, and its flags") {
  World world;
  const Uid uid = world.add("Subject: x\r\n\r\nbare \n and \r\r\n", {kSeen, 0});
  CHECK(world.content(world.inbox, uid) == "Subject: x\r\n\r\nbare \n and \r\r\n");
  const Message& message = world.inbox.messages()[0];
  CHECK(message.octets == 28);
  CHECK(message.date == InternalDate{1'000'000, 60});
  CHECK(message.flags == FlagSet{kSeen, 0});
  CHECK(world.inbox.octets() == 28);
  world.expunge({uid});
  std::string buffer;
  CHECK(world.inbox.content(uid, buffer).error().kind == Failure::Kind::Gone);
  CHECK(world.inbox.octets() == 0);
}

TEST_CASE("Each call that changes something has a higher modification sequence, others have none") {
  World world;
  const ModSeq empty = world.inbox.highest_modseq();
  CHECK(empty >= 1);
  world.add("a"), world.add("b");
  const ModSeq appended = world.inbox.highest_modseq();
  CHECK(world.inbox.messages()[0].modseq == empty + 1);
  CHECK(world.inbox.messages()[1].modseq == appended);
  const std::vector<FlagChange> both{{1, {kSeen, 0}}, {2, {kSeen, 0}}};
  CHECK(world.inbox.set_flags(both) == appended + 1);
  CHECK(world.inbox.messages()[0].modseq == appended + 1);
  CHECK(world.inbox.set_flags(both) == appended + 1);  // nothing was different
  const std::vector<FlagChange> second{{1, {kSeen, 0}}, {2, {kDraft, 0}}, {9, {kSeen, 0}}};
  CHECK(world.inbox.set_flags(second) == appended + 2);
  CHECK(world.inbox.messages()[0].modseq == appended + 1);
  CHECK(world.inbox.messages()[1].modseq == appended + 2);
  world.expunge({1});
  CHECK(world.inbox.highest_modseq() == appended + 3);
  world.expunge({1});
  CHECK(world.inbox.highest_modseq() == appended + 3);
}

TEST_CASE("What was expunged since a modification sequence is known, merged and ascending") {
  World world;
  for (int i = 0; i < 8; ++i) world.add("x");
  const ModSeq full = world.inbox.highest_modseq();
  world.expunge({5, 6});
  const ModSeq later = world.inbox.highest_modseq();
  world.expunge({2, 4});
  CHECK(world.inbox.expunged_since(full) == std::vector<UidRange>{{2, 2}, {4, 6}});
  CHECK(world.inbox.expunged_since(later) == std::vector<UidRange>{{2, 2}, {4, 4}});
  CHECK(world.inbox.expunged_since(world.inbox.highest_modseq()) == std::vector<UidRange>{});
}

TEST_CASE("What was expunged too long ago is forgotten, and said to be") {
  World world;
  const std::size_t count = 2 * Mailbox::kExpungedMax + 2;
  REQUIRE(world.inbox.append(std::vector<NewMessage>(count)));
  const ModSeq begin = world.inbox.highest_modseq();
  Uid uid = 1;
  while (uid < count) {  // no two side by side
    std::vector<Uid> uids;
    for (int i = 0; i < 1000 && uid < count; ++i, uid += 2) uids.push_back(uid);
    world.expunge(uids);
  }
  CHECK(!world.inbox.expunged_since(begin));
  CHECK(world.inbox.expunged_since(world.inbox.highest_modseq() - 10)->size() == 9 * 1000 + 1);
}

TEST_CASE("Keywords become bits, keep their first spelling and end at 64") {
  World world;
  CHECK(*world.inbox.keyword("$Forwarded") == 0);
  CHECK(*world.inbox.keyword("Later") == 1);
  CHECK(*world.inbox.keyword("$FORWARDED") == 0);
  CHECK(world.inbox.keywords().names() == std::vector<std::string>{"$Forwarded", "Later"});
  CHECK(world.inbox.keyword("no good").error().kind == Failure::Kind::InvalidName);
  CHECK(world.inbox.keyword("\\Seen").error().kind == Failure::Kind::InvalidName);
  for (int i = 2; i < 64; ++i) CHECK(world.inbox.keyword("k" + std::to_string(i)));
  CHECK(world.inbox.keyword("another").error().kind == Failure::Kind::Limit);
  CHECK(*world.inbox.keyword("later") == 1);
}

TEST_CASE("System flags have the names of RFC 9051, in any case") {
  for (const SystemFlag flag : kSystemFlags) CHECK(system_flag_named(name(flag)) == flag);
  CHECK(system_flag_named("\\sEEN") == kSeen);
  CHECK(!system_flag_named("\\Recent"));
}

TEST_CASE("A cursor has what its session has not been told, in order") {
  World world;
  world.add("before");
  Cursor first(world.inbox);
  world.add("a");
  const ModSeq appended = world.inbox.highest_modseq();
  Cursor second(world.inbox);
  world.flag(2, {kFlagged, 0});
  world.expunge({1});
  CHECK(changes(first) == std::vector<Change>{{Change::Kind::Appended, 2, appended},
                                              {Change::Kind::Flags, 2, appended + 1},
                                              {Change::Kind::Expunged, 1, appended + 2}});
  CHECK(changes(second).size() == 2);
  first.told(2);
  CHECK(changes(first).size() == 1);
  CHECK(changes(second).size() == 2);
  CHECK(changes(second)[0].kind == Change::Kind::Flags);
}

TEST_CASE("A journal forgets what all have been told and overruns who never listens") {
  World world;
  constexpr std::size_t kMany = 1024;
  REQUIRE(world.inbox.append(std::vector<NewMessage>(kMany)));
  Cursor listens(world.inbox);
  Cursor sleeps(world.inbox);
  std::vector<FlagChange> all;
  for (Uid uid = 1; uid <= kMany; ++uid) all.push_back({uid, {}});
  std::size_t total = 0;
  const ModSeq first = world.inbox.highest_modseq() + 1;
  for (; total < 3 * Journal::kBehindMax; total += kMany) {
    for (FlagChange& change : all) change.flags.system ^= kSeen;
    REQUIRE(world.inbox.set_flags(all));
    REQUIRE(listens.changes().size() == kMany);
    listens.told(kMany);
    if (total >= Journal::kBehindMax) continue;
    REQUIRE(sleeps.changes().size() == total + kMany);
    REQUIRE(sleeps.changes().front() == Change{Change::Kind::Flags, 1, first});
  }
  CHECK(sleeps.overrun());
  CHECK(sleeps.changes().empty());
  CHECK(!listens.overrun());
}

TEST_CASE("Watchers are woken once a call, also by the end of the mailbox, and may end meanwhile") {
  struct Session final : Watcher {
    explicit Session(Mailbox& mailbox) { cursor.emplace(mailbox, this); }
    void mailbox_changed() override {
      ++woken;
      gone = !cursor->mailbox();
      if (ends) ends->reset();
    }
    std::optional<Cursor> cursor;
    std::optional<Cursor>* ends = nullptr;
    int woken = 0;
    bool gone = false;
  };
  World world;
  Mailbox& mailbox = **world.account->create("Work");
  Session a(mailbox), b(mailbox), c(mailbox);
  REQUIRE(mailbox.append(std::vector<NewMessage>(3)));
  CHECK(a.woken == 1);
  CHECK(b.woken == 1);
  a.ends = &b.cursor;
  REQUIRE(mailbox.append(NewMessage{}));
  CHECK(a.woken == 2);
  CHECK(b.woken == 1);
  CHECK(c.woken == 2);
  a.ends = nullptr;
  REQUIRE(world.account->remove("Work"));
  CHECK(a.gone);
  CHECK(c.gone);
  CHECK(c.woken == 3);
  CHECK(c.cursor->changes().empty());
}

TEST_CASE("Messages are recent to the first session that takes them") {
  World world;
  world.add("a"), world.add("b");
  CHECK(world.inbox.recent_from() == 1);
  CHECK(*world.inbox.take_recent() == 1);
  CHECK(*world.inbox.take_recent() == 3);  // none
  world.add("c");
  CHECK(world.inbox.recent_from() == 3);
  CHECK(*world.inbox.take_recent() == 3);
}

TEST_CASE("A copy has flags, date and keywords of the message and a UID of its own") {
  World world;
  Mailbox& other = **world.account->create("Other");
  REQUIRE(other.keyword("elsewhere"));
  const FlagSet flags{kSeen, std::uint64_t{1} << *world.inbox.keyword("later")};
  world.add("a"), world.add("b", flags), world.add("c");
  const std::vector<Uid> uids{2, 3};
  CHECK(*other.copy(world.inbox, uids) == 1);
  CHECK(world.content(other, 1) == "b");
  CHECK(other.messages()[0].flags == FlagSet{kSeen, 2});
  CHECK(other.messages()[0].date == InternalDate{1'000'000, 60});
  CHECK(other.keywords().names() == std::vector<std::string>{"elsewhere", "later"});
  CHECK(world.inbox.size() == 3);
  CHECK(*world.inbox.copy(world.inbox, uids) == 4);
  CHECK(world.content(world.inbox, 5) == "c");
  CHECK(world.inbox.messages()[3].flags == flags);
}

TEST_CASE("A copy that cannot be whole copies nothing") {
  World world;
  Mailbox& other = **world.account->create("Other");
  world.add("a"), world.add("b"), world.add("c");
  const std::vector<Uid> gone{1, 9};
  CHECK(other.copy(world.inbox, gone).error().kind == Failure::Kind::Gone);
  CHECK(other.size() == 0);
  world.account->set_limits({std::nullopt, 4});
  const std::vector<Uid> two{1, 2};
  CHECK(other.copy(world.inbox, two).error().kind == Failure::Kind::OverQuota);
  CHECK(other.size() == 0);
  CHECK(other.uid_next() == 1);
  CHECK(world.account->move(world.inbox, two, other));  // takes no more room
  CHECK(world.uids(world.inbox) == std::vector<Uid>{3});
  CHECK(world.uids(other) == std::vector<Uid>{1, 2});
}

TEST_CASE("Several messages are appended together or not at all") {
  World world;
  std::vector<NewMessage> messages{{"aa", {}, {}}, {"bbb", {}, {}}};
  world.account->set_limits({4, std::nullopt});
  CHECK(world.inbox.append(messages).error().kind == Failure::Kind::OverQuota);
  CHECK(world.inbox.size() == 0);
  world.account->set_limits({5, std::nullopt, 2});
  CHECK(world.inbox.append(messages).error().kind == Failure::Kind::TooBig);
  world.account->set_limits({5, std::nullopt, 3});
  const ModSeq before = world.inbox.highest_modseq();
  CHECK(*world.inbox.append(messages) == 1);
  CHECK(world.inbox.highest_modseq() == before + 1);
  CHECK(world.inbox.size() == 2);
  CHECK(world.account->usage().octets == 5);
}

TEST_CASE("The lock is one session's") {
  World world;
  CHECK(world.inbox.lock());
  CHECK(!world.inbox.lock());
  world.inbox.unlock();
  CHECK(world.inbox.lock());
}

TEST_CASE("A mailbox of 100,000 messages is changed without a detour for each") {
  World world;
  constexpr std::size_t kMany = 100'000;
  REQUIRE(world.inbox.append(std::vector<NewMessage>(kMany, NewMessage{"x", {}, {}})));
  Cursor cursor(world.inbox);
  std::vector<FlagChange> all;
  for (const Message& message : world.inbox.messages()) all.push_back({message.uid, {kSeen, 0}});
  REQUIRE(world.inbox.set_flags(all));
  CHECK(cursor.changes().size() == kMany);
  cursor.told(kMany);
  std::vector<Uid> even;
  for (Uid uid = 2; uid <= kMany; uid += 2) even.push_back(uid);
  world.expunge(even);
  CHECK(world.inbox.size() == kMany / 2);
  CHECK(world.content(world.inbox, 99'999) == "x");
  CHECK(cursor.changes().size() == kMany / 2);
}
