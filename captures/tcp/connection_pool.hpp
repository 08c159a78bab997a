// The reassembler's records: taken, found by addresses and ports, used again. The live ones and
// the ended ones are each in a list from the oldest use to the newest.
//
// A record's number stays good until release(); a reference to it, too.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "captures/tcp/connection_record.hpp"
#include "captures/tcp/connection_table.hpp"

namespace mailscope::tcp {

class ConnectionPool {
 public:
  static constexpr std::uint32_t kNoRecord = ConnectionTable::kNoRecord;

  explicit ConnectionPool(std::uint32_t records_max) : records_max_(records_max) {}

  ConnectionRecord& operator[](std::uint32_t record) {
    return chunks_[record / kChunk][record % kChunk];
  }
  const ConnectionRecord& operator[](std::uint32_t record) const {
    return chunks_[record / kChunk][record % kChunk];
  }

  std::uint32_t hash(const ConnectionKey& key) const { return table_.hash(key); }
  std::uint32_t find(std::uint32_t hash, const ConnectionKey& key) const {
    return table_.find(hash, [&](std::uint32_t record) { return (*this)[record].key == key; });
  }

  // There is none left to take: release one before.
  bool full() const { return free_.empty() && made_ >= records_max_; }
  // A new live one of that key, blank but for it.
  std::uint32_t take(const ConnectionKey& key, std::uint32_t hash);
  void mark_used(std::uint32_t record);   // a live one
  void mark_ended(std::uint32_t record);  // from the live to the ended
  void release(std::uint32_t record);     // forgets an ended one
  std::uint32_t oldest_live() const { return live_.oldest; }
  std::uint32_t oldest_ended() const { return ended_.oldest; }

 private:
  static constexpr std::uint32_t kChunk = 256;
  struct List {
    std::uint32_t oldest = kNoRecord, newest = kNoRecord;
  };

  std::uint32_t blank();
  void link(List& list, std::uint32_t record);
  void unlink(List& list, std::uint32_t record);

  std::uint32_t records_max_, made_ = 0;
  ConnectionTable table_;
  std::vector<std::unique_ptr<ConnectionRecord[]>> chunks_;
  std::vector<std::uint32_t> free_;
  List live_, ended_;
};

}  // namespace mailscope::tcp
