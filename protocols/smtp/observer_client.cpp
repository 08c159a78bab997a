// The observer's reading of the client: commands, log-in lines, message content.

#include <algorithm>
#include <array>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/observer.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::size_t kCommandOctetsMax = 512;
// What extensions may add to MAIL and RCPT: RFC 1870, 6152, 3461 §4, 4954 §3 and others. Beyond it
// a line is too long whatever was negotiated.
constexpr std::size_t kPathCommandOctetsMax = 2048;
constexpr std::size_t kLogInOctetsMax = 12288;  // RFC 4954 §4

// Beginnings of lines that are commands and hardly text: a header field has its colon elsewhere.
constexpr std::array<std::string_view, 12> kCommandBeginnings = {
    "MAIL FROM:", "RCPT TO:",     "RSET\r\n", "QUIT\r\n", "DATA\r\n", "NOOP\r\n",
    "EHLO ",      "STARTTLS\r\n", "HELO ",    "BDAT ",    "AUTH ",    "LHLO "};

// A whole line, without its CRLF.
bool is_surely_command(std::string_view line) {
  for (std::string_view beginning : kCommandBeginnings) {
    const bool whole = beginning.ends_with("\r\n");
    if (whole) beginning.remove_suffix(2);
    if (whole ? equal_no_case(trim(line), beginning) : starts_with_no_case(line, beginning))
      return true;
  }
  return false;
}

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

}  // namespace

// ---- lines ----

void Observer::take_client_line(const Line& line, std::uint8_t flags) {
  if (reading_ == Reading::Seeking && !seek(line)) return;
  const Verb verb = verb_of(line.text);
  // Behind a gap, or broken off before its verb was whole: the rest of something that is not known.
  const bool cut = line.has(Line::kHeadMissing) || (flags & Observed::kIncomplete) != 0;
  if (cut && verb == Verb::Unknown && !log_in_goes_on(verb)) return;
  if (log_in_goes_on(verb)) return take_continuation(line, flags);
  report_line(line, client_, octets_max_of(verb));
  report_charset(line, verb);
  take_command(line, verb, flags);
}

// RFC 6531 §3.4: UTF-8 stands in a transaction whose MAIL says SMTPUTF8, or in a VRFY or EXPN that
// does.
void Observer::report_charset(const Line& line, Verb verb) {
  const bool says = says_smtputf8(line.text);
  if (verb == Verb::Mail) smtputf8_ = says;
  const bool may = verb == Verb::Vrfy || verb == Verb::Expn ? says : smtputf8_;
  if (may || verb == Verb::Unknown) return;
  for (const char c : line.text)
    if (static_cast<unsigned char>(c) >= 128)
      return violate(client_, line.begin, line.end, 1, "smtp.not-ascii",
                     "A command has octets outside ASCII, and SMTPUTF8 was not asked for",
                     "RFC 6531 §3.4");
}

// Joined in the middle: is this where the dialogue can be followed? What is passed over was the
// rest of a line, or of a message; if it was a message, its dot line says so.
bool Observer::seek(const Line& line) {
  if (line.text == ".") {
    session_.command(Verb::EndOfData);
    violate(client_, 0, line.end, 0, "smtp.joined",
            "The capture begins within a message; the rest of it was passed over", {});
    reading_ = Reading::Lines;
    return false;
  }
  if (passed_over_ || !is_surely_command(line.text)) {
    passed_over_ = true;
    return false;
  }
  reading_ = Reading::Lines;
  return true;
}

// Is this line the client's part of a log-in? Where the server's 334 was not seen, a verb decides.
bool Observer::log_in_goes_on(Verb verb) const {
  if (session_.state() == State::Auth && session_.outstanding() == 0) return true;
  return log_in_ && verb == Verb::Unknown;
}

void Observer::take_continuation(const Line& line, std::uint8_t flags) {
  report_line(line, client_, kLogInOctetsMax);
  session_.command(Verb::Auth);
  ObservedHead& event = add(Observed::Kind::Continuation, client_, line.begin, line.end);
  event.phase = Phase::SetUp;
  event.word = static_cast<std::uint16_t>(Verb::Auth);
  event.flags = flags | Observed::kSecret;
  set_text(line.text);
}

