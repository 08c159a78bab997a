// UDP (RFC 768): ports, datagrams, checksums. Datagrams to a port that nobody has are dropped.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/net/ip.hpp"
#include "sim/net/transport.hpp"

namespace mailscope::sim {

class UdpLayer final : public IpUser {
 public:
  explicit UdpLayer(IpLayer& ip) : ip_(ip) {}

  std::uint16_t bind(std::uint16_t port, DatagramUser& user);
  void unbind(std::uint16_t port);
  bool send(std::uint16_t from_port, const Endpoint& to, std::string_view octets);
  void on_packet(const IpPacket& packet) override;
  void clear() { bindings_.clear(); }

 private:
  struct Binding {
    std::uint16_t port;
    DatagramUser* user;
  };
  DatagramUser* user_of(std::uint16_t port) const;

  IpLayer& ip_;
  std::vector<Binding> bindings_;
  std::uint16_t next_port_ = 49152;
};

}  // namespace mailscope::sim
