// The envelope: mailboxes, reverse-paths and forward-paths, and what MAIL and RCPT say beside them.
// RFC 5321 §4.1.2, §4.1.3, §4.5.3.1.1-3, appendix C; RFC 6531 §3.3; RFC 3461 §4.
//
//   Reverse-path   = Path / "<>"
//   Forward-path   = Path            (and in RCPT: "<Postmaster>" in any case, without a domain)
//   Path           = "<" [ A-d-l ":" ] Mailbox ">"
//   A-d-l          = At-domain *( "," At-domain )
//   At-domain      = "@" Domain
//   Mailbox        = Local-part "@" ( Domain / address-literal )
//   Local-part     = Dot-string / Quoted-string
//   Dot-string     = Atom *("."  Atom)
//   Quoted-string  = DQUOTE *QcontentSMTP DQUOTE
//   Domain         = sub-domain *("." sub-domain)
//   sub-domain     = Let-dig [Ldh-str]
//
// A source route (A-d-l) is accepted and ignored. Errors come back as a SyntaxError with the reply
// code 501. Limits: local part 64, domain 255, path 256 octets as written. Values own their text.
//
// Octets outside ASCII are refused, unless the caller asks for Charset::Utf8: then well-formed
// UTF-8 may stand in an atom, in a quoted string and in a label of the domain (RFC 6531 §3.3).
// Whether such a label is a valid U-label (IDNA) is not looked into; case is folded in ASCII alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace mailscope::smtp {

inline constexpr std::size_t kLocalPartOctetsMax = 64;
inline constexpr std::size_t kDomainOctetsMax = 255;
inline constexpr std::size_t kPathOctetsMax = 256;

struct SyntaxError {
  std::uint16_t code = 501;
  std::string_view text;     // what is wrong; static storage
  std::string_view section;  // static storage
  std::size_t at = 0;        // octet offset in the text that was parsed
  // "5.5.4": the enhanced code, where the usual one for `code` says too little; static storage
  std::string_view status = {};
};

enum class Charset : std::uint8_t { Ascii, Utf8 };

struct Mailbox {
  std::string local_part;  // without quotes: every quoted form is the same value (RFC 5321 §4.1.2)
  std::string domain;      // a name, or an address literal with its brackets; empty: <Postmaster>

  // Domains compare without case; a local part keeps its case (RFC 5321 §2.4), except "postmaster"
  // (§4.5.1).
  friend bool operator==(const Mailbox& a, const Mailbox& b);
  // "bob@beta.example", "\"joe smith\"@beta.example": with the least quoting.
  std::string text() const;
  bool is_postmaster() const;
  bool is_ascii() const;  // false: only a server with SMTPUTF8 can take it
};

struct ReversePath {
  std::optional<Mailbox> mailbox;  // nothing: the null path <>, to which no bounce is ever sent

  bool is_null() const { return !mailbox.has_value(); }
  std::string text() const;  // "<alice@alpha.example>", "<>"
  friend bool operator==(const ReversePath&, const ReversePath&) = default;
};

// What a sender wants to be told of a recipient: the parameters of RCPT (RFC 3461 §4.1, §4.2).
inline constexpr std::uint8_t kNotifyNever = 1;  // then no other bit
inline constexpr std::uint8_t kNotifySuccess = 2;
inline constexpr std::uint8_t kNotifyFailure = 4;
inline constexpr std::uint8_t kNotifyDelay = 8;
struct RecipientOptions {
  std::uint8_t notify = 0;  // bits; 0: not said, which means failure and perhaps delay
  std::string original_recipient_type = {};  // ORCPT: "rfc822"; empty: not said
  std::string original_recipient = {};       // "bob@beta.example": xtext decoded

  friend bool operator==(const RecipientOptions&, const RecipientOptions&) = default;
};

struct ForwardPath {
  Mailbox mailbox;
  RecipientOptions options = {};

  std::string text() const;  // the path alone
  friend bool operator==(const ForwardPath&, const ForwardPath&) = default;
};

// What MAIL says beside the sender (RFC 1870, RFC 6152, RFC 3030, RFC 6531, RFC 3461 §4.3, §4.4,
// RFC 4954 §5).
struct MailOptions {
  enum class Body : std::uint8_t { SevenBit, EightBitMime, BinaryMime };
  enum class Return : std::uint8_t { NotSaid, Full, Headers };

  Body body = Body::SevenBit;
  bool smtputf8 = false;
  Return ret = Return::NotSaid;          // RET: what a failure report carries of the message
  std::string envelope_id = {};          // ENVID, xtext decoded; empty: not said
  std::optional<std::string> auth = {};  // AUTH: who submitted it first, xtext decoded; "": <>
  std::optional<std::uint64_t> size = {};

  friend bool operator==(const MailOptions&, const MailOptions&) = default;
};

// The sender and the recipients of one message: what RCPT and MAIL carry, whatever the header says.
struct Envelope {
  ReversePath reverse_path;
  std::vector<ForwardPath> recipients;
  MailOptions options = {};
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// Each takes the whole text.
tl::expected<Mailbox, SyntaxError> parse_mailbox(std::string_view text,  // "bob@beta.example"
                                                 Charset charset = Charset::Ascii);
tl::expected<ReversePath, SyntaxError> parse_reverse_path(std::string_view text,
                                                          Charset charset = Charset::Ascii);
tl::expected<ForwardPath, SyntaxError> parse_forward_path(std::string_view text,
                                                          Charset charset = Charset::Ascii);
bool is_domain(std::string_view text, Charset charset = Charset::Ascii);
bool is_address_literal(std::string_view text);  // "[10.0.1.2]", "[IPv6:2001:db8::1]"

// The end of the path that `text` begins with: the offset behind its ">", minding quoted strings;
// nothing where there is none.
std::optional<std::size_t> path_length(std::string_view text);

// For observers: what stands between < and > behind MAIL FROM: or RCPT TO:, or the bare word,
// source route removed, nothing checked. Points into `line`.
std::string_view address_in(std::string_view line);

}  // namespace mailscope::smtp
