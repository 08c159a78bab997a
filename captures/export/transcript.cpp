#include "captures/export/transcript.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <sstream>

#include "captures/export/text.hpp"
#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "captures/tcp/decode.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/inet/ethernet.hpp"

namespace mailscope::export_ {
namespace {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

constexpr std::size_t kColumns = 100;
constexpr std::size_t kIndent = 14;                   // behind the time
constexpr std::size_t kContentOctetsMax = 64 * 1024;  // looked at for the first lines

std::string_view name_of(trace::Protocol protocol) {
  return protocol == languages::kUnknown ? "UNKNOWN" : languages::title(protocol);
}

std::string_view words_of(trace::Loss loss) {
  switch (loss) {
    case trace::Loss::None:
      return "sent, and lost";
    case trace::Loss::Noise:
      return "sent, and lost on the line";
    case trace::Loss::QueueFull:
      return "not sent, the queue before the line is full";
    case trace::Loss::HostOff:
      return "sent, but nobody is there to hear it";
    case trace::Loss::NoStation:
      return "sent, but no station has that address";
    case trace::Loss::Dropped:
      return "sent, and taken off the line by hand";
    case trace::Loss::Cut:
      return "sent, and lost to the cut of the line";
  }
  return "";
}

class Writer {
 public:
  Writer(std::ostream& out, const Trace& trace, const TranscriptOptions& options)
      : out_(out), trace_(trace), options_(options) {}

  // Five lists in order of time, merged. At one instant: chapters and the note at the very
  // beginning, interventions, inside events, the PDUs that they caused, what was lost, narration.
  void write() {
    head();
    std::size_t place = 0;
    Id change = 0, note = 0, lost = next_lost(0), done = 0;
    for (;;) {
      const Pdu* pdu =
          place < trace_.by_time.size() ? &trace_.pdus[trace_.by_time[place]] : nullptr;
      const trace::Time pdu_at = pdu ? pdu->first : kNever;
      const trace::Time change_at =
          change < trace_.changes.size() ? trace_.changes[change].at : kNever;
      const trace::Time note_at = note < trace_.notes.size() ? trace_.notes[note].at : kNever;
      const trace::Time lost_at = lost < trace_.frames.size() ? trace_.frames[lost].sent : kNever;
      const trace::Time done_at =
          done < trace_.interventions.size() ? trace_.interventions[done].at : kNever;
      const trace::Time first_of_others = std::min({pdu_at, change_at, lost_at, done_at});
      if (first_of_others == kNever && note_at == kNever) break;
      if (note_at != kNever &&
          (goes_first(trace_.notes[note]) ? note_at <= first_of_others : note_at < first_of_others))
        write_note(trace_.notes[note++]);
      else if (done_at == first_of_others)
        write_intervention(trace_.interventions[done++]);
      else if (change_at == first_of_others)
        write_change(trace_.changes[change++]);
      else if (pdu_at == first_of_others)
        write_pdu(*pdu), ++place;
      else
        lost = write_lost(lost, std::min({pdu_at, change_at, done_at, note_at}));
    }
    write_findings();
  }

 private:
  static bool goes_first(const trace::Note& note) {
    return note.kind == trace::NoteKind::Chapter || note.at == 0;
  }

  void line(std::string_view text) {
    out_ << text << '\n';
    blank_ = text.empty();
  }
  void blank() {
    if (!blank_) line("");
  }

  void head() {
    const trace::Source& source = trace_.source;
    const std::string title = printable_utf8(source.title.empty() ? source.name : source.title);
    line(title);
    line(std::string(std::min(title.size(), kColumns), '='));
    for (const std::string& text : wrapped(printable_utf8(source.summary), kColumns))
      if (!text.empty()) line(text);
    line(fmt::format(
        "{}, {}, {} in {} s.{}", counted_connections(trace_),
        counted(trace_.mails.size(), "message", "messages"),
        counted(source.frames, "frame", "frames"), seconds(source.duration),
        source.kind == trace::SourceKind::Simulator ? fmt::format(" Seed {}.", source.seed) : ""));
    line("C: is what a client says, S: what a server says. Times are seconds since the beginning.");
    blank();
  }

  void write_note(const trace::Note& note) {
    if (!options_.narration) return;
    blank();
    if (note.kind == trace::NoteKind::Chapter) {
      const std::string title = "Chapter: " + printable_utf8(note.text);
      line(title);
      line(std::string(std::min(title.size(), kColumns), '-'));
      paragraph("", note.detail);
    } else {
      paragraph(note.kind == trace::NoteKind::Question ? "Question: " : "Note: ", note.text);
      paragraph("", note.detail);
    }
    blank();
  }

