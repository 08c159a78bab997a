// The report as JSON, the one shape of `run --json` and `analyze --json`.
//
// Keys come in a fixed order, an item of an array a line, times in seconds with nine decimals
// (exact nanoseconds), `begin` as an RFC 3339 UTC time. Always valid UTF-8: octets that are not
// become U+FFFD. Secrets are masked unless asked for. `exchanges` needs a trace with PDUs
// (Keep::Everything).
#pragma once

#include <iosfwd>
#include <string>

#include "captures/trace/trace.hpp"

namespace mailscope::export_ {

struct JsonOptions {
  bool exchanges = false;
  bool show_secrets = false;
};

void write_json(std::ostream& out, const trace::Trace& trace, const JsonOptions& options = {});
std::string report_json(const trace::Trace& trace, const JsonOptions& options = {});

}  // namespace mailscope::export_
