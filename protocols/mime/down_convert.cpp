#include "protocols/mime/down_convert.hpp"

#include <algorithm>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/parameter.hpp"
#include "protocols/mime/quoted_printable.hpp"

namespace mailscope::mime {
namespace {

constexpr int kDepthMax = 20;

// The header section (without its empty line) with one field in place of what it had of that name.
std::string with_encoding(std::string_view header, const std::vector<Field>& fields,
                          std::string_view encoding) {
  std::string out;
  std::size_t from = 0;
  for (const Field& field : fields) {
    if (!equal_no_case(field.name, "Content-Transfer-Encoding")) continue;
    const auto begin = static_cast<std::size_t>(field.name.data() - header.data());
    const auto raw_end =
        static_cast<std::size_t>(field.raw.data() + field.raw.size() - header.data());
    const std::size_t line_end = header.find('\n', raw_end);
    out += header.substr(from, begin - from);
    from = line_end == std::string_view::npos ? header.size() : line_end + 1;
  }
  out += header.substr(from);
  if (!out.empty() && !out.ends_with('\n')) out += "\r\n";
  out += "Content-Transfer-Encoding: ";
  out += encoding;
  return out += "\r\n";
}

bool is_delimiter(std::string_view line, std::string_view boundary, bool& closes) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return false;
  line.remove_prefix(2 + boundary.size());
  closes = line.starts_with("--");
  if (closes) line.remove_prefix(2);
  while (!line.empty() && (is_wsp(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  return line.empty();
}

std::optional<std::string> convert(std::string_view entity, int depth, bool outermost);

// The parts between the delimiter lines are converted; everything else stays as it is, except that
// a preamble or an epilogue that is not 7-bit goes, since no reader shows it.
std::optional<std::string> convert_parts(std::string_view body, std::string_view boundary,
                                         int depth) {
  std::string out;
  std::size_t piece = 0;  // where the preamble or the part began
  bool in_part = false, closed = false;
  const auto end_piece = [&](std::size_t end) {
    const std::string_view text = body.substr(piece, end - piece);
    if (!in_part || closed) {
      out += has_eight_bit(text) ? std::string_view() : text;
      return true;
    }
    // The line end before a delimiter belongs to it (RFC 2046 §5.1.1).
    const std::size_t tail = text.ends_with("\r\n") ? 2 : text.ends_with('\n') ? 1 : 0;
    const auto part = convert(text.substr(0, text.size() - tail), depth, false);
    if (!part) return false;
    out += *part;
    out += text.substr(text.size() - tail);
    return true;
  };
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t newline = body.find('\n', at);
    const std::size_t next = newline == std::string_view::npos ? body.size() : newline + 1;
    std::string_view line = body.substr(at, next - at);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    bool closes = false;
    if (!closed && is_delimiter(line, boundary, closes)) {
      if (!end_piece(at)) return std::nullopt;
      out += body.substr(at, next - at);
      piece = next;
      in_part = true;
      closed = closes;
    }
    at = next;
  }
  if (!end_piece(body.size())) return std::nullopt;
  return out;
}

// A leaf whose content has 8-bit octets.
std::optional<std::string> convert_leaf(std::string_view header, const std::vector<Field>& fields,
                                        std::string_view body, bool text, bool outermost) {
  const std::string stated = lower_case(field_body(fields, "Content-Transfer-Encoding"));
  if (!stated.empty() && stated != "7bit" && stated != "8bit" && stated != "binary")
    return std::nullopt;  // it says that it is encoded, and is not
  std::string head(header);
  std::vector<Field> kept = fields;
  if (outermost && !find_field(fields, "MIME-Version")) head += "MIME-Version: 1.0\r\n";
  if (!find_field(fields, "Content-Type"))
    head += std::string("Content-Type: text/plain; charset=") +
            (is_utf8(body) ? "utf-8" : "unknown-8bit") + "\r\n";
  kept = read_fields(head);
  if (text)
    return with_encoding(head, kept, "quoted-printable") + "\r\n" + quoted_printable_encode(body);
  return with_encoding(head, kept, "base64") + "\r\n" + base64_encode_lines(body);
}

std::optional<std::string> convert(std::string_view entity, int depth, bool outermost) {
  if (!has_eight_bit(entity)) return std::string(entity);
  if (depth > kDepthMax) return std::nullopt;
  const std::size_t offset = body_offset(entity);
  if (offset == std::string_view::npos) return std::nullopt;
  const std::string_view body = entity.substr(offset);
  std::string_view header = entity.substr(0, offset);
  // Without the empty line.
  if (header.ends_with("\r\n"))
    header.remove_suffix(2);
  else if (header.ends_with('\n'))
    header.remove_suffix(1);
  if (has_eight_bit(header)) return std::nullopt;
  const std::vector<Field> fields = read_fields(header);
  const ParameterizedField type = read_content_type(field_body(fields, "Content-Type"));
  if (type.value == "multipart/signed" || type.value == "multipart/encrypted") return std::nullopt;
  if (type.value.starts_with("multipart/") && !type.get("boundary").empty()) {
    const auto parts = convert_parts(body, type.get("boundary"), depth + 1);
    if (!parts) return std::nullopt;
    return with_encoding(header, fields, "7bit") + "\r\n" + *parts;
  }
  if (type.value == "message/rfc822") {
    const auto inner = convert(body, depth + 1, true);
    if (!inner) return std::nullopt;
    return with_encoding(header, fields, "7bit") + "\r\n" + *inner;
  }
  if (type.value.starts_with("message/") || type.value.starts_with("multipart/"))
    return std::nullopt;  // only 7bit, 8bit and binary are allowed for them
  const bool text = type.value.empty() || type.value.starts_with("text/");
  return convert_leaf(header, fields, body, text, outermost);
}

}  // namespace

bool has_eight_bit(std::string_view octets) {
  return std::any_of(octets.begin(), octets.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 128; });
}

std::optional<std::string> to_seven_bit(std::string_view message) {
  return convert(message, 0, true);
}

}  // namespace mailscope::mime