  void paragraph(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    for (const std::string& part : wrapped(std::string(label) + printable_utf8(text), kColumns - 4))
      line("    " + part);
  }

  void write_findings() {
    constexpr std::size_t kShown = 50;
    if (trace_.findings.empty()) return;
    blank();
    line("Findings");
    line("--------");
    for (std::size_t i = 0; i < std::min(kShown, trace_.findings.size()); ++i) {
      const trace::Finding& finding = trace_.findings[trace_.findings_by_time[i]];
      entry(finding.at,
            fmt::format("{}: {}{}", trace::name(finding.severity), printable_utf8(finding.text),
                        finding.rfc.empty() ? "" : fmt::format(" ({})", finding.rfc)));
    }
    if (trace_.findings.size() > kShown)
      below(fmt::format("... and {} more", grouped(trace_.findings.size() - kShown)));
  }

  Id next_lost(Id from) const {
    while (from < trace_.frames.size() && trace_.frames[from].fate != trace::Fate::Lost) ++from;
    return from;
  }

  // Lost for the same reason on the same way, and as long.
  static bool alike(const trace::Frame& a, const trace::Frame& b) {
    return a.from == b.from && a.to == b.to && a.wire_octets == b.wire_octets && a.loss == b.loss;
  }

  bool is_arp(const trace::Frame& frame) const {
    const std::string_view octets = trace_.octets(frame);
    if (frame.link_type != tcp::kLinkEthernet || octets.size() < inet::Ethernet::kOctets)
      return false;
    const auto* at = reinterpret_cast<const std::uint8_t*>(octets.data());
    return inet::Ethernet::read(at).type == inet::kEtherArp;
  }

  // Returns the next one. The time is that of sending: what becomes of it comes later.
  // Alike ones that are lost one after the other before `until` are one entry.
  Id write_lost(Id id, trace::Time until) {
    const trace::Frame& frame = trace_.frames[id];
    const auto host = [&](Id of) {
      return of == kNone ? std::string("everyone") : printable_utf8(trace_.hosts[of].name);
    };
    std::size_t count = 1;
    Id last = id, next = next_lost(id + 1);
    for (; next < trace_.frames.size() && trace_.frames[next].sent < until; ++count) {
      if (!alike(trace_.frames[next], frame)) break;
      last = next;
      next = next_lost(next + 1);
    }
    if (!options_.inside_events) return next;
    const std::string_view kind = is_arp(frame) ? "ARP frame" : "frame";
    entry(frame.sent,
          fmt::format(
              "{}: {} of {} octets from {} to {}{}", words_of(frame.loss),
              count == 1 ? fmt::format("{} {}", kind[0] == 'A' ? "an" : "a", kind)
                         : fmt::format("{} {}s", grouped(count), kind),
              frame.wire_octets, host(frame.from), host(frame.to),
              count == 1 ? "" : fmt::format(", until {}", short_time(trace_.frames[last].sent))),
          4);
    return next;
  }

  void write_change(const trace::StateChange& change) {
    if (!options_.inside_events || change.text.empty()) return;  // nothing that needs a word
    const trace::Variable& variable = trace_.variables[change.variable];
    const std::string host =
        variable.host == kNone ? "" : printable_utf8(trace_.hosts[variable.host].name);
    entry(change.at, fmt::format("inside {}: {}", host, printable_utf8(change.text)), 4);
  }

  void write_intervention(const trace::Intervention& intervention) {
    entry(intervention.at, fmt::format("intervention: {}", printable_utf8(intervention.text)));
  }

  // "  12.345678    text", further lines indented below it.
  void entry(trace::Time at, std::string_view text, std::size_t extra_indent = 0) {
    const std::size_t indent = kIndent + extra_indent;
    std::string front = fmt::format("{:>12}", short_time(at));
    front.resize(std::max(indent, front.size() + 1), ' ');
    for (const std::string& part : wrapped(text, kColumns - indent - 2)) {
      line(front + part);
      front.assign(indent + 2, ' ');
    }
  }
  void below(std::string_view text) {
    std::string front(kIndent + 2, ' ');
    for (const std::string& part : wrapped(text, kColumns - kIndent - 4)) {
      line(front + part);
      front.assign(kIndent + 4, ' ');
    }
  }
  static std::string short_time(trace::Time at) {
    return fmt::format("{}{}.{:06}", at < 0 ? "-" : "", std::abs(at) / 1'000'000'000,
                       std::abs(at) / 1000 % 1'000'000);
  }

