#include "protocols/imap/body_structure.hpp"

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/envelope.hpp"

namespace mailscope::imap {
namespace {

using mime::ContentField;
using mime::Entity;

constexpr std::uint8_t kAllExtensionFields = 4;

// What no string of IMAP can hold (RFC 9051 §4.3).
std::string text_without_nul(std::string text) {
  std::replace(text.begin(), text.end(), '\0', '\x80');
  return text;
}

BodyParameters parameters_of(mime::ParameterizedField field) {
  BodyParameters parameters;
  for (mime::Parameter& parameter : field.parameters)
    parameters.emplace_back(text_without_nul(std::move(parameter.name)),
                            text_without_nul(std::move(parameter.value)));
  return parameters;
}

// RFC 2046 §4.1.2: a text that names no character set is in US-ASCII.
void state_charset(BodyParameters& parameters) {
  for (const auto& [name, value] : parameters)
    if (equal_no_case(name, "charset") || equal_no_case(name, "charset*")) return;
  parameters.emplace_back("charset", "us-ascii");
}

BodyStructure empty_text() {
  BodyStructure text;
  text.type = "text";
  text.subtype = "plain";
  text.parameters = {{"charset", "us-ascii"}};
  text.encoding = "7bit";
  text.lines = 0;
  text.extension_fields = kAllExtensionFields;
  return text;
}

class BodyReader {
 public:
  BodyReader(const mime::Structure& structure, Utf8 utf8) : structure_(structure), utf8_(utf8) {}

  BodyStructure read(const Entity& entity) const {
    mime::ParameterizedField type = mime::content_type_as_written(structure_, entity);
    BodyStructure body;
    const std::size_t slash = type.value.find('/');
    body.type = text_without_nul(type.value.substr(0, slash));
    body.subtype = text_without_nul(type.value.substr(slash + 1));
    const bool is_text = equal_no_case(body.type, "text");
    const bool is_message = holds_message(type.value);
    body.parameters = parameters_of(std::move(type));
    if (is_text) state_charset(body.parameters);
    if (equal_no_case(body.type, "multipart")) {
      body.type = "MULTIPART";  // which is not told: its spelling is lost
      body.parts = children(entity);
    } else {
      read_basic(body, entity);
      if (is_text || is_message) body.lines = entity.body_lines;
      if (is_message) read_message(body, entity);
    }
    read_extension(body, entity);
    return body;
  }

 private:
  bool holds_message(std::string_view type) const {
    return equal_no_case(type, "message/rfc822") ||
           (utf8_ == Utf8::Yes && equal_no_case(type, "message/global"));
  }

  std::optional<std::string> text(const Entity& entity, ContentField name) const {
    std::optional<std::string> found = structure_.field(entity, name);
    if (found) found = text_without_nul(std::move(*found));
    return found;
  }

  std::vector<BodyStructure> children(const Entity& entity) const {
    std::vector<BodyStructure> parts;
    for (mime::EntityIndex child = entity.first_child; child != mime::kNoEntity;
         child = structure_.entities[child].next)
      parts.push_back(read(structure_.entities[child]));
    if (parts.empty()) parts.push_back(empty_text());
    return parts;
  }

  void read_basic(BodyStructure& body, const Entity& entity) const {
    body.id = text(entity, ContentField::Id);
    body.description = text(entity, ContentField::Description);
    body.encoding = text_without_nul(mime::transfer_encoding_as_written(structure_, entity));
    body.octets = entity.body.size();
    body.md5 = text(entity, ContentField::Md5);
  }

  void read_message(BodyStructure& body, const Entity& entity) const {
    const Entity& held = structure_.entities[entity.first_child];
    body.envelope = read_envelope(held.header.of(structure_.message));
    body.parts.push_back(read(held));
  }

  void read_extension(BodyStructure& body, const Entity& entity) const {
    const std::string field = text(entity, ContentField::Disposition).value_or("");
    mime::ParameterizedField disposition = mime::read_parameters_as_written(field);
    if (!disposition.value.empty()) {
      std::string type = std::move(disposition.value);
      body.disposition = {std::move(type), parameters_of(std::move(disposition))};
    }
    body.language = mime::languages(structure_, entity);
    body.location = text(entity, ContentField::Location);
    body.extension_fields = kAllExtensionFields;
  }

  const mime::Structure& structure_;
  Utf8 utf8_;
};

}  // namespace

BodyStructure read_body_structure(const mime::Structure& structure, Utf8 utf8) {
  return BodyReader(structure, utf8).read(structure.root());
}

}  // namespace mailscope::imap
