// What the rooms of the ladder share: what is asked, where the lifelines stand, and the ladder that
// is being made. ladder.cpp begins and ends it; ladder_even.cpp or ladder_true.cpp says where each
// row stands; ladder_marks.cpp draws what is in it, ladder_strips.cpp the states beside it.
#pragma once

#include <optional>

#include "viz/layout/ladder.hpp"
#include "viz/layout/ladder_rows.hpp"
#include "viz/layout/ladder_strips.hpp"

namespace mailscope::viz {

inline constexpr float kRowHeight = 38;       // units: even time, zoom 1
inline constexpr float kRowHeightTight = 31;  // units: where few rows would be left
inline constexpr float kLabelLeft = 30;       // units: the phases stand left of it
inline constexpr float kAnchor = 0.6f;        // where in the body the cursor stands

struct LadderSheet {
  LadderSheet(const TraceIndex& the_index, const Cursor& the_cursor, const Metrics& metrics,
              Rect the_area, const LadderSettings& the_settings)
      : index(the_index),
        trace(the_index.trace()),
        cursor(the_cursor),
        m(metrics),
        area(the_area),
        settings(the_settings),
        rows(the_index, the_cursor, the_settings.whole),
        current_row(rows.row_at_cursor()) {}

  const TraceIndex& index;
  const Trace& trace;
  const Cursor& cursor;
  const Metrics& m;
  Rect area;
  LadderSettings settings;
  LadderRows rows;
  std::optional<std::size_t> current_row;
  Ladder out;
  StateStrips strips;
  PhaseBands bands;

  // The lifeline's place, or that of its host; -1 when it has none.
  float x_of(const trace::Endpoint& endpoint) const;
  // Of what begins in the cursor's own instant: what stands behind its row.
  bool to_come(std::size_t row, Time begins) const;
  // At the end, and not looking back at one of the last inside events.
  bool all_is_over() const;
  // So many rows began before the cursor's instant, or are stood on: over, or under way.
  std::size_t rows_begun() const;
};

// Where a row stands.
struct RowPlace {
  float top = 0, bottom = 0;
  float from = 0, to = 0;  // where its arrow leaves one line and reaches the other
  float height = 0;        // for its words
};

// ladder_marks.cpp: draws a row; or rows [first, end), that can't be told apart, as one.
void add_row(LadderSheet& sheet, std::size_t row, const RowPlace& place);
void add_cluster(LadderSheet& sheet, std::size_t first, std::size_t end, float top, float bottom);

void lay_even(LadderSheet& sheet);
void lay_true(LadderSheet& sheet);
// How many pixels a nanosecond takes in true time.
double pixels_per_ns(const LadderSheet& sheet);

// ladder_near.cpp: the lifelines that there are to be, and the hosts of the rows around the cursor.
std::vector<TraceIndex::Participant> participants_near(const LadderSheet& sheet);
std::vector<Id> hosts_in_sight(const LadderSheet& sheet);

}  // namespace mailscope::viz
