// Puts IPv4 and IPv6 fragments together (RFC 791 §3.2, RFC 8200 §4.5, RFC 5722).
//
// A datagram is keyed by addresses, protocol and identification. Of overlapping fragments the first
// copy of an octet wins (IPv6: RFC 5722 says to discard; reading on shows more). Bounded by Limits:
// the oldest datagram goes first. Fragments cut by the snap length are discarded: the hole would be
// in the middle of a segment without a name.
//
// Lifetimes: Datagram views are valid until the next add().
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "captures/tcp/decode.hpp"
#include "captures/tcp/stream_sink.hpp"

namespace mailscope::tcp {

class Defragmenter {
 public:
  struct Limits {
    std::uint32_t datagrams_max = 256;
    std::uint32_t octets_max = 4 << 20;  // held over all datagrams
    std::uint32_t fragments_max = 128;   // of one datagram
    Time age_max = 30'000'000'000;       // since its first fragment; the RFCs say 15 to 120 s
  };
  // A run of the datagram's payload and the frame that carried it; `frame.payload_at` is where the
  // run begins in that frame.
  struct Run {
    std::uint32_t begin = 0;
    std::uint32_t octets = 0;
    FrameRef frame;
  };
  struct Datagram {
    std::string_view payload;
    const std::vector<Run>* runs = nullptr;  // ascending, without holes
  };

  Defragmenter() = default;
  explicit Defragmenter(Limits limits) : limits_(limits) {}

  // `fragment` is decode()'s Fragment of `frame_octets`. True when it completed a datagram.
  bool add(const Decoded& fragment, std::string_view frame_octets, const FrameRef& frame,
           Datagram& whole);

  std::uint32_t datagrams() const { return static_cast<std::uint32_t>(pending_.size()); }
  std::uint64_t octets() const { return octets_; }

 private:
  struct Pending {
    std::string key;
    Time begun = 0;
    std::uint32_t total = 0;  // payload length once the last fragment is here, else 0
    std::uint32_t held = 0;
    std::string octets;     // as far as it reaches, holes zero
    std::vector<Run> runs;  // ascending, disjoint
  };
  void forget(std::list<Pending>::iterator which);
  void make_room(Time now, std::size_t octets_wanted);
  std::list<Pending>::iterator find_or_begin(const Decoded& fragment, Time at);
  static void place(Pending& pending, std::uint32_t begin, std::string_view octets,
                    const FrameRef& frame);
  static bool complete(const Pending& pending);

  Limits limits_;
  std::list<Pending> pending_;  // oldest first
  std::uint64_t octets_ = 0;
  Pending done_;
};

}  // namespace mailscope::tcp
