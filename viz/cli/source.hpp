// Opens what a command line names: a scenario (shipped, or a .toml file), which is then played, or
// capture files, which are then read. Either way the result is a trace.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"

namespace mailscope::cli {

// Everything is kept: for the window, pictures and exchanges. The error is one line.
tl::expected<std::unique_ptr<trace::Trace>, std::string> open_source(
    const std::vector<std::string>& names, std::optional<std::uint64_t> seed = {});

}  // namespace mailscope::cli
