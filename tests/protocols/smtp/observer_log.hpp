// Writes down what an observer reports, for tests: one line an event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/observer.hpp"

namespace mailscope::smtp::test {

inline constexpr Direction kClient = Direction::ToServer;
inline constexpr Direction kServer = Direction::ToClient;

// Writes down what an observer reports, one line an event; pieces of content are put together.
class Log {
 public:
  explicit Log(bool from_beginning = true) : observer({from_beginning}) {}

  Log& client(std::string_view octets) { return feed(kClient, octets); }
  Log& server(std::string_view octets) { return feed(kServer, octets); }
  Log& gap(Direction direction, std::uint64_t octets) {
    observer.gap(direction, octets);
    return take();
  }
  Log& end() {
    for (const Direction direction : {kClient, kServer}) {
      observer.receive_eof(direction);
      take();
    }
    return *this;
  }

  Observer observer;
  std::vector<std::string> lines;
  std::vector<std::string> contents;
  std::size_t chunk = 1 << 20;
  bool with_offsets = false;

  std::string text() const {
    std::string joined;
    for (const std::string& line : lines) joined += line + "\n";
    return joined;
  }

 private:
  Log& feed(Direction direction, std::string_view octets) {
    for (std::size_t at = 0; at < octets.size(); at += chunk) {
      const std::string piece(octets.substr(at, chunk));
      observer.receive(direction, piece);
      take();
    }
    return *this;
  }

  Log& take() {
    while (const auto event = observer.next_event()) write(*event);
    return *this;
  }

  void write(const Observed& event) {
    std::string line;
    const std::string verb(name(static_cast<Verb>(event.word)));
    switch (event.kind) {
      case Observed::Kind::Command:
        line = "C " + verb + " \"" + printable(event.text) + "\"";
        break;
      case Observed::Kind::Continuation:
        line = "C + \"" + printable(event.text) + "\"";
        break;
      case Observed::Kind::Reply:
        line = "S " + std::to_string(event.word) + " to " +
               std::string(name(static_cast<Verb>(event.answers)));
        break;
      case Observed::Kind::ContentBegin:
        contents.emplace_back();
        line = "begin";
        break;
      case Observed::Kind::Content:
        contents.back() += event.text;
        return;
      case Observed::Kind::ContentEnd:
        line = "end";
        break;
      case Observed::Kind::TlsBegin:
        line = event.direction == kClient ? "C tls" : "S tls";
        break;
      case Observed::Kind::DeflateBegin:
        line = event.direction == kClient ? "C deflate" : "S deflate";
        break;
      case Observed::Kind::Violation:
        line = "! " + std::string(event.code);
        break;
    }
    if (event.flags & Observed::kSecret) line += " secret";
    if (event.flags & Observed::kIncomplete) line += " incomplete";
    if (event.flags & Observed::kOutOfPlace) line += " out-of-place";
    if (event.flags & Observed::kUnknown) line += " unknown";
    if (with_offsets)
      line += " [" + std::to_string(event.begin) + "," + std::to_string(event.end) + ")";
    lines.push_back(line);
  }
};

// Up to RCPT, answered.
inline void introduce(Log& log) {
  log.server("220 b.example\r\n").client("HELO a.example\r\n").server("250 b.example\r\n");
  log.client("MAIL FROM:<a@a.example>\r\n").server("250 OK\r\n");
  log.client("RCPT TO:<b@b.example>\r\n").server("250 OK\r\n");
  log.lines.clear();
}

using Lines = std::vector<std::string>;

}  // namespace mailscope::smtp::test
