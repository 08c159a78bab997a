// Where the octets of frames are kept: appended in memory (simulated and live traffic), or left in
// the file that they came from (captures; the file is mapped, not read).
//
// An offset returned by append() or made with file_offset() stays good for the store's life, and so
// does a view. One store holds any number of mapped files beside the appended octets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::trace {

class OctetStore {
 public:
  OctetStore() = default;
  ~OctetStore();
  OctetStore(OctetStore&&) noexcept;
  OctetStore& operator=(OctetStore&&) noexcept;

  // At most 1 MiB at a time (a frame).
  std::uint64_t append(std::string_view octets);

  // Maps a file read-only. Returns its number, or -1 when it cannot be mapped (then append
  // instead).
  int map_file(const std::string& path);
  static std::uint64_t file_offset(int file, std::uint64_t offset_in_file);

  // The octets; empty when the range is not within the store.
  std::string_view view(std::uint64_t at, std::uint32_t octets) const;
  // Octets held in memory, without mapped files.
  std::uint64_t memory_octets() const { return memory_octets_; }

 private:
  struct Mapping {
    const char* data;
    std::uint64_t octets;
  };
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<Mapping> files_;
  std::uint64_t used_in_block_ = 0;
  std::uint64_t memory_octets_ = 0;
};

}  // namespace mailscope::trace
