// What a part of the window can be told, as a table: a row is a command with its key. The key
// handler, the help page, the command palette, the keys that are said on the screen, and the mouse
// buttons that do the same all read the row.
//
// `Subject` is what the commands are told: View, Gallery, Palette. A table has no two rows with the
// same key and modifiers; rows with one `help` stand together and are one line of the help page;
// rows with one `run` are one line of the palette.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/window/keys.hpp"

namespace mailscope::viz {

template <typename Subject>
struct Command {
  KeyPress press;
  Key also = Key::None;   // does the same with the same modifiers, and is not told of
  std::string_view name;  // in the palette: "One exchange forth"
  std::string_view help;  // on the help page, shared by neighbours: "one exchange forth, back"
  void (*run)(Subject&);
  bool (*applies)(const Subject&) = nullptr;     // not set: always
  std::string (*now)(const Subject&) = nullptr;  // how it stands, for the palette: "dark"
  bool while_typing = false;                     // also while keys are what is typed
};

template <typename Subject>
using Commands = std::span<const Command<Subject>>;

// What a key means here; null when it means nothing. The row's modifiers are held; of several rows
// the one with most of them, Ctrl before Shift. Further modifiers don't matter.
template <typename Subject>
const Command<Subject>* find_command(Commands<Subject> commands, KeyPress press) {
  const auto weight = [](KeyPress row) { return 2 * row.ctrl + row.shift; };
  const Command<Subject>* found = nullptr;
  for (const Command<Subject>& row : commands) {
    if (press.key == Key::None || (row.press.key != press.key && row.also != press.key)) continue;
    if ((row.press.shift && !press.shift) || (row.press.ctrl && !press.ctrl)) continue;
    if (!found || weight(row.press) > weight(found->press)) found = &row;
  }
  return found;
}

// The row of a function; null when there is none.
template <typename Subject>
const Command<Subject>* command_of(Commands<Subject> commands, void (*run)(Subject&)) {
  const auto found = std::ranges::find(commands, run, &Command<Subject>::run);
  return found == commands.end() ? nullptr : &*found;
}

template <typename Subject>
bool applies(const Command<Subject>& command, const Subject& subject) {
  return !command.applies || command.applies(subject);
}

// False when it does not apply, and nothing was done.
template <typename Subject>
bool perform(const Command<Subject>& command, Subject& subject) {
  if (!applies(command, subject)) return false;
  command.run(subject);
  return true;
}

struct HelpRow {
  std::string keys;
  std::string_view help;
};

template <typename Subject>
std::vector<HelpRow> help_rows(Commands<Subject> commands) {
  std::vector<HelpRow> rows;
  for (std::size_t i = 0; i < commands.size();) {
    const std::string_view help = commands[i].help;
    std::vector<KeyPress> presses;
    for (; i < commands.size() && commands[i].help == help; ++i)
      presses.push_back(commands[i].press);
    rows.push_back({keys_text(presses), help});
  }
  return rows;
}

}  // namespace mailscope::viz
