#include "viz/layout/geometry.hpp"

#include "captures/languages/languages.hpp"

namespace mailscope::viz {

float em(TextStyle style) {
  constexpr float kEms[] = {13, 13, 15, 15, 20, 13, 13, 24};
  return kEms[static_cast<int>(style)];
}

float Metrics::width(TextStyle style, std::string_view text) const {
  if (measure) return measure(style, text);
  std::size_t characters = 0;
  for (const char c : text) characters += (c & 0xC0) != 0x80;
  const bool mono = style >= TextStyle::Mono;
  return static_cast<float>(characters) * em(style) * scale * (mono ? 0.6f : 0.54f);
}

std::string fit(const Metrics& metrics, TextStyle style, std::string_view text, float width) {
  if (metrics.width(style, text) <= width) return std::string(text);
  std::size_t low = 0, high = text.size();  // longest prefix that fits with the ellipsis
  while (low < high) {
    const std::size_t middle = (low + high + 1) / 2;
    const std::string trial = std::string(text.substr(0, middle)) + "…";
    if (metrics.width(style, trial) <= width) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  while (low > 0 && low < text.size() && (text[low] & 0xC0) == 0x80) --low;
  while (low > 0 && text[low - 1] == ' ') --low;
  if (low == 0 && metrics.width(style, "…") > width) return {};
  return std::string(text.substr(0, low)) + "…";
}

std::vector<std::string> wrap(const Metrics& metrics, TextStyle style, std::string_view text,
                              float width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    const std::string longer = lines.back() + (lines.back().empty() ? "" : " ") + std::string(word);
    if (lines.back().empty() || metrics.width(style, longer) <= width) {
      lines.back() = longer;
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

Role role_of(trace::Protocol protocol) {
  return role_of_colour(languages::of(protocol).card().colour);
}

Role role_of_colour(std::size_t colour) {
  constexpr Role kColours[kProtocolColours] = {Role::Tcp, Role::Smtp, Role::Pop3, Role::Imap,
                                               Role::Dns, Role::Http, Role::Tls};
  return kColours[colour < kProtocolColours ? colour : 0];
}

Role role_of(trace::AgentKind kind) {
  if (kind == trace::AgentKind::Spool || kind == trace::AgentKind::Mailbox) return Role::Accent;
  const trace::Protocol spoken = languages::spoken_by(kind);
  return spoken == languages::kUnknown ? Role::Dim : role_of(spoken);
}

Role role_of(trace::Severity severity) {
  switch (severity) {
    case trace::Severity::Error:
      return Role::Bad;
    case trace::Severity::Warning:
      return Role::Warning;
    case trace::Severity::Note:
      break;
  }
  return Role::Dim;
}

}  // namespace mailscope::viz
