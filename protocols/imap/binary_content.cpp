#include "protocols/imap/binary_content.hpp"

#include "protocols/mime/base64.hpp"
#include "protocols/mime/structure.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kEncodingField =
    static_cast<std::size_t>(mime::ContentField::TransferEncoding);

bool has_nul(std::string_view octets) {
  return octets.find('\0') != std::string_view::npos;
}

}  // namespace

// Where the encoding is "binary" there is a field that says so, and it is replaced where it stands.
std::optional<std::string> without_nul(std::string_view message) {
  const mime::Structure structure = mime::read_structure(message);
  std::string text;
  std::size_t copied = 0;
  for (const mime::Entity& entity : structure.entities) {
    if (entity.kind != mime::Entity::Kind::Leaf || !has_nul(entity.body.of(message))) continue;
    if (mime::transfer_encoding(structure, entity) != "binary") return std::nullopt;
    const mime::Span field = entity.fields[kEncodingField];
    text.append(message.substr(copied, field.begin - copied)).append(" base64");
    text.append(message.substr(field.end, entity.body.begin - field.end));
    std::string body = mime::base64_encode_lines(entity.body.of(message));
    if (entity.parent != mime::kNoEntity && body.ends_with("\r\n")) body.resize(body.size() - 2);
    text += body;
    copied = entity.body.end;
  }
  text.append(message.substr(copied));
  if (has_nul(text)) return std::nullopt;
  return text;
}

}  // namespace mailscope::imap
