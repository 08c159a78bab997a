// Small pieces of text that the exports share: times, counts, names of what a PDU says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::export_ {

// Exact: "12.000000345".
std::string seconds(trace::Time at);
// RFC 3339 in UTC with nine decimals: "2009-10-05T06:06:07.492060000Z".
std::string utc_time(std::int64_t unix_nanoseconds);
// "1,234,567".
std::string grouped(std::uint64_t number);
// "1 octet", "1,234 octets".
std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural);

// "5 connections, 7 DNS queries"; without the second where nothing was asked over UDP.
std::string counted_connections(const trace::Trace& trace);

// The verb of a command PDU in upper case; for one that the protocol does not have the word as
// sent.
std::string verb_of(const trace::Trace& trace, const trace::Pdu& command);
// A reply without its codes, each line printable: {"alpha.example", "SIZE 1000"}.
std::vector<std::string> reply_lines(const trace::Trace& trace, const trace::Pdu& reply);

// Breaks text at spaces into lines of at most `columns` (UTF-8 characters); a longer word is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace mailscope::export_
