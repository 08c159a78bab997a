#include "protocols/smtp/parameters.hpp"

#include <charconv>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::size_t kEnvelopeIdOctetsMax = 100;  // RFC 3461 §4.4
constexpr std::size_t kOrcptOctetsMax = 500;       // RFC 3461 §4.2
constexpr std::string_view kUtf8Type = "utf-8";    // RFC 6533 §3

constexpr bool is_xchar(char c) {
  return c >= 33 && c <= 126 && c != '+' && c != '=';
}
bool is_printable(std::string_view text) {
  for (const char c : text)
    if (c < 32 || c > 126) return false;
  return true;
}
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Reply wrong(std::string text) {
  return Reply(501, "5.5.4 " + std::move(text));
}
Reply comes_twice() {
  return wrong("A parameter comes twice");
}
Reply not_known(const char* verb) {
  return Reply(555, std::string("5.5.4 ") + verb + " parameters not recognized or not implemented");
}

// Whether the parameter's word stood in front of it already. Those in front are all known and all
// different, so they are few.
bool came_before(std::span<const Parameter> parameters, const Parameter& parameter) {
  for (const Parameter& other : parameters) {
    if (&other == &parameter) return false;
    if (other.keyword == parameter.keyword) return true;
  }
  return false;
}

bool says(const Parameter& parameter, std::string_view value) {
  return parameter.value && equal_no_case(*parameter.value, value);
}

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [behind, error] = std::from_chars(text->data(), end, value);
  if (error == std::errc::result_out_of_range && behind == end) return UINT64_MAX;
  if (error != std::errc{} || behind != end) return std::nullopt;
  return value;
}

std::optional<std::uint8_t> notify_bits(std::string_view list) {
  if (equal_no_case(list, "NEVER")) return kNotifyNever;
  std::uint8_t bits = 0;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view word = list.substr(0, comma);
    if (equal_no_case(word, "SUCCESS"))
      bits |= kNotifySuccess;
    else if (equal_no_case(word, "FAILURE"))
      bits |= kNotifyFailure;
    else if (equal_no_case(word, "DELAY"))
      bits |= kNotifyDelay;
    else
      return std::nullopt;
    if (comma == list.npos) return bits;
    list.remove_prefix(comma + 1);
  }
}

std::string notify_text(std::uint8_t bits) {
  if ((bits & kNotifyNever) != 0) return "NEVER";
  std::string text;
  const auto add = [&](std::uint8_t bit, std::string_view word) {
    if ((bits & bit) != 0) text.append(text.empty() ? "" : ",").append(word);
  };
  add(kNotifySuccess, "SUCCESS");
  add(kNotifyFailure, "FAILURE");
  add(kNotifyDelay, "DELAY");
  return text;
}

// ---- ORCPT of type utf-8: octets of UTF-8 as they are, and \x{20AC} for any code point ----------

// "\x{20AC}" at the front, taken off.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const std::size_t end = text.find('}');
  if (!text.starts_with("\\x{") || end == text.npos || end < 5 || end > 9) return std::nullopt;
  char32_t value = 0;
  for (const char c : text.substr(3, end - 3)) {
    if (hex_value(c) < 0) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(hex_value(c));
  }
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return std::nullopt;
  text.remove_prefix(end + 1);
  return value;
}

std::optional<std::string> from_utf8_address(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    if (c == '\\') {
      const std::optional<char32_t> code_point = take_code_point(text);
      if (!code_point || *code_point < 32) return std::nullopt;
      mime::append_utf8(out, *code_point);
      continue;
    }
    if (!is_xchar(c) && static_cast<unsigned char>(c) < 128) return std::nullopt;
    out += c;
    text.remove_prefix(1);
  }
  if (!mime::is_utf8(out)) return std::nullopt;
  return out;
}

std::string escaped(char32_t code_point) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string hex;
  for (; code_point != 0 || hex.size() < 2; code_point /= 16)
    hex.insert(hex.begin(), kDigits[code_point % 16]);
  return "\\x{" + hex + "}";
}

