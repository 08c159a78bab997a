#include "captures/observe/capture/capture.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "captures/observe/capture/intake.hpp"
#include "captures/pcap/reader.hpp"

namespace mailscope::observe {
namespace {

constexpr std::uint64_t kPacketsBetweenProgress = 8192;

std::string last_component(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// How much of the files is read, 0..1.
double share_of(const std::deque<pcap::Reader>& readers) {
  std::uint64_t position = 0, octets = 0;
  for (const pcap::Reader& reader : readers) {
    position += reader.position();
    octets += reader.file_octets();
  }
  return octets == 0 ? 0
                     : std::min(1.0, static_cast<double>(position) / static_cast<double>(octets));
}

}  // namespace

tl::expected<void, std::string> analyze_files(const std::vector<std::string>& paths,
                                              trace::Trace& trace, const CaptureOptions& options) {
  trace.source.kind = trace::SourceKind::File;
  std::deque<pcap::Reader> readers;
  Intake intake(trace, options.road);
  for (const std::string& path : paths) {
    auto reader = pcap::Reader::open(path);
    if (!reader) return tl::unexpected(reader.error());
    readers.push_back(std::move(*reader));
    const bool everything = options.road.keep == Keep::Everything;
    intake.add(readers.back(), everything ? trace.store.map_file(path) : -1);
    trace.source.name += (trace.source.name.empty() ? "" : ", ") + last_component(path);
  }
  while (intake.read(kPacketsBetweenProgress) == pcap::Next::Frame)
    if (options.progress && share_of(readers) > 0) options.progress(share_of(readers));
  intake.finish();
  if (options.progress) options.progress(1.0);
  return {};
}

tl::expected<void, std::string> analyze_file(const std::string& path, trace::Trace& trace,
                                             const CaptureOptions& options) {
  return analyze_files({path}, trace, options);
}

}  // namespace mailscope::observe
