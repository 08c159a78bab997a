// Makes the frames of a TCP dialogue by hand: Ethernet, IPv4, TCP with right lengths and numbers.
//
//   Talk talk;
//   talk.dialogue("S: 220 hi\nC: EHLO a\n");   // each line with CRLF
//   trace::Trace trace = talk.trace();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/observe/road.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::test {

struct Wire {
  trace::Time at = 0;
  std::string octets;
};

class Talk {
 public:
  std::uint16_t server_port = 25;
  std::uint16_t client_port = 40001;
  std::size_t segment_octets_max = 1460;
  trace::Time step = 1'000'000;  // between frames
  std::vector<Wire> frames;

  void open() {
    send(true, "", kSyn);
    send(false, "", kSyn | kAck);
    send(true, "", kAck);
  }
  void close() {
    send(true, "", kFin | kAck);
    send(false, "", kFin | kAck);
    send(true, "", kAck);
  }
  void reset() { send(false, "", kRst | kAck); }
  void client(std::string_view octets) { say(true, octets); }
  void server(std::string_view octets) { say(false, octets); }
  // "C: ..." and "S: ..." lines, each with CRLF behind it.
  void dialogue(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      const std::string_view line = lines.substr(0, end);
      lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
      if (line.starts_with("C: ")) client(std::string(line.substr(3)) + "\r\n");
      if (line.starts_with("S: ")) server(std::string(line.substr(3)) + "\r\n");
      if (line == "C:") client("\r\n");
      if (line == "S:") server("\r\n");
    }
  }
  // Octets that are sent but never captured.
  void lose(bool from_client, std::size_t octets) {
    seq_[from_client ? 0 : 1] += static_cast<std::uint32_t>(octets);
  }
  void again(std::size_t frame) { frames.push_back({next_time(), frames[frame].octets}); }

  trace::Trace trace(observe::RoadOptions options = {}) const {
    trace::Trace made;
    observe::Road road(made, options);
    feed(road);
    road.finish();
    return made;
  }
  void feed(observe::Road& road) const {
    for (const Wire& wire : frames)
      road.add(wire.octets, 1, static_cast<std::uint32_t>(wire.octets.size()), wire.at);
  }

  void send(bool from_client, std::string_view payload, std::uint8_t flags) {
    frames.push_back({next_time(), frame(from_client, payload, flags)});
    std::uint32_t& seq = seq_[from_client ? 0 : 1];
    seq += static_cast<std::uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
  }

  static constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16;

 private:
  trace::Time next_time() const { return frames.empty() ? 0 : frames.back().at + step; }
  void say(bool from_client, std::string_view octets) {
    while (!octets.empty()) {
      send(from_client, octets.substr(0, segment_octets_max), kPsh | kAck);
      octets.remove_prefix(std::min(segment_octets_max, octets.size()));
    }
  }
  static void put(std::string& out, std::uint32_t value, int octets) {
    while (octets-- > 0) out += static_cast<char>(value >> (8 * octets) & 0xFF);
  }
  std::string frame(bool from_client, std::string_view payload, std::uint8_t flags) const {
    std::string out("\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0", 14);
    put(out, 0x4500, 2);
    put(out, static_cast<std::uint32_t>(40 + payload.size()), 2);
    put(out, 0, 4);
    put(out, 0x40060000, 4);
    put(out, from_client ? 0x0A000101 : 0x0A000202, 4);
    put(out, from_client ? 0x0A000202 : 0x0A000101, 4);
    put(out, from_client ? client_port : server_port, 2);
    put(out, from_client ? server_port : client_port, 2);
    put(out, seq_[from_client ? 0 : 1], 4);
    put(out, (flags & kAck) != 0 ? seq_[from_client ? 1 : 0] : 0, 4);
    put(out, 0x5000u | flags, 2);
    put(out, 0xFFFF, 2);
    put(out, 0, 4);
    out += payload;
    return out;
  }

  std::uint32_t seq_[2] = {1000, 5000};
};

// A whole SMTP session with one small message.
inline constexpr std::string_view kSmtpDialogue = R"(S: 220 mail.beta.example ESMTP
C: EHLO alice-pc.alpha.example
S: 250-mail.beta.example
S: 250-8BITMIME
S: 250 SIZE 1000000
C: MAIL FROM:<alice@alpha.example>
S: 250 ok
C: RCPT TO:<bob@beta.example>
S: 250 ok
C: RCPT TO:<nobody@beta.example>
S: 550 no such user
C: DATA
S: 354 go on
C: From: Alice <alice@alpha.example>
C: To: Bob <bob@beta.example>
C: Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
C: Message-ID: <1@alpha.example>
C:
C: Hello Bob,
C: ..a dot in front
C: .
S: 250 taken
C: QUIT
S: 221 bye
)";
inline constexpr std::string_view kSmtpContent =
    "From: Alice <alice@alpha.example>\r\nTo: Bob <bob@beta.example>\r\n"
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <1@alpha.example>\r\n\r\n"
    "Hello Bob,\r\n.a dot in front\r\n";

inline constexpr std::string_view kPop3Dialogue = R"(S: +OK ready <1.2@mail.beta.example>
C: CAPA
S: +OK
S: USER
S: UIDL
S: .
C: USER bob
S: +OK
C: PASS secret word
S: +OK 1 message
C: STAT
S: +OK 1 36
C: RETR 1
S: +OK 36 octets
S: Subject: hi
S:
S: ..dotted
S: last line
S: .
C: DELE 1
S: +OK
C: QUIT
S: +OK bye
)";

}  // namespace mailscope::test
