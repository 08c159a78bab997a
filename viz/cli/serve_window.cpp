#include "viz/cli/serve_window.hpp"

#include <cstdlib>
#include <memory>

#include "viz/window/window.hpp"

namespace mailscope::cli {
namespace {

struct GrowingRecord final : viz::GrowingTrace {
  explicit GrowingRecord(scenarios::Live& the_live) : live(the_live) {}
  void serve_for(double seconds) override {
    live.serve_for(static_cast<sim::Time>(seconds * static_cast<double>(sim::kSecond)));
  }
  bool stopped() const override { return live.stopped(); }
  std::uint64_t grown() const override { return live.grown(); }
  void settle() override { live.settle(); }
  const trace::Trace& trace() const override { return live.trace(); }

  scenarios::Live& live;
};

}  // namespace

bool can_open_window() {
  const char* x = std::getenv("DISPLAY");
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  return (x && *x) || (wayland && *wayland);
}

int watch(scenarios::Live& live) {
  GrowingRecord growing(live);
  viz::WindowOptions window;
  live.settle();
  window.growing = &growing;
  return viz::run_window(std::move(window));
}

}  // namespace mailscope::cli
