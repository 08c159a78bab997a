// Compression that a dialogue has agreed on: each direction is one raw DEFLATE stream. RFC 4978 §4,
// RFC 1951.
//
// A lost octet ends the reading of its direction: all that follows refers to what was said before.
// So do octets that are no DEFLATE stream, and a chunk that becomes more than kMadeOctetsMax.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "captures/observe/stream/layer.hpp"

struct z_stream_s;

namespace mailscope::observe {

class DeflateLayer final : public Layer {
 public:
  static constexpr std::size_t kMadeOctetsMax = std::size_t{16} << 20;

  DeflateLayer();
  ~DeflateLayer() override;
  std::string_view name() const override { return "DEFLATE"; }
  std::string receive(Direction direction, std::string_view octets) override;
  std::uint64_t gap(Direction direction, std::uint64_t octets) override;

 private:
  std::unique_ptr<z_stream_s> streams_[2];
  bool over_[2] = {false, false};
};

}  // namespace mailscope::observe
