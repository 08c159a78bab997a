#include "protocols/imap/scanner.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kShownOctets = 24;  // of what stood there instead

bool is_word_char(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

}  // namespace

bool Scanner::fail(std::string_view expected) {
  if (failed_) return false;
  failed_ = true;
  failed_at_ = at_;
  expected_ = expected;
  return false;
}

bool Scanner::fail_at(std::size_t offset, std::string_view expected) {
  if (!failed_) at_ = offset;
  return fail(expected);
}

bool Scanner::fail_name(std::string_view why) {
  if (failed_) return false;
  bad_name_ = true;
  return fail(why);
}

std::string Scanner::complaint() const {
  if (bad_name_) return std::string(expected_);
  std::string text(expected_);
  text += " is expected, not ";
  std::string_view found = std::string_view(wire_.text).substr(failed_at_);
  found = found.substr(0, found.find('\r'));
  if (found.empty()) return text + "the end";
  const bool cut = found.size() > kShownOctets;
  return text + '"' + printable(found.substr(0, kShownOctets)) + (cut ? "...\"" : "\"");
}

bool Scanner::take(char c) {
  if (failed_ || peek() != c || at_end()) return false;
  ++at_;
  return true;
}

bool Scanner::take_word(std::string_view word) {
  if (failed_ || !starts_with_no_case(rest(), word)) return false;
  const std::string_view behind = rest().substr(word.size());
  if (!behind.empty() && is_word_char(behind.front())) return false;
  at_ += word.size();
  return true;
}

bool Scanner::take_option(std::string_view word) {
  const std::size_t begin = at_;
  if (take(' ')) {
    if (leniency_.extra_spaces) take_spaces();
    if (take_word(word)) return true;
  }
  at_ = begin;
  return false;
}

bool Scanner::take_spaces() {
  return !run([](char c) { return c == ' '; }).empty();
}

bool Scanner::expect(char c, std::string_view expected) {
  return take(c) || fail(expected);
}

bool Scanner::expect(char c) {
  return expect(c, c == '(' ? "\"(\"" : c == ')' ? "\")\"" : c == ']' ? "\"]\"" : "\">\"");
}

bool Scanner::space() {
  if (!take(' ')) return fail("a space");
  if (leniency_.extra_spaces) take_spaces();
  return true;
}

// Takes digits that `parse` makes a number of.
template <typename Number, typename Parse>
bool Scanner::digits(Number& number, const Parse& parse, std::string_view expected) {
  const std::size_t begin = at_;
  const auto value = parse(run(is_digit));
  if (failed_ || !value) return fail_at(begin, expected);
  number = *value;
  return true;
}

bool Scanner::number(std::uint32_t& number) {
  return digits(number, parse_number, "a number");
}
bool Scanner::nz_number(std::uint32_t& number) {
  return digits(number, parse_nz_number, "a number from 1 on");
}
bool Scanner::number64(std::uint64_t& number) {
  return digits(number, parse_number64, "a number");
}

bool Scanner::atom(std::string_view& atom, std::string_view expected) {
  if (failed_) return false;
  atom = run(is_atom_char);
  return !atom.empty() || fail(expected);
}

bool Scanner::quoted(std::string& text) {
  if (!take('"')) return fail("a quote");
  text.clear();
  const std::size_t begin = at_;
  for (;;) {
    const std::string_view plain =
        run([](char c) { return c != '"' && c != '\\' && c != '\r' && c != '\n' && c != '\0'; });
    text += plain;
    if (take('"')) break;
    if (!take('\\')) return fail("the closing quote");
    if (peek() != '"' && peek() != '\\') return fail("a quote or a backslash behind a backslash");
    text += peek();
    ++at_;
  }
  if (leniency_.any_octets || mime::is_ascii(text) || mime::is_utf8(text)) return true;
  at_ = begin;
  return fail("UTF-8 between quotes");
}

bool Scanner::at_literal() const {
  return peek() == '{' || (peek() == '~' && rest().substr(0, 2) == "~{");
}

bool Scanner::literal(std::size_t& index) {
  if (failed_) return false;
  const std::size_t begin = at_;
  take('~');
  const bool brace = take('{');
  const std::size_t close = rest().find("}\r\n");
  // The reader has seen that a count stands there, and a line goes on behind a literal alone.
  if (!brace || close == std::string_view::npos ||
      close > rest().find_first_not_of("0123456789+") || next_literal_ == wire_.literals.size()) {
    at_ = begin;
    return fail("a literal");
  }
  at_ += close + 3;
  index = next_literal_++;
  return true;
}

bool Scanner::string(std::string& text, std::string_view expected) {
  if (peek() == '"') return quoted(text);
  if (peek() != '{') return fail(expected);
  std::size_t index = 0;
  if (!literal(index)) return false;
  text = std::move(wire_.literals[index].octets);
  return true;
}

bool Scanner::nstring(std::optional<std::string>& text) {
  text.reset();
  if (take_word("NIL")) return true;
  return string(text.emplace(), "a string or NIL");
}

bool Scanner::astring(std::string& text, std::string_view expected) {
  if (failed_) return false;
  if (peek() == '"' || peek() == '{') return string(text);
  const bool any = leniency_.any_octets;
  const std::string_view atom = run(
      [&](char c) { return is_astring_char(c) || (any && static_cast<unsigned char>(c) >= 0x80); });
  text = atom;
  return !atom.empty() || fail(expected);
}

bool Scanner::list_mailbox(std::string& pattern) {
  if (failed_) return false;
  if (peek() == '"' || peek() == '{') {
    if (!string(pattern)) return false;
  } else {
    pattern = run(is_list_char);
    if (pattern.empty()) return fail("a mailbox name or pattern");
  }
  decode(pattern);
  return true;
}

bool Scanner::mailbox(std::optional<MailboxName>& name) {
  std::string octets;
  const std::size_t begin = at_;
  if (!astring(octets, "a mailbox name")) return false;
  if (leniency_.any_octets) {
    name = MailboxName::as_sent(octets, utf8_);
    return true;
  }
  MailboxName::Result decoded = MailboxName::from_wire(octets, utf8_);
  if (decoded) {
    name = std::move(*decoded);
    return true;
  }
  at_ = begin;
  return fail_name(decoded.error());
}

bool Scanner::reference(std::string& name) {
  if (!astring(name, "a reference name")) return false;
  decode(name);
  return true;
}

// A name that may be empty, or a pattern. One that can be nobody's name finds nothing, and is no
// error (RFC 9051 §6.3.9): DEL, which no name has, stands for it.
void Scanner::decode(std::string& name) const {
  if (name.empty()) return;
  const MailboxName::Result decoded = MailboxName::from_wire(name, utf8_);
  name = decoded ? decoded->utf8() : "\x7f";
}

bool Scanner::sequence_set_text(std::string_view& text) {
  if (failed_) return false;
  text = run([](char c) { return is_digit(c) || c == ':' || c == ',' || c == '*' || c == '$'; });
  return !text.empty() || fail("a sequence set");
}

}  // namespace mailscope::imap
