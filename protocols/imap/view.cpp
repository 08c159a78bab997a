#include "protocols/imap/view.hpp"

#include <algorithm>
#include <cassert>

namespace mailscope::imap {

View::View(std::span<const mailbox::Message> messages) {
  uids_.reserve(messages.size());
  for (const mailbox::Message& message : messages) uids_.push_back(message.uid);
}

std::size_t View::at_or_after(mailbox::Uid uid) const {
  return static_cast<std::size_t>(std::lower_bound(uids_.begin(), uids_.end(), uid) -
                                  uids_.begin());
}

std::optional<std::size_t> View::find(mailbox::Uid uid) const {
  const std::size_t index = at_or_after(uid);
  if (index == uids_.size() || uids_[index] != uid) return std::nullopt;
  return index;
}

void View::note_appended(mailbox::Uid uid) {
  assert(uids_.empty() || uids_.back() < uid);
  appended_.push_back(uid);
}

void View::note_flags(mailbox::Uid uid) {
  if (find(uid)) flags_.push_back(uid);
}

void View::note_expunged(mailbox::Uid uid) {
  if (find(uid)) return gone_.push_back(uid);
  const auto untold = std::lower_bound(appended_.begin(), appended_.end(), uid);
  if (untold != appended_.end() && *untold == uid) appended_.erase(untold);
}

void View::forget_flags(std::span<const IndexRange> ranges) {
  std::erase_if(flags_, [&](mailbox::Uid uid) {
    const std::optional<std::size_t> index = find(uid);
    const auto range = std::partition_point(ranges.begin(), ranges.end(), [&](const IndexRange& r) {
      return r.end <= index.value_or(0);
    });
    return !index || (range != ranges.end() && range->begin <= *index);
  });
}

News View::take_news(bool expunges) {
  News news;
  if (expunges && !gone_.empty()) tell_gone(news);
  if (!flags_.empty()) tell_flags(news);
  news.grew = !appended_.empty();
  uids_.insert(uids_.end(), appended_.begin(), appended_.end());
  appended_.clear();
  return news;
}

void View::tell_gone(News& news) {
  std::sort(gone_.begin(), gone_.end());
  std::size_t kept = at_or_after(gone_.front());
  auto next = gone_.begin();
  for (std::size_t index = kept; index < uids_.size(); ++index) {
    if (next != gone_.end() && uids_[index] == *next) {
      news.expunged.push_back(index);
      ++next;
    } else {
      uids_[kept++] = uids_[index];
    }
  }
  uids_.resize(kept);
  news.vanished = std::exchange(gone_, {});
}

// Of a message that is gone nothing more is said.
void View::tell_flags(News& news) {
  std::sort(flags_.begin(), flags_.end());
  flags_.erase(std::unique(flags_.begin(), flags_.end()), flags_.end());
  std::sort(gone_.begin(), gone_.end());
  for (const mailbox::Uid uid : flags_) {
    const std::optional<std::size_t> index = find(uid);
    if (index && !std::binary_search(gone_.begin(), gone_.end(), uid)) news.flags.push_back(*index);
  }
  flags_ = {};
}

void View::add_recent(mailbox::Uid first, mailbox::Uid last) {
  assert(first <= last && (recent_.empty() || recent_.back().second < first));
  if (!recent_.empty() && recent_.back().second + 1 == first)
    recent_.back().second = last;
  else
    recent_.emplace_back(first, last);
}

bool View::is_recent(mailbox::Uid uid) const {
  const auto behind =
      std::upper_bound(recent_.begin(), recent_.end(), uid,
                       [](mailbox::Uid value, const auto& range) { return value < range.first; });
  return behind != recent_.begin() && uid <= std::prev(behind)->second;
}

std::size_t View::recent() const {
  std::size_t count = 0;
  for (const auto& [first, last] : recent_) {
    const auto begin = std::lower_bound(uids_.begin(), uids_.end(), first);
    count += static_cast<std::size_t>(std::upper_bound(begin, uids_.end(), last) - begin);
  }
  return count;
}

}  // namespace mailscope::imap
