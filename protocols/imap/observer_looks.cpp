#include "protocols/imap/observer_looks.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kTagOctetsMax = 128;
constexpr std::size_t kRangesMax = 16;
constexpr std::uint64_t kOctetsMax = std::uint64_t{1} << 62;

// Commands of extensions that the session machine does not have: RFC 4314 §3, RFC 5464 §4, RFC 5465
// §3, RFC 4467 §7, RFC 5257 §4, RFC 7162 has none; RFC 5259 §8, RFC 5267 §4, RFC 9590 none; XLIST
// (Gmail's), UID ONLY's forms are the same verbs.
constexpr std::string_view kRegistered[] = {
    "SETACL",           "DELETEACL",   "GETACL",         "LISTRIGHTS",
    "MYRIGHTS",         "GETMETADATA", "SETMETADATA",    "NOTIFY",
    "GENURLAUTH",       "RESETKEY",    "URLFETCH",       "GETANNOTATION",
    "SETANNOTATION",    "CONVERT",     "CONVERSIONS",    "CANCELUPDATE",
    "ESEARCH",          "REPLACE",     "UNAUTHENTICATE", "GETJMAPACCESS",
    "LANGUAGE",         "COMPARATOR",  "RLIST",          "RLSUB",
    "BBOARD",           "FIND",        "PARTIAL",        "XLIST",
    "XAPPLEPUSHSERVICE"};

bool is_tag_character(char c) {
  return c > ' ' && c < 0x7f && std::string_view("(){%*\"\\+").find(c) == std::string_view::npos;
}

bool may_be_tag(std::string_view word) {
  return !word.empty() && word.size() <= kTagOctetsMax &&
         std::all_of(word.begin(), word.end(), is_tag_character);
}

std::string_view take_word(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  if (digits.empty() || read.ec != std::errc() || read.ptr != end || number > kOctetsMax) return {};
  return number;
}

}  // namespace

std::optional<LiteralMark> literal_at_end(std::string_view line) {
  if (!line.ends_with('}')) return {};
  const std::size_t brace = line.rfind('{');
  if (brace == std::string_view::npos) return {};
  std::string_view count = line.substr(brace + 1, line.size() - brace - 2);
  LiteralMark mark;
  mark.at = brace;
  if (count.ends_with('+') || count.ends_with('-')) {  // "-": RFC 7888's drafts
    mark.synchronizing = false;
    count.remove_suffix(1);
  }
  const auto octets = number_of(count);
  if (!octets) return {};
  mark.octets = *octets;
  if (brace > 0 && line[brace - 1] == '~') {
    mark.binary = true;
    --mark.at;
  }
  return mark;
}

ClientLine read_client_line(std::string_view line) {
  ClientLine read;
  std::string_view left = line;
  const std::string_view tag = take_word(left);
  if (!may_be_tag(tag)) return read;
  read.tag = tag;
  read.word = take_word(left);
  if (equal_no_case(read.word, "UID")) {
    std::string_view behind = left;
    const std::string_view second = take_word(behind);
    if (const Verb verb = parse_verb(second); has_uid_form(verb)) {
      read.uid = true;
      read.verb = verb;
      read.word = line.substr(static_cast<std::size_t>(read.word.data() - line.data()),
                              read.word.size() + 1 + second.size());
      left = behind;
    }
  } else {
    read.verb = parse_verb(read.word);
  }
  read.registered =
      std::any_of(std::begin(kRegistered), std::end(kRegistered),
                  [&](std::string_view known) { return equal_no_case(known, read.word); });
  read.arguments = left;
  return read;
}

ServerLine read_server_line(std::string_view line) {
  ServerLine read;
  if (line == "+" || line.starts_with("+ ")) {
    read.kind = ServerLine::Kind::Continuation;
    read.name = ResponseName::Continue;
    read.text = line.substr(std::min<std::size_t>(line.size(), 2));
    return read;
  }
  std::string_view left = line;
  const std::string_view tag = take_word(left);
  std::string_view word = take_word(left);
  if (tag == "*") {
    read.kind = ServerLine::Kind::Untagged;
    const auto number = number_of(word);
    const bool numbered = number && *number <= UINT32_MAX;
    if (numbered) {
      read.number = static_cast<std::uint32_t>(*number);
      word = take_word(left);
    }
    read.name = parse_response_name(word);
    if (is_numbered(read.name) != numbered) read.name = ResponseName::Other;
  } else if (may_be_tag(tag)) {
    read.name = parse_response_name(word);
    if (!is_status(read.name)) return {};
    read.kind = ServerLine::Kind::Tagged;
    read.tag = tag;
  }
  read.text = left;
  return read;
}

bool surely_begins_command(std::string_view line) {
  const ClientLine read = read_client_line(line);
  return read.verb != Verb::Unknown;
}

