#include "viz/window/gallery.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/window/shell.hpp"

namespace mailscope::viz {
namespace {

constexpr float kCardWidthMin = 420, kCardHeight = 348;
constexpr float kHostWidth = 104, kHostHeight = 30;

// Hosts without a place of their own stand in a row.
Point place(const GalleryPicture& picture, std::size_t i, Rect area) {
  const GalleryPicture::Host& host = picture.hosts[i];
  const auto last = static_cast<float>(std::max<std::size_t>(1, picture.hosts.size() - 1));
  const float x = host.x >= 0 ? host.x : static_cast<float>(i) / last;
  const float y = host.y >= 0 ? host.y : 0.5f;
  return {area.x + x * area.w, area.y + y * area.h};
}

void draw_picture(const Canvas& c, const GalleryPicture& picture, Rect r) {
  const float w = c.px(kHostWidth), h = c.px(kHostHeight);
  const Rect centers{r.x + w / 2, r.y + h / 2, r.w - w, r.h - h};
  for (const auto& [a, b] : picture.links)
    c.line(place(picture, a, centers), place(picture, b, centers), c.color(Role::Line), 4);
  for (std::size_t i = 0; i < picture.hosts.size(); ++i) {
    const Point at = place(picture, i, centers);
    if (picture.hosts[i].router) {
      c.circle(at, 9, c.color(Role::Panel));
      c.circle(at, 9, c.color(Role::Dim), false);
      continue;
    }
    const Rect box{at.x - w / 2, at.y - h / 2, w, h};
    c.fill(box, c.color(Role::Raised), 6);
    c.outline(box, c.color(Role::Dim), 6);
    c.text(box.inset(c.px(4)), TextStyle::Small, Role::Text, picture.hosts[i].name, Align::Center);
  }
}

}  // namespace

std::optional<std::size_t> Gallery::draw(const Canvas& canvas, Rect window) {
  const FullWindow frame(window, canvas.theme());
  const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
  const float margin = c.px(32), gap = c.px(16);
  c.text({window.x + margin, window.y + c.px(24), c.px(200), c.px(30)}, TextStyle::Headline,
         Role::Accent, "MailScope");
  c.text({window.x + margin, window.y + c.px(56), window.w - 2 * margin, c.px(24)}, TextStyle::Body,
         Role::Dim, "See every octet of e-mail, and know why it is there. Choose a scenario.");
  c.text({window.x, window.y + c.px(24), window.w - margin, c.px(30)}, TextStyle::Small,
         Role::Faint,
         std::string("arrows choose · Enter opens · ") + (can_go_back ? "Esc goes back · " : "") +
             "T light or dark · L larger type",
         Align::Right);

  const Rect area{window.x, window.y + c.px(96), window.w,
                  window.h - c.px(96) - c.px(message.empty() ? 8 : 52)};
  const float inner = area.w - 2 * margin;
  columns_ = std::max<std::size_t>(
      1, static_cast<std::size_t>((inner + gap) / (c.px(kCardWidthMin) + gap)));
  const float w = (inner - gap * static_cast<float>(columns_ - 1)) / static_cast<float>(columns_);
  const float h = c.px(kCardHeight);
  ImGui::SetCursorScreenPos({area.x, area.y});
  ImGui::PushStyleVar(ImGuiStyleVar_ScrollbarSize, c.px(9));
  ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, 0);
  ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, c.color(Role::Line));
  ImGui::BeginChild("cards", {area.w, area.h}, false,
                    ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
  const Canvas cards = canvas.onto(ImGui::GetWindowDrawList());
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  for (std::size_t i = 0; i < items_->size(); ++i) {
    const auto column = static_cast<float>(i % columns_), row = static_cast<float>(i / columns_);
    draw_card(cards, i,
              {area.x + margin + column * (w + gap), origin.y + c.px(4) + row * (h + gap), w, h});
  }
  const std::size_t rows = (items_->size() + columns_ - 1) / columns_;
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({1, static_cast<float>(rows) * (h + gap) + c.px(8)});
  if (follow_) {
    const float top = static_cast<float>(selected_ / columns_) * (h + gap);
    const float scroll = ImGui::GetScrollY();
    if (top < scroll) ImGui::SetScrollY(top);
    if (top + h + gap > scroll + area.h) ImGui::SetScrollY(top + h + gap - area.h);
    follow_ = false;
  }
  ImGui::EndChild();
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar();
  if (!message.empty())
    c.text({window.x + margin, window.bottom() - c.px(44), window.w - 2 * margin, c.px(32)},
           TextStyle::Body, Role::Warning, message);
  return std::exchange(chosen_, std::nullopt);
}

void Gallery::draw_card(const Canvas& c, std::size_t i, Rect r) {
  const GalleryItem& item = (*items_)[i];
  const bool selected = i == selected_;
  const Touch t = touch(item.name.c_str(), r);
  if (t.pressed) selected_ = i, chosen_ = i;
  c.fill(r, c.color(t.hovered || selected ? Role::Raised : Role::Panel), 10);
  c.outline(r, c.color(selected ? Role::Accent : Role::Line), 10, selected ? 2.f : 1.f);
  const float x = r.x + c.px(18), w = r.w - c.px(36);
  draw_picture(c, item.picture, {x, r.y + c.px(22), w, c.px(104)});
  c.text({x, r.y + c.px(146), w, c.px(24)}, TextStyle::BodyStrong, Role::Text, item.title);
  c.paragraph({x, r.y + c.px(174)}, w, TextStyle::Body, Role::Dim, item.summary, 1.3f, true, 6);
  float left = x;
  for (std::size_t k = 0; k < item.topics.size(); ++k) {
    const Chip chip{item.topics[k], Role::Dim, true};
    const std::string rest = "+" + std::to_string(item.topics.size() - k);
    const float keep =
        k + 1 < item.topics.size() ? c.chip_width({rest, Role::Dim, true}) + c.px(6) : 0;
    const bool room = left + c.chip_width(chip) + keep <= x + w;
    left +=
        c.chip({left, r.bottom() - c.px(38)}, room ? chip : Chip{rest, Role::Dim, true}) + c.px(6);
    if (!room) break;
  }
}

bool Gallery::handle_key(KeyPress press) {
  if (items_->empty()) return false;
  const std::size_t last = items_->size() - 1;
  switch (press.key) {
    case Key::Right:
      selected_ = std::min(selected_ + 1, last);
      break;
    case Key::Left:
      selected_ = selected_ == 0 ? 0 : selected_ - 1;
      break;
    case Key::Down:
      selected_ = std::min(selected_ + columns_, last);
      break;
    case Key::Up:
      selected_ = selected_ < columns_ ? selected_ : selected_ - columns_;
      break;
    case Key::Home:
      selected_ = 0;
      break;
    case Key::End:
      selected_ = last;
      break;
    case Key::Enter:
    case Key::Space:
      chosen_ = selected_;
      break;
    default:
      return false;
  }
  follow_ = true;
  return true;
}

}  // namespace mailscope::viz
