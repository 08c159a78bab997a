#include "viz/layout/heading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/segment.hpp"
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
  if (!text.empty() && text.back() != '.' && text.back() != '?') text += '.';
  return text;
}

// Whether what the note says is what happens now: its own event, or nothing has happened since.
bool speaks_now(const TraceIndex& index, const Cursor& cursor, const trace::Note& note) {
  const Selection told = event_of(index, note);
  if (told.kind != Selected::Nothing) return cursor.event == told;
  if (cursor.event.kind == Selected::Intervention && !cursor.settled) return false;
  return end_of(index, cursor.event) <= index.shown_at(index.narration()[cursor.note]);
}

void say_change(const TraceIndex& index, Id id, Heading& out) {
  const Trace& trace = index.trace();
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  out.headline = as_sentence(printable_utf8(change.text));
  out.detail = "Inside " + (variable.host < trace.hosts.size() ? index.host_name(variable.host)
                                                               : std::string("a host"));
  out.detail += ": no wire shows it.";
}

void say_pdu(const TraceIndex& index, Id id, Time at, Heading& out) {
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[id];
  if (const Id lost = index.lost_with(id); lost != kNone && loss_of(index, lost) <= at) {
    const std::string name = pdu.kind == trace::PduKind::Open ? "SYN" : label(trace, pdu, at);
    out.headline = fmt::format("{} to {}: {} is {}", index.endpoint_name(index.sender(pdu)),
                               index.endpoint_name(index.receiver(pdu)), name,
                               loss_text(trace.frames[lost].loss));
    out.detail = "Neither side is told.";
    return;
  }
  const std::string meaning = gist(trace, pdu, at);
  out.headline = fmt::format("{} to {}: {}", index.endpoint_name(index.sender(pdu)),
                             index.endpoint_name(index.receiver(pdu)),
                             label(trace, pdu, at) + more_lines(trace, pdu));
  out.detail = meaning.empty() ? kind_text(trace, pdu) : as_sentence(meaning);
}

std::string carried_name(const TraceIndex& index, Id id, Time at) {
  const Trace& trace = index.trace();
  if (const Id pdu = index.pdu_of_frame(id);
      pdu != kNone && trace.pdus[pdu].kind != trace::PduKind::Open)
    return sent_name(trace, trace.pdus[pdu], at);
  return std::string(segment_name(trace, trace.frames[id]));
}

// A frame that is lost, or one that repeats what was sent: which, and where.
void say_frame(const TraceIndex& index, Id id, Time at, Heading& out) {
  const Trace& trace = index.trace();
  const trace::Frame& frame = trace.frames[id];
  const auto host = [&](Id one) {
    return one < trace.hosts.size() ? index.host_name(one) : std::string("all hosts of the link");
  };
  const bool lost = frame.fate == trace::Fate::Lost && loss_of(index, id) <= at;
  const Id pdu = index.pdu_of_frame(id);
  const bool says = pdu != kNone;
  const Id origin = frame.origin == kNone ? id : frame.origin;
  const bool again = !lost && index.has_row(id) && (!says || trace.pdus[pdu].frame != origin);
  const std::string ends =
      again && says ? fmt::format("{} to {}", index.endpoint_name(index.sender(trace.pdus[pdu])),
                                  index.endpoint_name(index.receiver(trace.pdus[pdu])))
                    : fmt::format("{} to {}", host(frame.from), host(frame.to));
  out.headline = fmt::format("{}: {}{}", ends, carried_name(index, id, at),
                             lost    ? " is " + loss_text(frame.loss)
                             : again ? ", again"
                                     : "");
  out.detail = lost    ? "Neither side is told."
               : again ? "No answer has come, so TCP sends it once more."
               : says  ? "It is on its way."
                       : "A frame of the layers below: no program has said anything.";
}

void say_intervention(const TraceIndex& index, Id id, Heading& out) {
  out.headline = as_sentence(text_of(index, id));
  out.detail = "Somebody does this at the machines: none of the programs is told.";
}

