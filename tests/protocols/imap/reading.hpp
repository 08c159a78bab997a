// What a WireReader makes of octets, as lines of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/wire_reader.hpp"

namespace mailscope::imap::reading {

enum class Decision { Keep, PassOn, Drop };

inline constexpr WireReader::Limits kSmall = {
    .line_octets_max = 100, .literal_octets_max = 1000, .literals_max = 3};

inline std::string text_of(const WireText& whole) {
  std::string log = "whole " + printable(whole.text);
  for (const Literal& literal : whole.literals)
    log += literal.kept ? " [" + printable(literal.octets) + "]"
                        : " [" + std::to_string(literal.size) + " octets]";
  return log + "\n";
}

inline void decide(WireReader& reader, Decision decision) {
  if (decision == Decision::Keep) reader.keep_literal();
  if (decision == Decision::PassOn) reader.pass_literal_on();
  if (decision == Decision::Drop) reader.drop_literal();
}

inline std::string read(const std::vector<std::string_view>& chunks,
                        Decision decision = Decision::Keep, WireReader::Limits limits = kSmall) {
  WireReader reader(limits);
  std::string log;
  for (const std::string_view chunk : chunks) {
    // In memory of its own, gone with the chunk.
    const std::vector<char> copy(chunk.begin(), chunk.end());
    std::string_view input(copy.data(), copy.size());
    for (;;) {
      const WireReader::Answer answer = reader.next(input);
      if (std::holds_alternative<NeedMore>(answer)) break;
      if (const auto* follows = std::get_if<LiteralFollows>(&answer)) {
        log += "literal " + std::to_string(follows->octets);
        log += follows->synchronizing ? " waits" : "";
        log += follows->binary ? " binary" : "";
        log += " after " + printable(follows->text) + "\n";
        decide(reader, decision);
      }
      if (const auto* piece = std::get_if<LiteralPiece>(&answer))
        log += "piece " + printable(piece->octets) + "\n";
      if (const auto* whole = std::get_if<WireText>(&answer)) log += text_of(*whole);
      if (const auto* fault = std::get_if<WireFault>(&answer))
        log += "fault " + std::to_string(static_cast<int>(fault->kind)) + " " +
               printable(fault->text) + "\n";
    }
  }
  return log;
}

}  // namespace mailscope::imap::reading
