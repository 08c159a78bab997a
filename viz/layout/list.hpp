// The list of PDUs: which pass the filter, and their rows in words, made only for what is visible.
//
// Filter: terms separated by commas; a PDU passes when it meets every group. Terms of one group are
// alternatives: protocols (smtp, pop3, imap, dns, http, tls, tcp), codes (250, 5xx, 25x, +ok,
// -err), directions (from-client, from-server), conn:2 or conn:2-5 (connections are counted from 1,
// as in the transcript), host:NAME; words (two or more letters) have to be in what the PDU says or
// its verb, each of them. A minus in front takes out what meets the term. Case does not count.
// "smtp, 5xx, -noop": SMTP's permanent failures, except NOOP.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

class Filter {
 public:
  Filter() = default;
  explicit Filter(std::string_view text);
  bool empty() const { return terms_.empty(); }
  bool passes(const TraceIndex& index, Id pdu) const;

 private:
  enum class Kind : std::uint8_t { Protocol, Tcp, Code, From, Connection, Host, Word };
  struct Term {
    Kind kind{};
    bool negated = false;
    std::uint32_t low = 0, high = 0;
    std::string text;
  };
  static Term read(std::string_view term);
  bool meets(const TraceIndex& index, Id pdu, const Term& term) const;
  std::vector<Term> terms_;
};

// The PDUs that pass, found a slice at a time so that a large trace never stalls the window.
class FilteredPdus {
 public:
  void set(const TraceIndex& index, std::string_view filter);
  // Looks at up to `pdus_max` more. True when all were looked at.
  bool work(std::size_t pdus_max);
  std::size_t size() const;
  Id at(std::size_t row) const;
  // The row of a PDU, or that of the next PDU that passes. O(log n).
  std::size_t row_of(Id pdu) const;
  // The first row behind a PDU. O(log n).
  std::size_t row_behind(Id pdu) const;
  // The index has grown: what was looked at stays, up to where something new stands in between.
  void grow();
  bool done() const;

 private:
  const TraceIndex* index_ = nullptr;
  Filter filter_;
  std::vector<Id> passed_;  // in order of time
  std::size_t next_ = 0;    // place in time
};

struct ListRow {
  Id pdu = kNone;
  std::string number, time, delta, connection, from_to, phase, head, says, meaning;
  std::string flags;  // "lost: queue full", "sent again", "out of place", ...
  Role role = Role::Text;
  bool to_come = false, current = false;
};

// Rows [first, first + count) of the filtered list.
std::vector<ListRow> layout_list(const TraceIndex& index, const Cursor& cursor,
                                 const FilteredPdus& pdus, std::size_t first, std::size_t count);

}  // namespace mailscope::viz
