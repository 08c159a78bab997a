// What each key does to the view; keys go by their position on a US keyboard, except "/" and "?",
// which go by what is typed. The same table is what the help overlay shows.
#pragma once

#include <span>
#include <string_view>

#include "viz/window/view.hpp"

namespace mailscope::viz {

enum class Key {
  None,
  Space,
  Left,
  Right,
  Up,
  Down,
  Home,
  End,
  PageUp,
  PageDown,
  Enter,
  Escape,
  Backspace,
  A,
  B,
  C,
  D,
  E,
  F,
  G,
  I,
  L,
  S,
  T,
  V,
  W,
  Minus,
  Plus,
  Period,
  Slash,
  Question,
  Digit1,
  Digit2,
  Digit3,
  Digit4,
  Digit5,
  Digit6,
  Digit7,
  Digit8,
  Digit9
};

struct KeyPress {
  Key key = Key::None;
  bool shift = false, ctrl = false;
};

// True when the key means something here.
bool handle_key(View& view, KeyPress press);

struct KeyHelp {
  std::string_view keys, what;
};
std::span<const KeyHelp> key_help();

}  // namespace mailscope::viz
