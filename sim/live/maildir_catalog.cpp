#include "sim/live/maildir_catalog.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>
#include <charconv>
#include <iterator>

namespace mailscope::sim::maildir {
namespace {

constexpr std::string_view kFirstLine = "mailscope-names 1";

// Up to the next `end`, and goes behind it.
std::string_view take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

std::optional<std::uint32_t> number(std::string_view text, int base = 10) {
  std::uint32_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

bool take_line(CatalogFile& file, std::string_view line) {
  const std::string_view kind = take(line, ' ');
  if (kind == "subscribed") {
    file.catalog.subscriptions.emplace_back(line);
  } else if (kind == "rename") {
    const std::string_view from = take(line, '\t');
    file.renamings.emplace_back(from, line);
  } else if (kind == "validity") {
    const auto value = number(line);
    if (!value) return false;
    file.catalog.uid_validity_next = *value;
  } else if (kind == "mailbox" || kind == "noselect") {
    const auto uses = number(take(line, ' '));
    if (!uses || line.empty()) return false;
    file.catalog.mailboxes.push_back(
        {std::string(line), kind == "mailbox", static_cast<std::uint8_t>(*uses)});
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::uint32_t crc_of(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

std::string text_of(const CatalogFile& file) {
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{}\nvalidity {}\n", kFirstLine, file.catalog.uid_validity_next);
  for (const mailbox::CatalogEntry& entry : file.catalog.mailboxes)
    fmt::format_to(out, "{} {} {}\n", entry.selectable ? "mailbox" : "noselect", entry.uses,
                   entry.name);
  for (const std::string& name : file.catalog.subscriptions)
    fmt::format_to(out, "subscribed {}\n", name);
  for (const auto& [from, to] : file.renamings) fmt::format_to(out, "rename {}\t{}\n", from, to);
  fmt::format_to(out, "end {:08x}\n", crc_of(text));
  return text;
}

std::optional<CatalogFile> read_catalog(std::string_view text) {
  const std::size_t end = text.rfind("end ");
  if (end == std::string_view::npos || text.back() != '\n') return std::nullopt;
  if (number(text.substr(end + 4, text.size() - end - 5), 16) != crc_of(text.substr(0, end)))
    return std::nullopt;
  text = text.substr(0, end);
  if (take(text, '\n') != kFirstLine) return std::nullopt;
  CatalogFile file;
  while (!text.empty())
    if (!take_line(file, take(text, '\n'))) return std::nullopt;
  return file;
}

}  // namespace mailscope::sim::maildir
