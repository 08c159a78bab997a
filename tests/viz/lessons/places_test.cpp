// Every shipped lesson, played from its beginning to its end: at each moment the network shows
// whom the headline names and who acts, on every screen, and no host leaves its place.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "scenarios/lessons/shipped.hpp"
#include "tests/testing.hpp"
#include "tests/viz/lessons/stage.hpp"
#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/playing.hpp"
#include "viz/layout/topology.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::viz::stage;

namespace {

constexpr float kJumpMax = 40;  // units that a host's middle may move in a lesson
constexpr float kWireMin = 35;  // units from host to host
// Units from a dot to its tag: nearly always, and where nothing nearer is free.
constexpr float kLeaderUsual = 30, kLeaderMax = 66;
constexpr float kBesideMin = 0.9f, kBesideMinCrowded = 0.3f;
constexpr float kRouterWireMin = 21;  // from a host to a router: the way goes on there

// Where a lecture's large type leaves no room for all that these name, who acts grows in turn.
bool grows(const std::string& lesson, const Screen& screen) {
  return screen.lecture && (lesson == "bob-is-offline" || lesson == "eight-bit-road" ||
                            lesson == "gateways" || lesson == "submission-with-auth");
}

// Where hosts stand so close that a tag now and then finds no room.
bool is_crowded(const std::string& lesson) {
  return lesson == "bob-is-offline" || lesson == "gateways" || lesson == "mx-fallback" ||
         lesson == "many-mails-one-connection" || lesson == "submission-with-auth";
}

// What playing shows, one cursor for each picture that is told apart by its headline or its event.
std::vector<Cursor> moments_of(const TraceIndex& index) {
  const std::vector<Beat> beats = BeatPlan(index).beats();
  Cursor cursor = open_cursor(index);
  std::vector<Cursor> moments{cursor};
  cursor.playing = true;
  for (int i = 0; i < 100'000 && cursor.playing; ++i) {
    advance(index, beats, cursor, 0.2);
    const Cursor& last = moments.back();
    if (cursor.pdu != last.pdu || cursor.note != last.note || cursor.silence != last.silence ||
        !(cursor.event == last.event))
      moments.push_back(cursor);
  }
  return moments;
}

Named named_at(const TraceIndex& index, const Cursor& cursor) {
  Named named;
  if (cursor.silence > 0) return named;
  if (cursor.event.kind == Selected::Change)
    named.add_change(index, cursor.event.id);
  else
    named.add_pdu(index, cursor.pdu);
  const Heading heading = heading_of(index, cursor);
  named.add_text(index, lower(heading.headline + " " + heading.detail));
  return named;
}

// Who is named and not shown, each once.
void look_for_named(const TraceIndex& index, const Cursor& cursor, const Topology& t,
                    std::set<std::string>& troubles) {
  const Trace& trace = index.trace();
  const Named named = named_at(index, cursor);
  const std::string when = " at " + heading_of(index, cursor).headline;
  for (const Id id : named.hosts)
    if (std::ranges::none_of(t.hosts, [&](const HostBox& host) { return host.host == id; }))
      troubles.insert(index.host_name(id) + " is not there" + when);
  for (const Id id : named.agents) {
    bool there = false;
    for (const HostBox& host : t.hosts)
      for (const AgentBox& box : host.agents) there = there || box.agent == id;
    if (!there)
      troubles.insert(trace.agents[id].name + " of " + index.host_name(trace.agents[id].host) +
                      " is not there" + when);
  }
}

float length_of(const std::vector<Point>& path) {
  float length = 0;
  for (std::size_t i = 1; i < path.size(); ++i)
    length += std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
  return length;
}

void look_at_wires(const TraceIndex& index, const Topology& t, const Metrics& m,
                   std::set<std::string>& troubles) {
  const auto is_router = [&](Id host) {
    return index.trace().hosts[host].kind == trace::HostKind::Router;
  };
  for (const Pipe& pipe : t.pipes)
    if (length_of(pipe.path) <
        m.px(is_router(pipe.from) || is_router(pipe.to) ? kRouterWireMin : kWireMin))
      troubles.insert("the wire of " + index.host_name(pipe.from) + " and " +
                      index.host_name(pipe.to) + " is " +
                      std::to_string(std::lround(length_of(pipe.path) / m.px(1))) + " long");
}

Rect name_of(const HostBox& router, const Metrics& m) {
  const float w = m.width(TextStyle::Small, router.name);
  return {router.rect.center().x - w / 2, router.rect.bottom(), w, m.px(17)};
}

// How many tags of what is under way are beside their dots.
struct Tags {
  int wanted = 0, beside = 0;
};

// Neither a tag nor the line to it is over a box, a name, a label or another tag.
void look_at_tags(const Topology& t, const Metrics& m, Tags& tags,
                  std::set<std::string>& troubles) {
  for (const Mover& mover : t.movers) {
    const Rect& p = mover.pill;
    const Point near{std::clamp(mover.at.x, p.x, p.right()),
                     std::clamp(mover.at.y, p.y, p.bottom())};
    const float far = std::hypot(near.x - mover.at.x, near.y - mover.at.y);
    tags.wanted += mover.current && mover.pdu != kNone;
    tags.beside += mover.current && mover.pdu != kNone && p.w > 0 && far <= m.px(kLeaderUsual);
    if (p.w <= 0) continue;
    if (far > m.px(kLeaderMax)) troubles.insert("far from its dot: " + mover.label);
    const auto covers = [&](const Rect& r) {
      const Point half{(near.x + mover.at.x) / 2, (near.y + mover.at.y) / 2};
      return r.w > 2 && (r.inset(1).intersects(p) || r.inset(1).contains(half));
    };
    for (const HostBox& host : t.hosts)
      if (covers(host.rect) || (host.router && covers(name_of(host, m))))
        troubles.insert("the tag " + mover.label + " covers " + host.name);
    for (const Pipe& pipe : t.pipes)
      if (covers(pipe.label_rect)) troubles.insert("the tag " + mover.label + " covers a label");
    for (const Mover& other : t.movers)
      if (&other != &mover && covers(other.pill))
        troubles.insert("the tag " + mover.label + " covers " + other.label);
  }
}

// How far the middle of a host gets from where it stood first.
class Places {
 public:
  void add(const Topology& t, const Metrics& m) {
    for (const HostBox& host : t.hosts) {
      const Point p = host.rect.center(), first = first_.try_emplace(host.host, p).first->second;
      float& far = farthest_[host.host];
      far = std::max(far, std::hypot(p.x - first.x, p.y - first.y) / m.px(1));
    }
  }
  void look(const TraceIndex& index, std::set<std::string>& troubles) const {
    for (const auto& [host, far] : farthest_)
      if (far > kJumpMax)
        troubles.insert(index.host_name(host) + " moves by " + std::to_string(std::lround(far)));
  }

