// Where the cards of the gallery stand: in the order of the course, under a heading for each part
// of it, and only those that have what was typed. Pure: what the tests measure is what is drawn.
//
// Coordinates are pixels, the left upper corner of the scrolled area is (0, 0).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

struct CardText {
  std::string part;   // of the course
  std::string words;  // all that a search looks in
};

struct Card {
  std::size_t item = 0;
  Rect rect;
  std::size_t row = 0, column = 0;
};

struct CardHeading {
  Rect rect;
  std::string text;
};

struct Cards {
  std::vector<CardHeading> headings;
  std::vector<Card> cards;  // in the order of the items
  std::size_t columns = 1;
  float height = 0;
};

// True when every word that was typed stands in `words`, capitals or not.
bool is_found(std::string_view words, std::string_view typed);

Cards place_cards(std::span<const CardText> items, std::string_view typed, float width,
                  const Metrics& metrics);

// The place in `cards` of an item; that of the first card where the item has none.
std::size_t place_of(const Cards& cards, std::size_t item);
// The place reached from another by an arrow key: across (-1, +1) in the order of the course, down
// or up to the nearest card of the next row that has one.
std::size_t neighbour(const Cards& cards, std::size_t place, int across, int down);

}  // namespace mailscope::viz
