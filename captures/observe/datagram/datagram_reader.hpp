// Languages that talk in UDP datagrams, DNS above all: questions and their answers become
// connections, PDUs and exchanges.
//
// One client port and one server port make a connection; it ends when nothing was said for
// kIdleMax, or when its record is needed for another. Nothing opens or closes it:
// Opening::Datagrams, `closed` is the time of its last datagram, closing is Open, or Timeout when a
// question had no answer. A question is a Command, an answer a Reply (languages::Datagram says with
// which words); what is sent again is marked as retransmitted; a question then begins an exchange
// of its own, and an answer belongs to the latest. A stream's octets are the datagrams' one after
// the other, a Segment for each.
//
// What the language cannot read is an Opaque PDU and a finding. Bounded: kFlowsMax connections at a
// time, kQuestionsMax questions remembered on each. Left out: DNS over TCP, and datagrams in IP
// fragments.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "captures/languages/languages.hpp"
#include "captures/observe/connection_findings.hpp"
#include "captures/observe/context.hpp"
#include "captures/observe/pdu_writer.hpp"
#include "captures/tcp/decode.hpp"
#include "captures/tcp/stream_sink.hpp"

namespace mailscope::observe {

class DatagramReader {
 public:
  static constexpr std::size_t kFlowsMax = 4096;
  static constexpr std::size_t kQuestionsMax = 64;
  static constexpr trace::Time kIdleMax = 60'000'000'000;

  explicit DatagramReader(Context& context) : context_(context) {}

  // False, and nothing done, when the frame is no datagram of a language that talks in them.
  bool add(const tcp::Decoded& decoded, std::string_view octets, const tcp::FrameRef& frame);
  void finish();

 private:
  struct Key {
    trace::Protocol protocol = languages::kUnknown;
    IpAddress client, server;
    std::uint16_t client_port = 0, server_port = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Asked {
    std::uint16_t id = 0;
    std::string about, question;  // languages::Datagram
    std::uint32_t times = 0;
    trace::Time at = 0;  // the last time
    trace::Id pdu = trace::kNone;
    trace::Id exchange = trace::kNone;
    bool answered = false;
  };
  struct Flow {
    Flow(Context& context, const Key& k, trace::Id connection)
        : key(k), id(connection), pdus(context, connection) {}
    Key key;
    trace::Id id;
    PduWriter pdus;
    ConnectionFindings findings;
    std::deque<Asked> asked;  // oldest first
    std::uint64_t octets[2] = {0, 0};
    trace::Time last = 0;
    bool damaged = false;

    bool waits() const;  // for an answer
  };
  using Flows = std::list<Flow>;  // the one used longest ago first

  // A datagram as a PDU is made of it.
  struct Arrival {
    Direction direction = Direction::ToServer;
    tcp::FrameRef frame;
    trace::Pdu pdu;
  };

  static const languages::Language::Card& card(const Flow& flow);
  static Key key_of(const tcp::Decoded& decoded, trace::Protocol protocol, bool response);
  Flow& flow_of(const Key& key, trace::Time at);
  Flow& begin(const Key& key, trace::Time at);
  void end(Flows::iterator flow);
  void question(Flow& flow, Arrival arrival, const languages::Datagram& message);
  void answer(Flow& flow, Arrival arrival, const languages::Datagram& message);
  void damage(Flow& flow, Arrival arrival, const std::string& why, bool cut);
  void report(Flow& flow, trace::Severity severity, std::string_view code, trace::Time at,
              trace::Id pdu, std::string text);

  Context& context_;
  Flows flows_;
  std::map<Key, Flows::iterator> by_key_;
};

}  // namespace mailscope::observe
