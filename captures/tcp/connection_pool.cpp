#include "captures/tcp/connection_pool.hpp"

#include <cassert>

namespace mailscope::tcp {

std::uint32_t ConnectionPool::take(const ConnectionKey& key, std::uint32_t hash) {
  const std::uint32_t record = blank();
  (*this)[record].key = key;
  (*this)[record].hash = hash;
  table_.insert(hash, record);
  link(live_, record);
  return record;
}

std::uint32_t ConnectionPool::blank() {
  assert(!full());
  if (free_.empty()) {
    if (made_ % kChunk == 0) chunks_.push_back(std::make_unique<ConnectionRecord[]>(kChunk));
    return made_++;
  }
  const std::uint32_t record = free_.back();
  free_.pop_back();
  return record;
}

void ConnectionPool::mark_used(std::uint32_t record) {
  if (live_.newest == record) return;
  unlink(live_, record);
  link(live_, record);
}

void ConnectionPool::mark_ended(std::uint32_t record) {
  (*this)[record].ended = true;
  unlink(live_, record);
  link(ended_, record);
}

void ConnectionPool::release(std::uint32_t record) {
  ConnectionRecord& c = (*this)[record];
  assert(c.ended);
  unlink(ended_, record);
  table_.erase(c.hash, record);
  c = ConnectionRecord{};
  free_.push_back(record);
}

void ConnectionPool::link(List& list, std::uint32_t record) {
  ConnectionRecord& c = (*this)[record];
  c.older = list.newest;
  c.newer = kNoRecord;
  if (list.newest != kNoRecord) (*this)[list.newest].newer = record;
  list.newest = record;
  if (list.oldest == kNoRecord) list.oldest = record;
}

void ConnectionPool::unlink(List& list, std::uint32_t record) {
  const ConnectionRecord& c = (*this)[record];
  (c.older == kNoRecord ? list.oldest : (*this)[c.older].newer) = c.newer;
  (c.newer == kNoRecord ? list.newest : (*this)[c.newer].older) = c.older;
}

}  // namespace mailscope::tcp
