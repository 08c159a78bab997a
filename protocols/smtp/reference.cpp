#include "protocols/smtp/reference.hpp"

#include <array>
#include <string>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// "4yz" and the like, made from a digit.
const ReferenceEntry* first_digit_entry(std::uint16_t code) {
  const std::string word = std::string(1, static_cast<char>('0' + code / 100)) + "yz";
  return find_entry(reply_entries(), word, kDigit);
}

//   status-code = class "." subject "." detail
//   class       = "2" / "4" / "5"
//   subject     = 1*3DIGIT
//   detail      = 1*3DIGIT                                                     (RFC 3463 §2)
// X stands for any class, as in the RFC's own tables.
struct EnhancedParts {
  char kind = 'X';
  std::string_view subject, detail;
};

std::string_view take_number(std::string_view& text) {
  std::size_t digits = 0;
  while (digits < 3 && digits < text.size() && is_digit(text[digits])) ++digits;
  const std::string_view number = text.substr(0, digits);
  text.remove_prefix(digits);
  return number;
}

bool take_dot(std::string_view& text) {
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

// Takes the code off the front of `text`, and leaves what follows it.
std::optional<EnhancedParts> take_enhanced(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  EnhancedParts parts;
  parts.kind = text[0] == 'x' ? 'X' : text[0];
  if (std::string_view("245X").find(parts.kind) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  if (!take_dot(text)) return std::nullopt;
  parts.subject = take_number(text);
  if (parts.subject.empty() || !take_dot(text)) return std::nullopt;
  parts.detail = take_number(text);
  if (parts.detail.empty()) return std::nullopt;
  return parts;
}

const ReferenceEntry* enhanced_entry(const std::string& word) {
  return find_entry(enhanced_entries(), word, kEnhanced);
}

}  // namespace

std::span<const ReferenceEntry> reference() {
  static const std::vector<ReferenceEntry> kAll = [] {
    std::vector<ReferenceEntry> all;
    for (const auto table : {verb_entries(), reply_entries(), refusal_entries(),
                             extension_entries(), enhanced_entries(), session_entries()})
      all.insert(all.end(), table.begin(), table.end());
    return all;
  }();
  return kAll;
}

const ReferenceEntry* explain_reply(std::uint16_t code, Verb answers) {
  const auto table = code < 400 ? reply_entries() : refusal_entries();
  const ReferenceEntry* entry = find_entry(table, std::to_string(code), name(answers));
  return entry != nullptr ? entry : first_digit_entry(code);
}

const ReferenceEntry* explain_verb(Verb verb) {
  return find_entry(verb_entries(), name(verb));
}

const ReferenceEntry* explain_parameter(std::string_view keyword, Verb verb) {
  // EXPN takes what VRFY takes, and the old three open a transaction as MAIL does.
  const bool sender = verb == Verb::Send || verb == Verb::Soml || verb == Verb::Saml;
  const std::string_view context = name(sender               ? Verb::Mail
                                        : verb == Verb::Expn ? Verb::Vrfy
                                                             : verb);
  const ReferenceEntry* entry = find_entry(extension_entries(), keyword, context);
  return entry != nullptr && entry->context == context ? entry : nullptr;
}

std::optional<EnhancedMeaning> explain_enhanced(std::string_view code) {
  const auto parts = take_enhanced(code);
  if (!parts || !code.empty()) return std::nullopt;
  const std::string subject = "X." + std::string(parts->subject);
  EnhancedMeaning meaning;
  if (parts->kind != 'X') meaning.kind = enhanced_entry(std::string(1, parts->kind) + ".X.X");
  meaning.subject = enhanced_entry(subject + ".X");
  meaning.detail = enhanced_entry(subject + "." + std::string(parts->detail));
  return meaning;
}

std::string_view enhanced_code_of(std::string_view reply_text) {
  std::string_view rest = reply_text;
  const auto parts = take_enhanced(rest);
  if (!parts || parts->kind == 'X' || (!rest.empty() && rest[0] != ' ')) return {};
  return reply_text.substr(0, reply_text.size() - rest.size());
}

std::string_view first_digit_word(std::uint16_t code) {
  switch (code / 100) {
    case 2:
      return "success";
    case 3:
      return "go on";
    case 4:
      return "not now";
    case 5:
      return "refused";
    default:
      return "";
  }
}

std::string_view second_digit_word(std::uint16_t code) {
  constexpr std::array<std::string_view, 6> kWords = {
      "syntax", "information", "connection", "log-in", "", "mail system"};
  const std::size_t digit = code / 10 % 10;
  return digit < kWords.size() ? kWords[digit] : "";
}

}  // namespace mailscope::smtp
