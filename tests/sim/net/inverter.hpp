// The simplest layer: on the wire every bit is the other way round.
#pragma once

#include "sim/net/layer.hpp"
#include "tests/inverted.hpp"

namespace mailscope::sim::test {

using testing::inverted;

struct Inverter final : Layer {
  void on_octets(Stream&, std::string_view octets) override {
    above().on_octets(*this, inverted(octets));
  }
  bool send(std::string octets) override { return below().send(inverted(octets)); }
};

inline LayerFactory inverters() {
  return [](const LayerPlace&) { return std::make_unique<Inverter>(); };
}

}  // namespace mailscope::sim::test
