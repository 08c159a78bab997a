#include "captures/trace/octet_store.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cstring>
#include <utility>

namespace mailscope::trace {
namespace {

// An offset is file number + 1 (0: memory) in the top 16 bits, then the place in it. A place in
// memory is block number and offset in the block.
constexpr int kFileShift = 48;
constexpr std::uint64_t kPlaceMask = (std::uint64_t{1} << kFileShift) - 1;
constexpr int kBlockShift = 20;
constexpr std::uint64_t kBlockOctets = std::uint64_t{1} << kBlockShift;

}  // namespace

OctetStore::~OctetStore() {
  for (const Mapping& file : files_) munmap(const_cast<char*>(file.data), file.octets);
}

OctetStore::OctetStore(OctetStore&& from) noexcept {
  *this = std::move(from);
}

OctetStore& OctetStore::operator=(OctetStore&& from) noexcept {
  std::swap(blocks_, from.blocks_);
  std::swap(files_, from.files_);
  std::swap(used_in_block_, from.used_in_block_);
  std::swap(memory_octets_, from.memory_octets_);
  return *this;
}

std::uint64_t OctetStore::append(std::string_view octets) {
  assert(octets.size() <= kBlockOctets);
  if (blocks_.empty() || used_in_block_ + octets.size() > kBlockOctets) {
    blocks_.push_back(std::unique_ptr<char[]>(new char[kBlockOctets]));
    used_in_block_ = 0;
  }
  std::memcpy(blocks_.back().get() + used_in_block_, octets.data(), octets.size());
  const std::uint64_t at = (blocks_.size() - 1) << kBlockShift | used_in_block_;
  used_in_block_ += octets.size();
  memory_octets_ += octets.size();
  return at;
}

int OctetStore::map_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat status {};
  void* data = MAP_FAILED;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    data = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (data == MAP_FAILED) return -1;
  files_.push_back({static_cast<const char*>(data), static_cast<std::uint64_t>(status.st_size)});
  return static_cast<int>(files_.size()) - 1;
}

std::uint64_t OctetStore::file_offset(int file, std::uint64_t offset_in_file) {
  return static_cast<std::uint64_t>(file + 1) << kFileShift | offset_in_file;
}

std::string_view OctetStore::view(std::uint64_t at, std::uint32_t octets) const {
  const std::uint64_t file = at >> kFileShift;
  const std::uint64_t place = at & kPlaceMask;
  if (file > 0) {
    if (file > files_.size()) return {};
    const Mapping& mapping = files_[file - 1];
    if (place > mapping.octets || octets > mapping.octets - place) return {};
    return {mapping.data + place, octets};
  }
  const std::uint64_t block = place >> kBlockShift;
  const std::uint64_t offset = place & (kBlockOctets - 1);
  if (block >= blocks_.size() || octets > kBlockOctets - offset) return {};
  return {blocks_[block].get() + offset, octets};
}

}  // namespace mailscope::trace
