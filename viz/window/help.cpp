#include <algorithm>

#include "viz/window/keys.hpp"

namespace mailscope::viz {

// Over everything; a click anywhere or any of its keys closes it.
void draw_help(View& view, const Canvas& c, Rect window) {
  c.fill(window, c.theme().tint(Role::Background, 0.72f));
  const auto rows = static_cast<float>((key_help().size() + 1) / 2);
  const float w = std::min(c.px(960), window.w - c.px(48));
  const float h = std::min(c.px(100) + rows * c.px(34), window.h - c.px(48));
  const Rect box{window.center().x - w / 2, window.center().y - h / 2, w, h};
  c.panel(box);
  c.text({box.x + c.px(28), box.y + c.px(20), w, c.px(30)}, TextStyle::Headline, Role::Text,
         "Keys");
  c.text({box.x, box.y + c.px(20), w - c.px(28), c.px(30)}, TextStyle::Small, Role::Faint,
         "Esc closes", Align::Right);
  const float column = (w - c.px(56)) / 2;
  for (std::size_t i = 0; i < key_help().size(); ++i) {
    const auto per_column = static_cast<std::size_t>(rows);
    const KeyHelp& help = key_help()[i];
    const float x = box.x + c.px(28) + (i >= per_column ? column + c.px(12) : 0);
    const float y = box.y + c.px(72) + static_cast<float>(i % per_column) * c.px(34);
    const float kw = c.width(TextStyle::MonoStrong, help.keys) + c.px(18);
    const Rect key{x, y, kw, c.px(26)};
    c.fill(key, c.color(Role::Raised), 6);
    c.outline(key, c.color(Role::Line), 6);
    c.text(key, TextStyle::MonoStrong, Role::Text, help.keys, Align::Center);
    const float label = std::max(kw + c.px(14), c.px(164));
    c.text({x + label, y, column - label - c.px(12), c.px(26)}, TextStyle::Small, Role::Dim,
           help.what);
  }
  if (touch("help", window).pressed) view.help = false;
}

}  // namespace mailscope::viz
