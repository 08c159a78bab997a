#include "viz/window/view_commands.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <set>
#include <tuple>

#include "tests/viz/sample_run.hpp"
#include "viz/window/gallery.hpp"
#include "viz/window/palette.hpp"

using namespace mailscope;
using namespace mailscope::viz;

TEST_CASE("Every key does what the help says of it, and only that") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  CHECK_FALSE(handle_key(view, {Key::None, false, false}));
  CHECK(handle_key(view, {Key::Right, false, false}));
  CHECK(view.cursor.note == 0);  // what happens inside before the first PDU
  CHECK(handle_key(view, {Key::Right, false, false}));
  CHECK(view.cursor.pdu == 0);
  handle_key(view, {Key::Right, true, false});
  CHECK(view.cursor.pdu == 1);
  handle_key(view, {Key::Right, false, true});
  CHECK(view.cursor.pdu == 2);
  handle_key(view, {Key::Left, false, true});
  CHECK(view.cursor.pdu == 1);
  handle_key(view, {Key::End, false, false});
  CHECK(view.cursor.pdu == trace.pdus.size() - 1);
  handle_key(view, {Key::Space, false, false});
  CHECK(view.cursor.playing);  // from the end it begins again
  CHECK(view.cursor.time == 0);
  handle_key(view, {Key::Space, false, false});
  CHECK_FALSE(view.cursor.playing);
  handle_key(view, {Key::Plus, false, false});
  CHECK(view.cursor.pace == 1.5);
  handle_key(view, {Key::V, false, false});
  CHECK(view.cursor.mode == PlayMode::Virtual);
  handle_key(view, {Key::Digit3, false, false});
  CHECK(chapter_at(view.index, view.cursor) == 2);
  handle_key(view, {Key::Home, false, false});
  CHECK(view.cursor.pdu == trace::kNone);
  handle_key(view, {Key::Question, false, false});
  CHECK(view.help);
  handle_key(view, {Key::Escape, false, false});
  CHECK_FALSE(view.help);
  handle_key(view, {Key::G, false, false});
  CHECK_FALSE(view.to_gallery);  // there is none to go to
}

TEST_CASE("Enter goes from hit to hit of the filter and stays at the last") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  view.filter = "rcpt";
  view.filtered.set(view.index, "rcpt");
  std::vector<trace::Id> hits;
  for (int i = 0; i < 3; ++i) {
    handle_key(view, {Key::Enter, false, false});
    hits.push_back(view.cursor.pdu);
  }
  CHECK(hits[0] < hits[1]);
  CHECK(hits[1] == hits[2]);
  handle_key(view, {Key::Enter, true, false});
  CHECK(view.cursor.pdu == hits[0]);
}

TEST_CASE("B and the full stop make the screen black, and any key brings back what was there") {
  const trace::Trace trace = sample::maa_trace();
  for (const Key black : {Key::B, Key::Period}) {
    View view(trace);
    go_to_pdu(view.index, view.cursor, 0);
    handle_key(view, {Key::Space, false, false});
    CHECK(handle_key(view, {black, false, false}));
    CHECK(view.black);
    CHECK_FALSE(view.cursor.playing);
    CHECK(handle_key(view, {Key::PageDown, false, false}));
    CHECK_FALSE(view.black);
    CHECK(view.cursor.pdu == 0);  // a presenter's remote has not gone on
    handle_key(view, {black, false, false});
    handle_key(view, {black, false, false});
    CHECK_FALSE(view.black);
  }
}

namespace {

template <typename Subject>
void check_table(Commands<Subject> commands) {
  std::set<std::tuple<Key, bool, bool>> presses;
  std::set<std::string_view> helps;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Command<Subject>& row = commands[i];
    INFO(row.name << ", " << key_text(row.press));
    CHECK_FALSE(row.name.empty());
    CHECK_FALSE(row.help.empty());
    CHECK(row.run != nullptr);
    CHECK(row.press.key != Key::None);
    for (const Key key : {row.press.key, row.also})
      if (key != Key::None) CHECK(presses.insert({key, row.press.shift, row.press.ctrl}).second);
    if (i == 0 || commands[i - 1].help != row.help) CHECK(helps.insert(row.help).second);
    CHECK(find_command(commands, row.press) == &row);
  }
}

}  // namespace

TEST_CASE("Every row of the commands has a key, a name and help, and no two rows clash") {
  check_table(view_commands());
  check_table(Gallery::commands());
  check_table(Palette::commands());
}

TEST_CASE("Of the rows of a key that is meant whose modifiers are held") {
  const auto name = [](KeyPress press) {
    const ViewCommand* command = find_command(view_commands(), press);
    return command ? command->name : "";
  };
  CHECK(name({Key::Right}) == "One PDU forth");
  CHECK(name({Key::Down}) == "One PDU forth");
  CHECK(name(with_shift(Key::Right)) == "One exchange forth");
  CHECK(name(with_ctrl(Key::Down)) == "To what this PDU causes");
  CHECK(name(with_ctrl_shift(Key::Right)) == "To what this PDU causes");
  CHECK(name(with_shift(Key::T)) == "Light or dark");  // as with Caps Lock
  CHECK(name({Key::P}).empty());
  CHECK(name(with_ctrl(Key::P)).empty());
  CHECK(name(with_ctrl_shift(Key::P)) == "All commands");
  CHECK(name({Key::Q}).empty());
}

