// Simulated questions and answers in front of Wireshark, and on the road that captures take.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "captures/languages/languages.hpp"
#include "captures/observe/road.hpp"
#include "dns_world.hpp"
#include "tests/testing.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::DnsWorld;

namespace {

constexpr std::string_view kZone = R"(
    beta.example 3600 SOA ns.example root.ns.example 1 3600 600 86400 60
    beta.example 300 MX 10 mail.beta.example
    beta.example 300 MX 20 mail2.beta.example
    beta.example 300 NS ns.example
    beta.example 300 TXT "v=spf1 mx -all" "second"
    mail.beta.example 100 A 10.0.2.25
    mail.beta.example 100 AAAA 2001:db8::25
    www.beta.example 50 CNAME mail.beta.example
    25.2.0.10.in-addr.arpa PTR mail.beta.example
    nothing.beta.example MX 0 .
)";

// Every kind of question and answer that there is.
void talk(DnsWorld& world) {
  using dns::Type;
  const std::pair<const char*, Type> questions[] = {
      {"beta.example", Type::Mx},           {"beta.example", Type::Ns},
      {"beta.example", Type::Txt},          {"beta.example", Type::Soa},
      {"beta.example", Type::Any},          {"mail.beta.example", Type::A},
      {"mail.beta.example", Type::Aaaa},    {"www.beta.example", Type::A},
      {"nothing.beta.example", Type::Mx},   {"nobody.beta.example", Type::A},
      {"mail.beta.example", Type::Mx},      {"gamma.example", Type::Mx},
      {"25.2.0.10.in-addr.arpa", Type::Ptr}};
  for (const auto& [name, type] : questions) {
    world.resolver.resolve(name, type, [](const Resolved&) {});
    world.simulator.run();
  }
}

void write_pcap(const trace::Trace& trace, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const auto put32 = [&](std::uint32_t value) {
    file.write(reinterpret_cast<const char*>(&value), 4);
  };
  for (const std::uint32_t word : {0xa1b23c4du, 0x00040002u, 0u, 0u, 65535u, 1u}) put32(word);
  for (const trace::Frame& frame : trace.frames) {
    put32(static_cast<std::uint32_t>(frame.sent / kSecond));
    put32(static_cast<std::uint32_t>(frame.sent % kSecond));
    put32(frame.octets);
    put32(frame.octets);
    const std::string_view octets = trace.octets(frame);
    file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
  }
}

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return "tshark failed";
  char line[4096];
  while (std::fgets(line, sizeof line, pipe)) output += line;
  if (pclose(pipe) != 0) output += "tshark failed";
  return output;
}

}  // namespace

TEST_CASE("Wireshark reads the same DNS dialogues from simulated frames and finds no fault") {
  if (std::system("tshark --version > /dev/null 2>&1") != 0) {
    testing::skip("tshark is not installed");
    return;
  }
  DnsWorld world(kZone);
  talk(world);
  const std::string path =
      testing::binary_dir() + "/dns_wireshark_test." + std::to_string(getpid()) + ".pcap";
  write_pcap(world.trace, path);
  const std::string expert = output_of("tshark -n -q -r '" + path +
                                       "' -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE "
                                       "-z expert,warn 2>/dev/null");
  CHECK(expert.find("Malformed") == std::string::npos);
  CHECK(expert.find("Warns") == std::string::npos);
  CHECK(expert.find("Errors") == std::string::npos);
  const auto count = [&](const std::string& filter) {
    const std::string lines = output_of("tshark -n -r '" + path + "' -Y '" + filter +
                                        "' -T fields -e dns.id 2>/dev/null");
    return std::count(lines.begin(), lines.end(), '\n');
  };
  CHECK(count("dns.flags.response == 0") == 13);
  CHECK(count("dns.flags.response == 1 && dns.response_to") == 13);
  CHECK(count("dns.flags.rcode == 3") == 1);
  CHECK(count("dns.mx.mail_exchange == \"mail.beta.example\"") == 2);
  CHECK(count("dns.flags.response == 1 && dns.flags.authoritative == 0") == 2);
  std::remove(path.c_str());
}

TEST_CASE("Simulated DNS takes the road that captures take") {
  DnsWorld world(kZone);
  talk(world);
  trace::Trace& trace = world.trace;
  trace.source.kind = trace::SourceKind::Simulator;
  observe::RoadOptions options;
  options.received_at = [&](trace::Id frame) { return world.recorder.delivered(frame); };
  observe::Road road(trace, options);
  const std::size_t frames = trace.frames.size();
  for (trace::Id id = 0; id < frames; ++id) {
    const trace::Frame frame = trace.frames[id];
    road.add(trace.octets(frame), 1, frame.wire_octets, frame.sent, id);
  }
  road.finish();
  REQUIRE(trace.connections.size() == 13);
  for (const trace::Connection& connection : trace.connections) {
    CHECK(connection.protocol == languages::kDns);
    CHECK(connection.complete);
    CHECK(trace.agents[connection.client.agent].kind == trace::AgentKind::Resolver);
    CHECK(trace.agents[connection.server.agent].kind == trace::AgentKind::DnsServer);
  }
  REQUIRE(trace.pdus.size() == 26);
  for (const trace::Pdu& pdu : trace.pdus) CHECK(pdu.received > pdu.last);
  CHECK(trace.findings.empty());
}

TEST_CASE("A lost answer shows as lost, and the question as sent again") {
  DnsWorld world(kZone);
  talk(world);  // so that ARP is over
  const std::size_t before = world.trace.frames.size();
  world.link.drop_next(1, world.ns_node.id());
  world.simulator.run_until(world.simulator.now() + 400 * kSecond);
  world.resolver.resolve("beta.example", dns::Type::Mx, [](const Resolved&) {});
  world.simulator.run();
  trace::Trace& trace = world.trace;
  trace.source.kind = trace::SourceKind::Simulator;
  observe::RoadOptions options;
  options.received_at = [&](trace::Id frame) { return world.recorder.delivered(frame); };
  observe::Road road(trace, options);
  const std::size_t frames = trace.frames.size();
  for (auto id = static_cast<trace::Id>(before); id < frames; ++id) {
    const trace::Frame frame = trace.frames[id];
    road.add(trace.octets(frame), 1, frame.wire_octets, frame.sent, id);
  }
  road.finish();
  std::string story;
  for (const trace::Pdu& pdu : trace.pdus) {
    story += pdu.kind == trace::PduKind::Command ? "asked" : "answered";
    if (pdu.received == trace::kNever) story += " lost";
    if (pdu.flags & trace::Pdu::kRetransmitted) story += " again";
    if (pdu.flags & trace::Pdu::kOutOfPlace) story += " out of place";
    story += ", ";
  }
  CHECK(story == "asked, answered lost, asked again, answered, ");
}
