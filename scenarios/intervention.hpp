// An intervention: something a person did to a run at a virtual time. With scenario and seed it
// makes a run that can be had again, octet for octet.
//
//   intervention = time action
//   action = "drop" host host     the next frame that the first host sends on its link to the
//   second
//          / "cut" host host      the cable between them;  "mend" host host  puts it back
//          / "off" host / "on" host
//   time   = "1.25s", "300 ms", ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "scenarios/scenario.hpp"

namespace mailscope::scenarios {

struct Intervention {
  enum class Kind : std::uint8_t { Drop, Cut, Mend, Off, On };
  std::int64_t at = 0;
  Kind kind = Kind::Drop;
  std::string text;         // the action as written, without its time: "off mail.beta.example"
  std::string host, other;  // `other` for Drop, Cut, Mend: there is a link between the two
};

// The error says what is wrong and what would be right.
tl::expected<Intervention, std::string> parse_intervention(std::string_view text,
                                                           const Scenario& scenario);

}  // namespace mailscope::scenarios