TEST_CASE("Keys are told as people call them, and what is alike once") {
  CHECK(key_text(with_ctrl_shift(Key::P)) == "Ctrl Shift P");
  const KeyPress digits[] = {{Key::Digit1}, {Key::Digit2}, {Key::Digit3}};
  CHECK(keys_text(digits) == "1 – 3");
  const KeyPress arrows[] = {with_shift(Key::Right), with_shift(Key::Left)};
  CHECK(keys_text(arrows) == "Shift →  ←");
  const KeyPress enters[] = {{Key::Enter}, with_shift(Key::Enter)};
  CHECK(keys_text(enters) == "Enter  Shift Enter");
}

TEST_CASE("While something is typed only few keys are for the window") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  CHECK(handle_key(view, {Key::Right}, true) == nullptr);
  CHECK(view.cursor.pdu == trace::kNone);
  CHECK(handle_key(view, with_ctrl_shift(Key::P), true) != nullptr);
  CHECK(view.to_palette);
  CHECK(handle_key(view, with_ctrl(Key::Q), true) != nullptr);
  CHECK(view.to_close);
}

TEST_CASE("A button does what its key does, and what does not apply is not done") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  for (void (*run)(View&) :
       {toggle_playing, step_forth, step_back, go_to_beginning, go_to_the_end, narrate_next,
        narrate_previous, play_faster, play_slower, change_play_mode, change_ladder_time, zoom_in,
        zoom_out, change_theme, change_lecture, black_screen, show_gallery, show_keys})
    CHECK(command_of(view_commands(), run) != nullptr);
  press_button(view, show_gallery);
  CHECK_FALSE(view.to_gallery);
  view.has_gallery = true;
  press_button(view, show_gallery);
  CHECK(view.to_gallery);
  CHECK(handle_key(view, {Key::Digit9}) == nullptr);  // there is no ninth chapter
  CHECK(handle_key(view, {Key::Escape}) == nullptr);  // nor a filter to clear
}

TEST_CASE("The palette has each command once that applies, and finds it by its words") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  Palette palette;
  palette.open(palette_entries(view_commands(), view));
  const auto names = [&] {
    std::vector<std::string> found;
    for (const PaletteEntry* entry : palette.found()) found.emplace_back(entry->name);
    return found;
  };
  const auto all = names();
  CHECK(std::ranges::count(all, "Black screen") == 1);  // which two keys make
  CHECK(std::ranges::count(all, "Scenarios") == 0);     // there are none
  CHECK(std::ranges::count(all, "Chapter 1") == 1);
  CHECK(std::ranges::count(all, "Chapter 9") == 0);
  for (const char letter : std::string("ZOOM in")) palette.type(static_cast<unsigned>(letter));
  CHECK(names() == std::vector<std::string>{"Ladder: zoom in"});
  palette.handle_key({Key::Backspace});
  CHECK(names().size() == 1);  // "zoom i"
  palette.handle_key({Key::Enter});
  CHECK_FALSE(palette.shown());
  const auto chosen = palette.take_chosen();
  REQUIRE(chosen);
  perform(view_commands()[*chosen], view);
  CHECK(view.ladder.zoom == 1.25f);
  CHECK_FALSE(palette.take_chosen());
}

TEST_CASE("The palette's arrows stay within what was found") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  view.cursor.pdu = 0;
  const auto entries = palette_entries(view_commands(), view);
  Palette palette;
  palette.open(entries);
  palette.handle_key({Key::Up});
  palette.handle_key({Key::Enter});
  CHECK(palette.take_chosen() == entries.front().row);
  palette.open(entries);
  palette.handle_key({Key::End});
  palette.handle_key({Key::Down});
  palette.handle_key({Key::Enter});
  CHECK(palette.take_chosen() == entries.back().row);
  palette.open(entries);
  for (const char letter : std::string("nothing has this"))
    palette.type(static_cast<unsigned>(letter));
  palette.handle_key({Key::Enter});
  CHECK_FALSE(palette.take_chosen());
  CHECK(palette.shown());
  palette.handle_key({Key::Escape});
  CHECK_FALSE(palette.shown());
}

TEST_CASE("Below the buttons stand the keys, and for how long a step is still to be read") {
  const trace::Trace trace = sample::maa_trace();
  View view(trace);
  CHECK(transport_line(view) == "← → step · Space plays");
  toggle_playing(view);
  std::vector<int> counted;  // second for second, until the first step is read
  for (int tick = 0; tick < 400 && counted.size() < 4; ++tick) {
    advance(view.index, view.beats(), view.cursor, 0.1, view.settings);
    int left = 0;
    if (std::sscanf(transport_line(view).c_str(), "reading, goes on in %d s", &left) != 1)
      CHECK(transport_line(view) == "playing · Space pauses");
    else if (counted.empty() || counted.back() != left)
      counted.push_back(left);
  }
  REQUIRE(counted.size() == 4);
  for (std::size_t i = 1; i < counted.size() && counted[i - 1] > 1; ++i)
    CHECK(counted[i] == counted[i - 1] - 1);
  change_play_mode(view);
  CHECK(transport_line(view) == "playing · Space pauses");
}
