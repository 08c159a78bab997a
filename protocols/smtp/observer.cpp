// The observer's way in and out: its two streams, gaps and ends, TLS, events.

#include "protocols/smtp/observer.hpp"

namespace mailscope::smtp {

Observer::Observer(Options options) {
  if (options.from_beginning) return;
  session_ = Session::joined();
  joined_ = true;
  client_ = Seeking{};
}

void Observer::receive(Direction direction, std::string_view octets) {
  events_.begin(octets);
  if (direction == from_client_)
    read_client(octets);
  else
    read_server(octets);
}

void Observer::gap(Direction direction, std::uint64_t octets) {
  events_.begin();
  if (direction == from_client_)
    gap_in_client(octets);
  else
    gap_in_server(octets);
}

void Observer::receive_eof(Direction direction) {
  events_.begin();
  if (stream(direction).ended) return;
  if (direction == from_client_)
    end_of_client();
  else
    end_of_server();
  stream(direction).ended = true;
  if (streams_[0].ended && streams_[1].ended) session_.happen(Happening::ConnectionEnded);
}

// ---- the two streams ----

void Observer::read_client(std::string_view octets) {
  while (!octets.empty()) read_some(octets);
}

void Observer::read_some(std::string_view& octets) {
  std::visit([&](auto& reading) { read(reading, octets); }, client_);
}

void Observer::read_server(std::string_view octets) {
  LineSplitter& lines = lines_of(server());
  while (!octets.empty()) {
    if (server_is_tls()) return lines.skip(octets.size());
    if (const std::optional<Line> line = lines.next(octets)) take_server_line(*line, 0);
    if (&lines != &lines_of(server())) return read_client(octets);  // TURN was granted
  }
}

// The roles are exchanged, and the session is as if the connection had just been opened (RFC 821
// §4.1.1).
void Observer::turn() {
  if (message_) end_message(Observed::kIncomplete);
  drop_waiting();
  from_client_ = other(from_client_);
  session_ = Session();
  client_ = Lines{};
  seen_ = {.server_begin = lines_of(server()).offset()};
}

void Observer::gap_in_client(std::uint64_t octets) {
  LineSplitter& lines = lines_of(from_client_);
  while (client_is<Undecided>()) decide_by_looks(BehindData::Content);
  if (client_is<Tls>()) return lines.skip(octets);
  if (auto* content = std::get_if<Content>(&client_)) {
    content->decoder.gap(octets);
    message_->gap = true;
    return lines.skip(octets);
  }
  if (auto* chunk = std::get_if<Chunk>(&client_)) {
    octets = gap_in_chunk(*chunk, octets);
    if (octets == 0) return;
  }
  if (const std::optional<Line> line = lines.gap(octets))
    take_client_line(*line, Observed::kIncomplete);
  session_.happen(Happening::TrackLost);
}

// Returns how many of the octets lie behind the chunk.
std::uint64_t Observer::gap_in_chunk(Chunk& chunk, std::uint64_t octets) {
  message_->gap = true;
  const std::uint64_t within = octets < chunk.left ? octets : chunk.left;
  lines_of(from_client_).skip(within);
  chunk.left -= within;
  std::string_view nothing;
  if (chunk.left == 0) read(chunk, nothing);
  return octets - within;
}

void Observer::gap_in_server(std::uint64_t octets) {
  LineSplitter& lines = lines_of(server());
  if (server_is_tls()) return lines.skip(octets);
  if (const std::optional<Line> line = lines.gap(octets))
    take_server_line(*line, Observed::kIncomplete);
  // The rest of the reply lies in the gap, as far as one can tell.
  end_reply(lines.offset() - octets, Observed::kIncomplete);
  seen_.server_gap = true;
  // It may have swallowed the reply that is waited for.
  decide_by_looks(BehindData::Unknown);
}

void Observer::end_of_client() {
  if (client_is<Undecided>() && !stream(server()).ended) return;  // a reply may come
  while (client_is<Undecided>()) decide_by_looks(BehindData::Commands);
  finish_client();
}

void Observer::finish_client() {
  if (client_is<Lines>())
    if (const std::optional<Line> line = lines_of(from_client_).finish())
      take_client_line(*line, Observed::kIncomplete);
  if (!message_) return;
  end_message(Observed::kIncomplete);
  client_ = Lines{};
}

void Observer::end_of_server() {
  LineSplitter& lines = lines_of(server());
  if (server_is_tls()) return;
  if (const std::optional<Line> line = lines.finish())
    take_server_line(*line, Observed::kIncomplete);
  end_reply(lines.offset(), Observed::kIncomplete);
  decide_by_looks(BehindData::Unknown);
  while (client_is<Undecided>() && stream(from_client_).ended)
    decide_by_looks(BehindData::Commands);
}

// From here on both directions are TLS.
void Observer::begin_tls() {
  drop_waiting();
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    LineSplitter& lines = lines_of(direction);
    if (const std::optional<Line> line = lines.finish())
      violate(
          direction, line->begin, line->end,
          {2, "smtp.before-tls", "Octets in the clear stand between STARTTLS and the TLS handshake",
           "RFC 3207 §4.2"});
    add(Observed::Kind::TlsBegin, direction, lines.offset(), lines.offset());
  }
  client_ = Tls{};
  server_ = Tls{};
}

// ---- events ----

ObservedHead Observer::head(Observed::Kind kind, Direction direction, std::uint64_t begin,
                            std::uint64_t end) const {
  ObservedHead event;
  event.kind = kind;
  event.direction = direction;
  event.begin = begin;
  event.end = end;
  event.state = static_cast<std::uint8_t>(session_.state());
  event.phase = session_.phase();
  return event;
}

ObservedHead& Observer::add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                            std::uint64_t end) {
  return events_.add(head(kind, direction, begin, end));
}

void Observer::violate(Direction direction, std::uint64_t begin, std::uint64_t end,
                       const Breach& breach) {
  events_.violate(head(Observed::Kind::Violation, direction, begin, end), breach);
}

// What is wrong with the octets of a line.
void Observer::report_line(const Line& line, Direction direction, std::size_t line_octets_max) {
  const auto tell = [&](const Breach& breach) { violate(direction, line.begin, line.end, breach); };
  if (line.has(Line::kBareLf))
    tell({2, "smtp.bare-lf", "An LF without a CR stands where a line should end in CRLF",
          "RFC 5321 §2.3.8"});
  if (line.has(Line::kBareCr))
    tell({2, "smtp.bare-cr", "A CR without an LF stands in the line", "RFC 5321 §2.3.8"});
  if (line.has(Line::kNul)) tell({1, "smtp.nul", "A NUL stands in the line", "RFC 5321 §4.1.2"});
  if (line.end - line.begin <= line_octets_max) return;
  const bool command = direction == from_client_;
  tell({1, "smtp.line-too-long",
        command ? "The command line is longer than 512 octets"
                : "The reply line is longer than 512 octets",
        command ? "RFC 5321 §4.5.3.1.4" : "RFC 5321 §4.5.3.1.5"});
}

}  // namespace mailscope::smtp
