// A passive observer of an SMTP dialogue: the octets of both directions in, one flat event for each
// command, reply, piece of content and violation out (protocols/base/observed.hpp). RFC 5321,
// RFC 3030 (BDAT), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 6531 (SMTPUTF8), RFC 821 §3.8 (TURN).
//
// Feed what was captured with receive(), gap() and receive_eof(), each direction in stream order,
// and take all events with next_event() before the next call: their text is valid until then.
// Content is handed through without copying. Memory: one unfinished line a direction, one
// unfinished reply of at most kReplyOctetsMax, at most kHeldOctetsMax of what waits behind DATA.
//
// It never gives up. What is decided, and how:
// - Replies answer commands in order; a command that waits is known by its verb (session.hpp).
// - The server's reply to DATA says what stands behind it: content after 354, commands after a
//   refusal, as the server reads it. Client octets that come first (pipelined, or the reply stands
//   later in the capture) wait for it. Where it cannot come any more (a gap, the end of the
//   server's stream, kHeldOctetsMax), they are content unless they begin as a command does; a 4yz
//   or 5yz that comes after all ends that content.
// - After a gap in a line stream reading resumes at the next line; after a gap in content the
//   content goes on. If the end of the content lies in the gap, the server's next reply ends it.
// - After 250 to TURN the roles are exchanged and the session begins again with a greeting. Events
//   keep the direction of the stream that their octets stand in: the commands are those ToClient
//   then. Whose they are is said by their kind.
// - All that a client says behind AUTH is a secret (Observed::kSecret), whatever the mechanism.
// - A capture that begins in mid-session (Options::from_beginning = false): client octets are
//   passed over up to the first line that is a command.
//
// What each side is doing is a variant of states (observer_states.hpp); a visitor reads the next
// octets or the next line as the state says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/dialogue_observer.hpp"
#include "protocols/base/observed_queue.hpp"
#include "protocols/base/observed_stream.hpp"
#include "protocols/smtp/observer_states.hpp"
#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/session.hpp"

namespace mailscope::smtp {

class Observer final : public DialogueObserver {
 public:
  struct Options {
    bool from_beginning = true;  // the opening of the connection was seen
  };
  static constexpr std::size_t kLineOctetsMax = 4096;  // held of a command or reply line
  static constexpr std::size_t kReplyOctetsMax = 65536;
  static constexpr std::size_t kHeldOctetsMax = 65536;

  Observer() : Observer(Options{}) {}
  explicit Observer(Options options);

  void receive(Direction direction, std::string_view octets) override;
  void gap(Direction direction, std::uint64_t octets) override;
  void receive_eof(Direction direction) override;

  std::optional<Observed> next_event() override { return events_.next(); }

  const Session& session() const { return session_; }

 private:
  using Lines = reading::Lines;
  using Undecided = reading::Undecided;
  using Content = reading::Content;
  using Chunk = reading::Chunk;
  using Seeking = reading::Seeking;
  using Tls = reading::Tls;
  using Between = reading::Between;
  using PartOfReply = reading::PartOfReply;

  // observer.cpp: the way in and out
  Direction server() const { return other(from_client_); }
  ObservedStream& stream(Direction direction) {
    return streams_[static_cast<std::size_t>(direction)];
  }
  LineSplitter& lines_of(Direction direction) { return stream(direction).lines; }
  template <typename State>
  bool client_is() const {
    return std::holds_alternative<State>(client_);
  }
  bool server_is_tls() const { return std::holds_alternative<Tls>(server_); }
  void read_client(std::string_view octets);
  void read_server(std::string_view octets);
  void turn();
  void gap_in_client(std::uint64_t octets);
  std::uint64_t gap_in_chunk(Chunk& chunk, std::uint64_t octets);
  void gap_in_server(std::uint64_t octets);
  void end_of_client();
  void finish_client();
  void end_of_server();
  void begin_tls();
  ObservedHead head(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end) const;
  // The reference is good until the next add().
  ObservedHead& add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end);
  void set_text(std::string_view text) { events_.set_text(text); }  // of the event added last
  void violate(Direction direction, std::uint64_t begin, std::uint64_t end, const Breach& breach);
  void report_line(const Line& line, Direction direction, std::size_t line_octets_max);

  // Takes a line, a piece of content, or what there is of it, off the front, as the client's state
  // says.
  void read_some(std::string_view& octets);
  // observer_client.cpp: commands
  void read(Lines& lines, std::string_view& octets);
  void read(Seeking& seeking, std::string_view& octets);
  void read(Tls&, std::string_view& octets);
  void read_line(std::string_view& octets, bool tls_may_begin);
  void take_client_line(const Line& line, std::uint8_t flags);
  bool find_command(Seeking& seeking, const Line& line);
  bool log_in_goes_on(Verb verb) const;
  void take_continuation(const Line& line, std::uint8_t flags);
  void report_charset(const Line& line, Verb verb);
  void report_early_talk(const Line& line);
  void note_command(const Line& line);
  void take_command(const Line& line, Verb verb, std::uint8_t flags);
  // observer_content.cpp: content, and what may be content
  void read(Undecided& undecided, std::string_view& octets);
  void read(Content& content, std::string_view& octets);
  void read(Chunk& chunk, std::string_view& octets);
  enum class BehindData : std::uint8_t { Unknown, Commands, Content };
  BehindData behind_data(BehindData where_unsaid) const;
  void decide(BehindData behind);
  void decide_by_looks(BehindData where_unsaid) { decide(behind_data(where_unsaid)); }
  void read_waiting(Undecided undecided);
  void drop_waiting();
  void begin_content();
  void begin_chunk(std::uint64_t octets, bool last);
  void open_message();
  void end_message(std::uint8_t flags);
  void report_content(const ContentFaults& faults);
  void report_waiting(bool granted);
  void report_behind_data(bool granted, std::uint64_t begin, std::uint64_t end);

  // observer_server.cpp: replies, and what they do to the reading of the client
  void take_server_line(const Line& line, std::uint8_t flags);
  void take(Between&, const ReplyLine& parsed, const Line& line, std::uint8_t flags);
  void take(PartOfReply& part, const ReplyLine& parsed, const Line& line, std::uint8_t flags);
  void take(Tls&, const ReplyLine&, const Line&, std::uint8_t) {}  // its octets are no lines
  void end_reply(std::uint64_t end, std::uint8_t flags);
  void take_reply(const PartOfReply& reply, std::string_view text, std::uint64_t end);
  Verb match_reply(std::uint16_t code);
  void grant_unseen(std::uint16_t code);
  void follow_reply(Verb answered, std::uint16_t code);
  void follow_data_reply(std::uint16_t code);
  void follow_bdat_reply(std::uint16_t code);

  // What was seen in this session, from its greeting on.
  struct Seen {
    std::uint64_t server_begin = 0;  // where the server's stream begins in it
    bool early_talk_told = false;
    bool smtputf8 = false;  // said in the MAIL of this transaction
    bool pipelining = false;
    bool server_gap = false;  // since the last command
  };

  Session session_;
  Direction from_client_ = Direction::ToServer;  // the stream in which the commands are
  ObservedStream streams_[2] = {ObservedStream(kLineOctetsMax), ObservedStream(kLineOctetsMax)};
  reading::Client client_;
  reading::Server server_;
  std::optional<reading::OpenMessage> message_;
  bool joined_ = false;
  Seen seen_;
  ObservedQueue events_;
};

}  // namespace mailscope::smtp
