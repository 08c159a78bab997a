#include "viz/layout/inspector.hpp"

#include <fmt/format.h>

#include "captures/languages/languages.hpp"
#include "captures/trace/counts.hpp"
#include "viz/layout/inspector_parts.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

Inspector inspect_nothing(const TraceIndex& index) {
  const Trace& trace = index.trace();
  Inspector out;
  out.chips.push_back({trace.source.kind == trace::SourceKind::Simulator ? "scenario"
                       : trace.source.kind == trace::SourceKind::File    ? "capture"
                                                                         : "live",
                       Role::Accent, true});
  out.title = trace.source.title.empty() ? trace.source.name : trace.source.title;
  if (!trace.source.summary.empty()) out.meaning.push_back(trace.source.summary);
  Section section{"What is in it", "", {}, {}};
  add_fact(section, "lasts", span_text(index.duration()));
  const auto [connections, queries] = trace::count_connections(trace);
  add_fact(section, "connections", std::to_string(connections));
  for (const auto& [protocol, count] : queries)
    if (count > 0)
      add_fact(section, fmt::format("{} queries", languages::title(protocol)),
               std::to_string(count));
  add_fact(section, "PDUs", std::to_string(trace.pdus.size()));
  add_fact(section, "messages", std::to_string(trace.mails.size()));
  add_fact(section, "packets", std::to_string(trace.source.frames));
  add_fact(section, "findings", std::to_string(trace.findings.size()));
  out.sections.push_back(std::move(section));
  add_connections(index, out);
  add_letters(index, out);
  Section chapters{"Chapters", "keys 1–9", {}, {}};
  for (std::size_t i = 0; i < index.chapters().size() && i < kFactsMax; ++i)
    add_fact(chapters, std::to_string(i + 1), trace.notes[index.chapters()[i]].text);
  if (!chapters.facts.empty()) out.sections.push_back(std::move(chapters));
  return out;
}

}  // namespace

void add_fact(Section& section, std::string label, std::string value, bool mono) {
  if (!value.empty())
    section.facts.push_back({std::move(label), std::move(value), mono, {}, Role::Text});
}

void add_section(Inspector& out, Section section) {
  if (!section.facts.empty() || !section.text.empty()) out.sections.push_back(std::move(section));
}

Inspector inspect(const TraceIndex& index, const Cursor& cursor) {
  const Selection selection = cursor.selection;
  const Trace& trace = index.trace();
  Inspector out;
  switch (selection.kind) {
    case Selected::Pdu:
      if (selection.id < trace.pdus.size()) out = inspect_pdu(index, selection.id, cursor.time);
      break;
    case Selected::Host:
      if (selection.id < trace.hosts.size()) out = inspect_host(index, cursor, selection.id);
      break;
    case Selected::Change:
      if (selection.id < trace.changes.size()) out = inspect_change(index, cursor, selection.id);
      break;
    case Selected::Mail:
      if (selection.id < trace.mails.size()) out = inspect_mail(index, selection.id);
      break;
    case Selected::Frame:
      if (selection.id < trace.frames.size()) out = inspect_frame(index, selection.id, cursor.time);
      break;
    case Selected::Intervention:
      if (selection.id < trace.interventions.size())
        out = inspect_intervention(index, selection.id);
      break;
    case Selected::Nothing:
      out = inspect_nothing(index);
      break;
  }
  out.selection = selection;
  return out;
}

}  // namespace mailscope::viz
