#include "protocols/smtp/observer.hpp"

#include "protocols/smtp/command.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::size_t index_of(Direction direction) {
  return static_cast<std::size_t>(direction);
}

// The first octet of a TLS handshake record (RFC 8446 §5.1); no command or reply begins with it.
constexpr char kTlsHandshake = 0x16;

}  // namespace

Observer::Observer(Options options) {
  if (options.from_beginning) return;
  session_ = Session::joined();
  joined_ = true;
  reading_ = Reading::Seeking;
}

void Observer::receive(Direction direction, std::string_view octets) {
  events_.begin(octets);
  if (direction == client_)
    read_client(octets);
  else
    read_server(octets);
}

void Observer::gap(Direction direction, std::uint64_t octets) {
  events_.begin();
  if (direction == client_)
    gap_in_client(octets);
  else
    gap_in_server(octets);
}

void Observer::receive_eof(Direction direction) {
  events_.begin();
  if (ended_[index_of(direction)]) return;
  if (direction == client_)
    end_of_client();
  else
    end_of_server();
  ended_[index_of(direction)] = true;
  if (both_ended()) session_.happen(Happening::ConnectionEnded);
}

// ---- the two streams ----

void Observer::read_client(std::string_view octets) {
  while (!octets.empty()) {
    if (reading_ == Reading::Undecided)
      wait(octets);
    else
      read_some(octets);
  }
}

// A line, a piece of content, or what there is of it, off the front.
void Observer::read_some(std::string_view& octets) {
  LineSplitter& lines = lines_of(client_);
  switch (reading_) {
    case Reading::Lines:
    case Reading::Seeking:
      // Elsewhere it is an octet like another, in a line that is no command.
      if (!lines.in_line() && octets.front() == kTlsHandshake &&
          (starttls_ || reading_ == Reading::Seeking)) {
        begin_tls();
      } else if (const std::optional<Line> line = lines.next(octets)) {
        take_client_line(*line, 0);
      }
      break;
    case Reading::Content:
      take_content(octets);
      break;
    case Reading::Chunk:
      take_chunk(octets);
      break;
    case Reading::Tls:
      lines.skip(octets.size());
      octets = {};
      break;
    case Reading::Undecided:
      break;  // octets wait: see wait()
  }
}

void Observer::read_server(std::string_view octets) {
  LineSplitter& lines = lines_of(server());
  while (!octets.empty()) {
    if (server_tls_) return lines.skip(octets.size());
    if (const std::optional<Line> line = lines.next(octets)) take_server_line(*line, 0);
    if (&lines != &lines_of(server())) return read_client(octets);  // TURN was granted
  }
}

// The roles are exchanged, and the session is as if the connection had just been opened (RFC 821
// §4.1.1).
void Observer::turn() {
  if (in_content_) end_content(Observed::kIncomplete);
  drop_waiting();
  client_ = other(client_);
  session_ = Session();
  reading_ = Reading::Lines;
  log_in_ = starttls_ = early_talk_told_ = pipelining_seen_ = server_gap_ = smtputf8_ = false;
  server_begin_ = lines_of(server()).offset();
}

void Observer::gap_in_client(std::uint64_t octets) {
  LineSplitter& lines = lines_of(client_);
  while (reading_ == Reading::Undecided) decide_by_looks(Reading::Content);
  if (reading_ == Reading::Content) {
    decoder_.gap(octets);
    content_gap_ = true;
    return lines.skip(octets);
  }
  if (reading_ == Reading::Chunk) {
    content_gap_ = true;
    const std::uint64_t within = octets < chunk_left_ ? octets : chunk_left_;
    lines.skip(within);
    chunk_left_ -= within;
    octets -= within;
    std::string_view nothing;
    if (chunk_left_ == 0) take_chunk(nothing);
    if (octets == 0) return;
  }
  if (reading_ == Reading::Tls) return lines.skip(octets);
  if (const std::optional<Line> line = lines.gap(octets))
    take_client_line(*line, Observed::kIncomplete);
  session_.happen(Happening::TrackLost);
}

