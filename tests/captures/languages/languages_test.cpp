#include "captures/languages/languages.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <set>

using namespace mailscope;
using namespace mailscope::languages;

TEST_CASE("The registered numbers are the order of registration") {
  const std::pair<trace::Protocol, std::string_view> named[] = {{kSmtp, "smtp"}, {kPop3, "pop3"},
                                                                {kImap, "imap"}, {kDns, "dns"},
                                                                {kHttp, "http"}, {kTls, "tls"}};
  for (const auto& [protocol, text] : named) CHECK(name(protocol) == text);
  CHECK(name(kUnknown) == "unknown");
  CHECK(name(trace::Protocol{31}) == "unknown");
}

TEST_CASE("Names and ports are each one language's") {
  std::set<std::string_view> names;
  std::set<std::uint16_t> ports;
  for (std::size_t i = 0; i < all().size(); ++i) {
    CHECK(names.insert(all()[i]->card().name).second);
    for (const Port& port : all()[i]->card().ports) {
      CHECK(ports.insert(port.number).second);
      CHECK(service_at(port.number).protocol == protocol_at(i));
    }
  }
  CHECK(service_at(465).tls);
  CHECK(service_name(587) == "submission");
  CHECK(service_at(21).protocol == kUnknown);
  CHECK(datagrams_at(40000, 53) == kDns);
  CHECK(datagrams_at(40000, 25) == kUnknown);
}

TEST_CASE("Codes fit by digits and by letters") {
  CHECK(code_fits(of(kSmtp), 250, "250"));
  CHECK(code_fits(of(kSmtp), 250, "2xx"));
  CHECK(code_fits(of(kSmtp), 250, "25y"));
  CHECK_FALSE(code_fits(of(kSmtp), 250, "5xx"));
  CHECK_FALSE(code_fits(of(kSmtp), 250, "2"));
  CHECK(code_fits(of(kPop3), 1, "+ok"));
  CHECK(code_fits(of(kPop3), 0, "-ERR"));
  CHECK_FALSE(code_fits(of(kPop3), 0, "+OK"));
  CHECK_FALSE(code_fits(of(kPop3), 1, "xxx"));
  CHECK(code_fits(of(kDns), 3, "NXDOMAIN"));
}

TEST_CASE("What is read has words for all that it can say") {
  for (const Language* language : all()) {
    if (!language->make_observer(true)) continue;
    INFO(language->card().name);
    CHECK(language->greeting());
    CHECK_FALSE(language->states().empty());
    for (const std::uint8_t state : language->states()) CHECK_FALSE(language->state(state).empty());
    CHECK_FALSE(language->content_meaning().section.empty());
    REQUIRE_FALSE(language->verbs().empty());
    for (const std::string_view verb : language->verbs()) {
      INFO(verb);
      CHECK(language->knows_verb(verb));
      CHECK(find_entry(language->reference(), verb) != nullptr);
    }
  }
}

TEST_CASE("A description's kinds of findings are found with all the others, by code") {
  for (const Language* language : all()) {
    INFO(language->card().name);
    CHECK(trace::are_sorted(language->finding_kinds()));
    for (const trace::FindingKind& kind : language->finding_kinds())
      CHECK(kind.code.starts_with(std::string(language->card().name) + "."));
  }
  const std::vector<trace::FindingKind> kinds = finding_kinds();
  CHECK(std::ranges::is_sorted(kinds, std::ranges::less_equal{}, &trace::FindingKind::code));
  for (const trace::FindingKind& kind : kinds) {
    const trace::FindingKind* found = find_finding_kind(kind.code);
    REQUIRE(found);
    CHECK(found->title == kind.title);
  }
  for (const std::string_view code : {"tcp.gap", "smtp.bare-lf", "tls.opaque"})
    CHECK(find_finding_kind(code));
  CHECK_FALSE(find_finding_kind("smtp.bare"));
}

TEST_CASE("What a datagram can be wrong in is among its language's kinds of findings") {
  for (const Language* language : all()) {
    if (!language->card().datagrams) continue;
    const Language::Card::Findings& codes = language->card().findings;
    for (const std::string_view code :
         {codes.cut, codes.malformed, codes.unasked, codes.unanswered})
      CHECK(find_finding_kind(code));
  }
}
