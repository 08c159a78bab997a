#include <fmt/format.h>

#include <iostream>

#include "captures/export/extract.hpp"
#include "captures/export/json.hpp"
#include "captures/export/transcript.hpp"
#include "captures/observe/capture/capture.hpp"
#include "viz/cli/options.hpp"
#include "viz/cli/progress.hpp"

namespace mailscope::cli {
namespace {

constexpr Option kAnalyzeOptions[] = {
    {.name = "json", .help = "the report as JSON"},
    {.name = "exchanges",
     .help = "every command with its replies: in the JSON, or as plain text without it"},
    {.name = "extract",
     .value = "DIR",
     .help = "writes the messages to DIR/0001.eml, ... and parts with file names to DIR/0001/; DIR "
             "is made, or is empty"},
    {.name = "show-secrets", .help = "does not mask passwords"},
};

constexpr Usage kAnalyzeUsage = {
    "mailscope analyze CAPTURE... [options]",
    "Reads captures (pcap, pcapng) and reports the mail in them: connections, messages with their "
    "parts,\n"
    "and what went wrong. Several files are merged by time. Passwords are masked unless asked for.",
    "  mailscope analyze monday.pcap\n"
    "  mailscope analyze monday.pcap --exchanges\n"
    "  mailscope analyze monday.pcap tuesday.pcapng --json --exchanges\n"
    "  mailscope analyze monday.pcap --extract mails\n",
    "CAPTURE", kAnalyzeOptions};

}  // namespace

int analyze_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kAnalyzeUsage, given)) return *over;
  if (!given.has("CAPTURE"))
    return fail(kWrongUsage,
                fmt::format("analyze wants a capture; usage: {}", kAnalyzeUsage.synopsis));
  const bool exchanges = given.has("exchanges");
  const bool secrets = given.has("show-secrets");

  observe::CaptureOptions options;
  options.road.keep = exchanges ? observe::Keep::Everything : observe::Keep::Summary;
  std::unique_ptr<observe::Extractor> extractor;
  if (given.has("extract")) {
    auto made = observe::Extractor::make(given.text("extract"));
    if (!made) return fail(kWrongUsage, made.error());
    extractor = std::move(*made);
    options.road.content = extractor.get();
  }
  Progress progress("reading");
  options.progress = [&](double share) { progress.show(share); };
  trace::Trace trace;
  const auto read = observe::analyze_files(given.all("CAPTURE"), trace, options);
  progress.clear();
  if (!read) return fail(kWrongUsage, read.error());

  if (given.has("json"))
    export_::write_json(std::cout, trace, {.exchanges = exchanges, .show_secrets = secrets});
  else if (exchanges)
    export_::write_transcript(std::cout, trace, {.show_secrets = secrets});
  else
    export_::write_summary(std::cout, trace);
  std::cout.flush();
  if (extractor && !extractor->error().empty()) return fail(kFailed, extractor->error());
  return kDone;
}

}  // namespace mailscope::cli