  std::string host_of(const trace::Endpoint& end) const {
    return end.host == kNone ? end.address.text() : printable_utf8(trace_.hosts[end.host].name);
  }
  // "alice-pc to mail.alpha.example", with the connection's number where there are several.
  std::string way(const Pdu& pdu) const {
    const trace::Connection& connection = trace_.connections[pdu.connection];
    std::string client = host_of(connection.client), server = host_of(connection.server);
    if (pdu.direction == Direction::ToClient) std::swap(client, server);
    std::string text = fmt::format("{} to {}", client, server);
    if (trace_.connections.size() > 1) text += fmt::format(" [{}]", pdu.connection + 1);
    return text;
  }

  void write_pdu(const Pdu& pdu) {
    const std::string_view label = pdu.direction == Direction::ToServer ? "C: " : "S: ";
    switch (pdu.kind) {
      case PduKind::Open:
        return write_open(pdu);
      case PduKind::Close:
        return entry(pdu.first, way(pdu) + "  closes its direction" + marks(pdu));
      case PduKind::Reset:
        return entry(pdu.first, way(pdu) + "  breaks the connection off (RST)" + marks(pdu));
      case PduKind::Tls:
        return entry(pdu.first,
                     fmt::format("{}  {}(TLS from here on: {}, not readable)", way(pdu), label,
                                 counted(pdu.end - pdu.begin, "octet", "octets")));
      case PduKind::Opaque:
        return write_opaque(pdu, label);
      case PduKind::Data:
        return write_content(pdu, label);
      case PduKind::Command:
      case PduKind::Continuation:
      case PduKind::Reply:
        return write_lines(pdu, label);
    }
  }

  void write_open(const Pdu& pdu) {
    const trace::Connection& connection = trace_.connections[pdu.connection];
    entry(pdu.first, fmt::format("{}  opens a TCP connection to port {} ({}){}", way(pdu),
                                 connection.server.port, name_of(connection.protocol), marks(pdu)));
  }

  void write_opaque(const Pdu& pdu, std::string_view label) {
    const trace::Protocol protocol = trace_.connections[pdu.connection].protocol;
    entry(pdu.first, fmt::format("{}  {}({} of {}, not read)", way(pdu), label,
                                 counted(pdu.end - pdu.begin, "octet", "octets"),
                                 protocol == languages::kUnknown ? "an unknown protocol"
                                                                 : languages::title(protocol)));
  }

  void write_lines(const Pdu& pdu, std::string_view label) {
    const std::vector<std::string> lines =
        observe::display_lines(trace_, pdu, options_.show_secrets);
    const std::string first = lines.empty() ? "" : lines.front();
    entry(pdu.first, fmt::format("{}  {}{}{}", way(pdu), label, first, marks(pdu)));
    for (std::size_t i = 1; i < lines.size(); ++i) below(std::string(label) + lines[i]);
  }

  void write_content(const Pdu& pdu, std::string_view label) {
    entry(pdu.first, fmt::format("{}  {}(message content, {} on the wire){}", way(pdu), label,
                                 counted(pdu.end - pdu.begin, "octet", "octets"), marks(pdu)));
    const std::string octets = trace_.pdu_octets(pdu, kContentOctetsMax);
    std::string_view left = octets;
    std::size_t shown = 0;
    for (std::size_t lines = 0; !left.empty() && lines < options_.content_lines; ++lines) {
      const std::size_t end = left.find('\n');
      std::string_view text = left.substr(0, end);
      if (text.ends_with('\r')) text.remove_suffix(1);
      left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
      shown = octets.size() - left.size();
      below("| " + printable_utf8(text.substr(0, 300)));
    }
    if (const std::uint64_t all = pdu.end - pdu.begin; all > shown)
      below(fmt::format("| ... {} more", counted(all - shown, "octet", "octets")));
  }

  std::string marks(const Pdu& pdu) const {
    std::string text;
    if ((pdu.flags & Pdu::kRetransmitted) != 0) text += "  [sent more than once]";
    if ((pdu.flags & Pdu::kIncomplete) != 0) text += "  [not whole]";
    if ((pdu.flags & Pdu::kOutOfPlace) != 0) text += "  [out of place]";
    if (pdu.received == kNever) text += "  [lost]";
    return text;
  }

  std::ostream& out_;
  const Trace& trace_;
  const TranscriptOptions& options_;
  bool blank_ = true;
};

}  // namespace

void write_transcript(std::ostream& out, const Trace& trace, const TranscriptOptions& options) {
  Writer(out, trace, options).write();
}

std::string transcript(const Trace& trace, const TranscriptOptions& options) {
  std::ostringstream out;
  write_transcript(out, trace, options);
  return out.str();
}

}  // namespace mailscope::export_
