#include "viz/window/keys.hpp"

#include "viz/layout/ladder.hpp"

namespace mailscope::viz {
namespace {

constexpr KeyHelp kHelp[] = {
    {"Space", "play at a reader’s pace, pause"},
    {"→  ←", "one PDU forth, back"},
    {"Shift →  ←", "one exchange forth, back"},
    {"Ctrl →  ←", "to what it causes, to its cause"},
    {"PageDown  PageUp", "next, previous step of the narration"},
    {"1 – 9", "chapters"},
    {"Home  End", "beginning, end"},
    {"+  −", "faster, slower"},
    {"V", "play by reading, by virtual time"},
    {"E", "ladder: even time, true time"},
    {"C", "ladder: all, only this connection"},
    {"W  S", "ladder: zoom in, out"},
    {"A  D", "ladder: earlier, later"},
    {"F", "ladder: back to the cursor, at its own size"},
    {"/", "filter the list"},
    {"Enter", "next hit of the filter; Shift: previous"},
    {"L", "lecture: larger type, no list"},
    {"I", "inspector: show, hide"},
    {"T", "light, dark"},
    {"B  .", "black screen, and back"},
    {"G", "scenarios"},
    {"?", "these keys"},
    {"Ctrl Q", "close the window"},
};

void next_hit(View& view, int direction) {
  FilteredPdus& filtered = view.filtered;
  filtered.work(SIZE_MAX);
  if (filtered.size() == 0) return;
  const Id pdu = view.cursor.pdu;
  view.cursor.playing = false;
  if (direction > 0) {
    const std::size_t row = pdu == kNone ? 0 : filtered.row_behind(pdu);
    if (row < filtered.size()) go_to_pdu(view.index, view.cursor, filtered.at(row));
  } else if (pdu != kNone) {
    const std::size_t row = filtered.row_of(pdu);
    if (row > 0) go_to_pdu(view.index, view.cursor, filtered.at(row - 1));
  }
}

void step(View& view, KeyPress press, int direction) {
  if (press.ctrl) {
    direction > 0 ? go_to_effect(view.index, view.cursor) : go_to_cause(view.index, view.cursor);
  } else if (press.shift) {
    step_exchange(view.index, view.cursor, direction);
  } else {
    step_pdu(view.index, view.cursor, direction);
  }
}

}  // namespace

std::span<const KeyHelp> key_help() {
  return kHelp;
}

bool handle_key(View& view, KeyPress press) {
  Cursor& cursor = view.cursor;
  if (view.black && press.key != Key::None) {  // whatever it is: back to where it was
    view.black = false;
    return true;
  }
  if (view.help && (press.key == Key::Escape || press.key == Key::Enter)) {
    view.help = false;
    return true;
  }
  switch (press.key) {
    case Key::Space:
      toggle_play(view.index, cursor);
      break;
    case Key::Right:
    case Key::Down:
      step(view, press, +1);
      break;
    case Key::Left:
    case Key::Up:
      step(view, press, -1);
      break;
    case Key::Home:
      go_home(view.index, cursor);
      break;
    case Key::End:
      go_end(view.index, cursor);
      break;
    case Key::PageDown:
      step_narration(view.index, cursor, +1);
      break;
    case Key::PageUp:
      step_narration(view.index, cursor, -1);
      break;
    case Key::Plus:
      change_speed(cursor, +1);
      break;
    case Key::Minus:
      change_speed(cursor, -1);
      break;
    case Key::V:
      change_mode(cursor);
      break;
    case Key::E:
      change_time(view.ladder, cursor);
      break;
    case Key::C:
      change_whole(view.ladder, cursor);
      break;
    case Key::W:
      zoom_ladder(view.ladder, 1.25f);
      break;
    case Key::S:
      zoom_ladder(view.ladder, 0.8f);
      break;
    case Key::A:
      pan_ladder(view.index, view.ladder, cursor, -2);
      break;
    case Key::D:
      pan_ladder(view.index, view.ladder, cursor, +2);
      break;
    case Key::F:
      fit_ladder(view.ladder, cursor);
      break;
    case Key::L:
      view.settings.lecture = !view.settings.lecture;
      break;
    case Key::T:
      view.settings.light = !view.settings.light;
      break;
    case Key::B:
    case Key::Period:
      view.black = true;
      cursor.playing = false;
      break;
    case Key::I:
      view.inspector = !view.inspected;
      return true;
    case Key::G:
      view.to_gallery = view.has_gallery;
      break;
    case Key::Slash:
      view.focus_filter = true;
      view.settings.lecture = false;  // which has no list
      break;
    case Key::Question:
      view.help = !view.help;
      break;
    case Key::Enter:
      next_hit(view, press.shift ? -1 : +1);
      break;
    case Key::Escape:
      view.filter.clear();
      break;
    case Key::None:
      return false;
    default: {
      const int digit = static_cast<int>(press.key) - static_cast<int>(Key::Digit1) + 1;
      if (digit < 1 || digit > 9) return false;
      go_to_chapter(view.index, cursor, digit);
    }
  }
  return true;
}

}  // namespace mailscope::viz
