#include "viz/window/keys.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <string_view>

namespace mailscope::viz {
namespace {

static_assert(static_cast<int>(Key::Digit9) == GLFW_KEY_9);
static_assert(static_cast<int>(Key::A) == GLFW_KEY_A && static_cast<int>(Key::Z) == GLFW_KEY_Z);
static_assert(static_cast<int>(Key::Escape) == GLFW_KEY_ESCAPE);
static_assert(static_cast<int>(Key::Backspace) == GLFW_KEY_BACKSPACE);
static_assert(static_cast<int>(Key::Right) == GLFW_KEY_RIGHT);
static_assert(static_cast<int>(Key::End) == GLFW_KEY_END);

struct KeyName {
  Key key;
  std::string_view name;
};
// Those that are not called by their own character.
constexpr KeyName kNames[] = {
    {Key::Space, "Space"},   {Key::Minus, "−"},
    {Key::Escape, "Esc"},    {Key::Enter, "Enter"},
    {Key::Tab, "Tab"},       {Key::Backspace, "Backspace"},
    {Key::Insert, "Insert"}, {Key::Delete, "Delete"},
    {Key::Right, "→"},       {Key::Left, "←"},
    {Key::Down, "↓"},        {Key::Up, "↑"},
    {Key::PageUp, "PageUp"}, {Key::PageDown, "PageDown"},
    {Key::Home, "Home"},     {Key::End, "End"},
};

std::string name_of(Key key) {
  const auto* found = std::ranges::find(kNames, key, &KeyName::key);
  if (found != std::end(kNames)) return std::string(found->name);
  return {static_cast<char>(key)};
}

std::string modifiers_text(KeyPress press) {
  return std::string(press.ctrl ? "Ctrl " : "") + (press.shift ? "Shift " : "");
}

// 1, 2, 3: one behind the other.
bool is_run(std::span<const KeyPress> presses) {
  if (presses.size() < 3 || presses[0].key < Key::Digit1 || presses[0].key > Key::Digit9)
    return false;
  for (std::size_t i = 1; i < presses.size(); ++i)
    if (static_cast<int>(presses[i].key) != static_cast<int>(presses[i - 1].key) + 1) return false;
  return true;
}

}  // namespace

Key key_of(int glfw_key) {
  switch (glfw_key) {
    case GLFW_KEY_EQUAL:
    case GLFW_KEY_KP_ADD:
      return Key::Plus;
    case GLFW_KEY_KP_SUBTRACT:
      return Key::Minus;
    case GLFW_KEY_KP_DECIMAL:
      return Key::Period;
    case GLFW_KEY_KP_ENTER:
      return Key::Enter;
    case GLFW_KEY_SPACE:
    case GLFW_KEY_MINUS:
    case GLFW_KEY_PERIOD:
      return static_cast<Key>(glfw_key);
    default:
      break;
  }
  const bool digit = glfw_key >= GLFW_KEY_1 && glfw_key <= GLFW_KEY_9;
  const bool letter = glfw_key >= GLFW_KEY_A && glfw_key <= GLFW_KEY_Z;
  const bool other = glfw_key >= GLFW_KEY_ESCAPE && glfw_key <= GLFW_KEY_END;
  return digit || letter || other ? static_cast<Key>(glfw_key) : Key::None;
}

Key key_typed(unsigned int character) {
  return character == '/' ? Key::Slash : character == '?' ? Key::Question : Key::None;
}

std::string key_text(KeyPress press) {
  return modifiers_text(press) + name_of(press.key);
}

std::string keys_text(std::span<const KeyPress> presses) {
  if (presses.empty()) return {};
  std::string text = key_text(presses.front());
  if (is_run(presses)) return text + " – " + name_of(presses.back().key);
  for (std::size_t i = 1; i < presses.size(); ++i) {
    const bool alike = modifiers_text(presses[i]) == modifiers_text(presses[0]);
    text += "  " + (alike ? name_of(presses[i].key) : key_text(presses[i]));
  }
  return text;
}

}  // namespace mailscope::viz