// `text` is well-formed. With `unitext` what is not ASCII stays as it is.
std::string to_utf8_address(std::string_view text, bool unitext) {
  std::string out;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t octets = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const std::string_view character = text.substr(0, octets);
    text.remove_prefix(character.size());
    if (octets == 1 ? is_xchar(character[0]) && lead != '\\' : unitext) {
      out += character;
      continue;
    }
    constexpr unsigned kLeadBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t code_point = lead & kLeadBits[octets];
    for (const char c : character.substr(1))
      code_point = code_point << 6 | (static_cast<unsigned char>(c) & 0x3fu);
    out += escaped(code_point);
  }
  return out;
}

bool is_address_type(std::string_view text) {
  for (const char c : text)
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.') return false;
  return !text.empty();
}

bool read_orcpt(std::string_view value, RecipientOptions& options) {
  const std::size_t semicolon = value.find(';');
  if (semicolon == value.npos || value.size() > kOrcptOctetsMax) return false;
  const std::string_view type = value.substr(0, semicolon);
  const std::string_view encoded = value.substr(semicolon + 1);
  const bool utf8 = equal_no_case(type, kUtf8Type);
  const auto decoded = utf8 ? from_utf8_address(encoded) : from_xtext(encoded);
  if (!is_address_type(type) || !decoded || (!utf8 && !is_printable(*decoded))) return false;
  options.original_recipient_type = type;
  options.original_recipient = *decoded;
  return true;
}

std::optional<Reply> read_mail_parameter(const Parameter& parameter, const Extensions& extensions,
                                         MailOptions& options) {
  using Body = MailOptions::Body;
  using Return = MailOptions::Return;
  const std::string_view word = parameter.keyword;
  if (word == "SIZE" && extensions.size) {
    options.size = number(parameter.value);
    if (!options.size) return wrong("SIZE needs a number of octets");
  } else if (word == "BODY" && (extensions.eight_bit_mime || extensions.binary_mime)) {
    if (says(parameter, "8BITMIME") && extensions.eight_bit_mime)
      options.body = Body::EightBitMime;
    else if (says(parameter, "BINARYMIME") && extensions.binary_mime)
      options.body = Body::BinaryMime;
    else if (!says(parameter, "7BIT"))
      return wrong(extensions.binary_mime ? "BODY is 7BIT, 8BITMIME or BINARYMIME"
                                          : "BODY is 7BIT or 8BITMIME");
  } else if (word == "SMTPUTF8" && extensions.smtputf8) {
    if (parameter.value) return wrong("SMTPUTF8 takes no value");
    options.smtputf8 = true;
  } else if (word == "RET" && extensions.dsn) {
    if (!says(parameter, "FULL") && !says(parameter, "HDRS")) return wrong("RET is FULL or HDRS");
    options.ret = says(parameter, "FULL") ? Return::Full : Return::Headers;
  } else if (word == "ENVID" && extensions.dsn) {
    const auto id = parameter.value ? from_xtext(*parameter.value) : std::nullopt;
    if (!id || id->empty() || !is_printable(*id) || parameter.value->size() > kEnvelopeIdOctetsMax)
      return wrong("ENVID needs an identifier in xtext");
    options.envelope_id = *id;
  } else if (word == "AUTH" && extensions.auth) {
    if (!parameter.value) return wrong("AUTH needs a mailbox in xtext, or <>");
    const auto who = says(parameter, "<>") ? std::string() : from_xtext(*parameter.value);
    const auto charset = extensions.smtputf8 ? Charset::Utf8 : Charset::Ascii;
    if (!who || (!who->empty() && !parse_mailbox(*who, charset)))
      return wrong("AUTH needs a mailbox in xtext, or <>");
    options.auth = *who;
  } else {
    return not_known("MAIL FROM");
  }
  return std::nullopt;
}

}  // namespace

tl::expected<MailOptions, Reply> read_mail_parameters(std::span<const Parameter> parameters,
                                                      const Extensions& extensions) {
  MailOptions options;
  for (const Parameter& parameter : parameters) {
    if (came_before(parameters, parameter)) return tl::unexpected(comes_twice());
    if (std::optional<Reply> refusal = read_mail_parameter(parameter, extensions, options))
      return tl::unexpected(std::move(*refusal));
  }
  return options;
}

