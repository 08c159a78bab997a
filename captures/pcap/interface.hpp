// Frames as they pass a network interface of this machine, through libpcap.
//
// Opening one needs CAP_NET_RAW. next() does not wait: it gives what has come. The End comes only
// when the interface goes away or fails; problem() then says how.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "captures/pcap/frame_source.hpp"

namespace mailscope::pcap {

class Interface final : public FrameSource {
 public:
  // `filter` is a BPF expression (pcap-filter(7)); empty: everything. The error is one line, "NAME:
  // what is wrong, what would be right".
  static tl::expected<Interface, std::string> open(const std::string& name,
                                                   const std::string& filter);
  Interface(Interface&&) noexcept;
  Interface& operator=(Interface&&) noexcept;
  ~Interface() override;

  Next next(Packet& packet) override;
  const std::string& problem() const override;
  // A descriptor that becomes readable when there may be a frame; -1 where there is none.
  int descriptor() const;

 private:
  struct State;
  explicit Interface(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mailscope::pcap
