// What each side of an SMTP dialogue is doing, as its observer sees it. Each state has the data
// that it needs and nothing else.
//
//   Seeking ── first command ──► Lines ── BDAT ──► Chunk ── all of it ──► Lines
//                                  │ DATA
//                                  ▼
//                              Undecided ── 354 ──► Content ── the lone dot ──► Lines
//                                  └── a refusal ──► Lines
//
// From each a 220 to STARTTLS leads to Tls. A message that comes in chunks stays open (OpenMessage)
// while the commands between them are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/base/dot_stuffing.hpp"

namespace mailscope::smtp::reading {

struct Tls {};

// What the client is doing.
struct Lines {  // commands, and its part of a log-in
  enum class Begun : std::uint8_t {
    Nothing,
    LogIn,  // the last command was AUTH, and no final reply came
    Tls,    // the last command was STARTTLS, and it was not refused
  };
  Begun begun = Begun::Nothing;
};
struct Undecided {  // behind DATA, and no reply to it yet: octets wait
  std::string held;
  std::size_t read = 0;  // of `held`
  std::string_view waiting() const { return std::string_view(held).substr(read); }
};
struct Content {  // behind DATA, up to the dot line
  DotDecoder decoder{};
  std::uint16_t early_verdict = 0;  // a reply that came before the content's end was seen
};
struct Chunk {  // behind BDAT, by count
  std::uint64_t left = 0;
  bool last = false;
};
struct Seeking {             // joined in the middle: up to the first command line
  bool passed_over = false;  // octets since the server's last reply were no command
};
using Client = std::variant<Lines, Undecided, Content, Chunk, Seeking, Tls>;

// A message that has begun and not ended.
struct OpenMessage {
  std::uint64_t begin = 0;  // stream offset
  bool gap = false;
  std::size_t unanswered = 0;  // commands up to the one that began it whose replies have not come
};

// What the server is doing.
struct Between {};  // no reply is begun
struct PartOfReply {
  std::uint16_t code = 0;
  std::uint64_t begin = 0;
  std::uint8_t flags = 0;
  std::string text;  // lines so far
};
using Server = std::variant<Between, PartOfReply, Tls>;

}  // namespace mailscope::smtp::reading
