#include "viz/layout/heading.hpp"

#include <fmt/format.h>

#include "protocols/base/ascii.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

const trace::Note* note_of(const TraceIndex& index, const Cursor& cursor) {
  if (cursor.note == kNone) return nullptr;
  return &index.trace().notes[index.narration()[cursor.note]];
}

// A host's name at the beginning stays as it is written.
std::string as_sentence(std::string text) {
  const std::string_view first = std::string_view(text).substr(0, text.find(' '));
  const bool name = first.find_first_of(".-") != std::string_view::npos;
  if (!text.empty() && !name) text[0] = to_upper(text[0]);
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

bool is_last(const TraceIndex& index, const Cursor& cursor) {
  return cursor.note + 1 == index.narration().size();
}

// An inside event behind the step has its own words.
bool says_change(const TraceIndex& index, const Cursor& cursor, const trace::Note* note,
                 Heading& out) {
  if (cursor.selection.kind != Selected::Change) return false;
  const Trace& trace = index.trace();
  const Id id = cursor.selection.id;
  if (note && (note->change == id || trace.changes[id].at < note->at)) return false;
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  out.headline = as_sentence(printable_utf8(change.text));
  out.detail = "Inside " + (variable.host < trace.hosts.size() ? index.host_name(variable.host)
                                                               : std::string("a host"));
  out.detail += ": no wire shows it.";
  return true;
}

// A PDU behind a step that speaks of no PDU, or of one in another connection.
bool is_beyond(const TraceIndex& index, const Cursor& cursor, const trace::Note& note) {
  const Trace& trace = index.trace();
  if (cursor.pdu == kNone) return false;
  if (note.pdu == kNone)
    return cursor.selection.kind == Selected::Pdu && index.departs(cursor.pdu) >= note.at;
  return cursor.pdu > note.pdu &&
         trace.pdus[cursor.pdu].connection != trace.pdus[note.pdu].connection;
}

bool says_pdu(const TraceIndex& index, const Cursor& cursor, const trace::Note* note,
              Heading& out) {
  if (!note || !is_beyond(index, cursor, *note)) return false;
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[cursor.pdu];
  const std::string meaning = gist(trace, pdu);
  out.headline = fmt::format("{} to {}: {}", index.endpoint_name(index.sender(pdu)),
                             index.endpoint_name(index.receiver(pdu)), label(trace, pdu));
  out.detail = meaning.empty() ? kind_text(trace, pdu) : as_sentence(meaning);
  return true;
}

void say_note(const TraceIndex& index, const trace::Note* note, Heading& out) {
  const trace::Source& source = index.trace().source;
  out.headline = note ? note->text : source.title.empty() ? source.name : source.title;
  out.detail = note ? note->detail : source.summary;
}

}  // namespace

Heading heading_of(const TraceIndex& index, const Cursor& cursor) {
  Heading out;
  const trace::Note* note = note_of(index, cursor);
  const std::size_t steps = index.narration().size();
  bool gone_on = true;
  if (cursor.silence > 0) {
    out.headline = span_text(cursor.silence) + " later";
    out.detail = "Meanwhile nothing happens here.";
  } else if (!says_change(index, cursor, note, out) &&
             (is_last(index, cursor) || !says_pdu(index, cursor, note, out))) {
    say_note(index, note, out);
    gone_on = false;
  }
  if (!note) {
    out.step = fmt::format("{} steps", steps);
  } else if (gone_on) {
    out.step = fmt::format("after step {} of {}", cursor.note + 1, steps);
  } else {
    out.step = fmt::format("step {} of {}", cursor.note + 1, steps);
  }
  const int chapter = chapter_at(index, cursor);
  if (chapter >= 0)
    out.place =
        fmt::format("chapter {} · {}", chapter + 1,
                    index.trace().notes[index.chapters()[static_cast<std::size_t>(chapter)]].text);
  return out;
}

}  // namespace mailscope::viz
