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

constexpr Usage kUsage = {
    "mailscope analyze CAPTURE... [options]",
    "Reads captures (pcap, pcapng) and reports the mail in them: connections, messages with their "
    "parts,\n"
    "and what went wrong. Several files are merged by time. Passwords are masked unless asked for.",
    "  mailscope analyze monday.pcap\n"
    "  mailscope analyze monday.pcap --exchanges\n"
    "  mailscope analyze monday.pcap tuesday.pcapng --json --exchanges\n"
    "  mailscope analyze monday.pcap --extract mails\n"};

po::options_description describe_options() {
  po::options_description options("Options");
  options.add_options()("json", "the report as JSON")(
      "exchanges", "every command with its replies: in the JSON, or as plain text without it")(
      "extract", po::value<std::string>()->value_name("DIR"),
      "writes the messages to DIR/0001.eml, ... and parts with file names to DIR/0001/; DIR is "
      "made, or is empty")("show-secrets", "does not mask passwords");
  return options;
}

}  // namespace

int analyze_command(const Arguments& arguments) {
  po::variables_map values;
  if (const auto over = read_options(arguments, describe_options(), "CAPTURE", kUsage, values))
    return *over;
  if (!values.count("CAPTURE"))
    return fail(kWrongUsage, fmt::format("analyze wants a capture; usage: {}", kUsage.synopsis));
  const bool exchanges = values.count("exchanges") > 0;
  const bool secrets = values.count("show-secrets") > 0;

  observe::CaptureOptions options;
  options.road.keep = exchanges ? observe::Keep::Everything : observe::Keep::Summary;
  std::unique_ptr<observe::Extractor> extractor;
  if (values.count("extract")) {
    auto made = observe::Extractor::make(values["extract"].as<std::string>());
    if (!made) return fail(kWrongUsage, made.error());
    extractor = std::move(*made);
    options.road.content = extractor.get();
  }
  Progress progress("reading");
  options.progress = [&](double share) { progress.show(share); };
  trace::Trace trace;
  const auto read = observe::analyze_files(values["CAPTURE"].as<Arguments>(), trace, options);
  progress.clear();
  if (!read) return fail(kWrongUsage, read.error());

  if (values.count("json"))
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
