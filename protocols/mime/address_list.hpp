// The addresses in From, To, Cc, Reply-To, ... RFC 5322 §3.4, §4.4; groups also RFC 6854.
//
//   address      = mailbox / group           mailbox   = [display-name] "<" [obs-route] addr-spec
//   ">" group        = display-name ":" [list] ";"           / addr-spec addr-spec    = local-part
//   "@" domain     domain    = dot-atom / "[" *dtext "]" CFWS may stand anywhere between; comments
//   nest; obs: words separated by dots and white space, empty list elements, a route before the
//   address.
//
// Never fails: what cannot be read up to the next comma is passed over. Display names are decoded
// (RFC 2047) to UTF-8. A lone comment behind an address is its display name, as of old. At most
// kAddressesMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mime {

struct Mailbox {
  std::string display_name{};  // UTF-8; may be empty
  std::string local_part{};    // unquoted; as written where there is no "@"
  std::string domain{};        // may be empty: "alice"
  std::string group{};         // the group's name; empty outside groups

  std::string address() const;  // local_part@domain, quoted where needed
  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

inline constexpr std::size_t kAddressesMax = 10'000;

// `body` is the field's body, folded or not. Empty groups give nothing.
std::vector<Mailbox> read_addresses(std::string_view body);

// The list as it stood, groups and routes too: what IMAP's ENVELOPE passes on (RFC 3501 §7.4.2).
struct AddressElement {
  enum class Kind : std::uint8_t { Mailbox, GroupBegin, GroupEnd };
  Kind kind = Kind::Mailbox;
  std::string name{};   // a mailbox's or group's, without quotes; encoded words are not decoded
  std::string route{};  // "@a,@b"; mostly empty
  std::string local_part{}, domain{};  // a Mailbox's, as in there
};
// A group that never ends is ended by the list's end.
std::vector<AddressElement> read_address_elements(std::string_view body);

// `Alice <alice@alpha.example>`, the name quoted or as encoded words where needed.
std::string format_mailbox(const Mailbox& mailbox);

}  // namespace mailscope::mime
