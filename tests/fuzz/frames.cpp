// One frame: two octets say the link type, the rest is the frame. Headers and fields lie within it.
#include "captures/tcp/decode.hpp"
#include "captures/tcp/dissect.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailscope;
  using fuzz::check;
  if (size < 2) return 0;
  const auto link = static_cast<std::uint16_t>(data[0] | data[1] << 8);
  const std::vector<char> copy(data + 2, data + size);
  const std::string_view frame(copy.data(), copy.size());
  const tcp::Decoded decoded = tcp::decode(frame, link);
  if (decoded.is_tcp() || decoded.is_udp()) {
    check(decoded.payload_at + std::uint64_t{decoded.payload_octets} <= frame.size(),
          "the payload lies within the frame");
    check(decoded.payload_wire_octets >= decoded.payload_octets, "less was captured than sent");
  }
  for (const tcp::Layer& layer : tcp::dissect(frame, link)) {
    check(layer.begin <= layer.end && layer.end <= frame.size(), "layers lie within the frame");
    for (const tcp::Field& field : layer.fields)
      check(field.begin <= field.end && field.end <= frame.size(), "fields lie within the frame");
  }
  return 0;
}
