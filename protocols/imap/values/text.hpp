// The words and strings that IMAP is made of: which octet may stand where, and how a string is
// written. RFC 9051 §4, §9.
//
//   atom            = 1*ATOM-CHAR
//   ATOM-CHAR       = <any CHAR except atom-specials>
//   atom-specials   = "(" / ")" / "{" / SP / CTL / list-wildcards / quoted-specials / resp-specials
//   list-wildcards  = "%" / "*"     quoted-specials = DQUOTE / "\"     resp-specials = "]"
//   ASTRING-CHAR    = ATOM-CHAR / resp-specials
//   list-char       = ATOM-CHAR / list-wildcards / resp-specials
//   tag             = 1*<any ASTRING-CHAR except "+">
//   quoted          = DQUOTE *QUOTED-CHAR DQUOTE
//   literal         = "{" number64 ["+"] "}" CRLF *CHAR8
//
// The append functions write what a server sends: strings that cannot be quoted become literals,
// which go straight on. What a client sends, and waits for, is command_writer's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::imap {

// What the peer has agreed to (RFC 6855 §3, RFC 9051 §5.1): whether strings may hold UTF-8 beyond
// ASCII, and mailbox names are UTF-8 or modified UTF-7.
enum class Utf8 : std::uint8_t { No, Yes };

bool is_atom_char(char c);
bool is_astring_char(char c);
bool is_list_char(char c);
bool is_tag_char(char c);
bool is_atom(std::string_view text);
bool is_tag(std::string_view text);

inline constexpr std::uint64_t kNumber64Max = 9'223'372'036'854'775'807;  // RFC 9051 §4.2
// number, nz-number, number64: digits only, at most the values that RFC 9051 §9 gives them.
std::optional<std::uint32_t> parse_number(std::string_view digits);
std::optional<std::uint32_t> parse_nz_number(std::string_view digits);
std::optional<std::uint64_t> parse_number64(std::string_view digits);

// Whether it may be sent between quotes: no CR, LF or NUL; beyond ASCII only as UTF-8 where agreed.
bool is_quotable(std::string_view text, Utf8 utf8);

void append_number(std::string& out, std::uint64_t number);
void append_quoted(std::string& out, std::string_view text);  // is_quotable()
void append_literal(std::string& out, std::string_view octets);
void append_literal8(std::string& out, std::string_view octets);
// string = quoted / literal
void append_string(std::string& out, std::string_view text, Utf8 utf8 = Utf8::No);
// nstring = string / nil
void append_nstring(std::string& out, const std::optional<std::string_view>& text,
                    Utf8 utf8 = Utf8::No);
// astring = 1*ASTRING-CHAR / string. NIL is quoted.
void append_astring(std::string& out, std::string_view text, Utf8 utf8 = Utf8::No);

}  // namespace mailscope::imap
