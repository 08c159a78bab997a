// Reads the packets of a capture file (pcap or pcapng, either byte order, micro- or nanoseconds),
// and says where in the file each packet's octets lie. Classic pcap in all its variants is read by
// libpcap; pcapng by pcapng.hpp, which also says why.
//
// Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
//
// Errors: values. open() fails with one line, "FILE: what is wrong, what would be right"; a file
// that breaks off or goes bad later gives its packets up to there, then comes the End, and
// problem() is such a line (empty after a clean end).
//
// Lifetimes: Packet::octets is valid until the next next(), or the Reader's end.
//
// Leaves out: compressed files; interface names, comments and secrets blocks of pcapng.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "captures/pcap/frame_source.hpp"

namespace mailscope::pcap {

struct ReaderOptions {
  // The file is still being written: where it ends, or stops within a frame, there is nothing yet,
  // and never an end. Not for standard input and pipes, which say themselves when they end.
  bool follow = false;
};

class Reader final : public FrameSource {
 public:
  // "-" reads standard input (its offsets are unknown).
  static tl::expected<Reader, std::string> open(const std::string& path,
                                                ReaderOptions options = {});

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader() override;

  Next next(Packet& packet) override;
  const std::string& problem() const override;

  // Of the file (pcapng: of its first interface). A file that is followed may not say it yet: 0.
  std::uint16_t link_type() const;
  std::uint32_t snap_length() const;  // what the file says; 0 if it says nothing useful
  std::uint64_t packets() const;      // given so far
  std::uint64_t file_octets() const;  // when it was opened; 0 where it cannot be known
  std::uint64_t position() const;     // in the file: for progress

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mailscope::pcap
