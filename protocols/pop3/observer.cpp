#include "protocols/pop3/observer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"

namespace mailscope::pop3 {
namespace {

constexpr std::size_t kCommandOctets = 255;  // RFC 2449 §4
constexpr std::size_t kReplyOctets = 512;
constexpr char kTlsHandshake =
    0x16;  // RFC 8446 §5.1: the content type that every TLS stream begins with

// More octets are needed to say whether is_status() will be true.
bool may_become_status(std::string_view line) {
  constexpr std::string_view kOk = "+OK", kErr = "-ERR";
  return kOk.starts_with(line) || kErr.starts_with(line);
}

bool is_status(std::string_view line) {
  const bool ok = line.starts_with("+OK");
  if (!ok && !line.starts_with("-ERR")) return false;
  const std::size_t length = ok ? 3 : 4;
  return line.size() == length || line[length] == ' ' || line[length] == '\r' ||
         line[length] == '\n';
}

// "1 120" or "1 whqtswO00WBw418f9t5JxYwZ": a line of a LIST or UIDL answer.
bool looks_like_listing(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (line == ".") return true;
  if (space == std::string_view::npos || space == 0 || space > 9) return false;
  if (!std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(space), is_digit))
    return false;
  return line.size() > space + 1 && line.find(' ', space + 1) == std::string_view::npos;
}

// "Received: from", RFC 5322 §2.2.
bool looks_like_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_log_in(Verb verb) {
  return verb == Verb::Pass || verb == Verb::Apop || verb == Verb::Auth;
}

std::string_view text_behind(std::string_view line, std::size_t word) {
  line.remove_prefix(std::min(word, line.size()));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

// message = [authzid] NUL authcid NUL passwd           ; RFC 4616 §2
std::string plain_user(std::string_view response) {
  const std::string octets = mime::base64_decode(response);
  const std::size_t first = octets.find('\0');
  if (first == std::string::npos) return {};
  const std::size_t second = octets.find('\0', first + 1);
  if (second == std::string::npos) return {};
  return octets.substr(first + 1, second - first - 1);
}

}  // namespace

Observer::Observer(Options options)
    : greeting_due_(options.from_beginning), state_unsure_(!options.from_beginning) {
  side(Direction::ToServer).head_missing = !options.from_beginning;
  side(Direction::ToClient).head_missing = !options.from_beginning;
  side(Direction::ToClient).gap_since_sync = !options.from_beginning;
}

// ---- octets to lines ---------------------------------------------------------------------------

void Observer::receive(Direction direction, std::string_view octets) {
  events_.begin(octets);
  Side& from = side(direction);
  if (!octets.empty()) from.seen = true;
  while (!octets.empty()) {
    if (from.mode == Mode::Tls) {
      from.offset += octets.size();
      return;
    }
    if (from.mode == Mode::Content) {
      read_content(octets);
    } else {
      read_line(direction, octets);
    }
  }
}

// Takes one line, or what there is of it, off the front.
void Observer::read_line(Direction direction, std::string_view& octets) {
  Side& from = side(direction);
  if (from.partial.empty() && !from.partial_cut) {
    from.partial_begin = from.offset;
    if (octets[0] == kTlsHandshake && tls_may_begin(direction))
      return begin_tls(direction, from.offset);
  }
  const void* lf = std::memchr(octets.data(), '\n', octets.size());
  const std::size_t length =
      lf ? static_cast<std::size_t>(static_cast<const char*>(lf) - octets.data()) + 1
         : octets.size();
  std::string_view piece = octets.substr(0, length);
  octets.remove_prefix(length);
  from.offset += length;

  RawLine line;
  std::string held;
  if (from.partial.empty() && lf) {
    line.whole = piece;
  } else {
    const std::size_t room = kLineOctetsMax - std::min(kLineOctetsMax, from.partial.size());
    from.partial_cut |= piece.size() > room;
    from.partial += piece.substr(0, room);
    if (!lf) return;
    held = std::exchange(from.partial, {});
    line.whole = held;
  }
  line.begin = from.partial_begin;
  line.end = from.offset;
  line.text = line.whole;
  if (line.text.ends_with('\n')) line.text.remove_suffix(1);
  if (line.text.ends_with('\r')) {
    line.text.remove_suffix(1);
  } else {
    line.bare_lf = !from.partial_cut;
  }
  from.partial_cut = false;
  take_line(direction, line);
}

void Observer::take_line(Direction direction, const RawLine& line) {
  Side& from = side(direction);
  const bool to_server = direction == Direction::ToServer;
  if (from.head_missing) {
    // Behind a gap: the tail of a line, unless it begins as a line does.
    const bool whole = to_server ? parse_command(line.text).verb != Verb::Unknown
                                 : is_status(line.text) || line.text == "." || line.begin == 0;
    from.head_missing = false;
    if (!whole) return;
  }
  note_line_faults(direction, line);
  if (to_server) {
    client_line(line);
  } else if (from.mode == Mode::Listing) {
    listing_line(line);
  } else {
    server_line(line);
  }
}

void Observer::note_line_faults(Direction direction, const RawLine& line) {
  Side& from = side(direction);
  if (line.bare_lf && !from.told_bare_lf) {
    from.told_bare_lf = true;
    violation(direction, line.begin, line.end, 1, "pop3.bare-lf",
              "a line ends in LF without CR; this one and later ones are read all the same",
              "RFC 1939 §3");
  }
  const std::size_t octets_max = direction == Direction::ToServer ? kCommandOctets : kReplyOctets;
  if (line.end - line.begin > octets_max && !from.told_long_line) {
    from.told_long_line = true;
    violation(direction, line.begin, line.end, 0, "pop3.long-line",
              direction == Direction::ToServer ? "a command line is longer than 255 octets"
                                               : "an answer's line is longer than 512 octets",
              "RFC 2449 §4");
  }
}

void Observer::gap(Direction direction, std::uint64_t octets) {
  events_.begin();
  Side& from = side(direction);
  if (direction == Direction::ToClient) {
    if (held_back_) settle(nullptr);
    if (from.mode == Mode::Content) decide_held();
    if (from.mode == Mode::Content) {
      content_broken_ = broken_line_start_ = true;
      decoder_.gap(octets);
      lf_ = {false, false};
    }
    if (from.mode == Mode::Listing) content_broken_ = true;
    from.gap_since_sync = true;
    greeting_due_ = false;
  }
  if (from.mode != Mode::Content && from.mode != Mode::Tls) from.head_missing = true;
  state_unsure_ = true;
  from.partial.clear();
  from.partial_cut = false;
  from.offset += octets;
}

void Observer::receive_eof(Direction direction) {
  events_.begin();
  Side& from = side(direction);
  if (direction == Direction::ToClient) {
    if (held_back_) settle(nullptr);
    if (from.mode == Mode::Content) decide_held();
    if (from.mode == Mode::Content) end_content(Observed::kIncomplete);
    if (from.mode == Mode::Listing) end_listing(from.offset, Observed::kIncomplete);
  }
  if (from.partial.empty() || from.head_missing || from.mode == Mode::Tls) return;
  RawLine line;
  const std::string held = std::exchange(from.partial, {});
  line.whole = line.text = held;
  line.begin = from.partial_begin;
  line.end = from.offset;
  line.flags = Observed::kIncomplete;
  if (direction == Direction::ToServer || is_status(line.text)) take_line(direction, line);
  if (held_back_) settle(nullptr);
}

// ---- the client's side -------------------------------------------------------------------------

void Observer::client_line(const RawLine& line) {
  if (held_back_) settle(nullptr);
  const Session::Unanswered* newest = session_.newest();
  const bool in_auth = newest && newest->verb == Verb::Auth && newest->has_argument;
  if (auth_waits_ || (in_auth && parse_command(line.text).verb == Verb::Unknown))
    return continuation(line);
  command(line);
}

void Observer::continuation(const RawLine& line) {
  auth_waits_ = false;
  if (auth_plain_) user_ = plain_user(line.text);
  auth_plain_ = false;
  ObservedHead& event =
      emit(Observed::Kind::Continuation, Direction::ToServer, line.begin, line.end);
  events_.set_text(line.text);
  event.word = static_cast<std::uint16_t>(Verb::Auth);
  event.flags = static_cast<std::uint8_t>(line.flags | Observed::kSecret);
}

void Observer::command(const RawLine& line) {
  const CommandLine command = parse_command(line.text);
  const bool has_argument = !trim(command.argument).empty();
  // Joined late: what belongs after the log-in shows that there was one.
  if (state_unsure_ && session_.state() == State::Authorization && session_.waiting() == 0 &&
      !find_rule(command.verb, has_argument, State::Authorization) &&
      find_rule(command.verb, has_argument, State::Transaction))
    session_.assume(State::Transaction);
  const bool allowed = session_.command(command.verb, has_argument);

  ObservedHead& event = emit(Observed::Kind::Command, Direction::ToServer, line.begin, line.end);
  events_.set_text(line.text);
  event.word = static_cast<std::uint16_t>(command.verb);
  event.phase = session_.newest()->phase;
  event.flags = line.flags;
  if (command.verb == Verb::Unknown) event.flags |= Observed::kUnknown;
  if (!allowed && command.verb != Verb::Unknown) event.flags |= Observed::kOutOfPlace;
  const bool auth_response =
      command.verb == Verb::Auth && command.argument.find(' ') != std::string_view::npos;
  if (command.verb == Verb::Pass || command.verb == Verb::Apop || auth_response)
    event.flags |= Observed::kSecret;

  if (command.verb == Verb::User) user_ = command.argument;
  if (command.verb == Verb::Apop) user_ = command.argument.substr(0, command.argument.find(' '));
  if (command.verb != Verb::Auth) return;
  const std::size_t space = command.argument.find(' ');
  const bool plain = equal_no_case(command.argument.substr(0, space), "PLAIN");
  user_ = plain && auth_response ? plain_user(command.argument.substr(space + 1)) : std::string();
  auth_plain_ = plain && !auth_response;
}

// ---- the server's side -------------------------------------------------------------------------

void Observer::server_line(const RawLine& line) {
  if (held_back_) {
    settle(&line);
    if (side(Direction::ToClient).mode != Mode::Lines) return;  // the line went there
  }
  if (is_status(line.text)) return status_line(line, line.text[0] == '+');
  const bool continues = line.text == "+" || line.text.starts_with("+ ");
  if (continues && session_.oldest() && session_.oldest()->verb == Verb::Auth)
    return continue_line(line);
  other_line(line);
}

void Observer::status_line(const RawLine& line, bool ok) {
  Side& server = side(Direction::ToClient);
  const std::string_view text = text_behind(line.text, ok ? 3 : 4);
  if (greeting_due_ && (session_.waiting() == 0 || !server.gap_since_sync)) {
    greeting_due_ = false;
    if (!ok) session_.assume(State::Closed);
    reply(ok ? kOk : kErr, {Verb::Connect, false, true, Phase::SetUp}, text, line.begin, line.end)
        .flags |= line.flags;
    return;
  }
  if (!server.gap_since_sync && session_.waiting() > 1) pipelined_ = true;
  // What a gap swallowed were answers: without pipelining, this one is to the newest command.
  if (server.gap_since_sync && !pipelined_) session_.forget_all_but_newest();
  server.gap_since_sync = false;
  const std::optional<Session::Unanswered> waiting = session_.reply(ok);
  if (waiting) return answered(*waiting, ok, text, line);
  if (ok) return hold_back(line, text);
  reply(kErr, {Verb::Unknown, false, true, phase(session_.state())}, text, line.begin, line.end)
      .flags |= line.flags;
}

void Observer::answered(const Session::Unanswered& waiting, bool ok, std::string_view text,
                        const RawLine& line) {
  if (waiting.verb == Verb::Auth) auth_waits_ = false;
  if (ok && is_log_in(waiting.verb) && session_.state() == State::Transaction) login_ = user_;
  const Answer answer = answer_of(waiting.verb, waiting.has_argument);
  if (ok && answer == Answer::Lines && (line.flags & Observed::kIncomplete) == 0)
    return begin_listing(waiting, text, line.begin);
  reply(ok ? kOk : kErr, waiting, text, line.begin, line.end).flags |= line.flags;
  if (!ok || (line.flags & Observed::kIncomplete) != 0) return;
  if (answer == Answer::Content) {
    octets_said_ = 0;
    const std::string_view count = text.substr(0, text.find(' '));
    if (waiting.verb == Verb::Retr && text.find("octets") != std::string_view::npos)
      octets_said_ = parse_number(count).value_or(0);
    begin_content(waiting, line.end, line.bare_lf);
  } else if (waiting.verb == Verb::Stls) {
    const Side& client = side(Direction::ToServer);
    begin_tls(Direction::ToClient, line.end);
    begin_tls(Direction::ToServer, client.partial.empty() ? client.offset : client.partial_begin);
  }
}

//   continue-req = "+" SP [base64] CRLF                  ; RFC 5034 §4
void Observer::continue_line(const RawLine& line) {
  auth_waits_ = true;
  reply(kContinue, *session_.oldest(), text_behind(line.text, 1), line.begin, line.end).flags |=
      line.flags | Observed::kSecret;
}

// Neither +OK nor -ERR: the middle of an answer that was joined late, or nonsense.
void Observer::other_line(const RawLine& line) {
  Side& server = side(Direction::ToClient);
  if (!server.gap_since_sync) {
    violation(Direction::ToClient, line.begin, line.end, 2, "pop3.no-status",
              "an answer's line begins with neither +OK nor -ERR", "RFC 1939 §3");
    return;
  }
  if (line.text == ".") return;  // the end of something whose lines were all lost
  Session::Unanswered joined{looks_like_listing(line.text) ? Verb::List : Verb::Retr, false, true,
                             Phase::Transfer};
  if (session_.waiting() > 0) {
    if (!pipelined_) session_.forget_all_but_newest();
    const Session::Unanswered& oldest = *session_.oldest();
    if (answer_of(oldest.verb, oldest.has_argument) == Answer::Line) return;
    joined = *session_.reply(true);
  } else if (session_.state() == State::Authorization) {
    session_.assume(State::Transaction);
  }
  server.gap_since_sync = false;
  if (answer_of(joined.verb, joined.has_argument) == Answer::Lines) {
    begin_listing(joined, {}, line.begin);
    content_broken_ = true;
    return listing_line(line);
  }
  octets_said_ = 0;
  begin_content(joined, line.begin, line.bare_lf);
  content_broken_ = broken_line_start_ = true;
  read_content_line(line);
}

// A line that turned out to be content.
void Observer::read_content_line(const RawLine& line) {
  Side& server = side(Direction::ToClient);
  std::string_view octets = line.whole;
  server.offset = line.begin;
  while (!octets.empty() && server.mode == Mode::Content) read_content(octets);
  if (!broken_held_.empty()) give_up_held();
  broken_line_start_ = true;
  server.offset = line.end;
}

ObservedHead& Observer::reply(std::uint16_t word, const Session::Unanswered& answers,
                              std::string_view text, std::uint64_t begin, std::uint64_t end) {
  ObservedHead& event = emit(Observed::Kind::Reply, Direction::ToClient, begin, end);
  event.word = word;
  event.answers = static_cast<std::uint16_t>(answers.verb);
  event.phase = answers.phase;
  events_.set_text(text);
  return event;
}

// ---- answers that no command asked for ---------------------------------------------------------

void Observer::hold_back(const RawLine& line, std::string_view text) {
  held_back_ = true;
  held_text_ = text;
  held_line_ = line;
  held_line_.text = held_line_.whole = {};
}

// Decides what the held-back +OK was, by the line behind it (null: there is none).
void Observer::settle(const RawLine* next) {
  held_back_ = false;
  const std::string text = std::exchange(held_text_, {});
  const bool lines_follow = next && !is_status(next->text) && !next->text.starts_with("+ ");
  Session::Unanswered guess{Verb::Unknown, false, true, phase(session_.state())};
  if (lines_follow && session_.state() == State::Authorization &&
      (looks_like_listing(next->text) || looks_like_field(next->text))) {
    session_.assume(State::Transaction);
  }
  if (lines_follow && looks_like_listing(next->text)) {
    guess = {Verb::List, false, true, Phase::Transfer};
    begin_listing(guess, text, held_line_.begin);
    return listing_line(*next);
  }
  if (lines_follow && !looks_like_field(next->text)) {
    guess.verb = Verb::Capa;
    begin_listing(guess, text, held_line_.begin);
    return listing_line(*next);
  }
  if (lines_follow) guess = {Verb::Retr, false, true, Phase::Transfer};
  reply(kOk, guess, text, held_line_.begin, held_line_.end).flags |= held_line_.flags;
  if (!lines_follow) return;
  octets_said_ = 0;
  begin_content(guess, held_line_.end, held_line_.bare_lf);
  read_content_line(*next);
}

// ---- multi-line answers ------------------------------------------------------------------------

void Observer::begin_listing(const Session::Unanswered& answers, std::string_view text,
                             std::uint64_t begin) {
  side(Direction::ToClient).mode = Mode::Listing;
  answers_ = answers;
  answer_begin_ = begin;
  content_broken_ = false;
  listing_ = text;
}

void Observer::listing_line(const RawLine& line) {
  if (line.text == ".") return end_listing(line.end, 0);
  // A listing whose end was lost: the next answer ends it.
  if (content_broken_ && is_status(line.text)) {
    end_listing(line.begin, Observed::kIncomplete);
    return server_line(line);
  }
  const std::string_view text = line.text.starts_with('.') ? line.text.substr(1) : line.text;
  if (listing_.size() + text.size() + 1 > kReplyTextMax) return;
  listing_ += '\n';
  listing_ += text;
}

void Observer::end_listing(std::uint64_t end, std::uint8_t flags) {
  side(Direction::ToClient).mode = Mode::Lines;
  if (content_broken_) flags |= Observed::kIncomplete;
  reply(kOk, answers_, listing_, answer_begin_, end).flags |= flags;
  listing_ = {};
}

void Observer::begin_content(const Session::Unanswered& answers, std::uint64_t begin,
                             bool bare_lf) {
  side(Direction::ToClient).mode = Mode::Content;
  answers_ = answers;
  answer_begin_ = begin;
  content_broken_ = broken_line_start_ = false;
  broken_held_.clear();
  content_octets_ = 0;
  lf_only_ = bare_lf;
  lf_ = {};
  decoder_.reset();
  ObservedHead& event = emit(Observed::Kind::ContentBegin, Direction::ToClient, begin, begin);
  event.answers = static_cast<std::uint16_t>(answers.verb);
  event.phase = answers.phase;
}

void Observer::read_content(std::string_view& octets) {
  if (!content_broken_) return read_decoded_content(octets);
  if (!broken_line_start_) {
    const std::size_t lf = octets.find('\n');
    std::string_view piece = octets.substr(0, lf == octets.npos ? lf : lf + 1);
    const std::size_t length = piece.size();
    broken_line_start_ = lf != octets.npos;
    read_decoded_content(piece);
    return octets.remove_prefix(length - piece.size());
  }
  // Behind a gap that may have swallowed the final dot an answer may stand where content would.
  broken_held_ += octets.front();
  octets.remove_prefix(1);
  if (!may_become_status(broken_held_)) decide_held();
}

void Observer::decide_held() {
  if (broken_held_.empty()) return;
  if (!answer_is_due() || !is_status(broken_held_)) return give_up_held();
  Side& server = side(Direction::ToClient);
  end_content(Observed::kIncomplete);
  server.partial = std::exchange(broken_held_, {});
  server.partial_begin = server.offset;
  server.offset += server.partial.size();
}

// They were content.
void Observer::give_up_held() {
  const std::string held = std::exchange(broken_held_, {});
  std::string_view octets = held;
  broken_line_start_ = held.ends_with('\n');
  read_decoded_content(octets);
}

void Observer::read_decoded_content(std::string_view& octets) {
  if (lf_only_) return read_lf_content(octets);
  Side& server = side(Direction::ToClient);
  while (!octets.empty() && !decoder_.finished()) {
    const std::size_t before = octets.size();
    const std::string_view piece = decoder_.next(octets);
    server.offset += before - octets.size();
    if (!piece.empty()) emit_content(piece, server.offset);
  }
  if (decoder_.finished()) end_content(0);
}

void Observer::read_lf_content(std::string_view& octets) {
  Side& server = side(Direction::ToClient);
  while (!octets.empty()) {
    if (lf_.at_line_start && !lf_.dot_held && octets[0] == '.') {
      lf_ = {false, true};
      octets.remove_prefix(1);
      ++server.offset;
      continue;
    }
    if (lf_.dot_held && octets[0] == '\n') {
      octets.remove_prefix(1);
      ++server.offset;
      return end_content(0);
    }
    const std::size_t lf = octets.find('\n');
    const std::size_t length = lf == std::string_view::npos ? octets.size() : lf + 1;
    server.offset += length;
    emit_content(octets.substr(0, length), server.offset);
    octets.remove_prefix(length);
    lf_ = {lf != std::string_view::npos, false};
  }
}

void Observer::emit_content(std::string_view piece, std::uint64_t end) {
  content_octets_ += piece.size();
  ObservedHead& event = emit(Observed::Kind::Content, Direction::ToClient,
                             end - std::min<std::uint64_t>(end, piece.size()), end);
  events_.set_text(piece);
  event.answers = static_cast<std::uint16_t>(answers_.verb);
  event.phase = answers_.phase;
}

void Observer::end_content(std::uint8_t flags) {
  Side& server = side(Direction::ToClient);
  server.mode = Mode::Lines;
  if (content_broken_) flags |= Observed::kIncomplete;
  ObservedHead& event =
      emit(Observed::Kind::ContentEnd, Direction::ToClient, answer_begin_, server.offset);
  event.answers = static_cast<std::uint16_t>(answers_.verb);
  event.phase = answers_.phase;
  event.flags = flags;
  if (flags == 0) note_content_faults();
}

void Observer::note_content_faults() {
  const std::uint64_t end = side(Direction::ToClient).offset;
  const ContentFaults& faults = decoder_.faults();
  if (!lf_only_ && faults.bare()) {
    violation(Direction::ToClient, answer_begin_, end, 1, "pop3.bare-cr-or-lf",
              "the message holds a CR or LF that is no line end", "RFC 5322 §2.3");
  }
  if (!lf_only_ && faults.long_lines != 0) {
    violation(Direction::ToClient, answer_begin_, end, 0, "pop3.long-message-line",
              "the message holds a line longer than 998 octets", "RFC 5322 §2.1.1");
  }
  if (octets_said_ != 0 && octets_said_ != content_octets_) {
    violation(Direction::ToClient, answer_begin_, end, 0, "pop3.size-differs",
              "the +OK line said another size than the message has", "RFC 1939 §11");
  }
}

bool Observer::answer_is_due() const {
  return session_.waiting() > 0 || !sides_[0].seen;
}

// ---- the rest ----------------------------------------------------------------------------------

// Behind STLS, or where what stands in front was not seen; elsewhere the octet is one like another.
bool Observer::tls_may_begin(Direction direction) const {
  if (sides_[static_cast<int>(direction)].head_missing) return true;
  if (direction == Direction::ToClient) return !sides_[0].seen;
  const Session::Unanswered* newest = session_.newest();
  return newest && newest->verb == Verb::Stls;
}

void Observer::begin_tls(Direction direction, std::uint64_t at) {
  Side& from = side(direction);
  if (from.mode == Mode::Tls) return;
  from.mode = Mode::Tls;
  from.partial.clear();
  emit(Observed::Kind::TlsBegin, direction, at, at).phase = Phase::SetUp;
}

ObservedHead& Observer::emit(Observed::Kind kind, Direction direction, std::uint64_t begin,
                             std::uint64_t end) {
  ObservedHead& event = events_.add({});
  event.kind = kind;
  event.direction = direction;
  event.begin = begin;
  event.end = end;
  event.state = shown_state();
  event.phase = phase(static_cast<State>(event.state));
  return event;
}

void Observer::violation(Direction direction, std::uint64_t begin, std::uint64_t end,
                         std::uint8_t severity, std::string_view code, std::string_view text,
                         std::string_view rfc) {
  ObservedHead& event = emit(Observed::Kind::Violation, direction, begin, end);
  event.severity = severity;
  event.code = code;
  event.rfc = rfc;
  events_.set_text(text);
}

// Without the server's side nothing is ever confirmed: then what is expected is shown.
std::uint8_t Observer::shown_state() const {
  const bool answers_seen = sides_[static_cast<int>(Direction::ToClient)].seen;
  return static_cast<std::uint8_t>(answers_seen ? session_.state() : session_.expected_state());
}

}  // namespace mailscope::pop3
