// BODY and BODYSTRUCTURE as a value. RFC 9051 §7.5.2.
//
//   body = "(" (body-type-1part / body-type-mpart) ")"
//
// A multipart has its parts, a message/rfc822 the envelope and the one part of what it holds. BODY
// is the same without extension data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocols/imap/values/envelope.hpp"

namespace mailscope::imap {

using BodyParameters = std::vector<std::pair<std::string, std::string>>;

struct BodyDisposition {
  std::string type;
  BodyParameters parameters;
  friend bool operator==(const BodyDisposition&, const BodyDisposition&) = default;
};

struct BodyStructure {
  static constexpr std::size_t kDepthMax = 100;

  std::string type;  // "TEXT"; "MULTIPART"
  std::string subtype;
  BodyParameters parameters;  // of a multipart: extension data

  // Not of a multipart.
  std::optional<std::string> id;
  std::optional<std::string> description;
  std::string encoding;
  std::uint64_t octets = 0;            // as it is encoded
  std::optional<std::uint64_t> lines;  // of text and message/rfc822

  std::vector<BodyStructure> parts;
  std::optional<Envelope> envelope;  // of message/rfc822

  // Extension data, as far as it came: each field is there only if those before it are.
  std::uint8_t extension_fields = 0;  // of md5 (a multipart's parameters), disposition, language,
                                      // location: how many
  std::optional<std::string> md5;
  std::optional<BodyDisposition> disposition;
  std::vector<std::string> language;  // empty: NIL
  std::optional<std::string> location;

  bool is_multipart() const { return !parts.empty() && !envelope; }
  friend bool operator==(const BodyStructure&, const BodyStructure&) = default;
};

}  // namespace mailscope::imap
