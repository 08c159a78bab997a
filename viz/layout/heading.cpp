#include "viz/layout/heading.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  const bool untied = note && note->pdu == kNone && note->change == kNone;
  if (untied && trace.changes[id].at == note->at) return false;
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  out.headline = as_sentence(printable_utf8(change.text));
  out.detail = "Inside " + (variable.host < trace.hosts.size() ? index.host_name(variable.host)
                                                               : std::string("a host"));
  out.detail += ": no wire shows it.";
  return true;
}

// A PDU behind a step that speaks of no PDU, or of one in another connection; or one that ends the
// connection, where the step spoke of what came before.
bool is_beyond(const TraceIndex& index, const Cursor& cursor, const trace::Note& note) {
  const Trace& trace = index.trace();
  if (cursor.pdu == kNone) return false;
  if (note.pdu == kNone)
    return cursor.selection.kind == Selected::Pdu && index.departs(cursor.pdu) >= note.at;
  if (!trace.is_before(note.pdu, cursor.pdu)) return false;
  const trace::Pdu &now = trace.pdus[cursor.pdu], &told = trace.pdus[note.pdu];
  const bool ends = now.phase == Phase::Termination && told.phase != Phase::Termination;
  return ends || now.connection != told.connection;
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
  const auto add = [&](bool detail, std::string_view text, float keep) {
    const TextStyle style = detail ? shape.detail : shape.headline;
    const float step = line_of(m, style);
    const std::vector<std::string> words = wrap(m, style, text, shape.words);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool last = y + 2 * step + keep > shape.height - m.px(kEdge) + 1;
      std::string line = words[i];
      if (last)
        for (std::size_t k = i + 1; k < words.size(); ++k) line += ' ' + words[k];
      lines.push_back(
          {{m.px(kBefore), y, shape.words, step}, style, fit(m, style, line, shape.words), detail});
      y += step;
      if (last) return;
    }
  };
  add(false, heading.headline, heading.detail.empty() ? 0 : line_of(m, shape.detail));
  if (!heading.detail.empty()) add(true, heading.detail, 0);
  const float free = shape.height - m.px(kEdge) - y;  // in the middle of the panel
  for (HeadingLine& line : lines) line.rect.y += free / 2;
  return lines;
}

}  // namespace mailscope::viz
