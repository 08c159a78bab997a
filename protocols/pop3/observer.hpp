// Reads both directions of a POP3 dialogue as they pass and says what happened: commands, replies,
// messages. RFC 1939, RFC 2449, RFC 2595 §4, RFC 5034; the events are those of base/observed.hpp.
//
// A Reply's word is kOk, kErr or kContinue. Multi-line answers of LIST, UIDL and CAPA are one Reply, its
// lines joined by \n (at most kReplyTextMax octets are kept). RETR and TOP answer with a Reply (the
// +OK line), then ContentBegin, Content..., ContentEnd; `answers` tells the two apart. A bare AUTH,
// which no RFC has and old clients send, is answered by a listing.
//
// What is missing is borne: one side alone (the client's: states are those expected; the server's:
// what follows a +OK is told from its look), a dialogue joined in its middle, gaps. A gap inside content makes its
// ContentEnd kIncomplete; a gap elsewhere drops the broken line, and reading goes on with the next.
// Lines that end in a bare LF are read, with one Violation a direction.
//
// At most kLineOctetsMax octets of an unfinished line are held a direction, and kReplyTextMax of a
// listing. Content is handed through as views into the chunk that was given, so a chunk must stay
// until its events are taken; events left over at the next call are lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/observed.hpp"
#include "protocols/pop3/session.hpp"

namespace mailscope::pop3 {

class Observer {
 public:
  static constexpr std::uint16_t kErr = 0, kOk = 1, kContinue = 2;
  static constexpr std::size_t kLineOctetsMax = 4096;
  static constexpr std::size_t kReplyTextMax = 64 * 1024;

  // `midstream`: the beginning of the dialogue is not there.
  explicit Observer(bool midstream = false);

  void receive(Direction direction, std::string_view octets);
  // `octets` of the stream were never seen.
  void gap(Direction direction, std::uint64_t octets);
  void receive_eof(Direction direction);
  // Null when there is none. Valid until the next receive, gap or receive_eof.
  const Observed* next_event();

  State state() const { return session_.state(); }
  // The user named by the last USER or APOP that was accepted; empty before.
  const std::string& login() const { return login_; }

 private:
  enum class Mode : std::uint8_t {
    Lines,
    Listing,   // server: within a multi-line answer
    Content,   // server: within a message
    Skip,      // until a line end: behind a gap
    Tls,
  };
  enum class Dot : std::uint8_t { LineStart, AfterDot, AfterDotCr, InLine, AfterCr };

  // One direction of the dialogue.
  struct Side {
    std::uint64_t offset = 0;      // of the next octet in the stream
    std::uint64_t line_begin = 0;
    std::string partial;           // front of the unfinished line
    bool cut = false;              // octets of the unfinished line were dropped
    bool seen = false;             // octets came
    bool told_bare_lf = false;
    bool behind_gap = false;
    bool over = false;
    Mode mode = Mode::Lines;
  };
  // A line without its end, as the reader hands it on.
  struct RawLine {
    std::string_view text;
    std::uint64_t begin = 0, end = 0;
    bool bare_lf = false;
    bool cut = false;
  };

  Side& side(Direction d) { return sides_[static_cast<int>(d)]; }
  void read_lines(Direction d, std::string_view octets);
  bool resume(Side& side, std::string_view& octets, bool to_server);
  void client_line(const RawLine& line);
  void server_line(const RawLine& line);
  void status_line(const RawLine& line);
  void unexpected_line(const RawLine& line);
  void reply(std::uint16_t word, std::string_view text, const RawLine& line);
  void begin_listing(const RawLine& line, std::string_view text);
  void listing_line(const RawLine& line);
  void end_listing(std::uint64_t end, std::uint8_t flags);
  void begin_content(std::uint64_t begin, Verb verb, bool bare_lf, std::uint8_t flags);
  std::size_t content(std::string_view octets);
  std::size_t content_crlf(std::string_view octets);
  std::size_t content_lf(std::string_view octets);
  void emit_content(std::string_view text, std::uint64_t begin, std::uint64_t end);
  void end_content(std::uint64_t end, std::uint8_t flags);
  void decide_pending(const RawLine* next);
  void begin_tls(Direction d, std::uint64_t at);
  std::string_view keep(std::string_view text);
  Observed& emit(Observed::Kind kind, Direction d, std::uint64_t begin, std::uint64_t end);
  void violation(Direction d, std::uint64_t begin, std::uint64_t end, std::uint8_t severity,
                 std::string_view code, std::string_view text, std::string_view rfc);

  Session session_;
  Side sides_[2];
  std::vector<Observed> events_;
  std::size_t taken_ = 0;
  std::deque<std::string> kept_;  // texts of this call's events that are in no chunk
  bool midstream_;
  bool greeted_ = false;
  bool auth_waits_ = false;       // the next client line is an AUTH response
  std::string user_, login_;

  // The multi-line answer that is being read.
  Verb answers_ = Verb::Unknown;
  Phase answer_phase_ = Phase::None;
  std::uint64_t answer_begin_ = 0;
  std::uint8_t answer_flags_ = 0;
  std::string listing_;
  bool content_lf_only_ = false;
  Dot dot_ = Dot::LineStart;
  std::string held_;              // content octets held back at a chunk's end: part of CRLF . CRLF

  // A +OK that nothing asked for (the client's side is missing): what it is shows in the next line.
  bool pending_ = false;
  std::string pending_text_;
  std::uint64_t pending_begin_ = 0, pending_end_ = 0;
  bool pending_bare_lf_ = false;
};

}  // namespace mailscope::pop3