tl::expected<RecipientOptions, Reply> read_rcpt_parameters(std::span<const Parameter> parameters,
                                                           const Extensions& extensions) {
  RecipientOptions options;
  for (const Parameter& parameter : parameters) {
    if (came_before(parameters, parameter)) return tl::unexpected(comes_twice());
    if (parameter.keyword == "NOTIFY" && extensions.dsn) {
      const auto bits = notify_bits(parameter.value.value_or(""));
      if (!bits)
        return tl::unexpected(wrong("NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY"));
      options.notify = *bits;
    } else if (parameter.keyword == "ORCPT" && extensions.dsn) {
      if (!read_orcpt(parameter.value.value_or(""), options))
        return tl::unexpected(wrong("ORCPT needs a type, a semicolon and an address in xtext"));
    } else {
      return tl::unexpected(not_known("RCPT TO"));
    }
  }
  return options;
}

std::vector<Parameter> mail_parameters(const MailOptions& options, const Extensions& extensions) {
  std::vector<Parameter> parameters;
  const auto add = [&](bool wanted, std::string_view keyword, std::optional<std::string> value) {
    if (wanted) parameters.push_back({std::string(keyword), std::move(value)});
  };
  add(extensions.size && options.size, "SIZE", std::to_string(options.size.value_or(0)));
  add(extensions.eight_bit_mime && options.body == MailOptions::Body::EightBitMime, "BODY",
      "8BITMIME");
  add(extensions.binary_mime && options.body == MailOptions::Body::BinaryMime, "BODY",
      "BINARYMIME");
  add(extensions.smtputf8 && options.smtputf8, "SMTPUTF8", std::nullopt);
  add(extensions.dsn && options.ret != MailOptions::Return::NotSaid, "RET",
      options.ret == MailOptions::Return::Full ? "FULL" : "HDRS");
  add(extensions.dsn && !options.envelope_id.empty(), "ENVID", to_xtext(options.envelope_id));
  if (extensions.auth && options.auth)
    add(true, "AUTH", options.auth->empty() ? "<>" : to_xtext(*options.auth));
  return parameters;
}

std::vector<Parameter> rcpt_parameters(const RecipientOptions& options,
                                       const Extensions& extensions) {
  std::vector<Parameter> parameters;
  if (!extensions.dsn) return parameters;
  if (options.notify != 0) parameters.push_back({"NOTIFY", notify_text(options.notify)});
  if (!options.original_recipient_type.empty()) {
    const bool utf8 = equal_no_case(options.original_recipient_type, kUtf8Type);
    parameters.push_back(
        {"ORCPT", options.original_recipient_type + ";" +
                      (utf8 ? to_utf8_address(options.original_recipient, extensions.smtputf8)
                            : to_xtext(options.original_recipient))});
  }
  return parameters;
}

std::size_t mail_octets_added(const Extensions& extensions) {
  std::size_t octets = 0;
  if (extensions.size) octets += 26;  // RFC 1870 §3
  if (extensions.eight_bit_mime || extensions.binary_mime)
    octets += 17;                         // RFC 6152 §2; " BODY=BINARYMIME" is no longer
  if (extensions.smtputf8) octets += 10;  // RFC 6531 §3.1
  if (extensions.auth) octets += 500;     // RFC 4954 §3
  if (extensions.dsn) octets += 9 + 7 + kEnvelopeIdOctetsMax;  // " RET=FULL", " ENVID="
  return octets;
}

std::size_t rcpt_octets_added(const Extensions& extensions) {
  if (!extensions.dsn) return 0;
  constexpr std::string_view kNotify = " NOTIFY=SUCCESS,FAILURE,DELAY";
  constexpr std::string_view kOrcpt = " ORCPT=";
  return kNotify.size() + kOrcpt.size() + kOrcptOctetsMax;
}

std::string to_xtext(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_xchar(c)) {
      out += c;
      continue;
    }
    out += '+';
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::optional<std::string> from_xtext(std::string_view xtext) {
  std::string out;
  for (std::size_t i = 0; i < xtext.size(); ++i) {
    if (xtext[i] != '+') {
      if (!is_xchar(xtext[i])) return std::nullopt;
      out += xtext[i];
      continue;
    }
    if (i + 2 >= xtext.size()) return std::nullopt;
    const int high = hex_value(xtext[i + 1]), low = hex_value(xtext[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace mailscope::smtp
