#include "protocols/imap/message_match.hpp"

#include <algorithm>
#include <optional>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/mime/address_list.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/quoted_printable.hpp"

namespace mailscope::imap {
namespace {

using Kind = SearchKey::Kind;
using mime::Entity;

std::string_view field_of(const SearchKey& key) {
  switch (key.kind) {
    case Kind::Bcc:
      return "Bcc";
    case Kind::Cc:
      return "Cc";
    case Kind::From:
      return "From";
    case Kind::Subject:
      return "Subject";
    case Kind::To:
      return "To";
    case Kind::Header:
      return key.field;
    default:
      return {};
  }
}

// The addresses as they are meant: names decoded, no comments, quotes or white space about "@".
std::string plain_addresses(std::string_view body) {
  std::string out;
  for (const mime::AddressElement& element : mime::read_address_elements(body)) {
    out += mime::decode_words(element.name);
    if (element.kind == mime::AddressElement::Kind::GroupBegin) out += ": ";
    if (element.kind != mime::AddressElement::Kind::Mailbox) continue;
    out += " <" + element.local_part + '@' + element.domain + ">, ";
  }
  return out;
}

// Charsets in which octets of ASCII are ASCII, and need no conversion. UTF-7 and ISO-2022-JP, which
// write other characters with them, are none.
bool is_family_of_ascii(std::string_view charset) {
  constexpr std::string_view kFamilies[] = {"utf-8", "us-ascii", "iso-8859-", "windows-125",
                                            "koi8-"};
  return charset.empty() ||
         std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](std::string_view family) { return starts_with_no_case(charset, family); });
}

// What a reader is shown: texts, and of messages those that are not gone into (reports, pieces).
bool is_readable(std::string_view type) {
  return type.starts_with("text/") || type.starts_with("message/");
}

}  // namespace

bool is_search_charset(std::string_view charset) {
  return charset.empty() || mime::is_known_charset(charset);
}

bool MessageMatch::is_about_content(Kind kind) {
  switch (kind) {
    case Kind::Bcc:
    case Kind::Cc:
    case Kind::From:
    case Kind::Subject:
    case Kind::To:
    case Kind::Header:
    case Kind::Body:
    case Kind::Text:
    case Kind::SentBefore:
    case Kind::SentOn:
    case Kind::SentSince:
      return true;
    default:
      return false;
  }
}

MessageMatch::MessageMatch(const SearchKey& key, std::string_view charset)
    : kind_(key.kind),
      field_(field_of(key)),
      needle_(mime::to_utf8(key.text, charset.empty() ? "utf-8" : charset)) {
  if (key.date) day_ = key.date->days();
}

bool MessageMatch::matches(mime::WholeMessage& message) const {
  switch (kind_) {
    case Kind::SentBefore:
    case Kind::SentOn:
    case Kind::SentSince:
      return has_day(message.header());
    case Kind::Text:
      return needle_.empty() || is_in_header(message.header()) ||
             is_in_bodies(message.structure()) || is_in_headers(message.structure());
    case Kind::Body:
      return needle_.empty() || is_in_bodies(message.structure());
    default:
      return has_field(message.header());
  }
}

bool MessageMatch::has_field(std::string_view header) const {
  mime::FieldCursor cursor(header);
  for (mime::Field field; cursor.next(field);) {
    if (!equal_no_case(field.name, field_)) continue;
    if (needle_.empty()) return true;
    const bool as_it_stands = kind_ == Kind::Subject || kind_ == Kind::Header;
    if (needle_.is_in(as_it_stands ? mime::decode_words(field.body()) : plain_addresses(field.raw)))
      return true;
  }
  return false;
}

bool MessageMatch::has_day(std::string_view header) const {
  const std::optional<mime::Date> date = sent_date(header);
  if (!date) return false;
  constexpr std::int64_t kDaySeconds = 86'400;
  const std::int64_t local = date->unix_seconds + date->zone_minutes * 60;
  const std::int64_t day = local / kDaySeconds - (local % kDaySeconds < 0 ? 1 : 0);
  if (kind_ == Kind::SentOn) return day == day_;
  return kind_ == Kind::SentBefore ? day < day_ : day >= day_;
}

// Fields with their names, as they are read.
bool MessageMatch::is_in_header(std::string_view header) const {
  const bool is_plain = needle_.is_ascii() && header.find("=?") == std::string_view::npos;
  if (is_plain && needle_.is_in(header)) return true;
  mime::FieldCursor cursor(header);
  for (mime::Field field; cursor.next(field);) {
    // What stands on one line has been looked at.
    if (is_plain && field.raw.find('\n') == std::string_view::npos) continue;
    if (needle_.is_in(std::string(field.name) + ": " + mime::decode_words(field.body())))
      return true;
  }
  return false;
}

bool MessageMatch::is_in_headers(const mime::Structure& structure) const {
  return std::any_of(structure.entities.begin() + 1, structure.entities.end(),
                     [&](const Entity& e) { return is_in_header(e.header.of(structure.message)); });
}

bool MessageMatch::is_in_bodies(const mime::Structure& structure) const {
  for (const Entity& entity : structure.entities) {
    if (entity.kind != Entity::Kind::Leaf || entity.body.size() == 0) continue;
    const mime::ParameterizedField type = mime::content_type(structure, entity);
    if (!is_readable(type.value)) continue;
    const std::string encoding = mime::transfer_encoding(structure, entity);
    std::string decoded;
    std::string_view text = entity.body.of(structure.message);
    if (encoding == "base64") {
      text = decoded = mime::base64_decode(text);
    } else if (encoding == "quoted-printable") {
      text = decoded = mime::quoted_printable_decode(text);
    }
    const std::string_view charset = type.get("charset");
    const bool as_it_is = is_family_of_ascii(charset) && mime::is_ascii(text);
    if (as_it_is ? needle_.is_in(text)
                 : needle_.is_in(mime::to_utf8(text, charset.empty() ? "utf-8" : charset)))
      return true;
  }
  return false;
}

}  // namespace mailscope::imap
