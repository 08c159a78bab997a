// Boxes of known size put beside one another without overlap, inside an area.
#pragma once

#include <utility>
#include <vector>

#include "viz/layout/topology.hpp"

namespace mailscope::viz {

// A box and what is in it.
void move_to(HostBox& box, float x, float y);
// What hangs below a box: a router's name.
float foot(const HostBox& box, const Metrics& metrics);

// How far boxes have to stand from one another, pixels.
struct Apart {
  float others = 0;
  Point joined;  // those that a wire joins: beside one another, one above the other
  std::vector<std::pair<Id, Id>> wires;  // hosts
  Point usual;  // so large a box touches the edges at the shares 0 and 1; 0: each in its own size

  bool joins(Id a, Id b) const;
};

// Pushes overlapping boxes apart; true when none overlap at the end.
bool separate(std::vector<HostBox>& boxes, const Metrics& metrics, Rect area, float margin);
// In the order in which they are wanted (shares of the area, 0..1), which never changes; false
// where there is no room. `strict`: those wanted one below the other never stand side by side.
bool place_in_order(std::vector<HostBox>& boxes, const std::vector<Point>& wanted,
                    const Metrics& metrics, Rect area, const Apart& apart, bool strict);
// Rows and columns of equal cells: always without overlap, whatever there is room for.
void place_in_grid(std::vector<HostBox>& boxes, Rect area);

}  // namespace mailscope::viz
