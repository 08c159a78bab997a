#include "viz/layout/scrubber.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

float x_of(const TraceIndex& index, Rect track, Time at) {
  const double total = static_cast<double>(std::max<Time>(1, index.fold().duration()));
  return track.x +
         track.w * static_cast<float>(static_cast<double>(index.fold().folded(at)) / total);
}

// A column's refusals stand on top of it, as a cap: seldom many, and never to be overlooked.
void add_caps(const TraceIndex& index, const Metrics& m, int column, int columns, float bottom,
              Scrubber& scrubber) {
  const Rect track = scrubber.track;
  const float pitch = track.w / static_cast<float>(columns);
  const int first = (column * kBuckets + columns - 1) / columns;
  const int end = ((column + 1) * kBuckets + columns - 1) / columns;
  std::array<std::uint32_t, 2> sum{};
  for (int i = first; i < std::min(end, kBuckets); ++i)
    for (std::size_t k = 0; k < 2; ++k) sum[k] += index.refusals(i)[k];
  bottom = std::max(bottom, track.y + m.px(2 * kCapHeight));
  const float x = track.x + static_cast<float>(column) * pitch;
  for (std::size_t k = 0; k < 2; ++k) {
    if (sum[k] == 0) continue;
    DensityBar cap;
    cap.x = x - m.px(1.5f), cap.w = pitch + m.px(1.5f);
    cap.top = bottom - m.px(kCapHeight), cap.bottom = bottom;
    cap.role = k == 0 ? Role::NotNow : Role::Refused;
    cap.to_come = x > scrubber.playhead;
    cap.refused = true;
    bottom = cap.top;
    scrubber.bars.push_back(cap);
  }
}

void add_bars(const TraceIndex& index, const Metrics& m, Scrubber& scrubber) {
  const Rect track = scrubber.track;
  const int columns = std::clamp(static_cast<int>(track.w / m.px(5)), 1, kBuckets);
  const float pitch = track.w / static_cast<float>(columns);
  std::vector<std::array<std::uint32_t, kProtocolColours>> sums(static_cast<std::size_t>(columns));
  std::uint32_t most = 1;
  for (int i = 0; i < kBuckets; ++i) {
    auto& sum = sums[static_cast<std::size_t>(i) * static_cast<std::size_t>(columns) / kBuckets];
    for (std::size_t p = 0; p < kProtocolColours; ++p) sum[p] += index.bucket(i)[p];
  }
  for (const auto& sum : sums) {
    std::uint32_t total = 0;
    for (const std::uint32_t n : sum) total += n;
    most = std::max(most, total);
  }
  for (int c = 0; c < columns; ++c) {
    const auto& sum = sums[static_cast<std::size_t>(c)];
    std::uint32_t total = 0;
    for (const std::uint32_t n : sum) total += n;
    if (total == 0) continue;
    // The root keeps a single PDU visible beside a burst.
    float height = track.h * std::sqrt(static_cast<float>(total) / static_cast<float>(most));
    height = std::max(height, m.px(kMarkHeightMin));
    float bottom = track.bottom();
    const float x = track.x + static_cast<float>(c) * pitch;
    for (std::size_t p = 0; p < kProtocolColours; ++p) {
      if (sum[p] == 0) continue;
      const float part = height * static_cast<float>(sum[p]) / static_cast<float>(total);
      scrubber.bars.push_back(
          {x, pitch - m.px(1.5f), bottom - part, bottom, role_of_colour(p), x > scrubber.playhead});
      bottom -= part;
    }
    add_caps(index, m, c, columns, bottom, scrubber);
  }
}

