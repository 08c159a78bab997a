// Every shipped lesson, played and laid out as the window does it, with the window's own type: on
// a laptop and on a projector each step shows whom its narration names.
#include <catch2/catch.hpp>
#include <map>

#include "scenarios/lessons/shipped.hpp"
#include "tests/testing.hpp"
#include "tests/viz/lessons/stage.hpp"
#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/topology.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::viz::stage;

namespace {

constexpr float kNarrationHeightMax = 116;  // units

// From the event that the step is tied to, and from its words.
Named named_at(const TraceIndex& index, const trace::Note& note) {
  Named named;
  named.add_pdu(index, note.pdu);
  named.add_change(index, note.change);
  named.add_text(index, lower(note.text + " " + note.detail));
  return named;
}

bool fits_in(const AgentBox& box, const Metrics& m) {
  const TextStyle strong =
      box.style == TextStyle::Body ? TextStyle::BodyStrong : TextStyle::SmallStrong;
  const float envelopes = m.px(box.envelopes > 1 ? 50.f : box.envelopes > 0 ? 30.f : 0.f);
  return m.width(strong, box.text) <= box.rect.w - m.px(2 * kAgentPad) - envelopes + 0.5f;
}

// Whether a piece of a cable goes through a box.
bool goes_through(const Pipe& pipe, const Rect& box) {
  for (int k = 0; k <= 400; ++k)
    if (box.inset(1).contains(point_on(pipe.path, static_cast<float>(k) / 400))) return true;
  return false;
}

std::vector<std::string> troubles_of_network(const TraceIndex& index, const Named& named,
                                             const Topology& t, const Metrics& m, Rect area) {
  const Trace& trace = index.trace();
  std::vector<std::string> troubles;
  const auto check = [&](bool good, const std::string& what) {
    if (!good) troubles.push_back(what);
  };
  for (std::size_t i = 0; i < t.hosts.size(); ++i) {
    const HostBox& host = t.hosts[i];
    check(area.inset(-1).contains(host.rect), host.name + " is outside");
    for (std::size_t j = i + 1; j < t.hosts.size(); ++j)
      check(!host.rect.intersects(t.hosts[j].rect), host.name + " overlaps " + t.hosts[j].name);
    check(host.router || m.width(TextStyle::BodyStrong, host.name) <=
                             host.rect.w - m.px(2 * kHostNamePad) + 0.5f,
          host.name + " is cut");
    for (std::size_t a = 0; a < host.agents.size(); ++a) {
      check(host.rect.contains(host.agents[a].rect), host.agents[a].text + " leaves its host");
      check(fits_in(host.agents[a], m), host.agents[a].text + " of " + host.name + " is cut");
      for (std::size_t b = a + 1; b < host.agents.size(); ++b)
        check(!host.agents[a].rect.intersects(host.agents[b].rect), "agents overlap");
    }
  }
  for (const Pipe& pipe : t.pipes)
    for (const HostBox& host : t.hosts)
      if (host.host != pipe.from && host.host != pipe.to)
        check(!goes_through(pipe, host.rect), "the cable of " + index.host_name(pipe.from) +
                                                  " and " + index.host_name(pipe.to) +
                                                  " goes through " + host.name);
  for (const Mover& mover : t.movers)
    for (const HostBox& host : t.hosts)
      check(mover.label.empty() || !mover.current || !host.rect.inset(1).intersects(mover.pill),
            "the pill " + mover.label + " covers " + host.name);
  for (const Id id : named.hosts)
    check(std::any_of(t.hosts.begin(), t.hosts.end(),
                      [&](const HostBox& host) { return host.host == id; }),
          trace.hosts[id].name + " is not there");
  for (const Id id : named.agents) {
    bool there = false;
    for (const HostBox& host : t.hosts)
      for (const AgentBox& box : host.agents) there = there || box.agent == id;
    check(there, trace.agents[id].name + " of " + index.host_name(trace.agents[id].host) +
                     " is not there");
  }
  return troubles;
}

std::vector<std::string> troubles_of_ladder(const TraceIndex& index, const trace::Note& note,
                                            const Ladder& ladder, const Metrics& m, Rect area) {
  const Trace& trace = index.trace();
  std::vector<std::string> troubles;
  const auto check = [&](bool good, const std::string& what) {
    if (!good) troubles.push_back("ladder: " + what);
  };
  for (std::size_t i = 0; i < ladder.heads.size(); ++i) {
    const LadderHead& head = ladder.heads[i];
    const std::string name = head.lines.front();
    check(area.inset(-1).contains(head.rect), "head " + name + " is outside");
    for (const std::string& line : head.lines)
      check(m.width(head.agent == kNone ? TextStyle::SmallStrong : TextStyle::Small, line) <=
                head.rect.w + 0.5f,
            "head " + line + " is cut");
    for (std::size_t j = i + 1; j < ladder.heads.size(); ++j)
      check(!head.rect.intersects(ladder.heads[j].rect),
            "head " + name + " meets " + ladder.heads[j].lines.front());
  }
  for (const Arrow& arrow : ladder.arrows)
    check(!ladder.to_come.intersects(arrow.label_rect), "to come meets " + arrow.label);
  for (const InsideMark& mark : ladder.marks) {
    if (mark.change == kNone) continue;
    const std::string& text = trace.changes[mark.change].text;
    check(!ladder.to_come.intersects(mark.label_rect), "to come meets " + text);
    check(mark.to_come == (mark.at.y > ladder.now_y),
          "as past though it is to come, or not: " + text);
  }
  if (note.pdu == kNone) return troubles;
  for (const trace::Endpoint* end :
       {&index.sender(trace.pdus[note.pdu]), &index.receiver(trace.pdus[note.pdu])}) {
    bool host = false, agent = end->agent == kNone;
    for (const LadderHead& head : ladder.heads) {
      host = host || (head.host == end->host && head.agent == kNone);
      agent = agent || (head.host == end->host && head.agent == end->agent);
    }
    check(host && agent, "no head for " + index.host_name(end->host));
  }
  return troubles;
}

// Every word of the step stands in the panel, and beside what stands to its right.
std::vector<std::string> troubles_of_heading(const trace::Note& note, const Heading& heading,
                                             const HeadingShape& shape, const Metrics& m,
                                             Rect panel) {
  std::vector<std::string> troubles;
  std::string headline, detail;
  for (const HeadingLine& line : lay_heading(heading, shape, m)) {
    std::string& whole = line.part == HeadingPart::Headline ? headline : detail;
    whole += (whole.empty() ? "" : " ") + line.text;
    if (m.width(line.style, line.text) > shape.words + 0.5f)
      troubles.push_back("wide: " + line.text);
    if (line.rect.y < 0 || line.rect.bottom() > panel.h)
      troubles.push_back("outside: " + line.text);
  }
  if (headline != note.text) troubles.push_back("headline: " + headline);
  if (detail != note.detail) troubles.push_back("detail: " + detail);
  return troubles;
}

// Where each host has stood from each other one. 1: left of (above) it; 2: right of (below) it; 3:
// on both sides.
class Sides {
 public:
  void add(const Topology& t) {
    for (const HostBox& one : t.hosts)
      for (const HostBox& other : t.hosts) {
        auto& [across, down] = sides_[{one.host, other.host}];
        across |= side(one.rect.x, one.rect.right(), other.rect.x, other.rect.right());
        down |= side(one.rect.y, one.rect.bottom(), other.rect.y, other.rect.bottom());
      }
  }

