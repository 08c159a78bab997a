// Writes a capture file through libpcap: classic pcap, nanosecond time stamps, this machine's byte
// order. The file appears under its name only when it is whole; a device or a pipe is written to.
//
// Source: draft-ietf-opsawg-pcap. Units: Unix nanoseconds (0 up to the year 2106), octets.
//
// Errors: values, one line "FILE: what is wrong, what would be right". After one, later calls
// return the same one and nothing appears under the target's name.
//
// Leaves out: pcapng (see captures/export) and frames above 262,144 octets (they are cut, their
// wire length stays).
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mailscope::pcap {

class Writer {
 public:
  // Opens a temporary file beside `path`. link_type is a LINKTYPE_ value, 1 for Ethernet.
  static tl::expected<Writer, std::string> create(const std::string& path,
                                                  std::uint16_t link_type = 1);

  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();  // without finish() the temporary file is removed and the target is as it was

  // wire_octets 0: as many as `octets` has.
  tl::expected<void, std::string> write(std::int64_t at, std::string_view octets,
                                        std::uint32_t wire_octets = 0);
  // Flushes, closes and renames to the target's name. Nothing may be written after it.
  tl::expected<void, std::string> finish();

 private:
  struct State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mailscope::pcap
