#include <algorithm>
#include <array>

#include "sim/net/link.hpp"

namespace mailscope::sim {
namespace {

struct Preset {
  std::string_view name;
  Time latency;
  std::uint64_t rate_bps;
  std::uint32_t queue_octets;
  Time jitter;
};

// Typical for each kind, without faults; the one place where the kinds are listed. A queue holds at
// least twice the default receive window, so that one connection alone never overflows it. Both
// directions have the same rate (dsl, cable: that of the slower one, the upload, which is the one
// that mail is submitted on).
constexpr std::array kPresets = {
    Preset{"lan", 50 * kMicrosecond, 1'000'000'000, 524'288, 0},
    Preset{"wan", 20 * kMillisecond, 100'000'000, 1'048'576, 0},
    Preset{"dial-up", 100 * kMillisecond, 56'000, 262'144, 0},
    Preset{"dsl", 15 * kMillisecond, 8'000'000, 262'144, 0},
    Preset{"cable", 10 * kMillisecond, 50'000'000, 524'288, 0},
    Preset{"fibre", 2 * kMillisecond, 1'000'000'000, 1'048'576, 0},
    Preset{"satellite", 240 * kMillisecond, 20'000'000, 1'048'576, 0},
};

}  // namespace

std::optional<LinkOptions> link_preset(std::string_view name) {
  const auto preset = std::ranges::find(kPresets, name, &Preset::name);
  if (preset == kPresets.end()) return std::nullopt;
  LinkOptions options;
  options.kind = name;
  options.latency = preset->latency;
  options.rate_bps = preset->rate_bps;
  options.queue_octets = preset->queue_octets;
  options.jitter = preset->jitter;
  options.point_to_point = name == "dial-up";  // a telephone call has two ends (PPP, RFC 1661)
  return options;
}

std::vector<std::string_view> link_preset_names() {
  std::vector<std::string_view> names;
  names.reserve(kPresets.size());
  for (const Preset& preset : kPresets) names.push_back(preset.name);
  return names;
}

}  // namespace mailscope::sim
