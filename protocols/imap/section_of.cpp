#include "protocols/imap/section_of.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::imap {
namespace {

using mime::Entity;

bool is_named(const Section& section, std::string_view name) {
  return !name.empty() &&
         std::any_of(section.fields.begin(), section.fields.end(),
                     [&](const std::string& wanted) { return equal_no_case(wanted, name); });
}

// The fields that `section` asks for, each with its line ends.
std::string fields_of(std::string_view header, const Section& section) {
  const bool wanted = section.text == Section::Text::HeaderFields;
  std::string out;
  mime::FieldCursor cursor(header);
  for (mime::Field field; cursor.next(field);) {
    if (is_named(section, field.name) != wanted) continue;
    const char* begin = field.name.empty() ? field.raw.data() : field.name.data();
    out.append(begin, field.raw.data() + field.raw.size());
    out += "\r\n";
  }
  return out + "\r\n";
}

SectionOctets octets_without_nul(std::string_view octets) {
  if (octets.find('\0') == std::string_view::npos) return SectionOctets(octets);
  std::string made(octets);
  std::replace(made.begin(), made.end(), '\0', '\x80');
  return SectionOctets(std::move(made));
}

SectionOctets header_or_body(std::string_view header, std::string_view body,
                             const Section& section) {
  switch (section.text) {
    case Section::Text::HeaderFields:
    case Section::Text::HeaderFieldsNot: {
      std::string made = fields_of(header, section);
      std::replace(made.begin(), made.end(), '\0', '\x80');
      return SectionOctets(std::move(made));
    }
    case Section::Text::Body:
      return octets_without_nul(body);
    default:
      return octets_without_nul(header);
  }
}

const Entity* part_of(mime::WholeMessage& message, const Section& section) {
  const mime::Structure& structure = message.structure();
  const auto index = mime::find_part(structure, section.part);
  return index ? &structure.entities[*index] : nullptr;
}

}  // namespace

std::string_view SectionOctets::view() const {
  if (const auto* made = std::get_if<std::string>(&octets_)) return *made;
  return std::get<std::string_view>(octets_);
}

std::optional<SectionOctets> section_of(mime::WholeMessage& message, const Section& section) {
  if (section.part.empty()) {
    if (section.text == Section::Text::All) return octets_without_nul(message.octets());
    return header_or_body(message.header(), message.body(), section);
  }
  const Entity* part = part_of(message, section);
  if (!part) return std::nullopt;
  const std::string_view octets = message.octets();
  if (section.text == Section::Text::All) return octets_without_nul(part->body.of(octets));
  if (section.text == Section::Text::Mime) return octets_without_nul(part->header.of(octets));
  if (part->kind != Entity::Kind::Message) return std::nullopt;
  const Entity& held = message.structure().entities[part->first_child];
  return header_or_body(held.header.of(octets), held.body.of(octets), section);
}

BinaryOctets binary_of(mime::WholeMessage& message, const Section& section) {
  if (section.part.empty()) return {false, SectionOctets(message.octets())};
  const Entity* part = part_of(message, section);
  if (!part) return {};
  if (part->kind != Entity::Kind::Leaf)
    return {false, SectionOctets(part->body.of(message.octets()))};
  std::optional<std::string> decoded = mime::decoded_body(message.structure(), *part);
  if (!decoded) return {true, std::nullopt};
  return {false, SectionOctets(std::move(*decoded))};
}

std::string_view partial_of(std::string_view octets, const std::optional<Partial>& partial) {
  if (!partial) return octets;
  if (partial->offset >= octets.size()) return {};
  return octets.substr(partial->offset, partial->octets);
}

}  // namespace mailscope::imap
