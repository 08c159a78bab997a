#include "protocols/imap/values/fetch_item.hpp"

#include <array>

#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, 14> kItemNames = {
    "ENVELOPE",    "FLAGS",       "INTERNALDATE", "RFC822",        "RFC822.HEADER",
    "RFC822.SIZE", "RFC822.TEXT", "BODY",         "BODYSTRUCTURE", "UID",
    "MODSEQ",      "BODY",        "BINARY",       "BINARY.SIZE"};

}  // namespace

std::string_view name(FetchItem::Kind kind) {
  return kItemNames[static_cast<std::size_t>(kind)];
}

bool FetchItem::sets_seen() const {
  switch (kind) {
    case Kind::Rfc822:
    case Kind::Rfc822Text:
      return true;
    case Kind::BodySection:
    case Kind::Binary:
      return !peek;
    default:
      return false;
  }
}

void FetchItem::append_to(std::string& out) const {
  out += name(kind);
  if (kind < Kind::BodySection) return;
  if (peek) out += ".PEEK";
  section.append_to(out);
  if (!partial) return;
  out += '<';
  append_number(out, partial->offset);
  out += '.';
  append_number(out, partial->octets);
  out += '>';
}

}  // namespace mailscope::imap
