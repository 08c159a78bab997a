#include "captures/pcap/reader.hpp"

#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "captures/pcap/limits.hpp"
#include "captures/pcap/link_type.hpp"
#include "captures/pcap/pcapng.hpp"

namespace mailscope::pcap {
namespace {

constexpr std::size_t kFileBuffer = 64 * 1024;
constexpr std::uint32_t kFileHeader = 24;
// The longest packet that libpcap reads of any link type.
constexpr std::uint32_t kPacketOctetsMax = 128U << 20;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// libpcap's words on an unreadable file, in ours.
std::string explain_open(std::string_view error) {
  if (contains(error, "unknown file format"))
    return "this is no capture, a pcap or pcapng file would be right";
  if (contains(error, "truncated dump file"))
    return "the file stops within its header, a whole pcap or pcapng file would be right";
  if (contains(error, "archaic") || contains(error, "unsupported"))
    return "the format's version is not read, pcap 2.4 or pcapng 1.0 would be right";
  return std::string(error) + ", a pcap or pcapng file would be right";
}

// The same for a classic file that goes bad later.
std::string explain_read(std::string_view error, std::uint64_t packets) {
  const std::string which = "packet " + std::to_string(packets + 1);
  if (contains(error, "truncated"))
    return "the file stops within " + which + ", a whole file would be right";
  if (contains(error, "invalid packet capture length") || contains(error, "larger than"))
    return which + " claims an impossible length, at most 262144 octets would be right";
  return which + ": " + std::string(error) + ", a whole file would be right";
}

// The record header's length of a classic file: 24 octets in the variant with this magic.
std::uint32_t record_header_octets(std::uint32_t magic) {
  return magic == 0xa1b2cd34 || magic == 0x34cdb2a1 ? 24 : 16;
}

}  // namespace

struct Reader::State {
  std::string path;
  std::string problem;
  std::FILE* file = nullptr;
  std::vector<char> buffer;  // the FILE's; outlives it
  bool seekable = false;
  std::optional<PcapngReader> pcapng;
  pcap_t* pcap = nullptr;
  std::uint64_t packets = 0;
  std::uint64_t file_octets = 0;
  std::uint64_t position = 0;  // classic: behind the last record
  std::uint32_t record_header = 16;
  std::uint32_t snap_length = 0;
  std::uint16_t link_type = 0;
  bool offsets_checked = false;
  bool offsets_known = false;
  bool swapped = false;  // classic: the other byte order
  bool follow = false;
  bool opened = false;  // the format is known
  bool over = false;

