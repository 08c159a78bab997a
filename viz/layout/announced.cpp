#include "viz/layout/announced.hpp"

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"

namespace mailscope::viz {
namespace {

bool has_keyword(std::string_view line, std::string_view keyword) {
  return line.starts_with(keyword) && (line.size() == keyword.size() ||
                                       line[keyword.size()] == ' ' || line[keyword.size()] == '\r');
}

}  // namespace

bool is_announced(const TraceIndex& index, Id pdu, std::string_view command) {
  const Trace& trace = index.trace();
  const languages::Language& language = languages::of(trace, trace.pdus[pdu]);
  const std::string_view keyword = language.announced_as(command);
  if (keyword.empty()) return true;
  const std::span<const Id> all = index.pdus_of(trace.pdus[pdu].connection);
  for (std::size_t i = index.place_in_connection(pdu) + 1; i-- > 0;) {
    const trace::Pdu& reply = trace.pdus[all[i]];
    if (reply.kind != trace::PduKind::Reply || !language.lists_extensions(reply.answers)) continue;
    const auto lines = observe::display_lines(trace, reply, false, 100, 400);
    return std::ranges::any_of(lines, [&](const std::string& line) {
      const auto text = language.without_code(line, false);
      return text && has_keyword(*text, keyword);
    });
  }
  return false;
}

}  // namespace mailscope::viz
