// Fields with parameters: Content-Type and Content-Disposition. RFC 2045 §5.1, RFC 2183, RFC 2231.
//
//   content    = value *(";" parameter)            parameter = attribute "=" (token /
//   quoted-string) attribute  = name ["*" section-number] ["*"]   ; "*" last: the value is
//   charset'language'%XX-encoded
//
// Continuations come in any order, starred and plain mixed; a gap in their numbers ends the value.
// Never fails: what cannot be read is passed over. Tolerated: white space around "=", a missing or
// doubled semicolon, an unclosed quote, encoded words in a file name (which RFC 2047 §5 forbids).
// At most kParametersMax parameters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mime {

struct Parameter {
  std::string name;   // lower case, without its stars
  std::string value;  // UTF-8 where a character set was given, else as it stood
};

struct ParameterizedField {
  std::string value;  // "text/plain", "attachment": lower case; empty when it cannot be read
  std::vector<Parameter> parameters;
  // The value of a parameter; empty when it is not there.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
};

inline constexpr std::size_t kParametersMax = 256;

// `body` is the field's body, folded or not.
ParameterizedField read_parameters(std::string_view body);
// For those who pass the parameters on, as BODYSTRUCTURE does: everything in the case and the
// order of its writing, nothing decoded. Continuations are joined and stand last; where a piece is
// %-encoded so is the whole value, and the name keeps its star ("filename*", "utf-8''%e2%82%ac").
// Where a piece is missing all stay as they were ("filename*1").
ParameterizedField read_parameters_as_written(std::string_view body);
// read_parameters() for Content-Type: a value that is not type/subtype becomes empty.
ParameterizedField read_content_type(std::string_view body);

bool is_media_type(std::string_view value);  // type/subtype
// A type with a message in it: message/rfc822 (RFC 2046 §5.2.1), message/global (RFC 6532 §3.7).
bool is_message_type(std::string_view type);
// Of a multipart, without the white space that it may not end with; empty for another type, and for
// a boundary that is too long (boundary.hpp).
std::string multipart_boundary(const ParameterizedField& type);

// A file name without its folders (RFC 2183 §2.3): what is behind the last / or \, without control
// characters; empty for "." and "..". Still not a path to write to.
std::string without_folders(std::string_view file_name);
// The file name that a part gives itself: Content-Disposition's, else Content-Type's name.
std::string file_name(const ParameterizedField& disposition, const ParameterizedField& type);

}  // namespace mailscope::mime
