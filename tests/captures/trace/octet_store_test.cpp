#include "captures/trace/octet_store.hpp"
#include "tests/testing.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>

using mailscope::trace::OctetStore;

TEST_CASE("what is appended is viewed again, across blocks") {
  OctetStore store;
  std::vector<std::pair<std::uint64_t, std::string>> kept;
  for (int i = 0; i < 3000; ++i) {
    std::string octets(static_cast<std::size_t>(i % 1500 + 1), static_cast<char>(i));
    kept.emplace_back(store.append(octets), octets);
  }
  for (const auto& [at, octets] : kept)
    REQUIRE(store.view(at, static_cast<std::uint32_t>(octets.size())) == octets);
}

TEST_CASE("a view stays good when the store grows and moves") {
  OctetStore store;
  const auto at = store.append("hello");
  const std::string_view view = store.view(at, 5);
  for (int i = 0; i < 5000; ++i) store.append(std::string(1000, 'x'));
  const OctetStore moved = std::move(store);
  CHECK(view == "hello");
  CHECK(moved.view(at, 5).data() == view.data());
}

TEST_CASE("a range outside the store is empty") {
  OctetStore store;
  CHECK(store.view(0, 1).empty());
  store.append("hello");
  CHECK(store.view(std::uint64_t{1} << 40, 1).empty());
  CHECK(store.view(OctetStore::file_offset(0, 0), 1).empty());
}

TEST_CASE("octets of a mapped file stay in the file") {
  const std::string path = mailscope::testing::binary_dir() + "/octet-store-test";
  std::ofstream(path) << "0123456789";
  OctetStore store;
  CHECK(store.map_file(path + ".none") == -1);
  const int file = store.map_file(path);
  REQUIRE(file >= 0);
  CHECK(store.view(OctetStore::file_offset(file, 3), 4) == "3456");
  CHECK(store.view(OctetStore::file_offset(file, 3), 8).empty());
  CHECK(store.memory_octets() == 0);
  std::remove(path.c_str());
}
