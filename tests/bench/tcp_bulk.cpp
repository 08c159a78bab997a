// TCP bulk transfer over one gigabit link, packet by packet: how much simulated traffic a second of
// real time gives, without a tap and with the recorder storing every frame.
//
// The peer is ns-3 as measured in the project's yardsticks (0.58 M events/s, 160 k packets/s, 117
// simulated MB/s; 85 with its pcap trace on); it is not run here, so the ratio printed is to those
// numbers and only a hint on another machine. Rates are per second of processor time.
#include <benchmark/benchmark.h>

#include <memory>

#include "captures/trace/trace.hpp"
#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::sim {
namespace {

constexpr std::uint64_t kOctets = 100'000'000;
constexpr double kPeerOctets = 117e6, kPeerOctetsCaptured = 85e6;

struct Sink final : StreamUser {
  void on_octets(Stream&, std::string_view octets) override { received += octets.size(); }
  std::uint64_t received = 0;
};

struct Source final : StreamUser {
  void on_connected(Stream& stream) override { on_writable(stream); }
  void on_octets(Stream&, std::string_view) override {}
  void on_writable(Stream& stream) override {
    if (sent >= kOctets) return stream.close();
    sent += block.size();
    stream.send(block);
  }
  std::string block = std::string(1 << 20, 'x');
  std::uint64_t sent = 0;
};

void tcp_bulk(benchmark::State& state) {
  const bool captured = state.range(0) != 0;
  double events = 0, frames = 0, octets = 0;
  for (auto _ : state) {
    Simulator simulator;
    trace::Trace trace;
    Recorder recorder(trace);
    Network network(simulator, 1, captured ? &recorder : nullptr);
    Node& client = network.add_node("client");
    Node& server = network.add_node("server");
    Link& link = network.add_link("wire", *link_preset("lan"));
    network.attach(client, link, IpAddress::v4(10, 0, 0, 1), 24);
    network.attach(server, link, IpAddress::v4(10, 0, 0, 2), 24);
    recorder.describe(network);
    Sink sink;
    Source source;
    server.listen(25, sink);
    client.connect(server.address(), 25, source);
    simulator.run();
    if (sink.received < kOctets) state.SkipWithError("octets are missing");
    events += static_cast<double>(simulator.events_handled());
    frames += static_cast<double>(link.frames_sent());
    octets += static_cast<double>(sink.received);
  }
  using benchmark::Counter;
  state.counters["events/s"] = Counter(events, Counter::kIsRate);
  state.counters["packets/s"] = Counter(frames, Counter::kIsRate);
  state.counters["simulated_octets/s"] = Counter(octets, Counter::kIsRate);
  state.counters["ratio"] =
      Counter(octets / (captured ? kPeerOctetsCaptured : kPeerOctets), Counter::kIsRate);
}
BENCHMARK(tcp_bulk)->ArgName("capture")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mailscope::sim
