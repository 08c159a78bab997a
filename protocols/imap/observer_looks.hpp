// What a line of an IMAP dialogue is, by its look, for an observer: nothing is refused, and only so
// much is read as framing, tags and messages need. RFC 9051 §2.2, §4.3, §7; RFC 7888 §3.
//
// All functions are pure; views point into the argument.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/line_splitter.hpp"
#include "protocols/base/observed.hpp"
#include "protocols/imap/response_name.hpp"
#include "protocols/imap/verb.hpp"

namespace mailscope::imap {

inline std::uint8_t flags_of(const Line& line) {
  return line.has(Line::kUnterminated) ? Observed::kIncomplete : 0;
}

// A literal's count at the end of a line: "{12}", "{12+}", "~{12}".
struct LiteralMark {
  std::uint64_t octets = 0;
  std::size_t at = 0;  // where it begins in the line
  bool synchronizing = true;
  bool binary = false;  // literal8: NUL is allowed
};
std::optional<LiteralMark> literal_at_end(std::string_view line);

// A client's line: tag, verb, and what follows.
struct ClientLine {
  std::string_view tag;  // empty: there is none
  std::string_view word;
  Verb verb = Verb::Unknown;
  bool uid = false;  // UID in front of the verb
  std::string_view arguments;
  // Of an extension that has no Verb: "SETACL".
  bool registered = false;
};
ClientLine read_client_line(std::string_view line);

// A server's line.
struct ServerLine {
  enum class Kind : std::uint8_t { None, Continuation, Untagged, Tagged };
  Kind kind = Kind::None;
  std::string_view tag;  // Tagged
  ResponseName name = ResponseName::Other;
  std::uint32_t number = 0;  // "* 12 EXISTS"; 0: none stands there
  std::string_view text;     // behind the name
};
ServerLine read_server_line(std::string_view line);

// That may begin in the middle of anything: a gap may have swallowed what says what it is.
bool surely_begins_command(std::string_view line);
bool surely_begins_response(std::string_view line);

// Which octets of a message a string in a FETCH response holds, if they are of use to put it
// together. RFC 9051 §7.5.2, RFC 3501 §7.4.2.
struct Stretch {
  enum class Kind : std::uint8_t { None, Whole, Header, Text };
  Kind kind = Kind::None;
  bool partial = false;  // BODY[]<origin>
  std::uint64_t origin = 0;
};
// `before`: the line up to the string.
Stretch stretch_before(std::string_view before);

// "<0.2048>" in a FETCH command.
struct AskedOctets {
  std::uint64_t origin = 0, octets = 0;
};
std::vector<AskedOctets> octets_asked(std::string_view arguments);

// What a whole FETCH response says beside its literals, which stand in `text` as their counts.
struct QuotedStretch {
  Stretch stretch;
  std::string octets;  // the quotes undone
  std::size_t at = 0;  // in `text`
};
struct FetchFacts {
  std::optional<std::uint64_t> size;  // RFC822.SIZE
  std::vector<QuotedStretch> quoted;  // messages small enough for a quoted string
};
FetchFacts read_fetch(std::string_view text);

// The largest message sequence number that a set names; 0 where it names none ("*", "$").
std::uint32_t largest_number(std::string_view arguments);

}  // namespace mailscope::imap
