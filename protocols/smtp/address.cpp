#include "protocols/smtp/address.hpp"

#include "protocols/base/address.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::string_view kSyntax = "RFC 5321 §4.1.2";
constexpr std::string_view kLimits = "RFC 5321 §4.5.3.1";

tl::unexpected<SyntaxError> wrong(std::string_view text, std::size_t at,
                                  std::string_view section = kSyntax) {
  return tl::unexpected(SyntaxError{501, text, section, at});
}

// RFC 5322 §3.2.3
constexpr bool is_atext(char c) {
  return is_alpha(c) || is_digit(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}
constexpr bool is_let_dig(char c) {
  return is_alpha(c) || is_digit(c);
}
constexpr bool is_graphic_or_space(char c) {
  return c >= 32 && c <= 126;
}
// Of well-formed UTF-8, which is looked into before; RFC 6531 §3.3 adds all of it everywhere.
constexpr bool is_utf8_octet(char c, Charset charset) {
  return static_cast<unsigned char>(c) >= 128 && charset == Charset::Utf8;
}

bool is_ascii_text(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 128) return false;
  return true;
}

bool is_dot_string(std::string_view text, Charset charset) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!is_atext(text[i]) && !is_utf8_octet(text[i], charset) &&
        (text[i] != '.' || text[i - 1] == '.'))
      return false;
  return true;
}

// Offset behind the local part at the front of `text`; its value goes to `value`.
tl::expected<std::size_t, SyntaxError> read_local_part(std::string_view text, std::string& value,
                                                       Charset charset) {
  if (text.empty() || text.front() != '"') {
    std::size_t end = 0;
    while (end < text.size() &&
           (is_atext(text[end]) || text[end] == '.' || is_utf8_octet(text[end], charset)))
      ++end;
    if (end < text.size() && static_cast<unsigned char>(text[end]) >= 128)
      return wrong("An octet outside ASCII in the local part", end);
    if (!is_dot_string(text.substr(0, end), charset))
      return wrong("The local part is not in order", end);
    value = text.substr(0, end);
    return end;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
    if (i == text.size()) break;
    if (!is_graphic_or_space(text[i]) && !is_utf8_octet(text[i], charset))
      return wrong("A control character or an octet outside ASCII in the quoted local part", i);
    value += text[i];
  }
  return wrong("The quoted local part has no closing quote", text.size());
}

bool is_general_literal(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  for (std::size_t i = 0; i < colon; ++i)
    if (!is_let_dig(text[i]) && (text[i] != '-' || i + 1 == colon)) return false;
  for (const char c : text.substr(colon + 1))
    if (c < 33 || c > 126 || c == '[' || c == '\\' || c == ']') return false;
  return true;
}

// "@a.example,@b.example:" at the front; the offset behind it, 0 where there is none.
tl::expected<std::size_t, SyntaxError> route_length(std::string_view text, Charset charset) {
  if (text.empty() || text.front() != '@') return 0;
  std::size_t at = 0;
  while (true) {
    if (at >= text.size() || text[at] != '@') return wrong("A source route needs an @", at);
    const std::size_t end = text.find_first_of(",:", at);
    if (end == std::string_view::npos) return wrong("A source route ends in a colon", text.size());
    if (!is_domain(text.substr(at + 1, end - at - 1), charset))
      return wrong("A host in the source route is no domain name", at + 1);
    at = end + 1;
    if (text[end] == ':') return at;
  }
}

// What stands between < and >, its source route passed over.
tl::expected<Mailbox, SyntaxError> parse_path(std::string_view text, Charset charset) {
  if (text.size() > kPathOctetsMax) return wrong("Path too long", kPathOctetsMax, kLimits);
  if (text.size() < 2 || text.front() != '<' || text.back() != '>')
    return wrong("A path stands between < and >", 0);
  const std::string_view inner = text.substr(1, text.size() - 2);
  const tl::expected<std::size_t, SyntaxError> route = route_length(inner, charset);
  if (!route) return tl::unexpected(route.error());
  tl::expected<Mailbox, SyntaxError> mailbox = parse_mailbox(inner.substr(*route), charset);
  if (!mailbox) mailbox.error().at += 1 + *route;
  return mailbox;
}

}  // namespace

