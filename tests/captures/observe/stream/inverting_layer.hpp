// The simplest layer there is: every bit the other way round. For tests of what stands between a
// stream and a dialogue.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "captures/observe/stream/layer.hpp"
#include "tests/inverted.hpp"

namespace mailscope::test {

using testing::inverted;

class InvertingLayer final : public observe::Layer {
 public:
  std::string_view name() const override { return "inverted"; }
  std::string receive(Direction, std::string_view octets) override { return inverted(octets); }
  std::uint64_t gap(Direction, std::uint64_t octets) override { return octets; }
};

}  // namespace mailscope::test
