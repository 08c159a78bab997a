// One interface's end of a link: what it is sending, what waits, and where frames arrive.
#pragma once

#include <cstdint>

#include "sim/net/link.hpp"

namespace mailscope::sim {

class Link::Port final : public Handler {
 public:
  Port(Link& owner, Node& host, int number, MacAddress address)
      : link(owner), node(host), interface(number), mac(address) {}

  // Token 0: the port is free for the next waiting frame. Else the address of an arriving frame.
  void on_event(std::uint64_t token) override;
  // Throws away what waits (the host lost power).
  void clear();

  Link& link;
  Node& node;
  int interface;
  MacAddress mac;
  Time busy_until = 0;
  Time last_arrival = 0;  // so that jitter keeps the order
  FrameBuffer* first = nullptr;
  FrameBuffer* last = nullptr;
  std::uint32_t waiting_octets = 0;
};

}  // namespace mailscope::sim