bool is_domain(std::string_view text, Charset charset) {
  if (charset == Charset::Utf8 && (is_ascii_text(text) || !mime::is_utf8(text)))
    charset = Charset::Ascii;
  if (text.empty() || text.size() > kDomainOctetsMax) return false;
  std::size_t label = 0;  // octets of the current one
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (label == 0 || text[i - 1] == '-') return false;
      label = 0;
    } else if (is_let_dig(c) || (c == '-' && label > 0) || is_utf8_octet(c, charset)) {
      ++label;
    } else {
      return false;
    }
  }
  return label > 0 && text.back() != '-';
}

bool is_address_literal(std::string_view text) {
  if (text.size() < 3 || text.size() > kDomainOctetsMax) return false;
  if (text.front() != '[' || text.back() != ']') return false;
  const std::string_view inner = text.substr(1, text.size() - 2);
  if (starts_with_no_case(inner, "IPv6:")) {
    const auto address = IpAddress::parse(inner.substr(5));
    return address && address->v6;
  }
  const auto address = IpAddress::parse(inner);
  if (address) return !address->v6;
  return is_general_literal(inner);
}

tl::expected<Mailbox, SyntaxError> parse_mailbox(std::string_view text, Charset charset) {
  if (charset == Charset::Utf8 && !mime::is_utf8(text)) return wrong("This is no UTF-8", 0);
  Mailbox mailbox;
  const tl::expected<std::size_t, SyntaxError> local =
      read_local_part(text, mailbox.local_part, charset);
  if (!local) return tl::unexpected(local.error());
  if (*local > kLocalPartOctetsMax) return wrong("Local part too long", 0, kLimits);
  if (*local == text.size() || text[*local] != '@')
    return wrong("An @ and a domain have to follow the local part", *local);
  const std::string_view domain = text.substr(*local + 1);
  if (domain.size() > kDomainOctetsMax) return wrong("Domain too long", *local + 1, kLimits);
  if (!is_domain(domain, charset) && !is_address_literal(domain))
    return wrong("The domain is not in order", *local + 1);
  mailbox.domain = domain;
  return mailbox;
}

tl::expected<ReversePath, SyntaxError> parse_reverse_path(std::string_view text, Charset charset) {
  if (text == "<>") return ReversePath{};
  tl::expected<Mailbox, SyntaxError> mailbox = parse_path(text, charset);
  if (!mailbox) return tl::unexpected(mailbox.error());
  return ReversePath{std::move(*mailbox)};
}

tl::expected<ForwardPath, SyntaxError> parse_forward_path(std::string_view text, Charset charset) {
  if (equal_no_case(text, "<postmaster>"))
    return ForwardPath{Mailbox{std::string(text.substr(1, text.size() - 2)), {}}, {}};
  tl::expected<Mailbox, SyntaxError> mailbox = parse_path(text, charset);
  if (!mailbox) return tl::unexpected(mailbox.error());
  return ForwardPath{std::move(*mailbox), {}};
}

std::optional<std::size_t> path_length(std::string_view text) {
  if (text.empty() || text.front() != '<') return std::nullopt;
  bool quoted = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (text[i] == '>' && !quoted)
      return i + 1;
  }
  return std::nullopt;
}

std::string_view address_in(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view rest = trim(line.substr(colon + 1));
  if (const std::optional<std::size_t> length = path_length(rest)) {
    rest = rest.substr(1, *length - 2);
  } else {
    rest = rest.substr(0, rest.find(' '));
    if (!rest.empty() && rest.front() == '<') rest.remove_prefix(1);
  }
  if (!rest.empty() && rest.front() == '@') {
    const std::size_t route = rest.find(':');
    if (route != std::string_view::npos) rest.remove_prefix(route + 1);
  }
  return rest;
}

bool Mailbox::is_postmaster() const {
  return equal_no_case(local_part, "postmaster");
}

bool Mailbox::is_ascii() const {
  return is_ascii_text(local_part) && is_ascii_text(domain);
}

bool operator==(const Mailbox& a, const Mailbox& b) {
  if (!equal_no_case(a.domain, b.domain)) return false;
  return a.local_part == b.local_part || (a.is_postmaster() && b.is_postmaster());
}

std::string Mailbox::text() const {
  std::string out;
  if (is_dot_string(local_part, Charset::Utf8)) {
    out = local_part;
  } else {
    out += '"';
    for (const char c : local_part) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  if (!domain.empty()) out.append("@").append(domain);
  return out;
}

std::string ReversePath::text() const {
  return mailbox ? "<" + mailbox->text() + ">" : "<>";
}
std::string ForwardPath::text() const {
  return "<" + mailbox.text() + ">";
}

}  // namespace mailscope::smtp
