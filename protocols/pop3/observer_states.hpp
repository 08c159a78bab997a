// What each side of a POP3 dialogue is doing, as its observer sees it. Each state has the data that
// it needs and nothing else.
//
// A server's answers, listings and messages are pieces of one stream, so its state is also the way
// through that stream:
//
//   Answers ──── +OK to LIST, UIDL, CAPA ────► Listing ── "." ──► Answers
//      ├──────── +OK to RETR, TOP ───────────► Message ── "." ──► Answers
//      ├──────── +OK that nothing asked for ─► HeldBack ─ next line ─► Answers, Listing or Message
//      └──────── +OK to STLS, or a handshake ► Tls
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "protocols/base/dot_stuffing.hpp"
#include "protocols/pop3/session.hpp"

namespace mailscope::pop3::reading {

struct Tls {};

// What the client is doing.
struct Commands {};
struct LogIn {              // it has sent AUTH
  bool plain = false;       // by PLAIN: the response says who logs in
  bool challenged = false;  // the next line is a response, whatever it looks like
};
using Client = std::variant<Commands, LogIn, Tls>;

// What the server is doing.
struct Answers {};
struct HeldBack {  // a +OK that no command asked for: what it is shows in the next line
  std::string text;
  std::uint64_t begin = 0, end = 0;
  std::uint8_t flags = 0;
  bool bare_lf = false;
};
struct Listing {
  Session::Unanswered answers;
  std::uint64_t begin = 0;
  std::string text;
  bool broken = false;  // begun in its middle, or a gap in it: an answer may end it
};
// A message that was begun in its middle, or has a gap: where a line begins an answer may.
struct Broken {
  bool at_line_start = true;
  std::string held;  // a line's first octets, while they may be an answer's
};
struct Message {
  Session::Unanswered answers;
  std::uint64_t begin = 0;
  std::uint64_t at = 0;  // stream offset of the next octet; the stream's own follows at the end
  std::variant<DotDecoder, BareLfDotDecoder> decoder;  // of lines that end as its +OK line did
  std::optional<Broken> broken;
  std::uint64_t octets = 0;
  std::uint64_t octets_said = 0;  // by RETR's +OK line; 0: not said
};
using Server = std::variant<Answers, HeldBack, Listing, Message, Tls>;

}  // namespace mailscope::pop3::reading
