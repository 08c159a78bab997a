// Addresses: which network, which kind, and those that are made from others.
#include "protocols/base/address.hpp"

#include <catch2/catch.hpp>

#include "protocols/inet/ip.hpp"

using namespace mailscope;
using namespace mailscope::inet;

namespace {

IpAddress ip(const char* text) {
  return IpAddress::parse(text).value();
}

}  // namespace

TEST_CASE("An address is within a network, or not, at every length of the prefix") {
  struct Row {
    const char* address;
    const char* network;
    int prefix;
    bool within;
  };
  const Row rows[] = {
      {"10.0.1.2", "10.0.1.0", 24, true},
      {"10.0.2.2", "10.0.1.0", 24, false},
      {"10.0.1.127", "10.0.1.0", 25, true},
      {"10.0.1.128", "10.0.1.0", 25, false},
      {"192.0.2.1", "0.0.0.0", 0, true},
      {"192.0.2.1", "192.0.2.1", 32, true},
      {"192.0.2.1", "192.0.2.0", 32, false},
      {"2001:db8:0:1::2", "2001:db8:0:1::", 64, true},
      {"2001:db8:0:2::2", "2001:db8:0:1::", 64, false},
      {"2001:db8:0:2::2", "2001:db8::", 62, true},
      {"2001:db8:0:4::2", "2001:db8::", 62, false},
      {"2001:db8::1", "::", 0, true},
      {"2001:db8::1", "2001:db8::", 128, false},
      {"0.0.0.0", "::", 0, false},
      {"::", "0.0.0.0", 0, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.address, row.network, row.prefix);
    CHECK(ip(row.address).is_within(ip(row.network), row.prefix) == row.within);
    CHECK((ip(row.address).network(row.prefix) == ip(row.network)) ==
          (row.within && ip(row.network).network(row.prefix) == ip(row.network)));
  }
}

TEST_CASE("Addresses for a purpose are known as such") {
  struct Row {
    const char* address;
    bool loopback, multicast, link_local, unspecified;
  };
  const Row rows[] = {
      {"10.0.0.1", false, false, false, false}, {"127.8.0.1", true, false, false, false},
      {"224.0.0.1", false, true, false, false}, {"169.254.1.1", false, false, true, false},
      {"0.0.0.0", false, false, false, true},   {"2001:db8::1", false, false, false, false},
      {"::1", true, false, false, false},       {"ff02::1", false, true, false, false},
      {"febf::1", false, false, true, false},   {"fec0::1", false, false, false, false},
      {"::", false, false, false, true},        {"1::1", false, false, false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.address);
    CHECK(ip(row.address).is_loopback() == row.loopback);
    CHECK(ip(row.address).is_multicast() == row.multicast);
    CHECK(ip(row.address).is_link_local() == row.link_local);
    CHECK(ip(row.address).is_unspecified() == row.unspecified);
  }
}

TEST_CASE("Addresses are made from others as RFC 4291 and RFC 2464 say") {
  const MacAddress mac{{0x02, 0, 0, 0, 0x01, 0x2c}};
  CHECK(mac.text() == "02:00:00:00:01:2c");
  CHECK(link_local(mac).text() == "fe80::ff:fe00:12c");
  // The example of RFC 4291 appendix A: the universal/local bit is turned.
  CHECK(link_local({{0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde}}).text() == "fe80::3656:78ff:fe9a:bcde");
  // The example of RFC 4291 §2.7.1.
  CHECK(solicited_node(ip("4037::1:800:200e:8c6c")).text() == "ff02::1:ff0e:8c6c");
  CHECK(multicast_mac(ip("ff02::1:ff0e:8c6c")).text() == "33:33:ff:0e:8c:6c");
  CHECK(multicast_mac(ip("ff02::1:ff0e:8c6c")).is_multicast());
  CHECK(MacAddress::broadcast().is_multicast());
  CHECK_FALSE(mac.is_multicast());
}
