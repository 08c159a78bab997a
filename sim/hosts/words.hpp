// Small texts for people, and the parts of an address.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace mailscope::sim {

// The domain of an address: behind the last @; empty for <Postmaster>.
std::string_view domain_of(std::string_view address);
std::string_view local_part_of(std::string_view address);
std::string lower_case(std::string_view text);
// "90 s", "20 min", "1 h", "5 d": rounded down to what is said.
std::string span_of(Time time);
// "1 message", "2 messages".
std::string count_of(std::size_t count, std::string_view noun);

}  // namespace mailscope::sim