  ~State() {
    if (pcap != nullptr) {
      pcap_close(pcap);  // closes the FILE too, but for standard input
    } else if (file != nullptr && file != stdin) {
      std::fclose(file);
    }
  }
  std::string open_file();
  std::string open_format();
  Next next(Packet& packet);
  bool has_whole_frame();
  bool has_whole_record() const;
  bool next_classic(Packet& packet);
  std::uint64_t offset_of(std::string_view octets);
  bool same_in_file(std::uint64_t at, std::string_view octets) const;
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

tl::expected<Reader, std::string> Reader::open(const std::string& path, ReaderOptions options) {
  auto state = std::make_unique<State>();
  state->path = path;
  std::string error = state->open_file();
  state->follow = options.follow && state->seekable;
  if (error.empty() && !state->follow) error = state->open_format();
  if (!error.empty()) return tl::unexpected((path == "-" ? "standard input" : path) + ": " + error);
  return Reader(std::move(state));
}

// Empty, or what is wrong.
std::string Reader::State::open_file() {
  file = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
  if (file == nullptr)
    return std::string(std::strerror(errno)) + ", a file that can be read would be right";
  if (path == "-") {
    path = "standard input";
    return {};
  }
  struct stat status {};
  if (fstat(fileno(file), &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "this is a folder, a pcap or pcapng file would be right";
  buffer.resize(kFileBuffer);
  std::setvbuf(file, buffer.data(), _IOFBF, buffer.size());
  seekable = S_ISREG(status.st_mode);
  if (!seekable) return {};
  file_octets = static_cast<std::uint64_t>(status.st_size);
  // Tells the C library the position, so that ftello needs no system call from here on.
  std::fseek(file, 0, SEEK_SET);
  return {};
}

std::string Reader::State::open_format() {
  std::uint32_t magic = 0;
  char octets[4];
  const std::size_t got = std::fread(octets, 1, sizeof octets, file);
  if (got == 0) return "the file is empty, a pcap or pcapng file would be right";
  std::memcpy(&magic, octets, got);
  // Back to the beginning, on a pipe too: the octets are still in the buffer.
  for (std::size_t i = got; i > 0; --i)
    std::ungetc(static_cast<unsigned char>(octets[i - 1]), file);
  if (seekable) std::fseek(file, 0, SEEK_SET);
  if (magic == PcapngReader::kSectionHeader) {
    pcapng.emplace(file, seekable);
    if (!follow && !pcapng->open()) return pcapng->problem();
    opened = true;
    return {};
  }
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);
  if (pcap == nullptr) return explain_open(error);
  link_type = linktype_of_dlt(pcap_datalink(pcap));
  const int snap = pcap_snapshot(pcap);
  snap_length = snap > 0 ? static_cast<std::uint32_t>(snap) : 0;
  record_header = record_header_octets(magic);
  swapped = pcap_is_swapped(pcap) != 0;
  opened = true;
  position = kFileHeader;
  offsets_known = seekable;
  return {};
}

Next Reader::next(Packet& packet) {
  return state_->next(packet);
}

Next Reader::State::next(Packet& packet) {
  if (over) return Next::End;
  if (follow && !has_whole_frame()) return over ? Next::End : Next::NothingYet;
  if (pcapng ? pcapng->next(packet) : next_classic(packet)) {
    ++packets;
    return Next::Frame;
  }
  over = true;
  if (pcapng) problem = pcapng->problem();
  if (!problem.empty())
    problem = path + ": " + problem + "; packets read before it: " + std::to_string(packets);
  return Next::End;
}

// Of a file that is followed: whether next() can be answered from what is written of it. Sees to it
// that nobody reads behind what is there.
bool Reader::State::has_whole_frame() {
  struct stat status {};
  if (fstat(fileno(file), &status) != 0) return false;
  file_octets = static_cast<std::uint64_t>(status.st_size);
  if (file_octets < kFileHeader) return false;
  if (!opened) {
    problem = open_format();
    if (!problem.empty()) {
      problem = path + ": " + problem;
      over = true;
      return false;
    }
  }
  return pcapng ? pcapng->has_packet(file_octets) : has_whole_record();
}

// A record's header has the time (8), then the captured length in the file's byte order. One whose
// length can't be right counts as whole, for libpcap to say so.
bool Reader::State::has_whole_record() const {
  char head[12];
  if (file_octets < position + record_header) return false;
  if (pread(fileno(file), head, sizeof head, static_cast<off_t>(position)) != sizeof head)
    return false;
  std::uint32_t captured = 0;
  std::memcpy(&captured, head + 8, 4);
  if (swapped) captured = __builtin_bswap32(captured);
  return captured > kPacketOctetsMax || file_octets >= position + record_header + captured;
}

bool Reader::State::next_classic(Packet& packet) {
  pcap_pkthdr* header = nullptr;
  const unsigned char* octets = nullptr;
  const int status = pcap_next_ex(pcap, &header, &octets);
  if (status != 1) {
    if (status == PCAP_ERROR) problem = explain_read(pcap_geterr(pcap), packets);
    return false;
  }
  // libpcap was asked for nanoseconds; damaged ones may be anything.
  const std::int64_t seconds = header->ts.tv_sec, nanoseconds = header->ts.tv_usec;
  packet.at = std::clamp(seconds, -kSecondsMax, kSecondsMax) * 1'000'000'000 +
              std::clamp<std::int64_t>(nanoseconds, 0, 999'999'999);
  packet.octets = {reinterpret_cast<const char*>(octets), header->caplen};
  packet.wire_octets = std::max(header->len, header->caplen);
  packet.link_type = link_type;
  packet.file_offset = offset_of(packet.octets);
  return true;
}

// libpcap does not say where a packet lies, but its FILE's position does. The guess is compared
// with libpcap's octets at the first packet, and where a record is longer than what libpcap gives
// of it.
std::uint64_t Reader::State::offset_of(std::string_view octets) {
  if (!seekable) return kOffsetUnknown;
  const off_t now = ftello(file);
  const std::uint64_t at = std::exchange(position, static_cast<std::uint64_t>(now)) + record_header;
  if (!offsets_known) return kOffsetUnknown;
  const std::uint64_t end = at + octets.size();
  const bool odd = now < 0 || end > position;
  const bool compare = !offsets_checked || end != position;
  if (odd || (compare && !same_in_file(at, octets))) {
    offsets_known = false;
    return kOffsetUnknown;
  }
  offsets_checked = offsets_checked || !octets.empty();
  return at;
}

bool Reader::State::same_in_file(std::uint64_t at, std::string_view octets) const {
  std::vector<char> there(octets.size());
  const ssize_t got = pread(fileno(file), there.data(), there.size(), static_cast<off_t>(at));
  return got == static_cast<ssize_t>(octets.size()) &&
         std::equal(octets.begin(), octets.end(), there.begin());
}

const std::string& Reader::problem() const {
  return state_->problem;
}
std::uint16_t Reader::link_type() const {
  return state_->pcapng ? state_->pcapng->link_type() : state_->link_type;
}
std::uint32_t Reader::snap_length() const {
  return state_->pcapng ? state_->pcapng->snap_length() : state_->snap_length;
}
std::uint64_t Reader::packets() const {
  return state_->packets;
}
std::uint64_t Reader::file_octets() const {
  return state_->file_octets;
}
std::uint64_t Reader::position() const {
  return state_->pcapng ? state_->pcapng->position() : state_->position;
}

}  // namespace mailscope::pcap
