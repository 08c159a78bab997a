#include "sim/live/maildir_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <tuple>
#include <utility>

#include "protocols/mailbox/mailbox.hpp"
#include "sim/live/maildir.hpp"

namespace mailscope::sim::maildir {
namespace {

constexpr std::uint64_t kLogOctetsMax = std::uint64_t{4} << 30;
// Times of folders have this grain at most: what was changed since may have the same time.
constexpr std::int64_t kGrainNs = 50'000'000;
constexpr std::size_t kLogLinesMin = 10'000;  // before it is written anew

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

// ---- the log ----

Result<void> make_folder(const std::string& path, std::uint32_t uid_validity, bool inner) {
  Record record;
  record.uid_validity = uid_validity;
  for (const char* part : {"", "/tmp", "/new"})
    if (auto made = files::make_folder(path + part); !made) return made;
  if (auto log = files::replace(path, kLogName, text_of(record)); !log) return log;
  if (inner)
    if (auto mark = files::replace(path, "maildirfolder", {}); !mark) return mark;
  if (auto made = files::make_folder(path + "/cur"); !made) return made;
  return files::settle(path);
}

Result<void> Folder::begin_log() {
  record_ = {};
  record_.uid_validity = new_validity_;
  files_.clear();
  return write_log_anew();
}

Result<void> Folder::read_log_file() {
  if (!files::exists(log_path())) return begin_log();
  const auto text = files::read(log_path(), kLogOctetsMax);
  if (!text) return tl::unexpected(text.error());
  auto log = read_log(*text);
  if (!log) return begin_log();
  if (log->octets < text->size())  // a change that was cut off
    if (auto cut = files::truncate(log_path(), log->octets); !cut) return cut;
  log_octets_ = log->octets;
  log_lines_ = log->changes;
  files_.clear();
  files_.reserve(log->record.kept.size());
  for (Kept& kept : log->record.kept) files_.push_back({std::move(kept), {}});
  log->record.kept.clear();
  record_ = std::move(log->record);
  return {};
}

Record Folder::record() const {
  Record record = record_;
  record.kept.assign(files_.begin(), files_.end());
  return record;
}

// As Mailbox does.
void Folder::forget_long_gone() {
  std::vector<mailbox::Expunged>& gone = record_.expunged;
  if (gone.size() <= mailbox::Mailbox::kExpungedMax) return;
  const auto half = gone.end() - mailbox::Mailbox::kExpungedMax / 2;
  record_.expunged_after = half->modseq;
  gone.erase(gone.begin(), std::find_if(half, gone.end(), [&](const mailbox::Expunged& expunged) {
               return expunged.modseq > record_.expunged_after;
             }));
}

Result<void> Folder::write_log_anew() {
  forget_long_gone();
  const std::string text = text_of(record());
  if (auto written = files::replace(path(), kLogName, text); !written) return written;
  log_octets_ = text.size();
  log_lines_ = lines_in(text);
  return {};
}

Result<void> Folder::write_log(std::string change) {
  const std::size_t useful = files_.size() + record_.expunged.size();
  if (log_lines_ > kLogLinesMin + 4 * useful)
    if (auto anew = write_log_anew(); !anew) return anew;
  if (auto written = files::append(log_path(), change); !written) return written;
  last_change_ = log_octets_;
  log_octets_ += change.size();
  log_lines_ += lines_in(change);
  return {};
}

// ---- loading ----

Result<mailbox::MailboxState> Folder::load() {
  if (auto read = read_log_file(); !read) return tl::unexpected(read.error());
  if (auto finished = finish_renames(); !finished) return tl::unexpected(finished.error());
  mailbox::MailboxState state;
  state.uid_validity = record_.uid_validity;
  state.uid_next = record_.uid_next;
  state.recent_from = record_.recent_from;
  state.highest_modseq = record_.highest_modseq;
  state.keywords = record_.keywords;
  state.expunged = record_.expunged;
  state.expunged_after = record_.expunged_after;
  state.messages.reserve(files_.size());
  for (const File& file : files_) state.messages.push_back(file.message);
  return state;
}

// What the log has and a crash left in tmp goes where it belongs.
Result<void> Folder::finish_renames() {
  const auto seen = scan();
  if (!seen) return tl::unexpected(seen.error());
  std::vector<const Seen*> unknown;
  place(*seen, unknown);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (found_[i] || !files::exists(in_tmp(files_[i].base))) continue;
    files_[i].place = {false, info_of(files_[i].message.flags, {})};
    if (std::rename(in_tmp(files_[i].base).c_str(), path_of(files_[i]).c_str()) != 0)
      return files::trouble(path_of(files_[i]));
  }
  return {};
}

// ---- what is there ----

// new before cur: a file that goes over meanwhile is seen twice, not never.
Result<std::vector<Folder::Seen>> Folder::scan() const {
  std::vector<Seen> seen;
  for (const bool fresh : {true, false}) {
    auto names = files::names_in(path() + (fresh ? "/new" : "/cur"));
    if (!names) return tl::unexpected(names.error());
    for (std::string& name : *names)
      if (is_message(name)) seen.push_back({std::move(name), fresh});
  }
  return seen;
}

// Puts each file where it was seen; `unknown` gets what belongs to no message.
void Folder::place(const std::vector<Seen>& seen, std::vector<const Seen*>& unknown) {
  std::unordered_map<std::string_view, std::size_t> by_base;
  by_base.reserve(files_.size());
  for (std::size_t i = 0; i < files_.size(); ++i) by_base.emplace(files_[i].base, i);
  found_.assign(files_.size(), false);
  std::unordered_map<std::string_view, std::size_t> strangers;
  for (const Seen& file : seen) {
    const FileName name = split(file.name);
    const auto known = by_base.find(name.base);
    if (known != by_base.end()) {
      files_[known->second].place = {file.fresh, std::string(name.info)};
      found_[known->second] = true;
    } else if (const auto twice = strangers.emplace(name.base, unknown.size()); twice.second) {
      unknown.push_back(&file);
    } else {
      unknown[twice.first->second] = &file;
    }
  }
}

Result<void> Folder::find_again() {
  if (std::exchange(searched_, true)) return {};
  const auto seen = scan();
  if (!seen) return tl::unexpected(seen.error());
  std::vector<const Seen*> unknown;
  place(*seen, unknown);
  return {};
}

std::vector<Folder::File>::iterator Folder::find(Uid uid) {
  return std::lower_bound(files_.begin(), files_.end(), uid,
                          [](const File& a, Uid b) { return a.message.uid < b; });
}

Result<std::string_view> Folder::content(Uid uid, std::string& buffer) {
  const auto file = find(uid);
  searched_ = false;
  auto read = files::read(path_of(*file), kMaildirMessageOctetsMax);
  if (!read && !files::exists(path_of(*file)) && find_again())
    read = files::read(path_of(*file), kMaildirMessageOctetsMax);
  if (!read && !files::exists(path_of(*file)))
    return mailbox::fail(Failure::Kind::Gone, "this message is gone");
  if (!read) return tl::unexpected(read.error());
  buffer = *std::move(read);
  message_of(buffer, file->base);
  return buffer;
}

// ---- messages come ----

void Folder::drop_tmp(const std::vector<std::string>& bases) const {
  for (const std::string& base : bases) ::unlink(in_tmp(base).c_str());
}

// What is in tmp becomes messages of the mailbox: with the log, all of it at once.
Result<void> Folder::bring_in(std::span<const Message> messages, std::vector<std::string> bases) {
  ChangeText change;
  for (std::size_t i = 0; i < messages.size(); ++i) change.add(messages[i], bases[i]);
  auto settled = messages.size() > 1 ? files::settle(path() + "/tmp") : Result<void>();
  if (settled) settled = write_log(std::move(change).end(messages.back().modseq));
  if (!settled) {
    drop_tmp(bases);
    return settled;
  }
  const std::size_t before = files_.size();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    files_.push_back({{messages[i], bases[i]}, {}});
    File& file = files_.back();
    file.place.fresh = messages[i].flags.empty();
    if (!file.place.fresh) file.place.info = info_of(messages[i].flags, {});
    if (std::rename(in_tmp(file.base).c_str(), path_of(file).c_str()) == 0) continue;
    const auto failure = files::trouble(path_of(file));
    drop_tmp(bases);
    take_back(before);
    return failure;
  }
  record_.uid_next = messages.back().uid + 1;
  record_.highest_modseq = messages.back().modseq;
  settle_from(before);
  return {};
}

