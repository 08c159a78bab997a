// Languages that are known by their ports and their first octets, and not read: IMAP (RFC 3501
// §7.1, RFC 9051), HTTP (RFC 9112) and TLS (RFC 8446 §5.1).
#include "captures/languages/languages.hpp"
#include "captures/languages/line_words.hpp"

namespace mailscope::languages {
namespace {

constexpr std::string_view kImapCommands[] = {
    "CAPABILITY", "NOOP",   "LOGOUT", "STARTTLS",  "AUTHENTICATE", "LOGIN",  "SELECT",
    "EXAMINE",    "CREATE", "DELETE", "RENAME",    "LIST",         "LSUB",   "STATUS",
    "APPEND",     "CHECK",  "CLOSE",  "SEARCH",    "FETCH",        "STORE",  "COPY",
    "UID",        "ID",     "IDLE",   "NAMESPACE", "ENABLE",       "EXPUNGE"};
constexpr std::string_view kHttpMethods[] = {"GET", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT"};

// A tag, and a command behind it.
bool is_tagged(std::string_view line) {
  const std::string_view tag = first_word(line);
  if (tag.empty() || tag.size() > 32 || tag.size() == line.size()) return false;
  for (const char c : tag)
    if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '_') return false;
  return holds_word(kImapCommands, first_word(line.substr(tag.size() + 1)));
}

class Imap final : public Language {
 public:
  Imap() : Language(make_card()) {}
  std::optional<Sound> sound_of(std::string_view line) const override {
    if (line.starts_with("* ")) return Sound{true, true};
    if (is_tagged(line)) return Sound{false, true};
    return {};
  }
  std::span<const std::string_view> secret_words() const override {
    static constexpr std::string_view kWords[] = {"LOGIN", "AUTHENTICATE"};
    return kWords;
  }

 private:
  static Card make_card() {
    Card card{.name = "imap", .title = "IMAP"};
    card.ports = {{143, false, "imap"}, {993, true, "imaps"}};
    card.client = trace::AgentKind::MaaClient;
    card.server = trace::AgentKind::MaaServer;
    card.mail = card.pulls = true;
    card.colour = 3;
    return card;
  }
};

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

const Language& imap_language() {
  static const Imap kLanguage;
  return kLanguage;
}

const Language& http_language() {
  static const Http kLanguage;
  return kLanguage;
}

const Language& tls_language() {
  static const Tls kLanguage;
  return kLanguage;
}

}  // namespace mailscope::languages
