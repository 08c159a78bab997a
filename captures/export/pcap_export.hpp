// Writes the frames of a trace as a capture file: each packet once, as its sender put it on the
// wire.
//
// Frames whose `origin` is another frame (later hops, duplicates) are left out, so that the file
// opened again shows the same dialogues. Nanosecond time stamps. Errors: one line.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"

namespace mailscope::export_ {

// Returns the number of frames written.
tl::expected<std::uint64_t, std::string> write_pcap(const trace::Trace& trace,
                                                    const std::string& path);

}  // namespace mailscope::export_
