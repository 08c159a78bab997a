#include "viz/window/gallery.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "viz/window/shell.hpp"

namespace mailscope::viz {
namespace {

constexpr float kHostWidth = 96, kHostHeight = 28, kPictureHeight = 96;
constexpr std::size_t kHostsLargeMax = 2, kInsideMax = 3;  // so few are drawn with what is in them

// Hosts without a place of their own stand in a row.
Point place(const GalleryPicture& picture, std::size_t i, Rect area) {
  const GalleryPicture::Host& host = picture.hosts[i];
  const auto last = static_cast<float>(std::max<std::size_t>(1, picture.hosts.size() - 1));
  const float x = host.x >= 0 ? host.x : static_cast<float>(i) / last;
  const float y = host.y >= 0 ? host.y : 0.5f;
  return {area.x + x * area.w, area.y + y * area.h};
}

void draw_inside(const Canvas& c, const std::vector<std::string>& inside, Rect box, bool across) {
  const auto n = static_cast<float>(inside.size());
  const float gap = c.px(6);
  const float w = across ? (box.w - gap * (n - 1)) / n : box.w;
  const float h = across ? c.px(26) : std::min(c.px(22), (box.h - c.px(3) * (n - 1)) / n);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const auto k = static_cast<float>(i);
    const Rect r = across ? Rect{box.x + k * (w + gap), box.y + (box.h - h) / 2, w, h}
                          : Rect{box.x, box.y + k * (h + c.px(3)), w, h};
    c.outline(r, c.color(Role::Faint), 5);
    c.text(r.inset(c.px(2)), TextStyle::Small, Role::Dim, inside[i], Align::Center);
  }
}

// How large the boxes are: no two of them touch.
struct HostSize {
  float w = 0, h = 0;
  bool large = false;  // with what is in them
};

HostSize host_size(const Canvas& c, const GalleryPicture& picture, Rect r) {
  std::size_t hosts = 0, most = 0;
  for (const GalleryPicture::Host& host : picture.hosts)
    if (!host.router) ++hosts, most = std::max(most, host.inside.size());
  if (hosts <= kHostsLargeMax && most > 0 && most <= kInsideMax)
    return {hosts == 1 ? r.w : std::min(c.px(128), r.w * 0.36f), r.h, true};
  const float h = c.px(hosts <= kHostsLargeMax ? 1.5f * kHostHeight : kHostHeight);
  float w = c.px(kHostWidth);
  const Rect centers{r.x + w / 2, r.y + h / 2, r.w - w, r.h - h};
  for (std::size_t i = 0; i < picture.hosts.size(); ++i) {
    for (std::size_t j = i + 1; j < picture.hosts.size(); ++j) {
      const Point a = place(picture, i, centers), b = place(picture, j, centers);
      if (std::abs(a.y - b.y) < h && std::abs(a.x - b.x) > 1)
        w = std::min(w, std::abs(a.x - b.x) - c.px(8));
    }
  }
  return {w, h, false};
}

void draw_host(const Canvas& c, const GalleryPicture::Host& host, Rect box, bool large) {
  c.fill(box, c.color(Role::Raised), 6);
  c.outline(box, c.color(Role::Dim), 6);
  const Rect name{box.x + c.px(2), box.y + (large ? c.px(4) : 0), box.w - c.px(4),
                  large ? c.px(22) : box.h};
  c.text(name, large ? TextStyle::SmallStrong : TextStyle::Small, Role::Text, host.name,
         Align::Center);
  if (!large || host.inside.empty()) return;
  const bool across = box.w > c.px(200);
  const float side = c.px(across ? 16 : 10);
  draw_inside(c, host.inside,
              {box.x + side, name.bottom() + c.px(2), box.w - 2 * side,
               box.bottom() - name.bottom() - c.px(8)},
              across);
}

void draw_picture(const Canvas& c, const GalleryPicture& picture, Rect r) {
  const HostSize size = host_size(c, picture, r);
  const float w = size.w, h = size.h;
  const Rect centers{r.x + w / 2, r.y + h / 2, r.w - w, r.h - h};
  for (const auto& [a, b] : picture.links)
    c.line(place(picture, a, centers), place(picture, b, centers), c.color(Role::Line), 4);
  for (std::size_t i = 0; i < picture.hosts.size(); ++i) {
    const Point at = place(picture, i, centers);
    if (picture.hosts[i].router) {
      c.circle(at, 9, c.color(Role::Panel));
      c.circle(at, 9, c.color(Role::Dim), false);
    } else {
      draw_host(c, picture.hosts[i], {at.x - w / 2, at.y - h / 2, w, h}, size.large);
    }
  }
}

// ---- the commands ----

bool has_cards(const Gallery& gallery) {
  return gallery.shown() > 0;
}
bool has_typed(const Gallery& gallery) {
  return !gallery.typed().empty();
}
bool can_play(const Gallery& gallery) {  // otherwise a space is typed
  return has_cards(gallery) && !has_typed(gallery);
}
bool can_leave(const Gallery& gallery) {
  return has_typed(gallery) || gallery.can_go_back;
}

void open_lesson(Gallery& gallery) {
  gallery.choose(false);
}
void play_lesson(Gallery& gallery) {
  gallery.choose(true);
}
void leave_gallery(Gallery& gallery) {
  if (gallery.typed().empty()) {
    gallery.to_lesson = true;
  } else {
    gallery.search("");
  }
}
void take_back_letter(Gallery& gallery) {
  gallery.search(gallery.typed().substr(0, gallery.typed().size() - 1));
}
void change_gallery_theme(Gallery& gallery) {
  gallery.settings.light = !gallery.settings.light;
}
void change_gallery_type(Gallery& gallery) {
  gallery.settings.lecture = !gallery.settings.lecture;
}

constexpr std::string_view kChoose = "choose", kEnds = "first, last";

// Letters alone are what is searched for.
constexpr Command<Gallery> kCommands[] = {
    {.press = {Key::Right},
     .name = "Next card",
     .help = kChoose,
     .run = [](Gallery& gallery) { gallery.go(+1, 0); },
     .applies = has_cards},
    {.press = {Key::Left},
     .name = "Previous card",
     .help = kChoose,
     .run = [](Gallery& gallery) { gallery.go(-1, 0); },
     .applies = has_cards},
    {.press = {Key::Down},
     .name = "The card below",
     .help = kChoose,
     .run = [](Gallery& gallery) { gallery.go(0, +1); },
     .applies = has_cards},
    {.press = {Key::Up},
     .name = "The card above",
     .help = kChoose,
     .run = [](Gallery& gallery) { gallery.go(0, -1); },
     .applies = has_cards},
    {.press = {Key::Enter},
     .name = "Open the marked lesson",
     .help = "opens",
     .run = open_lesson,
     .applies = has_cards},
    {.press = {Key::Space},
     .name = "Play the marked lesson",
     .help = "plays",
     .run = play_lesson,
     .applies = can_play},
    {.press = {Key::Escape},
     .name = "Back",
     .help = "goes back",
     .run = leave_gallery,
     .applies = can_leave},
    {.press = {Key::Home},
     .name = "First card",
     .help = kEnds,
     .run = [](Gallery& gallery) { gallery.go_to_end(false); },
     .applies = has_cards},
    {.press = {Key::End},
     .name = "Last card",
     .help = kEnds,
     .run = [](Gallery& gallery) { gallery.go_to_end(true); },
     .applies = has_cards},
    {.press = {Key::Backspace},
     .name = "Take back a letter",
     .help = "takes back a letter",
     .run = take_back_letter,
     .applies = has_typed},
    {.press = with_ctrl(Key::T),
     .name = "Light or dark",
     .help = "light or dark",
     .run = change_gallery_theme},
    {.press = with_ctrl(Key::L),
     .name = "Larger type",
     .help = "larger type",
     .run = change_gallery_type},
    {.press = with_ctrl_shift(Key::P),
     .name = "All commands",
     .help = "all commands",
     .run = [](Gallery& gallery) { gallery.to_palette = true; }},
    {.press = with_ctrl(Key::Q),
     .name = "Close the window",
     .help = "close the window",
     .run = [](Gallery& gallery) { gallery.to_close = true; }},
};

// "→  ←  ↓  ↑ choose · Enter opens": the commands that are told of at the top.
std::string keys_line(const Gallery& gallery) {
  std::string line;
  for (const HelpRow& row : help_rows(Gallery::commands())) {
    if (row.help == "goes back" && (!gallery.can_go_back || has_typed(gallery))) continue;
    const bool told = row.help == kChoose || row.help == "opens" || row.help == "goes back" ||
                      row.keys.starts_with("Ctrl ");
    if (told && row.help != "close the window")
      line += fmt::format("{}{} {}", line.empty() ? "" : " · ", row.keys, row.help);
  }
  return line;
}

}  // namespace

