#include "viz/window/palette.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <utility>

#include "viz/layout/cards.hpp"

namespace mailscope::viz {
namespace {

constexpr float kWidth = 620, kRow = 34, kField = 40, kFoot = 34, kMargin = 12;  // units
constexpr std::size_t kRowsMax = 12, kTypedMax = 40;
constexpr int kPage = 10;

constexpr std::string_view kChoose = "choose", kDo = "does it", kLeave = "closes";
constexpr Command<Palette> kCommands[] = {
    {.press = {Key::Down},
     .name = "Next",
     .help = kChoose,
     .run = [](Palette& palette) { palette.move(+1); }},
    {.press = {Key::Up},
     .name = "Previous",
     .help = kChoose,
     .run = [](Palette& palette) { palette.move(-1); }},
    {.press = {Key::Enter},
     .name = "Do it",
     .help = kDo,
     .run = [](Palette& palette) { palette.choose(); }},
    {.press = {Key::Escape},
     .name = "Close the palette",
     .help = kLeave,
     .run = [](Palette& palette) { palette.close(); }},
    {.press = with_ctrl_shift(Key::P),
     .name = "Close the palette",
     .help = "closes, too",
     .run = [](Palette& palette) { palette.close(); }},
    {.press = {Key::PageDown},
     .name = "A page down",
     .help = "a page down, up",
     .run = [](Palette& palette) { palette.move(+kPage); }},
    {.press = {Key::PageUp},
     .name = "A page up",
     .help = "a page down, up",
     .run = [](Palette& palette) { palette.move(-kPage); }},
    {.press = {Key::Home},
     .name = "First",
     .help = "first, last",
     .run = [](Palette& palette) { palette.move_to_end(false); }},
    {.press = {Key::End},
     .name = "Last",
     .help = "first, last",
     .run = [](Palette& palette) { palette.move_to_end(true); }},
    {.press = {Key::Backspace},
     .name = "Take back a letter",
     .help = "takes back a letter",
     .run = [](Palette& palette) { palette.shorten(); }},
    {.press = with_ctrl(Key::Q),
     .name = "Close the window",
     .help = "close the window",
     .run = [](Palette& palette) { palette.ask_to_close_window(); }},
};

}  // namespace

Commands<Palette> Palette::commands() {
  return kCommands;
}

void Palette::open(std::vector<PaletteEntry> entries) {
  entries_ = std::move(entries);
  typed_.clear();
  selected_ = first_ = 0;
  shown_ = fresh_ = true;
  chosen_.reset();
}

const Command<Palette>* Palette::handle_key(KeyPress press) {
  const Command<Palette>* command = find_command(commands(), press);
  return command && perform(*command, *this) ? command : nullptr;
}

std::vector<const PaletteEntry*> Palette::found() const {
  std::vector<const PaletteEntry*> found;
  for (const PaletteEntry& entry : entries_)
    if (is_found(std::string(entry.name) + ' ' + entry.now, typed_)) found.push_back(&entry);
  return found;
}

void Palette::type(unsigned int character) {
  if (character < ' ' || character > '~' || typed_.size() >= kTypedMax) return;
  if (character == ' ' && typed_.empty()) return;
  typed_ += static_cast<char>(character);
  selected_ = first_ = 0;
}

void Palette::shorten() {
  if (!typed_.empty()) typed_.pop_back();
  selected_ = first_ = 0;
}

void Palette::move(int rows) {
  const auto last = static_cast<std::ptrdiff_t>(found().size()) - 1;
  const std::ptrdiff_t to = static_cast<std::ptrdiff_t>(selected_) + rows;
  selected_ = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(to, 0, std::max<std::ptrdiff_t>(0, last)));
}

void Palette::move_to_end(bool last) {
  const std::size_t count = found().size();
  selected_ = last && count > 0 ? count - 1 : 0;
}

void Palette::choose() {
  const auto entries = found();
  if (selected_ >= entries.size()) return;
  chosen_ = entries[selected_]->row;
  close();
}

std::optional<std::size_t> Palette::take_chosen() {
  return std::exchange(chosen_, std::nullopt);
}

// The selected one is in sight.
void Palette::follow(std::size_t entries, std::size_t visible) {
  if (selected_ < first_) first_ = selected_;
  if (selected_ >= first_ + visible) first_ = selected_ + 1 - visible;
  first_ = std::min(first_, entries > visible ? entries - visible : 0);
}