// The messages that bring_in() has brought in so far, with the last change in the log.
void Folder::take_back(std::size_t before) {
  for (std::size_t i = before; i < files_.size(); ++i) ::unlink(path_of(files_[i]).c_str());
  files_.resize(before);
  (void)files::truncate(log_path(), last_change_);  // the first failure is the one to tell
  log_octets_ = last_change_;
}

// A name that is lost by a power failure is in tmp still, where the next load finds it.
void Folder::settle_from(std::size_t first) const {
  bool fresh = false, cur = false;
  for (std::size_t i = first; i < files_.size(); ++i) (files_[i].place.fresh ? fresh : cur) = true;
  if (fresh) (void)files::settle(path() + "/new");
  if (cur) (void)files::settle(path() + "/cur");
}

Result<void> Folder::append(std::span<const Message> messages,
                            std::span<mailbox::NewMessage> contents) {
  std::vector<std::string> bases;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (contents[i].content.size() > kMaildirMessageOctetsMax) {
      drop_tmp(bases);
      return mailbox::fail(Failure::Kind::TooBig, "the message is too big");
    }
    const std::string text = file_of(std::move(contents[i].content));
    bases.push_back(unique_base(text.size(), messages[i].octets));
    auto written = files::write(in_tmp(bases.back()), text, messages[i].date.seconds);
    if (written) continue;
    bases.pop_back();
    drop_tmp(bases);
    return written;
  }
  return bring_in(messages, std::move(bases));
}

