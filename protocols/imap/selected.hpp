// The mailbox that a session has selected, and the session's view of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocols/imap/values/sequence_set.hpp"
#include "protocols/imap/view.hpp"
#include "protocols/mailbox/mailbox.hpp"

namespace mailscope::imap {

class Selected {
 public:
  // The watcher hears of every change, also of the session's own.
  Selected(mailbox::Mailbox& mailbox, mailbox::Watcher& watcher, bool read_only);

  // Null: it was removed.
  mailbox::Mailbox* mailbox() const { return cursor_.mailbox(); }
  bool read_only() const { return read_only_; }
  // So much happened untold that nobody knows any more what; the session cannot go on.
  bool lost() const { return cursor_.mailbox() == nullptr || cursor_.overrun(); }

  View& view() { return view_; }
  const View& view() const { return view_; }
  // What happened in the mailbox is noted in the view.
  void catch_up();
  // What happened since catch_up() is the session's own doing, and told otherwise.
  void skip_own();
  // The messages in the view are \Recent here, as far as they are to nobody else.
  void take_recent();

  // The messages that a set names, ascending. `saved` is what "$" stands for.
  std::vector<IndexRange> resolve(const SequenceSet& set, bool uids,
                                  std::span<const mailbox::Uid> saved) const;
  // The message behind an index of the view; null when it is gone.
  const mailbox::Message* message(std::size_t index) const;

  std::size_t keywords_told = 0;  // how many of them are in the last FLAGS
  std::size_t recent_told = 0;

 private:
  mailbox::Cursor cursor_;
  View view_;
  bool read_only_;
  mailbox::Uid recent_seen_ = 1;        // up to here the question is settled
  mutable std::size_t last_found_ = 0;  // in the mailbox: where message() begins to look
};

}  // namespace mailscope::imap
