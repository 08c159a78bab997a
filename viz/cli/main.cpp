// mailscope: finds the subcommand and runs it.

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include "protocols/base/ascii.hpp"
#include "viz/cli/options.hpp"

namespace mailscope::cli {
namespace {

constexpr std::string_view kHelp =
    "MailScope: see every octet of e-mail, and know why it is there.\n"
    "\n"
    "Usage:\n"
    "  mailscope                                 the gallery of scenarios, in a window\n"
    "  mailscope list                            the scenarios that can be played\n"
    "  mailscope view SCENARIO|CAPTURE...        the window, opened paused at t = 0\n"
    "  mailscope run SCENARIO                    plays a scenario, as a transcript\n"
    "  mailscope analyze CAPTURE...              the mail in a capture (pcap, pcapng)\n"
    "  mailscope serve [SCENARIO]                its mail servers on real ports, for real "
    "programs\n"
    "  mailscope explain [WORD...]               what a command, code or field means\n"
    "  mailscope shot SCENARIO|CAPTURE...        a picture of the window, without a display\n"
    "\n"
    "mailscope COMMAND --help says more, with examples.\n"
    "Exit code: 0 done, 1 a check failed, 2 wrong usage or unreadable input.\n";

int run(const std::string& command, const Arguments& arguments) {
  if (command == "list") return list_command(arguments);
  if (command == "run") return run_command(arguments);
  if (command == "analyze") return analyze_command(arguments);
  if (command == "explain") return explain_command(arguments);
  if (command == "serve") return serve_command(arguments);
#ifdef MAILSCOPE_WITH_WINDOW
  if (command == "view") return view_command(arguments);
  if (command == "shot") return shot_command(arguments);
#endif
  return fail(
      kWrongUsage,
      fmt::format(
          "there is no command \"{}\"; there are list, view, run, analyze, serve, explain and shot",
          printable(command)));
}

int start(const Arguments& arguments) {
  if (arguments.empty()) {
#ifdef MAILSCOPE_WITH_WINDOW
    return gallery_command();
#else
    return run_command({"maa"});
#endif
  }
  const std::string& command = arguments[0];
  if (command == "--help" || command == "-h" || command == "help") {
    fmt::print("{}", kHelp);
    return kDone;
  }
  if (command == "--version") {
    fmt::print("mailscope {}\n", MAILSCOPE_VERSION);
    return kDone;
  }
  return run(command, {arguments.begin() + 1, arguments.end()});
}

}  // namespace
}  // namespace mailscope::cli

int main(int count, char** values) {
  try {
    return mailscope::cli::start({values + 1, values + count});
  } catch (const std::exception& error) {
    return mailscope::cli::fail(mailscope::cli::kFailed, mailscope::printable(error.what()));
  }
}
