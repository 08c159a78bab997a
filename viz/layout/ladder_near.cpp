// Who has traffic or events in the rows around the cursor: where there is little room, the others'
// lifelines are left out.
#include <algorithm>

#include "viz/layout/ladder_lines.hpp"
#include "viz/layout/ladder_sheet.hpp"

namespace mailscope::viz {
namespace {

using Participant = TraceIndex::Participant;

constexpr float kNarrow = 560;  // units: in a panel so narrow idle lines are left out
constexpr std::size_t kLinesUsual = 4;
constexpr std::size_t kRowsLookedAt = 400;

class BusyLines {
 public:
  BusyLines(const LadderSheet& sheet, const std::vector<Participant>& all)
      : sheet_(sheet), all_(all), busy_(all.size()) {
    for (const Participant& participant : all) add_line(participant);
  }

  void look_at(const Row& row) {
    const Trace& trace = sheet_.trace;
    if (row.kind == RowKind::Pdu) {
      mark_ends(trace.pdus[row.id].connection);
    } else if (row.kind == RowKind::Lost) {
      mark_ends(trace.frames[row.id].connection);
    } else if (row.kind == RowKind::Change) {
      const float place = x_of_change(sheet_.index, lines_, row.id);
      if (place >= 0) busy_[static_cast<std::size_t>(place)] = true;
    }
  }

  void mark_ends(Id connection) {
    if (connection >= sheet_.trace.connections.size()) return;
    const trace::Connection& of = sheet_.trace.connections[connection];
    for (const trace::Endpoint* end : {&of.client, &of.server})
      for (std::size_t i = 0; i < all_.size(); ++i)
        if (all_[i].host == end->host && all_[i].agent == end->agent) busy_[i] = true;
  }

  // All of them where no pair would be left.
  std::vector<Participant> kept() const {
    std::vector<Participant> kept;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (busy_[i]) kept.push_back(all_[i]);
    return kept.size() < 2 ? all_ : kept;
  }

 private:
  // Its x is its place among them.
  void add_line(const Participant& participant) {
    Lifeline line;
    line.host = participant.host, line.agent = participant.agent;
    line.x = static_cast<float>(lines_.size());
    lines_.push_back(std::move(line));
  }

  const LadderSheet& sheet_;
  const std::vector<Participant>& all_;
  std::vector<Lifeline> lines_;
  std::vector<bool> busy_;
};

}  // namespace

// In a narrow panel only those that the rows around the cursor have to do with: its width is for
// the words.
std::vector<Participant> participants_near(const LadderSheet& sheet) {
  const std::vector<Participant> all = sheet.rows.participants();
  const bool narrow = sheet.area.w < sheet.m.px(kNarrow) && !sheet.settings.true_time;
  if (all.size() <= kLinesUsual || !narrow) return all;
  const float rows = 2 * sheet.area.h / (sheet.m.px(kRowHeightTight) * sheet.settings.zoom);
  const auto near =
      static_cast<std::size_t>(std::clamp(rows, 4.f, static_cast<float>(kRowsLookedAt)));
  const float at = static_cast<float>(sheet.current_row.value_or(0)) + sheet.cursor.pan;
  const auto middle = static_cast<std::size_t>(std::max(0.f, at));
  BusyLines busy(sheet, all);
  if (sheet.cursor.pdu != kNone) busy.mark_ends(sheet.trace.pdus[sheet.cursor.pdu].connection);
  const std::size_t end = std::min(middle + near, sheet.rows.size());
  for (std::size_t row = middle > near ? middle - near : 0; row < end; ++row)
    busy.look_at(sheet.rows.at(row));
  return busy.kept();
}

// Of the rows around the cursor that even time shows; a true time shows others, and they have to do
// with those.
std::vector<Id> hosts_in_sight(const LadderSheet& sheet) {
  const float visible =
      std::max(1.f, sheet.area.h / (sheet.m.px(kRowHeight) * sheet.settings.zoom));
  const float at = static_cast<float>(sheet.current_row.value_or(0)) - visible * kAnchor +
                   (sheet.settings.true_time ? 0 : sheet.cursor.pan);
  const auto first = static_cast<std::size_t>(std::max(0.f, at));
  const auto count = std::min(static_cast<std::size_t>(visible) + 1, kRowsLookedAt);
  std::vector<Id> hosts;
  for (std::size_t row = first; row < std::min(sheet.rows.size(), first + count); ++row) {
    const Row event = sheet.rows.at(row);
    if (event.kind == RowKind::Pdu) {
      hosts.push_back(sheet.index.sender(sheet.trace.pdus[event.id]).host);
      hosts.push_back(sheet.index.receiver(sheet.trace.pdus[event.id]).host);
    } else if (event.kind == RowKind::Change) {
      hosts.push_back(sheet.trace.variables[sheet.trace.changes[event.id].variable].host);
    }
  }
  return hosts;
}

}  // namespace mailscope::viz
