// Who acts at the cursor and who is spoken of there: where there is no room for all, these are
// large and the others small.
//
// Hosts are named by their name ("mail.beta", "mx2.beta.example") or through a person ("Bob's
// server", "alice's computer", "bob's mailbox"); agents by what they are ("spool", "the MDA").
#pragma once

#include <string_view>
#include <vector>

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

struct Focus {
  std::vector<Id> hosts;   // those that act first, then those that are named; each once
  std::vector<Id> agents;  // of these hosts: that act or are named; each once
  std::size_t acting = 0;  // so many of `hosts` act
  bool operator==(const Focus&) const = default;
  bool has_host(Id host) const;
  bool has_agent(Id agent) const;
};

Focus focus_of(const TraceIndex& index, const Cursor& cursor);

// Hosts that a text names, in the trace's order.
std::vector<Id> hosts_named(const TraceIndex& index, std::string_view text);
// Whether a text names such an agent: "the spool", "MDA", "bob's mailbox", "the queue".
bool names_agent(const trace::Agent& agent, std::string_view text);

}  // namespace mailscope::viz
