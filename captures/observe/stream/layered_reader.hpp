// Reads a stream through a layer: what the layer makes of it is a stream of its own, with its own
// reader.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "captures/observe/stream/layer.hpp"
#include "captures/observe/stream/stream_reader.hpp"

namespace mailscope::observe {

class LayeredReader final : public StreamReader {
 public:
  // `make_reader` is called once, here, with the place of the stream that the layer makes.
  using MakeReader = std::function<std::unique_ptr<StreamReader>(const ReaderPlace&)>;
  LayeredReader(const ReaderPlace& carrier, std::unique_ptr<Layer> layer,
                const MakeReader& make_reader);

  void octets(Direction direction, std::uint64_t begin, std::string_view octets,
              trace::Time at) override;
  void gap(Direction direction, std::uint64_t begin, std::uint64_t octets, trace::Time at) override;
  void eof(Direction direction, trace::Time at) override { reader_->eof(direction, at); }
  void end(trace::Time at) override { reader_->end(at); }

 private:
  std::unique_ptr<Layer> layer_;
  PduWriter pdus_;
  std::unique_ptr<StreamReader> reader_;
  std::uint64_t offset_[2] = {0, 0};  // of the stream above, by direction
};

}  // namespace mailscope::observe
