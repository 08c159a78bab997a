// What a WireReader makes of an input's steps, for the IMAP targets: a log of all that it answers,
// the same in any cutting.
#pragma once

#include <functional>

#include "fuzz.hpp"
#include "protocols/imap/command_reader.hpp"

namespace mailscope::fuzz {

struct WireWays {
  imap::WireReader::Limits limits{
      .line_octets_max = 400, .literal_octets_max = 300, .literals_max = 6};
  LineSplitter::BareLf bare_lf = LineSplitter::BareLf::IsText;
  int decision = 0;  // on literals: 0, 1 keep; 2 pass on; 3 drop
};

class WireLog {
 public:
  using Take = std::function<std::string(imap::WireText)>;

  WireLog(const WireWays& ways, Take take)
      : ways_(ways), take_(std::move(take)), reader_(ways.limits, ways.bare_lf) {}

  std::string run(const std::vector<Step>& steps, Cut cut) {
    for (const Step& step : steps) {
      if (step.kind == Step::Kind::Gap) {
        log_ += reader_.gap(step.missing) ? "gap in a literal\n" : "gap\n";
        line_ = false;
      }
      if (step.kind != Step::Kind::Octets) continue;
      give_in_chunks(step, cut, [&](std::string_view chunk) { receive(chunk); });
    }
    return log_;
  }

 private:
  void receive(std::string_view input) {
    for (;;) {
      const std::uint64_t before = reader_.offset();
      const std::size_t size = input.size();
      imap::WireReader::Answer answer = line_ ? reader_.next_line(input) : reader_.next(input);
      check(reader_.offset() - before == size - input.size(), "every octet is counted");
      if (std::holds_alternative<imap::NeedMore>(answer)) {
        check(input.empty(), "who needs more has taken all");
        return;
      }
      note(answer);
    }
  }

  void note(imap::WireReader::Answer& answer) {
    if (const auto* piece = std::get_if<imap::LiteralPiece>(&answer)) {
      log_ += piece->octets;
      return;
    }
    if (const auto* follows = std::get_if<imap::LiteralFollows>(&answer)) {
      log_.append("literal after ").append(follows->text) += '\n';
      if (ways_.decision < 2) reader_.keep_literal();
      if (ways_.decision == 2) reader_.pass_literal_on();
      if (ways_.decision == 3) reader_.drop_literal();
    }
    if (const auto* fault = std::get_if<imap::WireFault>(&answer)) {
      log_ += "fault " + std::to_string(static_cast<int>(fault->kind)) + ' ' + fault->text + ' ' +
              std::to_string(fault->end) + '\n';
      line_ = false;
    }
    if (auto* whole = std::get_if<imap::WireText>(&answer)) {
      std::uint64_t kept = 0;
      for (const imap::Literal& literal : whole->literals) kept += literal.octets.size();
      check(kept <= ways_.limits.literal_octets_max, "literals are bounded");
      check(whole->text.size() <= ways_.limits.line_octets_max + 2, "lines are bounded");
      log_ += std::to_string(whole->begin) + ' ' + std::to_string(whole->end) + ' ';
      line_ = !line_ && imap::front_of(whole->text).verb == imap::Verb::Idle;
      log_ += take_(std::move(*whole)) + '\n';
    }
  }

  WireWays ways_;
  Take take_;
  imap::WireReader reader_;
  std::string log_;
  bool line_ = false;
};

// Text and literals of `octets`, which are one command or response.
inline imap::WireText wire_of(std::string_view octets) {
  imap::WireReader reader(
      {.line_octets_max = 1 << 20, .literal_octets_max = 1 << 20, .literals_max = 1000});
  for (;;) {
    imap::WireReader::Answer answer = reader.next(octets);
    if (std::holds_alternative<imap::LiteralFollows>(answer)) {
      reader.keep_literal();
      continue;
    }
    auto* whole = std::get_if<imap::WireText>(&answer);
    check(whole != nullptr && octets.empty(), "what was written is whole");
    return std::move(*whole);
  }
}

}  // namespace mailscope::fuzz
