// What happened to a mailbox, change by change, for the sessions that have it selected. RFC 9051
// §5.2, §7.5.1 (when a session may be told what).
//
// A session has a Cursor: behind it is what its client has been told, before it what the client
// has not. The journal keeps what some cursor has before it. A cursor that falls more than
// kBehindMax changes behind is overrun sooner or later, and its session has to end or select anew.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocols/mailbox/message.hpp"

namespace mailscope::mailbox {

class Mailbox;

struct Change {
  enum class Kind : std::uint8_t { Appended, Flags, Expunged };
  Kind kind = Kind::Appended;
  Uid uid = 0;
  ModSeq modseq = 0;  // one call of Mailbox, one modseq: a session knows its own changes by it
  friend bool operator==(const Change&, const Change&) = default;
};

class Watcher {
 public:
  // After each call that changed the mailbox, whoever made it. Changes no mailbox itself. Also when
  // the mailbox is removed: its cursor's mailbox() is null then.
  virtual void mailbox_changed() = 0;

 protected:
  ~Watcher() = default;
};

class Cursor;

class Journal {
 public:
  static constexpr std::size_t kBehindMax = 1u << 21;

  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();  // its cursors have no mailbox then

  void record(Change change);
  void wake();  // the watchers

 private:
  friend class Cursor;
  void trim();
  void forget(Cursor& cursor);
  std::uint64_t end() const { return begin_ + changes_.size(); }

  std::vector<Change> changes_;
  std::uint64_t begin_ = 0;  // the place of changes_[0]
  std::size_t trim_at_ = 1024;
  std::vector<Cursor*> cursors_;  // null: ended while the watchers were told
  int waking_ = 0;
};

// A session's place in the journal of the mailbox that it has selected.
class Cursor {
 public:
  // Behind everything so far. The watcher outlives the cursor.
  explicit Cursor(Mailbox& mailbox, Watcher* watcher = nullptr);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  Mailbox* mailbox() const { return mailbox_; }  // null: it was removed
  bool overrun() const { return overrun_; }
  // What the client has not been told, oldest first. A message may be in it several times, and may
  // be expunged by now. Good until the mailbox changes or told() is called.
  std::span<const Change> changes() const;
  void told(std::size_t changes);  // the first so many

 private:
  friend class Journal;
  Mailbox* mailbox_;
  Journal* journal_;
  Watcher* watcher_;
  std::uint64_t place_;
  bool overrun_ = false;
};

}  // namespace mailscope::mailbox
