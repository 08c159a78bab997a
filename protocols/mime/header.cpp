#include "protocols/mime/header.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::mime {
namespace {

constexpr std::size_t kFoldAt = 78;  // RFC 5322 §2.1.1

// Takes a line with its end off the front; returns it without.
std::string_view take_line(std::string_view& text) {
  const std::size_t lf = text.find('\n');
  std::string_view line = text.substr(0, lf);
  text.remove_prefix(lf == std::string_view::npos ? text.size() : lf + 1);
  if (lf != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// field-name, with the white space behind it that obsolete syntax allows. Empty: no field.
std::string_view field_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view name = trim(line.substr(0, colon));
  const bool good =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return good ? name : std::string_view{};
}

}  // namespace

bool FieldCursor::next(Field& field) {
  const std::string_view line = take_line(rest_);
  if (line.empty()) {
    rest_ = {};
    return false;
  }
  field.name = field_name(line);
  field.raw = field.name.empty() ? line : line.substr(line.find(':') + 1);
  while (!rest_.empty() && is_wsp(rest_[0])) {
    const std::string_view folded = take_line(rest_);
    const char* const begin = field.raw.data();
    field.raw = {begin, static_cast<std::size_t>(folded.data() + folded.size() - begin)};
  }
  return true;
}

std::vector<Field> read_fields(std::string_view section) {
  std::vector<Field> fields;
  FieldCursor cursor(section);
  Field field;
  while (fields.size() < kFieldsMax && cursor.next(field)) fields.push_back(field);
  return fields;
}

std::size_t body_offset(std::string_view message) {
  std::string_view rest = message;
  while (!rest.empty()) {
    const std::size_t before = rest.size();
    const std::string_view line = take_line(rest);
    const bool ended = before - rest.size() > line.size();
    if (line.empty() && ended) return message.size() - rest.size();
  }
  return std::string_view::npos;
}

const Field* find_field(std::span<const Field> fields, std::string_view name) {
  for (const Field& field : fields)
    if (equal_no_case(field.name, name)) return &field;
  return nullptr;
}

std::string field_body(std::span<const Field> fields, std::string_view name) {
  const Field* field = find_field(fields, name);
  return field ? field->body() : std::string();
}

std::string unfold(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (true) {
    const std::size_t lf = raw.find('\n');
    std::string_view line = raw.substr(0, lf);
    if (lf != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    out += line;
    if (lf == std::string_view::npos) return out;
    raw.remove_prefix(lf + 1);
  }
}

std::string Field::body() const {
  const std::string whole = unfold(raw);
  return std::string(trim(whole));
}

std::string fold_field(std::string_view name, std::string_view body) {
  std::string out(name);
  out += ":";
  std::size_t column = out.size();
  body = trim(body);
  while (!body.empty()) {
    // A piece is the white space and the word behind it: it folds in front of its white space.
    std::size_t end = 0;
    while (end < body.size() && is_wsp(body[end])) ++end;
    while (end < body.size() && !is_wsp(body[end])) ++end;
    const bool first = column == name.size() + 1 && out.ends_with(':');
    const std::size_t width = end + (first ? 1 : 0);
    if (!first && column + width > kFoldAt) {
      out += "\r\n";
      column = 0;
    }
    if (first) out += ' ';
    out += body.substr(0, end);
    column += width;
    body.remove_prefix(end);
  }
  out += "\r\n";
  return out;
}

}  // namespace mailscope::mime
