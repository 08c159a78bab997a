#include "protocols/imap/selected.hpp"

#include <algorithm>

namespace mailscope::imap {

Selected::Selected(mailbox::Mailbox& mailbox, mailbox::Watcher& watcher, bool read_only)
    : keywords_told(mailbox.keywords().names().size()),
      cursor_(mailbox, &watcher),
      view_(mailbox.messages()),
      read_only_(read_only) {}

void Selected::catch_up() {
  if (lost()) return;
  const auto changes = cursor_.changes();
  for (const mailbox::Change& change : changes) {
    switch (change.kind) {
      case mailbox::Change::Kind::Appended:
        view_.note_appended(change.uid);
        break;
      case mailbox::Change::Kind::Flags:
        view_.note_flags(change.uid);
        break;
      case mailbox::Change::Kind::Expunged:
        view_.note_expunged(change.uid);
        break;
    }
  }
  cursor_.told(changes.size());
}

void Selected::skip_own() {
  if (!lost()) cursor_.told(cursor_.changes().size());
}

// A session that only reads is shown what is \Recent and takes it from nobody (RFC 3501 §6.3.2).
void Selected::take_recent() {
  mailbox::Mailbox* const mailbox = cursor_.mailbox();
  if (!mailbox || mailbox->uid_next() <= recent_seen_) return;
  mailbox::Uid first = mailbox->recent_from();
  if (!read_only_)
    if (const auto taken = mailbox->take_recent()) first = *taken;
  first = std::max(first, recent_seen_);
  recent_seen_ = mailbox->uid_next();
  if (first < recent_seen_) view_.add_recent(first, recent_seen_ - 1);
}

std::vector<IndexRange> Selected::resolve(const SequenceSet& set, bool uids,
                                          std::span<const mailbox::Uid> saved) const {
  std::vector<IndexRange> ranges;
  const auto add = [&](std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    if (!ranges.empty() && ranges.back().end == begin)
      ranges.back().end = end;
    else
      ranges.push_back({begin, end});
  };
  if (set.is_saved_result()) {
    for (const mailbox::Uid uid : saved)
      if (const auto index = view_.find(uid)) add(*index, *index + 1);
    return ranges;
  }
  if (view_.empty()) return ranges;
  const mailbox::Uid largest =
      uids ? view_.uid(view_.size() - 1) : static_cast<mailbox::Uid>(view_.size());
  for (const NumberRange& range : set.resolve(largest)) {
    if (uids)
      add(view_.at_or_after(range.first),
          range.last >= largest ? view_.size() : view_.at_or_after(range.last + 1));
    else
      add(range.first - 1, range.last);
  }
  return ranges;
}

// Views are mostly walked in order, and mostly the mailbox is as the view is: the place is where it
// was last, or the next one.
const mailbox::Message* Selected::message(std::size_t index) const {
  const mailbox::Mailbox* const mailbox = cursor_.mailbox();
  if (!mailbox) return nullptr;
  const auto messages = mailbox->messages();
  const mailbox::Uid uid = view_.uid(index);
  for (std::size_t place : {last_found_, last_found_ + 1, index}) {
    if (place >= messages.size() || messages[place].uid != uid) continue;
    last_found_ = place;
    return &messages[place];
  }
  const auto found = mailbox->find(uid);
  if (!found) return nullptr;
  last_found_ = *found;
  return &messages[*found];
}

}  // namespace mailscope::imap
