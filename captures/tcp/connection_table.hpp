// Finds a connection's record by its addresses and ports: a flat hash table of record numbers, with
// linear probing and no tombstones.
//
// Both directions have the same key. The table is at most half full: it doubles before. Its
// order depends on where it lies in memory (so that no capture can be made to collide) and is never
// looked at.
#pragma once

#include <cstdint>
#include <vector>

#include "captures/tcp/decode.hpp"

namespace mailscope::tcp {

// Two endpoints, the lower one first.
struct ConnectionKey {
  struct End {
    std::uint64_t high = 0, low = 0;  // the address; IPv4 in `low`
    std::uint16_t port = 0;
    friend bool operator==(const End&, const End&) = default;
    friend auto operator<=>(const End&, const End&) = default;
  };
  End a, b;
  std::uint8_t ip_version = 0;
  friend bool operator==(const ConnectionKey&, const ConnectionKey&) = default;

  // `from_a`: whether the segment's sender is end a.
  static ConnectionKey of(const Decoded& segment, bool& from_a);
};

class ConnectionTable {
 public:
  static constexpr std::uint32_t kNoRecord = UINT32_MAX;

  ConnectionTable();

  std::uint32_t hash(const ConnectionKey& key) const;

  // `is_it(record)`: whether that record has the key looked for.
  template <class Is>
  std::uint32_t find(std::uint32_t hash, Is is_it) const {
    for (std::size_t i = hash & mask_; slots_[i].record != kNoRecord; i = (i + 1) & mask_) {
      if (slots_[i].hash == hash && is_it(slots_[i].record)) return slots_[i].record;
    }
    return kNoRecord;
  }
  void insert(std::uint32_t hash, std::uint32_t record);
  void erase(std::uint32_t hash, std::uint32_t record);

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t record = kNoRecord;
  };
  void grow();
  std::vector<Slot> slots_;
  std::size_t mask_;
  std::size_t used_ = 0;
  std::uint64_t seed_;
};

}  // namespace mailscope::tcp