// A message never changes, so a copy is a second name of the same file.
Result<void> Folder::copy(mailbox::Folder& other, std::span<const Uid> uids,
                          std::span<const Message> messages) {
  auto& from = static_cast<Folder&>(other);
  std::vector<std::string> bases;
  from.searched_ = false;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto file = from.find(uids[i]);
    const std::size_t sizes = file->base.find(",S=");
    std::string base = unique_base(0, 0);
    base.resize(base.find(",S="));
    if (sizes != std::string::npos) base += file->base.substr(sizes);
    auto linked = files::link(from.path_of(*file), in_tmp(base));
    if (!linked && !files::exists(from.path_of(*file)) && from.find_again())
      linked = files::link(from.path_of(*file), in_tmp(base));
    if (!linked) {
      drop_tmp(bases);
      return linked;
    }
    bases.push_back(std::move(base));
  }
  return bring_in(messages, std::move(bases));
}

// ---- flags ----

Result<void> Folder::rename_to(File& file, Place place) {
  for (int tries = 0; tries < 2; ++tries) {
    const std::string from = path_of(file), to = path_of(file.base, place);
    if (from == to) return {};
    if (std::rename(from.c_str(), to.c_str()) == 0) {
      file.place = std::move(place);
      return {};
    }
    if (errno != ENOENT) return files::trouble(from);
    if (auto again = find_again(); !again) return again;
  }
  return {};  // somebody took it away: the next look tells
}

Result<void> Folder::set_flags(std::span<const Message> messages) {
  ChangeText change;
  searched_ = false;
  for (const Message& message : messages) {
    File& file = *find(message.uid);
    if (auto renamed = rename_to(file, {false, info_of(message.flags, file.place.info)}); !renamed)
      return renamed;
    change.flags(message);
  }
  if (auto settled = files::settle(path() + "/cur"); !settled) return settled;
  const mailbox::ModSeq modseq = messages.back().modseq;
  if (auto written = write_log(std::move(change).end(modseq)); !written) return written;
  for (const Message& message : messages) find(message.uid)->message = message;
  record_.highest_modseq = modseq;
  return {};
}

Result<void> Folder::add_keyword(std::string_view name) {
  ChangeText change;
  change.keyword(name);
  auto written = write_log(std::move(change).end(record_.highest_modseq));
  if (written) record_.keywords.emplace_back(name);
  return written;
}

Result<void> Folder::take_recent(Uid recent_from) {
  searched_ = false;
  for (auto file = find(record_.recent_from); file != files_.end(); ++file)
    if (file->place.fresh)
      if (auto renamed = rename_to(*file, {false, info_of(file->message.flags, {})}); !renamed)
        return renamed;
  ChangeText change;
  change.recent(recent_from);
  auto written = write_log(std::move(change).end(record_.highest_modseq));
  if (written) record_.recent_from = recent_from;
  return written;
}

// ---- messages go ----

// The files first: what is in the log no more would come back as a new message.
Result<void> Folder::expunge(std::span<const Uid> uids, mailbox::ModSeq modseq) {
  std::vector<mailbox::UidRange> ranges;
  searched_ = false;
  for (const Uid uid : uids) {
    const auto file = find(uid);
    int gone = ::unlink(path_of(*file).c_str());
    if (gone != 0 && errno == ENOENT && find_again()) gone = ::unlink(path_of(*file).c_str());
    if (gone != 0 && errno != ENOENT) return files::trouble(path_of(*file));
    if (!ranges.empty() && ranges.back().last + 1 == uid)
      ranges.back().last = uid;
    else
      ranges.push_back({uid, uid});
  }
  (void)files::settle(path() + "/cur");
  ChangeText change;
  for (const mailbox::UidRange& range : ranges) change.expunged(range);
  if (auto written = write_log(std::move(change).end(modseq)); !written) return written;
  for (const mailbox::UidRange& range : ranges) record_.expunged.push_back({range, modseq});
  std::erase_if(files_, [next = uids.begin(), uids](const File& file) mutable {
    while (next != uids.end() && *next < file.message.uid) ++next;
    return next != uids.end() && *next == file.message.uid;
  });
  record_.highest_modseq = modseq;
  return {};
}