void add_chapters(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                  Scrubber& scrubber) {
  const Rect track = scrubber.track;
  const std::span<const Id> notes = index.chapters();
  const int current = chapter_at(index, cursor);
  float free = track.x;  // from here on no label stands
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const trace::Note& note = index.trace().notes[notes[i]];
    ChapterMark mark;
    mark.note = notes[i];
    mark.number = static_cast<int>(i) + 1;
    mark.x = x_of(index, track, note.at);
    mark.current = static_cast<int>(i) == current;
    const float end = i + 1 < notes.size()
                          ? x_of(index, track, index.trace().notes[notes[i + 1]].at)
                          : track.right();
    const std::string number = std::to_string(mark.number);
    mark.label_x = std::max(mark.x + m.px(6), free);
    mark.label = number + "  " + note.text;
    if (m.width(TextStyle::SmallStrong, mark.label) > end - mark.label_x - m.px(8))
      mark.label = number;  // a cut-off word is worse than none
    free = mark.label_x + m.width(TextStyle::SmallStrong, mark.label) + m.px(5);
    scrubber.chapters.push_back(std::move(mark));
  }
  // Those that were pushed beyond the end come back, one before the other.
  float right = track.right() + m.px(12);
  for (std::size_t i = scrubber.chapters.size(); i-- > 0;) {
    ChapterMark& mark = scrubber.chapters[i];
    mark.label_x = std::min(mark.label_x, right - m.width(TextStyle::SmallStrong, mark.label));
    right = mark.label_x - m.px(5);
  }
}

Sign sign_of(DeedKind deed) {
  switch (deed) {
    case DeedKind::On:
    case DeedKind::Restart:
      return Sign::On;
    case DeedKind::Off:
      return Sign::Off;
    case DeedKind::Crash:
      return Sign::Crash;
    case DeedKind::Cut:
    case DeedKind::Drop:
      return Sign::Cut;
    case DeedKind::Mend:
      return Sign::Mend;
    default:
      return Sign::Other;
  }
}

void add_findings(const TraceIndex& index, const Metrics& m, Scrubber& scrubber) {
  // Worst first within a mark; a mark every 3 pixels at most.
  std::vector<FindingMark> marks(
      static_cast<std::size_t>(std::max(1.f, scrubber.track.w / m.px(10))) + 1, FindingMark{});
  std::vector<bool> used(marks.size(), false);
  for (const Id id : index.trace().findings_by_time) {
    const trace::Finding& finding = index.trace().findings[id];
    const float x = x_of(index, scrubber.track, finding.at);
    const auto slot = static_cast<std::size_t>(
        std::clamp((x - scrubber.track.x) / m.px(10), 0.f, static_cast<float>(marks.size() - 1)));
    FindingMark& mark = marks[slot];
    if (used[slot]) {
      ++mark.count;
      if (finding.severity > mark.severity) mark.finding = id, mark.severity = finding.severity;
    } else {
      mark = {id, x, finding.severity, 1};
      used[slot] = true;
    }
  }
  for (std::size_t i = 0; i < marks.size(); ++i)
    if (used[i]) scrubber.findings.push_back(marks[i]);
}

}  // namespace

Scrubber layout_scrubber(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                         Rect area) {
  Scrubber scrubber;
  const float top = metrics.px(22), foot = metrics.px(30);
  scrubber.track = {area.x, area.y + top, std::max(1.f, area.w),
                    std::max(metrics.px(8), area.h - top - foot)};
  scrubber.playhead = x_of(index, scrubber.track, cursor.time);
  scrubber.playhead_text = clock_text(cursor.time);
  add_bars(index, metrics, scrubber);
  add_chapters(index, cursor, metrics, scrubber);
  add_findings(index, metrics, scrubber);
  for (Id id = 0; id < index.trace().interventions.size(); ++id) {
    const trace::Intervention& done = index.trace().interventions[id];
    scrubber.interventions.push_back(
        {x_of(index, scrubber.track, done.at), sign_of(index.deed(id).kind), done.text});
  }
  return scrubber;
}

Time time_at(const TraceIndex& index, const Scrubber& scrubber, float x) {
  const float share = std::clamp((x - scrubber.track.x) / scrubber.track.w, 0.f, 1.f);
  const double folded = static_cast<double>(share) * static_cast<double>(index.fold().duration());
  return index.fold().unfolded(static_cast<Time>(folded));
}

}  // namespace mailscope::viz