void Observer::take_command(const Line& line, Verb verb, std::uint8_t flags) {
  if (server_gap_ && !pipelining_seen_) {
    // A client that waits for replies has had them: they were not captured.
    session_.forget_outstanding();
    session_.happen(Happening::TrackLost);
  } else if (session_.next_answered() == Verb::Connect) {
    if (!early_talk_told_ && lines_of(server()).offset() == server_begin_)
      violate(client_, line.begin, line.end, 1, "smtp.early-talker",
              "The client speaks before the server has greeted", "RFC 5321 §4.3.1");
    early_talk_told_ = true;
  } else if (session_.outstanding() != 0) {
    pipelining_seen_ = true;
  }
  server_gap_ = false;

  std::optional<Command> bdat;
  Verb session_verb = verb;
  if (verb == Verb::Bdat) {
    // A count that cannot be is a syntax error and no chunk follows.
    constexpr std::uint64_t kChunkOctetsMax = std::uint64_t{1} << 62;
    if (const auto command = parse_command(line.text)) bdat = *command;
    if (bdat && bdat->chunk_octets > kChunkOctetsMax) bdat.reset();
    if (bdat && bdat->last) session_verb = Verb::BdatLast;
  }
  const bool in_place = session_.command(session_verb);

  if (in_content_ && ends_transaction(verb)) end_content(Observed::kIncomplete);

  ObservedHead& event = add(Observed::Kind::Command, client_, line.begin, line.end);
  event.phase = phase_of(verb, session_.state());
  event.word = static_cast<std::uint16_t>(verb);
  event.flags = flags;
  if (verb == Verb::Unknown)
    event.flags |= Observed::kUnknown;
  else if (!in_place)
    event.flags |= Observed::kOutOfPlace;
  log_in_ = verb == Verb::Auth;
  starttls_ = verb == Verb::Starttls;
  if (log_in_ && carries_secret(line.text)) event.flags |= Observed::kSecret;
  set_text(line.text);

  if (verb == Verb::Data) reading_ = Reading::Undecided;
  if (bdat) begin_chunk(line, bdat->chunk_octets, bdat->last);
}

// ---- content behind DATA ----

Observer::Looks Observer::looks_like(std::string_view front) {
  Looks looks = Looks::Text;
  for (const std::string_view beginning : kCommandBeginnings) {
    if (starts_with_no_case(front, beginning)) return Looks::Command;
    if (starts_with_no_case(beginning, front)) looks = Looks::NotYet;
  }
  return looks;
}

// Client octets before the reply to DATA.
void Observer::wait(std::string_view& octets) {
  const std::size_t taken = std::min(octets.size(), kHeldOctetsMax - waiting().size());
  waiting_ += octets.substr(0, taken);
  octets.remove_prefix(taken);
  const bool reply_is_lost =
      server_gap_ || ended_[static_cast<std::size_t>(server())] || session_.outstanding() == 0;
  if (reply_is_lost || waiting().size() == kHeldOctetsMax) decide_by_looks(Reading::Undecided);
}

// The reply to DATA will not tell. `where_unsaid`: for what is too short to look like anything.
void Observer::decide_by_looks(Reading where_unsaid) {
  const Looks looks = looks_like(waiting());
  const Reading reading = looks == Looks::Command ? Reading::Lines
                          : looks == Looks::Text  ? Reading::Content
                                                  : where_unsaid;
  if (reading != Reading::Undecided) decide(reading);
}

// It is known now what stands behind DATA: what waited is read.
void Observer::decide(Reading reading) {
  if (reading == Reading::Content)
    begin_content(Reading::Content);
  else
    reading_ = reading;
  read_waiting();
  if (ended_[static_cast<std::size_t>(client_)] && reading_ != Reading::Undecided) finish_client();
}

// Up to the end, or to a further DATA.
void Observer::read_waiting() {
  while (reading_ != Reading::Undecided && !waiting().empty()) {
    std::string_view rest = waiting();
    read_some(rest);
    waiting_at_ = waiting_.size() - rest.size();
  }
  if (waiting_at_ < waiting_.size() / 2) return;
  waiting_.erase(0, waiting_at_);
  waiting_at_ = 0;
}

