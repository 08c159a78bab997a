// A whole response's text and literals to its value. RFC 9051 §7, §9, RFC 3501 §9; the functions of
// response_parser*.cpp have their ABNF with them.
//
// Wider than the grammar where servers are, so that a client can live with them: spaces at the end,
// a status line without text, fields of FETCH that are not known (passed over), mailbox names that
// cannot be decoded. Untagged data that is not known is an OtherResponse, no error.
//
// Bounds: nesting of BODYSTRUCTURE BodyStructure::kDepthMax, of other lists 100; THREAD may nest as
// deep as it likes.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

#include "protocols/imap/response.hpp"
#include "protocols/imap/wire_reader.hpp"

namespace mailscope::imap {

struct ResponseError {
  std::string text;        // one line: "FETCH: a number was expected at \"x\""
  std::size_t offset = 0;  // in the text, where it was found
};

// Moves the literals' octets out of `text`.
tl::expected<Response, ResponseError> parse_response(WireText text, Utf8 utf8 = Utf8::No);
// A line alone, without CRLF.
tl::expected<Response, ResponseError> parse_response(std::string_view line, Utf8 utf8 = Utf8::No);

}  // namespace mailscope::imap
