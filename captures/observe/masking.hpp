// The text of a PDU for people, and which octets of it and of a frame are secret.
//
// What is no text by itself (a DNS message) is shown in the lines that its language makes of it.
//
// Everything returned is printable UTF-8 without control characters. Where a secret (Pdu::kSecret)
// begins the language says; it becomes "********" whatever its length unless asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

// The first line of a command or reply without its line end, the first line of content, "" for a
// PDU without octets; cut with "..." behind `octets_max` octets.
std::string display_text(const trace::Trace& trace, const trace::Pdu& pdu,
                         bool show_secrets = false, std::size_t octets_max = 200);
// The same for all lines of a command or reply (a multi-line reply has several).
std::vector<std::string> display_lines(const trace::Trace& trace, const trace::Pdu& pdu,
                                       bool show_secrets = false, std::size_t lines_max = 100,
                                       std::size_t octets_max = 1000);

struct OctetRange {
  std::uint32_t begin = 0, end = 0;
};
// The octets of a frame that are secret, ascending: for hex views. Holds for retransmissions and
// for the same packet on its next hop too.
std::vector<OctetRange> secret_ranges(const trace::Trace& trace, trace::Id frame);
// The frame's octets with the secret ones as '*'.
std::string masked_frame(const trace::Trace& trace, trace::Id frame);

}  // namespace mailscope::observe
