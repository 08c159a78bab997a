// Opens the window on the sample run, or with "gallery" on three cards, one of which fails.
#include <cstring>

#include "tests/viz/sample_run.hpp"
#include "viz/window/window.hpp"

using namespace mailscope;

// Mesa's drivers keep some memory until the process ends; where AddressSanitizer is built in, its
// leak check would count that as ours.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}

int main(int count, char** arguments) {
  viz::WindowOptions options;
  options.width = 1280, options.height = 800;
  options.gallery = {{"maa", "Fourth scenario", "Alice and Bob, each behind a network.", {"A5"}},
                     {"broken", "Broken", "Cannot be loaded.", {"A1"}},
                     {"again", "Fourth scenario again", "The same once more.", {"A5", "S1"}}};
  options.load =
      [](const std::string& name) -> tl::expected<std::unique_ptr<trace::Trace>, std::string> {
    if (name == "broken") return tl::unexpected(std::string("broken.toml:1: no such key"));
    return std::make_unique<trace::Trace>(viz::sample::maa_trace());
  };
  if (count < 2 || std::strcmp(arguments[1], "gallery") != 0)
    options.initial = std::make_unique<trace::Trace>(viz::sample::maa_trace());
  return viz::run_window(std::move(options));
}
