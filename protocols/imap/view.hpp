// What one session has been told of its mailbox: which message has which number. RFC 9051 §2.3.1.2,
// §7.5.1; RFC 3501 §7.4.1; RFC 7162 §3.2.10.
//
// The mailbox is one for all sessions and goes on; a session's numbers may change only where the
// protocol lets the server say so. So every session has a view: the UIDs of the messages that it
// has been told of, by number. What happened since is noted and told later by take_news(), which
// changes the view at the same moment. Index 0 is message number 1.
//
// What is told: messages gone (only where the caller says that they may be told), then how many
// there are, then whose flags changed. A message that came and went untold is never told; flags of
// a message that is new to the session are not told: it will ask for them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "protocols/mailbox/message.hpp"

namespace mailscope::imap {

// Indexes into a view, the last one not included.
struct IndexRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What a session is to be told; the view is as if it had been.
struct News {
  std::vector<std::size_t> expunged{};   // indexes in the view as it was, ascending
  std::vector<mailbox::Uid> vanished{};  // the UIDs of the same messages
  bool grew = false;                     // messages were added: the view's size is to be told
  std::vector<std::size_t> flags{};      // indexes in the view as it is now, ascending

  bool empty() const { return expunged.empty() && !grew && flags.empty(); }
};

class View {
 public:
  View() = default;
  explicit View(std::span<const mailbox::Message> messages);

  std::size_t size() const { return uids_.size(); }
  bool empty() const { return uids_.empty(); }
  mailbox::Uid uid(std::size_t index) const { return uids_[index]; }
  std::span<const mailbox::Uid> uids() const { return uids_; }
  std::optional<std::size_t> find(mailbox::Uid uid) const;
  // The first index whose UID is not below this one; size() where there is none.
  std::size_t at_or_after(mailbox::Uid uid) const;

  // What happened in the mailbox, in this order, each once.
  void note_appended(mailbox::Uid uid);
  void note_flags(mailbox::Uid uid);
  void note_expunged(mailbox::Uid uid);
  // The flags of these messages are told otherwise. Ranges ascend.
  void forget_flags(std::span<const IndexRange> ranges);
  // Has a message that the session knows gone untold?
  bool gone_untold() const { return !gone_.empty(); }

  News take_news(bool expunges);

  // \Recent belongs to the session that was told first (RFC 3501 §2.3.2).
  void add_recent(mailbox::Uid first, mailbox::Uid last);
  bool is_recent(mailbox::Uid uid) const;
  std::size_t recent() const;

 private:
  void tell_gone(News& news);
  void tell_flags(News& news);

  std::vector<mailbox::Uid> uids_;                             // ascending
  std::vector<std::pair<mailbox::Uid, mailbox::Uid>> recent_;  // ascending, both ends included
  std::vector<mailbox::Uid> appended_;                         // untold, ascending
  std::vector<mailbox::Uid> flags_;  // untold, in any order, perhaps more than once
  std::vector<mailbox::Uid> gone_;   // untold, in any order
};

}  // namespace mailscope::imap
