// The observer's reading of messages: content behind DATA and BDAT, and octets behind a DATA whose
// reply has not come, which may be content or commands.

#include <algorithm>
#include <utility>

#include "protocols/smtp/observer.hpp"
#include "protocols/smtp/observer_looks.hpp"

namespace mailscope::smtp {

// ---- behind DATA, before its reply ----

// Client octets before the reply to DATA.
void Observer::read(Undecided& undecided, std::string_view& octets) {
  const std::size_t taken = std::min(octets.size(), kHeldOctetsMax - undecided.waiting().size());
  undecided.held += octets.substr(0, taken);
  octets.remove_prefix(taken);
  const bool reply_is_lost =
      seen_.server_gap || stream(server()).ended || session_.outstanding() == 0;
  if (reply_is_lost || undecided.waiting().size() == kHeldOctetsMax)
    decide_by_looks(BehindData::Unknown);
}

// The reply to DATA will not tell. `where_unsaid`: for what is too short to look like anything.
Observer::BehindData Observer::behind_data(BehindData where_unsaid) const {
  const auto* undecided = std::get_if<Undecided>(&client_);
  if (!undecided) return BehindData::Unknown;
  switch (looks_like(undecided->waiting())) {
    case Looks::Command:
      return BehindData::Commands;
    case Looks::Text:
      return BehindData::Content;
    case Looks::NotYet:
      break;
  }
  return where_unsaid;
}

// It is known now what stands behind DATA: what waited is read.
void Observer::decide(BehindData behind) {
  if (behind == BehindData::Unknown) return;
  Undecided undecided = std::exchange(std::get<Undecided>(client_), {});
  if (behind == BehindData::Content)
    begin_content();
  else
    client_ = Lines{};
  read_waiting(std::move(undecided));
  if (stream(from_client_).ended && !client_is<Undecided>()) finish_client();
}

// Up to the end, or to a further DATA.
void Observer::read_waiting(Undecided undecided) {
  while (!client_is<Undecided>() && !undecided.waiting().empty()) {
    std::string_view rest = undecided.waiting();
    read_some(rest);
    undecided.read = undecided.held.size() - rest.size();
  }
  auto* again = std::get_if<Undecided>(&client_);
  if (!again) return;
  if (undecided.read >= undecided.held.size() / 2) {
    undecided.held.erase(0, undecided.read);
    undecided.read = 0;
  }
  *again = std::move(undecided);
}

// What waits is not read at all.
void Observer::drop_waiting() {
  auto* undecided = std::get_if<Undecided>(&client_);
  if (!undecided) return;
  lines_of(from_client_).skip(undecided->waiting().size());
  *undecided = {};
}

// The client went on before it was answered.
void Observer::report_waiting(bool granted) {
  const std::string_view waiting = std::get<Undecided>(client_).waiting();
  if (waiting.empty() || looks_like(waiting) != (granted ? Looks::Command : Looks::Text)) return;
  const std::uint64_t begin = lines_of(from_client_).offset();
  report_behind_data(granted, begin, begin + waiting.size());
}

void Observer::report_behind_data(bool granted, std::uint64_t begin, std::uint64_t end) {
  if (granted)
    violate(from_client_, begin, end,
            {2, "smtp.behind-data",
             "Lines stood after DATA before 354 was given: the server reads them as the message",
             "RFC 2920 §3.1"});
  else
    violate(from_client_, begin, end,
            {2, "smtp.content-refused",
             "Content was sent though DATA was refused: the server reads it as commands",
             "RFC 5321 §4.1.1.4"});
}

// ---- messages ----

void Observer::open_message() {
  if (message_) return;  // a further chunk
  message_ = {.begin = lines_of(from_client_).offset(), .unanswered = session_.outstanding()};
  add(Observed::Kind::ContentBegin, from_client_, message_->begin, message_->begin).phase =
      Phase::Transfer;
}

void Observer::end_message(std::uint8_t flags) {
  if (message_->gap) flags |= Observed::kIncomplete;
  ObservedHead& event = add(Observed::Kind::ContentEnd, from_client_, message_->begin,
                            lines_of(from_client_).offset());
  event.phase = Phase::Transfer;
  event.flags = flags;
  message_.reset();
}

void Observer::begin_content() {
  client_ = Content{};
  open_message();
}

void Observer::read(Content& content, std::string_view& octets) {
  LineSplitter& lines = lines_of(from_client_);
  std::uint64_t at = lines.offset();
  const auto report = [&](std::string_view piece, std::uint64_t begin, std::uint64_t end) {
    add(Observed::Kind::Content, from_client_, begin, end).phase = Phase::Transfer;
    set_text(piece);
  };
  read_content(content.decoder, at, octets, report);
  lines.skip(at - lines.offset());
  if (!content.decoder.finished()) return;
  report_content(content.decoder.faults());
  session_.command(Verb::EndOfData);
  if (content.early_verdict != 0) session_.reply(content.early_verdict);
  client_ = Lines{};
  end_message(0);
}

void Observer::report_content(const ContentFaults& faults) {
  const auto tell = [&](std::uint64_t count, std::uint64_t first, const Breach& breach) {
    if (count == 0) return;
    const std::uint64_t at = message_->begin + first;
    violate(from_client_, at, at + 1, breach);
  };
  tell(faults.bare_lf, faults.first_bare_lf,
       {2, "smtp.bare-lf", "An LF without a CR stands in the message; it ends no line",
        "RFC 5321 §2.3.8"});
  tell(faults.bare_cr, faults.first_bare_cr,
       {2, "smtp.bare-cr", "A CR without an LF stands in the message", "RFC 5321 §2.3.8"});
  tell(faults.nul, faults.first_nul,
       {0, "smtp.nul", "A NUL stands in the message", "RFC 5322 §4.1"});
  tell(faults.long_lines, faults.first_long_line,
       {1, "smtp.text-line-too-long", "A line of the message is longer than 1000 octets",
        "RFC 5321 §4.5.3.1.6"});
}

void Observer::begin_chunk(std::uint64_t octets, bool last) {
  client_ = Chunk{octets, last};
  open_message();
  std::string_view nothing;
  if (octets == 0) read(std::get<Chunk>(client_), nothing);
}

void Observer::read(Chunk& chunk, std::string_view& octets) {
  const std::string_view piece = octets.substr(
      0, static_cast<std::size_t>(chunk.left < octets.size() ? chunk.left : octets.size()));
  if (!piece.empty()) {
    LineSplitter& lines = lines_of(from_client_);
    const std::uint64_t begin = lines.offset();
    lines.skip(piece.size());
    octets.remove_prefix(piece.size());
    chunk.left -= piece.size();
    add(Observed::Kind::Content, from_client_, begin, lines.offset()).phase = Phase::Transfer;
    set_text(piece);
  }
  if (chunk.left != 0) return;
  const bool last = chunk.last;
  client_ = Lines{};
  if (last) end_message(0);
}

}  // namespace mailscope::smtp
