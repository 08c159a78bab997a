// Boundary lines, which part the entities in a multipart. RFC 2046 §5.1.1.
//
//   delimiter        = CRLF "--" boundary *WSP CRLF       ; a part begins behind it
//   close-delimiter  = CRLF "--" boundary "--" *WSP CRLF  ; no part follows
//
// "--a" is not "--ab". Words behind the boundary are borne where white space comes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailscope::mime {

enum class Delimiter : std::uint8_t { No, Undecided, Next, Close };

// Octets of a boundary; a multipart whose boundary is longer (RFC: 70) is not opened.
inline constexpr std::size_t kBoundaryMax = 256;

// `text` stands behind "--" at a line's start. `last`: nothing will follow it; else a text that is
// too short to tell is Undecided.
Delimiter match_delimiter(std::string_view text, std::string_view boundary, bool last);

}  // namespace mailscope::mime
