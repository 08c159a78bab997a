#include "captures/observe/masking.hpp"

#include <algorithm>
#include <functional>

#include "captures/languages/languages.hpp"
#include "captures/tcp/decode.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::observe {
namespace {

using trace::Frame;
using trace::Id;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

constexpr std::string_view kMask = "********";
constexpr std::size_t kSecretLineMax = 4096;  // of a secret line no more is looked at

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string shown_line(const languages::Language& language, const Pdu& pdu, std::string_view line,
                       bool show_secrets, std::size_t octets_max) {
  const bool masked = (pdu.flags & Pdu::kSecret) != 0 && !show_secrets;
  if (masked) {
    const std::size_t secret = language.secret_begin(line, pdu.kind);
    if (secret < line.size())
      return printable_utf8(line.substr(0, std::min(secret, octets_max))).append(kMask);
  }
  if (line.size() <= octets_max) return printable_utf8(line);
  return printable_utf8(line.substr(0, octets_max)) + "...";
}

bool has_text(PduKind kind) {
  return kind == PduKind::Command || kind == PduKind::Continuation || kind == PduKind::Reply ||
         kind == PduKind::Data || kind == PduKind::Opaque;
}

// The secret stretch of a PDU in its stream.
struct StreamRange {
  std::uint64_t begin = 0, end = 0;
};
StreamRange secret_stretch(const Trace& trace, const Pdu& pdu) {
  const languages::Language& language = languages::of(trace, pdu);
  const std::string octets = trace.pdu_octets(pdu, kSecretLineMax);
  const std::string_view line = without_line_end(octets);
  const std::size_t secret = language.secret_begin(line, pdu.kind);
  const bool longer = octets.size() >= kSecretLineMax;
  return {pdu.begin + secret, longer ? pdu.end : pdu.begin + line.size()};
}

// A frame's TCP payload as a place in its stream, told from any segment of that direction: their
// sequence numbers differ as their offsets do.
struct Payload {
  bool known = false;
  Direction direction = Direction::ToServer;
  std::uint64_t begin = 0;  // stream offset, may lie before 0 by the SYN
  std::uint32_t at = 0, octets = 0;
};
std::uint32_t payload_seq(const tcp::Decoded& decoded) {
  return decoded.seq + ((decoded.flags & tcp::kSyn) != 0 ? 1 : 0);
}
Payload locate(const Trace& trace, const trace::Connection& connection, const Frame& frame) {
  const tcp::Decoded decoded = tcp::decode(trace.octets(frame), frame.link_type, frame.wire_octets);
  if (!decoded.is_tcp()) return {};
  Payload payload;
  const bool from_client =
      decoded.source == connection.client.address && decoded.source_port == connection.client.port;
  payload.direction = from_client ? Direction::ToServer : Direction::ToClient;
  if (connection.stream == kNone) return {};
  const Id known =
      trace.streams[connection.stream].first_segment[static_cast<int>(payload.direction)];
  if (known == kNone) return {};
  const trace::Segment& segment = trace.segments[known];
  if (segment.frame >= trace.frames.size()) return {};
  const Frame& carrier = trace.frames[segment.frame];
  const tcp::Decoded reference =
      tcp::decode(trace.octets(carrier), carrier.link_type, carrier.wire_octets);
  if (!reference.is_tcp()) return {};
  const std::uint32_t reference_seq =
      payload_seq(reference) + (segment.payload_at - reference.payload_at);
  const auto distance = static_cast<std::int32_t>(payload_seq(decoded) - reference_seq);
  payload.known = true;
  payload.begin = segment.begin + static_cast<std::uint64_t>(std::int64_t{distance});
  payload.at = decoded.payload_at;
  payload.octets = decoded.payload_octets;
  return payload;
}

void add_overlap(std::vector<OctetRange>& ranges, const StreamRange& secret, std::uint64_t begin,
                 std::uint32_t at, std::uint32_t octets) {
  // Differences modulo 2^64, so that a payload that begins before offset 0 compares rightly.
  const auto from = std::max<std::int64_t>(static_cast<std::int64_t>(secret.begin - begin), 0);
  const auto to =
      std::min<std::int64_t>(static_cast<std::int64_t>(secret.end - begin), std::int64_t{octets});
  if (from >= to) return;
  ranges.push_back({at + static_cast<std::uint32_t>(from), at + static_cast<std::uint32_t>(to)});
}

}  // namespace