void Observer::gap_in_server(std::uint64_t octets) {
  LineSplitter& lines = lines_of(server());
  if (server_tls_) return lines.skip(octets);
  if (const std::optional<Line> line = lines.gap(octets))
    take_server_line(*line, Observed::kIncomplete);
  // The rest of the reply lies in the gap, as far as one can tell.
  if (in_reply_) take_reply({}, lines.offset() - octets, Observed::kIncomplete);
  server_gap_ = true;
  // It may have swallowed the reply that is waited for.
  if (reading_ == Reading::Undecided) decide_by_looks(Reading::Undecided);
}

void Observer::end_of_client() {
  if (reading_ == Reading::Undecided && !ended_[index_of(server())]) return;  // a reply may come
  while (reading_ == Reading::Undecided) decide_by_looks(Reading::Lines);
  finish_client();
}

void Observer::finish_client() {
  if (reading_ == Reading::Lines)
    if (const std::optional<Line> line = lines_of(client_).finish())
      take_client_line(*line, Observed::kIncomplete);
  if (in_content_) end_content(Observed::kIncomplete);
}

void Observer::end_of_server() {
  LineSplitter& lines = lines_of(server());
  if (server_tls_) return;
  if (const std::optional<Line> line = lines.finish())
    take_server_line(*line, Observed::kIncomplete);
  if (in_reply_) take_reply({}, lines.offset(), Observed::kIncomplete);
  if (reading_ == Reading::Undecided) decide_by_looks(Reading::Undecided);
  while (reading_ == Reading::Undecided && ended_[index_of(client_)])
    decide_by_looks(Reading::Lines);
}

// From here on both directions are TLS.
void Observer::begin_tls() {
  drop_waiting();
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    LineSplitter& lines = lines_of(direction);
    if (const std::optional<Line> line = lines.finish())
      violate(direction, line->begin, line->end, 2, "smtp.before-tls",
              "Octets in the clear stand between STARTTLS and the TLS handshake", "RFC 3207 §4.2");
    add(Observed::Kind::TlsBegin, direction, lines.offset(), lines.offset());
  }
  reading_ = Reading::Tls;
  server_tls_ = true;
}

// ---- events ----

ObservedHead& Observer::add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                            std::uint64_t end) {
  ObservedHead& event = events_.add({});
  event.kind = kind;
  event.direction = direction;
  event.begin = begin;
  event.end = end;
  event.state = static_cast<std::uint8_t>(session_.state());
  event.phase = session_.phase();
  return event;
}

void Observer::violate(Direction direction, std::uint64_t begin, std::uint64_t end,
                       std::uint8_t severity, std::string_view code, std::string_view text,
                       std::string_view rfc) {
  ObservedHead& event = add(Observed::Kind::Violation, direction, begin, end);
  event.severity = severity;
  event.code = code;
  event.rfc = rfc;
  set_text(text);
}

// What is wrong with the octets of a line.
void Observer::report_line(const Line& line, Direction direction, std::size_t line_octets_max) {
  const auto tell = [&](std::uint8_t severity, std::string_view code, std::string_view text,
                        std::string_view rfc) {
    violate(direction, line.begin, line.end, severity, code, text, rfc);
  };
  if (line.has(Line::kBareLf))
    tell(2, "smtp.bare-lf", "An LF without a CR stands where a line should end in CRLF",
         "RFC 5321 §2.3.8");
  if (line.has(Line::kBareCr))
    tell(2, "smtp.bare-cr", "A CR without an LF stands in the line", "RFC 5321 §2.3.8");
  if (line.has(Line::kNul)) tell(1, "smtp.nul", "A NUL stands in the line", "RFC 5321 §4.1.2");
  if (line.end - line.begin > line_octets_max) {
    const bool command = direction == client_;
    tell(1, "smtp.line-too-long",
         command ? "The command line is longer than 512 octets"
                 : "The reply line is longer than 512 octets",
         command ? "RFC 5321 §4.5.3.1.4" : "RFC 5321 §4.5.3.1.5");
  }
}

}  // namespace mailscope::smtp
