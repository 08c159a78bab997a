// SMTP: RFC 5321, and RFC 3030, 3207, 4954 for BDAT, STARTTLS, AUTH. LMTP's LHLO is known too.
#include <fmt/format.h>

#include <algorithm>

#include "captures/languages/finding_tables.hpp"
#include "captures/languages/languages.hpp"
#include "captures/languages/line_words.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/smtp/address.hpp"
#include "protocols/smtp/observer.hpp"
#include "protocols/smtp/reference.hpp"
#include "protocols/smtp/session.hpp"
#include "protocols/smtp/verb.hpp"

namespace mailscope::languages {
namespace {

using smtp::State;
using smtp::Verb;
using trace::Pdu;
using trace::PduKind;

// A reply line without its code and what stands behind the code.
constexpr std::size_t kCodeOctets = 4;

constexpr std::string_view kSure[] = {"EHLO", "HELO", "MAIL", "RCPT", "BDAT",
                                      "VRFY", "EXPN", "DATA", "LHLO", "STARTTLS"};
// POP3 and FTP have these too.
constexpr std::string_view kShared[] = {"QUIT", "NOOP", "RSET", "AUTH", "HELP"};

// What learners meet in dialogues first; the historic verbs would only crowd it.
constexpr Verb kUsual[] = {Verb::Ehlo, Verb::Helo, Verb::Starttls, Verb::Auth,
                           Verb::Mail, Verb::Rcpt, Verb::Data,     Verb::Bdat,
                           Verb::Vrfy, Verb::Rset, Verb::Noop,     Verb::Quit};
constexpr State kUsualStates[] = {State::Opening, State::Connected, State::Greeted, State::Mail,
                                  State::Rcpt,    State::Data,      State::Quit,    State::Closed};

Verb verb_of(std::uint16_t word) {
  return word < smtp::kVerbs ? static_cast<Verb>(word) : Verb::Unknown;
}

bool is_reply(std::string_view line) {
  return line.size() >= kCodeOctets && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' &&
         line[1] <= '5' && is_digit(line[2]) && (line[3] == ' ' || line[3] == '-');
}

bool mentions_smtp(std::string_view line) {
  for (std::size_t i = 0; i + 4 <= line.size(); ++i)
    if (equal_no_case(line.substr(i, 4), "SMTP")) return true;
  return false;
}

std::string_view text_of(std::string_view reply_line) {
  return reply_line.substr(std::min(kCodeOctets, reply_line.size()));
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_upper(c);
  return out;
}

// The verb of the exchange that this belongs to.
Verb asked(const trace::Trace& trace, const Pdu& pdu) {
  if (pdu.exchange >= trace.exchanges.size()) return Verb::Unknown;
  const trace::Id command = trace.exchanges[pdu.exchange].command;
  return command == trace::kNone ? Verb::Unknown : verb_of(trace.pdus[command].word);
}

class Smtp final : public Language {
 public:
  Smtp() : Language(make_card()) {}

  // RFC 5321 §4.2, §4.3.1. "220 ..." may be FTP's greeting, too.
  std::optional<Sound> sound_of(std::string_view line) const override {
    if (is_reply(line)) return Sound{true, mentions_smtp(line)};
    const std::string_view word = first_word(line);
    if (holds_word(kSure, word)) return Sound{false, true};
    if (holds_word(kShared, word)) return Sound{false, false};
    return {};
  }
  std::unique_ptr<DialogueObserver> make_observer(bool from_beginning) const override {
    return std::make_unique<smtp::Observer>(
        smtp::Observer::Options{.from_beginning = from_beginning});
  }

