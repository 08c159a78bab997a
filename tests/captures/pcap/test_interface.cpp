// Real frames on this machine's loopback interface.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "captures/pcap/interface.hpp"
#include "tests/testing.hpp"

using namespace mailscope::pcap;

namespace {

// Not everybody may capture.
bool lacks_rights(const tl::expected<Interface, std::string>& interface) {
  return !interface && interface.error().find("CAP_NET_RAW") != std::string::npos;
}

// A datagram from this machine to itself.
void send_datagram(std::uint16_t port, std::string_view octets) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  REQUIRE(fd >= 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(sendto(fd, octets.data(), octets.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) ==
        static_cast<ssize_t>(octets.size()));
  close(fd);
}

// Asks for up to two seconds.
Next wait_for(Interface& interface, Packet& packet) {
  for (int i = 0; i < 200; ++i) {
    const Next next = interface.next(packet);
    if (next != Next::NothingYet) return next;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return Next::NothingYet;
}

}  // namespace

TEST_CASE("an interface gives the frames that pass it, and nothing yet before") {
  constexpr std::uint16_t kPort = 20'525;
  auto interface = Interface::open("lo", "udp port 20525");
  if (lacks_rights(interface)) return mailscope::testing::skip("capturing needs CAP_NET_RAW");
  REQUIRE(interface);
  Packet packet;
  CHECK(interface->next(packet) == Next::NothingYet);
  send_datagram(kPort, "hello, interface");
  REQUIRE(wait_for(*interface, packet) == Next::Frame);
  CHECK(packet.octets.ends_with("hello, interface"));
  CHECK(packet.link_type == 1);
  CHECK(packet.wire_octets == packet.octets.size());
  CHECK(packet.kept == kNotKept);
  CHECK(interface->problem().empty());
}

TEST_CASE("an interface that can't be opened says why") {
  const auto missing = Interface::open("no-such-if0", "");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().starts_with("no-such-if0: "));
  const auto filter = Interface::open("lo", "tcp prot 25");
  REQUIRE_FALSE(filter);
  if (lacks_rights(filter)) return mailscope::testing::skip("capturing needs CAP_NET_RAW");
  CHECK(filter.error().starts_with("lo: \"tcp prot 25\": "));
}
