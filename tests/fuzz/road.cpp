// The observation road: a dialogue becomes frames, and the frames a trace. A gap is a segment that
// was never captured; an octet in front says the port and what is odd about the connection, or that
// each chunk is a datagram to or from a name server.
#include "captures/observe/road.hpp"
#include "fuzz.hpp"
#include "tests/captures/observe/talk.hpp"
#include "tests/captures/tcp/frames.hpp"
#include "trace_checks.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;

constexpr std::uint16_t kPorts[] = {25, 110, 587, 2525};

void write(test::Talk& talk, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::Gap)
      talk.lose(step.client, step.missing);
    else if (step.kind == Step::Kind::End)
      talk.send(step.client, "", test::Talk::kFin | test::Talk::kAck);
    else
      give_in_chunks(step, Cut::AsSaid, [&](std::string_view chunk) {
        step.client ? talk.client(chunk) : talk.server(chunk);
      });
  }
}

void write_datagrams(test::Talk& talk, const std::vector<Step>& steps) {
  namespace frames = tcp::frames;
  trace::Time at = 0;
  for (const Step& step : steps)
    give_in_chunks(step, Cut::AsSaid, [&](std::string_view chunk) {
      frames::Ip4 ip;
      ip.protocol = 17;
      if (!step.client) std::swap(ip.from, ip.to);
      const std::string datagram =
          step.client ? frames::udp(4000, 53, chunk) : frames::udp(53, 4000, chunk);
      talk.frames.push_back({at, frames::ethernet(0x0800, frames::ipv4(ip, datagram))});
      at += 1'000'000'000;
    });
}

void read(const test::Talk& talk, observe::Keep keep) {
  trace::Trace trace;
  observe::RoadOptions options;
  options.keep = keep;
  observe::Road road(trace, options);
  for (const test::Wire& wire : talk.frames) {
    trace::Frame frame;
    frame.sent = wire.at;
    frame.at = trace.store.append(wire.octets);
    frame.octets = static_cast<std::uint32_t>(wire.octets.size());
    const bool kept = keep == observe::Keep::Everything;
    if (kept) trace.frames.push_back(frame);
    road.add(wire.octets, 1, frame.octets, wire.at,
             kept ? static_cast<trace::Id>(trace.frames.size() - 1) : trace::kNone);
  }
  road.finish();
  check_trace(trace);
  for (const trace::Pdu& pdu : trace.pdus) trace.pdu_octets(pdu, 4096);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  test::Talk talk;
  talk.server_port = kPorts[data[0] & 3];
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  if (data[0] & 128) write_datagrams(talk, steps);
  if ((data[0] & 4) == 0) talk.open();
  if ((data[0] & 128) == 0) write(talk, steps);
  if (data[0] & 8) talk.reset();
  if (data[0] & 16)  // a frame comes again
    talk.again(talk.frames.size() / 2);
  if (data[0] & 32 && talk.frames.size() > 4)  // two change places
    std::swap(talk.frames[talk.frames.size() / 2].octets,
              talk.frames[talk.frames.size() / 2 - 1].octets);
  if ((data[0] & 64) == 0) talk.close();
  read(talk, observe::Keep::Everything);
  read(talk, observe::Keep::Summary);
  return 0;
}
