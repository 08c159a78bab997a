// What programs ask of their host's network: streams, datagrams, and which addresses the host has.
// RFC 1122 §4 is about such hosts.
//
// A node (node.hpp) is one; another puts layers under the streams (layer.hpp).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/net/stream.hpp"

namespace mailscope::sim {

struct Datagram {
  Endpoint from, to;
  std::string_view octets;  // valid during the call only
};

struct DatagramUser {
  virtual void on_datagram(const Datagram& datagram) = 0;

 protected:
  ~DatagramUser() = default;
};

struct Transport {
  // Null when the host is off or has no port left; any other failure comes as on_closed. Local
  // ports count up from 49152.
  virtual Stream* connect(const IpAddress& address, std::uint16_t port, StreamUser& user) = 0;
  // False when somebody listens there already, or the host is off.
  virtual bool listen(std::uint16_t port, StreamUser& user) = 0;
  // No more are accepted.
  virtual void stop_listening(std::uint16_t port) = 0;

  // Port 0: the next free one from 49152 up. Returns the port, 0 when it is taken.
  virtual std::uint16_t bind(std::uint16_t port, DatagramUser& user) = 0;
  virtual void unbind(std::uint16_t port) = 0;
  // False when there is no route, it is too long for the link (its MTU less the headers of IP and
  // UDP), or the host is off.
  virtual bool send_to(std::uint16_t from_port, const IpAddress& address, std::uint16_t port,
                       std::string_view octets) = 0;

  virtual bool has_address(const IpAddress& address) const = 0;
  // An interface has an address of this version, not counting link-local ones.
  virtual bool speaks_ipv4() const = 0;
  virtual bool speaks_ipv6() const = 0;

 protected:
  ~Transport() = default;
};

}  // namespace mailscope::sim
