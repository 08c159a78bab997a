#include <algorithm>

#include "viz/layout/topology_place.hpp"

namespace mailscope::viz {
namespace {

float mix(float a, float b, float share) {
  return a + (b - a) * share;
}

Rect mix(const Rect& a, const Rect& b, float share) {
  return {mix(a.x, b.x, share), mix(a.y, b.y, share), mix(a.w, b.w, share), mix(a.h, b.h, share)};
}

// An agent that only one of the two boxes has: at its place in that box, as far as the box reaches.
void add_coming(HostBox& box, const HostBox& of, float presence) {
  for (AgentBox agent : of.agents) {
    agent.rect.x += box.rect.x - of.rect.x, agent.rect.y += box.rect.y - of.rect.y;
    agent.presence = presence;
    if (presence > 0 && box.rect.contains(agent.rect)) box.agents.push_back(std::move(agent));
  }
}

HostBox blend_host(const HostBox& a, const HostBox& b, float share) {
  HostBox box = b;
  box.rect = mix(a.rect, b.rect, share);
  if (a.agents.size() != b.agents.size() || a.small != b.small) {
    box.agents.clear();
    if (a.address.empty()) box.address.clear();
    add_coming(box, a, 1 - 2 * share);
    add_coming(box, b, 2 * share - 1);
    return box;
  }
  for (std::size_t i = 0; i < box.agents.size(); ++i)
    box.agents[i].rect = mix(a.agents[i].rect, b.agents[i].rect, share);
  return box;
}

}  // namespace

std::vector<HostBox> blend(const std::vector<HostBox>& from, const std::vector<HostBox>& to,
                           float share) {
  if (share >= 1) return to;
  std::vector<HostBox> boxes;
  for (const HostBox& box : to) {
    const auto before = std::find_if(from.begin(), from.end(),
                                     [&](const HostBox& other) { return other.host == box.host; });
    boxes.push_back(before == from.end() ? box : blend_host(*before, box, share));
  }
  return boxes;
}

}  // namespace mailscope::viz
