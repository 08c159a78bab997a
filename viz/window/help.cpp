#include <algorithm>

#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

constexpr float kRow = 34, kHead = 72, kFoot = 28;  // units

void draw_row(const Canvas& c, const HelpRow& row, Rect r) {
  const float width = c.width(TextStyle::MonoStrong, row.keys) + c.px(18);
  const Rect key{r.x, r.y, width, c.px(26)};
  c.fill(key, c.color(Role::Raised), 6);
  c.outline(key, c.color(Role::Line), 6);
  c.text(key, TextStyle::MonoStrong, Role::Text, row.keys, Align::Center);
  const float label = std::max(width + c.px(14), c.px(164));
  c.text({r.x + label, r.y, r.w - label - c.px(12), c.px(26)}, TextStyle::Small, Role::Dim,
         row.help);
}

}  // namespace

// Over everything; a click anywhere or any of its keys closes it.
void draw_help(View& view, const Canvas& c, Rect window) {
  c.fill(window, c.theme().tint(Role::Background, 0.72f));
  const std::vector<HelpRow> rows = help_rows(view_commands());
  const std::size_t per_column = (rows.size() + 1) / 2;
  const float width = std::min(c.px(960), window.w - c.px(48));
  const float height = std::min(c.px(kHead + kFoot) + static_cast<float>(per_column) * c.px(kRow),
                                window.h - c.px(48));
  // A low window has the rows closer together.
  const float step = (height - c.px(kHead + kFoot)) / static_cast<float>(per_column);
  const Rect box{window.center().x - width / 2, window.center().y - height / 2, width, height};
  c.panel(box);
  c.text({box.x + c.px(28), box.y + c.px(20), width, c.px(30)}, TextStyle::Headline, Role::Text,
         "Keys");
  c.text({box.x, box.y + c.px(20), width - c.px(28), c.px(30)}, TextStyle::Small, Role::Faint,
         key_text({Key::Escape}) + " closes", Align::Right);
  const float column = (width - c.px(56)) / 2;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float x = box.x + c.px(28) + (i >= per_column ? column + c.px(12) : 0);
    const float y = box.y + c.px(kHead) + static_cast<float>(i % per_column) * step;
    draw_row(c, rows[i], {x, y, column, step});
  }
  if (touch("help", window).pressed) press_button(view, show_keys);
}

}  // namespace mailscope::viz
