#include "viz/layout/ladder_lines.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/focus.hpp"

namespace mailscope::viz {
namespace {

constexpr float kBands = 30;    // units on the left that belong to the phases
constexpr float kGutter = 52;   // between them and the first line: "to come"
constexpr float kTalk = 150;    // the pair that talks stands at least so far apart
constexpr float kInside = 40;   // between lines of one host, at least: a state's name is there
constexpr float kBetween = 54;  // between hosts
constexpr float kNameLine = 18, kAgentLine = 16;

constexpr int kLevelMax = 5;

using Participant = TraceIndex::Participant;

struct Group {  // the lines of one host
  std::size_t first = 0, count = 0;
  std::vector<std::string> name;
  float left = 0, right = 0;  // how far the heads reach beyond the first and the last line
};

float widest(const Metrics& m, TextStyle style, const std::vector<std::string>& lines) {
  float w = 0;
  for (const std::string& line : lines) w = std::max(w, m.width(style, line));
  return w;
}

bool has(const std::vector<Id>& ids, Id id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class Placer {
 public:
  Placer(const TraceIndex& index, const Cursor& cursor, const Metrics& m, Rect area,
         const std::vector<Participant>& who, const std::vector<Id>& in_sight)
      : index_(index), cursor_(cursor), m_(m), area_(area), who_(who), in_sight_(in_sight) {
    const Focus focus = focus_of(index, cursor);
    acting_.assign(focus.hosts.begin(),
                   focus.hosts.begin() + static_cast<std::ptrdiff_t>(focus.acting));
  }

  LadderLines build() {
    for (int level = 0; level <= kLevelMax; ++level) {
      for (const bool two : {false, true}) {
        choose(level);
        measure(two);
        squeezed_ = !fits();
        if (!squeezed_ || (level == kLevelMax && two)) {
          spread();
          put_heads();
          return std::move(out_);
        }
      }
    }
    return std::move(out_);
  }

 private:
  // Level 0: all; 1: hosts that neither act nor are in sight as one line; 2: all that do not act;
  // 3: without those that neither act nor are in sight; 4: only those that act;
  // 5: only the two that act first.
  void choose(int level) {
    out_ = {};
    groups_.clear();
    if (level == 5 && acting_.size() > 2) acting_.resize(2);
    for (std::size_t i = 0; i < who_.size();) {
      std::size_t end = i + 1;
      while (end < who_.size() && who_[end].host == who_[i].host) ++end;
      const Id host = who_[i].host;
      const bool acts = has(acting_, host), seen = has(in_sight_, host);
      const bool folded = end - i > 1 && !acts && (level >= 2 || (level == 1 && !seen));
      if (!acts && !acting_.empty() && (level >= 4 || (level == 3 && !seen))) {
        ++out_.left_out;
      } else {
        groups_.push_back({out_.lines.size(), folded ? 1 : end - i, {}, 0, 0});
        for (std::size_t k = i; k < (folded ? i + 1 : end); ++k) add_line(who_[k], folded);
      }
      i = end;
    }
  }

  void add_line(const Participant& participant, bool folded) {
    Lifeline line;
    line.host = participant.host;
    line.folded = folded;
    line.host_name = participant.host == kNone ? "" : index_.host_name(participant.host);
    if (!folded) line.agent = participant.agent;
    if (line.agent != kNone) {
      const trace::Agent& agent = index_.trace().agents[participant.agent];
      line.name = agent.name.empty() ? std::string(name(agent.kind)) : agent.name;
      line.role = role_of(agent.kind);
    }
    if (cursor_.pdu != kNone) {
      const trace::Pdu& pdu = index_.trace().pdus[cursor_.pdu];
      line.active = at(index_.sender(pdu), line) || at(index_.receiver(pdu), line);
    }
    out_.lines.push_back(std::move(line));
  }

  // The pair that talks keeps its room when something else happens; then others are at work, and in
  // a silence nobody is.
  bool is_at_work(const Lifeline& line) const {
    const Selection event = cursor_.event;
    if (cursor_.settled || event.kind == Selected::Intervention) return false;
    if (event.kind != Selected::Change) return line.active;
    const trace::Variable& variable =
        index_.trace().variables[index_.trace().changes[event.id].variable];
    if (line.host != variable.host) return false;
    return line.folded || line.agent == variable.agent ||
           line.x == x_of_change(index_, out_.lines, event.id);
  }

  static bool at(const trace::Endpoint& endpoint, const Lifeline& line) {
    return endpoint.host == line.host && (line.folded || endpoint.agent == line.agent);
  }

  // Gaps between neighbours that keep all heads apart.
  void measure(bool two_lines) {
    const std::vector<Lifeline>& lines = out_.lines;
    std::vector<float> half(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
      half[i] =
          widest(m_, TextStyle::Small, in_two(m_, TextStyle::Small, lines[i].name)) / 2 + m_.px(4);
    gaps_.assign(lines.empty() ? 0 : lines.size() - 1, 0);
    name_lines_ = 1;
    for (Group& g : groups_) {
      const std::string& name = lines[g.first].host_name;
      g.name = two_lines ? in_two(m_, TextStyle::SmallStrong, name) : std::vector{name};
      name_lines_ = std::max(name_lines_, g.name.size());
      float span = 0;
      for (std::size_t i = g.first; i + 1 < g.first + g.count; ++i)
        span += gaps_[i] = std::max(half[i] + half[i + 1], m_.px(kInside));
      const float over = (widest(m_, TextStyle::SmallStrong, g.name) - span) / 2 + m_.px(5);
      g.left = std::max(half[g.first], over);
      g.right = std::max(half[g.first + g.count - 1], over);
    }
    for (std::size_t g = 1; g < groups_.size(); ++g)
      gaps_[groups_[g].first - 1] =
          std::max(groups_[g - 1].right + groups_[g].left, m_.px(kBetween));
  }

  float begin() const {
    const float least = m_.px(out_.lines.size() <= 4 ? kGutter : 24);
    return area_.x + m_.px(kBands) + std::max(groups_.front().left, least);
  }
  float end() const {
    const float least = m_.px(out_.lines.size() <= 4 ? 52 : 24);
    return area_.right() - std::max(groups_.back().right, least);
  }

  // First and last active line; equal when nobody talks.
  std::pair<std::size_t, std::size_t> talking() const {
    std::size_t first = out_.lines.size(), last = 0;
    for (std::size_t i = 0; i < out_.lines.size(); ++i)
      if (out_.lines[i].active) first = std::min(first, i), last = i;
    return first < last ? std::pair{first, last} : std::pair{std::size_t{0}, std::size_t{0}};
  }

  bool fits() const {
    if (out_.lines.empty()) return true;
    const auto [first, last] = talking();
    float sum = 0, talk = 0;
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      sum += gaps_[i];
      if (i >= first && i < last) talk += gaps_[i];
    }
    const float more = first < last ? std::max(0.f, m_.px(kTalk) - talk) : 0;
    return begin() + sum + more <= end();
  }

  // The pair that is talking gets the room that is left.
  void spread() {
    std::vector<Lifeline>& lines = out_.lines;
    if (lines.empty()) return;
    const float left = begin(), right = std::max(begin(), end());
    if (lines.size() == 1) {
      lines[0].x = std::round((left + right) / 2);
      return;
    }
    const auto [first, last] = talking();
    std::vector<float> weights(gaps_.size());
    float fixed = 0, weight = 0;
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      const bool inside = lines[i].host == lines[i + 1].host;
      const bool talk = i >= first && i < last;
      weights[i] = talk ? (inside ? 0.2f : 1.f) : first < last ? 0.f : inside ? 0.f : 1.f;
      fixed += gaps_[i];
      weight += weights[i];
    }
    if (weight == 0) weights.assign(weights.size(), 1), weight = static_cast<float>(weights.size());
    const float shrink = fixed > right - left ? (right - left) / fixed : 1;
    const float extra = std::max(0.f, right - left - fixed);
    float x = left;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].x = std::round(x);
      if (i < gaps_.size()) x += gaps_[i] * shrink + extra * weights[i] / weight;
    }
  }

