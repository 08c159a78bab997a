// main() of every test program: 0 when all its cases passed, 1 when one failed, 77 when there was
// nothing but skipped ones.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/testing.hpp"

namespace {

constexpr int kFailed = 1, kSkipped = 77;

struct Cases {
  int run = 0, skipped = 0;
  bool skipping = false;  // the one that runs
};
Cases& cases() {
  static Cases cases;
  return cases;
}

struct Counter : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testCaseEnded(const Catch::TestCaseStats&) override {
    ++cases().run;
    cases().skipped += cases().skipping;
    cases().skipping = false;
  }
};
CATCH_REGISTER_LISTENER(Counter)

struct Function : Catch::ITestInvoker {
  explicit Function(std::function<void()> f) : run(std::move(f)) {}
  void invoke() const override { run(); }
  std::function<void()> run;
};

}  // namespace

namespace mailscope::testing {

void skip(std::string_view why) {
  std::cout << "skipped: " << why << std::endl;
  cases().skipping = true;
}

bool add_case(const std::string& name, std::function<void()> run) {
  const Catch::AutoReg added(new Function(std::move(run)), CATCH_INTERNAL_LINEINFO, "", {name, ""});
  return true;
}

void check_golden(const std::string& file, const std::string& text) {
  const std::string path = source_dir() + "/tests/" + file;
  if (std::getenv("MAILSCOPE_APPROVE") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    FAIL_CHECK("tests/" << file
                        << " is written; read the difference, then run without MAILSCOPE_APPROVE");
    return;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream golden;
  golden << in.rdbuf();
  INFO("tests/" << file);
  REQUIRE(in);
  CHECK(text == golden.str());
}

}  // namespace mailscope::testing

int main(int argc, char** argv) {
  const int failures = Catch::Session().run(argc, argv);
  if (cases().run == 0) return failures;  // a list, or wrong usage
  if (failures != 0) return kFailed;
  return cases().skipped == cases().run ? kSkipped : 0;
}
