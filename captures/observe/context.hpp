// What the sessions of one road share: the trace, the options, hosts by address, findings with
// limits.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/observe/mail_reader.hpp"
#include "captures/observe/road.hpp"
#include "captures/tcp/stream_sink.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

// Octets of a stream that came again in another frame. For what apply_deliveries() asks.
struct Repeat {
  trace::Id connection = trace::kNone;
  Direction direction = Direction::ToServer;
  std::uint64_t begin = 0, end = 0;
  trace::Id frame = trace::kNone;
};

// The frame that completed a connection's handshake.
struct Handshake {
  trace::Id connection = trace::kNone;
  trace::Id frame = trace::kNone;
};

class Context {
 public:
  Context(trace::Trace& shared_trace, RoadOptions road_options);

  trace::Trace& trace;
  const RoadOptions options;
  std::vector<Repeat> repeats;
  std::vector<Handshake> handshakes;
  Hasher hasher;

  bool everything() const { return options.keep == Keep::Everything; }

  // The host that has the address; a new one for an address that no host has.
  trace::Id host(const IpAddress& address);
  // The agents at both ends, by protocol. Captures get theirs made; a scenario's hosts have them.
  void set_agents(trace::Connection& connection);

  std::unique_ptr<MailReader> take_reader();
  void give_back(std::unique_ptr<MailReader> reader);

 private:
  trace::Id agent(trace::Id host, trace::AgentKind kind, std::uint16_t port);

  std::map<IpAddress, trace::Id> hosts_;
  std::map<std::pair<trace::Id, std::uint32_t>, trace::Id> agents_;  // host, kind and port
  std::vector<std::unique_ptr<MailReader>> readers_;                 // not in use
};

}  // namespace mailscope::observe
