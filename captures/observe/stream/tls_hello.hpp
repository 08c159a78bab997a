// What can be told of TLS without keys: the records counted, the version, the server's name.
// RFC 8446 §4.1, §5.1; RFC 6066 §3.
//
// Holds at most kHelloOctetsMax a direction, and only until the first hello is read. A lost octet
// ends the counting of records of that direction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "captures/observe/stream/stream_reader.hpp"

namespace mailscope::observe {

struct Hello {
  bool from_server = false;
  std::uint16_t version =
      0;                    // 0x0303: TLS 1.2, 0x0304: TLS 1.3; a client's is the highest it offers
  std::string server_name;  // a client's; printable
};
// The handshake message at the front of a TLS stream; nothing when it is none or not whole.
std::optional<Hello> read_hello(std::string_view records);
// "TLS 1.2", "TLS" when not known.
std::string_view version_name(std::uint16_t version);

class TlsStreams {
 public:
  static constexpr std::size_t kHelloOctetsMax = 4096;

  explicit TlsStreams(const ReaderPlace& place) : place_(place) {}
  void octets(Direction direction, std::uint64_t begin, std::string_view octets, trace::Time at);
  void end();

 private:
  struct Side {
    trace::Id pdu = trace::kNone;
    std::string hello;  // gathered until it is read
    bool hello_over = false;
    bool lost = false;
    std::uint64_t records = 0;
    std::uint64_t expected = 0;  // stream offset of the next octet
    std::uint32_t to_skip = 0;   // octets of the current record
    std::string header;          // of the next record, while it is not whole
  };
  void count_records(Side& side, std::string_view octets);
  void look_for_hello(Side& side, std::string_view octets);

  ReaderPlace place_;
  Side sides_[2];
  bool begun_ = false;
  trace::Time at_ = 0;
  std::uint16_t offered_ = 0, chosen_ = 0;
  std::string server_name_;
};

}  // namespace mailscope::observe
