// What every drawing struct is made of: points, rectangles, colours as roles, styles of type.
//
// Units are pixels of the target, y downwards, relative to the panel's upper left corner. Layout
// never sees a font: it asks Metrics for the width of a text. No colours here but roles; the theme
// of the window gives them values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

struct Point {
  float x = 0, y = 0;
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  Point center() const { return {x + w / 2, y + h / 2}; }
  bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  bool intersects(const Rect& o) const {
    return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom();
  }
  bool contains(const Rect& o) const {
    return o.x >= x && o.y >= y && o.right() <= right() && o.bottom() <= bottom();
  }
  Rect inset(float by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
};

enum class Role : std::uint8_t {
  Background,
  Panel,
  Raised,
  Line,
  Text,
  Dim,
  Faint,
  Accent,
  OnAccent,
  Paper,
  Smtp,
  Pop3,
  Imap,
  Dns,
  Http,
  Tls,
  Tcp,
  Good,
  Warning,
  Bad,     // what is broken: lost, crashed, an error
  NotNow,  // a refusal for now: 4yz
  Refused  // a refusal for good: 5yz, -ERR, a DNS error
};
inline constexpr int kRoles = static_cast<int>(Role::Refused) + 1;

enum class TextStyle : std::uint8_t {
  Small,
  SmallStrong,
  Body,
  BodyStrong,
  Headline,
  Mono,
  MonoStrong,
  MonoBig
};
inline constexpr int kTextStyles = static_cast<int>(TextStyle::MonoBig) + 1;

// Size of an em in pixels at scale 1.
float em(TextStyle style);

// How large things are on the target. The default measures with average widths, so that layouts can
// be tested without a font.
struct Metrics {
  float scale = 1;
  std::function<float(TextStyle, std::string_view)> measure;

  float px(float at_scale_1) const { return at_scale_1 * scale; }
  float width(TextStyle style, std::string_view text) const;
};

// The text, or as much of it as fits in front of "…". Never cuts a UTF-8 sequence.
std::string fit(const Metrics& metrics, TextStyle style, std::string_view text, float width);

// Broken between words, no line wider than `width` unless a single word is. At least one line.
std::vector<std::string> wrap(const Metrics& metrics, TextStyle style, std::string_view text,
                              float width);

Role role_of(trace::Protocol protocol);
inline constexpr std::size_t kProtocolColours = 7;  // languages::Language::Card::colour, with 0
Role role_of_colour(std::size_t colour);
Role role_of(trace::AgentKind kind);
Role role_of(trace::Severity severity);

}  // namespace mailscope::viz
