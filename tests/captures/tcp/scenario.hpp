// A little language for TCP as a listener sees it, one segment a line:
//
//   C syn            S syn            C               (a segment without octets)
//   C "EHLO"         the next octets of that side
//   S 3 "250" fin    octets at a stream offset, and flags: syn fin rst
//   C "QUIT" lost    sent, but not captured
//   S ack=4          acknowledges the other side's offset 4; else all that it ever sent
//   S noack          without the ACK flag
//   C "DATA" cut=1   only one octet of the payload was captured
//   C isn=9000 syn   another initial sequence number from here on
//   S at=4000        seconds since the beginning; else a millisecond after the segment before
//
// Offset 0 is the octet after the SYN.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "captures/tcp/reassembler.hpp"
#include "tests/captures/tcp/frames.hpp"

namespace mailscope::tcp {

struct ScenarioFrame {
  std::string octets;
  std::uint32_t wire_octets = 0;
  Time at = 0;
};

struct ScenarioOptions {
  std::uint32_t client_isn = 1000, server_isn = 5000;
  bool v6 = false;
};

class ScenarioReader {
 public:
  explicit ScenarioReader(const ScenarioOptions& options) : options_(options) {
    side_[0].isn = options.client_isn;
    side_[1].isn = options.server_isn;
  }

  std::vector<ScenarioFrame> read(const std::string& text) {
    std::istringstream lines(text);
    std::vector<ScenarioFrame> frames;
    for (std::string line; std::getline(lines, line);) {
      const std::size_t first = line.find_first_not_of(' ');
      if (first == std::string::npos) continue;
      segment(line.substr(first), frames);
    }
    return frames;
  }

 private:
  struct Side {
    std::uint32_t isn = 0;
    std::int64_t next = 0;     // offset of what is sent next
    std::int64_t highest = 0;  // behind everything ever sent, a FIN counted
    bool began = false;
  };
  struct Words {
    std::string payload;
    std::int64_t offset = 0, ack = 0;
    std::uint8_t flags = kAck;
    bool has_offset = false, has_ack = false, lost = false;
    std::size_t cut = std::string::npos;
  };

  void segment(const std::string& line, std::vector<ScenarioFrame>& frames) {
    Side& mine = side_[line[0] == 'C' ? 0 : 1];
    const Side& others = side_[line[0] == 'C' ? 1 : 0];
    const Words w = words(line.substr(1), mine);
    const std::int64_t offset = w.has_offset ? w.offset : mine.next;
    frames::TcpHeader tcp;
    tcp.source = line[0] == 'C' ? 40000 : 25;
    tcp.destination = line[0] == 'C' ? 25 : 40000;
    tcp.flags = w.flags;
    tcp.seq = mine.isn + static_cast<std::uint32_t>(offset) + ((w.flags & kSyn) != 0 ? 0 : 1);
    if ((w.flags & kSyn) != 0 && !w.has_ack && !others.began) tcp.flags &= ~kAck;
    if ((tcp.flags & kAck) != 0)
      tcp.ack = others.isn + 1 + static_cast<std::uint32_t>(w.has_ack ? w.ack : others.highest);
    const std::int64_t end =
        offset + static_cast<std::int64_t>(w.payload.size()) + ((w.flags & kFin) != 0 ? 1 : 0);
    mine.began = true;
    mine.highest = std::max(mine.highest, end);
    mine.next = std::max(mine.next, end);
    now_ += 1'000'000;
    if (!w.lost) frames.push_back(frame(tcp, w, line[0] == 'C'));
  }

  Words words(std::string line, Side& mine) {
    Words w;
    const std::size_t open = line.find('"');
    if (open != std::string::npos) {
      const std::size_t close = line.rfind('"');
      w.payload = line.substr(open + 1, close - open - 1);
      line.erase(open, close - open + 1);
    }
    std::istringstream in(line);
    for (std::string word; in >> word;) {
      const auto value = [&word] { return std::stoll(word.substr(word.find('=') + 1)); };
      if (word == "syn") {
        w.flags |= kSyn;
      } else if (word == "fin") {
        w.flags |= kFin;
      } else if (word == "rst") {
        w.flags |= kRst;
      } else if (word == "lost") {
        w.lost = true;
      } else if (word == "noack") {
        w.flags &= static_cast<std::uint8_t>(~kAck);
      } else if (word.rfind("ack=", 0) == 0) {
        w.ack = value();
        w.has_ack = true;
      } else if (word.rfind("cut=", 0) == 0) {
        w.cut = static_cast<std::size_t>(value());
      } else if (word.rfind("at=", 0) == 0) {
        now_ = value() * 1'000'000'000;
      } else if (word.rfind("isn=", 0) == 0) {
        mine = Side{};
        mine.isn = static_cast<std::uint32_t>(value());
      } else {
        w.offset = std::stoll(word);
        w.has_offset = true;
      }
    }
    return w;
  }

  ScenarioFrame frame(const frames::TcpHeader& header, const Words& w, bool by_client) const {
    const std::string tcp = frames::tcp(header, w.payload);
    std::string whole;
    if (options_.v6) {
      whole = frames::ethernet(0x86dd,
                               frames::ipv6(tcp, 6, by_client ? frames::kClient6 : frames::kServer6,
                                            by_client ? frames::kServer6 : frames::kClient6));
    } else {
      frames::Ip4 ip;
      if (!by_client) std::swap(ip.from, ip.to);
      whole = frames::ethernet(0x0800, frames::ipv4(ip, tcp));
    }
    ScenarioFrame out;
    out.wire_octets = static_cast<std::uint32_t>(whole.size());
    out.octets = w.cut == std::string::npos
                     ? whole
                     : whole.substr(0, whole.size() - w.payload.size() + w.cut);
    out.at = now_;
    return out;
  }

  ScenarioOptions options_;
  Side side_[2];
  Time now_ = 0;
};

inline std::vector<ScenarioFrame> read_scenario(const std::string& text,
                                                const ScenarioOptions& options = {}) {
  return ScenarioReader(options).read(text);
}

inline void play(const std::vector<ScenarioFrame>& frames, StreamSink& sink,
                 const Limits& limits = {}) {
  Reassembler reassembler(sink, limits);
  Id number = 0;
  for (const ScenarioFrame& frame : frames)
    reassembler.add(frame.octets, kLinkEthernet, {frame.at, number++, 0}, frame.wire_octets);
  reassembler.finish();
  CHECK(reassembler.waiting_octets() == 0);
  CHECK(reassembler.open_connections() == 0);
}

}  // namespace mailscope::tcp
