#include "protocols/mailbox/journal.hpp"

#include <algorithm>
#include <cassert>

#include "protocols/mailbox/mailbox.hpp"

namespace mailscope::mailbox {

Journal::~Journal() {
  for (Cursor* cursor : cursors_) cursor->mailbox_ = nullptr;
  wake();
  for (Cursor* cursor : cursors_) cursor->journal_ = nullptr;
}

void Journal::record(Change change) {
  if (cursors_.empty()) return;
  if (changes_.size() >= trim_at_) trim();
  changes_.push_back(change);
}

// Forgets what all have been told. Seldom: when the journal has doubled since the last time.
void Journal::trim() {
  std::uint64_t first = end();
  for (Cursor* cursor : cursors_) {
    if (!cursor) continue;
    if (end() - cursor->place_ > kBehindMax) cursor->overrun_ = true, cursor->place_ = end();
    first = std::min(first, cursor->place_);
  }
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(first - begin_));
  begin_ = first;
  trim_at_ = std::max<std::size_t>(1024, 2 * changes_.size());
}

// A watcher may end sessions, and so take cursors away, while it is told.
void Journal::wake() {
  ++waking_;
  const std::size_t told = cursors_.size();
  for (std::size_t i = 0; i < told; ++i)
    if (cursors_[i] && cursors_[i]->watcher_) cursors_[i]->watcher_->mailbox_changed();
  if (--waking_ == 0) std::erase(cursors_, nullptr);
}

void Journal::forget(Cursor& cursor) {
  if (waking_ > 0)
    std::replace(cursors_.begin(), cursors_.end(), &cursor, static_cast<Cursor*>(nullptr));
  else
    std::erase(cursors_, &cursor);
  if (!cursors_.empty()) return;
  begin_ = end();
  changes_.clear();
}

Cursor::Cursor(Mailbox& mailbox, Watcher* watcher)
    : mailbox_(&mailbox),
      journal_(&mailbox.journal_),
      watcher_(watcher),
      place_(mailbox.journal_.end()) {
  journal_->cursors_.push_back(this);
}

Cursor::~Cursor() {
  if (journal_) journal_->forget(*this);
}

std::span<const Change> Cursor::changes() const {
  if (!mailbox_ || overrun_) return {};
  return std::span(journal_->changes_).subspan(place_ - journal_->begin_);
}

void Cursor::told(std::size_t changes) {
  assert(changes <= this->changes().size());
  place_ += changes;
}

}  // namespace mailscope::mailbox
