// Simulated transfers in front of Wireshark: no malformed packet and no complaint.
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>

#include "tests/testing.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::Program;
using test::World;

namespace {

// What tshark's expert has to say, from this severity up ("note", "warn", "error"), one line a kind
// of remark. That a FIN begins or ends the closing is a note on every connection and no complaint.
std::string complaints(const trace::Trace& trace, const char* severity) {
  const std::string path =
      testing::binary_dir() + "/wireshark_test." + std::to_string(getpid()) + ".pcap";
  test::write_pcap(trace, path);
  const std::string command = "tshark -n -q -r '" + path +
                              "' -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE "
                              "-o udp.check_checksum:TRUE -z expert," +
                              severity + " 2>/dev/null";
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return "tshark failed";
  char line[4096];
  while (std::fgets(line, sizeof line, pipe)) {
    const std::string_view text(line);
    const bool remark = text.size() > 2 && text[0] == ' ' && text.find("Frequency") == text.npos;
    if (remark && text.find("the connection closing") == text.npos) output += text;
  }
  if (pclose(pipe) != 0) output += "tshark failed";
  std::remove(path.c_str());
  return output;
}

bool tshark_is_missing() {
  if (std::system("tshark --version > /dev/null 2>&1") == 0) return false;
  testing::skip("tshark is not installed");
  return true;
}

constexpr const char* kNote = "note";
constexpr const char* kError = "error";

}  // namespace

TEST_CASE("Wireshark has nothing to remark on a transfer over each kind of link") {
  if (tshark_is_missing()) return;
  for (const std::string_view preset : link_preset_names()) {
    CAPTURE(preset);
    World world(*link_preset(preset));
    const std::string octets = test::pattern(400'000), answer = test::pattern(150'000, 2);
    const test::Exchange result = test::exchange(world, octets, answer);
    REQUIRE(result.server_received == octets);
    REQUIRE(result.client_received == answer);
    CHECK(std::ranges::none_of(world.trace.frames, [](const trace::Frame& frame) {
      return frame.loss != trace::Loss::None;
    }));
    CHECK(complaints(world.trace, kNote) == "");
  }
}

TEST_CASE("Wireshark has nothing to remark on short dialogues, many at a time, and datagrams") {
  if (tshark_is_missing()) return;
  World world(*link_preset("wan"));
  struct Dialogue final : StreamUser {
    explicit Dialogue(int r) : rounds(r) {}
    void on_accepted(Stream& stream) override { stream.send("220 ready\r\n"); }
    void on_octets(Stream& stream, std::string_view) override {
      if (rounds-- > 0)
        stream.send("line\r\n");
      else
        stream.close();
    }
    void on_eof(Stream& stream) override { stream.close(); }
    int rounds;
  };
  Dialogue server(1'000'000);
  world.server.listen(25, server);
  std::vector<std::unique_ptr<Dialogue>> clients;
  for (int i = 0; i < 30; ++i) {
    clients.push_back(std::make_unique<Dialogue>(i));
    world.client.connect(world.server.address(), 25, *clients.back());
    world.client.send_to(5000, world.server.address(), 5001, std::string(1 + 40 * i, 'x'));
  }
  world.simulator.run();
  CHECK(complaints(world.trace, kNote) == "");
}

TEST_CASE("Wireshark finds no error on bad links, closed windows and resets") {
  if (tshark_is_missing()) return;
  LinkOptions options = *link_preset("dsl");
  options.loss = 0.03;
  options.duplication = 0.03;
  options.reordering = 0.05;
  World world(options, 5);
  test::exchange(world, test::pattern(300'000), test::pattern(100'000));
  Program server(world.server), client(world.client), refused(world.client);
  world.server.listen(26, server);
  server.then_accepted = [&](Stream& stream) { stream.pause_reading(); };
  client.then_connected = [&](Stream& stream) { stream.send(test::pattern(300'000)); };
  world.client.connect(world.server.address(), 26, client);
  world.client.connect(world.server.address(), 27, refused);
  world.simulator.run_until(world.simulator.now() + 30 * kSecond);
  client.stream->abort();
  world.simulator.run();
  CHECK(refused.log == std::vector<std::string>{"refused"});
  CHECK(complaints(world.trace, kError) == "");
}

TEST_CASE("Wireshark does complain when a checksum is wrong") {
  if (tshark_is_missing()) return;
  World world;
  test::exchange(world, "hello");
  trace::Trace damaged;
  for (const trace::Frame& frame : world.trace.frames) {
    std::string octets(world.trace.octets(frame));
    if (octets.size() > 54) octets.back() = static_cast<char>(octets.back() ^ 1);
    trace::Frame copy = frame;
    copy.at = damaged.store.append(octets);
    damaged.frames.push_back(copy);
  }
  CHECK(complaints(damaged, kError).find("Bad checksum") != std::string::npos);
}
