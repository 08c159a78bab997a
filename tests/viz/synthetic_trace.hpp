// Any number of PDUs, made by hand and without octets: for the bounds of what is drawn.
#pragma once

#include <cstdint>
#include <string>

#include "captures/languages/languages.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::viz::sample {

using namespace mailscope::trace;

inline constexpr Time kMs = 1'000'000;

// `pdus` replies and commands in turn, `hosts` clients of one server, without octets.
inline Trace synthetic_trace(std::size_t pdus, std::size_t hosts = 4, std::size_t connections = 4) {
  Trace t;
  t.source.name = "synthetic";
  for (std::size_t i = 0; i <= hosts; ++i)
    t.hosts.push_back({"host" + std::to_string(i),
                       HostKind::Unknown,
                       {"192.0.2." + std::to_string(i % 250 + 1)},
                       -1,
                       -1});
  for (std::size_t i = 0; i < connections; ++i) {
    Connection c;
    c.protocol = i % 2 == 0 ? languages::kSmtp : languages::kPop3;
    c.client.host = static_cast<Id>(1 + i % hosts);
    c.server.host = 0;
    c.client.address = IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(2 + i % 200));
    c.server.address = IpAddress::v4(192, 0, 2, 1);
    t.connections.push_back(c);
  }
  t.pdus.reserve(pdus);
  for (std::size_t i = 0; i < pdus; ++i) {
    Pdu pdu;
    pdu.first = pdu.last = static_cast<Time>(i) * kMs;
    pdu.received = pdu.first + kMs / 2;
    pdu.connection = static_cast<Id>(i / 2 % connections);
    pdu.kind = i % 2 == 0 ? PduKind::Command : PduKind::Reply;
    pdu.direction = i % 2 == 0 ? Direction::ToServer : Direction::ToClient;
    pdu.word = i % 2 == 0                                                   ? 13
               : t.connections[pdu.connection].protocol == languages::kSmtp ? 250
                                                                            : 1;
    pdu.phase = Phase::Transfer;
    t.pdus.push_back(pdu);
  }
  t.source.duration = static_cast<Time>(pdus) * kMs;
  t.settle();
  return t;
}

}  // namespace mailscope::viz::sample
