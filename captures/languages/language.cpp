#include "captures/languages/language.hpp"

#include "captures/languages/line_words.hpp"

namespace mailscope::languages {

std::optional<Sound> Language::sound_of(std::string_view) const {
  return {};
}

std::unique_ptr<DialogueObserver> Language::make_observer(bool) const {
  return nullptr;
}

tl::expected<Datagram, std::string> Language::read_datagram(std::string_view) const {
  return tl::unexpected(std::string("this language has no datagrams"));
}

std::optional<FieldSheet> Language::fields(std::string_view) const {
  return {};
}

std::string Language::verb(std::uint16_t) const {
  return {};
}

std::string Language::code(std::uint16_t word) const {
  return std::to_string(word);
}

Verdict Language::verdict(std::uint16_t) const {
  return Verdict::Yes;
}

MailRole Language::mail_role(std::uint16_t) const {
  return MailRole::Nothing;
}

bool Language::logs_in(std::uint16_t) const {
  return false;
}

bool Language::is_sasl(std::uint16_t) const {
  return false;
}

bool Language::judges_message(std::uint16_t) const {
  return false;
}

trace::MailKind Language::mail_kind(std::uint16_t) const {
  return trace::MailKind::Data;
}

bool Language::knows_verb(std::string_view word) const {
  return holds_word(verbs(), word);
}

std::string_view Language::path_in(std::string_view) const {
  return {};
}

std::string_view Language::user_in(std::string_view) const {
  return {};
}

// The arguments of a command; all of a line that is none.
std::size_t Language::secret_begin(std::string_view line, trace::PduKind kind) const {
  if (kind == trace::PduKind::Continuation || kind == trace::PduKind::Opaque) return 0;
  return argument_begin(line, 0);
}

std::string Language::state(std::uint8_t) const {
  return {};
}

Tone Language::tone(std::uint8_t state) const {
  return state == 0 ? Tone::Quiet : state == 1 ? Tone::Own : Tone::Ready;
}

std::vector<std::string> Language::next(std::uint8_t) const {
  return {};
}

std::string_view Language::phase(Phase phase) const {
  constexpr std::string_view kNames[] = {"", "set-up", "transfer", "termination"};
  return kNames[static_cast<int>(phase)];
}

std::string_view Language::announced_as(std::string_view) const {
  return {};
}

bool Language::lists_extensions(std::uint16_t) const {
  return false;
}

std::optional<std::vector<std::string>> Language::lines(const trace::Trace&,
                                                        const trace::Pdu&) const {
  return {};
}

std::optional<std::vector<std::string>> Language::bare_lines(const trace::Trace& trace,
                                                             const trace::Pdu& pdu) const {
  return lines(trace, pdu);
}

std::optional<std::string_view> Language::without_code(std::string_view line, bool) const {
  return line;
}

std::string Language::gist(const trace::Trace&, const trace::Pdu&) const {
  return {};
}

const ReferenceEntry* Language::entry(const trace::Trace&, const trace::Pdu& pdu) const {
  return find_entry(reference(),
                    pdu.kind == trace::PduKind::Reply ? code(pdu.word) : verb(pdu.word));
}

Meaning Language::content_meaning() const {
  return {"The message itself, header and body.", ""};
}

Meaning Language::continuation_meaning() const {
  return {
      "Part of the log-in that the command before began. It carries a secret or the proof of "
      "one, so it is not shown.",
      "RFC 4954 §4"};
}

std::vector<std::string> Language::code_parts(std::uint16_t) const {
  return {};
}

std::vector<Piece> Language::pieces(const trace::Pdu&, const std::vector<std::string>&) const {
  return {};
}

std::vector<Piece> Language::line_pieces(std::string_view) const {
  return {};
}

std::optional<FactSheet> Language::facts(const trace::Trace&, const trace::Pdu&) const {
  return {};
}

std::vector<Shown> Language::shown(const trace::Trace&, const trace::Pdu& pdu,
                                   const std::vector<std::string>&) const {
  if (pdu.kind != trace::PduKind::Command) return {};
  std::string name = verb(pdu.word);
  if (name.empty()) return {};
  return {{std::move(name), "", ""}};
}

std::vector<const ReferenceEntry*> Language::explain(std::string_view) const {
  return {};
}

bool Language::is_parameter(const ReferenceEntry&) const {
  return false;
}

std::string_view Language::argument_word(std::string_view) const {
  return {};
}

}  // namespace mailscope::languages