bool surely_begins_response(std::string_view line) {
  const ServerLine read = read_server_line(line);
  if (read.kind == ServerLine::Kind::Tagged) return true;
  return read.kind == ServerLine::Kind::Untagged && read.name != ResponseName::Other;
}

// ---- messages ----

// "BODY[TEXT]<0> ", "RFC822 ": the words right before the string.
Stretch stretch_before(std::string_view before) {
  Stretch stretch;
  if (!before.ends_with(' ')) return stretch;
  before.remove_suffix(1);
  if (before.ends_with('>')) {
    const std::size_t open = before.rfind('<');
    if (open == std::string_view::npos) return stretch;
    const auto origin = number_of(before.substr(open + 1, before.size() - open - 2));
    if (!origin) return stretch;
    stretch.partial = true;
    stretch.origin = *origin;
    before = before.substr(0, open);
  }
  const std::size_t word_at = before.find_last_of(" (") + 1;  // npos + 1: 0
  const std::string_view word = before.substr(word_at);
  using Kind = Stretch::Kind;
  if (equal_no_case(word, "BODY[]") || equal_no_case(word, "RFC822")) stretch.kind = Kind::Whole;
  if (equal_no_case(word, "BODY[HEADER]") || equal_no_case(word, "RFC822.HEADER"))
    stretch.kind = Kind::Header;
  if (equal_no_case(word, "BODY[TEXT]") || equal_no_case(word, "RFC822.TEXT"))
    stretch.kind = Kind::Text;
  return stretch;
}

std::vector<AskedOctets> octets_asked(std::string_view arguments) {
  std::vector<AskedOctets> asked;
  for (std::size_t at = arguments.find("]<"); at != std::string_view::npos;
       at = arguments.find("]<", at + 2)) {
    const std::size_t dot = arguments.find('.', at), close = arguments.find('>', at);
    if (dot == std::string_view::npos || close == std::string_view::npos || dot > close) continue;
    const auto origin = number_of(arguments.substr(at + 2, dot - at - 2));
    const auto octets = number_of(arguments.substr(dot + 1, close - dot - 1));
    if (origin && octets && asked.size() < kRangesMax) asked.push_back({*origin, *octets});
  }
  return asked;
}

namespace {

// Reads the items of a FETCH response: a name, a space, a value.
class FetchWalk {
 public:
  explicit FetchWalk(std::string_view text) : text_(text) {
    const std::size_t open = text.find('(');
    at_ = open == std::string_view::npos ? text.size() : open + 1;
  }
  FetchFacts read() {
    while (at_ < text_.size() && text_[at_] != ')') item();
    return std::move(facts_);
  }

 private:
  void item() {
    const std::size_t begin = at_;
    skip_name();
    if (at_ >= text_.size()) return;
    if (text_[at_] != ' ') {
      ++at_;
      return;
    }
    ++at_;
    const std::string_view item_name = text_.substr(begin, at_ - 1 - begin);
    const std::size_t value_at = at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      std::string octets = quoted();
      const Stretch stretch = stretch_before(text_.substr(0, value_at));
      if (stretch.kind != Stretch::Kind::None)
        facts_.quoted.push_back({stretch, std::move(octets), value_at});
    } else {
      skip_value();
      if (equal_no_case(item_name, "RFC822.SIZE"))
        facts_.size = number_of(text_.substr(value_at, at_ - value_at));
    }
    if (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  // "BODY[HEADER.FIELDS (DATE FROM)]<0>": the space ends it that is not in brackets.
  void skip_name() {
    bool brackets = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '[') brackets = true;
      if (c == ']') brackets = false;
      if (!brackets && (c == ' ' || c == ')')) return;
    }
  }
  void skip_value() {
    for (int depth = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        quoted();
        --at_;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && depth-- == 0) {
        return;
      } else if (c == ' ' && depth == 0) {
        return;
      }
    }
  }
  std::string quoted() {
    std::string octets;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      octets += text_[at_];
    }
    if (at_ < text_.size()) ++at_;
    return octets;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  FetchFacts facts_;
};

}  // namespace

FetchFacts read_fetch(std::string_view text) {
  return FetchWalk(text).read();
}

std::uint32_t largest_number(std::string_view arguments) {
  const std::string_view set = arguments.substr(0, arguments.find(' '));
  std::uint32_t largest = 0;
  for (std::size_t at = 0; at < set.size();) {
    const std::size_t end = std::min(set.find_first_of(":,", at), set.size());
    const auto number = number_of(set.substr(at, end - at));
    if (number && *number <= UINT32_MAX)
      largest = std::max(largest, static_cast<std::uint32_t>(*number));
    at = end + 1;
  }
  return largest;
}

}  // namespace mailscope::imap
