#include "captures/observe/mail/hasher.hpp"

#include <utility>

namespace mailscope::observe {

Hasher::Hasher(Deliver deliver, std::uint64_t direct_octets_max)
    : deliver_(std::move(deliver)), direct_octets_left_(direct_octets_max) {}

Hasher::~Hasher() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Sha256* Hasher::begin() {
  if (idle_.empty()) {
    digests_.push_back(std::make_unique<Sha256>());
    return digests_.back().get();
  }
  Sha256* digest = idle_.back();
  idle_.pop_back();
  digest->restart();
  return digest;
}

void Hasher::update(Sha256* digest, std::string_view octets) {
  if (!thread_.joinable()) {
    digest->update(octets);
    if (octets.size() <= direct_octets_left_) {
      direct_octets_left_ -= octets.size();
    } else if (std::thread::hardware_concurrency() > 1) {
      thread_ = std::thread([this] { work(); });
    }
    return;
  }
  while (!octets.empty()) {
    const std::string_view piece = octets.substr(0, kChunkOctets);
    record({digest, piece.size(), false, 0}, piece);
    octets.remove_prefix(piece.size());
  }
}

void Hasher::end(Sha256* digest, Tag tag) {
  if (thread_.joinable()) return record({digest, 0, true, tag}, {});
  idle_.push_back(digest);
  deliver_(tag, digest->finish());
}

void Hasher::record(const Record& record, std::string_view octets) {
  // Short pieces must not make the list of records grow without end.
  constexpr std::size_t kRecordsMax = 4096;
  if (filling_.octets.size() + octets.size() > kChunkOctets ||
      filling_.records.size() >= kRecordsMax)
    hand_over();
  filling_.octets += octets;
  filling_.records.push_back(record);
}

void Hasher::hand_over() {
  std::vector<Result> results;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < kChunksMax; });
    waiting_.push_back(std::move(filling_));
    filling_ = {};
    if (!emptied_.empty()) {
      filling_ = std::move(emptied_.back());
      emptied_.pop_back();
    }
    results.swap(results_);
  }
  changed_.notify_all();
  deliver_results(std::move(results));
}

void Hasher::drain() {
  if (!thread_.joinable()) return;
  hand_over();
  std::vector<Result> results;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.empty() && !busy_; });
    results.swap(results_);
  }
  deliver_results(std::move(results));
}

void Hasher::deliver_results(std::vector<Result> results) {
  for (Result& result : results) {
    idle_.push_back(result.digest);
    deliver_(result.tag, std::move(result.hex));
  }
}

void Hasher::work() {
  std::vector<Result> results;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
    if (stop_) return;
    Chunk chunk = std::move(waiting_.front());
    waiting_.pop_front();
    busy_ = true;
    lock.unlock();
    changed_.notify_all();
    std::string_view left = chunk.octets;
    for (const Record& record : chunk.records) {
      if (record.octets > 0) record.digest->update(left.substr(0, record.octets));
      left.remove_prefix(record.octets);
      if (record.end) results.push_back({record.digest, record.tag, record.digest->finish()});
    }
    chunk.records.clear();
    chunk.octets.clear();
    lock.lock();
    for (Result& result : results) results_.push_back(std::move(result));
    results.clear();
    emptied_.push_back(std::move(chunk));
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace mailscope::observe
