#include "captures/export/pcap_export.hpp"

#include <fmt/format.h>

#include "captures/pcap/writer.hpp"

namespace mailscope::export_ {

tl::expected<std::uint64_t, std::string> write_pcap(const trace::Trace& trace,
                                                    const std::string& path) {
  const std::uint16_t link_type = trace.frames.empty() ? 1 : trace.frames.front().link_type;
  for (const trace::Frame& frame : trace.frames)
    if (frame.link_type != link_type)
      return tl::unexpected(
          fmt::format("{}: a pcap file holds one link type, and these frames have {} and {}", path,
                      link_type, frame.link_type));
  tl::expected<pcap::Writer, std::string> writer = pcap::Writer::create(path, link_type);
  if (!writer) return tl::unexpected(writer.error());
  std::uint64_t written = 0;
  for (trace::Id id = 0; id < trace.frames.size(); ++id) {
    const trace::Frame& frame = trace.frames[id];
    if (frame.origin != id || frame.fate == trace::Fate::Duplicate) continue;
    const auto result =
        writer->write(trace.source.begin + frame.sent, trace.octets(frame), frame.wire_octets);
    if (!result) return tl::unexpected(result.error());
    ++written;
  }
  if (const auto result = writer->finish(); !result) return tl::unexpected(result.error());
  return written;
}

}  // namespace mailscope::export_
