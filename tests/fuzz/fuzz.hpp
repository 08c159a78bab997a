// What the fuzz targets share: a check that ends the program, and inputs that are dialogues.
//
// A target defines LLVMFuzzerTestOneInput(). libFuzzer calls it with octets of its own making
// (preset `fuzz`); replay.cpp calls it with the files that are kept.
//
// A dialogue is written in one input that can be read and mutated: octets are octets of the side
// whose turn it is (the server's first), and 0xFF with a letter behind it is an instruction:
//   0xFF 'c'   the client's turn          0xFF 's'   the server's turn
//   0xFF '|'   a chunk ends here          0xFF 'e'   the side whose turn it is ends (FIN)
//   0xFF 'g'   a gap; the octet behind it says how long
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::fuzz {

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline void check_same(const std::string& a, const std::string& b, const char* what) {
  if (a == b) return;
  std::fprintf(stderr, "does not hold: %s\n---- one\n%s\n---- other\n%s\n", what, a.c_str(),
               b.c_str());
  std::abort();
}

inline std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

struct Step {
  enum class Kind : std::uint8_t { Octets, Gap, End } kind = Kind::Octets;
  bool client = false;
  std::string octets;               // Octets: a turn's, up to the next instruction but '|'
  std::vector<std::size_t> breaks;  // where its chunks end, ascending
  std::uint64_t missing = 0;        // Gap
};

inline std::vector<Step> steps_of(std::string_view input) {
  std::vector<Step> steps(1);
  const auto turn = [&](bool client) -> Step& {
    Step step;
    step.client = client;
    return steps.emplace_back(std::move(step));
  };
  for (std::size_t i = 0; i < input.size(); ++i) {
    const bool client = steps.back().client;
    const char c = input[i];
    const char next = i + 1 < input.size() ? input[i + 1] : '\0';
    if (c != '\xff') {
      if (steps.back().kind != Step::Kind::Octets) turn(client);
      steps.back().octets += c;
      continue;
    }
    ++i;
    if (next == 'c' || next == 's') {
      turn(next == 'c');
    } else if (next == '|') {
      steps.back().breaks.push_back(steps.back().octets.size());
    } else if (next == 'e') {
      turn(client).kind = Step::Kind::End;
    } else if (next == 'g') {
      Step& gap = turn(client);
      gap.kind = Step::Kind::Gap;
      gap.missing = ++i < input.size() ? 1 + static_cast<std::uint8_t>(input[i]) : 1;
    }
  }
  return steps;
}

// How a turn's octets are cut.
enum class Cut : std::uint8_t { AsSaid, Whole, OctetByOctet };

// Calls give(chunk) for each chunk; each is in memory of its own, gone when give() returns, so that
// the sanitizer sees who reads it later.
template <typename Give>
void give_in_chunks(const Step& step, Cut cut, Give give) {
  const std::string& octets = step.octets;
  std::size_t at = 0;
  const auto up_to = [&](std::size_t end) {
    if (end <= at) return;
    const std::vector<char> chunk(octets.begin() + static_cast<std::ptrdiff_t>(at),
                                  octets.begin() + static_cast<std::ptrdiff_t>(end));
    give(std::string_view(chunk.data(), chunk.size()));
    at = end;
  };
  if (cut == Cut::AsSaid)
    for (const std::size_t end : step.breaks) up_to(end);
  while (cut == Cut::OctetByOctet && at < octets.size()) up_to(at + 1);
  up_to(octets.size());
}

}  // namespace mailscope::fuzz