  // ---- heads ----

  void put_heads() {
    bool agents = false;
    for (const Lifeline& line : out_.lines) agents = agents || !line.name.empty();
    const float names = m_.px(kNameLine) * static_cast<float>(name_lines_);
    for (const Group& g : groups_) put_name(g, names);
    for (std::size_t i = 0; i < out_.lines.size(); ++i) put_agent(i, names);
    out_.height = names + m_.px(agents ? 2 * kAgentLine + 6 : 8);
  }

  void put_name(const Group& g, float height) {
    LadderHead head;
    const Lifeline &first = out_.lines[g.first], &last = out_.lines[g.first + g.count - 1];
    const float middle = (first.x + last.x) / 2;
    head.host = first.host;
    head.lines = g.name;
    const float w = widest(m_, TextStyle::SmallStrong, g.name) + 1;
    const float h = m_.px(kNameLine) * static_cast<float>(g.name.size());
    head.rect = {middle - w / 2, area_.y + height - h, w, h};
    keep_inside(head.rect);
    for (std::size_t i = g.first; i < g.first + g.count; ++i)
      head.active = head.active || is_at_work(out_.lines[i]);
    out_.heads.push_back(std::move(head));
  }

  // "MTA server" stands in two lines where one would meet its neighbour.
  void put_agent(std::size_t i, float top) {
    const std::vector<Lifeline>& lines = out_.lines;
    if (lines[i].name.empty()) return;
    float room = 1e9f;
    if (i > 0) room = std::min(room, lines[i].x - lines[i - 1].x);
    if (i + 1 < lines.size()) room = std::min(room, lines[i + 1].x - lines[i].x);
    room = std::min({room, 2 * (lines[i].x - area_.x), 2 * (area_.right() - lines[i].x)});
    LadderHead head;
    head.host = lines[i].host, head.agent = lines[i].agent;
    head.active = is_at_work(lines[i]), head.role = lines[i].role;
    head.lines = {lines[i].name};
    if (m_.width(TextStyle::Small, lines[i].name) > room - m_.px(8))
      head.lines = in_two(m_, TextStyle::Small, lines[i].name);
    const float whole = widest(m_, TextStyle::Small, head.lines) + 1;
    const float w = squeezed_ ? std::min(whole, room - 2) : whole;
    head.rect = {lines[i].x - w / 2, area_.y + top + m_.px(2), w,
                 m_.px(kAgentLine) * static_cast<float>(head.lines.size())};
    out_.heads.push_back(std::move(head));
  }

