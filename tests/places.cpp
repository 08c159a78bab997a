// The only file that is told where it is built: the others' objects serve every checkout.
#include "tests/testing.hpp"

namespace mailscope::testing {

const std::string& source_dir() {
  static const std::string kPath = MAILSCOPE_SOURCE_DIR;
  return kPath;
}

const std::string& binary_dir() {
  static const std::string kPath = MAILSCOPE_BINARY_DIR;
  return kPath;
}

}  // namespace mailscope::testing
