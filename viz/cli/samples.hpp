// The captures of captures/samples/, recorded with real programs. They are built into the program,
// so that the gallery has them wherever it is started.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"

namespace mailscope::cli {

struct Sample {
  std::string_view name;  // "swaks.pcap"
  std::string_view title;
  std::string_view summary;  // a sentence or two: what to see in it
  std::string_view client, server;
  std::string_view protocol;
};

std::span<const Sample> samples();
// Null when there is no such.
const Sample* find_sample(std::string_view name);
// The file, as it was built in; empty when there is no such. (sample_octets.cpp is made at
// configure time.)
std::string_view sample_octets(std::string_view name);
// Reads it as any capture is read; everything is kept. The error is one line.
tl::expected<std::unique_ptr<trace::Trace>, std::string> open_sample(const Sample& sample);

}  // namespace mailscope::cli
