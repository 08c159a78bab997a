#include "sim/live/maildir_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "sim/live/maildir_catalog.hpp"

namespace mailscope::sim::maildir {
namespace {

template <typename... Values>
void line(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

// The words of a line, one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  template <typename Number>
  Number number(int base = 10) {
    Number value = 0;
    const std::string_view text = word();
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
    good_ = good_ && read.ec == std::errc() && read.ptr == text.data() + text.size();
    return value;
  }
  std::string_view word() {
    const std::size_t end = rest_.find(' ');
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return text;
  }
  std::string_view rest() const { return rest_; }
  bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

// Makes a record of the lines. Messages that are expunged lose their base first: they are taken out
// at the end, all in one pass.
class Replay {
 public:
  // False: this is no line.
  bool take(std::string_view line, mailbox::ModSeq modseq);
  Record finish() &&;
  Record& record() { return record_; }

 private:
  std::vector<Kept>::iterator find(mailbox::Uid uid) {
    return std::lower_bound(record_.kept.begin(), record_.kept.end(), uid,
                            [](const Kept& a, mailbox::Uid b) { return a.message.uid < b; });
  }
  bool add(Words& words);
  bool flags(Words& words, mailbox::ModSeq modseq);
  bool expunge(Words& words, mailbox::ModSeq modseq);

  Record record_;
};

bool Replay::add(Words& words) {
  Kept kept;
  mailbox::Message& message = kept.message;
  message.uid = words.number<mailbox::Uid>();
  message.octets = words.number<std::uint32_t>();
  message.modseq = words.number<mailbox::ModSeq>();
  message.date.seconds = words.number<std::int64_t>();
  message.date.zone = words.number<std::int16_t>();
  message.flags.system = words.number<std::uint8_t>(16);
  message.flags.keywords = words.number<std::uint64_t>(16);
  kept.base = words.rest();
  if (!words.good() || kept.base.empty() || message.uid == UINT32_MAX) return false;
  // A change that was answered with a failure may have used this UID before.
  if (!record_.kept.empty() && record_.kept.back().message.uid >= message.uid)
    record_.kept.erase(find(message.uid), record_.kept.end());
  record_.uid_next = std::max(record_.uid_next, message.uid + 1);
  record_.kept.push_back(std::move(kept));
  return true;
}

bool Replay::flags(Words& words, mailbox::ModSeq modseq) {
  const auto uid = words.number<mailbox::Uid>();
  mailbox::FlagSet flags;
  flags.system = words.number<std::uint8_t>(16);
  flags.keywords = words.number<std::uint64_t>(16);
  const auto kept = find(uid);
  if (words.good() && kept != record_.kept.end() && kept->message.uid == uid) {
    kept->message.flags = flags;
    kept->message.modseq = modseq;
  }
  return words.good();
}

bool Replay::expunge(Words& words, mailbox::ModSeq modseq) {
  const auto first = words.number<mailbox::Uid>(), last = words.number<mailbox::Uid>();
  for (auto kept = find(first); kept != record_.kept.end() && kept->message.uid <= last; ++kept)
    kept->base.clear();
  record_.expunged.push_back({{first, last}, modseq});
  return words.good();
}

bool Replay::take(std::string_view line, mailbox::ModSeq modseq) {
  Words words(line);
  const std::string_view kind = words.word();
  if (kind == "a") return add(words);
  if (kind == "f") return flags(words, modseq);
  if (kind == "x") return expunge(words, modseq);
  if (kind == "k") {
    record_.keywords.emplace_back(words.rest());
    return record_.keywords.size() <= mailbox::Keywords::kMax;
  }
  if (kind == "r")
    record_.recent_from = words.number<mailbox::Uid>();
  else if (kind == "v")
    record_.uid_validity = words.number<std::uint32_t>();
  else if (kind == "n")
    record_.uid_next = words.number<mailbox::Uid>();
  else if (kind == "o")
    record_.expunged_after = words.number<mailbox::ModSeq>();
  else if (kind == "e") {
    const auto first = words.number<mailbox::Uid>(), last = words.number<mailbox::Uid>();
    record_.expunged.push_back({{first, last}, words.number<mailbox::ModSeq>()});
  } else {
    return false;
  }
  return words.good();
}

Record Replay::finish() && {
  std::erase_if(record_.kept, [](const Kept& kept) { return kept.base.empty(); });
  return std::move(record_);
}

// The next change: its lines, and the octets with the end line. Nothing when it is not whole.
struct Change {
  std::string_view lines;
  mailbox::ModSeq highest_modseq = 0;
  std::size_t octets = 0;
};

std::optional<Change> next_change(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(at, end - at);
    if (!line.starts_with("c ")) {
      at = end + 1;
      continue;
    }
    Words words(line.substr(2));
    Change change;
    change.lines = text.substr(0, at);
    change.highest_modseq = words.number<mailbox::ModSeq>();
    const std::size_t signed_octets = end - words.rest().size();
    const bool right = words.number<std::uint32_t>(16) == crc_of(text.substr(0, signed_octets));
    change.octets = end + 1;
    if (!words.good() || !right) return std::nullopt;
    return change;
  }
  return std::nullopt;
}

// Whether what is no whole change has an end line: what was cut off has none.
bool is_damaged(std::string_view text) {
  const std::size_t end = text.find("\nc ");
  return end != std::string_view::npos && text.find('\n', end + 1) != std::string_view::npos;
}

}  // namespace

void ChangeText::add(const mailbox::Message& m, std::string_view base) {
  line(text_, "a {} {} {} {} {} {:x} {:x} {}\n", m.uid, m.octets, m.modseq, m.date.seconds,
       m.date.zone, m.flags.system, m.flags.keywords, base);
}

void ChangeText::flags(const mailbox::Message& message) {
  line(text_, "f {} {:x} {:x}\n", message.uid, message.flags.system, message.flags.keywords);
}

void ChangeText::expunged(mailbox::UidRange uids) {
  line(text_, "x {} {}\n", uids.first, uids.last);
}

void ChangeText::keyword(std::string_view name) {
  line(text_, "k {}\n", name);
}

void ChangeText::recent(mailbox::Uid from) {
  line(text_, "r {}\n", from);
}

std::string ChangeText::end(mailbox::ModSeq highest_modseq) && {
  line(text_, "c {} ", highest_modseq);
  const std::uint32_t crc = crc_of(text_);
  line(text_, "{:08x}\n", crc);
  return std::move(text_);
}

std::string text_of(const Record& record) {
  ChangeText change;
  line(change.text_, "v {}\n", record.uid_validity);
  for (const std::string& name : record.keywords) change.keyword(name);
  for (const Kept& kept : record.kept) change.add(kept.message, kept.base);
  for (const mailbox::Expunged& gone : record.expunged)
    line(change.text_, "e {} {} {}\n", gone.uids.first, gone.uids.last, gone.modseq);
  line(change.text_, "o {}\nr {}\nn {}\n", record.expunged_after, record.recent_from,
       record.uid_next);
  return std::move(change).end(record.highest_modseq);
}

std::optional<ReadLog> read_log(std::string_view text) {
  if (!text.starts_with("v ")) return std::nullopt;
  ReadLog log;
  Replay replay;
  while (const auto change = next_change(text.substr(log.octets))) {
    for (std::string_view rest = change->lines; !rest.empty(); ++log.changes) {
      const std::size_t end = rest.find('\n');
      if (!replay.take(rest.substr(0, end), change->highest_modseq)) return std::nullopt;
      rest.remove_prefix(end + 1);
    }
    replay.record().highest_modseq = change->highest_modseq;
    log.octets += change->octets;
  }
  log.record = std::move(replay).finish();
  if (log.record.uid_validity == 0 || is_damaged(text.substr(log.octets))) return std::nullopt;
  return log;
}

}  // namespace mailscope::sim::maildir