Commands<Gallery> Gallery::commands() {
  return kCommands;
}

Gallery::Gallery(const std::vector<GalleryItem>& items) : items_(&items) {
  for (const GalleryItem& item : items) {
    CardText text{item.part, item.name + ' ' + item.title + ' ' + item.summary + ' ' + item.ids};
    for (const std::string& topic : item.topics) text.words += ' ' + topic;
    texts_.push_back(std::move(text));
  }
}

void Gallery::draw_head(const Canvas& c, Rect window) const {
  const float margin = c.px(32);
  c.text({window.x + margin, window.y + c.px(20), c.px(200), c.px(30)}, TextStyle::Headline,
         Role::Accent, "MailScope");
  const Rect field{window.right() - margin - c.px(280), window.y + c.px(50), c.px(280), c.px(30)};
  c.text(
      {window.x + margin, window.y + c.px(52), field.x - window.x - 2 * margin, c.px(24)},
      TextStyle::Body, Role::Dim,
      fmt::format("See every octet of e-mail, and know why it is there. {} {} the marked lesson.",
                  key_text({typed_.empty() ? Key::Space : Key::Enter}),
                  typed_.empty() ? "plays" : "opens"));
  const float keys = window.x + margin + c.px(200);
  c.text({keys, window.y + c.px(18), window.right() - margin - keys, c.px(26)}, TextStyle::Small,
         Role::Faint, keys_line(*this), Align::Right);
  c.fill(field, c.color(Role::Panel), 7);
  c.outline(field, c.color(typed_.empty() ? Role::Line : Role::Accent), 7);
  const Rect words = field.inset(c.px(4));
  if (typed_.empty())
    return void(c.text({words.x + c.px(8), words.y, words.w - c.px(8), words.h}, TextStyle::Small,
                       Role::Faint, "type to find: bounce, crash, POP3"));
  const std::string count =
      fmt::format("{} of {} · {} clears", shown(), items_->size(), key_text({Key::Escape}));
  const float taken = c.width(TextStyle::Small, count) + c.px(16);
  const float room = words.w - taken - c.px(8);
  c.text({words.x + c.px(8), words.y, room, words.h}, TextStyle::Body, Role::Text, typed_);
  const float end = words.x + c.px(10) + std::min(room, c.width(TextStyle::Body, typed_));
  c.line({end, words.y + c.px(3)}, {end, words.bottom() - c.px(3)}, c.color(Role::Accent), 1.4f);
  c.text({words.x, words.y, words.w - c.px(8), words.h}, TextStyle::Small, Role::Dim, count,
         Align::Right);
}

