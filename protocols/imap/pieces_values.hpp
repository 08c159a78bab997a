// The values in a line of IMAP as a tree, and what some of them say. For the sources of pieces.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/pieces.hpp"

namespace mailscope::imap {

struct Value {
  enum class Kind : unsigned char { Atom, String, List };
  Kind kind = Kind::Atom;
  std::string text;      // String: its octets; a literal's, as far as they are there
  std::string_view raw;  // as it stands in the line
  std::vector<Value> values;

  bool is_list() const { return kind == Kind::List; }
  bool is_nil() const;
  bool is(std::string_view word) const;  // an atom, in any case
};
// An atom with brackets is one: "BODY[HEADER.FIELDS (DATE)]<0>".
std::vector<Value> read_values(std::string_view line);

// Gathers pieces, up to kPiecesMax.
class PieceList {
 public:
  // `says` empty: the entry's title. Nothing where there is no entry.
  void add(std::string_view text, std::string says, const ReferenceEntry* entry);
  void add(const Value& value, std::string says, const ReferenceEntry* entry) {
    add(value.raw, std::move(says), entry);
  }
  void append(std::vector<Piece> pieces);
  std::vector<Piece> take() { return std::move(pieces_); }

 private:
  std::vector<Piece> pieces_;
};

bool is_sequence_set(std::string_view word);
std::string describe_set(std::string_view set, bool uid);  // "messages 2 to 4 and the last one"
// "BODY.PEEK[1.2.HEADER]<0.100>": what is asked for; "" for what has no brackets.
std::string describe_section(std::string_view item);
// The name under which the reference has an item: "BODY.PEEK[]" for "BODY.PEEK[1]<0.9>".
std::string item_name(std::string_view item);
void add_envelope(PieceList& out, const Value& envelope);
void add_structure(PieceList& out, const Value& structure);

}  // namespace mailscope::imap
