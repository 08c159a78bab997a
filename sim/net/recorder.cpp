#include "sim/net/recorder.hpp"

#include <algorithm>

#include "sim/net/network.hpp"

namespace mailscope::sim {

void Recorder::describe(const Network& network) {
  network_ = &network;
  trace_.hosts.resize(std::max(trace_.hosts.size(), network.node_count()));
  for (Id id = 0; id < network.node_count(); ++id) {
    const Node& node = network.node(id);
    trace::Host& host = trace_.hosts[id];
    if (host.name.empty()) host.name = node.name();
    if (host.kind == trace::HostKind::Unknown)
      host.kind = node.forwarding() ? trace::HostKind::Router : trace::HostKind::Computer;
    if (host.addresses.empty())
      for (const Interface& interface : node.interfaces())
        for (const InterfaceAddress& own : interface.addresses)
          host.addresses.push_back(own.address.text());
  }
  trace_.links.clear();
  for (Id id = 0; id < network.link_count(); ++id) {
    const Link& link = network.link(id);
    const LinkOptions& options = link.options();
    trace_.links.push_back({link.name(), options.kind, link.hosts(), options.latency,
                            options.rate_bps, options.loss, options.jitter});
  }
}

Id Recorder::on_sent(const SentFrame& sent) {
  const auto id = static_cast<Id>(trace_.frames.size());
  trace::Frame& frame = trace_.frames.emplace_back();
  frame.sent = sent.at;
  frame.at = trace_.store.append(sent.octets);
  frame.octets = frame.wire_octets = static_cast<std::uint32_t>(sent.octets.size());
  frame.link = sent.link;
  frame.from = sent.from;
  frame.to = sent.to;
  frame.origin = sent.origin == kNone ? id : sent.origin;
  frame.fate = sent.duplicate_of == kNone ? trace::Fate::InFlight : trace::Fate::Duplicate;
  final_received_.push_back(kNever);
  return id;
}

void Recorder::on_received(Id id, Id host, Time at) {
  trace_.revise_frame(id);
  trace::Frame& frame = trace_.frames[id];
  if (frame.received == kNever) frame.received = at;
  if (frame.fate != trace::Fate::Duplicate) frame.fate = trace::Fate::Received;
  trace_.source.duration = std::max(trace_.source.duration, at);
  if (final_received_[frame.origin] == kNever && is_final(frame, host))
    final_received_[frame.origin] = at;
}

void Recorder::on_lost(Id id, Time at, Loss why) {
  trace_.revise_frame(id);
  trace::Frame& frame = trace_.frames[id];
  frame.loss = why;
  // A broadcast may be lost at one host and received by another; a copy stays a copy.
  if (frame.fate == trace::Fate::InFlight) frame.fate = trace::Fate::Lost;
  trace_.source.duration = std::max(trace_.source.duration, at);
}

// False for an IP packet that has come to a router on its way to somebody else.
bool Recorder::is_final(const trace::Frame& frame, Id host) const {
  if (!network_ || host >= network_->node_count()) return true;
  const Node& node = network_->node(host);
  if (!node.forwarding()) return true;
  const std::string_view text = trace_.octets(frame);
  const inet::Octets octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const auto ethernet = inet::Ethernet::parse(octets);
  if (!ethernet) return true;
  const inet::Octets packet = octets.subspan(inet::Ethernet::kOctets);
  if (ethernet->type == inet::kEtherIpv4)
    if (const auto ip = inet::Ipv4::parse(packet)) return node.has_address(ip->destination);
  if (ethernet->type == inet::kEtherIpv6)
    if (const auto ip = inet::Ipv6::parse(packet))
      return ip->destination.is_multicast() || node.has_address(ip->destination);
  return true;
}

Time Recorder::delivered(Id origin_frame) const {
  return origin_frame < final_received_.size() ? final_received_[origin_frame] : kNever;
}

}  // namespace mailscope::sim
