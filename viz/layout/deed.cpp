#include "viz/layout/deed.hpp"

#include <algorithm>
#include <iterator>

namespace mailscope::viz {
namespace {

// In the order of DeedKind.
constexpr std::string_view kWords[] = {"drop",     "cut",      "mend",     "slow",    "lose",
                                       "off",      "on",       "crash",    "restart", "refuse",
                                       "accept",   "overload", "relieve",  "full",    "empty",
                                       "greylist", "forget",   "remember", "fault"};

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

trace::Id take_host(const trace::Trace& trace, std::string_view& text) {
  std::string_view rest = text;
  const auto host = std::ranges::find(trace.hosts, take_word(rest), &trace::Host::name);
  if (host == trace.hosts.end()) return trace::kNone;
  text = rest;
  return static_cast<trace::Id>(host - trace.hosts.begin());
}

}  // namespace

Deed deed_of(const trace::Trace& trace, const trace::Intervention& intervention) {
  std::string_view text = intervention.text;
  Deed deed;
  deed.kind = static_cast<DeedKind>(std::ranges::find(kWords, take_word(text)) - kWords);
  deed.host = take_host(trace, text);
  deed.other = take_host(trace, text);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  deed.rest = text;
  return deed;
}

}  // namespace mailscope::viz
