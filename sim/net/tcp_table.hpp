// Which connection a segment belongs to: a hash table by the four-tuple, with open addressing and
// linear probing; never walked in its own order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "protocols/inet/octets.hpp"
#include "sim/net/address.hpp"

namespace mailscope::sim {

// The four-tuple, seen from this node.
struct TcpKey {
  std::uint16_t local_port = 0, remote_port = 0;
  IpAddress local, remote;

  friend bool operator==(const TcpKey& a, const TcpKey& b) {
    return a.local_port == b.local_port && a.remote_port == b.remote_port &&
           same(a.remote, b.remote) && same(a.local, b.local);
  }
  std::uint64_t hash() const {
    const std::uint64_t ports = std::uint64_t{local_port} << 16 | remote_port;
    const std::uint64_t product = (addresses() ^ ports * 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9;
    return product ^ product >> 32;
  }

 private:
  std::uint64_t addresses() const {
    const std::uint8_t *a = local.octets.data(), *b = remote.octets.data();
    if (!local.v6) return std::uint64_t{inet::get32(a)} << 32 | inet::get32(b);
    return inet::get64(a) * 3 ^ inet::get64(a + 8) * 5 ^ inet::get64(b) * 7 ^ inet::get64(b + 8);
  }
};

// `Entry` has a member `key`. Entries stay where they are while they are in the table.
template <class Entry>
class TcpTable {
 public:
  TcpTable() : slots_(64) {}

  Entry* find(const TcpKey& key) const {
    for (std::size_t i = home(key); slots_[i]; i = (i + 1) & (slots_.size() - 1))
      if (slots_[i]->key == key) return slots_[i];
    return nullptr;
  }
  void insert(Entry& entry) {
    if (++used_ * 2 > slots_.size()) grow();
    std::size_t i = home(entry.key);
    while (slots_[i]) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = &entry;
  }
  // The ones behind it move up, so that no probe stops at the hole.
  void erase(const Entry& entry) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t hole = home(entry.key);
    while (slots_[hole] != &entry) {
      if (!slots_[hole]) return;
      hole = (hole + 1) & mask;
    }
    for (std::size_t i = (hole + 1) & mask; slots_[i]; i = (i + 1) & mask) {
      const std::size_t wanted = home(slots_[i]->key);
      if (((i - wanted) & mask) < ((i - hole) & mask)) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = nullptr;
    --used_;
  }
  void clear() {
    std::ranges::fill(slots_, nullptr);
    used_ = 0;
  }

 private:
  std::size_t home(const TcpKey& key) const { return key.hash() & (slots_.size() - 1); }
  void grow() {
    std::vector<Entry*> old(slots_.size() * 2);
    old.swap(slots_);
    used_ = 1;
    for (Entry* moved : old)
      if (moved) insert(*moved);
  }

  std::vector<Entry*> slots_;  // a power of two, at most half full
  std::size_t used_ = 0;
};

}  // namespace mailscope::sim
