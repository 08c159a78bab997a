// A layer between a stream and the dialogue that is spoken in it, as TLS is.
//
// It takes the octets of the stream below, in any chunking, and makes of them those of the stream
// above. Which connections have one the road asks RoadOptions::layer: when a connection begins, and
// where a dialogue goes over to TLS (RFC 3207 §4, RFC 2595 §4). What the layer makes is a
// trace::Stream of its own: its dialogue is found, read and shown as one that TCP carried, and each
// of its segments names the one that carried it.
//
// A layer does no I/O and is not told the time; it has a bound of its own for what it holds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class Layer {
 public:
  virtual ~Layer() = default;
  virtual std::string_view name() const = 0;  // "TLS"; static text
  // The octets that come next in that direction of the stream below. What they make of the stream
  // above may be nothing, until more come.
  virtual std::string receive(Direction direction, std::string_view octets) = 0;
  // Octets of the stream below are missing: how many of the stream above are missing for that; 0
  // where none are, or where that direction can't be read any more.
  virtual std::uint64_t gap(Direction direction, std::uint64_t octets) = 0;
};

enum class LayerBegins : std::uint8_t {
  WithConnection,  // its first octet is the layer's
  InDialogue,      // what comes after STARTTLS or STLS was granted
};
// Null: there is none, or it can't be read.
using MakeLayer = std::function<std::unique_ptr<Layer>(const trace::Connection&, LayerBegins)>;

}  // namespace mailscope::observe