// What waits is not read at all.
void Observer::drop_waiting() {
  if (reading_ != Reading::Undecided) return;
  lines_of(client_).skip(waiting().size());
  waiting_.clear();
  waiting_at_ = 0;
}

void Observer::begin_content(Reading reading) {
  reading_ = reading;
  if (in_content_) return;  // a further chunk
  in_content_ = true;
  content_gap_ = false;
  early_verdict_ = 0;
  content_begin_ = lines_of(client_).offset();
  if (reading == Reading::Content) decoder_.reset();
  add(Observed::Kind::ContentBegin, client_, content_begin_, content_begin_).phase =
      Phase::Transfer;
}

void Observer::take_content(std::string_view& octets) {
  LineSplitter& lines = lines_of(client_);
  while (!octets.empty() && !decoder_.finished()) {
    const std::size_t before = octets.size();
    const std::uint64_t begin = lines.offset();
    const std::string_view piece = decoder_.next(octets);
    lines.skip(before - octets.size());
    if (piece.empty()) continue;
    add(Observed::Kind::Content, client_, begin, lines.offset()).phase = Phase::Transfer;
    set_text(piece);
  }
  if (!decoder_.finished()) return;
  report_content();
  session_.command(Verb::EndOfData);
  if (early_verdict_ != 0) session_.reply(early_verdict_);
  end_content(0);
}

void Observer::end_content(std::uint8_t flags) {
  in_content_ = false;
  if (content_gap_) flags |= Observed::kIncomplete;
  ObservedHead& event =
      add(Observed::Kind::ContentEnd, client_, content_begin_, lines_of(client_).offset());
  event.phase = Phase::Transfer;
  event.flags = flags;
  reading_ = Reading::Lines;
}

void Observer::report_content() {
  const ContentFaults& faults = decoder_.faults();
  const auto tell = [&](std::uint64_t count, std::uint64_t first, std::uint8_t severity,
                        std::string_view code, std::string_view text, std::string_view rfc) {
    if (count == 0) return;
    const std::uint64_t at = content_begin_ + first;
    violate(client_, at, at + 1, severity, code, text, rfc);
  };
  tell(faults.bare_lf, faults.first_bare_lf, 2, "smtp.bare-lf",
       "An LF without a CR stands in the message; it ends no line", "RFC 5321 §2.3.8");
  tell(faults.bare_cr, faults.first_bare_cr, 2, "smtp.bare-cr",
       "A CR without an LF stands in the message", "RFC 5321 §2.3.8");
  tell(faults.nul, faults.first_nul, 0, "smtp.nul", "A NUL stands in the message", "RFC 5322 §4.1");
  tell(faults.long_lines, faults.first_long_line, 1, "smtp.text-line-too-long",
       "A line of the message is longer than 1000 octets", "RFC 5321 §4.5.3.1.6");
}

// ---- content behind BDAT ----

void Observer::begin_chunk(const Line&, std::uint64_t octets, bool last) {
  chunk_left_ = octets;
  chunk_last_ = last;
  begin_content(Reading::Chunk);
  std::string_view nothing;
  if (octets == 0) take_chunk(nothing);
}

void Observer::take_chunk(std::string_view& octets) {
  const std::string_view piece = octets.substr(
      0, static_cast<std::size_t>(chunk_left_ < octets.size() ? chunk_left_ : octets.size()));
  if (!piece.empty()) {
    LineSplitter& lines = lines_of(client_);
    const std::uint64_t begin = lines.offset();
    lines.skip(piece.size());
    octets.remove_prefix(piece.size());
    chunk_left_ -= piece.size();
    add(Observed::Kind::Content, client_, begin, lines.offset()).phase = Phase::Transfer;
    set_text(piece);
  }
  if (chunk_left_ != 0) return;
  reading_ = Reading::Lines;
  if (chunk_last_) end_content(0);
}

}  // namespace mailscope::smtp
