#include "viz/window/view_commands.hpp"

#include <cassert>

#include "viz/layout/ladder.hpp"

namespace mailscope::viz {

// ---- what they do ----

void toggle_playing(View& view) {
  toggle_play(view.index, view.cursor);
}
void step_forth(View& view) {
  step_pdu(view.index, view.cursor, +1);
}
void step_back(View& view) {
  step_pdu(view.index, view.cursor, -1);
}
void go_to_beginning(View& view) {
  go_home(view.index, view.cursor);
}
void go_to_the_end(View& view) {
  go_end(view.index, view.cursor);
}
void narrate_next(View& view) {
  step_narration(view.index, view.cursor, +1);
}
void narrate_previous(View& view) {
  step_narration(view.index, view.cursor, -1);
}
void play_faster(View& view) {
  change_speed(view.cursor, +1);
}
void play_slower(View& view) {
  change_speed(view.cursor, -1);
}
void change_play_mode(View& view) {
  change_mode(view.cursor);
}
void change_ladder_time(View& view) {
  change_time(view.ladder, view.cursor);
}
void zoom_in(View& view) {
  zoom_ladder(view.ladder, 1.25f);
}
void zoom_out(View& view) {
  zoom_ladder(view.ladder, 0.8f);
}
void change_theme(View& view) {
  view.settings.light = !view.settings.light;
}
void change_lecture(View& view) {
  view.settings.lecture = !view.settings.lecture;
}
void black_screen(View& view) {
  view.black = !view.black;
  if (view.black) view.cursor.playing = false;
}
void show_gallery(View& view) {
  view.to_gallery = true;
}
void show_keys(View& view) {
  view.help = !view.help;
}

namespace {

void exchange_forth(View& view) {
  step_exchange(view.index, view.cursor, +1);
}
void exchange_back(View& view) {
  step_exchange(view.index, view.cursor, -1);
}
void follow_effect(View& view) {
  go_to_effect(view.index, view.cursor);
}
void follow_cause(View& view) {
  go_to_cause(view.index, view.cursor);
}
void change_connections(View& view) {
  change_whole(view.ladder, view.cursor);
}
void ladder_earlier(View& view) {
  pan_ladder(view.index, view.ladder, view.cursor, -2);
}
void ladder_later(View& view) {
  pan_ladder(view.index, view.ladder, view.cursor, +2);
}
void ladder_home(View& view) {
  fit_ladder(view.ladder, view.cursor);
}
void edit_filter(View& view) {
  view.focus_filter = true;
  view.settings.lecture = false;  // which has no list
}
void clear_filter(View& view) {
  view.filter.clear();
}
void change_inspector(View& view) {
  view.inspector = !view.inspected;
}
void show_palette(View& view) {
  view.to_palette = true;
}
void close_window(View& view) {
  view.to_close = true;
}

void next_hit(View& view) {
  FilteredPdus& filtered = view.filtered;
  filtered.work(SIZE_MAX);
  if (filtered.size() == 0) return;
  const Id pdu = view.cursor.pdu;
  view.cursor.playing = false;
  const std::size_t row = pdu == kNone ? 0 : filtered.row_behind(pdu);
  if (row < filtered.size()) go_to_pdu(view.index, view.cursor, filtered.at(row));
}

void previous_hit(View& view) {
  FilteredPdus& filtered = view.filtered;
  filtered.work(SIZE_MAX);
  if (filtered.size() == 0) return;
  const Id pdu = view.cursor.pdu;
  view.cursor.playing = false;
  const std::size_t row = pdu == kNone ? 0 : filtered.row_of(pdu);
  if (row > 0) go_to_pdu(view.index, view.cursor, filtered.at(row - 1));
}

template <int Number>
void chapter(View& view) {
  go_to_chapter(view.index, view.cursor, Number);
}
template <int Number>
bool has_chapter(const View& view) {
  return view.index.chapters().size() >= Number;
}
template <int Number>
std::string chapter_title(const View& view) {
  return view.index.trace().notes[view.index.chapters()[Number - 1]].text;
}
constexpr std::string_view kChapterNames[] = {"Chapter 1", "Chapter 2", "Chapter 3",
                                              "Chapter 4", "Chapter 5", "Chapter 6",
                                              "Chapter 7", "Chapter 8", "Chapter 9"};
template <int Number>
constexpr ViewCommand kChapter = {
    .press = {static_cast<Key>(static_cast<int>(Key::Digit1) + Number - 1)},
    .name = kChapterNames[Number - 1],
    .help = "chapters",
    .run = chapter<Number>,
    .applies = has_chapter<Number>,
    .now = chapter_title<Number>};

// ---- when, and how they stand ----

bool stands_on_pdu(const View& view) {
  return view.cursor.pdu != kNone;
}
bool has_filter(const View& view) {
  return !view.filter.empty();
}
bool has_gallery(const View& view) {
  return view.has_gallery;
}

std::string playing_now(const View& view) {
  return view.cursor.playing ? "playing" : "paused";
}
std::string speed_now(const View& view) {
  const bool reading = view.cursor.mode == PlayMode::Reading;
  return "×" + speed_text(reading ? view.cursor.pace : view.cursor.speed);
}
std::string play_mode_now(const View& view) {
  return view.cursor.mode == PlayMode::Reading ? "by reading" : "by virtual time";
}
std::string ladder_time_now(const View& view) {
  return view.ladder.true_time ? "true time" : "even time";
}
std::string connections_now(const View& view) {
  return view.ladder.whole ? "all" : "only this one";
}
std::string theme_now(const View& view) {
  return view.settings.light ? "light" : "dark";
}
std::string lecture_now(const View& view) {
  return view.settings.lecture ? "on" : "off";
}
std::string inspector_now(const View& view) {
  return view.inspected ? "shown" : "hidden";
}

// ---- the table ----

constexpr std::string_view kStep = "one PDU forth, back", kExchange = "one exchange forth, back",
                           kCause = "to what it causes, to its cause",
                           kNarration = "next, previous step of the narration",
                           kEnds = "beginning, end", kPace = "faster, slower",
                           kZoom = "ladder: zoom in, out", kPan = "ladder: earlier, later",
                           kHits = "next, previous hit of the filter",
                           kBlack = "black screen, and back";

constexpr ViewCommand kCommands[] = {
    {.press = {Key::Space},
     .name = "Play or pause",
     .help = "play at a reader’s pace, pause",
     .run = toggle_playing,
     .now = playing_now},
    {.press = {Key::Right},
     .also = Key::Down,
     .name = "One PDU forth",
     .help = kStep,
     .run = step_forth},
    {.press = {Key::Left},
     .also = Key::Up,
     .name = "One PDU back",
     .help = kStep,
     .run = step_back},
    {.press = with_shift(Key::Right),
     .also = Key::Down,
     .name = "One exchange forth",
     .help = kExchange,
     .run = exchange_forth},
    {.press = with_shift(Key::Left),
     .also = Key::Up,
     .name = "One exchange back",
     .help = kExchange,
     .run = exchange_back},
    {.press = with_ctrl(Key::Right),
     .also = Key::Down,
     .name = "To what this PDU causes",
     .help = kCause,
     .run = follow_effect,
     .applies = stands_on_pdu},
    {.press = with_ctrl(Key::Left),
     .also = Key::Up,
     .name = "To what caused this PDU",
     .help = kCause,
     .run = follow_cause,
     .applies = stands_on_pdu},
    {.press = {Key::PageDown},
     .name = "Next step of the narration",
     .help = kNarration,
     .run = narrate_next},
    {.press = {Key::PageUp},
     .name = "Previous step of the narration",
     .help = kNarration,
     .run = narrate_previous},
    kChapter<1>,
    kChapter<2>,
    kChapter<3>,
    kChapter<4>,
    kChapter<5>,
    kChapter<6>,
    kChapter<7>,
    kChapter<8>,
    kChapter<9>,
    {.press = {Key::Home}, .name = "To the beginning", .help = kEnds, .run = go_to_beginning},
    {.press = {Key::End}, .name = "To the end", .help = kEnds, .run = go_to_the_end},
    {.press = {Key::Plus}, .name = "Faster", .help = kPace, .run = play_faster, .now = speed_now},
    {.press = {Key::Minus}, .name = "Slower", .help = kPace, .run = play_slower, .now = speed_now},
    {.press = {Key::V},
     .name = "Play by reading or by virtual time",
     .help = "play by reading, by virtual time",
     .run = change_play_mode,
     .now = play_mode_now},
    {.press = {Key::E},
     .name = "Ladder: even or true time",
     .help = "ladder: even time, true time",
     .run = change_ladder_time,
     .now = ladder_time_now},
    {.press = {Key::C},
     .name = "Ladder: all connections or this one",
     .help = "ladder: all, only this connection",
     .run = change_connections,
     .now = connections_now},
    {.press = {Key::W}, .name = "Ladder: zoom in", .help = kZoom, .run = zoom_in},
    {.press = {Key::S}, .name = "Ladder: zoom out", .help = kZoom, .run = zoom_out},
    {.press = {Key::A}, .name = "Ladder: earlier", .help = kPan, .run = ladder_earlier},
    {.press = {Key::D}, .name = "Ladder: later", .help = kPan, .run = ladder_later},
    {.press = {Key::F},
     .name = "Ladder: back to the cursor",
     .help = "ladder: back to the cursor, at its own size",
     .run = ladder_home},
    {.press = {Key::Slash},
     .name = "Filter the list",
     .help = "filter the list",
     .run = edit_filter},
    {.press = {Key::Enter}, .name = "Next hit of the filter", .help = kHits, .run = next_hit},
    {.press = with_shift(Key::Enter),
     .name = "Previous hit of the filter",
     .help = kHits,
     .run = previous_hit},
    {.press = {Key::Escape},
     .name = "Clear the filter",
     .help = "clear the filter",
     .run = clear_filter,
     .applies = has_filter},
    {.press = {Key::L},
     .name = "Lecture: larger type",
     .help = "lecture: larger type, no list",
     .run = change_lecture,
     .now = lecture_now},
    {.press = {Key::I},
     .name = "Show or hide the inspector",
     .help = "inspector: show, hide",
     .run = change_inspector,
     .now = inspector_now},
    {.press = {Key::T},
     .name = "Light or dark",
     .help = "light, dark",
     .run = change_theme,
     .now = theme_now},
    {.press = {Key::B}, .name = "Black screen", .help = kBlack, .run = black_screen},
    {.press = {Key::Period}, .name = "Black screen", .help = kBlack, .run = black_screen},
    {.press = {Key::G},
     .name = "Scenarios",
     .help = "scenarios",
     .run = show_gallery,
     .applies = has_gallery},
    {.press = {Key::Question}, .name = "Keys", .help = "these keys", .run = show_keys},
    {.press = with_ctrl_shift(Key::P),
     .name = "All commands",
     .help = "all commands, by name",
     .run = show_palette,
     .while_typing = true},
    {.press = with_ctrl(Key::Q),
     .name = "Close the window",
     .help = "close the window",
     .run = close_window,
     .while_typing = true},
};

}  // namespace

Commands<View> view_commands() {
  return kCommands;
}

const ViewCommand* handle_key(View& view, KeyPress press, bool typing) {
  const ViewCommand* command = find_command(view_commands(), press);
  if (typing && !(command && command->while_typing)) return nullptr;
  const bool closes = press.key == Key::Escape || press.key == Key::Enter;
  const bool leaves = command && command->run == close_window;
  if (view.black && press.key != Key::None && !leaves) {
    command = command_of(view_commands(), black_screen);  // whatever it is: back to where it was
  } else if (view.help && closes) {
    command = command_of(view_commands(), show_keys);
  }
  return command && perform(*command, view) ? command : nullptr;
}

void press_button(View& view, void (*run)(View&)) {
  const ViewCommand* command = command_of(view_commands(), run);
  assert(command);
  if (command) perform(*command, view);
}

std::string key_of_button(void (*run)(View&)) {
  const ViewCommand* command = command_of(view_commands(), run);
  assert(command);
  return command ? key_text(command->press) : std::string();
}

}  // namespace mailscope::viz