 private:
  std::map<Id, Point> first_;
  std::map<Id, float> farthest_;
};

std::set<std::string> troubles_of(const TraceIndex& index, const std::vector<Cursor>& moments,
                                  const Screen& screen, const std::string& lesson) {
  const Type type(type_scale(1, screen.w, screen.h, screen.lecture));
  const Metrics m = type.canvas.metrics();
  const Rect window{0, 0, screen.w, screen.h};
  const HeadingShape shape = shape_headings(index, m, narration_width(window, m));
  const Arrangement a = arrange(window, m, {}, wishes_of(index, shape, screen.lecture));
  const Rect area = network_area(m, a.network);
  std::set<std::string> troubles;
  Places places;
  Tags tags;
  for (const Cursor& cursor : moments) {
    const Topology t = layout_topology(index, cursor, m, area);
    look_for_named(index, cursor, t, troubles);
    if (!grows(lesson, screen)) look_at_wires(index, t, m, troubles);
    look_at_tags(t, m, tags, troubles);
    places.add(t, m);
  }
  const float beside_min = is_crowded(lesson) ? kBesideMinCrowded : kBesideMin;
  if (static_cast<float>(tags.beside) < beside_min * static_cast<float>(tags.wanted))
    troubles.insert("only " + std::to_string(tags.beside) + " of " + std::to_string(tags.wanted) +
                    " tags are beside their dots");
  if (!grows(lesson, screen)) places.look(index, troubles);
  return troubles;
}

void check_lesson(const std::string& name) {
  const scenarios::Run run = test::play_lesson(name);
  const TraceIndex index(run.trace);
  const std::vector<Cursor> moments = moments_of(index);
  CHECK(moments.back().note + 1 == index.narration().size());
  for (const Screen& screen : kScreens) {
    INFO(name << " at " << screen.w << "x" << screen.h << (screen.lecture ? " lecture" : ""));
    for (const std::string& trouble : troubles_of(index, moments, screen, name))
      FAIL_CHECK(trouble);
  }
}

const bool kAdded = [] {
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    const std::string name(shipped.name);
    testing::add_case(
        "Whoever acts or is named while " + name + " plays is in the network, and keeps its place",
        [name] { check_lesson(name); });
  }
  return true;
}();

}  // namespace
