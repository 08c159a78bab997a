// Reads a header section: the fields in front of a message's or a body part's empty line.
// RFC 5322 §2.2, §3.6, §4.5.
//
//   fields   = *(field)               field     = field-name ":" unstructured CRLF
//   ftext    = %d33-57 / %d59-126     folding   = CRLF before WSP, taken out by unfolding
//   obs:       white space between the name and the colon
//
// Read from a view, whole; part_reader.hpp gathers a section that comes in chunks. Views point into
// the octets given. Damage is borne: a line ends with CRLF or a bare LF; a line without a colon is
// kept as a field with an empty name, and reading goes on. A list has at most kFieldsMax fields.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mime {

struct Field {
  std::string_view name;  // as written; empty for a line that is no field
  std::string_view
      raw;  // the body as it stood, behind the colon, folds included, last line end not
  std::string body() const;  // unfolded and without white space at its ends
};

inline constexpr std::size_t kFieldsMax = 10'000;

// Reads them one by one, without a list and without end. `section` may go on behind its empty line;
// what is there is not read.
class FieldCursor {
 public:
  explicit FieldCursor(std::string_view section) : rest_(section) {}
  bool next(Field& field);  // false: there are no more

 private:
  std::string_view rest_;
};

// The same as a list.
std::vector<Field> read_fields(std::string_view section);

// The offset of the body: behind the empty line that ends the header section. npos when it is not
// there, which means that everything is header.
std::size_t body_offset(std::string_view message);

// The first field of that name, in any case; null when there is none.
const Field* find_field(std::span<const Field> fields, std::string_view name);
// Its unfolded body; empty when there is none.
std::string field_body(std::span<const Field> fields, std::string_view name);

// Takes the line ends out of a folded body: the white space behind them stays (RFC 5322 §2.2.3).
std::string unfold(std::string_view raw);

// "Name: body" CRLF, folded at white space so that lines have at most 78 octets where that is
// possible (RFC 5322 §2.1.1). `body` holds no line end.
std::string fold_field(std::string_view name, std::string_view body);

}  // namespace mailscope::mime
