// Cases that end in each way, for ends_test.py: what the test programs' exit codes mean.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

#include "tests/testing.hpp"

using namespace mailscope;

TEST_CASE("passes") {
  CHECK(true);
}

TEST_CASE("skips") {
  testing::skip("something is missing");
}

TEST_CASE("skips, and finds something wrong") {
  testing::skip("something is missing");
  CHECK(false);
}

TEST_CASE("says that it is skipped, and finds something wrong") {
  std::cout << "skipped: not at all\n";
  CHECK(false);
}

TEST_CASE("fails 77 times") {
  for (int i = 0; i < 77; ++i) CHECK(false);
}

TEST_CASE("approves") {
  testing::check_golden(std::getenv("MAILSCOPE_GOLDEN"), "as it is now");
}

namespace {
const bool kAdded = testing::add_case("was added", [] { CHECK(false); });
}
