#include "scenarios/playing/kept_spool.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "sim/live/files.hpp"

namespace mailscope::scenarios {
namespace {

using sim::SpooledMail;
using sim::SpooledRecipient;

constexpr std::uint64_t kMailOctetsMax = std::uint64_t{1} << 30;

std::string_view take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

unsigned bits_of(const sim::Notify& notify) {
  return (notify.stated ? 1u : 0u) | (notify.success ? 2u : 0u) | (notify.failure ? 4u : 0u) |
         (notify.delay ? 8u : 0u);
}

sim::Notify notify_of(std::uint64_t bits) {
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
}

bool take_line(SpooledMail& mail, std::string_view line) {
  const std::string_view kind = take(line, ' ');
  if (kind == "from") {
    mail.reverse_path = line;
  } else if (kind == "id") {
    mail.envelope_id = line;
  } else if (kind == "origin") {
    mail.origin = line;
  } else if (kind == "options") {
    const std::uint64_t bits = number(line).value_or(0);
    mail.internationalized = (bits & 1) != 0;
    mail.return_full = (bits & 2) != 0;
    mail.return_stated = (bits & 4) != 0;
  } else if (kind == "to") {
    SpooledRecipient recipient;
    recipient.address = take(line, '\t');
    recipient.notify = notify_of(number(take(line, '\t')).value_or(0));
    recipient.original = line;
    mail.recipients.push_back(std::move(recipient));
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string spooled_text(const SpooledMail& mail) {
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(
      out, "from {}\nid {}\norigin {}\noptions {}\n", mail.reverse_path, mail.envelope_id,
      mail.origin,
      (mail.internationalized ? 1 : 0) | (mail.return_full ? 2 : 0) | (mail.return_stated ? 4 : 0));
  for (const SpooledRecipient& recipient : mail.recipients)
    if (recipient.fate == sim::Fate::Pending)
      fmt::format_to(out, "to {}\t{}\t{}\n", recipient.address, bits_of(recipient.notify),
                     recipient.original);
  return text + '\n' + mail.content;
}

std::optional<SpooledMail> read_spooled(std::string_view text) {
  SpooledMail mail;
  while (!text.empty()) {
    const std::string_view line = take(text, '\n');
    if (line.empty()) {
      mail.content = text;
      return mail.recipients.empty() ? std::nullopt : std::optional(std::move(mail));
    }
    if (!take_line(mail, line)) return std::nullopt;
  }
  return std::nullopt;
}

mailbox::Result<std::unique_ptr<KeptSpool>> KeptSpool::open(const std::string& folder) {
  if (auto made = sim::files::make_folder(folder); !made) return tl::unexpected(made.error());
  return std::unique_ptr<KeptSpool>(new KeptSpool(folder));
}

mailbox::Result<std::vector<SpooledMail>> KeptSpool::left() const {
  const auto names = sim::files::names_in(folder_);
  if (!names) return tl::unexpected(names.error());
  std::vector<SpooledMail> mails;
  for (const std::string& name : *names) {
    const auto count = number(name);
    if (!count) continue;
    const auto text = sim::files::read(folder_ + '/' + name, kMailOctetsMax);
    if (!text) return tl::unexpected(text.error());
    auto mail = read_spooled(*text);
    if (!mail) continue;
    mail->number = *count;
    mails.push_back(*std::move(mail));
  }
  std::sort(mails.begin(), mails.end(),
            [](const SpooledMail& a, const SpooledMail& b) { return a.number < b.number; });
  return mails;
}

mailbox::Result<void> KeptSpool::keep(const SpooledMail& mail) {
  return sim::files::replace(folder_, std::to_string(mail.number), spooled_text(mail));
}

void KeptSpool::drop(std::uint64_t number) {
  ::unlink((folder_ + '/' + std::to_string(number)).c_str());
}

}  // namespace mailscope::scenarios