void Palette::draw(const Canvas& canvas, Rect window) {
  if (!shown_) return;
  ImGui::SetNextWindowPos({window.x, window.y});
  ImGui::SetNextWindowSize({window.w, window.h});
  if (std::exchange(fresh_, false)) ImGui::SetNextWindowFocus();  // the filter is left
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::Begin("palette", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground);
  const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
  c.fill(window, c.theme().tint(Role::Background, 0.6f));

  const auto entries = found();
  const float width = std::min(c.px(kWidth), window.w - c.px(48));
  const float top = window.y + std::min(c.px(72), window.h * 0.1f);
  const float around = c.px(kField + kFoot + 3 * kMargin);
  const float room = window.bottom() - c.px(24) - top - around;
  const auto fitting = static_cast<std::size_t>(std::max(1.f, room / c.px(kRow)));
  const std::size_t visible =
      std::min({kRowsMax, fitting, std::max<std::size_t>(1, entries_.size())});
  if (const float wheel = ImGui::GetIO().MouseWheel; wheel != 0) move(wheel > 0 ? -3 : +3);
  follow(entries.size(), visible);
  const Rect box{window.center().x - width / 2, top, width,
                 around + static_cast<float>(visible) * c.px(kRow)};
  c.panel(box);
  const Rect inside = box.inset(c.px(kMargin));
  draw_field(c, {inside.x, inside.y, inside.w, c.px(kField)});
  float y = inside.y + c.px(kField + kMargin);
  for (std::size_t i = first_; i < std::min(entries.size(), first_ + visible); ++i, y += c.px(kRow))
    draw_row(c, *entries[i], i, {inside.x, y, inside.w, c.px(kRow)});
  if (entries.empty())
    c.text({inside.x + c.px(12), y, inside.w - c.px(24), c.px(kRow)}, TextStyle::Small, Role::Dim,
           "No command has these words.");
  draw_bar(c, inside, entries.size(), visible);
  draw_foot(c, {inside.x, inside.bottom() - c.px(kFoot - kMargin), inside.w, c.px(kFoot - kMargin)},
            entries.size());
  // Below the rows, which are touched first.
  if (touch("outside", window).pressed &&
      !box.contains(Point{ImGui::GetMousePos().x, ImGui::GetMousePos().y}))
    close();
  ImGui::End();
  ImGui::PopStyleVar();
}

// How many there are, and the keys.
void Palette::draw_foot(const Canvas& c, Rect r, std::size_t found) const {
  const std::vector<HelpRow> rows = help_rows(commands());
  c.text({r.x + c.px(12), r.y, r.w / 3, r.h}, TextStyle::Small, Role::Dim,
         typed_.empty() ? fmt::format("{} commands", found)
                        : fmt::format("{} of {} commands", found, entries_.size()));
  std::string keys;
  for (const HelpRow& row : {rows[0], rows[1], rows[2]})
    keys += fmt::format("{}{} {}", keys.empty() ? "" : " · ", row.keys, row.help);
  c.text({r.x, r.y, r.w - c.px(8), r.h}, TextStyle::Small, Role::Faint, keys, Align::Right);
}

// At the right edge, where there is more than is in sight.
void Palette::draw_bar(const Canvas& c, Rect inside, std::size_t entries,
                       std::size_t visible) const {
  if (entries <= visible) return;
  const auto all = static_cast<float>(entries);
  const Rect track{inside.right() + c.px(4), inside.y + c.px(kField + kMargin), c.px(4),
                   static_cast<float>(visible) * c.px(kRow)};
  c.fill({track.x, track.y + track.h * static_cast<float>(first_) / all, track.w,
          track.h * static_cast<float>(visible) / all},
         c.color(Role::Faint), 2);
}

void Palette::draw_field(const Canvas& c, Rect field) const {
  c.fill(field, c.color(Role::Background), 7);
  c.outline(field, c.color(Role::Accent), 7);
  const Rect words{field.x + c.px(12), field.y, field.w - c.px(24), field.h};
  float end = words.x;
  if (typed_.empty())
    c.text(words, TextStyle::Body, Role::Faint, "  type to find a command");
  else
    end += c.text(words, TextStyle::Body, Role::Text, typed_) + c.px(2);
  c.line({end, field.y + c.px(9)}, {end, field.bottom() - c.px(9)}, c.color(Role::Accent), 1.4f);
}

void Palette::draw_row(const Canvas& c, const PaletteEntry& entry, std::size_t place, Rect r) {
  const Touch t = touch(fmt::format("row{}", place).c_str(), r);
  const bool selected = place == selected_;
  if (selected) {
    c.fill(r, c.theme().tint(Role::Accent, 0.16f), 6);
  } else if (t.hovered) {
    c.fill(r, c.color(Role::Raised), 6);
  }
  const float key = c.width(TextStyle::MonoStrong, entry.key) + c.px(18);
  const Rect box{r.right() - c.px(8) - key, r.y + c.px(4), key, r.h - c.px(8)};
  c.fill(box, c.color(Role::Raised), 6);
  c.outline(box, c.color(Role::Line), 6);
  c.text(box, TextStyle::MonoStrong, Role::Text, entry.key, Align::Center);
  const float left = r.x + c.px(12);
  const float name =
      c.text({left, r.y, box.x - c.px(16) - left, r.h}, TextStyle::Body, Role::Text, entry.name);
  const float now = left + name + c.px(16);
  c.text({now, r.y, box.x - c.px(16) - now, r.h}, TextStyle::Small, Role::Dim, entry.now);
  if (!t.pressed) return;
  selected_ = place;
  choose();
}

}  // namespace mailscope::viz
