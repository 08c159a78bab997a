// The rows that the ladder shows: all of the trace, or those of one connection (always the case
// where a capture has more endpoints than there is room for lifelines). O(1) and O(log n) each.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/ladder.hpp"

namespace mailscope::viz {

class LadderRows {
 public:
  LadderRows(const TraceIndex& index, const Cursor& cursor, bool whole)
      : index_(index), cursor_(cursor) {
    const bool room = index.all_participants() && hosts_of(index) <= kLifelineHostsMax;
    if (whole && room) return;
    const Trace& trace = index.trace();
    if (trace.pdus.empty()) return;
    connection_ = trace.pdus[cursor.pdu == kNone ? trace.by_time[0] : cursor.pdu].connection;
    pdus_ = index.pdus_of(connection_);
  }

  bool one_connection() const { return connection_ != kNone; }
  std::size_t size() const { return one_connection() ? pdus_.size() : index_.rows().size(); }
  Row at(std::size_t row) const {
    return one_connection() ? Row{pdus_[row], RowKind::Pdu} : index_.rows()[row];
  }
  Time time(std::size_t row) const {
    return one_connection() ? index_.trace().pdus[pdus_[row]].first : index_.time_of(row);
  }
  Time gap(std::size_t row) const { return index_.gap_length(row); }

  // The first row that begins at `at` or later.
  std::size_t first_from(Time at) const {
    std::size_t low = 0, high = size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (time(middle) < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // The row that the cursor stands on; nothing in front of the first.
  std::optional<std::size_t> row_at_cursor() const {
    if (size() == 0) return std::nullopt;
    if (!one_connection() && cursor_.silence > 0) return gap_ahead();
    if (!one_connection() && cursor_.event.kind == Selected::Change) {
      // The call of a socket has none: then the row stays that of what was last.
      const std::size_t row = index_.row_of_change(cursor_.event.id);
      if (row < size() && at(row) == Row{cursor_.event.id, RowKind::Change}) return row;
    }
    if (!one_connection() && cursor_.event.kind == Selected::Frame &&
        index_.has_row(cursor_.event.id))
      return index_.row_of_lost(cursor_.event.id);
    if (!one_connection() && cursor_.event.kind == Selected::Intervention)
      return index_.row_of_intervention(cursor_.event.id);
    if (cursor_.event.kind == Selected::Nothing && cursor_.time <= 0) return std::nullopt;
    if (cursor_.pdu != kNone)
      return one_connection() ? index_.place_in_connection(cursor_.pdu)
                              : index_.row_of_pdu(cursor_.pdu);
    const std::size_t after = first_from(cursor_.time + 1);
    if (after == 0) return std::nullopt;
    return after - 1;
  }

  std::vector<TraceIndex::Participant> participants() const {
    if (!one_connection()) return {index_.participants().begin(), index_.participants().end()};
    const trace::Connection& connection = index_.trace().connections[connection_];
    return {{connection.client.host, connection.client.agent},
            {connection.server.host, connection.server.agent}};
  }

 private:
  static int hosts_of(const TraceIndex& index) {
    int hosts = 0;
    Id last = kNone;  // those of one host stand together
    for (const TraceIndex::Participant& participant : index.participants())
      hosts += participant.host != std::exchange(last, participant.host);
    return hosts;
  }
  // The silence that is being passed over, else what came last.
  std::optional<std::size_t> gap_ahead() const {
    const std::size_t after = first_from(cursor_.time + 1);
    if (after < size() && at(after).kind == RowKind::Gap) return after;
    if (after == 0) return std::nullopt;
    return after - 1;
  }

  const TraceIndex& index_;
  const Cursor& cursor_;
  Id connection_ = kNone;
  std::span<const Id> pdus_;
};

}  // namespace mailscope::viz
