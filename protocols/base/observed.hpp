// What a passive observer of a mail dialogue reports: one flat value an event, for every protocol.
//
// An observer is fed the octets of both directions in any chunking (receive, gap, receive_eof) and
// its events are taken with next_event(). It never gives up: what breaks the rules becomes an event
// of kind Violation and the reading goes on. It holds at most one unfinished line a direction
// (bounded by its limit); message content is handed through and not kept.
#pragma once

#include <cstdint>
#include <string_view>

namespace mailscope {

enum class Direction : std::uint8_t { ToServer, ToClient };
constexpr Direction other(Direction d) {
  return d == Direction::ToServer ? Direction::ToClient : Direction::ToServer;
}

// The phases of a mail dialogue that the ladder marks (RFC 5321 §3.1-3.8; RFC 1939 §3's three
// states map to SetUp = AUTHORIZATION, Transfer = TRANSACTION, Termination = UPDATE).
enum class Phase : std::uint8_t { None, SetUp, Transfer, Termination };

// All of an event but its text.
struct ObservedHead {
  enum class Kind : std::uint8_t {
    Command,  // one client line; `text` is the line without its CRLF, `word` the protocol's Verb
    Continuation,  // a client line that is no command: AUTH exchange, and the like
    Reply,  // one complete reply, a multi-line one once; `word` is the SMTP code, or for POP3
            // 1 for +OK, 0 for -ERR, 2 for a "+ " continuation; `text` its lines joined by \n,
            // without codes
    ContentBegin,  // message content starts (after 354, a RETR's +OK line, a BDAT line)
    Content,       // a piece of it, dots unstuffed, exactly as the receiver stores it: `text`
    ContentEnd,  // it is over; begin/end cover all its octets on the wire, final dot line included
    TlsBegin,    // from stream offset `begin` on this direction is TLS and no longer readable
    DeflateBegin,  // from there on it is compressed by DEFLATE (RFC 4978)
    Violation,   // `text` says what is wrong, `code` names it, `rfc` cites the section
  };
  // Flags.
  static constexpr std::uint8_t kSecret = 1;      // carries a password or a proof; mask it
  static constexpr std::uint8_t kIncomplete = 2;  // cut by a gap, by the end, or never terminated
  static constexpr std::uint8_t kOutOfPlace = 4;  // the session machine does not allow it here
  static constexpr std::uint8_t kUnknown = 8;     // a verb that the protocol does not have
  // A Reply that completes no command: IMAP's "* 3 EXISTS" (RFC 9051 §7). It belongs to the command
  // named by `key`, or to none.
  static constexpr std::uint8_t kUntagged = 32;
  // ContentBegin: the content lies within the line of the Command or Reply that is reported after
  // it, as an IMAP literal does (RFC 9051 §4.3).
  static constexpr std::uint8_t kNested = 64;

  Kind kind{};
  Direction direction{};
  Phase phase{};
  std::uint8_t state = 0;  // session state *after* this event, the protocol's State enum
  std::uint8_t flags = 0;
  std::uint8_t severity = 0;  // Violation: 0 note, 1 warning, 2 error
  std::uint16_t word = 0;     // verb or code; for a Reply see `answers`
  std::uint16_t answers = 0;  // Reply: the verb that it answers (the protocol's Verb; its Connect
                              // pseudo verb for a greeting)
  // Which command a Reply belongs to, where the protocol says so itself (IMAP's tag): both bear the
  // same number, from 1. 0: answers come in the order of the commands.
  std::uint32_t key = 0;
  std::uint64_t begin = 0;  // octet range in the stream of its direction, line ends included
  std::uint64_t end = 0;
  std::string_view code;  // Violation only; static storage
  std::string_view rfc;   // Violation only; static storage
};

// An observer sets the text through its ObservedQueue only, which sees to its lifetime.
struct Observed : ObservedHead {
  std::string_view text;  // valid until the next call of receive, gap or receive_eof
};

}  // namespace mailscope
