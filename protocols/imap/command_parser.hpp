// A whole command's text and literals to its value, or what is wrong with it. RFC 9051 §9, RFC 3501
// §9, RFC 4466 §3; the functions of command_parser*.cpp have their ABNF with them.
//
// Strict where the grammar is, but for what it asks of servers itself: words in any case, STORE's
// flags without parentheses, quoted dates in SEARCH, UTF-8 between quotes (RFC 9051 §4.3.1), the
// obsolete forms of RFC 3501. What is wider than that are Quirks, off unless asked for.
//
// Bounds: nesting of search keys SearchKey::kDepthMax, of parts Section::kPartDepthMax; all else is
// bounded by the reader's limits, and takes time in proportion to the text.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "protocols/imap/command.hpp"
#include "protocols/imap/wire_reader.hpp"

namespace mailscope::imap {

// Leniencies, each with its name, all off.
struct Quirks {
  bool space_at_end = false;  // "a1 NOOP "
  bool extra_spaces = false;  // "a1  FETCH 1 FLAGS": more than one space where one stands
  bool zero_modseq = false;   // "CHANGEDSINCE 0"
};

struct ParseOptions {
  Utf8 utf8 = Utf8::No;  // how mailbox names are written
  Quirks quirks{};
};

struct CommandError {
  // Bad: the text is no command in order. No: it is, but a name in it can be no mailbox's; answered
  // NO [CANNOT] (RFC 5530 §3).
  enum class Answer : std::uint8_t { Bad, No };
  Answer answer = Answer::Bad;
  std::string tag;            // empty where there is none in order: answered "* BAD"
  Verb verb = Verb::Unknown;  // as far as it was recognised
  std::string text;           // one line: "FETCH: a sequence set was expected at \"x\""
  std::size_t offset = 0;     // in the text, where it was found
};

// Moves the literals' octets out of `text`.
tl::expected<Command, CommandError> parse_command(WireText text, const ParseOptions& options = {});
// A line alone, without CRLF.
tl::expected<Command, CommandError> parse_command(std::string_view line,
                                                  const ParseOptions& options = {});

}  // namespace mailscope::imap
