// The colours of the window: one dark and one light theme, roles → RGB.
//
// Protocols and severities keep apart for colour-blind eyes (hues after Okabe and Ito, with
// distinct lightness); colour is never the only sign: each is doubled by a word, a shape or a dash.
// Every role that text is written in has a contrast of at least 4.5 on the grounds below it.
#pragma once

#include <array>
#include <cstdint>

#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

using Color = std::uint32_t;  // as ImGui packs it: 0xAABBGGRR

class Theme {
 public:
  explicit Theme(bool light);
  Color color(Role role) const { return colors_[static_cast<std::size_t>(role)]; }
  // With so much of its opacity, 0..1.
  Color tint(Role role, float opacity) const;
  // The role's colour laid over another with so much opacity, itself opaque.
  Color over(Role role, Role ground, float opacity) const;
  bool light() const { return light_; }

 private:
  std::array<Color, kRoles> colors_;
  bool light_;
};

}  // namespace mailscope::viz
