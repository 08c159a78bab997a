#include "captures/observe/stream/deflate_layer.hpp"

#include <zlib.h>

namespace mailscope::observe {
namespace {

constexpr int kRawDeflate = -15;  // no zlib header, a window of 32 kB (RFC 4978 §4)

}  // namespace

DeflateLayer::DeflateLayer() {
  for (auto& stream : streams_) {
    stream = std::make_unique<z_stream_s>();
    inflateInit2(stream.get(), kRawDeflate);
  }
}

DeflateLayer::~DeflateLayer() {
  for (auto& stream : streams_) inflateEnd(stream.get());
}

std::string DeflateLayer::receive(Direction direction, std::string_view octets) {
  const int d = static_cast<int>(direction);
  std::string made;
  z_stream& stream = *streams_[d];
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));  // zlib is C
  stream.avail_in = static_cast<uInt>(octets.size());
  while (!over_[d]) {
    char buffer[16 * 1024];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    const int result = inflate(&stream, Z_SYNC_FLUSH);
    made.append(buffer, sizeof buffer - stream.avail_out);
    if (result == Z_BUF_ERROR || (result == Z_OK && stream.avail_in == 0 && stream.avail_out > 0))
      break;
    over_[d] = result != Z_OK || made.size() > kMadeOctetsMax;
  }
  return made;
}

std::uint64_t DeflateLayer::gap(Direction direction, std::uint64_t) {
  over_[static_cast<int>(direction)] = true;
  return 0;
}

}  // namespace mailscope::observe
