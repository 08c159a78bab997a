// Times our reading of a capture of mail against tshark and tcpflow, side by side in one run.
//
//   bench-capture [FILE] [--rounds N] [--octets N]
//
// Without FILE a capture is made by make-capture, which stands beside this program. Ours reads the
// file, puts the streams together, reads every command and message, and takes the SHA-256 of each
// message
// ("messages"), and of each decoded part as well ("messages and parts"). tshark makes one plain
// pass in which it dissects every packet (with -q alone it would only copy the file: that line is
// there to show it), tcpflow writes the streams to files. Every run is a process of its own, so
// that its peak memory is its own; the rounds take turns, and the best of each counts. The ratios
// are of processor time (user and system), which a busy machine disturbs less than the clock; both
// are printed. Peers that are not installed are passed over.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "captures/observe/capture/capture.hpp"

namespace fs = std::filesystem;
using namespace mailscope;

namespace {

struct Result {
  bool ran = false;
  double seconds = 0;    // by the clock
  double processor = 0;  // user and system
  double megabytes = 0;  // peak resident set
};

// Runs `work` in a child process; its return value is the exit status.
Result timed(const std::function<int()>& work) {
  std::fflush(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return {};
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, took.count(),
          seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024};
}

int exec_quietly(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int null = open("/dev/null", O_WRONLY);
  dup2(null, 1);
  dup2(null, 2);
  execvp(argv[0], argv.data());
  return 127;
}

int analyze(const std::string& path, bool parts, bool tell) {
  trace::Trace trace;
  observe::CaptureOptions options;
  options.road.keep = observe::Keep::Summary;
  options.road.parts = parts;
  if (!observe::analyze_file(path, trace, options)) return 1;
  if (tell) {
    std::uint64_t commands = 0, octets = 0, whole = 0;
    for (const trace::Connection& connection : trace.connections) commands += connection.commands;
    for (const trace::Mail& mail : trace.mails) {
      octets += mail.octets;
      whole += mail.complete ? 1 : 0;
    }
    std::printf("%zu connections, %llu commands, %zu messages (%llu whole) of %.1f MB\n",
                trace.connections.size(), static_cast<unsigned long long>(commands),
                trace.mails.size(), static_cast<unsigned long long>(whole),
                static_cast<double>(octets) / 1e6);
    std::fflush(stdout);
  }
  _exit(0);  // as a program would end: without taking the trace apart
}

struct Contender {
  std::string name;
  std::function<int()> work;
  std::function<void()> after;
  Result best;
};

void take_turns(std::vector<Contender>& contenders, int rounds) {
  for (int round = 0; round < rounds; ++round)
    for (Contender& contender : contenders) {
      const Result result = timed(contender.work);
      if (contender.after) contender.after();
      if (!result.ran) continue;
      const bool better = !contender.best.ran || result.processor < contender.best.processor;
      const double peak = std::max(contender.best.megabytes, result.megabytes);
      if (better) contender.best = result;
      contender.best.megabytes = peak;
    }
}

void print(const std::vector<Contender>& contenders) {
  std::printf("%-36s %9s %9s %9s %14s %16s\n", "", "clock s", "proc. s", "peak MB", "to messages",
              "to parts as well");
  for (const Contender& contender : contenders) {
    if (!contender.best.ran) {
      std::printf("%-36s skipped: not installed, or it failed\n", contender.name.c_str());
      continue;
    }
    std::printf("%-36s %9.3f %9.3f %9.1f %13.1fx %15.1fx\n", contender.name.c_str(),
                contender.best.seconds, contender.best.processor, contender.best.megabytes,
                contender.best.processor / contenders[0].best.processor,
                contender.best.processor / contenders[1].best.processor);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string path, octets = "306000000";
  int rounds = 3;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
      rounds = std::max(1, std::atoi(argv[++i]));
    else if (std::strcmp(argv[i], "--octets") == 0 && i + 1 < argc)
      octets = argv[++i];
    else
      path = argv[i];
  }
  if (!path.empty() && !fs::is_regular_file(path)) {
    std::fprintf(stderr, "%s is no file; usage: bench-capture [--rounds N] [--octets N] [FILE]\n",
                 path.c_str());
    return 2;
  }
  const fs::path scratch =
      fs::temp_directory_path() / ("bench-capture-" + std::to_string(getpid()));
  fs::create_directories(scratch);
  if (path.empty()) {
    path = (scratch / "mail.pcap").string();
    const std::string maker =
        (fs::read_symlink("/proc/self/exe").parent_path() / "make-capture").string();
    if (!timed([&] { return exec_quietly({maker, "--octets", octets, "-o", path}); }).ran) {
      std::printf("skipped: %s did not make a capture; name a FILE\n", maker.c_str());
      fs::remove_all(scratch);
      return 0;
    }
  }
  std::printf("%s: %.1f MB\n", path.c_str(), static_cast<double>(fs::file_size(path)) / 1e6);
  timed([&] { return analyze(path, true, true); });

  const std::string flows = (scratch / "flows").string();
  const auto ours = [&](bool parts) {
    return [&path, parts] { return analyze(path, parts, false); };
  };
  const auto peer = [](std::vector<std::string> arguments) {
    return [arguments] { return exec_quietly(arguments); };
  };
  std::vector<Contender> contenders;
  contenders.push_back({"ours, messages", ours(false), {}, {}});
  contenders.push_back({"ours, messages and parts", ours(true), {}, {}});
  contenders.push_back({"tshark -r FILE", peer({"tshark", "-r", path}), {}, {}});
  contenders.push_back(
      {"tshark -r FILE -q (no dissection)", peer({"tshark", "-r", path, "-q"}), {}, {}});
  contenders.push_back({"tcpflow -r FILE -o DIR",
                        peer({"tcpflow", "-r", path, "-o", flows}),
                        [&] { fs::remove_all(flows); },
                        {}});
  take_turns(contenders, rounds);
  print(contenders);
  fs::remove_all(scratch);
  return contenders[0].best.ran ? 0 : 1;
}
