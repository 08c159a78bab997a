// POP3: RFC 1939, RFC 2449, RFC 2595, RFC 5034.
#include "captures/languages/finding_tables.hpp"
#include "captures/languages/languages.hpp"
#include "captures/languages/line_words.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/pop3/observer.hpp"
#include "protocols/pop3/reference.hpp"
#include "protocols/pop3/session.hpp"
#include "protocols/pop3/verb.hpp"

namespace mailscope::languages {
namespace {

using pop3::State;
using pop3::Verb;
using trace::Pdu;
using trace::PduKind;

constexpr std::string_view kSure[] = {"CAPA", "APOP", "UIDL", "STLS", "TOP"};
// SMTP and FTP have these too.
constexpr std::string_view kShared[] = {"USER", "PASS", "QUIT", "NOOP", "RSET", "AUTH",
                                        "STAT", "LIST", "RETR", "DELE", "HELP"};
constexpr std::string_view kStatus[] = {"-ERR", "+OK", "+"};

Verb verb_of(std::uint16_t word) {
  return word < pop3::kVerbs ? static_cast<Verb>(word) : Verb::Unknown;
}

class Pop3 final : public Language {
 public:
  Pop3() : Language(make_card()) {}

  std::optional<Sound> sound_of(std::string_view line) const override {  // RFC 1939 §3
    if (line.starts_with("+OK") || line.starts_with("-ERR")) return Sound{true, true};
    const std::string_view word = first_word(line);
    if (holds_word(kSure, word)) return Sound{false, true};
    if (holds_word(kShared, word)) return Sound{false, false};
    return {};
  }
  std::unique_ptr<DialogueObserver> make_observer(bool from_beginning) const override {
    return std::make_unique<pop3::Observer>(
        pop3::Observer::Options{.from_beginning = from_beginning});
  }

  std::string verb(std::uint16_t word) const override {
    const Verb known = verb_of(word);
    return known == Verb::Unknown ? "" : std::string(pop3::name(known));
  }
  std::string code(std::uint16_t word) const override {
    return std::string(kStatus[word < std::size(kStatus) ? word : 0]);
  }
  Verdict verdict(std::uint16_t code) const override {
    return code == pop3::Observer::kOk         ? Verdict::Yes
           : code == pop3::Observer::kContinue ? Verdict::GoOn
                                               : Verdict::ForGood;
  }
  MailRole mail_role(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Retr || verb_of(verb) == Verb::Top ? MailRole::CarriesContent
                                                                     : MailRole::Nothing;
  }
  bool logs_in(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Pass || verb_of(verb) == Verb::Apop ||
           verb_of(verb) == Verb::Auth;
  }
  bool is_sasl(std::uint16_t verb) const override { return verb_of(verb) == Verb::Auth; }
  std::optional<std::uint16_t> greeting() const override {
    return static_cast<std::uint16_t>(Verb::Connect);
  }
  trace::MailKind mail_kind(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Top ? trace::MailKind::Top : trace::MailKind::Retr;
  }
  std::string_view user_in(std::string_view line) const override {
    const std::string_view verb = first_word(line);
    const std::string_view rest = trim(line.substr(verb.size()));
    if (equal_no_case(verb, "USER")) return rest;
    return equal_no_case(verb, "APOP") ? first_word(rest) : std::string_view();
  }
  std::optional<std::uint8_t> closed_state() const override {
    return static_cast<std::uint8_t>(State::Closed);
  }
  std::vector<std::string_view> verbs() const override {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < pop3::kVerbs; ++i)
      if (const auto verb = static_cast<Verb>(i); verb != Verb::Unknown && verb != Verb::Connect)
        names.push_back(pop3::name(verb));
    return names;
  }
  std::vector<std::string_view> code_words() const override {
    return {std::begin(kStatus), std::end(kStatus)};
  }

  // The argument of PASS, the digest of APOP, the initial response of AUTH.
  std::size_t secret_begin(std::string_view line, PduKind kind) const override {
    const std::size_t first = Language::secret_begin(line, kind);
    const std::string_view verb = first_word(line);
    const bool second = equal_no_case(verb, "AUTH") || equal_no_case(verb, "APOP");
    return first > 0 && second ? argument_begin(line, first) : first;
  }
  std::span<const std::string_view> secret_words() const override {
    static constexpr std::string_view kWords[] = {"PASS "};
    return kWords;
  }

  std::vector<std::uint8_t> states() const override { return {0, 1, 2, 3}; }
  std::string state(std::uint8_t state) const override {
    return state < pop3::kStates ? std::string(pop3::name(static_cast<State>(state))) : "";
  }
  std::vector<std::string> next(std::uint8_t state) const override {
    std::vector<std::string> names;
    for (const pop3::Rule& rule : pop3::rules())
      if (rule.from == static_cast<State>(state) && rule.verb != Verb::Connect &&
          !holds_word(names, pop3::name(rule.verb)))
        names.emplace_back(pop3::name(rule.verb));
    return names;
  }
  std::string_view phase(Phase phase) const override {  // its states' names
    constexpr std::string_view kNames[] = {"", "authorization", "transaction", "update"};
    return kNames[static_cast<int>(phase)];
  }

  std::string_view announced_as(std::string_view verb) const override {
    return verb == "AUTH" ? "SASL" : verb == "STLS" ? verb : std::string_view();
  }
  bool lists_extensions(std::uint16_t answers) const override {
    return verb_of(answers) == Verb::Capa;
  }

  std::optional<std::string_view> without_code(std::string_view line, bool first) const override {
    if (!first && line == ".") return {};
    if (!first) return line.starts_with("..") ? line.substr(1) : line;
    for (const std::string_view status : kStatus) {
      if (!line.starts_with(status)) continue;
      line.remove_prefix(status.size());
      return line.starts_with(" ") ? line.substr(1) : line;
    }
    return line;
  }
  std::string gist(const trace::Trace&, const Pdu& pdu) const override {
    if (pdu.kind == PduKind::Data) return "the letter, then a lone dot";
    if (pdu.kind == PduKind::Command) return std::string(pop3::gist(static_cast<Verb>(pdu.word)));
    if (pdu.word == pop3::Observer::kContinue) return {};
    return std::string(pop3::gist(pdu.word == pop3::Observer::kOk, static_cast<Verb>(pdu.answers)));
  }
  const ReferenceEntry* entry(const trace::Trace&, const Pdu& pdu) const override {
    if (pdu.kind == PduKind::Reply)
      return find_entry(reference(), code(pdu.word), pop3::name(verb_of(pdu.answers)));
    return find_entry(reference(), pop3::name(verb_of(pdu.word)));
  }
  Meaning content_meaning() const override {
    return {
        "The message itself, header and body, as the mailbox holds it. A line that begins "
        "with a dot got one dot more; a line with a lone dot ends it.",
        "RFC 1939 §3"};
  }
  std::span<const ReferenceEntry> reference() const override { return pop3::reference(); }
  std::span<const trace::FindingKind> finding_kinds() const override {
    return pop3_finding_kinds();
  }

 private:
  static Card make_card() {
    Card card{.name = "pop3", .title = "POP3"};
    card.ports = {{110, false, "pop3"}, {995, true, "pop3s"}};
    card.client = trace::AgentKind::MaaClient;
    card.server = trace::AgentKind::MaaServer;
    card.mail = card.pulls = card.content_answers = true;
    card.colour = 2;
    return card;
  }
};

}  // namespace

const Language& pop3_language() {
  static const Pop3 kLanguage;
  return kLanguage;
}

}  // namespace mailscope::languages