  std::string verb(std::uint16_t word) const override {
    const Verb known = verb_of(word);
    return known == Verb::Unknown ? "" : std::string(smtp::name(known));
  }
  Verdict verdict(std::uint16_t code) const override {
    return code >= 500   ? Verdict::ForGood
           : code >= 400 ? Verdict::NotNow
           : code >= 300 ? Verdict::GoOn
           : code >= 200 ? Verdict::Yes
                         : Verdict::GoOn;  // 1yz: more is to come (RFC 5321 §4.2.1)
  }
  MailRole mail_role(std::uint16_t verb) const override {
    switch (verb_of(verb)) {
      case Verb::Mail:
        return MailRole::NamesSender;
      case Verb::Rcpt:
        return MailRole::NamesRecipient;
      case Verb::Rset:
      case Verb::Ehlo:
      case Verb::Helo:
      case Verb::Lhlo:
        return MailRole::EndsEnvelope;
      case Verb::Data:
      case Verb::Bdat:
        return MailRole::CarriesContent;
      default:
        return MailRole::Nothing;
    }
  }
  bool logs_in(std::uint16_t verb) const override { return verb_of(verb) == Verb::Auth; }
  bool is_sasl(std::uint16_t verb) const override { return verb_of(verb) == Verb::Auth; }
  // One command of two names: DATA is answered by 354, then as EndOfData.
  std::uint16_t asked_by(std::uint16_t answers) const override {
    const Verb verb = verb_of(answers);
    if (verb == Verb::EndOfData) return static_cast<std::uint16_t>(Verb::Data);
    if (verb == Verb::BdatLast) return static_cast<std::uint16_t>(Verb::Bdat);
    return answers;
  }
  bool judges_message(std::uint16_t answers) const override {
    return verb_of(answers) == Verb::EndOfData || verb_of(answers) == Verb::BdatLast;
  }
  std::optional<std::uint16_t> greeting() const override {
    return static_cast<std::uint16_t>(Verb::Connect);
  }
  trace::MailKind mail_kind(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Bdat ? trace::MailKind::Bdat : trace::MailKind::Data;
  }
  std::string_view path_in(std::string_view line) const override { return smtp::address_in(line); }
  std::optional<std::uint8_t> closed_state() const override {
    return static_cast<std::uint8_t>(State::Closed);
  }
  std::vector<std::string_view> verbs() const override {
    std::vector<std::string_view> names;
    for (const Verb verb : smtp::verbs()) names.push_back(smtp::name(verb));
    return names;
  }

  // The initial response of AUTH (RFC 4954 §4).
  std::size_t secret_begin(std::string_view line, PduKind kind) const override {
    const std::size_t first = Language::secret_begin(line, kind);
    return first > 0 && equal_no_case(first_word(line), "AUTH") ? argument_begin(line, first)
                                                                : first;
  }

  std::vector<std::uint8_t> states() const override {
    std::vector<std::uint8_t> all;
    for (const State state : kUsualStates) all.push_back(static_cast<std::uint8_t>(state));
    return all;
  }
  std::string state(std::uint8_t state) const override {
    return state < smtp::kStates ? std::string(smtp::name(static_cast<State>(state))) : "";
  }
  Tone tone(std::uint8_t state) const override {
    switch (static_cast<State>(state)) {
      case State::Greeted:
        return Tone::Ready;
      case State::Mail:
        return Tone::Own;
      case State::Rcpt:
        return Tone::Busy;
      case State::Data:
        return Tone::Carrying;
      default:
        return Tone::Quiet;
    }
  }
  std::vector<std::string> next(std::uint8_t state) const override {
    std::vector<std::string> names;
    const auto s = static_cast<State>(state);
    if (state >= smtp::kStates || s == State::Closed || s == State::Quit) return names;
    for (const Verb verb : kUsual)
      if (smtp::find_rule(verb, s)) names.emplace_back(smtp::name(verb));
    return names;
  }

  std::string_view announced_as(std::string_view verb) const override {
    if (verb == "BDAT") return "CHUNKING";
    return verb == "STARTTLS" || verb == "AUTH" || verb == "ETRN" ? verb : std::string_view();
  }
  bool lists_extensions(std::uint16_t answers) const override {
    return verb_of(answers) == Verb::Ehlo;
  }

