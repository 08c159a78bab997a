// The octets of a message that a FETCH of BODY[...], BINARY[...] or RFC822... means. RFC 3501
// §6.4.5, RFC 9051 §6.4.5, RFC 3516 §4.
//
// A part that the message does not have gives nothing (NIL), and so do HEADER and TEXT of a part
// that is no message/rfc822. HEADER.FIELDS keeps the fields as they stand, in their order, and an
// empty line behind them, also where none is left; a line that is no field is never named.
// What is wanted of the whole message's header is found without a look at the body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "protocols/imap/values/section.hpp"
#include "protocols/mime/structure.hpp"

namespace mailscope::imap {

// Octets of the message itself, or made from it. The view is good as long as both are.
class SectionOctets {
 public:
  explicit SectionOctets(std::string_view of_message) : octets_(of_message) {}
  explicit SectionOctets(std::string made) : octets_(std::move(made)) {}
  std::string_view view() const;

 private:
  std::variant<std::string_view, std::string> octets_;
};

// BODY[section]. NUL, which BODY must not carry (RFC 3501 §4.3.1), becomes 0x80: one octet stays
// one octet.
std::optional<SectionOctets> section_of(mime::WholeMessage& message, const Section& section);

struct BinaryOctets {
  bool unknown_encoding = false;        // NO [UNKNOWN-CTE]
  std::optional<SectionOctets> octets;  // nothing: there is no such part
};
// BINARY[part]: with its transfer encoding undone. The whole message, a multipart and a
// message/rfc822 have none (RFC 2045 §6.4) and stay as they are.
BinaryOctets binary_of(mime::WholeMessage& message, const Section& section);

// <offset.octets>: what there is of it; "" behind the end.
std::string_view partial_of(std::string_view octets, const std::optional<Partial>& partial);

}  // namespace mailscope::imap
