#include "captures/pcap/writer.hpp"
#include "captures/pcap/limits.hpp"

#include <fcntl.h>
#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace mailscope::pcap {
namespace {

int dlt_of_linktype(std::uint16_t link_type) {
  switch (link_type) {
    case 101:
      return DLT_RAW;
    case 100:
      return DLT_ATM_RFC1483;
    case 102:
      return DLT_SLIP_BSDOS;
    case 103:
      return DLT_PPP_BSDOS;
    default:
      return link_type;
  }
}

}  // namespace

struct Writer::State {
  std::string path, temporary;
  std::string problem;
  pcap_t* pcap = nullptr;
  pcap_dumper_t* dumper = nullptr;
  bool finished = false;

  ~State() { abandon(); }
  void abandon() {
    if (dumper != nullptr) pcap_dump_close(std::exchange(dumper, nullptr));
    if (pcap != nullptr) pcap_close(std::exchange(pcap, nullptr));
    if (!temporary.empty() && !finished) unlink(std::exchange(temporary, {}).c_str());
  }
  tl::unexpected<std::string> fail(const std::string& what, const char* right) {
    problem = path + ": " + what + ", " + right + " would be right";
    abandon();
    return tl::unexpected(problem);
  }
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

namespace {

// A pipe, /dev/null or /dev/stdout is written to; putting a file in its place would destroy it.
bool is_special(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

}  // namespace

tl::expected<Writer, std::string> Writer::create(const std::string& path, std::uint16_t link_type) {
  auto state = std::make_unique<State>();
  state->path = path;
  std::string temporary = path + ".XXXXXX";
  const bool special = is_special(path);
  const int fd =
      special ? open(path.c_str(), O_WRONLY | O_CLOEXEC) : mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return state->fail(std::strerror(errno), "a folder that can be written to");
  if (!special) {
    state->temporary = temporary;
    // mkostemp makes a private file; a capture is as readable as any other new file.
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
  }
  std::FILE* file = fdopen(fd, "wb");
  if (file == nullptr) {
    close(fd);
    return state->fail(std::strerror(errno), "a folder that can be written to");
  }
  state->pcap = pcap_open_dead_with_tstamp_precision(dlt_of_linktype(link_type), kSnapLength,
                                                     PCAP_TSTAMP_PRECISION_NANO);
  if (state->pcap != nullptr) state->dumper = pcap_dump_fopen(state->pcap, file);
  if (state->dumper == nullptr) {
    std::fclose(file);
    return state->fail("the file cannot be begun", "another link type");
  }
  return Writer(std::move(state));
}

tl::expected<void, std::string> Writer::write(std::int64_t at, std::string_view octets,
                                              std::uint32_t wire_octets) {
  State& state = *state_;
  if (!state.problem.empty()) return tl::unexpected(state.problem);
  assert(!state.finished);
  if (at < 0 || at / kNanosecond > UINT32_MAX)
    return state.fail("a packet's time does not fit the format", "a time from 1970 to 2106");
  pcap_pkthdr header{};
  header.ts.tv_sec = at / kNanosecond;
  header.ts.tv_usec = at % kNanosecond;  // nanoseconds: see pcap_open_dead_with_tstamp_precision
  header.len = std::max<std::uint32_t>(wire_octets, static_cast<std::uint32_t>(octets.size()));
  header.caplen = static_cast<std::uint32_t>(std::min<std::size_t>(octets.size(), kSnapLength));
  pcap_dump(reinterpret_cast<unsigned char*>(state.dumper), &header,
            reinterpret_cast<const unsigned char*>(octets.data()));
  if (std::ferror(pcap_dump_file(state.dumper)) != 0)
    return state.fail(std::strerror(errno), "a disk with room");
  return {};
}

tl::expected<void, std::string> Writer::finish() {
  State& state = *state_;
  if (!state.problem.empty()) return tl::unexpected(state.problem);
  assert(!state.finished);
  if (pcap_dump_flush(state.dumper) != 0)
    return state.fail(std::strerror(errno), "a disk with room");
  pcap_dump_close(std::exchange(state.dumper, nullptr));
  if (!state.temporary.empty() && std::rename(state.temporary.c_str(), state.path.c_str()) != 0)
    return state.fail(std::strerror(errno), "a name that can be written to");
  state.finished = true;
  return {};
}

}  // namespace mailscope::pcap
