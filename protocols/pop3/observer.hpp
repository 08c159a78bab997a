// Reads both directions of a POP3 dialogue as they pass and says what happened: commands, replies,
// messages. RFC 1939, RFC 2449, RFC 2595 §4, RFC 5034; the events are those of base/observed.hpp.
//
// A Reply's word is kOk, kErr or kContinue. Multi-line answers of LIST, UIDL and CAPA are one
// Reply, its lines joined by \n (at most kReplyTextMax octets are kept). RETR and TOP answer with a
// Reply (the +OK line), then ContentBegin, Content..., ContentEnd; `answers` tells the two apart. A
// bare AUTH, which no RFC has and old clients send, is answered by a listing.
//
// What is missing is borne: one side alone (the client's: states are those expected; the server's:
// what follows a +OK is told from its look), a dialogue joined in its middle, gaps. A gap inside
// content makes its ContentEnd kIncomplete; a gap elsewhere drops the broken line, and reading goes
// on with the next. Lines that end in a bare LF are read, with one Violation a direction.
//
// At most kLineOctetsMax octets of an unfinished line are held a direction, and kReplyTextMax of a
// listing. Content is handed through as views into the chunk that was given, so a chunk must stay
// until its events are taken; events left over at the next call are lost. All other texts are kept
// by the ObservedQueue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/dialogue_observer.hpp"
#include "protocols/base/dot_stuffing.hpp"
#include "protocols/base/observed_queue.hpp"
#include "protocols/pop3/session.hpp"

namespace mailscope::pop3 {

class Observer final : public DialogueObserver {
 public:
  struct Options {
    bool from_beginning = true;  // the opening of the connection was seen
  };
  static constexpr std::uint16_t kErr = 0, kOk = 1, kContinue = 2;
  static constexpr std::size_t kLineOctetsMax = 4096;
  static constexpr std::size_t kReplyTextMax = 64 * 1024;

  Observer() : Observer(Options{}) {}
  explicit Observer(Options options);

  void receive(Direction direction, std::string_view octets) override;
  void gap(Direction direction, std::uint64_t octets) override;
  void receive_eof(Direction direction) override;
  std::optional<Observed> next_event() override { return events_.next(); }

  const Session& session() const { return session_; }
  // Who logged in; empty before, and where it cannot be read.
  const std::string& login() const { return login_; }

 private:
  enum class Mode : std::uint8_t {
    Lines,
    Listing,  // the server's side: within a multi-line answer
    Content,  // the server's side: within a message
    Tls,
  };
  // One direction of the dialogue.
  struct Side {
    std::uint64_t offset = 0;  // of the next octet in the stream
    std::string partial;       // front of the unfinished line
    std::uint64_t partial_begin = 0;
    Mode mode = Mode::Lines;
    bool seen = false;            // octets came
    bool partial_cut = false;     // the unfinished line is longer than what is kept
    bool head_missing = false;    // the next octets may be the tail of a line: behind a gap
    bool gap_since_sync = false;  // answers may be missing since the last one
    bool told_bare_lf = false;
    bool told_long_line = false;
  };
  // A line as the reader hands it on; its texts live as long as it is being read.
  struct RawLine {
    std::string_view text;   // without its line end
    std::string_view whole;  // with it; as much as was kept
    std::uint64_t begin = 0, end = 0;
    bool bare_lf = false;
    std::uint8_t flags = 0;  // of the event made from it
  };
  // Message content whose lines end in a bare LF, as its +OK line did.
  struct LfContent {
    bool at_line_start = true;
    bool dot_held = false;  // a dot at a line's start was the last octet of a chunk
  };

  Side& side(Direction direction) { return sides_[static_cast<int>(direction)]; }
  void read_line(Direction direction, std::string_view& octets);
  void take_line(Direction direction, const RawLine& line);
  void note_line_faults(Direction direction, const RawLine& line);
  void client_line(const RawLine& line);
  void command(const RawLine& line);
  void continuation(const RawLine& line);
  void server_line(const RawLine& line);
  void status_line(const RawLine& line, bool ok);
  void continue_line(const RawLine& line);
  void other_line(const RawLine& line);
  void answered(const Session::Unanswered& waiting, bool ok, std::string_view text,
                const RawLine& line);
  ObservedHead& reply(std::uint16_t word, const Session::Unanswered& answers, std::string_view text,
                      std::uint64_t begin, std::uint64_t end);
  void hold_back(const RawLine& line, std::string_view text);
  void settle(const RawLine* next);
  void begin_listing(const Session::Unanswered& answers, std::string_view text,
                     std::uint64_t begin);
  void listing_line(const RawLine& line);
  void end_listing(std::uint64_t end, std::uint8_t flags);
  void begin_content(const Session::Unanswered& answers, std::uint64_t begin, bool bare_lf);
  void read_content(std::string_view& octets);
  void read_content_line(const RawLine& line);
  void read_decoded_content(std::string_view& octets);
  void decide_held();
  void give_up_held();
  void read_lf_content(std::string_view& octets);
  void emit_content(std::string_view piece, std::uint64_t end);
  void end_content(std::uint8_t flags);
  void note_content_faults();
  bool answer_is_due() const;
  bool tls_may_begin(Direction direction) const;
  void begin_tls(Direction direction, std::uint64_t at);
  // The reference is good until the next emit().
  ObservedHead& emit(Observed::Kind kind, Direction direction, std::uint64_t begin,
                     std::uint64_t end);
  void violation(Direction direction, std::uint64_t begin, std::uint64_t end, std::uint8_t severity,
                 std::string_view code, std::string_view text, std::string_view rfc);
  std::uint8_t shown_state() const;

  Session session_;
  Side sides_[2];
  ObservedQueue events_;
  bool greeting_due_;
  bool state_unsure_;  // joined late, or octets are missing: there may have been a log-in
  bool pipelined_ = false;
  bool auth_waits_ = false;  // the next client line is a response to an AUTH challenge
  bool auth_plain_ = false;
  std::string user_, login_;

  // The multi-line answer that is being read.
  Session::Unanswered answers_;
  std::uint64_t answer_begin_ = 0;
  std::string listing_;
  DotDecoder decoder_;
  LfContent lf_;
  bool lf_only_ = false;
  bool content_broken_ = false;     // begun in its middle, or a gap in it
  bool broken_line_start_ = false;  // content_broken_: the next octet begins a line
  std::string broken_held_;         // such a line's first octets, while they may be an answer's
  std::uint64_t content_octets_ = 0;
  std::uint64_t octets_said_ = 0;  // by RETR's +OK line; 0: not said

  // A +OK that no command asked for (the client's side is missing): what it is shows in the next
  // line.
  bool held_back_ = false;
  std::string held_text_;
  RawLine held_line_;
};

}  // namespace mailscope::pop3
