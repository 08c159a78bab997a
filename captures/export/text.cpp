#include "captures/export/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "captures/trace/counts.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::export_ {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kReplyOctetsMax = 64 * 1024;

bool is_first_octet(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_first_octet));
}

// Octets of the first `columns` characters.
std::size_t octets_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_first_octet(text[at]) && columns-- == 0) break;
    ++at;
  }
  return at;
}

}  // namespace

std::string seconds(trace::Time at) {
  if (at < 0) return '-' + seconds(-at);
  return fmt::format("{}.{:09}", at / kSecond, at % kSecond);
}

std::string utc_time(std::int64_t unix_nanoseconds) {
  using namespace std::chrono;
  std::int64_t whole = unix_nanoseconds / kSecond;
  std::int64_t rest = unix_nanoseconds % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --whole;
  }
  const sys_seconds at{std::chrono::seconds(whole)};
  const sys_days day = floor<days>(at);
  const year_month_day date(day);
  const std::int64_t of_day = (at - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     of_day / 3600, of_day / 60 % 60, of_day % 60, rest);
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", grouped(number), number == 1 ? singular : plural);
}

std::string counted_connections(const trace::Trace& trace) {
  const auto [connections, queries] = trace::count_connections(trace);
  std::string text = counted(connections, "connection", "connections");
  for (const auto& [protocol, count] : queries) {
    const std::string title(languages::title(protocol));
    if (count > 0) text += ", " + counted(count, title + " query", title + " queries");
  }
  return text;
}

std::string verb_of(const trace::Trace& trace, const trace::Pdu& command) {
  if (command.kind == trace::PduKind::Command)
    if (std::string known = languages::of(trace, command).verb(command.word); !known.empty())
      return known;
  constexpr std::size_t kWordMax = 32;
  const std::string line = observe::display_text(trace, command, false, kWordMax);
  std::string word(languages::of(trace, command).from_verb(line));
  word.resize(std::min(word.find(' '), word.size()));
  for (char& c : word) c = to_upper(c);
  return word;
}

std::vector<std::string> reply_lines(const trace::Trace& trace, const trace::Pdu& reply) {
  const languages::Language& language = languages::of(trace, reply);
  std::vector<std::string> lines;
  if (const auto made = language.bare_lines(trace, reply)) {
    for (const std::string& line : *made) lines.push_back(printable_utf8(line));
    return lines;
  }
  const std::string octets = trace.pdu_octets(reply, kReplyOctetsMax);
  std::string_view left = octets;
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    std::string_view line = left.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    const auto text = language.without_code(line, lines.empty());
    if (!text) break;
    lines.push_back(printable_utf8(*text));
  }
  return lines;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  while (columns_of(text) > columns) {
    std::size_t cut = octets_of(text, columns);
    const std::size_t space = text.rfind(' ', cut);
    if (space != std::string_view::npos && space > 0) cut = space;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

}  // namespace mailscope::export_
