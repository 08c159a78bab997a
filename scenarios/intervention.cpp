#include "scenarios/intervention.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "scenarios/table_reader.hpp"

namespace mailscope::scenarios {
namespace {

using Kind = Intervention::Kind;

tl::unexpected<std::string> wrong(std::string_view text, const std::string& why) {
  return tl::unexpected(fmt::format(
      "\"{}\": {}; write \"1.25s drop HOST HOST\", \"2s cut HOST HOST\", \"3s mend HOST HOST\", "
      "\"1s off HOST\" or \"5s on HOST\"",
      printable(text), why));
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> list;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return list;
}

// "1.25s drop ..." or "1.25 s drop ...": joins number and unit.
bool take_time(std::vector<std::string>& list, std::int64_t& at) {
  for (std::size_t count : {std::size_t{1}, std::size_t{2}}) {
    if (list.size() < count) return false;
    const auto time = parse_duration(count == 1 ? list[0] : list[0] + list[1]);
    if (!time) continue;
    at = *time;
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count));
    return true;
  }
  return false;
}

bool linked(const Scenario& scenario, const std::string& a, const std::string& b) {
  return std::any_of(scenario.links.begin(), scenario.links.end(), [&](const LinkSpec& link) {
    return std::count(link.hosts.begin(), link.hosts.end(), a) > 0 &&
           std::count(link.hosts.begin(), link.hosts.end(), b) > 0;
  });
}

}  // namespace

tl::expected<Intervention, std::string> parse_intervention(std::string_view text,
                                                           const Scenario& scenario) {
  Intervention result;
  std::vector<std::string> list = words(text);
  if (!take_time(list, result.at)) return wrong(text, "it does not begin with a time");
  if (list.empty()) return wrong(text, "it does not say what to do");
  result.text = fmt::format("{}", fmt::join(list, " "));
  constexpr std::pair<std::string_view, Kind> kActions[] = {{"drop", Kind::Drop},
                                                            {"cut", Kind::Cut},
                                                            {"mend", Kind::Mend},
                                                            {"off", Kind::Off},
                                                            {"on", Kind::On}};
  const auto* action = std::find_if(std::begin(kActions), std::end(kActions),
                                    [&](const auto& one) { return one.first == list[0]; });
  if (action == std::end(kActions))
    return wrong(text, fmt::format("there is no \"{}\"", printable(list[0])));
  result.kind = action->second;
  const bool one_host = result.kind == Kind::Off || result.kind == Kind::On;
  if (list.size() != (one_host ? 2u : 3u))
    return wrong(text, one_host ? "it wants one host" : "it wants two hosts");
  for (std::size_t i = 1; i < list.size(); ++i)
    if (!scenario.host(list[i]))
      return wrong(text, fmt::format("there is no host \"{}\"", printable(list[i])));
  result.host = list[1];
  if (!one_host) {
    result.other = list[2];
    if (!linked(scenario, result.host, result.other))
      return wrong(text, fmt::format("no link joins {} and {}", result.host, result.other));
  }
  return result;
}

}  // namespace mailscope::scenarios