  std::optional<std::string_view> without_code(std::string_view line, bool) const override {
    return text_of(line);
  }
  std::string gist(const trace::Trace& trace, const Pdu& pdu) const override {
    if (pdu.kind == PduKind::Command) return std::string(smtp::gist(static_cast<Verb>(pdu.word)));
    if (pdu.kind == PduKind::Data)
      return asked(trace, pdu) == Verb::Bdat ? "a counted chunk of the letter"
                                             : "the letter, then a lone dot";
    // 550 alone has two meanings; the enhanced code behind it tells which (RFC 3463 §3.8).
    if (pdu.word == 550 && text_of(trace.pdu_octets(pdu, 24)).starts_with("5.7."))
      return "not allowed here";
    return std::string(smtp::gist(pdu.word, static_cast<Verb>(pdu.answers)));
  }
  const ReferenceEntry* entry(const trace::Trace&, const Pdu& pdu) const override {
    return pdu.kind == PduKind::Reply
               ? smtp::explain_reply(pdu.word, static_cast<Verb>(pdu.answers))
               : smtp::explain_verb(static_cast<Verb>(pdu.word));
  }
  Meaning content_meaning() const override {
    return {
        "The letter itself: header lines, an empty line, the body. Nothing in it decides where "
        "it goes; the envelope has done that. A line that begins with a dot gets one dot more, "
        "and a line with a lone dot ends it.",
        "RFC 5321 §4.5.2"};
  }
  std::vector<std::string> code_parts(std::uint16_t code) const override {
    std::vector<std::string> parts;
    if (code < 200 || code >= 600) return parts;
    const std::string_view first = smtp::first_digit_word(code);
    const std::string_view second = smtp::second_digit_word(code);
    if (!first.empty()) parts.push_back(fmt::format("{} = {}", code / 100, first));
    if (!second.empty()) parts.push_back(fmt::format("{} = {}", code / 10 % 10, second));
    return parts;
  }
  // Parameters of MAIL and RCPT, the extensions of an EHLO list, a reply's enhanced code.
  std::vector<Piece> pieces(const Pdu& pdu, const std::vector<std::string>& lines) const override {
    std::vector<Piece> all;
    const auto add = [&](const std::vector<smtp::Piece>& found) {
      for (const smtp::Piece& piece : found) all.push_back({std::string(piece.text), piece.entry});
    };
    const bool command = pdu.kind == PduKind::Command;
    for (std::size_t i = 0; i < lines.size(); ++i)
      add(command ? smtp::explain_command_pieces(static_cast<Verb>(pdu.word), lines[i])
                  : smtp::explain_reply_pieces(static_cast<Verb>(pdu.answers), text_of(lines[i]),
                                               i == 0));
    return all;
  }
  std::vector<Shown> shown(const trace::Trace& trace, const Pdu& pdu,
                           const std::vector<std::string>& lines) const override {
    switch (pdu.kind) {
      case PduKind::Open:
        return {{"CONNECT", "",
                 fmt::format("a TCP connection to port {}",
                             trace.connections[pdu.connection].server.port)}};
      case PduKind::Command:
        return shown_in_command(pdu, lines);
      case PduKind::Reply:
        return shown_in_reply(pdu, lines);
      case PduKind::Data:
        if (asked(trace, pdu) == Verb::Data) return {{"END OF DATA", "", ""}};
        return {};
      default:
        return {};
    }
  }
  std::span<const ReferenceEntry> reference() const override { return smtp::reference(); }
  std::vector<const ReferenceEntry*> explain(std::string_view word) const override {
    std::vector<const ReferenceEntry*> entries;
    if (const auto code = smtp::explain_enhanced(word))
      entries = {code->detail, code->kind, code->subject};
    std::erase(entries, nullptr);
    return entries;
  }
  bool is_parameter(const ReferenceEntry& entry) const override {
    return smtp::explain_parameter(entry.word, smtp::find_verb(entry.context)) != nullptr;
  }
  std::string_view argument_word(std::string_view verb) const override {
    switch (smtp::find_verb(verb)) {
      case Verb::Mail:
      case Verb::Send:
      case Verb::Soml:
      case Verb::Saml:
        return "FROM";
      case Verb::Rcpt:
        return "TO";
      default:
        return {};
    }
  }
  std::span<const trace::FindingKind> finding_kinds() const override {
    return smtp_finding_kinds();
  }

 private:
  static Card make_card() {
    Card card{.name = "smtp", .title = "SMTP"};
    card.ports = {{25, false, "smtp"},
                  {587, false, "submission"},
                  {2525, false, ""},  // by custom
                  {465, true, "submissions"}};
    card.client = trace::AgentKind::MtaClient;
    card.server = trace::AgentKind::MtaServer;
    card.mail = card.numeric_codes = true;
    card.colour = 1;
    return card;
  }

  std::vector<Shown> shown_in_command(const Pdu& pdu, const std::vector<std::string>& lines) const {
    if (verb_of(pdu.word) == Verb::Unknown) return {};
    std::vector<Shown> all{{verb(pdu.word), "", ""}};
    for (const Piece& piece : pieces(pdu, lines)) {
      all.push_back({upper(piece.text.substr(0, piece.text.find('='))), piece.entry->context, ""});
      all.push_back({std::string(piece.entry->word), piece.entry->context, ""});  // BODY=8BITMIME
    }
    return all;
  }
  std::vector<Shown> shown_in_reply(const Pdu& pdu, const std::vector<std::string>& lines) const {
    const Verb answers = verb_of(pdu.answers);
    std::vector<Shown> all{
        {code(pdu.word), answers == Verb::Unknown ? "" : smtp::name(answers), ""}};
    for (std::size_t i = 0; i < lines.size(); ++i)
      for (const smtp::Piece& piece :
           smtp::explain_reply_pieces(answers, text_of(lines[i]), i == 0))
        if (piece.entry->context != "mechanism")  // it is offered only
          all.push_back({upper(piece.text), piece.entry->context, lines[i]});
    return all;
  }
};

}  // namespace

const Language& smtp_language() {
  static const Smtp kLanguage;
  return kLanguage;
}

}  // namespace mailscope::languages
