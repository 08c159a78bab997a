// What a TCP socket was given to send and the peer has not yet acknowledged.
//
// Strings are kept as they came (small ones are joined) and read into segments, each octet once for
// each time it is sent. Offsets count from the first octet that is not acknowledged. Remembers
// where each send() ended, for PSH (RFC 9293 §3.9.1.2).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace mailscope::sim {

class SendBuffer {
 public:
  void append(std::string octets);
  std::uint64_t size() const { return end_ - begin_; }
  // Writes [offset, offset + count) to `to` and returns its checksum sum (protocols/inet).
  std::uint64_t copy(std::uint64_t offset, std::uint32_t count, std::uint8_t* to);
  // True when a send() ended in (offset, offset + count].
  bool push_within(std::uint64_t offset, std::uint32_t count) const;
  void consume(std::uint64_t count);
  void clear();

 private:
  struct Chunk {
    std::uint64_t begin;  // position in the stream
    std::string octets;
    std::uint64_t end() const { return begin + octets.size(); }
  };
  std::size_t chunk_at(std::uint64_t position);

  std::deque<Chunk> chunks_;
  std::deque<std::uint64_t> pushes_;  // positions where a send() ended, ascending
  std::uint64_t begin_ = 0, end_ = 0;
  std::size_t cursor_ = 0;  // the chunk read last
};

}  // namespace mailscope::sim
