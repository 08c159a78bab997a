#include "captures/tcp/connection_table.hpp"

#include <cassert>
#include <utility>

#include "protocols/inet/octets.hpp"

namespace mailscope::tcp {
namespace {

constexpr std::size_t kSlotsAtFirst = 1024;

ConnectionKey::End end_of(const IpAddress& address, std::uint16_t port) {
  const std::uint8_t* octets = address.octets.data();
  if (address.v6) return {inet::get64(octets), inet::get64(octets + 8), port};
  return {0, inet::get32(octets), port};
}

// Multiplies to 128 bits and folds: every bit of both goes into every bit of the result.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

ConnectionKey ConnectionKey::of(const Decoded& segment, bool& from_a) {
  ConnectionKey key;
  key.ip_version = segment.ip_version;
  key.a = end_of(segment.source, segment.source_port);
  key.b = end_of(segment.destination, segment.destination_port);
  from_a = key.a <= key.b;
  if (!from_a) std::swap(key.a, key.b);
  return key;
}

ConnectionTable::ConnectionTable() : slots_(kSlotsAtFirst), mask_(kSlotsAtFirst - 1) {
  seed_ = mix(reinterpret_cast<std::uintptr_t>(slots_.data()), 0x9e3779b97f4a7c15) | 1;
}

std::uint32_t ConnectionTable::hash(const ConnectionKey& key) const {
  const std::uint64_t ports =
      std::uint64_t{key.a.port} << 32 | std::uint64_t{key.b.port} << 8 | key.ip_version;
  std::uint64_t h = mix(key.a.low ^ seed_, key.b.low ^ 0xd6e8feb86659fd93);
  h = mix(h ^ ports, 0xa0761d6478bd642f ^ seed_);
  if (key.ip_version == 6) h ^= mix(key.a.high ^ h, key.b.high ^ 0xe7037ed1a0b428db);
  return static_cast<std::uint32_t>(h ^ h >> 32);
}

void ConnectionTable::insert(std::uint32_t hash, std::uint32_t record) {
  if (2 * (used_ + 1) > slots_.size()) grow();
  std::size_t i = hash & mask_;
  while (slots_[i].record != kNoRecord) i = (i + 1) & mask_;
  slots_[i] = {hash, record};
  ++used_;
}

void ConnectionTable::grow() {
  std::vector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  mask_ = slots_.size() - 1;
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.record != kNoRecord) insert(slot.hash, slot.record);
  }
}

// The slots behind move up, each as far as its own place allows, so that no search stops short.
void ConnectionTable::erase(std::uint32_t hash, std::uint32_t record) {
  std::size_t hole = hash & mask_;
  while (slots_[hole].record != record) {
    assert(slots_[hole].record != kNoRecord);
    hole = (hole + 1) & mask_;
  }
  for (std::size_t i = (hole + 1) & mask_; slots_[i].record != kNoRecord; i = (i + 1) & mask_) {
    const std::size_t home = slots_[i].hash & mask_;
    if (((i - home) & mask_) < ((i - hole) & mask_)) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = {};
  --used_;
}

}  // namespace mailscope::tcp
