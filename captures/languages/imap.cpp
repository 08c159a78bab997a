// IMAP: RFC 9051, RFC 3501 and their extensions. The word of a command that has UID in front is its
// verb with imap::Observer::kUid.
#include <algorithm>
#include <array>

#include "captures/languages/finding_tables.hpp"
#include "captures/languages/languages.hpp"
#include "captures/languages/line_words.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/imap/observer.hpp"
#include "protocols/imap/pieces.hpp"
#include "protocols/imap/reference.hpp"
#include "protocols/imap/session.hpp"
#include "protocols/imap/verb.hpp"

namespace mailscope::languages {
namespace {

using imap::ResponseName;
using imap::State;
using imap::Verb;
using trace::Pdu;
using trace::PduKind;

Verb verb_of(std::uint16_t word) {
  const auto verb = static_cast<std::uint16_t>(word & ~imap::Observer::kUid);
  return verb < imap::kVerbs ? static_cast<Verb>(verb) : Verb::Unknown;
}
bool has_uid(std::uint16_t word) {
  return (word & imap::Observer::kUid) != 0;
}
ResponseName response_of(std::uint16_t word) {
  return word < imap::kResponseNames ? static_cast<ResponseName>(word) : ResponseName::Other;
}

// All names, each once; those with UID are put together here.
const std::vector<std::string>& verb_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < imap::kVerbs; ++i) {
      const auto verb = static_cast<Verb>(i);
      if (verb == Verb::Unknown || verb == Verb::Connect) continue;
      names.emplace_back(imap::name(verb));
      if (imap::has_uid_form(verb)) names.push_back("UID " + std::string(imap::name(verb)));
    }
    return names;
  }();
  return kNames;
}

bool is_plain_tag(std::string_view tag) {
  return tag.size() <= 32 && std::all_of(tag.begin(), tag.end(), [](char c) {
           return is_alpha(c) || is_digit(c) || c == '.' || c == '_';
         });
}

// Behind the string that begins at `from`: an atom, a quoted string, or a literal with its octets.
std::size_t string_end(std::string_view line, std::size_t from) {
  if (from < line.size() && line[from] == '"') {
    std::size_t at = from + 1;
    while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
    return std::min(at + 1, line.size());
  }
  const std::size_t end = std::min(line.find_first_of(" \r\n", from), line.size());
  const auto mark = imap::literal_at_end(line.substr(from, end - from));
  if (!mark || !line.substr(end).starts_with("\r\n")) return end;
  return static_cast<std::size_t>(std::min<std::uint64_t>(end + 2 + mark->octets, line.size()));
}

std::size_t arguments_at(std::string_view line, const imap::ClientLine& command) {
  return static_cast<std::size_t>(command.arguments.data() - line.data());
}

std::vector<Piece> converted(std::vector<imap::Piece> found) {
  std::vector<Piece> all;
  for (imap::Piece& piece : found)
    all.push_back({std::move(piece.text), piece.entry, std::move(piece.says)});
  return all;
}

class Imap final : public Language {
 public:
  Imap() : Language(make_card()) {}

  std::optional<Sound> sound_of(std::string_view line) const override {
    if (line.starts_with("* ")) return Sound{true, true};
    const imap::ClientLine command = imap::read_client_line(line);
    if (command.verb != Verb::Unknown && is_plain_tag(command.tag)) return Sound{false, true};
    return {};
  }
  std::unique_ptr<DialogueObserver> make_observer(bool from_beginning) const override {
    return std::make_unique<imap::Observer>(
        imap::Observer::Options{.from_beginning = from_beginning});
  }

  std::string verb(std::uint16_t word) const override {
    const Verb known = verb_of(word);
    if (known == Verb::Unknown) return "";
    return (has_uid(word) ? "UID " : "") + std::string(imap::name(known));
  }
  std::string code(std::uint16_t word) const override {
    return std::string(imap::name(response_of(word)));
  }
  Verdict verdict(std::uint16_t code) const override {
    switch (response_of(code)) {
      case ResponseName::Continue:
        return Verdict::GoOn;
      case ResponseName::No:
      case ResponseName::Bad:
        return Verdict::ForGood;
      default:
        return Verdict::Yes;
    }
  }
  MailRole mail_role(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Append || verb_of(verb) == Verb::Fetch ? MailRole::CarriesContent
                                                                         : MailRole::Nothing;
  }
  bool logs_in(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Login || is_sasl(verb);
  }
  bool is_sasl(std::uint16_t verb) const override { return verb_of(verb) == Verb::Authenticate; }
  bool judges_message(std::uint16_t answers) const override {
    return verb_of(answers) == Verb::Append;
  }
  std::optional<std::uint16_t> greeting() const override {
    return static_cast<std::uint16_t>(Verb::Connect);
  }
  trace::MailKind mail_kind(std::uint16_t verb) const override {
    return verb_of(verb) == Verb::Append ? trace::MailKind::Append : trace::MailKind::Fetch;
  }
  std::string_view from_verb(std::string_view line) const override {
    const imap::ClientLine command = imap::read_client_line(line);
    return command.tag.empty() ? line : trim(line.substr(command.tag.size()));
  }
  std::string_view user_in(std::string_view line) const override {
    const imap::ClientLine command = imap::read_client_line(line);
    if (command.verb != Verb::Login) return {};
    const std::size_t at = arguments_at(line, command);
    std::string_view user = line.substr(at, string_end(line, at) - at);
    if (user.size() >= 2 && user.front() == '"') return user.substr(1, user.size() - 2);
    const std::size_t octets = user.find("\r\n");
    return octets == std::string_view::npos ? user : user.substr(octets + 2);
  }
  std::optional<std::uint8_t> closed_state() const override {
    return static_cast<std::uint8_t>(State::Logout);
  }
  std::vector<std::string_view> verbs() const override {
    return {verb_names().begin(), verb_names().end()};
  }
  std::vector<std::string_view> code_words() const override {
    std::vector<std::string_view> words;
    for (std::size_t i = 1; i < imap::kResponseNames; ++i)
      words.push_back(imap::name(static_cast<ResponseName>(i)));
    return words;
  }

