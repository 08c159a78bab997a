// The tags of what moves: each beside its dot, over no host, no other tag, and in the open.
#include <algorithm>
#include <cmath>

#include "viz/layout/topology_place.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

// Units.
constexpr float kTagHeight = 24, kTagPad = 16;
constexpr float kOff = 10;                // from a dot to its tag
constexpr float kBeside = 28, kFar = 64;  // at most so far; the second where nothing else is free
constexpr float kAir = 3;                 // between a tag and a box

constexpr float kNoPlace = 1e6f;  // no place for a tag

// What a dot or an envelope takes.
Rect body_of(const Mover& mover, const Metrics& m) {
  const float w = m.px(mover.letter ? 26 : 11), h = m.px(mover.letter ? 18 : 11);
  return {mover.at.x - w / 2, mover.at.y - h / 2, w, h};
}

Point nearest(const Rect& r, Point p) {
  return {std::clamp(p.x, r.x, r.right()), std::clamp(p.y, r.y, r.bottom())};
}

bool runs_through(Point a, Point b, const Rect& r) {
  if (std::min(a.x, b.x) > r.right() || std::max(a.x, b.x) < r.x) return false;
  if (std::min(a.y, b.y) > r.bottom() || std::max(a.y, b.y) < r.y) return false;
  if (std::abs(a.x - b.x) < 1 || std::abs(a.y - b.y) < 1) return true;
  for (int k = 0; k <= 20; ++k) {
    const float t = static_cast<float>(k) / 20;
    const Point p{a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
    if (r.contains(p)) return true;
  }
  return false;
}

class Tags {
 public:
  Tags(Topology& topology, const Metrics& m, Rect area) : topology_(topology), m_(m), area_(area) {
    for (const HostBox& host : topology.hosts) {
      boxes_.push_back(host.rect);
      if (!host.router) continue;
      const float w = std::max(host.rect.w, m.width(TextStyle::Small, host.name) + 2);
      boxes_.push_back({host.rect.center().x - w / 2, host.rect.bottom(), w, m.px(19)});
    }
  }

  // False where there is no room so near to the dot.
  bool place(Mover& mover, float reach) {
    const float w = m_.width(TextStyle::MonoStrong, mover.label) + m_.px(kTagPad);
    const float h = m_.px(kTagHeight);
    float least = kNoPlace;
    for (const float x : lefts(mover, w))
      for (const float y : tops(mover, h)) {
        const Rect place{x, y, w, h};
        const Point near = nearest(place, mover.at);
        const float far = std::hypot(near.x - mover.at.x, near.y - mover.at.y);
        if (far > m_.px(reach)) continue;
        const float bad = badness(mover, place, near) + far / m_.px(10);
        if (bad < least) least = bad, mover.pill = place;
      }
    return least < kNoPlace;
  }

 private:
  // Beside the dot, and where a box ends: so a tag glides along the box that is in its way.
  std::vector<float> lefts(const Mover& mover, float w) const {
    const float off = m_.px(kOff + (mover.letter ? 8 : 0)), air = m_.px(kAir);
    std::vector<float> all{mover.at.x - w / 2, mover.at.x - w - off, mover.at.x + off, area_.x,
                           area_.right() - w};
    for (const Rect& box : boxes_) all.insert(all.end(), {box.x - w - air, box.right() + air});
    return all;
  }

  std::vector<float> tops(const Mover& mover, float h) const {
    const float off = m_.px(kOff + (mover.letter ? 4 : 0)), air = m_.px(kAir);
    std::vector<float> all{mover.at.y - off - h, mover.at.y + off, mover.at.y - h / 2, area_.y,
                           area_.bottom() - h};
    for (const Rect& box : boxes_) all.insert(all.end(), {box.y - h - air, box.bottom() + air});
    return all;
  }

  float badness(const Mover& mover, const Rect& place, Point near) const {
    if (!area_.inset(-1).contains(place)) return kNoPlace;
    const Point half{(near.x + mover.at.x) / 2, (near.y + mover.at.y) / 2};
    for (const Rect& box : boxes_)
      if (box.intersects(place) || box.inset(1).contains(half)) return kNoPlace;
    float bad = body_of(mover, m_).intersects(place) ? 8 : 0;
    for (const Mover& other : topology_.movers) {
      if (&other == &mover) continue;
      if (other.pill.w > 0) {
        const Point end = nearest(other.pill, other.at);
        const Point middle{(end.x + other.at.x) / 2, (end.y + other.at.y) / 2};
        const Rect taken = other.pill.inset(-1);
        if (taken.intersects(place) || taken.contains(half) || place.contains(middle))
          return kNoPlace;
      }
      bad += body_of(other, m_).intersects(place) ? 4 : 0;
    }
    for (const Pipe& pipe : topology_.pipes) {
      bad += pipe.label_rect.w > 0 && pipe.label_rect.intersects(place) ? 4 : 0;
      for (std::size_t i = 1; i < pipe.path.size(); ++i)
        bad += runs_through(pipe.path[i - 1], pipe.path[i], place) ? 3 : 0;
    }
    // Above a level wire, left of an upright one, in the middle of it.
    const Point c = place.center();
    const bool upright = std::abs(mover.heading.y) > std::abs(mover.heading.x);
    const float aside = upright ? c.y - mover.at.y : c.x - mover.at.x;
    const bool other_side = upright ? c.x > mover.at.x : c.y > mover.at.y;
    return bad + std::abs(aside) / m_.px(60) + (other_side ? 1.f : 0.f);
  }

  Topology& topology_;
  const Metrics& m_;
  Rect area_;
  std::vector<Rect> boxes_;
};

// What a tag may say, the most first: of what was lost why.
std::vector<std::string> words_for(const Trace& trace, const Mover& mover, Time at) {
  if (mover.pdu == kNone) return {mover.label};
  const trace::Pdu& pdu = trace.pdus[mover.pdu];
  const Refusal refused = refusal(trace, pdu);
  std::vector<std::string> words{mover.label};
  if (mover.lost && mover.frame < trace.frames.size()) {
    const trace::Frame& frame = trace.frames[mover.frame];
    words = {loss_text(trace, mover.pdu, frame), signed_as(refused, loss_text(frame.loss))};
  }
  words.push_back(signed_as(refused, head(trace, pdu, at)));
  return words;
}

bool place_tag(Tags& tags, Mover& mover, const std::vector<std::string>& words) {
  for (const std::string& text : words) {
    mover.label = text;
    if (tags.place(mover, kBeside)) return true;
  }
  return mover.current && tags.place(mover, kFar);
}

}  // namespace

void place_tags(const Trace& trace, Time at, Topology& topology, const Metrics& metrics,
                Rect area) {
  Tags tags(topology, metrics, area);
  for (const bool current : {true, false}) {
    for (Mover& mover : topology.movers) {
      if (mover.label.empty() || mover.current != current) continue;
      if (!place_tag(tags, mover, words_for(trace, mover, at)))
        mover.label.clear(), mover.pill = {};
    }
  }
}

}  // namespace mailscope::viz
