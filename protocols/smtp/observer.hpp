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
// passed
//   over up to the first line that is a command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/dialogue_observer.hpp"
#include "protocols/base/dot_stuffing.hpp"
#include "protocols/base/line_splitter.hpp"
#include "protocols/base/observed_queue.hpp"
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
  enum class Reading : std::uint8_t {
    Lines,      // commands, and the client's part of a log-in
    Undecided,  // behind DATA, and no reply to it yet: client octets wait
    Content,    // behind DATA, up to the dot line
    Chunk,      // behind BDAT, by count
    Seeking,    // joined in the middle: up to the first command line
    Tls,
  };
  // observer.cpp: the way in and out
  // What octets behind DATA are, by their beginning.
  enum class Looks : std::uint8_t { Command, Text, NotYet };
  static Looks looks_like(std::string_view front);

  void read_client(std::string_view octets);
  void read_some(std::string_view& octets);
  void read_server(std::string_view octets);
  void turn();
  LineSplitter& lines_of(Direction direction) {
    return lines_[static_cast<std::size_t>(direction)];
  }
  Direction server() const { return other(client_); }
  void gap_in_client(std::uint64_t octets);
  void gap_in_server(std::uint64_t octets);
  void end_of_client();
  void finish_client();
  void end_of_server();
  void begin_tls();
  bool both_ended() const { return ended_[0] && ended_[1]; }

  // The reference is good until the next add().
  ObservedHead& add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end);
  void set_text(std::string_view text) { events_.set_text(text); }  // of the event added last
  void violate(Direction direction, std::uint64_t begin, std::uint64_t end, std::uint8_t severity,
               std::string_view code, std::string_view text, std::string_view rfc);
  void report_line(const Line& line, Direction direction, std::size_t line_octets_max);

  // observer_client.cpp: commands and content
  void take_client_line(const Line& line, std::uint8_t flags);
  bool seek(const Line& line);
  bool log_in_goes_on(Verb verb) const;
  void take_continuation(const Line& line, std::uint8_t flags);
  void report_charset(const Line& line, Verb verb);
  void take_command(const Line& line, Verb verb, std::uint8_t flags);
  void begin_chunk(const Line& line, std::uint64_t octets, bool last);
  std::string_view waiting() const { return std::string_view(waiting_).substr(waiting_at_); }
  void wait(std::string_view& octets);
  void decide(Reading reading);
  void decide_by_looks(Reading where_unsaid);
  void read_waiting();
  void drop_waiting();
  void take_content(std::string_view& octets);
  void take_chunk(std::string_view& octets);
  void begin_content(Reading reading);
  void end_content(std::uint8_t flags);
  void report_content();

  // observer_server.cpp: replies
  void take_server_line(const Line& line, std::uint8_t flags);
  void take_reply(std::string_view text, std::uint64_t end, std::uint8_t flags);
  Verb match_reply(std::uint16_t code);
  void follow_reply(Verb answered, std::uint16_t code);
  void follow_data_reply(std::uint16_t code);
  void report_waiting(bool granted);
  void report_behind_data(bool granted, std::uint64_t begin, std::uint64_t end);

  Session session_;
  Direction client_ = Direction::ToServer;  // the stream in which the commands are
  bool joined_ = false;
  bool passed_over_ =
      false;  // Seeking: client octets since the server's last reply were no command
  Reading reading_ = Reading::Lines;
  LineSplitter lines_[2] = {LineSplitter(kLineOctetsMax, LineSplitter::BareLf::EndsLine),
                            LineSplitter(kLineOctetsMax, LineSplitter::BareLf::EndsLine)};
  bool ended_[2] = {false, false};
  bool server_tls_ = false;

  // Content
  DotDecoder decoder_;
  bool in_content_ = false;          // ContentBegin was given, ContentEnd not
  std::uint64_t content_begin_ = 0;  // stream offset
  bool content_gap_ = false;
  std::uint16_t early_verdict_ = 0;  // a reply that came before the content's end was seen
  std::uint64_t chunk_left_ = 0;
  bool chunk_last_ = false;
  std::string waiting_;  // Undecided: octets behind DATA, from waiting_at_ on
  std::size_t waiting_at_ = 0;

  // Commands
  bool log_in_ = false;    // the last command was AUTH, and no final reply came
  bool starttls_ = false;  // the last command was STARTTLS, and it was not refused
  bool early_talk_told_ = false;
  std::uint64_t server_begin_ = 0;  // where the server's stream begins in this session
  bool smtputf8_ = false;           // said in the MAIL of this transaction
  bool pipelining_seen_ = false;
  bool server_gap_ = false;  // since the last command

  // The reply that is being put together
  bool in_reply_ = false;
  std::uint16_t reply_code_ = 0;
  std::uint64_t reply_begin_ = 0;
  std::uint8_t reply_flags_ = 0;
  std::string reply_;

  ObservedQueue events_;
};

}  // namespace mailscope::smtp