std::string display_text(const Trace& trace, const Pdu& pdu, bool show_secrets,
                         std::size_t octets_max) {
  if (!has_text(pdu.kind)) return {};
  const languages::Language& language = languages::of(trace, pdu);
  if (const auto lines = language.lines(trace, pdu); lines && !lines->empty())
    return shown_line(language, pdu, lines->front(), show_secrets, octets_max);
  const std::string octets = trace.pdu_octets(pdu, std::max(octets_max + 2, kSecretLineMax));
  const std::string_view all = octets;
  const std::string_view line = without_line_end(all.substr(0, all.find('\n')));
  return shown_line(language, pdu, line, show_secrets, octets_max);
}

std::vector<std::string> display_lines(const Trace& trace, const Pdu& pdu, bool show_secrets,
                                       std::size_t lines_max, std::size_t octets_max) {
  std::vector<std::string> lines;
  if (!has_text(pdu.kind)) return lines;
  const languages::Language& language = languages::of(trace, pdu);
  for (const std::string& line : language.lines(trace, pdu).value_or(std::vector<std::string>{}))
    if (lines.size() < lines_max)
      lines.push_back(shown_line(language, pdu, line, show_secrets, octets_max));
  if (!lines.empty()) return lines;
  const std::string octets = trace.pdu_octets(pdu, std::max(lines_max * 1024, kSecretLineMax));
  std::string_view left = octets;
  while (!left.empty() && lines.size() < lines_max) {
    const std::size_t end = left.find('\n');
    const std::string_view line = without_line_end(left.substr(0, end));
    lines.push_back(shown_line(language, pdu, line, show_secrets, octets_max));
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
  }
  return lines;
}

std::vector<OctetRange> secret_ranges(const Trace& trace, Id frame) {
  std::vector<OctetRange> ranges;
  if (frame >= trace.frames.size()) return ranges;
  const Frame& asked = trace.frames[frame];
  Id connection_id = asked.connection;
  if (connection_id == kNone && asked.origin < trace.frames.size())
    connection_id = trace.frames[asked.origin].connection;
  if (connection_id == kNone) return ranges;
  const trace::Connection& connection = trace.connections[connection_id];
  const Payload payload = locate(trace, connection, asked);
  for (Id id = connection.first_pdu; id != kNone; id = trace.pdus[id].next_in_connection) {
    const Pdu& pdu = trace.pdus[id];
    if ((pdu.flags & Pdu::kSecret) == 0 || pdu.layer > 0) continue;  // in a layer: in no frame
    const StreamRange secret = secret_stretch(trace, pdu);
    if (payload.known && payload.direction == pdu.direction)
      add_overlap(ranges, secret, payload.begin, payload.at, payload.octets);
    // A piece of a fragmented datagram has no TCP header of its own.
    for (Id s = pdu.segment; s != kNone && trace.segments[s].begin < pdu.end;
         s = trace.segments[s].next)
      if (trace.segments[s].frame == frame && !payload.known)
        add_overlap(ranges, secret, trace.segments[s].begin, trace.segments[s].payload_at,
                    trace.segments[s].octets);
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const OctetRange& a, const OctetRange& b) { return a.begin < b.begin; });
  return ranges;
}

std::string masked_frame(const Trace& trace, Id frame) {
  if (frame >= trace.frames.size()) return {};
  std::string octets(trace.octets(trace.frames[frame]));
  for (const OctetRange& range : secret_ranges(trace, frame))
    for (std::size_t at = range.begin; at < std::min<std::size_t>(range.end, octets.size()); ++at)
      octets[at] = '*';
  return octets;
}

}  // namespace mailscope::observe
