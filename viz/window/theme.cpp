#include "viz/window/theme.hpp"

#include <algorithm>
#include <cmath>

namespace mailscope::viz {
namespace {

// Written as designers do, 0xRRGGBB, in the order of Role.
constexpr std::uint32_t kDark[kRoles] = {0x0F1319, 0x161C25, 0x1E2632, 0x2B3543, 0xE8ECF2, 0xA3AFBF,
                                         0x7F8FA6, 0xF2B134, 0x14181F, 0xF4EFE2, 0xF2A541, 0x5AB8EE,
                                         0x37C49A, 0xC98BD8, 0xE38FB0, 0xA79BF0, 0x8C99AB, 0x6AC48A,
                                         0xE9C46A, 0xF0765A, 0xFFA79C, 0xFF5F5F};
constexpr std::uint32_t kLight[kRoles] = {
    0xE9EDF2, 0xFFFFFF, 0xF4F6F9, 0xD3DAE3, 0x1A222D, 0x4E5B6C, 0x5F6C7C, 0x985A00,
    0xFFFFFF, 0xFFFAF0, 0xA35300, 0x0066A6, 0x00735A, 0x86449A, 0xA83A68, 0x5646B8,
    0x5A6676, 0x24753F, 0x8A6100, 0xBB3516, 0xA8433A, 0xB80016};

Color pack(std::uint32_t rgb) {
  return 0xFF000000u | (rgb & 0xFF) << 16 | (rgb & 0xFF00) | (rgb >> 16 & 0xFF);
}

}  // namespace

Theme::Theme(bool light) : light_(light) {
  for (std::size_t i = 0; i < kRoles; ++i) colors_[i] = pack(light ? kLight[i] : kDark[i]);
}

Color Theme::tint(Role role, float opacity) const {
  const auto alpha = static_cast<std::uint32_t>(std::lround(std::clamp(opacity, 0.f, 1.f) * 255));
  return (color(role) & 0x00FFFFFFu) | alpha << 24;
}

Color Theme::over(Role role, Role ground, float opacity) const {
  const Color a = color(role), b = color(ground);
  Color out = 0xFF000000u;
  for (int shift = 0; shift < 24; shift += 8) {
    const float x = static_cast<float>(a >> shift & 255), y = static_cast<float>(b >> shift & 255);
    out |= static_cast<Color>(std::lround(y + (x - y) * opacity)) << shift;
  }
  return out;
}

}  // namespace mailscope::viz
