// Encoded words, the way that header fields carry more than ASCII. RFC 2047; language tags RFC 2231
// §5.
//
//   encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
//   encoding     = "B" (base64) / "Q" ("_" is a space, "=XY" an octet)
//
// Decoding gives UTF-8. White space between two encoded words is dropped, other white space stays
// (RFC 2047 §6.2). What is no valid encoded word stays as it is. Octets of neighbouring words of
// one character set are joined first, since senders split characters although RFC 2047 §5 (3)
// forbids it. Words longer than 75 octets are decoded all the same. 8-bit octets outside words are
// kept when they are UTF-8, else taken as windows-1252.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailscope::mime {

std::string decode_words(std::string_view body);

// UTF-8 text for an unstructured field or a display name: as it is when it is ASCII and cannot be
// mistaken for an encoded word, else as UTF-8 B or Q words (the shorter), each at most 75 octets,
// none splitting a character, one space between. Fold them with fold_field().
// `column`: the octets in front of it on its line, "Subject: " for one.
std::string encode_words(std::string_view utf8, std::size_t column = 0);

}  // namespace mailscope::mime
