// SHA-256 of many streams of octets at a time, on a second thread once there is much to do.
//
// Reading a large capture, the digests cost as much as everything else together. So octets are
// copied into chunks that a thread works through, in order; at most kChunksMax chunks wait, then
// the caller waits. Below kDirectOctetsMax in all, or on a machine with one processor, there is no
// thread. The results are the same either way, and are given out by calls on the caller's own
// thread only: at once where there is no thread, else some time later, at the latest in drain().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "captures/observe/mail/sha256.hpp"

namespace mailscope::observe {

class Hasher {
 public:
  static constexpr std::uint64_t kDirectOctetsMax = 8 << 20;
  static constexpr std::size_t kChunkOctets = 256 << 10;
  static constexpr std::size_t kChunksMax = 8;

  // Names the stream whose digest it is.
  using Tag = std::uint64_t;
  using Deliver = std::function<void(Tag tag, std::string hex)>;

  explicit Hasher(Deliver deliver, std::uint64_t direct_octets_max = kDirectOctetsMax);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Sha256* begin();
  void update(Sha256* digest, std::string_view octets);
  void end(Sha256* digest, Tag tag);
  // Every digest that was ended is delivered when this returns.
  void drain();

 private:
  struct Record {
    Sha256* digest;
    std::size_t octets;
    bool end;
    Tag tag;
  };
  struct Chunk {
    std::vector<Record> records;
    std::string octets;
  };
  struct Result {
    Sha256* digest;
    Tag tag;
    std::string hex;
  };

  void record(const Record& record, std::string_view octets);
  void hand_over();
  void deliver_results(std::vector<Result> results);
  void work();

  Deliver deliver_;
  std::uint64_t direct_octets_left_;
  std::vector<std::unique_ptr<Sha256>> digests_;
  std::vector<Sha256*> idle_;
  Chunk filling_;

  std::thread thread_;
  std::mutex mutex_;  // what stands below
  std::condition_variable changed_;
  std::deque<Chunk> waiting_;
  std::vector<Chunk> emptied_;
  std::vector<Result> results_;
  bool busy_ = false;
  bool stop_ = false;
};

}  // namespace mailscope::observe
