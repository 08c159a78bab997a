// Keys and what they are called. A key goes by its position on a US keyboard and has GLFW's number,
// except "/" and "?", which go by what is typed. What a key does stands in the tables of commands
// (view_commands.hpp, gallery.hpp, palette.hpp).
#pragma once

#include <span>
#include <string>

namespace mailscope::viz {

// Letters, digits and signs are their ASCII characters.
enum class Key : int {
  None = 0,
  Space = ' ',
  Plus = '+',
  Minus = '-',
  Period = '.',
  Slash = '/',
  Digit1 = '1',
  Digit2,
  Digit3,
  Digit4,
  Digit5,
  Digit6,
  Digit7,
  Digit8,
  Digit9,
  Question = '?',
  A = 'A',
  B,
  C,
  D,
  E,
  F,
  G,
  H,
  I,
  J,
  K,
  L,
  M,
  N,
  O,
  P,
  Q,
  R,
  S,
  T,
  U,
  V,
  W,
  X,
  Y,
  Z,
  Escape = 256,
  Enter,
  Tab,
  Backspace,
  Insert,
  Delete,
  Right,
  Left,
  Down,
  Up,
  PageUp,
  PageDown,
  Home,
  End
};

struct KeyPress {
  Key key = Key::None;
  bool shift = false, ctrl = false;
  bool operator==(const KeyPress&) const = default;
};

constexpr KeyPress with_shift(Key key) {
  return {key, true, false};
}
constexpr KeyPress with_ctrl(Key key) {
  return {key, false, true};
}
constexpr KeyPress with_ctrl_shift(Key key) {
  return {key, true, true};
}

// From GLFW's number: a keypad's key is the other of its name, "=" is where + stands. None for what
// has no name here, and for "/", which comes as it is typed.
Key key_of(int glfw_key);
// From a character: those that go by what is typed; None for the others.
Key key_typed(unsigned int character);

// "Ctrl →", "B".
std::string key_text(KeyPress press);
// What is alike is said once: "Shift →  ←", "1 – 9".
std::string keys_text(std::span<const KeyPress> presses);

}  // namespace mailscope::viz
