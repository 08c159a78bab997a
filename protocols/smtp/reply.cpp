#include "protocols/smtp/reply.hpp"

#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::smtp {
namespace {

std::vector<std::string> split_at_newlines(std::string_view text) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Reply::Reply(std::uint16_t reply_code, std::string text)
    : code(reply_code), lines(split_at_newlines(text)) {}

Reply::Reply(std::uint16_t reply_code, std::vector<std::string> text_lines)
    : code(reply_code), lines(std::move(text_lines)) {
  if (lines.empty()) lines.emplace_back();
}

std::string Reply::text() const {
  std::string joined;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) joined += '\n';
    joined += lines[i];
  }
  return joined;
}

std::string Reply::wire() const {
  std::string out;
  const std::string digits = std::to_string(code);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += digits;
    out += i + 1 < lines.size() ? '-' : ' ';
    out += lines[i];
    out += "\r\n";
  }
  return out;
}

std::optional<ReplyLine> parse_reply_line(std::string_view line) {
  if (line.size() < 3) return std::nullopt;
  if (line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
    return std::nullopt;
  ReplyLine parsed;
  parsed.code =
      static_cast<std::uint16_t>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return std::nullopt;
  parsed.last = line.size() == 3 || line[3] == ' ';
  if (line.size() > 4) parsed.text = line.substr(4);
  return parsed;
}

ReplyReader::Result ReplyReader::line(std::string_view line) {
  const std::optional<ReplyLine> parsed = parse_reply_line(line);
  if (!parsed) return Result::NotAReply;
  const bool changed = in_reply() && parsed->code != reply_.code;
  if (complete_ || changed) {
    reply_.code = parsed->code;
    reply_.lines.clear();
  }
  if (reply_.lines.size() < kLinesMax) reply_.lines.emplace_back(parsed->text);
  complete_ = parsed->last;
  if (changed) return Result::CodeChanged;
  return complete_ ? Result::Complete : Result::NeedMore;
}

}  // namespace mailscope::smtp
