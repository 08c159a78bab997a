#include "viz/layout/cards.hpp"

#include <algorithm>
#include <cmath>

#include "protocols/base/ascii.hpp"

namespace mailscope::viz {
namespace {

// Units.
constexpr float kCardWidthMin = 376, kCardHeight = 330, kGap = 16;
constexpr float kHeading = 44;

bool contains(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return to_lower(a) == to_lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

bool is_found(std::string_view words, std::string_view typed) {
  while (!typed.empty()) {
    const std::size_t end = std::min(typed.find(' '), typed.size());
    if (!contains(words, typed.substr(0, end))) return false;
    typed.remove_prefix(std::min(end + 1, typed.size()));
  }
  return true;
}

Cards place_cards(std::span<const CardText> items, std::string_view typed, float width,
                  const Metrics& m) {
  Cards out;
  const float gap = m.px(kGap), height = m.px(kCardHeight);
  const float fitting = std::floor((width + gap) / (m.px(kCardWidthMin) + gap));
  out.columns = static_cast<std::size_t>(std::max(1.f, fitting));
  const auto columns = static_cast<float>(out.columns);
  const float w = (width - gap * (columns - 1)) / columns;
  float y = 0;
  const std::string* part = nullptr;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_found(items[i].words, typed)) continue;
    Card card{i, {}, 0, 0};
    if (!out.cards.empty()) {
      card.row = out.cards.back().row, card.column = out.cards.back().column + 1;
      if (card.column == out.columns || *part != items[i].part)
        card.column = 0, ++card.row, y += height + gap;
    }
    if (!items[i].part.empty() && (!part || *part != items[i].part)) {
      out.headings.push_back({{0, y, width, m.px(kHeading)}, items[i].part});
      y += m.px(kHeading);
    }
    part = &items[i].part;
    card.rect = {static_cast<float>(card.column) * (w + gap), y, w, height};
    out.cards.push_back(card);
  }
  out.height = out.cards.empty() ? 0 : y + height;
  return out;
}

std::size_t place_of(const Cards& cards, std::size_t item) {
  for (std::size_t i = 0; i < cards.cards.size(); ++i)
    if (cards.cards[i].item == item) return i;
  return 0;
}

std::size_t neighbour(const Cards& cards, std::size_t place, int across, int down) {
  const std::vector<Card>& all = cards.cards;
  if (across < 0) return place == 0 ? 0 : place - 1;
  if (across > 0) return std::min(place + 1, all.empty() ? 0 : all.size() - 1);
  const Card& from = all[place];
  std::size_t best = place;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool next = down > 0 ? all[i].row == from.row + 1 : all[i].row + 1 == from.row;
    if (next && (best == place || all[i].column <= from.column)) best = i;
  }
  return best;
}

}  // namespace mailscope::viz
