// The states of the sessions as strips along the servers' lifelines, and the phases of the dialogue
// as bands at the ladder's left. Both grow row by row, downwards.
#pragma once

#include <utility>
#include <vector>

#include "viz/layout/ladder.hpp"

namespace mailscope::viz {

struct LadderSheet;
struct RowPlace;

class StateStrips {
 public:
  // A PDU's row; `later`: what it brings about is to come.
  void extend(LadderSheet& sheet, Id pdu, const RowPlace& place, bool later);
  // A change's row: a crash ends the sessions of its host; none of their own segments does.
  void end_at(const LadderSheet& sheet, Id change, float y);
  void finish(LadderSheet& sheet);

  // The servers' lines along which other sessions than this one have a strip now.
  std::vector<float> beside(const LadderSheet& sheet, Id connection) const;
  bool only_session(Id connection) const;

 private:
  struct Open {
    Id connection = kNone;
    std::uint8_t state = 0;
    float top = 0, bottom = 0;
    bool ended = false, to_come = false;
  };
  struct CrashRow {
    Time at = 0;
    float y = 0;
  };
  void begin(LadderSheet& sheet, Id pdu, const RowPlace& place, bool later);
  void end_unseen(const LadderSheet& sheet, Id pdu, Time crash);
  static void close(LadderSheet& sheet, const Open& open);
  static void change(LadderSheet& sheet, Open& open, std::uint8_t state, float y, bool later);

  std::vector<Open> open_;
  std::vector<CrashRow> crashes_;
};

class PhaseBands {
 public:
  void extend(const Trace& trace, const trace::Pdu& pdu, float top, float bottom);
  void finish(Ladder& ladder);

 private:
  std::vector<std::pair<PhaseBand, Phase>> bands_;
};

}  // namespace mailscope::viz
