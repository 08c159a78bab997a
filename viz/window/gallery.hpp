// The scenarios as cards, in the order of the course, and the captures that come with the program:
// title, summary, topics in words. Arrows, Enter, Space or the mouse choose one; what is typed
// leaves only the cards that have it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/layout/cards.hpp"
#include "viz/layout/settings.hpp"
#include "viz/window/canvas.hpp"
#include "viz/window/commands.hpp"
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
  static Commands<Gallery> commands();
  // What the key does is done: the command, or null where the key means nothing here.
  const Command<Gallery>* handle_key(KeyPress press);
  void type(unsigned int character);

  // By its commands.
  void go(int across, int down);
  void go_to_end(bool last);
  void choose(bool play);
  void search(std::string typed);

  std::size_t selected() const { return selected_; }
  const std::string& typed() const { return typed_; }
  std::size_t shown() const { return cards_.cards.size(); }

  Settings settings;         // theme and type, for the next trace too
  bool can_go_back = false;  // to the lesson that was open
  // Asked for by a command; the window does it.
  bool to_lesson = false, to_palette = false, to_close = false;
  std::string message;  // what went wrong with the last choice, or what is under way

 private:
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
