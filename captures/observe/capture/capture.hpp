// Reads capture files (pcap, pcapng) into a trace: frames, a host for each IP address, then the
// road.
//
// Several files are merged by time stamp. t = 0 is the first packet's time. With Keep::Everything
// the files stay mapped and hold the octets of the frames; a file must not change while the trace
// lives. Errors: one line, "FILE: what is wrong, and what would be right"; a file that is damaged
// or stops in the middle is no error but a finding, and what could be read is in the trace.
#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "captures/observe/road.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

struct CaptureOptions {
  RoadOptions road;
  // Called now and then with the share that is read, 0..1. May be empty.
  std::function<void(double share)> progress;
};

tl::expected<void, std::string> analyze_file(const std::string& path, trace::Trace& trace,
                                             const CaptureOptions& options = {});
tl::expected<void, std::string> analyze_files(const std::vector<std::string>& paths,
                                              trace::Trace& trace,
                                              const CaptureOptions& options = {});

}  // namespace mailscope::observe
