// An IMAP observer's events as lines of text.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/observer.hpp"

namespace mailscope::imap::test {

// What happened on the wire.
struct Step {
  char
      kind;  // C, S: octets; c, s: a gap of that many; !, .: the end of the client's, server's side
  std::string octets;
  std::uint64_t missing = 0;
};
using Steps = std::vector<Step>;

inline std::string flags_text(const Observed& e) {
  std::string out;
  if (e.flags & Observed::kSecret) out += " secret";
  if (e.flags & Observed::kIncomplete) out += " incomplete";
  if (e.flags & Observed::kOutOfPlace) out += " out-of-place";
  if (e.flags & Observed::kUnknown) out += " unknown";
  return out;
}

inline std::string verb_text(std::uint16_t word) {
  const bool uid = (word & Observer::kUid) != 0;
  return (uid ? "UID " : "") +
         std::string(name(static_cast<Verb>(word & ~std::uint16_t{Observer::kUid})));
}

// Events as lines of text, one after the other; pieces of content are joined.
class Notes {
 public:
  void take(Observer& observer) {
    while (const auto e = observer.next_event()) add(*e);
  }
  std::vector<std::string> lines;
  std::vector<std::string> contents;

  bool has(std::string_view beginning) const { return count(beginning) > 0; }
  std::size_t count(std::string_view beginning) const {
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [&](const std::string& line) { return line.starts_with(beginning); }));
  }
  std::string all() const {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return text;
  }

 private:
  void add(const Observed& e) {
    const std::string key = e.key == 0            ? ""
                            : e.key == UINT32_MAX ? " #?"
                                                  : " #" + std::to_string(e.key);
    const std::string end =
        flags_text(e) + " [" + std::to_string(e.begin) + "," + std::to_string(e.end) + ")";
    const std::string state = " " + std::string(name(static_cast<State>(e.state)));
    switch (e.kind) {
      case Observed::Kind::Command:
        lines.push_back("C " + verb_text(e.word) + key + " '" + printable(e.text) + "'" + end +
                        state);
        break;
      case Observed::Kind::Continuation:
        lines.push_back("c" + key + " '" + printable(e.text) + "'" + end);
        break;
      case Observed::Kind::Reply:
        lines.push_back((e.flags & Observed::kUntagged ? "u " : "S ") +
                        std::string(name(static_cast<ResponseName>(e.word))) + key + " to " +
                        verb_text(e.answers) + " '" + printable(e.text) + "'" + end + state);
        break;
      case Observed::Kind::ContentBegin:
        content(e).clear();
        lines.push_back((e.direction == Direction::ToServer ? "sent" : "fetched") +
                        std::string(" from ") + std::to_string(e.begin));
        break;
      case Observed::Kind::Content:
        content(e) += e.text;
        break;
      case Observed::Kind::ContentEnd:
        lines.push_back("whole '" + printable(content(e)) + "'" + end);
        contents.push_back(content(e));
        break;
      case Observed::Kind::TlsBegin:
      case Observed::Kind::DeflateBegin:
        lines.push_back((e.kind == Observed::Kind::TlsBegin ? "tls " : "deflate ") +
                        std::string(e.direction == Direction::ToServer ? "up" : "down") + " from " +
                        std::to_string(e.begin));
        break;
      case Observed::Kind::Violation:
        lines.push_back("! " + std::string(e.code));
        break;
    }
  }
  std::string& content(const Observed& e) { return passing_[static_cast<int>(e.direction)]; }

  std::string passing_[2];
};

inline Notes watch(const Steps& steps, std::size_t chunk = 0, Observer::Options options = {}) {
  Observer observer(options);
  Notes notes;
  for (const Step& step : steps) {
    const bool up = step.kind == 'C' || step.kind == 'c' || step.kind == '!';
    const Direction direction = up ? Direction::ToServer : Direction::ToClient;
    if (step.kind == 'C' || step.kind == 'S') {
      const std::size_t size = chunk == 0 ? step.octets.size() : chunk;
      for (std::size_t i = 0; i < step.octets.size(); i += size) {
        // A chunk of its own memory, gone after its events: what points elsewhere shows under ASan.
        const std::string copy = step.octets.substr(i, size);
        observer.receive(direction, copy);
        notes.take(observer);
      }
    } else if (step.kind == 'c' || step.kind == 's') {
      observer.gap(direction, step.missing);
    } else {
      observer.receive_eof(direction);
    }
    notes.take(observer);
  }
  return notes;
}

// "C: ..." and "S: ..." lines, each with CRLF behind it.
inline Steps steps_of(std::string_view lines) {
  Steps steps;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    const std::string octets = std::string(line.size() > 3 ? line.substr(3) : "") + "\r\n";
    if (!steps.empty() && steps.back().kind == line[0])
      steps.back().octets += octets;
    else
      steps.push_back({line[0], octets});
  }
  return steps;
}

}  // namespace mailscope::imap::test
