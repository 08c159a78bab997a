// Reads the text of a command or a response piece by piece: what both parsers are made of. RFC 9051
// §9.
//
// A function that returns bool takes what it is named for off the front, or takes note of what was
// expected and returns false; only the first such note is kept, and from there on everybody
// returns false. The take_ functions ask: false without a note where it is something else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/imap/values/mailbox_name.hpp"
#include "protocols/imap/values/text.hpp"
#include "protocols/imap/wire_reader.hpp"

namespace mailscope::imap {

class Scanner {
 public:
  struct Leniency {
    bool extra_spaces = false;  // more than one space where one stands
    bool any_octets = false;    // between quotes, beyond UTF-8, and in atoms
  };
  Scanner(WireText& wire, Utf8 utf8, Leniency leniency)
      : wire_(wire), utf8_(utf8), leniency_(leniency) {}

  bool at_end() const { return at_ == wire_.text.size(); }
  char peek() const { return at_end() ? '\0' : wire_.text[at_]; }
  std::string_view rest() const { return std::string_view(wire_.text).substr(at_); }
  std::size_t offset() const { return at_; }
  std::string_view since(std::size_t offset) const {
    return std::string_view(wire_.text).substr(offset, at_ - offset);
  }

  // What was expected: always false. `expected` is static storage, in words.
  bool fail(std::string_view expected);
  // The same of what begins at an earlier offset.
  bool fail_at(std::size_t offset, std::string_view expected);
  // A mailbox name that is none.
  bool fail_name(std::string_view why);
  bool failed() const { return failed_; }
  bool bad_name() const { return bad_name_; }
  // "a number is expected, not \"x\""
  std::string complaint() const;
  std::size_t failed_at() const { return failed_at_; }

  bool take(char c);
  // A word in any case, with no letter, digit, "-" or "." behind it.
  bool take_word(std::string_view word);
  // SP and the word, or neither.
  bool take_option(std::string_view word);
  bool take_spaces();  // as many as there are
  template <typename Predicate>
  std::string_view run(const Predicate& predicate) {
    const std::size_t begin = at_;
    while (!at_end() && predicate(wire_.text[at_])) ++at_;
    return std::string_view(wire_.text).substr(begin, at_ - begin);
  }

  bool expect(char c, std::string_view expected);
  bool expect(char c);
  bool space();  // SP
  bool number(std::uint32_t& number);
  bool nz_number(std::uint32_t& number);
  bool number64(std::uint64_t& number);
  // atom = 1*ATOM-CHAR; the view is good until the text is gone
  bool atom(std::string_view& atom, std::string_view expected);
  // quoted = DQUOTE *QUOTED-CHAR DQUOTE
  bool quoted(std::string& text);
  bool at_literal() const;
  // literal / literal8: its place in WireText::literals.
  bool literal(std::size_t& index);
  Literal& literal_at(std::size_t index) { return wire_.literals[index]; }
  // string = quoted / literal
  bool string(std::string& text, std::string_view expected = "a string");
  // nstring = string / nil
  bool nstring(std::optional<std::string>& text);
  // astring = 1*ASTRING-CHAR / string
  bool astring(std::string& text, std::string_view expected = "a string");
  // list-mailbox = 1*list-char / string; decoded
  bool list_mailbox(std::string& pattern);
  // mailbox = "INBOX" / astring
  bool mailbox(std::optional<MailboxName>& name);
  // A mailbox name that may be empty: LIST's reference.
  bool reference(std::string& name);
  // sequence-set
  bool sequence_set_text(std::string_view& text);

  Utf8 utf8() const { return utf8_; }

 private:
  void decode(std::string& name) const;
  template <typename Number, typename Parse>
  bool digits(Number& number, const Parse& parse, std::string_view expected);

  WireText& wire_;
  Utf8 utf8_;
  Leniency leniency_;
  std::size_t at_ = 0;
  std::size_t next_literal_ = 0;
  bool failed_ = false;
  bool bad_name_ = false;
  std::size_t failed_at_ = 0;
  std::string_view expected_;
};

// "(" [item *(SP item)] ")"; `item` reads each. With `empty_allowed` false: at least one.
template <typename Item>
bool list(Scanner& in, bool empty_allowed, const Item& item) {
  if (!in.expect('(')) return false;
  if (empty_allowed && in.take(')')) return true;
  for (;;) {
    if (!item()) return false;
    if (in.take(')')) return true;
    if (!in.space()) return false;
  }
}

}  // namespace mailscope::imap
