#include "scenarios/playing/occurrences.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "protocols/base/ascii.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"

namespace mailscope::scenarios {
namespace {

using trace::Pdu;
using trace::PduKind;

constexpr std::size_t kLineShown = 72;
constexpr std::size_t kLineRead = 2000;

class Collector {
 public:
  explicit Collector(const trace::Trace& trace) : trace_(trace) {}

  std::vector<Occurrence> collect() {
    for (const trace::Id id : trace_.by_time) {
      const Pdu& pdu = trace_.pdus[id];
      const trace::Connection& connection = trace_.connections[pdu.connection];
      add_port(id, connection);
      const languages::Language& language = languages::of(connection.protocol);
      for (const languages::Shown& shown : language.shown(trace_, pdu, lines_of(pdu)))
        add(id, language.card().title, shown.word, shown.context, shown.line);
    }
    return std::move(found_);
  }

 private:
  std::vector<std::string> lines_of(const Pdu& pdu) const {
    if (pdu.kind == PduKind::Reply) return observe::display_lines(trace_, pdu);
    if (pdu.kind != PduKind::Command) return {};
    return {observe::display_text(trace_, pdu, false, kLineRead)};
  }

  void add(trace::Id id, std::string_view protocol, std::string word, std::string_view context,
           std::string_view line = {}) {
    if (!known_.emplace(protocol, word, context).second) return;
    const Pdu& pdu = trace_.pdus[id];
    found_.push_back({"", std::string(protocol), std::move(word), std::string(context), pdu.first,
                      id,
                      line.empty() ? observe::display_text(trace_, pdu, false, kLineShown)
                                   : std::string(line.substr(0, kLineShown))});
  }

  // At the first PDU of the first connection to it.
  void add_port(trace::Id id, const trace::Connection& connection) {
    if (id != connection.first_pdu) return;
    const bool udp = languages::of(connection.protocol).card().datagrams;
    const std::string port = std::to_string(connection.server.port);
    add(id, udp ? "UDP" : "TCP", port, "port",
        (udp ? "a datagram to port " : "a TCP connection to port ") + port);
  }

  const trace::Trace& trace_;
  std::set<std::tuple<std::string, std::string, std::string>> known_;
  std::vector<Occurrence> found_;
};

}  // namespace

std::vector<Occurrence> occurrences_in(const trace::Trace& trace) {
  return Collector(trace).collect();
}

bool matches(const Occurrence& occurrence, const Term& term) {
  if (!equal_no_case(term.protocol, occurrence.protocol)) return false;
  if (term.context && !equal_no_case(*term.context, occurrence.context)) return false;
  if (starts_with_no_case(term.word, "X.") && occurrence.context == "enhanced code")
    return occurrence.word.substr(1) == term.word.substr(1);
  return equal_no_case(term.word, occurrence.word);
}

std::vector<Occurrence> find_occurrences(const std::vector<Term>& terms, std::size_t max) {
  std::vector<Occurrence> found;
  for (const ShippedScenario& shipped : shipped_scenarios()) {
    if (found.size() >= max) break;
    const auto scenario = load_scenario(std::string(shipped.name));
    if (!scenario) continue;
    const auto all = occurrences_in(play(*scenario, scenario->seed).trace);
    const auto first = std::find_if(all.begin(), all.end(), [&](const Occurrence& occurrence) {
      return std::any_of(terms.begin(), terms.end(),
                         [&](const Term& term) { return matches(occurrence, term); });
    });
    if (first == all.end()) continue;
    found.push_back(*first);
    found.back().scenario = shipped.name;
  }
  return found;
}

}  // namespace mailscope::scenarios
