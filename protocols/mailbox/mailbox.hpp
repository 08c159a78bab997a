// A mailbox: its messages by ascending UID, their flags, and what happened to it. RFC 9051 §2.3;
// RFC 7162 (CONDSTORE, QRESYNC).
//
// There is one for all sessions of whatever protocol; what a session shows its client is that
// session's own business, told by a Cursor (journal.hpp). Every change is first kept by the
// mailbox's folder, then made here, recorded and told to the watchers. A change that fails has
// changed nothing. Changes cost what they change: flat vectors, nothing allocated for a message but
// its content, which the folder has. Single thread.
//
// Not here: who may do what, and sequence numbers.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/mailbox/journal.hpp"
#include "protocols/mailbox/storage.hpp"

namespace mailscope::mailbox {

// What an account's mailboxes take together, and what they may. RFC 9208 §5: STORAGE and MESSAGE.
struct Usage {
  std::uint64_t octets = 0;
  std::uint64_t messages = 0;
  std::optional<std::uint64_t> octets_max{};
  std::optional<std::uint64_t> messages_max{};
  std::uint32_t message_octets_max = UINT32_MAX;  // of one message: APPENDLIMIT (RFC 7889)

  Result<void> room_for(std::uint64_t more_messages, std::uint64_t more_octets) const;
};

class Mailbox {
 public:
  static constexpr std::size_t kExpungedMax = 100'000;  // ranges that are remembered

  // `usage` outlives it, and counts it until it is gone.
  Mailbox(std::string name, std::unique_ptr<Folder> folder, MailboxState state, Usage& usage);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // ---- what it is ----
  const std::string& name() const { return name_; }
  std::uint32_t uid_validity() const { return state_.uid_validity; }
  Uid uid_next() const { return state_.uid_next; }
  ModSeq highest_modseq() const { return state_.highest_modseq; }
  std::uint64_t octets() const { return octets_; }

  // ---- its messages ----
  // Views are good until the mailbox changes.
  std::span<const Message> messages() const { return state_.messages; }
  std::size_t size() const { return state_.messages.size(); }
  std::optional<std::size_t> find(Uid uid) const;  // its index
  std::size_t lower_bound(Uid uid) const;          // the index of the first one from `uid` on
  // The octets of a message, for as long as `buffer` and until the mailbox is called again.
  Result<std::string_view> content(Uid uid, std::string& buffer);

  // ---- flags ----
  const Keywords& keywords() const { return keywords_; }
  // The bit of a keyword, which is new if need be. Kind::Limit when there is no room for it.
  Result<unsigned> keyword(std::string_view name);
  // The modseq that the changes got; highest_modseq() when nothing was different. Messages that are
  // gone are passed over.
  Result<ModSeq> set_flags(std::span<const FlagChange> changes);

  // ---- messages come and go ----
  // All or nothing, with one modseq. They get the UIDs from the returned one on, in this order.
  Result<Uid> append(std::vector<NewMessage> messages);
  Result<Uid> append(NewMessage message);
  // From another mailbox of the account, or this one: APPENDLIMIT and quota as for append(), but
  // `moving` takes no more room. Keywords that find no room are left behind. UIDs that are gone:
  // Kind::Gone.
  Result<Uid> copy(Mailbox& from, std::span<const Uid> uids, bool moving = false);
  // UIDs that are gone are passed over. Ascending.
  Result<void> expunge(std::span<const Uid> uids);

  // ---- \Recent ----
  Uid recent_from() const { return state_.recent_from; }
  // The messages from the returned UID on, up to now, are \Recent to the caller and to nobody else
  // from now on. For a session that has selected the mailbox to read and write: at SELECT, and
  // whenever it tells of new messages.
  Result<Uid> take_recent();

  // ---- what happened ----
  // What was expunged with a higher modseq; nothing: it is too long ago, all UIDs that are not
  // there count. Ascending, merged. RFC 7162 §3.2.10.
  std::optional<std::vector<UidRange>> expunged_since(ModSeq modseq) const;
  // Takes over what other programs did to the folder. To be called at SELECT, NOOP, CHECK, STATUS.
  Result<void> refresh();

  // ---- the lock of a POP3 session (RFC 1939 §4) ----
  // Against others of its kind. It is memory and kept nowhere.
  bool lock();
  void unlock() { locked_ = false; }
  bool is_locked() const { return locked_; }

 private:
  friend class Cursor;
  friend class Account;

  std::vector<Message> number(std::span<const Message> messages) const;
  void take_in(std::span<const Message> messages);
  void take_out(std::span<const std::size_t> indexes, ModSeq modseq);
  void remember_expunged(std::span<const Uid> uids, ModSeq modseq);
  std::vector<Message> different(std::span<const FlagChange> changes) const;
  void take_flags(std::span<const Message> messages);
  FlagSet translate(FlagSet flags, const Mailbox& from);
  Result<void> refuse_too_many(std::size_t more) const;

  std::string name_;
  std::unique_ptr<Folder> folder_;
  MailboxState state_;  // without keywords
  Keywords keywords_;
  Usage& usage_;
  std::uint64_t octets_ = 0;
  bool locked_ = false;
  Journal journal_;
};

}  // namespace mailscope::mailbox