  void check(const TraceIndex& index) const {
    for (const auto& [pair, side] : sides_) {
      INFO(index.host_name(pair.first)
           << " and " << index.host_name(pair.second) << " change sides");
      if (pair.first < pair.second) CHECK((side.first != 3 && side.second != 3));
    }
  }

 private:
  static int side(float begin, float end, float other_begin, float other_end) {
    return end <= other_begin ? 1 : other_end <= begin ? 2 : 0;
  }

  std::map<std::pair<Id, Id>, std::pair<int, int>> sides_;
};

void check_steps(const scenarios::Run& run, const Screen& screen) {
  const TraceIndex index(run.trace);
  const Type type(type_scale(1, screen.w, screen.h, screen.lecture));
  const Metrics m = type.canvas.metrics();
  const Rect window{0, 0, screen.w, screen.h};
  const HeadingShape shape = shape_headings(index, m, narration_width(window, m));
  CHECK(shape.height <= m.px(kNarrationHeightMax));
  const Arrangement a = arrange(window, m, {}, wishes_of(index, shape, screen.lecture));
  const Rect network = network_area(m, a.network), ladder = ladder_area(m, a.ladder);
  Cursor cursor = open_cursor(index);
  Sides sides;
  for (std::size_t step = 0; step < index.narration().size(); ++step) {
    if (cursor.note != step) step_narration(index, cursor, +1);
    const trace::Note& note = run.trace.notes[index.narration()[step]];
    std::vector<std::string> troubles =
        troubles_of_heading(note, heading_of(index, cursor), shape, m, a.narration);
    const Topology topology = layout_topology(index, cursor, m, network);
    sides.add(topology);
    for (auto& one : troubles_of_network(index, named_at(index, note), topology, m, network))
      troubles.push_back(one);
    for (auto& one :
         troubles_of_ladder(index, note, layout_ladder(index, cursor, m, ladder), m, ladder))
      troubles.push_back(one);
    INFO("step " << step + 1 << ": " << note.text);
    for (const std::string& trouble : troubles) FAIL_CHECK(trouble);
  }
  sides.check(index);
}

void check_lesson(const std::string& name) {
  const scenarios::Run run = test::play_lesson(name);
  for (const Screen& screen : kScreens) {
    INFO(screen.w << "x" << screen.h << (screen.lecture ? " lecture" : ""));
    check_steps(run, screen);
  }
}

const bool kAdded = [] {
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    const std::string name(shipped.name);
    testing::add_case("On a laptop and a projector each step of " + name +
                          " shows whom its narration names, and no host changes sides with another",
                      [name] { check_lesson(name); });
  }
  return true;
}();

}  // namespace
