// The subcommands of `mailscope`. Each takes its arguments (without program and subcommand name)
// and returns the exit code: 0 done, 1 the run or one of the scenario's own checks failed, 2 wrong
// usage or unreadable input. They write to standard output; what went wrong is one line on standard
// error.
#pragma once

#include <string>
#include <vector>

namespace mailscope::cli {

using Arguments = std::vector<std::string>;

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;

int list_command(const Arguments& arguments);
int run_command(const Arguments& arguments);
int analyze_command(const Arguments& arguments);
int explain_command(const Arguments& arguments);
int serve_command(const Arguments& arguments);
int view_command(const Arguments& arguments);
int shot_command(const Arguments& arguments);
int gallery_command();

}  // namespace mailscope::cli
