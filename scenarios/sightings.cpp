#include "scenarios/sightings.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "captures/observe/masking.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/pop3/verb.hpp"
#include "protocols/smtp/reference.hpp"
#include "protocols/smtp/verb.hpp"
#include "scenarios/loader.hpp"
#include "scenarios/player.hpp"

namespace mailscope::scenarios {
namespace {

using trace::Pdu;
using trace::PduKind;
using trace::Protocol;

constexpr std::size_t kLineShown = 72;
constexpr std::size_t kLineRead = 2000;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_upper(c);
  return out;
}

class Collector {
 public:
  explicit Collector(const trace::Trace& trace) : trace_(trace) {}

  std::vector<Sighting> collect() {
    for (const trace::Id id : trace_.by_time) {
      const Pdu& pdu = trace_.pdus[id];
      const trace::Connection& connection = trace_.connections[pdu.connection];
      const Protocol protocol = connection.protocol;
      add_port(id, connection);
      if (protocol == Protocol::Smtp) smtp(id, pdu);
      if (protocol == Protocol::Pop3) pop3(id, pdu);
    }
    return std::move(found_);
  }

 private:
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
    const bool udp = connection.protocol == Protocol::Dns;
    const std::string port = std::to_string(connection.server.port);
    add(id, udp ? "UDP" : "TCP", port, "port",
        (udp ? "a datagram to port " : "a TCP connection to port ") + port);
  }

  void smtp(trace::Id id, const Pdu& pdu) {
    if (pdu.kind == PduKind::Open)
      add(id, "SMTP", "CONNECT", "",
          "a TCP connection to port " +
              std::to_string(trace_.connections[pdu.connection].server.port));
    if (pdu.kind == PduKind::Command) smtp_command(id, pdu);
    if (pdu.kind == PduKind::Reply) smtp_reply(id, pdu);
    if (pdu.kind == PduKind::Data && asked(pdu) == smtp::Verb::Data)
      add(id, "SMTP", "END OF DATA", "");
  }

  // The verb of the exchange that this belongs to.
  smtp::Verb asked(const Pdu& pdu) const {
    if (pdu.exchange >= trace_.exchanges.size()) return smtp::Verb::Unknown;
    const trace::Id command = trace_.exchanges[pdu.exchange].command;
    return command == trace::kNone ? smtp::Verb::Unknown
                                   : static_cast<smtp::Verb>(trace_.pdus[command].word);
  }

  void smtp_command(trace::Id id, const Pdu& pdu) {
    const auto verb = static_cast<smtp::Verb>(pdu.word);
    if (verb == smtp::Verb::Unknown) return;
    add(id, "SMTP", std::string(smtp::name(verb)), "");
    const std::string line = observe::display_text(trace_, pdu, false, kLineRead);
    for (const smtp::Piece& piece : smtp::explain_command_pieces(verb, line)) {
      add(id, "SMTP", upper(piece.text.substr(0, piece.text.find('='))), piece.entry->context);
      add(id, "SMTP", std::string(piece.entry->word), piece.entry->context);  // BODY=8BITMIME
    }
  }

  void smtp_reply(trace::Id id, const Pdu& pdu) {
    const auto verb = static_cast<smtp::Verb>(pdu.answers);
    add(id, "SMTP", std::to_string(pdu.word),
        verb == smtp::Verb::Unknown ? std::string_view() : smtp::name(verb));
    const auto lines = observe::display_lines(trace_, pdu);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      constexpr std::size_t kCode = 4;  // and a space or a hyphen
      const auto text = std::string_view(lines[i]).substr(std::min(kCode, lines[i].size()));
      for (const smtp::Piece& piece : smtp::explain_reply_pieces(verb, text, i == 0))
        if (piece.entry->context != "mechanism")  // it is offered only
          add(id, "SMTP", upper(piece.text), piece.entry->context, lines[i]);
    }
  }

  void pop3(trace::Id id, const Pdu& pdu) {
    if (pdu.kind != PduKind::Command) return;
    const auto verb = static_cast<pop3::Verb>(pdu.word);
    if (verb != pop3::Verb::Unknown) add(id, "POP3", std::string(pop3::name(verb)), "");
  }

  const trace::Trace& trace_;
  std::set<std::tuple<std::string, std::string, std::string>> known_;
  std::vector<Sighting> found_;
};

}  // namespace

std::vector<Sighting> sightings_in(const trace::Trace& trace) {
  return Collector(trace).collect();
}

bool matches(const Sighting& sighting, const Sought& sought) {
  if (!equal_no_case(sought.protocol, sighting.protocol)) return false;
  if (sought.context && !equal_no_case(*sought.context, sighting.context)) return false;
  if (starts_with_no_case(sought.word, "X.") && sighting.context == "enhanced code")
    return sighting.word.substr(1) == sought.word.substr(1);
  return equal_no_case(sought.word, sighting.word);
}

std::vector<Sighting> find_sightings(const std::vector<Sought>& sought, std::size_t max) {
  std::vector<Sighting> found;
  for (const ShippedScenario& shipped : shipped_scenarios()) {
    if (found.size() >= max) break;
    const auto scenario = load_scenario(std::string(shipped.name));
    if (!scenario) continue;
    const auto all = sightings_in(play(*scenario, scenario->seed).trace);
    const auto first = std::find_if(all.begin(), all.end(), [&](const Sighting& one) {
      return std::any_of(sought.begin(), sought.end(),
                         [&](const Sought& what) { return matches(one, what); });
    });
    if (first == all.end()) continue;
    found.push_back(*first);
    found.back().scenario = shipped.name;
  }
  return found;
}

}  // namespace mailscope::scenarios
