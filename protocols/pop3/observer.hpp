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
// What each side is doing is a variant of states (observer_states.hpp); a visitor reads the next
// octets or the next line as the state says.
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
#include "protocols/base/observed_queue.hpp"
#include "protocols/base/observed_stream.hpp"
#include "protocols/pop3/observer_states.hpp"
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
  using Commands = reading::Commands;
  using LogIn = reading::LogIn;
  using Answers = reading::Answers;
  using HeldBack = reading::HeldBack;
  using Listing = reading::Listing;
  using Message = reading::Message;
  using Tls = reading::Tls;

  // How answers stand to commands.
  enum class Match : std::uint8_t {
    GreetingDue,
    InOrder,
    SomeLost,  // answers may be missing since the last one that was seen
  };

  // One direction.
  struct Side : ObservedStream {
    Side() : ObservedStream(kLineOctetsMax) {}
    bool told_bare_lf = false;
    bool told_long_line = false;
  };

  // observer.cpp: octets to lines, gaps and ends, TLS, what is wrong with a line
  Side& side(Direction direction) { return sides_[static_cast<int>(direction)]; }
  LineSplitter& lines_of(Direction direction) { return side(direction).lines; }
  void read_line(Direction direction, std::string_view& octets);
  void take_line(Direction direction, const Line& line);
  void note_line_faults(Direction direction, const Line& line);
  void break_off_server(std::uint64_t octets);
  void end_server();
  void begin_tls(Direction direction);
  bool tls_may_begin(Direction direction) const;
  bool is_tls(Direction direction) const;
  // The reference is good until the next add().
  ObservedHead head(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end) const;
  ObservedHead& add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end);
  void violate(Direction direction, std::uint64_t begin, std::uint64_t end, const Breach& breach);
  std::uint8_t shown_state() const;

  // observer_client.cpp: commands and log-ins
  void take_client_line(const Line& line);
  bool is_continuation(const Line& line) const;
  void take_continuation(const Line& line);
  void take_command(const Line& line);
  void note_user(const CommandLine& command, bool auth_response);

  // observer_server.cpp: answers. take(): the next line, as the server's state says
  void take_server_line(const Line& line);
  void take(Answers& answers, const Line& line);
  void take(HeldBack& held, const Line& line);
  void take(Listing& listing, const Line& line);
  void take(Message&, const Line&) {}  // its octets are no lines
  void take(Tls&, const Line&) {}
  void take_status(const Line& line, bool ok);
  void take_challenge(const Line& line);
  void take_other(const Line& line);
  void answered(const Session::Unanswered& command, bool ok, std::string_view text,
                const Line& line);
  ObservedHead& reply(std::uint16_t word, const Session::Unanswered& answers, std::string_view text,
                      std::uint64_t begin, std::uint64_t end);
  void report_held_back();
  void settle(const HeldBack& held, const Line& next);
  void begin_listing(const Session::Unanswered& answers, std::string_view text, std::uint64_t begin,
                     bool broken, const Line* first);
  void end_listing(std::uint64_t end, std::uint8_t flags);
  bool answer_is_due() const;

  // observer_content.cpp: messages
  Message& begin_message(const Session::Unanswered& answers, std::uint64_t begin, bool bare_lf);
  void read_message(std::string_view& octets);
  void read_broken(std::string_view& octets);
  void read_decoded(std::string_view& octets);
  void read_message_line(const Line& line);
  void decide_held();
  void give_up_held();
  void end_message(std::uint8_t flags);
  void note_message_faults(const Message& message);

  Session session_;
  Side sides_[2];
  reading::Client client_;
  reading::Server server_;
  Match match_;
  ObservedQueue events_;
  bool state_unsure_;  // joined late, or octets are missing: there may have been a log-in
  bool pipelined_ = false;
  std::string user_, login_;
};

}  // namespace mailscope::pop3
