#include "captures/pcap/reader.hpp"

#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "captures/pcap/offsets.hpp"

namespace mailscope::pcap {
namespace {

constexpr std::size_t kFileBuffer = 256 * 1024;
constexpr std::int64_t kSecondsMax = INT64_MAX / 1'000'000'000 - 1;

// libpcap gives its own number for the few link types whose DLT_ differs between systems.
std::uint16_t linktype_of_dlt(int dlt) {
  switch (dlt) {
    case DLT_RAW:
      return 101;
    case DLT_ATM_RFC1483:
      return 100;
    case DLT_SLIP_BSDOS:
      return 102;
    case DLT_PPP_BSDOS:
      return 103;
    default:
      return static_cast<std::uint16_t>(dlt);
  }
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// libpcap's words on an unreadable file, in ours.
std::string explain_open(std::string_view error) {
  if (contains(error, "unknown file format"))
    return "this is no capture, a pcap or pcapng file would be right";
  if (contains(error, "truncated dump file"))
    return "the file stops within its header, a whole pcap or pcapng file would be right";
  if (contains(error, "has a type"))
    return "its interfaces have different link types, a file with one link type would be right";
  if (contains(error, "doesn't have enough") || contains(error, "archaic"))
    return "the format's version is not read, pcap 2.4 or pcapng 1.0 would be right";
  return std::string(error) + ", a pcap or pcapng file would be right";
}

// The same for a file that goes bad later.
std::string explain_read(std::string_view error, std::uint64_t packets) {
  const std::string count = std::to_string(packets);
  const std::string kept = ", the " + count + " packets before it were read";
  if (contains(error, "truncated"))
    return "the file stops within packet " + std::to_string(packets + 1) + kept;
  if (contains(error, "different from the type of the first interface"))
    return "after packet " + count + " an interface has another link type than the first one" +
           ", a file with one link type would be right" + kept;
  if (contains(error, "snapshot length"))
    return "after packet " + count + " an interface has another snap length than the first one" +
           ", a file with one snap length would be right" + kept;
  if (contains(error, "invalid packet capture length") || contains(error, "larger than"))
    return "packet " + std::to_string(packets + 1) + " claims an impossible length (" +
           std::string(error) + "), at most 262144 octets would be right" + kept;
  return "after packet " + count + ": " + std::string(error) + kept;
}

}  // namespace

struct Reader::State {
  std::string path;
  std::string problem;
  std::FILE* file = nullptr;
  std::vector<char> buffer;  // the FILE's; outlives it
  pcap_t* pcap = nullptr;
  std::unique_ptr<OffsetFinder> offsets;  // none where the input cannot seek
  std::uint64_t packets = 0;
  std::uint64_t file_octets = 0;
  std::uint64_t position = 0;
  std::uint32_t snap_length = 0;
  std::uint16_t link_type = 0;
  bool over = false;

  ~State() {
    if (pcap != nullptr) {
      pcap_close(pcap);  // closes the FILE too, but for standard input
    } else if (file != nullptr && file != stdin) {
      std::fclose(file);
    }
  }
  bool next(Packet& packet);
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

tl::expected<Reader, std::string> Reader::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path == "-" ? "standard input" : path;
  state->file = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
  if (state->file == nullptr)
    return tl::unexpected(path + ": " + std::strerror(errno) + ", a readable file would be right");
  struct stat status {};
  if (fstat(fileno(state->file), &status) == 0 && S_ISDIR(status.st_mode))
    return tl::unexpected(path + ": this is a folder, a pcap or pcapng file would be right");
  if (S_ISREG(status.st_mode) && state->file != stdin) {
    state->file_octets = static_cast<std::uint64_t>(status.st_size);
    state->buffer.resize(kFileBuffer);
    std::setvbuf(state->file, state->buffer.data(), _IOFBF, state->buffer.size());
    // Tells the C library the position, so that ftell needs no system call from here on.
    std::fseek(state->file, 0, SEEK_SET);
    state->offsets = std::make_unique<OffsetFinder>(fileno(state->file));
  }
  char error[PCAP_ERRBUF_SIZE] = "";
  state->pcap =
      pcap_fopen_offline_with_tstamp_precision(state->file, PCAP_TSTAMP_PRECISION_NANO, error);
  if (state->pcap == nullptr) {
    if (status.st_size == 0 && S_ISREG(status.st_mode))
      return tl::unexpected(path + ": the file is empty, a pcap or pcapng file would be right");
    return tl::unexpected(state->path + ": " + explain_open(error));
  }
  state->link_type = linktype_of_dlt(pcap_datalink(state->pcap));
  const int snap = pcap_snapshot(state->pcap);
  state->snap_length = snap > 0 ? static_cast<std::uint32_t>(snap) : 0;
  return Reader(std::move(state));
}

bool Reader::next(Packet& packet) {
  return state_->next(packet);
}

bool Reader::State::next(Packet& packet) {
  if (over) return false;
  pcap_pkthdr* header = nullptr;
  const unsigned char* octets = nullptr;
  const int status = pcap_next_ex(pcap, &header, &octets);
  if (status != 1) {
    over = true;
    if (status == PCAP_ERROR) problem = path + ": " + explain_read(pcap_geterr(pcap), packets);
    return false;
  }
  ++packets;
  // libpcap was asked for nanoseconds; damaged ones may be anything.
  const auto seconds = std::clamp<std::int64_t>(static_cast<std::int64_t>(header->ts.tv_sec),
                                                -kSecondsMax, kSecondsMax);
  const auto nanoseconds =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(header->ts.tv_usec), 0, 999'999'999);
  packet.at = seconds * 1'000'000'000 + nanoseconds;
  packet.octets = {reinterpret_cast<const char*>(octets), header->caplen};
  packet.wire_octets = std::max(header->len, header->caplen);
  packet.link_type = link_type;
  packet.file_offset = kOffsetUnknown;
  if (offsets) {
    const off_t at = ftello(file);
    if (at >= 0) {
      position = static_cast<std::uint64_t>(at);
      packet.file_offset = offsets->find(position, packet.octets);
    }
  }
  return true;
}

const std::string& Reader::problem() const {
  return state_->problem;
}
std::uint16_t Reader::link_type() const {
  return state_->link_type;
}
std::uint32_t Reader::snap_length() const {
  return state_->snap_length;
}
std::uint64_t Reader::packets() const {
  return state_->packets;
}
std::uint64_t Reader::file_octets() const {
  return state_->file_octets;
}
std::uint64_t Reader::position() const {
  return state_->position;
}

}  // namespace mailscope::pcap
