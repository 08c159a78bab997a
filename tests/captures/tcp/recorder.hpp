// A StreamSink that writes down what it is told, one line a call, and holds the caller to the
// contract of stream_sink.hpp.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "captures/tcp/stream_sink.hpp"

namespace mailscope::tcp {

inline const char* side(Direction d) {
  return d == Direction::ToServer ? "C" : "S";
}

inline const char* name_of(Anomaly what) {
  switch (what) {
    case Anomaly::Retransmission:
      return "again";
    case Anomaly::ConflictingOverlap:
      return "conflict";
    case Anomaly::OutOfOrder:
      return "early";
    case Anomaly::KeepAlive:
      return "keep-alive";
    case Anomaly::CutBySnapLength:
      return "cut";
    case Anomaly::PortReused:
      return "port reused";
  }
  return "?";
}

class Recorder : public StreamSink {
 public:
  struct Half {
    std::uint64_t reached = 0, missing = 0;
    std::string octets;
    bool fin = false;
  };
  struct Stream {
    Flow flow;
    Half half[2];
    bool open = false, ended = false;
    trace::Closing closing = trace::Closing::Open;
    std::vector<Id> frames;
  };
  std::vector<Stream> streams;
  std::vector<std::string> lines;
  std::map<Anomaly, std::uint64_t> anomalies;
  std::uint64_t gaps = 0, gap_octets = 0;
  bool keep_octets = true;
  bool keep_lines = true;

  void on_begin(std::uint32_t connection, const Flow& flow, const FrameRef& frame) override {
    REQUIRE(connection == streams.size());
    streams.push_back({});
    streams.back().flow = flow;
    const auto end = [](const IpAddress& a, std::uint16_t port) {
      return a.text() + ":" + std::to_string(port);
    };
    say("begin " + end(flow.client_address, flow.client_port) + " > " +
        end(flow.server_address, flow.server_port) +
        (flow.opening == trace::Opening::SynOnly ? "" : " midstream"));
    frame_ = frame;
  }
  void on_handshake(std::uint32_t connection, Direction from, bool complete,
                    const FrameRef&) override {
    live(connection).open |= complete;
    say(side(from) + std::string(complete ? " opens" : " syn"));
  }
  void on_octets(std::uint32_t connection, Direction direction, std::uint64_t begin,
                 std::string_view octets, const FrameRef& frame) override {
    Half& half = live(connection).half[static_cast<int>(direction)];
    REQUIRE(begin == half.reached);
    REQUIRE(!octets.empty());
    REQUIRE(!half.fin);
    half.reached += octets.size();
    if (keep_octets) half.octets += octets;
    check_octets(octets, frame);
    if (keep_lines)
      say(side(direction) + (" " + std::to_string(begin)) + " " + std::string(octets));
  }
  void on_gap(std::uint32_t connection, Direction direction, std::uint64_t begin,
              std::uint64_t octets, Time) override {
    Half& half = live(connection).half[static_cast<int>(direction)];
    REQUIRE(begin == half.reached);
    REQUIRE(octets > 0);
    REQUIRE(!half.fin);
    half.reached += octets;
    half.missing += octets;
    ++gaps;
    gap_octets += octets;
    say(side(direction) + (" gap " + std::to_string(begin)) + "+" + std::to_string(octets));
  }
  void on_anomaly(std::uint32_t connection, Direction direction, Anomaly what, std::uint64_t begin,
                  std::uint64_t end, const FrameRef&) override {
    live(connection);
    REQUIRE(begin <= end);
    ++anomalies[what];
    say(side(direction) + (" " + std::string(name_of(what))) + " " + std::to_string(begin) + "-" +
        std::to_string(end));
  }
  void on_fin(std::uint32_t connection, Direction direction, const FrameRef&) override {
    Half& half = live(connection).half[static_cast<int>(direction)];
    REQUIRE(!half.fin);
    half.fin = true;
    say(side(direction) + std::string(" fin"));
  }
  void on_reset(std::uint32_t connection, Direction direction, const FrameRef&) override {
    live(connection);
    say(side(direction) + std::string(" rst"));
  }
  void on_end(std::uint32_t connection, trace::Closing closing, Time) override {
    live(connection).ended = true;
    streams[connection].closing = closing;
    static constexpr const char* kNames[] = {"open", "fin", "rst", "timeout"};
    say(std::string("end ") + kNames[static_cast<int>(closing)]);
  }
  void on_frame(std::uint32_t connection, Direction, const FrameRef& frame) override {
    REQUIRE(connection < streams.size());
    streams[connection].frames.push_back(frame.frame);
  }

 protected:
  // Overridden where the frames are at hand.
  virtual void check_octets(std::string_view, const FrameRef&) {}

 private:
  Stream& live(std::uint32_t connection) {
    REQUIRE(connection < streams.size());
    REQUIRE(!streams[connection].ended);
    return streams[connection];
  }
  void say(std::string line) {
    if (keep_lines) lines.push_back(std::move(line));
  }
  FrameRef frame_;
};

}  // namespace mailscope::tcp