  void keep_inside(Rect& r) const {
    r.x = std::clamp(r.x, area_.x, std::max(area_.x, area_.right() - r.w));
  }

  const TraceIndex& index_;
  const Cursor& cursor_;
  const Metrics& m_;
  Rect area_;
  const std::vector<Participant>& who_;
  const std::vector<Id>& in_sight_;
  std::vector<Id> acting_;
  LadderLines out_;
  std::vector<Group> groups_;
  std::vector<float> gaps_;
  std::size_t name_lines_ = 1;
  bool squeezed_ = false;  // even the last level does not fit: heads are cut
};

// Who puts into a spool or mailbox, or takes out of it, where the event does not say.
trace::AgentKind usual_hand(trace::AgentKind store, bool more) {
  using trace::AgentKind;
  if (store == AgentKind::Mailbox) return more ? AgentKind::Mda : AgentKind::MaaServer;
  return more ? AgentKind::MtaServer : AgentKind::MtaClient;
}

bool is_server(const Trace& trace, const Lifeline& line) {
  if (line.agent == kNone) return false;
  const trace::AgentKind kind = trace.agents[line.agent].kind;
  return kind == trace::AgentKind::MtaServer || kind == trace::AgentKind::MaaServer ||
         kind == trace::AgentKind::DnsServer;
}

}  // namespace

LadderLines place_lines(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                        Rect area, const std::vector<TraceIndex::Participant>& who,
                        const std::vector<Id>& in_sight) {
  return Placer(index, cursor, metrics, area, who, in_sight).build();
}

float x_of_change(const TraceIndex& index, const std::vector<Lifeline>& lines, Id id) {
  const Trace& trace = index.trace();
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  const trace::Agent* agent = variable.agent == kNone ? nullptr : &trace.agents[variable.agent];
  const auto count = trace::number(change.after);
  const bool more = !count || *count > trace::number(change.before).value_or(0);
  const Lifeline *by = nullptr, *usual = nullptr, *first = nullptr, *own = nullptr;
  for (const Lifeline& line : lines) {
    if (line.host != variable.host) continue;
    if (agent && line.agent == variable.agent) return line.x;
    if (!first) first = &line;
    // The host's own events, power: on the line that acts, else on the one that serves.
    if (!own || (line.active && !own->active)) own = &line;
    if (!own->active && is_server(trace, line) && !is_server(trace, *own)) own = &line;
    if (!agent || line.agent == kNone) continue;
    if (line.agent == change.by) by = &line;
    if (trace.agents[line.agent].kind == usual_hand(agent->kind, more)) usual = &line;
  }
  for (const Lifeline* line : {by, usual, agent ? first : own})
    if (line) return line->x;
  return -1;
}

std::vector<std::string> in_two(const Metrics& m, TextStyle style, std::string_view name) {
  std::vector<std::string> best = {std::string(name)};
  float least = m.width(style, name);
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    const char c = name[i];
    if (c != ' ' && c != '.' && c != '-') continue;
    std::vector<std::string> lines = {std::string(name.substr(0, c == ' ' ? i : i + 1)),
                                      std::string(name.substr(i + 1))};
    const float w = widest(m, style, lines);
    if (w < least) least = w, best = std::move(lines);
  }
  return best;
}

}  // namespace mailscope::viz
