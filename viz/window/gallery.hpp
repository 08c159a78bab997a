// The scenarios as cards: title, summary, topics. Arrows and Enter, or the mouse, choose one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/window/canvas.hpp"
#include "viz/window/keys.hpp"
#include "viz/window/window.hpp"

namespace mailscope::viz {

class Gallery {
 public:
  explicit Gallery(const std::vector<GalleryItem>& items) : items_(&items) {}

  // Draws the cards; the item that was chosen by mouse or key, once.
  std::optional<std::size_t> draw(const Canvas& canvas, Rect window);
  bool handle_key(KeyPress press);
  std::size_t selected() const { return selected_; }

  bool can_go_back = false;  // Escape leads to the lesson that was open: the key line says so
  std::string message;       // what went wrong with the last choice, or what is under way

 private:
  void draw_card(const Canvas& canvas, std::size_t i, Rect rect);

  const std::vector<GalleryItem>* items_;
  std::size_t selected_ = 0;
  std::size_t columns_ = 1;
  std::optional<std::size_t> chosen_;
  bool follow_ = true;  // scroll the selected card into sight
};

}  // namespace mailscope::viz
