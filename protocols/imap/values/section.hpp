// Which octets of a message are meant. RFC 9051 §6.4.5, §9.
//
//   section         = "[" [section-spec] "]"
//   section-spec    = section-msgtext / (section-part ["." section-text])
//   section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"
//   section-text    = section-msgtext / "MIME"
//   section-part    = nz-number *("." nz-number)
//   section-binary  = "[" [section-part] "]"
//   partial         = "<" number64 "." nz-number64 ">"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::imap {

struct Section {
  // A message has no more levels that anybody could mean.
  static constexpr std::size_t kPartDepthMax = 100;

  enum class Text : std::uint8_t {
    All,              // "[]" or "[1.2]"
    Header,           // "[HEADER]"; of a part: of the message/rfc822 that it is
    HeaderFields,     // "[HEADER.FIELDS (...)]"
    HeaderFieldsNot,  // "[HEADER.FIELDS.NOT (...)]"
    Body,             // "[TEXT]"
    Mime,             // "[1.MIME]"; never without a part
  };
  std::vector<std::uint32_t> part;  // {1, 2} for 1.2; empty: the message itself
  Text text = Text::All;
  std::vector<std::string> fields;  // HeaderFields and -Not: at least one name, as sent

  // With the brackets. Field names are written as astrings.
  void append_to(std::string& out) const;
  friend bool operator==(const Section&, const Section&) = default;
};

struct Partial {
  std::uint64_t offset = 0;
  std::uint64_t octets = 1;  // at least 1
  friend bool operator==(const Partial&, const Partial&) = default;
};

}  // namespace mailscope::imap
