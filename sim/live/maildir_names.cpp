#include "sim/live/maildir_names.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "protocols/imap/values/mailbox_name.hpp"
#include "protocols/mailbox/name.hpp"

namespace mailscope::sim::maildir {
namespace {

constexpr std::size_t kFileNameOctetsMax = 255;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// "." and "\" as \2e and \5c.
std::string escape(std::string_view level) {
  std::string text;
  for (const char c : level) {
    if (c == '.')
      text += "\\2e";
    else if (c == '\\')
      text += "\\5c";
    else
      text += c;
  }
  return text;
}

std::string unescape(std::string_view text) {
  std::string level;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view code = text.substr(i, 3);
    if (code == "\\2e" || code == "\\5c") {
      level += code == "\\2e" ? '.' : '\\';
      i += 2;
    } else {
      level += text[i];
    }
  }
  return level;
}

// This machine's name as a part of a file name (the Maildir text's rule for "/" and ":").
std::string machine_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0 || !name[0]) return "localhost";
  std::string text;
  for (const char c : std::string_view(name)) {
    if (c == '/' || c == ':' || c == ',')
      text += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    else
      text += c;
  }
  return text;
}

struct FlagLetter {
  char letter;
  mailbox::SystemFlag flag;
};
constexpr FlagLetter kFlagLetters[] = {{'D', mailbox::kDraft},
                                       {'F', mailbox::kFlagged},
                                       {'R', mailbox::kAnswered},
                                       {'S', mailbox::kSeen},
                                       {'T', mailbox::kDeleted}};

constexpr std::string_view kInfo = ":2,";

std::optional<std::uint64_t> number_after(std::string_view base, std::string_view key) {
  const std::size_t at = base.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const char* const begin = base.data() + at + key.size();
  const auto read = std::from_chars(begin, base.data() + base.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  return number;
}

// Puts a CR before LFs: each one, or those that have none.
void add_returns(std::string& text, bool each, std::size_t count) {
  std::size_t from = text.size(), to = text.size() + count;
  text.resize(to);
  while (from != to) {
    const char c = text[--from];
    text[--to] = c;
    if (c == '\n' && (each || from == 0 || text[from - 1] != '\r')) text[--to] = '\r';
  }
}

std::size_t count_lone(std::string_view text) {
  std::size_t lone = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    if (at == 0 || text[at - 1] != '\r') ++lone;
  return lone;
}

}  // namespace

bool is_user(std::string_view user) {
  return !user.empty() && user.size() <= kFileNameOctetsMax && user.front() != '.' &&
         user.find('/') == std::string_view::npos && !has_control(user);
}

// ---- folders ----

std::optional<std::string> folder_of(std::string_view mailbox) {
  if (mailbox == mailbox::kInbox) return std::string();
  std::string folder;
  while (true) {
    const std::size_t end = mailbox.find(mailbox::kSeparator);
    folder += '.' + escape(imap::encode_modified_utf7(mailbox.substr(0, end)));
    if (end == std::string_view::npos) break;
    mailbox.remove_prefix(end + 1);
  }
  if (folder.size() > kFileNameOctetsMax) return std::nullopt;
  return folder;
}

std::optional<std::string> mailbox_of(std::string_view folder) {
  const std::string_view whole = folder;
  if (folder.size() < 2 || folder.front() != '.') return std::nullopt;
  std::string name;
  for (folder.remove_prefix(1);;) {
    const std::size_t end = folder.find('.');
    const auto level = imap::decode_modified_utf7(unescape(folder.substr(0, end)));
    if (!level || level->find(mailbox::kSeparator) != std::string::npos) return std::nullopt;
    name += *level;
    if (end == std::string_view::npos) break;
    name += mailbox::kSeparator;
    folder.remove_prefix(end + 1);
  }
  // A folder that is not the one this mailbox would have, or INBOX once more, is one too many.
  if (mailbox::canonical_name(name) != name || name == mailbox::kInbox) return std::nullopt;
  if (folder_of(name) != whole) return std::nullopt;
  return name;
}

// ---- files ----

FileName split(std::string_view name) {
  const std::size_t at = name.rfind(kInfo);
  if (at == std::string_view::npos) return {name, {}};
  return {name.substr(0, at), name.substr(at)};
}

bool is_message(std::string_view name) {
  return !name.empty() && name.front() != '.' && !has_control(name);
}

std::string unique_base(std::size_t file_octets, std::size_t message_octets) {
  static const std::string kMachine = machine_name();
  static std::uint64_t count = 0;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return fmt::format("{}.M{}P{}Q{}.{},S={},W={}", now.tv_sec, now.tv_nsec / 1000, ::getpid(),
                     ++count, kMachine, file_octets, message_octets);
}

mailbox::FlagSet flags_of(std::string_view info) {
  mailbox::FlagSet flags;
  if (!info.starts_with(kInfo)) return flags;
  for (const char c : info.substr(kInfo.size())) {
    if (c >= 'a' && c <= 'z') flags.keywords |= std::uint64_t{1} << (c - 'a');
    for (const FlagLetter& known : kFlagLetters)
      if (known.letter == c) flags.system |= known.flag;
  }
  return flags;
}

std::string info_of(mailbox::FlagSet flags, std::string_view before) {
  std::string letters;
  for (const FlagLetter& known : kFlagLetters)
    if (flags.has(known.flag)) letters += known.letter;
  for (unsigned bit = 0; bit < kLetters; ++bit)
    if (flags.has_keyword(bit)) letters += static_cast<char>('a' + bit);
  if (before.starts_with(kInfo))
    for (const char c : before.substr(kInfo.size()))
      if (c >= 'A' && c <= 'Z' &&
          std::none_of(std::begin(kFlagLetters), std::end(kFlagLetters),
                       [&](const auto& known) { return known.letter == c; }))
        letters += c;
  std::sort(letters.begin(), letters.end());
  return std::string(kInfo) + letters;
}

// ---- line ends ----

std::string file_of(std::string message) {
  if (count_lone(message) > 0) return message;
  std::size_t to = 0;
  for (std::size_t from = 0; from < message.size(); ++from) {
    const bool before_end =
        message[from] == '\r' && from + 1 < message.size() && message[from + 1] == '\n';
    if (!before_end) message[to++] = message[from];
  }
  message.resize(to);
  return message;
}

void message_of(std::string& file, std::string_view base) {
  const auto wire = number_after(base, ",W=");
  const auto ends = static_cast<std::size_t>(std::count(file.begin(), file.end(), '\n'));
  if (ends == 0 || wire == file.size()) return;
  if (wire == file.size() + ends) return add_returns(file, true, ends);
  add_returns(file, false, count_lone(file));
}

}  // namespace mailscope::sim::maildir
