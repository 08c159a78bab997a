// Opens the window on the sample run, or with "gallery" on three cards, one of which fails. With
// "chapters" the run has nine, so that each of the keys 1 to 9 means something.
//   window-driver keys TABLE   the keys of a table (view, gallery, palette) as xdotool presses
//   them,
//                              a line each: the key, a tab, the command's name
//   window-driver help         the lines of the help page: the keys, a tab, what they do
//   window-driver names        the commands of an open trace: the key, a tab, the name
#include <cstdio>
#include <map>
#include <string>

#include "tests/viz/sample_run.hpp"
#include "viz/window/gallery.hpp"
#include "viz/window/palette.hpp"
#include "viz/window/view_commands.hpp"
#include "viz/window/window.hpp"

using namespace mailscope;
using viz::Key;

// Mesa's drivers keep some memory until the process ends; where AddressSanitizer is built in, its
// leak check would count that as ours.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}

namespace {

// All the keys of a keyboard that are this one, as X calls them.
std::vector<std::string> x_names(Key key) {
  static const std::map<Key, std::vector<std::string>> kNames = {
      {Key::Space, {"space"}},
      {Key::Plus, {"equal", "KP_Add"}},
      {Key::Minus, {"minus", "KP_Subtract"}},
      {Key::Period, {"period"}},
      {Key::Slash, {"slash"}},
      {Key::Question, {"question"}},
      {Key::Escape, {"Escape"}},
      {Key::Enter, {"Return", "KP_Enter"}},
      {Key::Backspace, {"BackSpace"}},
      {Key::Right, {"Right"}},
      {Key::Left, {"Left"}},
      {Key::Down, {"Down"}},
      {Key::Up, {"Up"}},
      {Key::PageUp, {"Prior"}},
      {Key::PageDown, {"Next"}},
      {Key::Home, {"Home"}},
      {Key::End, {"End"}}};
  const auto found = kNames.find(key);
  if (found != kNames.end()) return found->second;
  const char sign = static_cast<char>(key);
  return {std::string(1, sign >= 'A' && sign <= 'Z' ? static_cast<char>(sign + 32) : sign)};
}

template <typename Subject>
int print_keys(viz::Commands<Subject> commands) {
  for (const viz::Command<Subject>& command : commands)
    for (const Key key : {command.press.key, command.also})
      for (const std::string& name : key == Key::None ? std::vector<std::string>{} : x_names(key))
        std::printf("%s%s%s\t%s\n", command.press.ctrl ? "ctrl+" : "",
                    command.press.shift ? "shift+" : "", name.c_str(),
                    std::string(command.name).c_str());
  return 0;
}

int print_help() {
  for (const viz::HelpRow& row : viz::help_rows(viz::view_commands()))
    std::printf("%s\t%s\n", row.keys.c_str(), std::string(row.help).c_str());
  return 0;
}

int print_names() {
  for (const viz::ViewCommand& command : viz::view_commands())
    std::printf("%s\t%s\n", viz::key_text(command.press).c_str(),
                std::string(command.name).c_str());
  return 0;
}

std::unique_ptr<trace::Trace> nine_chapters() {
  auto trace = std::make_unique<trace::Trace>(viz::sample::maa_trace());
  const auto is_chapter = [](const trace::Note& note) {
    return note.kind == trace::NoteKind::Chapter;
  };
  for (auto n = std::ranges::count_if(trace->notes, is_chapter); n < 9; ++n) {
    trace::Note note = trace->notes.back();
    note.kind = trace::NoteKind::Chapter;
    note.text = "Chapter of the test";
    trace->notes.push_back(note);
  }
  return trace;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count > 1 ? arguments[1] : "", table = count > 2 ? arguments[2] : "";
  if (mode == "keys" && table == "gallery") return print_keys(viz::Gallery::commands());
  if (mode == "keys" && table == "palette") return print_keys(viz::Palette::commands());
  if (mode == "keys") return print_keys(viz::view_commands());
  if (mode == "help") return print_help();
  if (mode == "names") return print_names();

  viz::WindowOptions options;
  options.width = 1280, options.height = 800;
  options.gallery = {{"maa", "Fourth scenario", "Alice and Bob, each behind a network.", {"A5"}},
                     {"broken", "Broken", "Cannot be loaded.", {"A1"}},
                     {"again", "Fourth scenario again", "The same once more.", {"A5", "S1"}}};
  options.load =
      [](const std::string& name) -> tl::expected<std::unique_ptr<trace::Trace>, std::string> {
    if (name == "broken") return tl::unexpected(std::string("broken.toml:1: no such key"));
    return std::make_unique<trace::Trace>(viz::sample::maa_trace());
  };
  if (mode == "chapters")
    options.initial = nine_chapters();
  else if (mode != "gallery")
    options.initial = std::make_unique<trace::Trace>(viz::sample::maa_trace());
  return viz::run_window(std::move(options));
}
