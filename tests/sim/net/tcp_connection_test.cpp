// Connections by themselves, without a network: a segment in, perhaps a segment out.
#include <catch2/catch.hpp>

#include "sim/net/tcp_connection.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::inet;
using What = TcpEvent::What;

namespace {

// Two connections whose segments are carried at once, in order.
struct Pair {
  struct End {
    TcpConnection tcp;
    std::string heard;
    std::vector<What> events;
    std::uint32_t segments = 0;
  };

  explicit Pair(const TcpOptions& options = {})
      : a{TcpConnection(options, 1000, 1460), {}, {}, 0},
        b{TcpConnection(options, 0xffff'fff0, 1460), {}, {}, 0} {
    const auto syn = a.tcp.connect(now);
    REQUIRE(syn);
    CHECK(syn->header.flags == kSyn);
    CHECK(syn->options.mss == std::uint16_t{1460});
    carry(b, segment_of(a, *syn), true);
  }

  static TcpSegment segment_of(End& from, const TcpSending& sending) {
    static std::string text;
    text.assign(sending.octets, '\0');
    if (sending.octets > 0)
      from.tcp.copy_text(sending, reinterpret_cast<std::uint8_t*>(text.data()));
    TcpSegment segment;
    segment.header = sending.header;
    segment.options = sending.options;
    segment.text = text;
    return segment;
  }
  End& other(End& end) { return &end == &a ? b : a; }

  void carry(End& to, const TcpSegment& segment, bool opening = false) {
    ++to.segments;
    const auto answer = opening ? to.tcp.accept(segment, now) : to.tcp.process(segment, now);
    std::vector<TcpSending> out;
    if (answer) carry(other(to), segment_of(to, *answer));
    pump(to);
  }
  void pump(End& end) {
    for (;;) {
      if (const auto event = end.tcp.next_event()) {
        end.events.push_back(event->what);
        if (event->what == What::Octets) end.heard += event->octets();
      } else if (const auto sending = end.tcp.dispatch(now)) {
        carry(other(end), segment_of(end, *sending));
      } else {
        return;
      }
    }
  }

  Time now = 0;
  End a, b;
};

}  // namespace

TEST_CASE("a handshake by hand") {
  Pair pair;
  CHECK(pair.a.tcp.state() == TcpState::Established);
  CHECK(pair.b.tcp.state() == TcpState::Established);
  CHECK(pair.a.events == std::vector{What::Connected});
  CHECK(pair.b.events == std::vector{What::Accepted});
  CHECK(pair.a.tcp.deadline(TcpTimer::Retransmit) == kNever);
}

TEST_CASE("text there and back, over the end of the sequence numbers, and FIN both ways") {
  Pair pair;
  const std::string text = test::pattern(40'000);
  CHECK(pair.b.tcp.send(text));
  pair.pump(pair.b);
  CHECK(pair.a.heard == text);
  pair.a.tcp.close();
  pair.pump(pair.a);
  CHECK(pair.b.events.back() == What::Eof);
  CHECK(pair.a.tcp.state() == TcpState::FinWait2);
  pair.b.tcp.close();
  pair.pump(pair.b);
  CHECK(pair.a.tcp.state() == TcpState::TimeWait);
  CHECK(pair.a.events.back() == What::Closed);
  CHECK(pair.b.tcp.state() == TcpState::Closed);
  CHECK(pair.b.events.back() == What::Closed);
  CHECK(pair.a.tcp.deadline(TcpTimer::TimeWait) == kMinute);
}

TEST_CASE("an acknowledgment waits until the program has taken what came") {
  TcpOptions at_once;
  at_once.delayed_ack = 0;
  Pair pair(at_once);
  TcpSegment segment;
  segment.header.sequence = 1001;
  segment.header.acknowledgment = 0xffff'fff1;
  segment.header.flags = kAck | kPsh;
  segment.header.window = 0xffff;
  segment.text = "NOOP\r\n";
  CHECK_FALSE(pair.b.tcp.process(segment, 0));
  CHECK_FALSE(pair.b.tcp.dispatch(0));
  const auto event = pair.b.tcp.next_event();
  REQUIRE(event);
  CHECK(event->octets() == "NOOP\r\n");
  CHECK(pair.b.tcp.send("250 OK\r\n"));  // it takes the acknowledgment along
  const auto answer = pair.b.tcp.dispatch(0);
  REQUIRE(answer);
  CHECK(answer->octets == 8);
  CHECK(answer->header.acknowledgment == 1007);
  CHECK_FALSE(pair.b.tcp.next_event());
  CHECK_FALSE(pair.b.tcp.dispatch(0));
  CHECK(pair.b.tcp.deadline(TcpTimer::Acknowledge) == kNever);
}

TEST_CASE("a segment that nobody answers is given again when its time has come") {
  Pair pair;
  CHECK(pair.a.tcp.send("lost"));
  const auto first = pair.a.tcp.dispatch(0);
  REQUIRE(first);
  const Time deadline = pair.a.tcp.deadline(TcpTimer::Retransmit);
  CHECK(deadline == kSecond);
  const auto again = pair.a.tcp.on_timer(TcpTimer::Retransmit, deadline);
  REQUIRE(again);
  CHECK(again->header.sequence == first->header.sequence);
  CHECK(pair.a.tcp.deadline(TcpTimer::Retransmit) == 3 * kSecond);
}

TEST_CASE("a RST is answered by nothing, another segment of no connection by a RST") {
  TcpSegment segment;
  segment.header.sequence = 5;
  segment.header.flags = kRst;
  CHECK_FALSE(refusal_of(segment));
  segment.header.flags = kSyn;
  CHECK(refusal_of(segment)->header.flags == (kRst | kAck));
  CHECK(refusal_of(segment)->header.acknowledgment == 6);
  segment.header.flags = kAck;
  segment.header.acknowledgment = 77;
  CHECK(refusal_of(segment)->header.flags == kRst);
  CHECK(refusal_of(segment)->header.sequence == 77);
}

TEST_CASE("congestion control by numbers alone") {
  CongestionControl control(0);
  control.start(1000, 10'000);
  control.on_acknowledgment(1000, 1001, 10'000);  // slow start: one segment more for each
  CHECK(control.window() == 11'000);
  CHECK_FALSE(control.on_duplicate(1001, 12'001));
  CHECK(control.allowed() == 12'000);  // limited transmit
  CHECK_FALSE(control.on_duplicate(1001, 12'001));
  CHECK(control.on_duplicate(1001, 12'001));  // the third: lost
  CHECK(control.recovering());
  CHECK(control.threshold() == 5500);
  CHECK(control.window() == 5500 + 3000);
  CHECK(control.on_recovery(2000, 3001, 9000) == CongestionControl::Recovery::FirstPartial);
  CHECK(control.on_recovery(2000, 5001, 7000) == CongestionControl::Recovery::Partial);
  CHECK(control.on_recovery(7000, 12'001, 0) == CongestionControl::Recovery::Over);
  CHECK_FALSE(control.recovering());
  CHECK(control.window() == 2000);
  control.on_timeout(true, 12'001, 16'001);
  CHECK(control.window() == 1000);
  CHECK(control.threshold() == 2000);
}
