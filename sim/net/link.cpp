#include "sim/net/link.hpp"

#include <algorithm>
#include <cstring>

#include "sim/net/network.hpp"
#include "sim/net/port.hpp"

namespace mailscope::sim {
namespace {

constexpr std::uint64_t kWake = 0;

std::uint64_t token_of(FrameBuffer* frame) {
  return reinterpret_cast<std::uintptr_t>(frame);
}
// To a group of stations; a frame begins with its destination.
bool is_multicast(const FrameBuffer& frame) {
  return (frame.data[0] & 1) != 0;
}

}  // namespace

Time transmission_time(std::uint64_t octets, std::uint64_t rate_bps) {
  assert(rate_bps > 0);
  const std::uint64_t bit_ns = octets * 8 * static_cast<std::uint64_t>(kSecond);
  return static_cast<Time>((bit_ns + rate_bps - 1) / rate_bps);
}

Link::Link(Network& network, Id id, std::string name, LinkOptions options, std::uint64_t seed)
    : network_(network), id_(id), name_(std::move(name)), random_(seed, "link " + name_) {
  set_options(options);
}

Link::~Link() = default;

void Link::set_options(const LinkOptions& options) {
  assert(options.rate_bps > 0 && options.mtu <= 1500 && options.latency >= 0);
  options_ = options;
}

void Link::set_up(bool up) {
  if (up_ && !up) ++epoch_;
  up_ = up;
}

void Link::drop_next(unsigned frames, Id from) {
  drop_next_ = frames;
  drop_from_ = from;
}

bool Link::must_drop(Id from) {
  if (drop_next_ == 0 || (drop_from_ != kNone && drop_from_ != from)) return false;
  --drop_next_;
  return true;
}

std::vector<Id> Link::hosts() const {
  std::vector<Id> hosts;
  for (const auto& port : ports_) hosts.push_back(port->node.id());
  return hosts;
}

Link::Port& Link::attach(Node& node, int interface, MacAddress mac) {
  ports_.push_back(std::make_unique<Port>(*this, node, interface, mac));
  return *ports_.back();
}

Link::Port* Link::port_for(const FrameBuffer& frame) const {
  for (const auto& port : ports_)
    if (port->mac.is_at(frame.data)) return port.get();
  return nullptr;
}

const Link::Port* Link::peer_of(const Port& port) const {
  if (!options_.point_to_point || ports_.size() != 2) return nullptr;
  return ports_[ports_[0].get() == &port ? 1 : 0].get();
}

void Link::transmit(Port& from, FrameBuffer* frame) {
  Simulator& simulator = network_.simulator();
  if (!from.first && from.busy_until <= simulator.now()) {
    put_on(from, frame);
    return;
  }
  if (from.waiting_octets + frame->octets > options_.queue_octets) {
    announce(from, frame, port_for(*frame), kNone);
    lose(frame, Loss::QueueFull);
    return;
  }
  if (from.first) {
    from.last->next = frame;
  } else {
    from.first = frame;
    simulator.schedule_at(from.busy_until, from, kWake);
  }
  from.last = frame;
  from.waiting_octets += frame->octets;
}

// Tells the tap, which numbers the frame.
void Link::announce(const Port& from, FrameBuffer* frame, const Port* to, Id duplicate_of) {
  Tap* tap = network_.tap();
  if (!tap) return;
  frame->id = tap->on_sent({id_, from.node.id(), to ? to->node.id() : kNone, frame->origin,
                            duplicate_of, network_.simulator().now(), frame->view()});
  if (frame->origin == kNone) frame->origin = frame->id;
}

// The port is free: the frame's first octet leaves now.
void Link::put_on(Port& from, FrameBuffer* frame) {
  ++frames_sent_;
  const Time leaves =
      network_.simulator().now() + transmission_time(frame->octets, options_.rate_bps);
  from.busy_until = leaves;
  const bool broadcast = is_multicast(*frame);
  Port* to = broadcast ? nullptr : port_for(*frame);
  frame->epoch = epoch_;
  announce(from, frame, to, kNone);

  if (must_drop(from.node.id()))
    frame->doom = Loss::Dropped;
  else if (!up_)
    frame->doom = Loss::Cut;
  else if (random_.chance(options_.loss))
    frame->doom = Loss::Noise;
  else if (!to && !broadcast)
    frame->doom = Loss::NoStation;
  if (frame->doom != Loss::None) {  // it gets half the way
    network_.simulator().schedule_at(leaves + options_.latency / 2, from, token_of(frame));
    return;
  }
  if (random_.chance(options_.duplication)) {
    FrameBuffer* copy = network_.frames().take();
    std::memcpy(copy->data, frame->data, frame->octets);
    copy->octets = frame->octets;
    copy->origin = frame->origin;
    copy->epoch = epoch_;
    announce(from, copy, to, frame->id);
    fly(from, to, frame, leaves);
    fly(from, to, copy, leaves + transmission_time(frame->octets, options_.rate_bps));
    return;
  }
  fly(from, to, frame, leaves);
}

// To one port, or to all the others.
void Link::fly(const Port& from, Port* to, FrameBuffer* frame, Time leaves) {
  if (to) {
    network_.simulator().schedule_at(arrival(*to, leaves), *to, token_of(frame));
    return;
  }
  std::uint32_t copies = 0;
  for (const auto& port : ports_) {
    if (port.get() == &from) continue;
    if (copies++ > 0) ++frame->references;
    network_.simulator().schedule_at(arrival(*port, leaves), *port, token_of(frame));
  }
  if (copies == 0) lose(frame, Loss::NoStation);
}

Time Link::arrival(Port& to, Time leaves) {
  Time at = leaves + options_.latency;
  if (options_.jitter > 0) at += random_.between(0, options_.jitter);
  if (random_.chance(options_.reordering)) {
    const Time held =
        options_.reordering_delay > 0
            ? options_.reordering_delay
            : options_.latency / 2 + 4 * transmission_time(options_.mtu + 14, options_.rate_bps);
    return at + held;
  }
  if (options_.jitter > 0) {
    at = std::max(at, to.last_arrival);
    to.last_arrival = at;
  }
  return at;
}

void Link::arrive(Port& at, FrameBuffer* frame) {
  if (frame->doom != Loss::None) return lose(frame, frame->doom);
  if (frame->epoch != epoch_) return lose(frame, Loss::Cut);
  if (!at.node.powered()) return lose(frame, Loss::HostOff);
  if (Tap* tap = network_.tap(); tap && frame->id != kNone)
    tap->on_received(frame->id, at.node.id(), network_.simulator().now());
  if (frame->references == 1) frame->id = kNone;  // this hop is over
  at.node.receive(at.interface, frame);
}

void Link::lose(FrameBuffer* frame, Loss why) {
  if (Tap* tap = network_.tap(); tap && frame->id != kNone)
    tap->on_lost(frame->id, network_.simulator().now(), why);
  network_.frames().give_back(frame);
}

void Link::Port::on_event(std::uint64_t token) {
  if (token != kWake)
    return link.arrive(*this, reinterpret_cast<FrameBuffer*>(static_cast<std::uintptr_t>(token)));
  if (!first) return;                                  // cleared in between
  if (busy_until > link.network_.simulator().now()) {  // cleared, and begun anew
    return;
  }
  FrameBuffer* frame = first;
  first = frame->next;
  frame->next = nullptr;
  waiting_octets -= frame->octets;
  link.put_on(*this, frame);
  if (first) link.network_.simulator().schedule_at(busy_until, *this, kWake);
}

void Link::Port::clear() {
  while (first) {
    FrameBuffer* frame = first;
    first = frame->next;
    frame->next = nullptr;
    link.network_.frames().give_back(frame);
  }
  last = nullptr;
  waiting_octets = 0;
}

}  // namespace mailscope::sim
