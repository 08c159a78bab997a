// Wire octets in three cuttings, and what was decoded encoded again.
#include "protocols/base/dot_stuffing.hpp"
#include "fuzz.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;

struct Decoded {
  std::string content, rest, faults;
  bool finished = false;
};

Decoded decode(const std::vector<Step>& steps, Cut cut) {
  DotDecoder decoder(64);
  Decoded decoded;
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::Gap) decoder.gap(step.missing);
    if (step.kind != Step::Kind::Octets) continue;
    give_in_chunks(step, cut, [&](std::string_view chunk) {
      while (!chunk.empty() && !decoder.finished()) decoded.content += decoder.next(chunk);
      decoded.rest += chunk;
    });
  }
  const ContentFaults& faults = decoder.faults();
  for (const std::uint64_t n :
       {faults.bare_cr, faults.bare_lf, faults.nul, faults.long_lines, decoder.wire_octets(),
        faults.bare_cr ? faults.first_bare_cr : 0, faults.bare_lf ? faults.first_bare_lf : 0,
        faults.nul ? faults.first_nul : 0, faults.long_lines ? faults.first_long_line : 0})
    decoded.faults += std::to_string(n) + ' ';
  decoded.finished = decoder.finished();
  return decoded;
}

void check_same_way(const Decoded& a, const Decoded& b) {
  check_same(a.content, b.content, "chunks change no content");
  check_same(a.rest, b.rest, "chunks do not change what is behind the dot");
  check_same(a.faults, b.faults, "chunks change no fault");
}

void check_round(const std::string& content) {
  std::string_view wire_rest;
  const std::string wire = dot_stuffed(content);
  wire_rest = wire;
  DotDecoder decoder;
  std::string again;
  while (!wire_rest.empty() && !decoder.finished()) again += decoder.next(wire_rest);
  check(decoder.finished() && wire_rest.empty(), "what is stuffed ends with its dot");
  const bool whole = content.empty() || content.ends_with("\r\n");
  check_same(whole ? content : content + "\r\n", again, "decode(encode(x)) is x");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<Step> steps = steps_of(view(data, size));
  const Decoded whole = decode(steps, Cut::Whole);
  check_same_way(whole, decode(steps, Cut::AsSaid));
  check_same_way(whole, decode(steps, Cut::OctetByOctet));
  check_round(whole.content);
  return 0;
}