std::optional<Choice> Gallery::draw(const Canvas& canvas, Rect window) {
  const FullWindow frame(window, canvas.theme());
  const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
  const float margin = c.px(32);
  cards_ = place_cards(texts_, typed_, window.w - 2 * margin, c.metrics());
  draw_head(c, window);
  const Rect area{window.x, window.y + c.px(92), window.w,
                  window.h - c.px(92) - c.px(message.empty() ? 8 : 52)};
  draw_cards(canvas, area, margin);
  if (cards_.cards.empty())
    c.text({area.x + margin, area.y + c.px(40), area.w - 2 * margin, c.px(28)}, TextStyle::Body,
           Role::Dim,
           "Nothing here has these words. " + key_text({Key::Escape}) + " shows all of it again.");
  if (!message.empty())
    c.text({window.x + margin, window.bottom() - c.px(44), window.w - 2 * margin, c.px(32)},
           TextStyle::Body, Role::Warning, message);
  return std::exchange(chosen_, std::nullopt);
}

void Gallery::draw_cards(const Canvas& canvas, Rect area, float margin) {
  ImGui::SetCursorScreenPos({area.x, area.y});
  ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarSize, canvas.px(9));
  ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
  ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, canvas.color(Role::Line));
  ImGui::BeginChild("cards", {area.w, area.h}, false,
                    ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
  const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const auto moved = [&](Rect r) { return Rect{area.x + margin + r.x, origin.y + r.y, r.w, r.h}; };
  const auto in_sight = [&](const Rect& r) { return r.y < area.bottom() && r.bottom() > area.y; };
  for (const CardHeading& heading : cards_.headings)
    if (const Rect r = moved(heading.rect); in_sight(r))
      c.text({r.x, r.y + c.px(8), r.w, r.h - c.px(12)}, TextStyle::BodyStrong, Role::Dim,
             heading.text);
  for (const Card& card : cards_.cards)
    if (const Rect r = moved(card.rect); in_sight(r)) draw_card(c, card.item, r);
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({1, cards_.height + c.px(16)});
  follow(c, area);
  ImGui::EndChild();
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar();
}