void say_event(const TraceIndex& index, const Cursor& cursor, Heading& out) {
  const Selection event = cursor.event;
  if (event.kind == Selected::Change) return say_change(index, event.id, out);
  if (event.kind == Selected::Pdu) return say_pdu(index, event.id, cursor.time, out);
  if (event.kind == Selected::Frame) return say_frame(index, event.id, cursor.time, out);
  if (event.kind == Selected::Intervention) return say_intervention(index, event.id, out);
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
  const bool at_home = cursor.event.kind == Selected::Nothing;
  const bool says_note = cursor.silence == 0 && (note ? speaks_now(index, cursor, *note) : at_home);
  if (says_note) {
    say_note(index, note, out);
  } else if (cursor.silence > 0) {
    out.headline = span_text(cursor.silence) + " later";
    out.detail =
        cursor.lower_layers
            ? "Meanwhile no program says anything: only the layers below ask for an address."
            : "Meanwhile nothing moves, on the wires or inside the hosts.";
  } else if (is_end(index, cursor)) {
    out.headline = "The end: nothing is under way any more.";
  } else {
    say_event(index, cursor, out);
  }
  const bool gone_on = !says_note;
  if (note && gone_on) out.past = fmt::format("Step {}: {}", cursor.note + 1, note->text);
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

namespace {

// Units.
constexpr float kBefore = 22, kBetween = 28, kAfter = 18;  // left, middle, right
constexpr float kEdge = 8;                                 // above and below the words
constexpr float kHeadlineLine = 26, kBodyLine = 22, kSmallLine = 18;
constexpr float kStepButtons = 2 * 28 + 2 * 8;
constexpr float kHeightUsual = 84;  // higher only where the smallest type needs it
constexpr float kAsideMax = 0.3f;   // of the panel's width

float line_of(const Metrics& m, TextStyle style) {
  if (style == TextStyle::Headline) return m.px(kHeadlineLine);
  return m.px(style == TextStyle::Small ? kSmallLine : kBodyLine);
}

float height_of(const Metrics& m, const HeadingShape& shape, std::string_view headline,
                std::string_view detail) {
  const std::size_t first = wrap(m, shape.headline, headline, shape.words).size();
  const std::size_t rest = detail.empty() ? 0 : wrap(m, shape.detail, detail, shape.words).size();
  return 2 * m.px(kEdge) + line_of(m, shape.headline) * static_cast<float>(first) +
         line_of(m, shape.detail) * static_cast<float>(rest);
}

float highest(const TraceIndex& index, const Metrics& m, const HeadingShape& shape) {
  const trace::Source& source = index.trace().source;
  float height = height_of(m, shape, source.title, source.summary);
  for (const Id id : index.narration()) {
    const trace::Note& note = index.trace().notes[id];
    height = std::max(height, height_of(m, shape, note.text, note.detail));
  }
  return height;
}

float widest_step(const TraceIndex& index, const Metrics& m) {
  const std::size_t steps = index.narration().size();
  float w = m.width(TextStyle::Small, fmt::format("{} steps", steps));
  for (std::size_t i = 1; i <= steps; ++i)
    w = std::max(w, m.width(TextStyle::Small, fmt::format("after step {} of {}", i, steps)));
  return w;
}

// What stands to the right of the words.
float aside(const TraceIndex& index, const Metrics& m, float step) {
  float w = step + m.px(kStepButtons);
  for (std::size_t i = 0; i < index.chapters().size(); ++i)
    w = std::max(
        w, m.width(TextStyle::Small, fmt::format("chapter {} · {}", i + 1,
                                                 index.trace().notes[index.chapters()[i]].text)));
  return w;
}

}  // namespace

namespace {

// From the largest to the smallest.
struct Type {
  TextStyle headline, detail;
};
constexpr Type kTypes[] = {{TextStyle::Headline, TextStyle::Body},
                           {TextStyle::Headline, TextStyle::Small},
                           {TextStyle::BodyStrong, TextStyle::Small}};

// The largest type in which these words have room in the panel.
HeadingShape typed_for(const Heading& heading, HeadingShape shape, const Metrics& m) {
  for (const Type& type : kTypes) {
    shape.headline = type.headline, shape.detail = type.detail;
    if (height_of(m, shape, heading.headline, heading.detail) <= shape.height + 1) break;
  }
  return shape;
}

}  // namespace

HeadingShape shape_headings(const TraceIndex& index, const Metrics& m, float width) {
  HeadingShape shape;
  shape.step = widest_step(index, m);
  shape.words = width - std::min(aside(index, m, shape.step), kAsideMax * width) -
                m.px(kBefore + kBetween + kAfter);
  for (const Type& type : kTypes) {
    shape.headline = type.headline, shape.detail = type.detail;
    shape.height = highest(index, m, shape);
    if (shape.height <= m.px(kHeightUsual)) break;
  }
  return shape;
}

StepPlace place_step(const HeadingShape& shape, const Metrics& m, Rect line) {
  const float size = line.h, gap = m.px(8);
  const Rect forth{line.right() - size, line.y, size, size};
  const Rect words{forth.x - gap - shape.step, line.y, shape.step, line.h};
  return {{words.x - gap - size, line.y, size, size}, words, forth};
}

std::vector<HeadingLine> lay_heading(const Heading& heading, const HeadingShape& whole,
                                     const Metrics& m) {
  const HeadingShape shape = typed_for(heading, whole, m);
  std::vector<HeadingLine> lines;
  float y = m.px(kEdge);
  const auto add = [&](HeadingPart part, std::string_view text, float keep) {
    const TextStyle style = part == HeadingPart::Headline ? shape.headline
                            : part == HeadingPart::Detail ? shape.detail
                                                          : TextStyle::Small;
    const float step = line_of(m, style);
    const std::vector<std::string> words = wrap(m, style, text, shape.words);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool last = y + 2 * step + keep > shape.height - m.px(kEdge) + 1;
      std::string line = words[i];
      if (last)
        for (std::size_t k = i + 1; k < words.size(); ++k) line += ' ' + words[k];
      lines.push_back(
          {{m.px(kBefore), y, shape.words, step}, style, fit(m, style, line, shape.words), part});
      y += step;
      if (last) return;
    }
  };
  add(HeadingPart::Headline, heading.headline,
      heading.detail.empty() ? 0 : line_of(m, shape.detail));
  if (!heading.detail.empty()) add(HeadingPart::Detail, heading.detail, 0);
  const bool room = y + line_of(m, TextStyle::Small) <= shape.height - m.px(kEdge) + 1;
  if (!heading.past.empty() && room) add(HeadingPart::Past, heading.past, 0);
  const float free = shape.height - m.px(kEdge) - y;  // in the middle of the panel
  for (HeadingLine& line : lines) line.rect.y += free / 2;
  return lines;
}

}  // namespace mailscope::viz
