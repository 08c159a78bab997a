// A capture file, whatever it is, to a trace: the file reader and the whole road behind it.
#include <sys/mman.h>
#include <unistd.h>

#include "captures/observe/capture/capture.hpp"
#include "fuzz.hpp"
#include "trace_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailscope;
  const int file = memfd_create("capture", 0);
  fuzz::check(file >= 0 && write(file, data, size) == static_cast<ssize_t>(size),
              "a file in memory");
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  for (const observe::Keep keep : {observe::Keep::Everything, observe::Keep::Summary}) {
    trace::Trace trace;
    observe::CaptureOptions options;
    options.road.keep = keep;
    if (observe::analyze_file(path, trace, options)) fuzz::check_trace(trace);
  }
  close(file);
  return 0;
}
