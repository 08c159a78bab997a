// The observer's reading of the client: commands and its part of a log-in.

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/limits.hpp"
#include "protocols/smtp/observer.hpp"
#include "protocols/smtp/observer_looks.hpp"

namespace mailscope::smtp {
namespace {

// What extensions may add to MAIL and RCPT: RFC 1870, RFC 6152, RFC 3461 §4, RFC 4954 §3 and
// others. Beyond it a line is too long whatever was negotiated.
constexpr std::size_t kPathCommandOctetsMax = 2048;

// Whether more than the mechanism's name follows AUTH.
bool carries_secret(std::string_view line) {
  const std::string_view rest = trim(line.substr(4));
  return rest.find(' ') != std::string_view::npos;
}

// Whether a command by itself ends a transaction, and a message whose last chunk never came. MAIL
// and DATA do only when they are granted: see follow_reply().
bool ends_transaction(Verb verb) {
  return verb == Verb::Rset || verb == Verb::Quit || verb == Verb::Ehlo || verb == Verb::Helo ||
         verb == Verb::Lhlo || verb == Verb::Starttls || verb == Verb::Turn;
}

// Whether one of the words of a command is the parameter SMTPUTF8.
bool says_smtputf8(std::string_view line) {
  while (!line.empty()) {
    const std::size_t space = line.find(' ');
    if (equal_no_case(line.substr(0, space), "SMTPUTF8")) return true;
    if (space == line.npos) return false;
    line.remove_prefix(space + 1);
  }
  return false;
}

std::size_t octets_max_of(Verb verb) {
  if (verb == Verb::Mail || verb == Verb::Rcpt) return kPathCommandOctetsMax;
  return verb == Verb::Auth ? kLogInOctetsMax : kCommandOctetsMax;
}

// A BDAT line that can be read. With a count that cannot be it is a syntax error, and no chunk
// follows.
std::optional<Command> chunk_announced(std::string_view line) {
  constexpr std::uint64_t kChunkOctetsMax = std::uint64_t{1} << 62;
  const auto command = parse_command(line);
  if (!command || command->chunk_octets > kChunkOctetsMax) return std::nullopt;
  return *command;
}

reading::Lines::Begun begun_by(Verb verb) {
  return verb == Verb::Auth       ? reading::Lines::Begun::LogIn
         : verb == Verb::Starttls ? reading::Lines::Begun::Tls
                                  : reading::Lines::Begun::Nothing;
}

}  // namespace

// ---- lines ----

void Observer::read(Lines& lines, std::string_view& octets) {
  read_line(octets, lines.begun == Lines::Begun::Tls);
}

void Observer::read(Seeking&, std::string_view& octets) {
  read_line(octets, true);
}

void Observer::read(Tls&, std::string_view& octets) {
  lines_of(from_client_).skip(octets.size());
  octets = {};
}

void Observer::read_line(std::string_view& octets, bool tls_may_begin) {
  if (tls_may_begin && stream(from_client_).at_tls_handshake(octets)) return begin_tls();
  if (const std::optional<Line> line = lines_of(from_client_).next(octets))
    take_client_line(*line, 0);
}

void Observer::take_client_line(const Line& line, std::uint8_t flags) {
  if (auto* seeking = std::get_if<Seeking>(&client_))
    if (!find_command(*seeking, line)) return;
  const Verb verb = verb_of(line.text);
  // Behind a gap, or broken off before its verb was whole: the rest of something that is not known.
  const bool cut = line.has(Line::kHeadMissing) || (flags & Observed::kIncomplete) != 0;
  if (cut && verb == Verb::Unknown && !log_in_goes_on(verb)) return;
  if (log_in_goes_on(verb)) return take_continuation(line, flags);
  report_line(line, from_client_, octets_max_of(verb));
  report_charset(line, verb);
  take_command(line, verb, flags);
}

// RFC 6531 §3.4: UTF-8 stands in a transaction whose MAIL says SMTPUTF8, or in a VRFY or EXPN that
// does.
void Observer::report_charset(const Line& line, Verb verb) {
  const bool says = says_smtputf8(line.text);
  if (verb == Verb::Mail) seen_.smtputf8 = says;
  const bool may = verb == Verb::Vrfy || verb == Verb::Expn ? says : seen_.smtputf8;
  if (may || verb == Verb::Unknown) return;
  for (const char c : line.text)
    if (static_cast<unsigned char>(c) >= 128)
      return violate(
          from_client_, line.begin, line.end,
          {1, "smtp.not-ascii",
           "A command has octets outside ASCII, and SMTPUTF8 was not asked for", "RFC 6531 §3.4"});
}

// Joined in the middle: is this where the dialogue can be followed? What is passed over was the
// rest of a line, or of a message; if it was a message, its dot line says so.
bool Observer::find_command(Seeking& seeking, const Line& line) {
  if (line.text == ".") {
    session_.command(Verb::EndOfData);
    violate(from_client_, 0, line.end,
            {0,
             "smtp.joined",
             "The capture begins within a message; the rest of it was passed over",
             {}});
    client_ = Lines{};
    return false;
  }
  if (seeking.passed_over || !is_surely_command(line.text)) {
    seeking.passed_over = true;
    return false;
  }
  client_ = Lines{};
  return true;
}

// Is this line the client's part of a log-in? Where the server's 334 was not seen, a verb decides.
bool Observer::log_in_goes_on(Verb verb) const {
  if (session_.state() == State::Auth && session_.outstanding() == 0) return true;
  const auto* lines = std::get_if<Lines>(&client_);
  return lines && lines->begun == Lines::Begun::LogIn && verb == Verb::Unknown;
}

void Observer::take_continuation(const Line& line, std::uint8_t flags) {
  report_line(line, from_client_, kLogInOctetsMax);
  session_.command(Verb::Auth);
  ObservedHead& event = add(Observed::Kind::Continuation, from_client_, line.begin, line.end);
  event.phase = Phase::SetUp;
  event.word = static_cast<std::uint16_t>(Verb::Auth);
  event.flags = flags | Observed::kSecret;
  set_text(line.text);
}

void Observer::report_early_talk(const Line& line) {
  if (!seen_.early_talk_told && lines_of(server()).offset() == seen_.server_begin)
    violate(from_client_, line.begin, line.end,
            {1, "smtp.early-talker", "The client speaks before the server has greeted",
             "RFC 5321 §4.3.1"});
  seen_.early_talk_told = true;
}

// What a command shows of the replies before it.
void Observer::note_command(const Line& line) {
  if (seen_.server_gap && !seen_.pipelining) {
    // A client that waits for replies has had them: they were not captured.
    session_.forget_outstanding();
    session_.happen(Happening::TrackLost);
  } else if (session_.next_answered() == Verb::Connect) {
    report_early_talk(line);
  } else if (session_.outstanding() != 0) {
    seen_.pipelining = true;
  }
  seen_.server_gap = false;
}

void Observer::take_command(const Line& line, Verb verb, std::uint8_t flags) {
  note_command(line);
  const std::optional<Command> bdat =
      verb == Verb::Bdat ? chunk_announced(line.text) : std::nullopt;
  const bool in_place = session_.command(bdat && bdat->last ? Verb::BdatLast : verb);
  if (message_ && ends_transaction(verb)) end_message(Observed::kIncomplete);

  ObservedHead& event = add(Observed::Kind::Command, from_client_, line.begin, line.end);
  event.phase = phase_of(verb, session_.state());
  event.word = static_cast<std::uint16_t>(verb);
  event.flags = flags;
  if (verb == Verb::Unknown)
    event.flags |= Observed::kUnknown;
  else if (!in_place)
    event.flags |= Observed::kOutOfPlace;
  if (verb == Verb::Auth && carries_secret(line.text)) event.flags |= Observed::kSecret;
  set_text(line.text);

  if (verb == Verb::Data)
    client_ = Undecided{};
  else if (bdat)
    begin_chunk(bdat->chunk_octets, bdat->last);
  else
    client_ = Lines{begun_by(verb)};
}

}  // namespace mailscope::smtp
