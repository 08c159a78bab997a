// The commands of the window while a trace is open, with their keys: the table is in
// view_commands.cpp.
#pragma once

#include "viz/window/commands.hpp"
#include "viz/window/view.hpp"

namespace mailscope::viz {

using ViewCommand = Command<View>;

Commands<View> view_commands();

// What the key does is done: the command, or null where the key means nothing. Where the screen is
// black any key brings the picture back; Escape and Enter close the help page. `typing`: keys are
// what is typed into the filter, and only few are for us.
const ViewCommand* handle_key(View& view, KeyPress press, bool typing = false);

// The commands that mouse buttons give, too.
void toggle_playing(View& view);
void step_forth(View& view);
void step_back(View& view);
void go_to_beginning(View& view);
void go_to_the_end(View& view);
void narrate_next(View& view);
void narrate_previous(View& view);
void play_faster(View& view);
void play_slower(View& view);
void change_play_mode(View& view);
void change_ladder_time(View& view);
void zoom_in(View& view);
void zoom_out(View& view);
void change_theme(View& view);
void change_lecture(View& view);
void black_screen(View& view);
void show_gallery(View& view);
void show_keys(View& view);

// A button was pressed: as if its key had been.
void press_button(View& view, void (*run)(View&));
// The key of a command, to be said beside its button: "T".
std::string key_of_button(void (*run)(View&));

}  // namespace mailscope::viz
