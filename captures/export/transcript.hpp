// The trace as plain text: the narrated transcript of a run or of a dialogue, and the summary of a
// capture.
//
// Every line stands by itself (time, connection, who to whom, C: or S:), so that it reads well
// aloud; at most about 100 columns, no escape sequences, whatever came from the wire printable.
// Content is cut to its header and first lines. Secrets are masked unless asked for.
#pragma once

#include <iosfwd>
#include <string>

#include "captures/trace/trace.hpp"

namespace mailscope::export_ {

struct TranscriptOptions {
  bool show_secrets = false;
  bool inside_events = true;       // state changes of simulated hosts
  bool narration = true;           // chapters and notes
  std::size_t content_lines = 12;  // of a message
};

// Needs a trace with PDUs (Keep::Everything).
void write_transcript(std::ostream& out, const trace::Trace& trace,
                      const TranscriptOptions& options = {});
std::string transcript(const trace::Trace& trace, const TranscriptOptions& options = {});

// Tables of connections, messages and findings; each at most `rows_max` rows, the rest counted.
struct SummaryOptions {
  std::size_t rows_max = 200;
};
void write_summary(std::ostream& out, const trace::Trace& trace,
                   const SummaryOptions& options = {});
std::string summary(const trace::Trace& trace, const SummaryOptions& options = {});

}  // namespace mailscope::export_
