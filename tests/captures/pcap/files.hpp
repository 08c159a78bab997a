// Builds capture files octet by octet, for the tests.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/testing.hpp"

namespace mailscope::pcap::files {

struct Order {
  bool big = false;
  std::string n(std::uint64_t value, int octets) const {
    std::string out(static_cast<std::size_t>(octets), '\0');
    for (int i = 0; i < octets; ++i)
      out[static_cast<std::size_t>(big ? octets - 1 - i : i)] = static_cast<char>(value >> 8 * i);
    return out;
  }
  std::string n2(std::uint64_t v) const { return n(v, 2); }
  std::string n4(std::uint64_t v) const { return n(v, 4); }
};

inline std::string padded(std::string_view octets) {
  std::string out(octets);
  out.resize((out.size() + 3) & ~std::size_t{3});
  return out;
}

// ---- classic pcap ----
inline std::string pcap_header(Order o, std::uint32_t magic, std::uint32_t link_type,
                               std::uint32_t snap_length = 65535) {
  return o.n4(magic) + o.n2(2) + o.n2(4) + o.n4(0) + o.n4(0) + o.n4(snap_length) + o.n4(link_type);
}
inline std::string pcap_record(Order o, std::uint32_t seconds, std::uint32_t fraction,
                               std::string_view octets, std::uint32_t wire_octets = 0) {
  const auto size = static_cast<std::uint32_t>(octets.size());
  return o.n4(seconds) + o.n4(fraction) + o.n4(size) + o.n4(wire_octets == 0 ? size : wire_octets) +
         std::string(octets);
}

// ---- pcapng ----
inline std::string block(Order o, std::uint32_t type, std::string_view body) {
  const std::string inner = padded(body);
  const std::string total = o.n4(inner.size() + 12);
  return o.n4(type) + total + inner + total;
}
inline std::string section(Order o) {
  return block(o, 0x0a0d0d0a, o.n4(0x1a2b3c4d) + o.n2(1) + o.n2(0) + o.n(UINT64_MAX, 8));
}
inline std::string option(Order o, std::uint32_t code, std::string_view value) {
  return o.n2(code) + o.n2(value.size()) + padded(value);
}
inline std::string interface(Order o, std::uint32_t link_type, std::uint32_t snap_length = 0,
                             const std::string& options = {}) {
  return block(o, 1, o.n2(link_type) + o.n2(0) + o.n4(snap_length) + options);
}
inline std::string enhanced(Order o, std::uint32_t number, std::uint64_t ticks,
                            std::string_view octets, std::uint32_t wire_octets = 0,
                            const std::string& options = {}) {
  return block(o, 6,
               o.n4(number) + o.n4(ticks >> 32) + o.n4(ticks & 0xffffffff) + o.n4(octets.size()) +
                   o.n4(wire_octets == 0 ? octets.size() : wire_octets) + padded(octets) + options);
}

// ---- on disk ----
// A file that goes away with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view octets = {}) {
    static int number = 0;
    path_ = testing::binary_dir() + "/test-pcap-" + std::to_string(getpid()) + "-" +
            std::to_string(number++) + ".cap";
    std::ofstream(path_, std::ios::binary) << octets;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace mailscope::pcap::files
