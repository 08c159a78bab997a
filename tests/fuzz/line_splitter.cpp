// Lines and gaps in three cuttings: the same lines, none longer than the limit, no octet lost.
#include "protocols/base/line_splitter.hpp"
#include "fuzz.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;

std::string split(const std::vector<Step>& steps, Cut cut, std::size_t limit,
                  LineSplitter::BareLf bare_lf) {
  LineSplitter splitter(limit, bare_lf);
  std::string log;
  std::uint64_t behind = 0, fed = 0;
  const auto take = [&](const Line& line) {
    check(line.begin >= behind && line.begin < line.end, "lines follow each other");
    check(line.text.size() <= limit, "a line is no longer than its limit");
    behind = line.end;
    log += std::to_string(line.begin) + ' ' + std::to_string(line.end) + ' ' +
           std::to_string(line.faults) + ' ';
    log.append(line.text).append("\n");
  };
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::Gap) {
      fed += step.missing;
      if (const auto line = splitter.gap(step.missing)) take(*line);
      continue;
    }
    give_in_chunks(step, cut, [&](std::string_view chunk) {
      fed += chunk.size();
      while (const auto line = splitter.next(chunk)) take(*line);
      check(chunk.empty(), "a chunk is taken whole");
    });
  }
  if (const auto line = splitter.finish()) take(*line);
  check(splitter.offset() == fed, "every octet is counted");
  return log;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t limit = data[0];
  const auto bare_lf = data[1] & 1 ? LineSplitter::BareLf::EndsLine : LineSplitter::BareLf::IsText;
  const std::vector<Step> steps = steps_of(view(data + 2, size - 2));
  const std::string whole = split(steps, Cut::Whole, limit, bare_lf);
  check_same(whole, split(steps, Cut::AsSaid, limit, bare_lf), "chunks change no line");
  check_same(whole, split(steps, Cut::OctetByOctet, limit, bare_lf), "nor does octet by octet");
  return 0;
}
