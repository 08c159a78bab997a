// The scenarios as cards, in the order of the course: title, summary, topics in words. Arrows,
// Enter, Space or the mouse choose one; what is typed leaves only the cards that have it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/layout/cards.hpp"
#include "viz/window/canvas.hpp"
#include "viz/window/keys.hpp"
#include "viz/window/window.hpp"

namespace mailscope::viz {

struct Choice {
  std::size_t item = 0;
  bool play = false;  // at once
};

class Gallery {
 public:
  explicit Gallery(const std::vector<GalleryItem>& items);

  // Draws the cards; the item that was chosen by mouse or key, once.
  std::optional<Choice> draw(const Canvas& canvas, Rect window);
  // False: the key means nothing here (Escape, where nothing was typed).
  bool handle_key(KeyPress press);
  void type(unsigned int character);
  std::size_t selected() const { return selected_; }
  const std::string& typed() const { return typed_; }
  std::size_t shown() const { return cards_.cards.size(); }

  bool can_go_back = false;  // Escape leads to the lesson that was open: the key line says so
  std::string message;       // what went wrong with the last choice, or what is under way

 private:
  void search(std::string typed);
  void draw_head(const Canvas& canvas, Rect window) const;
  void draw_cards(const Canvas& canvas, Rect area, float margin);
  void draw_card(const Canvas& canvas, std::size_t item, Rect rect);
  static void draw_topics(const Canvas& canvas, const GalleryItem& item, Rect rect);
  void follow(const Canvas& canvas, Rect area);

  const std::vector<GalleryItem>* items_;
  std::vector<CardText> texts_;
  Cards cards_;  // as drawn last
  std::string typed_;
  std::size_t selected_ = 0;  // an item
  std::optional<Choice> chosen_;
  bool follow_ = true;  // scroll the selected card into sight
};

}  // namespace mailscope::viz