// Scrolls so far that the selected card is seen, with the heading above it.
void Gallery::follow(const Canvas& c, Rect area) {
  if (!std::exchange(follow_, false) || cards_.cards.empty()) return;
  const Card& card = cards_.cards[place_of(cards_, selected_)];
  float top = card.rect.y;
  for (const CardHeading& heading : cards_.headings)
    if (std::abs(heading.rect.bottom() - top) < 1) top = heading.rect.y;
  const float bottom = card.rect.bottom() + c.px(16), scroll = ImGui::GetScrollY();
  if (top < scroll) ImGui::SetScrollY(top);
  if (bottom > scroll + area.h) ImGui::SetScrollY(bottom - area.h);
}

void Gallery::draw_card(const Canvas& c, std::size_t i, Rect r) {
  const GalleryItem& item = (*items_)[i];
  const bool selected = i == selected_;
  const float x = r.x + c.px(16), w = r.w - c.px(32);
  const Touch t = touch(item.name.c_str(), r);
  if (t.pressed) selected_ = i, chosen_ = Choice{i, false};
  c.fill(r, c.color(t.hovered || selected ? Role::Raised : Role::Panel), 10);
  c.outline(r, c.color(selected ? Role::Accent : Role::Line), 10, selected ? 2.f : 1.f);
  draw_picture(c, item.picture, {x, r.y + c.px(16), w, c.px(kPictureHeight)});
  float y = r.y + c.px(kPictureHeight + 28);
  float room = w;
  if (i == 0) {
    const Chip here{"start here", Role::Accent, true};
    room -= c.chip_width(here) + c.px(8);
    c.chip({x + w - c.chip_width(here), y}, here);
  }
  y += c.paragraph({x, y}, room, TextStyle::BodyStrong, Role::Text,
                   item.capture ? item.title : fmt::format("{}  {}", i + 1, item.title), 1.25f,
                   true, 2) +
       c.px(4);
  const float line = c.line_height(TextStyle::Small) * 1.3f;
  const float foot = r.bottom() - c.px(10) - 2 * line;
  const int lines = std::max(1, static_cast<int>((foot - c.px(6) - y) / (c.px(15) * 1.3f)));
  c.paragraph({x, y}, w, TextStyle::Body, Role::Dim, item.summary, 1.25f, true, lines);
  draw_topics(c, item, {x, foot, w, 2 * line});
}

// Up to two lines of words; how many more there are.
void Gallery::draw_topics(const Canvas& c, const GalleryItem& item, Rect r) {
  float x = r.x, y = r.y;
  const float step = r.h / 2;
  for (std::size_t k = 0; k < item.topics.size(); ++k) {
    const std::string word = (x > r.x ? " · " : "") + item.topics[k];
    const std::string rest = fmt::format(" · {} more", item.topics.size() - k);
    float width = c.width(TextStyle::Small, word);
    const bool last_line = y > r.y;
    const float keep = last_line && k + 1 < item.topics.size()
                           ? c.width(TextStyle::Small, fmt::format(" · {} more", 99))
                           : 0;
    if (x > r.x && x + width + keep > r.right()) {
      if (last_line)
        return void(c.text({x, y, r.right() - x, step}, TextStyle::Small, Role::Faint, rest));
      x = r.x, y += step, width = c.width(TextStyle::Small, item.topics[k]);
      c.text({x, y, r.right() - x + 1, step}, TextStyle::Small, Role::Faint, item.topics[k]);
    } else {
      c.text({x, y, r.right() - x + 1, step}, TextStyle::Small, Role::Faint, word);
    }
    x += width;
  }
}

void Gallery::search(std::string typed) {
  typed_ = std::move(typed);
  follow_ = true;
  for (std::size_t i = selected_; i < texts_.size(); ++i)
    if (is_found(texts_[i].words, typed_)) return void(selected_ = i);
  for (std::size_t i = 0; i < texts_.size(); ++i)
    if (is_found(texts_[i].words, typed_)) return void(selected_ = i);
}

void Gallery::type(unsigned int character) {
  constexpr std::size_t kTypedMax = 40;
  if (character < ' ' || character > '~' || typed_.size() >= kTypedMax) return;
  if (character == ' ' && typed_.empty()) return;  // Space plays
  if (typed_.empty() && (character == '?' || character == '/')) return;
  search(typed_ + static_cast<char>(character));
}

const Command<Gallery>* Gallery::handle_key(KeyPress press) {
  const Command<Gallery>* command = find_command(commands(), press);
  return command && perform(*command, *this) ? command : nullptr;
}

void Gallery::go(int across, int down) {
  selected_ = cards_.cards[neighbour(cards_, place_of(cards_, selected_), across, down)].item;
  follow_ = true;
}

void Gallery::go_to_end(bool last) {
  selected_ = (last ? cards_.cards.back() : cards_.cards.front()).item;
  follow_ = true;
}

void Gallery::choose(bool play) {
  chosen_ = Choice{selected_, play};
}

}  // namespace mailscope::viz
