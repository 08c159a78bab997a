// Two hosts on one link with everything recorded, programs that log what happens to them, and the
// frames as one line each.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"
#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::sim::test {

// A program with sockets: logs each callback, keeps what it received, and may act.
struct Program final : StreamUser {
  explicit Program(Node& n) : node(n) {}
  void on_connected(Stream& its) override {
    log.push_back("connected");
    keep(its);
    if (then_connected) then_connected(its);
  }
  void on_accepted(Stream& its) override {
    log.push_back("accepted");
    keep(its);
    if (then_accepted) then_accepted(its);
  }
  void on_octets(Stream& its, std::string_view octets) override {
    received += octets;
    if (then_octets) then_octets(its, octets);
  }
  void on_eof(Stream& its) override {
    log.push_back("eof");
    if (then_eof) then_eof(its);
  }
  void on_closed(Stream& its, CloseReason reason) override {
    log.push_back(std::string(name(reason)));
    closed_at = node.simulator().now();
    if (then_closed) then_closed(its, reason);
  }
  void on_writable(Stream& its) override {
    if (then_writable) then_writable(its);
  }
  // Answers a FIN with one's own.
  Program& closing_on_eof() {
    then_eof = [](Stream& its) { its.close(); };
    return *this;
  }
  void keep(Stream& its) { stream = &its, socket = its.id(); }

  Node& node;
  Stream* stream = nullptr;  // the last one
  SocketId socket = kNoSocket;
  std::vector<std::string> log;
  std::string received;
  Time closed_at = kNever;
  std::function<void(Stream&)> then_connected, then_accepted, then_eof, then_writable;
  std::function<void(Stream&, std::string_view)> then_octets;
  std::function<void(Stream&, CloseReason)> then_closed;
};

// client 10.0.0.1 and server 10.0.0.2, already acquainted (ARP) unless told otherwise.
struct World {
  explicit World(LinkOptions options = {}, std::uint64_t seed = 1)
      : recorder(trace),
        network(simulator, seed, &recorder),
        client(network.add_node("client")),
        server(network.add_node("server")),
        link(network.add_link("wire", options)) {
    network.attach(client, link, IpAddress::v4(10, 0, 0, 1), 24);
    network.attach(server, link, IpAddress::v4(10, 0, 0, 2), 24);
    recorder.describe(network);
  }

  Simulator simulator;
  trace::Trace trace;
  Recorder recorder;
  Network network;
  Node& client;
  Node& server;
  Link& link;
};

// A frame in words: "client ARP who has 10.0.0.2", "client ND who has 2001:db8::2", "client SYN 0",
// "server PSH,ACK 1 6 +5" (sequence and acknowledgment relative to the initial numbers of each
// side, then the octets of text), with " lost" or " copy" behind it. One connection at a time.
std::vector<std::string> frames_in_words(const trace::Trace& trace);
// The same without ARP and neighbour discovery.
std::vector<std::string> segments_in_words(const trace::Trace& trace);

// Octets of every frame, who, when, and its fate.
std::uint64_t fingerprint(const trace::Trace& trace);

// `count` octets that do not repeat soon, so that a misplaced segment is seen.
std::string pattern(std::size_t count, std::uint64_t seed = 1);

// Sends `octets` from the client to port 25 and closes; the server answers with `answer` and
// closes. Returns what server and client received; runs until nothing happens any more.
struct Exchange {
  std::string server_received, client_received;
  std::vector<std::string> client_log, server_log;
};
Exchange exchange(World& world, const std::string& octets, const std::string& answer = "");

// The recorded frames as a pcap file (LINKTYPE_ETHERNET, microseconds would merge: nanoseconds).
void write_pcap(const trace::Trace& trace, const std::string& path);

}  // namespace mailscope::sim::test
