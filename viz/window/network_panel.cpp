#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/layout/letters.hpp"
#include "viz/layout/topology_place.hpp"
#include "viz/layout/words.hpp"
#include "viz/window/view.hpp"

namespace mailscope::viz {
namespace {

class NetworkPanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    c.panel(r);
    const Cursor cursor = drawn_cursor(view);
    draw_title(c, r, "Network",
               (view.index.trace().source.kind == trace::SourceKind::Simulator ? "virtual time "
                                                                               : "time ") +
                   time_text(cursor.time) + " s");
    const Rect area = network_area(c.metrics(), r);
    if (area.h < c.px(60)) return;
    const Topology topology =
        layout_topology(view.index, cursor, c.metrics(), area, hosts_now(view, c, area));
    c.clip(r);
    open_letters(view, c, topology);
    for (const Pipe& pipe : topology.pipes) draw_pipe(c, pipe);
    for (const HostBox& host : topology.hosts) draw_host(view, c, host);
    for (const Mover& mover : topology.movers) draw_mover(c, mover);
    // Where it is tight, the envelopes in the boxes have to do without the words below.
    if (network_has_foot(c.metrics(), r) || topology.hosts_left_out > 0) draw_foot(c, r, topology);
    c.unclip();
  }

 private:
  // Before the hosts, whose boxes they lie in: what is touched first has the mouse.
  static void open_letters(View& view, const Canvas& c, const Topology& topology) {
    const auto open = [&](const std::string& id, Rect r, auto letter) {
      const Touch t = touch(id.c_str(), r);
      if (t.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      if (!t.pressed) return;
      view.cursor.selection = letter();
      view.cursor.playing = false;
    };
    for (const Mover& mover : topology.movers)
      if (mover.pdu != kNone && mover.pill.w > 0)
        open("mover" + std::to_string(mover.frame), mover.pill,
             [&] { return carried_by(view.index, mover.pdu); });
    for (const HostBox& host : topology.hosts)
      for (const AgentBox& agent : host.agents)
        if (const Rect r = envelopes_rect(agent, c.metrics()); r.w > 0)
          open("envelopes" + std::to_string(agent.agent), r.inset(-c.px(4)),
               [&] { return letter_at(view.index, view.cursor, agent.agent); });
  }

  // What the places of the hosts depend on.
  struct Stage {
    std::string trace;
    std::uint64_t serial = 0;  // of the view: a growing trace has more each time
    std::size_t agents = 0;
    std::vector<Id> hosts;
    Focus focus;
    Rect area;
    float scale = 0;

    bool same_size(const Stage& o) const {
      return trace == o.trace && scale == o.scale && area.x == o.area.x && area.y == o.area.y &&
             area.w == o.area.w && area.h == o.area.h;
    }
    bool operator==(const Stage& o) const {
      return same_size(o) && serial == o.serial && agents == o.agents && hosts == o.hosts &&
             focus == o.focus;
    }
  };

  // The hosts at their places, or on their way there when somebody else acts now.
  std::vector<HostBox> hosts_now(View& view, const Canvas& c, Rect area) {
    const Trace& trace = view.index.trace();
    Stage stage{trace.source.name,
                view.serial,
                trace.agents.size(),
                shown_hosts(view.index, view.cursor),
                focus_of(view.index, view.cursor),
                area,
                c.px(1)};
    if (!(stage == stage_)) {
      const bool moves = stage.same_size(stage_) && stage.serial == stage_.serial && !view.still &&
                         !view.settings.reduced_motion;
      from_ = shown_;
      if (cast_for_ != view.serial) cast_ = cast_of(view.index), cast_for_ = view.serial;
      to_ = place_hosts(view.index, stage.hosts, cast_, stage.focus, c.metrics(), area);
      share_ = moves ? 0 : 1;
      stage_ = std::move(stage);
    } else {  // the time before the change is not part of the way
      share_ = std::min(1.f, share_ + ImGui::GetIO().DeltaTime / kMoveSeconds);
    }
    if (share_ < 1) view.settling = true;
    shown_ = blend(from_, to_, share_ * share_ * (3 - 2 * share_));
    return shown_;
  }

  static constexpr float kMoveSeconds = 0.35f;
  Stage stage_;
  Focus cast_;
  std::uint64_t cast_for_ = 0;  // View::serial
  std::vector<HostBox> from_, to_, shown_;
  float share_ = 1;

  // Dashed, with a gap in the middle and a red cross in it.
  static void draw_cut(const Canvas& c, const Pipe& pipe) {
    for (std::size_t i = 1; i < pipe.path.size(); ++i)
      c.dashed(pipe.path[i - 1], pipe.path[i], c.color(Role::Faint), 3, 7);
    const Point p = point_on(pipe.path, 0.5f);
    const float s = c.px(7);
    c.circle(p, 12, c.color(Role::Panel));
    c.line({p.x - s, p.y - s}, {p.x + s, p.y + s}, c.color(Role::Bad), 3);
    c.line({p.x - s, p.y + s}, {p.x + s, p.y - s}, c.color(Role::Bad), 3);
  }

  static void draw_pipe(const Canvas& c, const Pipe& pipe) {
    const Role ground = Role::Panel;
    if (pipe.cut) return draw_cut(c, pipe);
    c.polyline(pipe.path, c.theme().over(Role::Line, ground, 1), 8);
    if (pipe.active) c.polyline(pipe.path, c.theme().over(Role::Accent, Role::Line, 0.4f), 3);
    if (pipe.label_rect.w <= 0) return;
    const float line = pipe.label_rect.h / static_cast<float>(pipe.label.size());
    for (std::size_t i = 0; i < pipe.label.size(); ++i)
      c.text({pipe.label_rect.x, pipe.label_rect.y + static_cast<float>(i) * line,
              pipe.label_rect.w + 1, line},
             TextStyle::Small, i == 0 ? Role::Dim : Role::Faint, pipe.label[i],
             pipe.vertical ? Align::Left : Align::Center);
  }

  static void draw_host(View& view, const Canvas& c, const HostBox& host) {
    const std::string id = "host" + std::to_string(host.host);
    const Touch t = touch(id.c_str(), host.rect);
    if (t.pressed) {
      view.cursor.selection = {Selected::Host, host.host};
      view.cursor.playing = false;
    }
    if (host.router) return draw_router(c, host, t.hovered);
    const bool down = host.power != Power::On;
    const Role edge = host.selected ? Role::Accent : Role::Line;
    c.fill(host.rect,
           down ? c.theme().over(Role::Raised, Role::Panel, 0.35f) : c.color(Role::Raised), 10);
    if (down) {
      c.dashed_outline(host.rect, c.color(host.power == Power::Crashed ? Role::Bad : Role::Faint));
    } else {
      c.outline(host.rect, c.color(t.hovered && !host.selected ? Role::Faint : edge), 10,
                host.selected ? 2.f : 1.2f);
    }
    const float pad = c.px(kHostNamePad);
    const Rect name{host.rect.x + pad,
                    host.rect.y + c.px(host.compact || host.address.empty() ? 5 : 8),
                    host.rect.w - 2 * pad, c.px(22)};
    c.text(name, TextStyle::BodyStrong, down ? Role::Dim : Role::Text, host.name);
    if (!host.address.empty())
      c.text({name.x, host.rect.y + c.px(29), name.w, c.px(18)}, TextStyle::Mono, Role::Faint,
             host.address);
    if (down) draw_power(c, host);
    if (!down && host.disk_full) draw_badge(c, host, {"disk full", Role::Bad, true});
    for (const AgentBox& agent : host.agents) draw_agent(c, agent, down);
  }

  static void draw_power(const Canvas& c, const HostBox& host) {
    const bool crashed = host.power == Power::Crashed;
    draw_badge(c, host, {crashed ? "crashed" : "off", crashed ? Role::Bad : Role::Dim, true});
  }

  static void draw_badge(const Canvas& c, const HostBox& host, const Chip& chip) {
    const float w = c.chip_width(chip);
    const float y = host.address.empty() ? host.rect.y + c.px(5) : host.rect.y + c.px(26);
    c.chip({host.rect.right() - w - c.px(12), y}, chip);
  }

  static void draw_router(const Canvas& c, const HostBox& host, bool hovered) {
    const Point m = host.rect.center();
    const Color edge = c.color(host.selected ? Role::Accent : hovered ? Role::Dim : Role::Faint);
    c.circle(m, 20, c.color(Role::Raised));
    c.circle(m, 20, edge, false);
    const float s = c.px(9);
    for (const Point d : {Point{1, 0}, Point{-1, 0}, Point{0, 1}, Point{0, -1}}) {
      c.line({m.x + d.x * c.px(3), m.y + d.y * c.px(3)}, {m.x + d.x * s, m.y + d.y * s}, edge,
             1.6f);
      c.arrow_head({m.x + d.x * c.px(13), m.y + d.y * c.px(13)}, d, edge, 6);
    }
    const float w = std::max(host.rect.w, c.width(TextStyle::Small, host.name) + 2);
    c.fill({m.x - w / 2, host.rect.bottom() + c.px(2), w, c.px(17)},
           c.theme().tint(Role::Panel, 0.85f), 4);  // a cable may run behind it
    c.text({m.x - w / 2, host.rect.bottom() + c.px(1), w, c.px(18)}, TextStyle::Small,
           host.selected ? Role::Accent : Role::Dim, host.name, Align::Center);
  }

  static void draw_agent(const Canvas& c, const AgentBox& agent, bool down) {
    const Rect r = agent.rect;
    const Role role = down ? Role::Faint : agent.refused ? Role::Refused : agent.role;
    const float there = agent.presence;
    c.fill(r, c.theme().tint(role, there * (agent.active ? 0.26f : 0.07f)), 6);
    c.outline(r, c.theme().tint(role, there * (agent.active ? 1.f : 0.5f)), 6,
              agent.active ? 1.6f : 1.f);
    float room = r.w - c.px(2 * kAgentPad);
    if (agent.envelopes > 0 && there >= 1) room -= draw_envelopes(c, agent);
    const bool large = agent.style == TextStyle::Body;
    const TextStyle style = large ? (agent.active ? TextStyle::BodyStrong : TextStyle::Body)
                                  : (agent.active ? TextStyle::SmallStrong : TextStyle::Small);
    const Role text = down ? Role::Faint : agent.active ? Role::Text : Role::Dim;
    c.text({r.x + c.px(kAgentPad), r.y, room, r.h}, style, c.theme().tint(text, there), agent.text);
    if (agent.active && agent.ports.size() > 1 && agent.port_now != 0)
      underline_port(c, agent, style);
  }

  // Which of a server's ports is in use.
  static void underline_port(const Canvas& c, const AgentBox& agent, TextStyle style) {
    const std::string port = std::to_string(agent.port_now);
    const std::size_t at = agent.text.rfind(" " + port);
    if (at == std::string::npos) return;
    const Rect& r = agent.rect;
    const float x = r.x + c.px(kAgentPad) + c.width(style, agent.text.substr(0, at + 1));
    const float y = r.center().y + c.px(8);
    c.line({x, y}, {x + c.width(style, port), y}, c.color(Role::Accent), 2);
  }

  // A stack at the right end: up to three envelopes, and the count where there are more.
  static float draw_envelopes(const Canvas& c, const AgentBox& agent) {
    const Rect stack = envelopes_rect(agent, c.metrics());
    const float w = c.px(22), step = c.px(5);
    const int shown = 1 + static_cast<int>(std::lround((stack.w - w) / step));
    for (int i = shown; i-- > 0;) {
      const auto k = static_cast<float>(i);
      c.envelope({stack.right() - w - k * step, stack.y - k * c.px(1), w, stack.h},
                 c.theme().over(Role::Accent, Role::OnAccent, c.theme().light() ? 1.f : 0.75f));
    }
    float used = stack.w;
    if (agent.envelopes > 1) {
      const std::string count = fmt::format("{}×", agent.envelopes);
      const float cw = c.width(TextStyle::SmallStrong, count);
      c.text({agent.rect.right() - c.px(14) - used - cw, agent.rect.y, cw + 1, agent.rect.h},
             TextStyle::SmallStrong, Role::Accent, count);
      used += cw + c.px(6);
    }
    return used;
  }

  static void draw_mover(const Canvas& c, const Mover& mover) {
    const Role role = mover.lost ? Role::Bad : mover.role;
    if (mover.lost) {
      c.circle(mover.at, 9, c.color(Role::Panel));
      c.cross(mover.at, c.color(Role::Bad));
    } else if (mover.letter) {
      const float w = c.px(26), h = c.px(18);
      c.envelope({mover.at.x - w / 2, mover.at.y - h / 2, w, h}, c.color(role));
    } else {
      c.circle(mover.at, mover.current ? 5.5f : 4, c.color(role));
    }
    if (mover.label.empty()) return;
    const Rect p = mover.pill;
    const Point near{std::clamp(mover.at.x, p.x, p.right()),
                     std::clamp(mover.at.y, p.y, p.bottom())};
    if (std::hypot(near.x - mover.at.x, near.y - mover.at.y) > c.px(16))
      c.line(near, mover.at, c.theme().tint(role, 0.6f), 1.2f);
    c.fill(p.inset(-c.px(2)), c.theme().tint(Role::Panel, 0.85f), 14);
    if (mover.current) {
      c.fill(p, c.color(role), 12);
    } else {
      c.fill(p, c.theme().over(role, Role::Panel, 0.25f), 12);
      c.outline(p, c.color(role), 12);
    }
    const bool upright = std::abs(mover.heading.y) > std::abs(mover.heading.x);
    const float side = upright ? 0 : mover.heading.x > 0 ? 1.f : -1.f;
    // The side that it goes to has a point.
    const float y = p.center().y, reach = c.px(7), half = c.px(6);
    if (side > 0)
      c.triangle({p.right() - 2, y - half}, {p.right() + reach, y}, {p.right() - 2, y + half},
                 c.color(role));
    if (side < 0)
      c.triangle({p.x + 2, y + half}, {p.x - reach, y}, {p.x + 2, y - half}, c.color(role));
    if (upright) {
      const float x = p.center().x, d = mover.heading.y > 0 ? 1.f : -1.f;
      const float edge = d > 0 ? p.bottom() - 2 : p.y + 2;
      c.triangle({x - d * half, edge}, {x + d * half, edge}, {x, edge + d * reach}, c.color(role));
    }
    c.text(p, TextStyle::MonoStrong, mover.current ? c.color(Role::OnAccent) : c.color(Role::Text),
           mover.label, Align::Center);
  }

  static void draw_foot(const Canvas& c, Rect r, const Topology& topology) {
    const float y = r.bottom() - c.px(34), h = c.px(22);
    float x = r.x + c.px(20);
    // Whole ones only, and those that hold something first.
    std::vector<std::string> stores = topology.stores;
    std::stable_partition(stores.begin(), stores.end(),
                          [](const std::string& store) { return !store.ends_with("empty"); });
    std::string text;
    for (const std::string& store : stores) {
      const std::string more = text.empty() ? store : text + "     " + store;
      if (c.width(TextStyle::Small, more) > r.w - c.px(40)) break;
      text = more;
    }
    if (topology.hosts_left_out > 0)
      text = fmt::format("{} more hosts with less traffic are not drawn", topology.hosts_left_out);
    c.text({x, y, r.w - c.px(40), h}, TextStyle::Small, Role::Dim, text);
  }
};

}  // namespace

std::unique_ptr<Panel> make_network_panel() {
  return std::make_unique<NetworkPanel>();
}

}  // namespace mailscope::viz
