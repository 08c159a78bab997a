// A frame: its octets and layers, where it went, and why it was lost.
#include <fmt/format.h>

#include "captures/observe/masking.hpp"
#include "captures/tcp/dissect.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/inspector_parts.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

// "TTL 64": how many routers an IPv4 packet may still pass (RFC 791 §3.1); empty for other frames.
std::string ttl_text(const Trace& trace, const trace::Frame& frame) {
  constexpr std::uint16_t kEthernet = 1;
  constexpr std::size_t kTypeAt = 12, kIpAt = 14, kTtlAt = kIpAt + 8;
  const std::string_view octets = trace.octets(frame);
  const bool ip = frame.link_type == kEthernet && octets.size() > kTtlAt &&
                  octets.substr(kTypeAt, 2) == std::string_view("\x08\x00", 2);
  return ip ? fmt::format(" · TTL {}", static_cast<unsigned char>(octets[kTtlAt])) : "";
}

// Once that has happened.
bool is_lost(const TraceIndex& index, Id id, Time at) {
  return index.trace().frames[id].fate == trace::Fate::Lost && loss_of(index, id) <= at;
}

void add_loss(const TraceIndex& index, Id id, Time at, Inspector& out) {
  const trace::Frame& frame = index.trace().frames[id];
  if (!is_lost(index, id, at)) return;
  out.chips.push_back({loss_text(frame.loss), Role::Bad, true});
  if (const std::string_view why = loss_meaning(frame.loss); !why.empty())
    out.meaning.emplace_back(why);
  if (frame.from >= index.trace().hosts.size() || frame.to >= index.trace().hosts.size()) return;
  out.meaning.push_back(fmt::format("{} sent it, {} never had it, and neither is told.",
                                    index.host_name(frame.from), index.host_name(frame.to)));
}

}  // namespace

void add_layers(const Trace& trace, Id frame_id, Inspector& out) {
  const trace::Frame& frame = trace.frames[frame_id];
  const std::string_view octets = trace.octets(frame);
  out.octets = observe::masked_frame(trace, frame_id).substr(0, kOctetsMax);
  out.wire_octets = frame.wire_octets;
  for (tcp::Layer& layer : tcp::dissect(octets, frame.link_type, frame.wire_octets)) {
    Layer shown;
    shown.name = std::move(layer.name);
    shown.summary = std::move(layer.summary);
    shown.begin = layer.begin, shown.end = layer.end;
    for (tcp::Field& field : layer.fields)
      shown.fields.push_back(
          {std::move(field.name), std::move(field.value), field.begin, field.end});
    out.layers.push_back(std::move(shown));
  }
}

void add_hops(const TraceIndex& index, Id first, Time at, std::string title, Inspector& out) {
  const Trace& trace = index.trace();
  if (trace.links.empty() || first >= trace.frames.size()) return;
  Section section{std::move(title), "", {}, {}};
  for (Id hop = first; hop != kNone && section.facts.size() < 12; hop = index.next_hop(hop)) {
    const trace::Frame& frame = trace.frames[hop];
    if (frame.sent > at && hop != first) break;
    const bool lost = is_lost(index, hop, at);
    const bool there = frame.received <= at;
    Fact fact;
    fact.label = frame.from < trace.hosts.size() ? index.host_name(frame.from) : "?";
    if (frame.to < trace.hosts.size()) fact.label += " → " + index.host_name(frame.to);
    fact.value = lost    ? loss_text(frame.loss)
                 : there ? span_text(frame.received - frame.sent)
                         : "under way";
    fact.value += ttl_text(trace, frame);
    fact.leads_to = {Selected::Frame, hop};
    if (lost) fact.role = Role::Bad;
    section.facts.push_back(std::move(fact));
  }
  if (section.facts.size() > 1 || section.facts.front().role == Role::Bad)
    out.sections.push_back(std::move(section));
}

Inspector inspect_frame(const TraceIndex& index, Id id, Time at) {
  Inspector out;
  out.title = fmt::format("frame {}", id + 1);
  add_loss(index, id, at, out);
  add_layers(index.trace(), id, out);
  const Id origin = index.trace().frames[id].origin;
  add_hops(index, origin == kNone ? id : origin, at, "The packet, link by link", out);
  return out;
}

}  // namespace mailscope::viz
