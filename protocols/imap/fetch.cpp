#include "protocols/imap/fetch.hpp"

#include <algorithm>

#include "protocols/imap/body_structure.hpp"
#include "protocols/imap/envelope.hpp"
#include "protocols/imap/message_flags.hpp"
#include "protocols/imap/section_of.hpp"

namespace mailscope::imap {
namespace {

using ItemKind = FetchItem::Kind;

// RFC 3501 §6.4.5: the old names of sections.
Section meant(const FetchItem& item) {
  Section section = item.section;
  if (item.kind == ItemKind::Rfc822Header) section.text = Section::Text::Header;
  if (item.kind == ItemKind::Rfc822Text) section.text = Section::Text::Body;
  return section;
}

// One message's response; `whole` is there where an item needs it.
class Writing {
 public:
  Writing(ResponseWriter& writer, const Selected& selected, const mailbox::Message& message,
          mime::WholeMessage* whole)
      : writer_(writer), selected_(selected), message_(message), whole_(whole) {}

  FetchResult item(const FetchItem& item);

 private:
  void flags();
  void section(const FetchItem& item, const std::optional<SectionOctets>& octets);
  FetchResult binary(const FetchItem& item);

  ResponseWriter& writer_;
  const Selected& selected_;
  const mailbox::Message& message_;
  mime::WholeMessage* whole_;
};

FetchResult Writing::item(const FetchItem& item) {
  switch (item.kind) {
    case ItemKind::Flags:
      flags();
      break;
    case ItemKind::Uid:
      writer_.fetch_uid(message_.uid);
      break;
    case ItemKind::ModSeq:
      writer_.fetch_modseq(message_.modseq);
      break;
    case ItemKind::InternalDate:
      writer_.fetch_internal_date({message_.date.seconds, message_.date.zone});
      break;
    case ItemKind::Rfc822Size:
      writer_.fetch_size(message_.octets);
      break;
    case ItemKind::Envelope:
      writer_.fetch_envelope(read_envelope(whole_->header()));
      break;
    case ItemKind::Body:
      writer_.fetch_body(read_body_structure(whole_->structure(), writer_.utf8()));
      break;
    case ItemKind::BodyStructure:
      writer_.fetch_body_structure(read_body_structure(whole_->structure(), writer_.utf8()));
      break;
    case ItemKind::Binary:
    case ItemKind::BinarySize:
      return binary(item);
    case ItemKind::Rfc822:
    case ItemKind::Rfc822Header:
    case ItemKind::Rfc822Text:
    case ItemKind::BodySection:
      section(item, section_of(*whole_, meant(item)));
      break;
  }
  return FetchResult::Written;
}

void Writing::flags() {
  writer_.begin_fetch_flags();
  write_flags(writer_, message_.flags, selected_.mailbox()->keywords(),
              selected_.view().is_recent(message_.uid));
  writer_.end_flags();
}

void Writing::section(const FetchItem& item, const std::optional<SectionOctets>& octets) {
  std::optional<std::uint64_t> origin;
  if (item.partial) origin = item.partial->offset;
  std::optional<std::string_view> piece;
  if (octets) piece = partial_of(octets->view(), item.partial);
  writer_.fetch_section(item.kind, item.section, origin, piece);
}

FetchResult Writing::binary(const FetchItem& item) {
  const BinaryOctets binary = binary_of(*whole_, item.section);
  if (binary.unknown_encoding) return FetchResult::UnknownEncoding;
  if (item.kind == ItemKind::Binary)
    section(item, binary.octets);
  else
    writer_.fetch_binary_size(item.section, binary.octets ? binary.octets->view().size() : 0);
  return FetchResult::Written;
}

}  // namespace

bool has_item(const FetchItems& items, FetchItem::Kind kind) {
  return std::any_of(items.begin(), items.end(),
                     [&](const FetchItem& item) { return item.kind == kind; });
}

void add_item(FetchItems& items, FetchItem::Kind kind) {
  if (has_item(items, kind)) return;
  items.emplace_back();
  items.back().kind = kind;
}

bool needs_octets(const FetchItem& item) {
  switch (item.kind) {
    case ItemKind::Flags:
    case ItemKind::InternalDate:
    case ItemKind::Rfc822Size:
    case ItemKind::Uid:
    case ItemKind::ModSeq:
      return false;
    default:
      return true;
  }
}

FetchResult write_fetch(ResponseWriter& writer, const FetchItems& items, const Selected& selected,
                        std::size_t index, const mailbox::Message& message, MessageData& data) {
  const bool octets = std::any_of(items.begin(), items.end(), needs_octets);
  mime::WholeMessage* const whole = octets ? data.message() : nullptr;
  if (octets && !whole) return FetchResult::Unreadable;
  const std::size_t begin = writer.out().size();
  Writing writing(writer, selected, message, whole);
  writer.begin_fetch(static_cast<std::uint32_t>(index + 1));
  for (const FetchItem& item : items) {
    const FetchResult result = writing.item(item);
    if (result == FetchResult::Written) continue;
    writer.out().resize(begin);
    return result;
  }
  writer.end_fetch();
  return FetchResult::Written;
}

}  // namespace mailscope::imap
