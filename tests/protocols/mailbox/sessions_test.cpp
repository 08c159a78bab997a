// Two to four sessions do random things to one mailbox, beside a plain model of it. Each session's
// view, put together from its cursor alone, is the model's after it was told.
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "protocols/mailbox/account.hpp"

using namespace mailscope::mailbox;

namespace {

struct Plain {
  std::string content;
  FlagSet flags;
  ModSeq modseq = 0;
};

// What a client knows: UIDs in order, with flags as far as it was told.
struct Session {
  explicit Session(Mailbox& mailbox) : cursor(mailbox) {
    for (const Message& message : mailbox.messages()) seen[message.uid] = message.flags;
  }
  void listen(const Mailbox& mailbox, std::size_t count) {
    for (const Change& change : cursor.changes().first(count)) {
      const auto index = mailbox.find(change.uid);
      if (change.kind == Change::Kind::Expunged) {
        REQUIRE(seen.erase(change.uid) == 1);
      } else {
        REQUIRE((change.kind == Change::Kind::Appended) != seen.contains(change.uid));
        seen[change.uid] = index ? mailbox.messages()[*index].flags : FlagSet{};
      }
    }
    cursor.told(count);
  }
  Cursor cursor;
  std::map<Uid, FlagSet> seen;
};

class Run {
 public:
  explicit Run(unsigned seed) : random_(seed) {
    REQUIRE(inbox_.keyword("first"));
    REQUIRE(inbox_.keyword("second"));
    const int sessions = 2 + static_cast<int>(seed % 3);
    for (int i = 0; i < sessions; ++i) sessions_.push_back(std::make_unique<Session>(inbox_));
  }

  void step() {
    const ModSeq before = inbox_.highest_modseq();
    bool changed = false;
    switch (below(8)) {
      case 0:
      case 1:
        changed = append();
        break;
      case 2:
      case 3:
        changed = flag();
        break;
      case 4:
        changed = expunge();
        break;
      case 5:
        changed = move_back();
        break;
      case 6:
        sessions_[below(sessions_.size())] = std::make_unique<Session>(inbox_);  // selects anew
        break;
      default:
        hear();
    }
    CHECK((inbox_.highest_modseq() > before) == changed);
    compare();
  }

  void end() {
    for (const auto& session : sessions_) {
      session->listen(inbox_, session->cursor.changes().size());
      REQUIRE(session->seen.size() == model_.size());
      for (const auto& [uid, plain] : model_) REQUIRE(session->seen.at(uid) == plain.flags);
    }
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  FlagSet some_flags() {
    return {static_cast<std::uint8_t>(random_() & 31), std::uint64_t{random_()} & 3};
  }
  std::vector<Uid> some_uids() {
    std::vector<Uid> uids;
    for (Uid uid = 1; uid < inbox_.uid_next(); ++uid)
      if (below(4) == 0) uids.push_back(uid);  // also such as are gone
    return uids;
  }

  bool append() {
    std::vector<NewMessage> messages(below(4));
    for (NewMessage& message : messages)
      message = {
          std::to_string(random_()), {static_cast<std::int64_t>(random_()), 0}, some_flags()};
    Uid uid = *inbox_.append(messages);
    REQUIRE((model_.empty() || model_.rbegin()->first < uid));
    for (const NewMessage& message : messages) {
      REQUIRE(!used_.contains(uid));
      used_[uid] = true;
      model_[uid++] = {message.content, message.flags, inbox_.highest_modseq()};
    }
    return !messages.empty();
  }

  bool flag() {
    std::vector<FlagChange> changes;
    for (const Uid uid : some_uids()) changes.push_back({uid, some_flags()});
    const ModSeq modseq = *inbox_.set_flags(changes);
    bool changed = false;
    for (const FlagChange& change : changes) {
      const auto found = model_.find(change.uid);
      if (found == model_.end() || found->second.flags == change.flags) continue;
      found->second.flags = change.flags;
      found->second.modseq = modseq;
      changed = true;
    }
    return changed;
  }

  bool expunge() {
    const ModSeq before = inbox_.highest_modseq();
    std::vector<Uid> gone;
    const std::vector<Uid> uids = some_uids();
    REQUIRE(inbox_.expunge(uids));
    for (const Uid uid : uids)
      if (model_.erase(uid) > 0) gone.push_back(uid);
    std::vector<Uid> told;
    const auto ranges = inbox_.expunged_since(before);
    REQUIRE(ranges);
    for (const UidRange& range : *ranges)
      for (Uid uid = range.first; uid <= range.last; ++uid) told.push_back(uid);
    REQUIRE(told == gone);
    return !gone.empty();
  }

  // To the other mailbox and back, in one direction at a time.
  bool move_back() {
    std::vector<Uid> uids;
    for (const auto& [uid, plain] : model_)
      if (below(4) == 0) uids.push_back(uid);
    Uid there = *account_->move(inbox_, uids, other_);
    Uid here = inbox_.uid_next();
    std::vector<Uid> all;
    for (std::size_t i = 0; i < uids.size(); ++i) all.push_back(there++);
    REQUIRE(*account_->move(other_, all, inbox_) == here);
    for (const Uid uid : uids) {
      Plain plain = model_.at(uid);
      plain.modseq = inbox_.highest_modseq();
      model_.erase(uid);
      used_[here] = true;
      model_[here++] = plain;
    }
    return !uids.empty();
  }

  void hear() {
    Session& session = *sessions_[below(sessions_.size())];
    const std::size_t news = session.cursor.changes().size();
    session.listen(inbox_, below(2) == 0 ? news : below(news + 1));
  }

  void compare() {
    REQUIRE(inbox_.size() == model_.size());
    std::size_t index = 0;
    std::uint64_t octets = 0;
    std::string buffer;
    for (const auto& [uid, plain] : model_) {
      const Message& message = inbox_.messages()[index++];
      REQUIRE(message.uid == uid);
      REQUIRE(message.flags == plain.flags);
      REQUIRE(message.modseq == plain.modseq);
      REQUIRE(*inbox_.content(uid, buffer) == plain.content);
      REQUIRE(message.octets == plain.content.size());
      octets += plain.content.size();
    }
    REQUIRE(inbox_.octets() == octets);
    REQUIRE(account_->usage().octets == octets);
    REQUIRE(account_->usage().messages == model_.size());
  }

  std::mt19937 random_;
  std::unique_ptr<Account> account_ = account_in_memory("bob");
  Mailbox& inbox_ = account_->inbox();
  Mailbox& other_ = **account_->create("Other");
  std::vector<std::unique_ptr<Session>> sessions_;
  std::map<Uid, Plain> model_;
  std::map<Uid, bool> used_;
};

}  // namespace

TEST_CASE("What several sessions are told of a mailbox is what it is, whatever they do") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Run run(seed);
    for (int i = 0; i < 120; ++i) run.step();
    run.end();
  }
}
