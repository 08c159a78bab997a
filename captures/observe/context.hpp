// What the sessions of one road share: the trace, the options, hosts by address, findings with
// limits.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/observe/mail/mail_reader.hpp"
#include "captures/observe/road.hpp"
#include "captures/tcp/stream_sink.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

// Octets of a stream that came again in another frame.
struct Repeat {
  trace::Id connection = trace::kNone;
  Direction direction = Direction::ToServer;
  std::uint64_t begin = 0, end = 0;
  trace::Id frame = trace::kNone;
};

// A segment whose arrival is to be asked for (RoadOptions::received_at).
struct SentSegment {
  trace::Id segment = trace::kNone;
  trace::Id connection = trace::kNone;
  Direction direction = Direction::ToServer;
};

// The frame that completed a handshake, and the PDU that is made of it.
struct Handshake {
  trace::Id pdu = trace::kNone;
  trace::Id frame = trace::kNone;
};

class Context {
 public:
  Context(trace::Trace& shared_trace, RoadOptions road_options);

  trace::Trace& trace;
  const RoadOptions options;
  // What came since Settling looked last.
  std::vector<Repeat> repeats;
  std::vector<SentSegment> sent;
  std::vector<Handshake> handshakes;
  Hasher hasher;

  bool everything() const { return options.keep == Keep::Everything; }

  // The connection's latest PDU in time; the chain goes back from there.
  trace::Id last_pdu(trace::Id connection) const {
    return connection < last_pdus_.size() ? last_pdus_[connection] : trace::kNone;
  }
  void set_last_pdu(trace::Id connection, trace::Id pdu) {
    if (connection >= last_pdus_.size()) last_pdus_.resize(connection + 1, trace::kNone);
    last_pdus_[connection] = pdu;
  }

  // The host that has the address; a new one for an address that no host has.
  trace::Id host(const IpAddress& address);
  // The agents at both ends, by protocol. Captures get theirs made; a scenario's hosts have them.
  void set_agents(trace::Connection& connection);

  std::unique_ptr<MailReader> take_reader();
  void give_back(std::unique_ptr<MailReader> reader);

 private:
  trace::Id known_agent(trace::Id host, trace::AgentKind kind, std::uint16_t port) const;
  trace::Id agent(trace::Id host, trace::AgentKind kind, std::uint16_t port);

  std::vector<trace::Id> last_pdus_;  // by connection
  std::map<IpAddress, trace::Id> hosts_;
  std::map<std::pair<trace::Id, std::uint32_t>, trace::Id> agents_;  // host, kind and port
  std::vector<std::unique_ptr<MailReader>> readers_;                 // not in use
};

}  // namespace mailscope::observe
