#include "viz/window/fonts.hpp"

#include <imgui.h>
#include <imgui_freetype.h>

#include <cmath>

namespace mailscope::viz {
namespace {

// Everything that our own words and the usual European subjects and names need.
constexpr ImWchar kRanges[] = {0x0020, 0x017F, 0x0370, 0x03FF, 0x0400, 0x04FF, 0x2010,
                               0x2044, 0x20AC, 0x20AC, 0x2190, 0x2199, 0x2212, 0x2212,
                               0x2260, 0x2265, 0x25B2, 0x25C6, 0x2713, 0x2717, 0};
constexpr ImWchar kRangesLatin[] = {0x0020, 0x017F, 0x2010, 0x2044, 0x2190,
                                    0x2199, 0x2212, 0x2212, 0};

struct Cut {
  Typeface face;
  const ImWchar* ranges;
};
// By TextStyle.
constexpr Cut kCuts[kTextStyles] = {
    {Typeface::Words, kRanges},        {Typeface::WordsStrong, kRanges},
    {Typeface::Words, kRanges},        {Typeface::WordsStrong, kRanges},
    {Typeface::WordsStrong, kRanges},  {Typeface::Octets, kRanges},
    {Typeface::OctetsStrong, kRanges}, {Typeface::OctetsStrong, kRangesLatin}};

// ImGui sizes a font by ascent plus descent, designers by its em.
float line_height(Typeface face, float em_pixels) {
  const bool words = face == Typeface::Words || face == Typeface::WordsStrong;
  return std::round(em_pixels * (words ? 1.21f : 1.32f));
}

}  // namespace

Fonts load_fonts(float scale) {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  atlas->Clear();
  atlas->FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas->FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
  Fonts fonts{};
  for (int i = 0; i < kTextStyles; ++i) {
    const std::span<const unsigned char> octets = font_octets(kCuts[i].face);
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.PixelSnapH =
        kCuts[i].face == Typeface::Octets || kCuts[i].face == Typeface::OctetsStrong;
    const float height = line_height(kCuts[i].face, em(static_cast<TextStyle>(i)) * scale);
    // The atlas only reads from it.
    void* data = const_cast<unsigned char*>(octets.data());
    fonts[static_cast<std::size_t>(i)] = atlas->AddFontFromMemoryTTF(
        data, static_cast<int>(octets.size()), height, &config, kCuts[i].ranges);
  }
  atlas->Build();
  ImGui::GetIO().FontDefault = fonts[static_cast<std::size_t>(TextStyle::Body)];
  return fonts;
}

}  // namespace mailscope::viz
