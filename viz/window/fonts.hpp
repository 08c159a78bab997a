// The two typefaces of the window, embedded in the program: Inter for words, JetBrains Mono for
// octets (both SIL Open Font License 1.1).
//
// load_fonts() fills the atlas of the current ImGui context, one font a TextStyle, at `scale`
// pixels a unit; the renderer's texture has to be made again afterwards. Left out: scripts beyond
// Latin, Greek and Cyrillic, which those typefaces do not have.
#pragma once

#include <array>
#include <span>

#include "viz/layout/geometry.hpp"

struct ImFont;

namespace mailscope::viz {

enum class Typeface { Words, WordsStrong, Octets, OctetsStrong };
std::span<const unsigned char> font_octets(Typeface face);

using Fonts = std::array<ImFont*, kTextStyles>;
Fonts load_fonts(float scale);

}  // namespace mailscope::viz
