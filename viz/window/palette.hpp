// The command palette: all commands that apply now, by name, with their keys and how they stand.
// What is typed leaves those that have it; arrows and Enter, or the mouse, choose one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/window/canvas.hpp"
#include "viz/window/commands.hpp"

namespace mailscope::viz {

struct PaletteEntry {
  std::string_view name;
  std::string key, now;
  std::size_t row = 0;  // of the table that it was made from
};

// Those that apply, each function once.
template <typename Subject>
std::vector<PaletteEntry> palette_entries(Commands<Subject> commands, const Subject& subject) {
  std::vector<PaletteEntry> entries;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Command<Subject>& command = commands[i];
    if (command_of(commands, command.run) != &command || !applies(command, subject)) continue;
    entries.push_back({command.name, key_text(command.press),
                       command.now ? command.now(subject) : std::string(), i});
  }
  return entries;
}

class Palette {
 public:
  static Commands<Palette> commands();

  void open(std::vector<PaletteEntry> entries);
  void close() { shown_ = false; }
  bool shown() const { return shown_; }

  const Command<Palette>* handle_key(KeyPress press);
  void type(unsigned int character);
  void draw(const Canvas& canvas, Rect window);
  // The row that was chosen, once; the palette is closed then.
  std::optional<std::size_t> take_chosen();

  // By its commands.
  void move(int rows);
  void move_to_end(bool last);
  void choose();
  void shorten();
  void ask_to_close_window() { to_close = true; }

  const std::string& typed() const { return typed_; }
  // The entries that have what was typed.
  std::vector<const PaletteEntry*> found() const;

  bool to_close = false;  // the window, asked for by a command

 private:
  void draw_field(const Canvas& canvas, Rect field) const;
  void draw_foot(const Canvas& canvas, Rect rect, std::size_t found) const;
  void draw_bar(const Canvas& canvas, Rect inside, std::size_t entries, std::size_t visible) const;
  void draw_row(const Canvas& canvas, const PaletteEntry& entry, std::size_t place, Rect rect);
  void follow(std::size_t entries, std::size_t visible);

  std::vector<PaletteEntry> entries_;
  std::string typed_;
  std::size_t selected_ = 0;  // of those found
  std::size_t first_ = 0;     // that is in sight
  bool shown_ = false, fresh_ = false;
  std::optional<std::size_t> chosen_;
};

}  // namespace mailscope::viz
