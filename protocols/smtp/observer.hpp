// A passive observer of an SMTP dialogue: the octets of both directions in, one flat event for each
// command, reply, piece of content and violation out (protocols/base/observed.hpp). RFC 5321,
// RFC 3030 (BDAT), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
//
// Feed what was captured with receive(), gap() and receive_eof(), each direction in stream order,
// and take all events with next_event() before the next call: their text is valid until then.
// Content is handed through without copying. Memory: one unfinished line a direction, one
// unfinished reply of at most kReplyOctetsMax, at most kHeldOctetsMax of undecided content.
//
// It never gives up. What is decided, and how:
// - Replies answer commands in order; a command that waits is known by its verb (session.hpp).
// - Content begins behind the DATA line once 354 was seen. Where client octets come first (the 354
//   was not captured, or stands later in the capture), they are content unless they are a command
//   line; a 4yz or 5yz that comes after all ends that content.
// - After a gap in a line stream reading resumes at the next line; after a gap in content the
//   content goes on. If the end of the content lies in the gap, the server's next reply ends it.
// - A capture that begins in mid-session (Options::from_beginning = false): client octets are
// passed
//   over up to the first line that is a command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/dot_stuffing.hpp"
#include "protocols/base/line_splitter.hpp"
#include "protocols/base/observed.hpp"
#include "protocols/smtp/session.hpp"

namespace mailscope::smtp {

class Observer {
 public:
  struct Options {
    bool from_beginning = true;  // the opening of the connection was seen
  };
  static constexpr std::size_t kLineOctetsMax = 4096;  // held of a command or reply line
  static constexpr std::size_t kReplyOctetsMax = 65536;
  static constexpr std::size_t kHeldOctetsMax = 64;

  Observer() : Observer(Options{}) {}
  explicit Observer(Options options);

  void receive(Direction direction, std::string_view octets);
  void gap(Direction direction, std::uint64_t octets);
  void receive_eof(Direction direction);

  std::optional<Observed> next_event();

  const Session& session() const { return session_; }

 private:
  enum class Reading : std::uint8_t {
    Lines,      // commands
    Undecided,  // behind DATA, and no reply to it yet
    Content,    // behind DATA, up to the dot line
    Chunk,      // behind BDAT, by count
    Seeking,    // joined in the middle: up to the first command line
    Tls,
  };
  struct Queued {
    Observed event;
    std::size_t kept_at = 0;  // offset in kept_ when `keeps`
    bool keeps = false;
  };

  void read_client(std::string_view octets);
  void read_server(std::string_view octets);
  void take_client_line(const Line& line);
  void take_command(const Line& line);
  void take_bdat(const Line& line, std::uint8_t flags);
  void take_server_line(const Line& line);
  void take_reply(std::uint8_t flags);
  void after_reply(Verb answered, std::uint16_t code, std::uint64_t begin);
  void take_undecided(std::string_view& octets);
  void decide_content(std::string_view& octets);
  void take_content(std::string_view& octets);
  void take_chunk(std::string_view& octets);
  void begin_content();
  void end_content(std::uint8_t flags);
  void report_content_faults();
  void report_line_faults(const Line& line, Direction direction, std::size_t line_octets_max);
  void begin_tls(std::uint64_t client_at, std::uint64_t server_at);

  Observed& add(Observed::Kind kind, Direction direction, std::uint64_t begin, std::uint64_t end);
  void add_text(Observed::Kind kind, Direction direction, std::uint64_t begin, std::uint64_t end,
                std::string_view text);
  void violate(Direction direction, std::uint64_t begin, std::uint64_t end, std::uint8_t severity,
               std::string_view code, std::string_view text, std::string_view rfc);

  Session session_;
  Reading reading_ = Reading::Lines;
  bool server_tls_ = false;
  LineSplitter client_lines_{kLineOctetsMax};
  LineSplitter server_lines_{kLineOctetsMax};
  DotDecoder decoder_;

  std::uint64_t content_begin_ = 0;  // stream offset
  std::uint64_t client_offset_ = 0;  // stream offset behind what was read
  std::uint64_t server_offset_ = 0;
  std::uint64_t chunk_left_ = 0;
  bool chunk_last_ = false;
  bool in_bdat_message_ = false;  // ContentBegin was given, ContentEnd not
  bool in_content_ = false;
  bool content_gap_ = false;
  bool data_granted_ = false;  // 354 was seen
  bool early_talk_told_ = false;
  bool lines_told_ = false;
  std::string undecided_;

  std::string reply_;  // of the reply that is being put together
  std::uint16_t reply_code_ = 0;
  std::uint64_t reply_begin_ = 0;
  bool in_reply_ = false;
  bool reply_cut_ = false;

  std::vector<Queued> events_;
  std::size_t next_ = 0;
  std::string kept_;  // text of events that is in no chunk
};

}  // namespace mailscope::smtp
