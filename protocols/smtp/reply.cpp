#include "protocols/smtp/reply.hpp"

#include <algorithm>
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

// What stands behind the class, RFC 3463 §3 and RFC 5248's registry. The first row that fits
// counts; Unknown: in answer to anything. Code 200: whatever positive code.
struct UsualCode {
  std::uint16_t code;
  Verb answers;
  int subject, detail;
};
constexpr UsualCode kUsualCodes[] = {
    {200, Verb::Mail, 1, 0},
    {200, Verb::Send, 1, 0},
    {200, Verb::Soml, 1, 0},
    {200, Verb::Saml, 1, 0},
    {200, Verb::Rcpt, 1, 5},  // destination address valid
    {200, Verb::Vrfy, 1, 5},
    {200, Verb::Expn, 1, 5},
    {200, Verb::Auth, 7, 0},
    {252, Verb::Vrfy, 0, 0},  // cannot verify: nothing is said about the address
    {252, Verb::Expn, 0, 0},
    {421, Verb::Unknown, 3, 2},  // system not accepting network messages
    {432, Verb::Unknown, 7, 12},
    {450, Verb::Rcpt, 2, 1},  // mailbox disabled, not accepting messages
    {450, Verb::Vrfy, 2, 1},
    {450, Verb::Expn, 2, 1},
    {451, Verb::Unknown, 3, 0},
    {452, Verb::Unknown, 3, 1},  // mail system full
    {454, Verb::Auth, 7, 0},
    {454, Verb::Starttls, 7, 0},
    {455, Verb::Unknown, 5, 4},
    {458, Verb::Unknown, 3, 0},
    {459, Verb::Unknown, 7, 1},
    {500, Verb::Unknown, 5, 2},  // syntax error
    {501, Verb::Mail, 1, 7},     // bad sender's mailbox address syntax
    {501, Verb::Rcpt, 1, 3},     // bad destination mailbox address syntax
    {501, Verb::Unknown, 5, 4},  // invalid command arguments
    {502, Verb::Unknown, 5, 1},  // invalid command
    {503, Verb::Unknown, 5, 1},
    {504, Verb::Unknown, 5, 4},
    {521, Verb::Unknown, 3, 2},
    {530, Verb::Unknown, 7, 0},
    {534, Verb::Unknown, 7, 9},
    {535, Verb::Unknown, 7, 8},   // authentication credentials invalid
    {538, Verb::Unknown, 7, 11},  // encryption required
    {550, Verb::Rcpt, 1, 1},      // bad destination mailbox address
    {550, Verb::Vrfy, 1, 1},
    {550, Verb::Expn, 1, 1},
    {550, Verb::Unknown, 7, 1},  // delivery not authorized
    {551, Verb::Unknown, 1, 6},  // destination mailbox has moved
    {552, Verb::Rcpt, 2, 2},     // mailbox full
    {552, Verb::Unknown, 3, 4},  // message too big for system
    {553, Verb::Mail, 1, 7},
    {553, Verb::Unknown, 1, 3},
    {554, Verb::Data, 5, 1},
    {554, Verb::EndOfData, 6, 0},
    {554, Verb::BdatLast, 6, 0},
    {554, Verb::Bdat, 6, 0},
    {555, Verb::Unknown, 5, 4},
};

static_assert(std::ranges::is_sorted(kUsualCodes, {}, &UsualCode::code));

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

// ---- enhanced status codes ----------------------------------------------------------------------

std::string EnhancedCode::text() const {
  return std::to_string(status_class) + '.' + std::to_string(subject) + '.' +
         std::to_string(detail);
}

namespace {

// 1*3digit, taken off the front; -1: none.
int take_number(std::string_view& text) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 3 && is_digit(text[digits]))
    value = value * 10 + (text[digits++] - '0');
  text.remove_prefix(digits);
  return digits == 0 ? -1 : value;
}

// The code at the front, which is taken off with the space behind it.
std::optional<EnhancedCode> take_code(std::string_view& text) {
  std::string_view rest = text;
  if (rest.size() < 5 || rest[1] != '.') return std::nullopt;
  if (rest[0] != '2' && rest[0] != '4' && rest[0] != '5') return std::nullopt;
  EnhancedCode code;
  code.status_class = rest[0] - '0';
  rest.remove_prefix(2);
  code.subject = take_number(rest);
  if (code.subject < 0 || rest.empty() || rest[0] != '.') return std::nullopt;
  rest.remove_prefix(1);
  code.detail = take_number(rest);
  if (code.detail < 0 || (!rest.empty() && rest[0] != ' ')) return std::nullopt;
  if (!rest.empty()) rest.remove_prefix(1);
  text = rest;
  return code;
}

}  // namespace

std::optional<EnhancedCode> parse_enhanced_code(std::string_view text) {
  return take_code(text);
}

std::string_view text_behind_code(std::string_view text) {
  take_code(text);
  return text;
}

std::optional<EnhancedCode> enhanced_code(const Reply& reply) {
  if (reply.lines.empty()) return std::nullopt;
  const std::optional<EnhancedCode> code = parse_enhanced_code(reply.lines.front());
  if (!code || code->status_class != reply.severity()) return std::nullopt;
  return code;
}

Reply with_code(Reply reply, EnhancedCode code) {
  const std::string front = code.text() + ' ';
  for (std::string& line : reply.lines) {
    std::string_view rest = line;
    take_code(rest);
    line.replace(0, line.size() - rest.size(), front);
  }
  return reply;
}

Reply without_code(Reply reply) {
  for (std::string& line : reply.lines) {
    std::string_view rest = line;
    if (take_code(rest)) line.erase(0, line.size() - rest.size());
  }
  return reply;
}

std::optional<EnhancedCode> usual_code(std::uint16_t code, Verb answers) {
  const int status_class = code / 100;
  if (status_class != 2 && status_class != 4 && status_class != 5) return std::nullopt;
  if (answers == Verb::Connect || answers == Verb::Helo || answers == Verb::Ehlo)
    return std::nullopt;
  const auto look_up = [&](std::uint16_t row_code) -> std::optional<EnhancedCode> {
    for (const UsualCode& usual : kUsualCodes)
      if (usual.code == row_code && (usual.answers == answers || usual.answers == Verb::Unknown))
        return EnhancedCode{status_class, usual.subject, usual.detail};
    return std::nullopt;
  };
  if (const auto usual = look_up(code)) return usual;
  if (status_class == 2)
    if (const auto usual = look_up(200)) return usual;
  return EnhancedCode{status_class, 0, 0};
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
