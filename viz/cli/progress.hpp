// A line of progress on a terminal's standard error; nothing at all elsewhere.
#pragma once

#include <string>

namespace mailscope::cli {

class Progress {
 public:
  explicit Progress(std::string activity);
  void show(double share);  // 0..1
  void clear();

 private:
  std::string activity_;
  bool terminal_;
  int shown_ = -1;
};

}  // namespace mailscope::cli
