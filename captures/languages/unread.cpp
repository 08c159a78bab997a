// Languages that are known by their ports and their first octets, and not read: HTTP (RFC 9112) and
// TLS (RFC 8446 §5.1).
#include "captures/languages/languages.hpp"
#include "captures/languages/line_words.hpp"

namespace mailscope::languages {
namespace {

constexpr std::string_view kHttpMethods[] = {"GET", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT"};

class Http final : public Language {
 public:
  Http() : Language(make_card()) {}
  std::optional<Sound> sound_of(std::string_view line) const override {
    if (line.starts_with("HTTP/")) return Sound{true, true};
    for (const std::string_view method : kHttpMethods)
      if (first_word(line) == method) return Sound{false, true};
    return {};
  }
  std::span<const std::string_view> secret_words() const override {
    static constexpr std::string_view kWords[] = {"AUTHORIZATION:"};
    return kWords;
  }

 private:
  static Card make_card() {
    Card card{.name = "http", .title = "HTTP"};
    card.ports = {{80, false, "http"}, {443, true, "https"}};
    card.colour = 5;
    return card;
  }
};

class Tls final : public Language {
 public:
  Tls() : Language({.name = "tls", .title = "TLS", .colour = 6}) {}
  std::span<const trace::FindingKind> finding_kinds() const override {
    static constexpr trace::FindingKind kKinds[] = {
        {"tls.opaque", trace::Severity::Note, "Enciphered",
         "From here on the connection speaks TLS. MailScope shows the records and what the "
         "handshake says in the clear, but cannot read what is in them.",
         "RFC 8446 §5"}};
    return kKinds;
  }
};

}  // namespace

const Language& http_language() {
  static const Http kLanguage;
  return kLanguage;
}

const Language& tls_language() {
  static const Tls kLanguage;
  return kLanguage;
}

}  // namespace mailscope::languages
