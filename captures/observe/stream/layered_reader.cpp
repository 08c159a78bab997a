#include "captures/observe/stream/layered_reader.hpp"

#include <string>
#include <utility>

namespace mailscope::observe {

namespace {

constexpr std::size_t kSegmentOctetsMax = std::size_t{1}
                                          << 20;  // what the OctetStore takes at a time

}  // namespace

LayeredReader::LayeredReader(const ReaderPlace& carrier, std::unique_ptr<Layer> layer,
                             const MakeReader& make_reader)
    : layer_(std::move(layer)),
      pdus_(carrier.pdus, layer_->name()),
      reader_(make_reader({carrier.context, carrier.connection, pdus_, carrier.findings})) {}

void LayeredReader::octets(Direction direction, std::uint64_t begin, std::string_view octets,
                           trace::Time at) {
  const std::string made = layer_->receive(direction, octets);
  std::uint64_t& offset = offset_[static_cast<int>(direction)];
  for (std::string_view rest = made; !rest.empty();) {
    const std::string_view piece = rest.substr(0, kSegmentOctetsMax);
    rest.remove_prefix(piece.size());
    pdus_.add_derived(direction, offset, piece, begin + octets.size(), at);
    reader_->octets(direction, offset, piece, at);
    offset += piece.size();
  }
}

void LayeredReader::gap(Direction direction, std::uint64_t, std::uint64_t octets, trace::Time at) {
  const std::uint64_t missing = layer_->gap(direction, octets);
  if (missing == 0) return;
  std::uint64_t& offset = offset_[static_cast<int>(direction)];
  reader_->gap(direction, offset, missing, at);
  offset += missing;
}

}  // namespace mailscope::observe
