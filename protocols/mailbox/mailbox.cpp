#include "protocols/mailbox/mailbox.hpp"

#include <algorithm>
#include <limits>

namespace mailscope::mailbox {
namespace {

using Kind = Failure::Kind;

// The index of `uid` when it is likely to be at `hint`, as with a list that ascends.
std::optional<std::size_t> find_from(std::span<const Message> messages, std::size_t hint, Uid uid) {
  if (hint < messages.size() && messages[hint].uid == uid) return hint;
  const auto found = std::lower_bound(messages.begin(), messages.end(), uid,
                                      [](const Message& a, Uid b) { return a.uid < b; });
  if (found == messages.end() || found->uid != uid) return std::nullopt;
  return static_cast<std::size_t>(found - messages.begin());
}

// Ascending runs of UIDs, put together where nothing is between them.
void append_merged(std::vector<UidRange>& ranges, UidRange range) {
  if (!ranges.empty() && range.first <= ranges.back().last + std::uint64_t{1})
    ranges.back().last = std::max(ranges.back().last, range.last);
  else
    ranges.push_back(range);
}

}  // namespace

Result<void> Usage::room_for(std::uint64_t more_messages, std::uint64_t more_octets) const {
  if (messages_max && messages + more_messages > *messages_max)
    return fail(Kind::OverQuota, "the account may hold no more messages");
  if (octets_max && octets + more_octets > *octets_max)
    return fail(Kind::OverQuota, "the account has no room for so many octets");
  return {};
}

Mailbox::Mailbox(std::string name, std::unique_ptr<Folder> folder, MailboxState state, Usage& usage)
    : name_(std::move(name)),
      folder_(std::move(folder)),
      state_(std::move(state)),
      keywords_(std::move(state_.keywords)),
      usage_(usage) {
  for (const Message& message : state_.messages) octets_ += message.octets;
  usage_.octets += octets_;
  usage_.messages += size();
}

Mailbox::~Mailbox() {
  usage_.octets -= octets_;
  usage_.messages -= size();
}

// ---- its messages ----

std::optional<std::size_t> Mailbox::find(Uid uid) const {
  return find_from(state_.messages, size(), uid);
}

std::size_t Mailbox::lower_bound(Uid uid) const {
  const auto found = std::lower_bound(state_.messages.begin(), state_.messages.end(), uid,
                                      [](const Message& a, Uid b) { return a.uid < b; });
  return static_cast<std::size_t>(found - state_.messages.begin());
}

Result<std::string_view> Mailbox::content(Uid uid, std::string& buffer) {
  if (!find(uid)) return fail(Kind::Gone, "this message is gone");
  return folder_->content(uid, buffer);
}

// ---- flags ----

Result<unsigned> Mailbox::keyword(std::string_view name) {
  if (const auto known = keywords_.find(name)) return *known;
  if (!is_keyword(name)) return fail(Kind::InvalidName, "this is no name of a keyword");
  if (keywords_.full()) return fail(Kind::Limit, "the mailbox has no room for another keyword");
  if (auto kept = folder_->add_keyword(name); !kept) return tl::unexpected(kept.error());
  return keywords_.add(name);
}

// The messages that change, as they will be.
std::vector<Message> Mailbox::different(std::span<const FlagChange> changes) const {
  std::vector<Message> messages;
  std::size_t hint = 0;
  for (const FlagChange& change : changes) {
    const auto index = find_from(state_.messages, hint, change.uid);
    if (!index) continue;
    hint = *index + 1;
    if (state_.messages[*index].flags == change.flags) continue;
    messages.push_back(state_.messages[*index]);
    messages.back().flags = change.flags;
    messages.back().modseq = state_.highest_modseq + 1;
  }
  return messages;
}

Result<ModSeq> Mailbox::set_flags(std::span<const FlagChange> changes) {
  const std::vector<Message> messages = different(changes);
  if (messages.empty()) return state_.highest_modseq;
  if (auto kept = folder_->set_flags(messages); !kept) return tl::unexpected(kept.error());
  take_flags(messages);
  journal_.wake();
  return state_.highest_modseq;
}

void Mailbox::take_flags(std::span<const Message> messages) {
  std::size_t hint = 0;
  for (const Message& message : messages) {
    const std::size_t index = *find_from(state_.messages, hint, message.uid);
    hint = index + 1;
    state_.messages[index] = message;
    state_.highest_modseq = message.modseq;
    journal_.record({Change::Kind::Flags, message.uid, message.modseq});
  }
}

// ---- messages come ----

Result<void> Mailbox::refuse_too_many(std::size_t more) const {
  if (more > std::numeric_limits<Uid>::max() - state_.uid_next)
    return fail(Kind::Limit, "the mailbox has no more UIDs");
  return {};
}

// The same messages with the next UIDs and modseq of this mailbox.
std::vector<Message> Mailbox::number(std::span<const Message> messages) const {
  std::vector<Message> numbered(messages.begin(), messages.end());
  Uid uid = state_.uid_next;
  for (Message& message : numbered) {
    message.uid = uid++;
    message.modseq = state_.highest_modseq + 1;
  }
  return numbered;
}

void Mailbox::take_in(std::span<const Message> messages) {
  if (messages.empty()) return;
  state_.messages.insert(state_.messages.end(), messages.begin(), messages.end());
  for (const Message& message : messages) {
    octets_ += message.octets;
    usage_.octets += message.octets;
    journal_.record({Change::Kind::Appended, message.uid, message.modseq});
  }
  usage_.messages += messages.size();
  state_.uid_next = messages.back().uid + 1;
  state_.highest_modseq = messages.back().modseq;
}

Result<Uid> Mailbox::append(NewMessage message) {
  std::vector<NewMessage> messages;
  messages.push_back(std::move(message));
  return append(std::move(messages));
}

Result<Uid> Mailbox::append(std::vector<NewMessage> messages) {
  std::uint64_t octets = 0;
  std::vector<Message> plain;
  plain.reserve(messages.size());
  for (const NewMessage& message : messages) {
    if (message.content.size() > usage_.message_octets_max)
      return fail(Kind::TooBig, "the message is too big");
    octets += message.content.size();
    plain.push_back(
        {0, static_cast<std::uint32_t>(message.content.size()), 0, message.date, message.flags});
  }
  if (auto few = refuse_too_many(messages.size()); !few) return tl::unexpected(few.error());
  if (auto room = usage_.room_for(messages.size(), octets); !room)
    return tl::unexpected(room.error());
  const Uid first = state_.uid_next;
  const std::vector<Message> numbered = number(plain);
  if (numbered.empty()) return first;
  if (auto kept = folder_->append(numbered, messages); !kept) return tl::unexpected(kept.error());
  take_in(numbered);
  journal_.wake();
  return first;
}

// Flags with the bits that this mailbox has for the keywords.
FlagSet Mailbox::translate(FlagSet flags, const Mailbox& from) {
  if (this == &from || flags.keywords == 0) return flags;
  FlagSet translated{flags.system, 0};
  const std::vector<std::string>& names = from.keywords_.names();
  for (unsigned bit = 0; bit < names.size(); ++bit) {
    if (!flags.has_keyword(bit)) continue;
    if (const auto here = keyword(names[bit])) translated.keywords |= std::uint64_t{1} << *here;
  }
  return translated;
}

Result<Uid> Mailbox::copy(Mailbox& from, std::span<const Uid> uids, bool moving) {
  std::uint64_t octets = 0;
  std::vector<Message> plain;
  plain.reserve(uids.size());
  std::size_t hint = 0;
  for (const Uid uid : uids) {
    const auto index = find_from(from.state_.messages, hint, uid);
    if (!index) return fail(Kind::Gone, "some of these messages are gone");
    hint = *index + 1;
    plain.push_back(from.state_.messages[*index]);
    plain.back().flags = translate(plain.back().flags, from);
    octets += plain.back().octets;
  }
  if (auto few = refuse_too_many(uids.size()); !few) return tl::unexpected(few.error());
  if (!moving)
    if (auto room = usage_.room_for(uids.size(), octets); !room)
      return tl::unexpected(room.error());
  const Uid first = state_.uid_next;
  const std::vector<Message> numbered = number(plain);
  if (numbered.empty()) return first;
  if (auto kept = folder_->copy(*from.folder_, uids, numbered); !kept)
    return tl::unexpected(kept.error());
  take_in(numbered);
  journal_.wake();
  return first;
}

// ---- messages go ----

Result<void> Mailbox::expunge(std::span<const Uid> uids) {
  std::vector<std::size_t> indexes;
  std::vector<Uid> present;
  std::size_t hint = 0;
  for (const Uid uid : uids) {
    const auto index = find_from(state_.messages, hint, uid);
    if (!index) continue;
    hint = *index + 1;
    indexes.push_back(*index);
    present.push_back(uid);
  }
  if (present.empty()) return {};
  const ModSeq modseq = state_.highest_modseq + 1;
  if (auto kept = folder_->expunge(present, modseq); !kept) return tl::unexpected(kept.error());
  take_out(indexes, modseq);
  remember_expunged(present, modseq);
  journal_.wake();
  return {};
}

// One pass over what stands behind the first of them.
void Mailbox::take_out(std::span<const std::size_t> indexes, ModSeq modseq) {
  std::size_t to = indexes.front(), next = 0;
  for (std::size_t from = to; from < size(); ++from) {
    const Message& message = state_.messages[from];
    if (next == indexes.size() || indexes[next] != from) {
      state_.messages[to++] = message;
      continue;
    }
    ++next;
    octets_ -= message.octets;
    usage_.octets -= message.octets;
    journal_.record({Change::Kind::Expunged, message.uid, modseq});
  }
  usage_.messages -= indexes.size();
  state_.messages.resize(to);
  state_.highest_modseq = modseq;
}

void Mailbox::remember_expunged(std::span<const Uid> uids, ModSeq modseq) {
  std::vector<UidRange> ranges;
  for (const Uid uid : uids) append_merged(ranges, {uid, uid});
  for (const UidRange& range : ranges) state_.expunged.push_back({range, modseq});
  if (state_.expunged.size() <= kExpungedMax) return;
  const auto half = state_.expunged.begin() + static_cast<std::ptrdiff_t>(kExpungedMax / 2);
  state_.expunged_after = half->modseq;
  const auto kept = std::find_if(half, state_.expunged.end(), [&](const Expunged& expunged) {
    return expunged.modseq > state_.expunged_after;
  });
  state_.expunged.erase(state_.expunged.begin(), kept);
}

std::optional<std::vector<UidRange>> Mailbox::expunged_since(ModSeq modseq) const {
  if (modseq < state_.expunged_after) return std::nullopt;
  std::vector<UidRange> ranges;
  for (auto expunged = state_.expunged.rbegin();
       expunged != state_.expunged.rend() && expunged->modseq > modseq; ++expunged)
    ranges.push_back(expunged->uids);
  std::sort(ranges.begin(), ranges.end(),
            [](const UidRange& a, const UidRange& b) { return a.first < b.first; });
  std::vector<UidRange> merged;
  for (const UidRange& range : ranges) append_merged(merged, range);
  return merged;
}

// ---- \Recent, other programs, the lock ----

Result<Uid> Mailbox::take_recent() {
  const Uid from = state_.recent_from;
  if (from == state_.uid_next) return from;
  if (auto kept = folder_->take_recent(state_.uid_next); !kept) return tl::unexpected(kept.error());
  state_.recent_from = state_.uid_next;
  return from;
}

Result<void> Mailbox::refresh() {
  const auto outside = folder_->look();
  if (!outside) return tl::unexpected(outside.error());
  if (auto gone = expunge(outside->gone); !gone) return gone;
  if (auto flags = set_flags(outside->flags); !flags) return tl::unexpected(flags.error());
  if (outside->arrived.empty()) return {};
  std::vector<Message> plain;
  for (const Outside::Arrived& arrived : outside->arrived)
    plain.push_back({0, arrived.octets, 0, arrived.date, arrived.flags});
  if (auto few = refuse_too_many(plain.size()); !few) return few;
  const std::vector<Message> numbered = number(plain);
  if (auto kept = folder_->adopt(numbered); !kept) return kept;
  take_in(numbered);
  journal_.wake();
  return {};
}

bool Mailbox::lock() {
  if (locked_) return false;
  locked_ = true;
  return true;
}

}  // namespace mailscope::mailbox