  // The password of LOGIN, the initial response of AUTHENTICATE; all of a line that only goes on
  // with a LOGIN's literals.
  std::size_t secret_begin(std::string_view line, PduKind kind) const override {
    if (kind != PduKind::Command) return Language::secret_begin(line, kind);
    const imap::ClientLine command = imap::read_client_line(line);
    if (command.verb != Verb::Login && command.verb != Verb::Authenticate) return 0;
    const std::size_t end = string_end(line, arguments_at(line, command));
    return std::min(line.find_first_not_of(' ', end), line.size());
  }
  std::span<const std::string_view> secret_words() const override {
    static constexpr std::string_view kWords[] = {"LOGIN", "AUTHENTICATE"};
    return kWords;
  }

  std::vector<std::uint8_t> states() const override { return {0, 1, 2, 3}; }
  std::string state(std::uint8_t state) const override {
    return state < imap::kStates ? std::string(imap::name(static_cast<State>(state))) : "";
  }
  Tone tone(std::uint8_t state) const override {
    constexpr Tone kTones[] = {Tone::Quiet, Tone::Ready, Tone::Own, Tone::Quiet};
    return kTones[state < imap::kStates ? state : 0];
  }
  std::vector<std::string> next(std::uint8_t state) const override {
    std::vector<std::string> names;
    for (const imap::Rule& rule : imap::rules())
      if (state < imap::kStates && imap::contains(rule.states, static_cast<State>(state)) &&
          rule.verb != Verb::Connect)
        names.emplace_back(imap::name(rule.verb));
    return names;
  }
  std::string_view phase(Phase phase) const override {
    constexpr std::string_view kNames[] = {"", "log-in", "mailboxes", "logout"};
    return kNames[static_cast<int>(phase)];
  }

  std::optional<std::string_view> without_code(std::string_view line, bool first) const override {
    if (!first) return line;
    const imap::ServerLine read = imap::read_server_line(line);
    if (read.kind == imap::ServerLine::Kind::None) return line;
    if (imap::is_numbered(read.name)) return line.substr(std::min<std::size_t>(2, line.size()));
    return read.name == ResponseName::Other ? line.substr(2) : read.text;
  }
  std::string gist(const trace::Trace&, const Pdu& pdu) const override {
    if (pdu.kind == PduKind::Reply)
      return std::string(imap::gist(response_of(pdu.word), verb_of(pdu.answers)));
    return pdu.kind == PduKind::Command ? std::string(imap::gist(verb_of(pdu.word))) : "";
  }
  const ReferenceEntry* entry(const trace::Trace&, const Pdu& pdu) const override {
    if (pdu.kind == PduKind::Reply)
      return imap::explain_response(response_of(pdu.word), verb_of(pdu.answers));
    return imap::explain_verb(verb_of(pdu.word), has_uid(pdu.word));
  }
  std::vector<Piece> pieces(const Pdu& pdu, const std::vector<std::string>& lines) const override {
    if (lines.empty()) return {};
    if (pdu.kind == PduKind::Command)
      return converted(imap::pieces_of_command(from_verb(lines.front())));
    std::string whole = lines.front();
    for (std::size_t i = 1; i < lines.size(); ++i) whole += "\r\n" + lines[i];
    return converted(imap::pieces_of_response(whole));
  }
  std::vector<Piece> line_pieces(std::string_view line) const override {
    return converted(imap::pieces_of(line));
  }
  std::vector<Shown> shown(const trace::Trace&, const Pdu& pdu,
                           const std::vector<std::string>& lines) const override {
    std::vector<Shown> all;
    const bool command = pdu.kind == PduKind::Command;
    if (!command && pdu.kind != PduKind::Reply) return all;
    if (const ReferenceEntry* entry =
            command ? imap::explain_verb(verb_of(pdu.word), has_uid(pdu.word))
                    : imap::explain_response(response_of(pdu.word), verb_of(pdu.answers)))
      all.push_back({std::string(entry->word), entry->context, ""});
    for (const Piece& piece : pieces(pdu, lines))
      all.push_back({std::string(piece.entry->word), piece.entry->context, ""});
    return all;
  }
  Meaning content_meaning() const override {
    return {
        "A message, header and body, as a literal: its octets are counted in front of them, so "
        "that "
        "nothing in them needs to be marked or doubled.",
        "RFC 9051 §4.3"};
  }
  Meaning continuation_meaning() const override {
    return {
        "A line without a tag: it belongs to the command before. DONE ends IDLE; within a log-in "
        "it "
        "carries a secret or the proof of one, which is not shown.",
        "RFC 9051 §6.2.2, §6.3.13"};
  }
  std::span<const trace::FindingKind> finding_kinds() const override {
    return imap_finding_kinds();
  }
  std::span<const ReferenceEntry> reference() const override { return imap::reference(); }

 private:
  static Card make_card() {
    Card card{.name = "imap", .title = "IMAP"};
    card.ports = {{143, false, "imap"}, {993, true, "imaps"}};
    card.client = trace::AgentKind::MaaClient;
    card.server = trace::AgentKind::MaaServer;
    card.mail = card.pulls = true;
    card.colour = 3;
    card.reply = "response";
    return card;
  }
};

}  // namespace

const Language& imap_language() {
  static const Imap kLanguage;
  return kLanguage;
}

}  // namespace mailscope::languages
