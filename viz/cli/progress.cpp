#include "viz/cli/progress.hpp"

#include <fmt/format.h>

#include "viz/cli/options.hpp"

namespace mailscope::cli {

Progress::Progress(std::string activity)
    : activity_(std::move(activity)), terminal_(shows_progress()) {}

void Progress::show(double share) {
  const int percent = static_cast<int>(share * 100);
  if (!terminal_ || percent == shown_) return;
  shown_ = percent;
  fmt::print(stderr, "\r{} {:3} %", activity_, percent);
}

void Progress::clear() {
  if (shown_ >= 0) fmt::print(stderr, "\r{:{}}\r", "", activity_.size() + 8);
  shown_ = -1;
}

}  // namespace mailscope::cli
