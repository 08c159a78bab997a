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
// The same for Content-Type: a value that is not type/subtype becomes empty.
ParameterizedField read_content_type(std::string_view body);

// A file name without its folders (RFC 2183 §2.3): what is behind the last / or \, without control
// characters; empty for "." and "..". Still not a path to write to.
std::string without_folders(std::string_view file_name);
// The file name that a part gives itself: Content-Disposition's, else Content-Type's name.
std::string file_name(const ParameterizedField& disposition, const ParameterizedField& type);

}  // namespace mailscope::mime