// ---- what others did ----

Result<Folder::Times> Folder::times() const {
  const auto fresh = files::status(path() + "/new"), cur = files::status(path() + "/cur");
  if (!fresh) return tl::unexpected(fresh.error());
  if (!cur) return tl::unexpected(cur.error());
  return Times{fresh->modified_ns, cur->modified_ns};
}

// As the file's name says; keywords that have no letter are as they were.
mailbox::FlagSet Folder::flags_outside(const File& file) const {
  mailbox::FlagSet flags = flags_of(file.place.info);
  const std::size_t known = std::min<std::size_t>(kLetters, record_.keywords.size());
  const std::uint64_t letters = (std::uint64_t{1} << known) - 1;
  flags.keywords = (flags.keywords & letters) | (file.message.flags.keywords & ~letters);
  return flags;
}

// The octets of a message, counted through its file.
std::optional<std::uint32_t> Folder::octets_of(const std::string& path,
                                               std::string_view base) const {
  auto text = files::read(path, kMaildirMessageOctetsMax);
  if (!text) return std::nullopt;
  message_of(*text, base);
  if (text->size() > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(text->size());
}

std::optional<Folder::Arrival> Folder::arrival_of(const Seen& seen) const {
  const FileName name = split(seen.name);
  Arrival arrival{std::string(name.base), {seen.fresh, std::string(name.info)}, 0, 0, {}};
  const std::string path = path_of(arrival.base, arrival.place);
  const auto status = files::status(path);
  if (!status || !status->regular) return std::nullopt;
  const auto octets = octets_of(path, arrival.base);
  if (!octets) return std::nullopt;
  arrival.octets = *octets;
  arrival.modified_ns = status->modified_ns;
  arrival.date = {status->modified, 0};
  return arrival;
}

Result<mailbox::Outside> Folder::look() {
  mailbox::Outside outside;
  arrivals_.clear();
  const auto now = times();
  if (!now) return tl::unexpected(now.error());
  const std::int64_t newest = std::max(now->fresh, now->cur);
  if (*now == looked_ && newest + kGrainNs < looked_at_ns_) return outside;
  looked_at_ns_ = now_ns();
  auto seen = scan();
  if (!seen) return tl::unexpected(seen.error());
  std::vector<const Seen*> unknown;
  place(*seen, unknown);
  if (std::find(found_.begin(), found_.end(), false) != found_.end()) {
    // A name that changed while the folder was read may have been passed over.
    seen = scan();
    if (!seen) return tl::unexpected(seen.error());
    unknown.clear();
    place(*seen, unknown);
  }
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const mailbox::FlagSet flags = flags_outside(files_[i]);
    if (!found_[i])
      outside.gone.push_back(files_[i].message.uid);
    else if (flags != files_[i].message.flags)
      outside.flags.push_back({files_[i].message.uid, flags});
  }
  for (const Seen* file : unknown)
    if (auto arrival = arrival_of(*file)) arrivals_.push_back(*std::move(arrival));
  std::sort(arrivals_.begin(), arrivals_.end(), [](const Arrival& a, const Arrival& b) {
    return std::tie(a.modified_ns, a.base) < std::tie(b.modified_ns, b.base);
  });
  for (const Arrival& arrival : arrivals_) {
    File file{{}, arrival.place};
    file.base = arrival.base;
    outside.arrived.push_back({arrival.octets, arrival.date, flags_outside(file)});
  }
  looked_ = *now;
  return outside;
}

Result<void> Folder::adopt(std::span<const Message> messages) {
  ChangeText change;
  for (std::size_t i = 0; i < messages.size(); ++i) change.add(messages[i], arrivals_[i].base);
  if (auto written = write_log(std::move(change).end(messages.back().modseq)); !written)
    return written;
  for (std::size_t i = 0; i < messages.size(); ++i)
    files_.push_back({{messages[i], std::move(arrivals_[i].base)}, std::move(arrivals_[i].place)});
  arrivals_.clear();
  record_.uid_next = messages.back().uid + 1;
  record_.highest_modseq = messages.back().modseq;
  return {};
}

}  // namespace mailscope::sim::maildir
