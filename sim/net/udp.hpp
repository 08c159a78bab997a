// UDP (RFC 768): ports, datagrams, checksums. Datagrams to a port that nobody has are dropped.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/net/node.hpp"

namespace mailscope::sim {

class UdpLayer {
 public:
  explicit UdpLayer(Node& node) : node_(node) {}

  std::uint16_t bind(std::uint16_t port, DatagramUser& user);
  void unbind(std::uint16_t port);
  bool send(std::uint16_t from_port, std::uint32_t to, std::uint16_t to_port,
            std::string_view octets);
  // `ip` is the IP header, `udp` the header behind it, with `octets` up to the packet's end.
  void receive(const std::uint8_t* ip, const std::uint8_t* udp, std::uint32_t octets);
  void clear() { bindings_.clear(); }

 private:
  struct Binding {
    std::uint16_t port;
    DatagramUser* user;
  };
  DatagramUser* user_of(std::uint16_t port) const;

  Node& node_;
  std::vector<Binding> bindings_;
  std::uint16_t next_port_ = 49152;
};

}  // namespace mailscope::sim
