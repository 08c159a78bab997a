// How a message is built, as BODYSTRUCTURE tells it. RFC 3501 §7.4.2, RFC 9051 §7.5.2.
//
// Types, encodings and parameters are in the case of their writing; RFC 2231's continuations are
// joined and not decoded (mime/parameter.hpp). Sizes and lines are those of the body as it is
// encoded. What a field does not say is RFC 2045's default: text/plain with charset us-ascii, 7bit;
// in a digest message/rfc822. A field that cannot be read counts as not there.
//
// The grammar wants of a multipart at least one part: where there is none, an empty text/plain
// stands for it. What could not be opened is told as text/plain (mime/structure.hpp).
#pragma once

#include "protocols/imap/values/body_structure.hpp"
#include "protocols/imap/values/text.hpp"
#include "protocols/mime/structure.hpp"

namespace mailscope::imap {

// `utf8`: whether the client takes message/global for a message (RFC 9051 §7.5.2); else it is told
// without what it holds, as RFC 3501 knows message/rfc822 only.
BodyStructure read_body_structure(const mime::Structure& structure, Utf8 utf8 = Utf8::No);

}  // namespace mailscope::imap
