// A PDU: what it is and what it means, its octets, what it belongs to.
#include <fmt/format.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "protocols/base/ascii.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/inspector_parts.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;

void add_title(const TraceIndex& index, const Pdu& pdu, Time at, Inspector& out) {
  const Trace& trace = index.trace();
  const Role role = role_of(trace, pdu, at);
  out.chips.push_back({kind_text(trace, pdu), role, true});
  out.chips.push_back(
      {index.endpoint_name(index.sender(pdu)) + " → " + index.endpoint_name(index.receiver(pdu)),
       Role::Dim, false});
  const std::string_view phase = languages::of(trace, pdu).phase(pdu.phase);
  if (!phase.empty()) out.chips.push_back({std::string(phase), Role::Dim, false});
  const std::string whole = label(trace, pdu, at);
  out.title = whole;
  if (out.title.size() > 24 || pdu.kind == PduKind::Data) out.title = head(trace, pdu, at);
  if (out.title != whole && pdu.kind != PduKind::Data) out.line = whole;
  out.title_mono = true;
  out.title_role = role;
}

void add_meaning(const Trace& trace, const Pdu& pdu, Time at, Inspector& out) {
  std::string_view section;
  if (const ReferenceEntry* entry = reference(trace, pdu)) {
    out.meaning.emplace_back(entry->meaning);
    if (pdu.kind == PduKind::Command) out.syntax = entry->syntax;
    section = entry->section;
  } else {
    const languages::Meaning plain = plain_meaning(trace, pdu, at);
    out.meaning.emplace_back(plain.text);
    section = plain.section;
  }
  if (!section.empty()) out.references.push_back({std::string(section), Role::Pop3, false});
  if (pdu.kind == PduKind::Reply) {
    const Role role = refusal(trace, pdu) == Refusal::None ? Role::Good : role_of(trace, pdu);
    for (const std::string& part : languages::of(trace, pdu).code_parts(pdu.word))
      out.references.push_back({part, role, true});
  }
  constexpr std::pair<std::uint8_t, std::string_view> kFlags[] = {
      {Pdu::kRetransmitted, "sent more than once"},
      {Pdu::kOutOfPlace, "out of place here"},
      {Pdu::kIncomplete, "incomplete"},
      {Pdu::kUnknown, "unknown word"},
      {Pdu::kSecret, "secret, masked"}};
  for (const auto& [flag, text] : kFlags)
    if (pdu.flags & flag)
      out.references.push_back(
          {std::string(text), flag == Pdu::kSecret ? Role::Dim : Role::Warning, true});
}

// Why it came late, or never; once that has happened.
void add_loss(const TraceIndex& index, Id pdu, Time at, Inspector& out) {
  const Id lost = index.lost_of(pdu);
  if (lost == kNone || loss_of(index, lost) > at) return;
  const trace::Frame& frame = index.trace().frames[lost];
  out.references.push_back({loss_text(frame.loss), Role::Bad, true});
  if (const std::string_view why = loss_meaning(frame.loss); !why.empty())
    out.meaning.push_back(fmt::format("A packet of it was lost. {}", why));
}

// The PDU's own octets become the innermost layer, in place of the dissector's nameless payload.
void add_own_layer(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (pdu.segment >= trace.segments.size()) return;
  const trace::Segment& segment = trace.segments[pdu.segment];
  if (segment.derived) {  // its octets stand in no frame: what they were made of does
    const trace::Segment& carrier = trace.on_wire(segment);
    const auto end = static_cast<std::uint32_t>(out.octets.size());
    out.hot_begin = std::min(carrier.payload_at, end);
    out.hot_end = std::min(carrier.payload_at + carrier.octets, end);
    return;
  }
  if (pdu.begin < segment.begin || segment.frame != pdu.frame) return;
  const std::uint64_t begin = segment.payload_at + (pdu.begin - segment.begin);
  const std::uint64_t in_segment =
      std::min<std::uint64_t>(pdu.end - segment.begin, segment.octets) -
      (pdu.begin - segment.begin);
  out.hot_begin = static_cast<std::uint32_t>(std::min<std::uint64_t>(begin, out.octets.size()));
  out.hot_end =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(begin + in_segment, out.octets.size()));
  if (out.hot_begin >= out.hot_end) return;
  std::erase_if(out.layers, [](const Layer& layer) { return layer.name == "Payload"; });
  const std::string_view title = languages::of(trace, pdu).card().title;
  if (!out.layers.empty() && out.layers.back().name == title) {  // opened by the dissector
    out.layers.back().role = role_of(trace, pdu);
    return;
  }
  Layer own;
  own.name = std::string(title);
  own.summary = label(trace, pdu);
  own.role = role_of(trace, pdu);
  own.begin = out.hot_begin, own.end = out.hot_end;
  out.layers.push_back(std::move(own));
}

