#include "captures/languages/languages.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/ascii.hpp"

namespace mailscope::languages {
namespace {

constexpr std::size_t kLanguagesMax = 32;

struct Registry {
  // The order gives the numbers, and who is asked first what a line sounds like.
  std::array<const Language*, kLanguagesMax> known = {&smtp_language(), &pop3_language(),
                                                      &imap_language(), &dns_language(),
                                                      &http_language(), &tls_language()};
  std::size_t size = 6;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

const Language& unknown_language() {
  static const Language kLanguage({.name = "unknown", .title = "TCP"});
  return kLanguage;
}

const Port* find_port(std::uint16_t number, std::size_t& place) {
  const auto known = all();
  for (place = 0; place < known.size(); ++place)
    for (const Port& port : known[place]->card().ports)
      if (port.number == number) return &port;
  return nullptr;
}

}  // namespace

std::span<const Language* const> all() {
  return std::span(registry().known).first(registry().size);
}

trace::Protocol protocol_at(std::size_t place) {
  return static_cast<trace::Protocol>(place + 1);
}

trace::Protocol add(const Language& language) {
  Registry& to = registry();
  if (to.size == kLanguagesMax) return kUnknown;
  to.known[to.size++] = &language;
  return static_cast<trace::Protocol>(to.size);
}

const Language& of(trace::Protocol protocol) {
  const auto place = static_cast<std::size_t>(protocol);
  return place == 0 || place > registry().size ? unknown_language() : *registry().known[place - 1];
}

const Language& of(const trace::Trace& trace, const trace::Pdu& pdu) {
  return pdu.connection < trace.connections.size() ? of(trace.connections[pdu.connection].protocol)
                                                   : unknown_language();
}

std::string_view name(trace::Protocol protocol) {
  return of(protocol).card().name;
}

std::string_view title(trace::Protocol protocol) {
  return of(protocol).card().title;
}

Speakers speakers(trace::Protocol protocol) {
  const Language::Card* card = &of(protocol).card();
  if (card->server == trace::AgentKind::Other) card = &all().front()->card();
  return {card->client, card->server};
}

Service service_at(std::uint16_t number) {
  std::size_t place = 0;
  const Port* port = find_port(number, place);
  return port ? Service{protocol_at(place), port->tls} : Service{};
}

std::string_view service_name(std::uint16_t number) {
  std::size_t place = 0;
  const Port* port = find_port(number, place);
  return port ? port->service : std::string_view();
}

trace::Protocol datagrams_at(std::uint16_t source_port, std::uint16_t destination_port) {
  const auto known = all();
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!known[i]->card().datagrams) continue;
    for (const Port& port : known[i]->card().ports)
      if (port.number == source_port || port.number == destination_port) return protocol_at(i);
  }
  return kUnknown;
}

trace::Protocol spoken_by(trace::AgentKind kind) {
  const auto known = all();
  const auto speaks = [&](const Language* language) {
    return kind != trace::AgentKind::Other &&
           (language->card().client == kind || language->card().server == kind);
  };
  const auto found = std::find_if(known.begin(), known.end(), speaks);
  return found == known.end() ? kUnknown
                              : protocol_at(static_cast<std::size_t>(found - known.begin()));
}

std::vector<trace::FindingKind> finding_kinds() {
  const auto common = trace::common_finding_kinds();
  std::vector<trace::FindingKind> kinds(common.begin(), common.end());
  for (const Language* language : all())
    for (const trace::FindingKind& kind : language->finding_kinds()) kinds.push_back(kind);
  std::ranges::sort(kinds, {}, &trace::FindingKind::code);
  return kinds;
}

const trace::FindingKind* find_finding_kind(std::string_view code) {
  const auto in = [&](std::span<const trace::FindingKind> kinds) {
    const auto found = std::ranges::find(kinds, code, &trace::FindingKind::code);
    return found == kinds.end() ? nullptr : &*found;
  };
  if (const auto* common = in(trace::common_finding_kinds())) return common;
  for (const Language* language : all())
    if (const auto* own = in(language->finding_kinds())) return own;
  return nullptr;
}

bool is_verb(std::string_view word) {
  return std::ranges::any_of(all(), [&](const Language* language) {
    return !language->card().datagrams && language->knows_verb(word);
  });
}

bool code_fits(const Language& language, std::uint16_t code, std::string_view wanted) {
  const std::string text = language.code(code);
  if (text.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool any =
        is_digit(text[i]) && (to_lower(wanted[i]) == 'x' || to_lower(wanted[i]) == 'y');
    if (!any && to_lower(text[i]) != to_lower(wanted[i])) return false;
  }
  return true;
}

}  // namespace mailscope::languages