void add_characters(const Pdu& pdu, Inspector& out) {
  constexpr std::uint32_t kShown = 48;
  const std::uint32_t end = std::min(out.hot_end, out.hot_begin + kShown);
  for (std::uint32_t i = out.hot_begin; i < end; ++i) {
    const char c = out.octets[i];
    if (c > ' ' && c < 127) {
      out.characters.push_back({std::string(1, c), false, i});
      continue;
    }
    std::string text = c == ' '    ? "sp"
                       : c == '\r' ? "CR"
                       : c == '\n' ? "LF"
                       : c == '\t' ? "TAB"
                                   : "";
    if (text.empty()) text = fmt::format("{:02x}", static_cast<unsigned char>(c));
    out.characters.push_back({std::move(text), true, i});
  }
  if (out.hot_end > end) out.characters.push_back({"…", true, end});
  const std::string_view own =
      std::string_view(out.octets).substr(out.hot_begin, out.hot_end - out.hot_begin);
  if (pdu.kind == PduKind::Data && own.ends_with("\r\n.\r\n")) {
    out.characters_note = "CR LF . CR LF ends the message";
  } else if (own.ends_with("\r\n")) {
    out.characters_note = "CR LF ends the line";
  }
}

void add_lines(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (languages::of(trace, pdu).lines(trace, pdu)) return;  // add_facts() shows them
  std::vector<std::string> lines = observe::display_lines(trace, pdu, false, 40, 400);
  if (pdu.kind == PduKind::Data) lines = {};  // the mail's own sections show it
  if (lines.size() < 2) return;
  Section section{"What it says", "", {}, std::move(lines)};
  out.sections.push_back(std::move(section));
}

// Parameters of MAIL and RCPT, the extensions of an EHLO list, a reply's enhanced code.
void add_pieces(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (pdu.kind != PduKind::Command && pdu.kind != PduKind::Reply) return;
  const std::vector<std::string> lines =
      pdu.kind == PduKind::Command ? std::vector{observe::display_text(trace, pdu, false, 2000)}
                                   : observe::display_lines(trace, pdu, false, 40, 400);
  Section section{"Piece by piece", "", {}, {}};
  for (const languages::Piece& piece : languages::of(trace, pdu).pieces(pdu, lines))
    if (section.facts.size() < kFactsMax)
      section.facts.push_back({printable_utf8(piece.text),
                               piece.says.empty()
                                   ? fmt::format("{}. {}", piece.entry->title, piece.entry->meaning)
                                   : printable_utf8(piece.says),
                               false,
                               {},
                               Role::Text});
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

// What a message that is no text asks or says, as the first paragraph, and its records.
void add_facts(const Trace& trace, const Pdu& pdu, Inspector& out) {
  const languages::Language& language = languages::of(trace, pdu);
  const auto sheet = language.facts(trace, pdu);
  if (!sheet) return;
  out.meaning.insert(out.meaning.begin(),
                     (pdu.kind == PduKind::Reply ? "It says: " : "It asks: ") + gist(trace, pdu));
  Section section{sheet->title, sheet->right, {}, {}};
  for (const languages::Fact& fact : sheet->facts)
    section.facts.push_back({fact.label, fact.value, fact.mono, {}, Role::Text});
  out.sections.push_back(std::move(section));
}

void add_findings(const Trace& trace, Id pdu, Inspector& out) {
  Section section{"Findings", "", {}, {}};
  for (const Id id : trace.findings_by_time) {
    const trace::Finding& finding = trace.findings[id];
    if (finding.pdu != pdu || section.facts.size() >= kFactsMax) continue;
    section.facts.push_back({std::string(name(finding.severity)),
                             finding.text + (finding.rfc.empty() ? "" : " (" + finding.rfc + ")"),
                             false,
                             {},
                             role_of(finding.severity)});
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

void add_content(const Trace& trace, const Pdu& pdu, Inspector& out) {
  if (pdu.kind != PduKind::Data) return;
  Section section{
      "As it was sent", "first lines", {}, observe::display_lines(trace, pdu, false, 24, 200)};
  if (!section.text.empty()) out.sections.push_back(std::move(section));
}

}  // namespace

Inspector inspect_pdu(const TraceIndex& index, Id id, Time at) {
  const Trace& trace = index.trace();
  const Pdu& pdu = trace.pdus[id];
  Inspector out;
  add_title(index, pdu, at, out);
  add_meaning(trace, pdu, at, out);
  add_loss(index, id, at, out);
  add_facts(trace, pdu, out);
  if (pdu.frame < trace.frames.size()) {
    add_layers(trace, pdu.frame, out);
    add_own_layer(trace, pdu, out);
    add_characters(pdu, out);
  }
  add_machine(index, id, at, out);
  add_pieces(trace, pdu, out);
  add_lines(trace, pdu, out);
  add_findings(trace, id, out);
  if (const Id mail = index.mail_of_pdu(id); mail != kNone && pdu.kind != PduKind::Command)
    add_mail(index, mail, out);
  add_content(trace, pdu, out);
  add_exchange(trace, id, out);
  add_segments(trace, pdu, out);
  add_hops(index, pdu.frame, at, "Its first packet, link by link", out);
  return out;
}

}  // namespace mailscope::viz
