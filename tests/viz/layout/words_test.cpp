#include "viz/layout/words.hpp"
#include "captures/languages/languages.hpp"

#include <catch2/catch.hpp>

#include "protocols/pop3/session.hpp"
#include "protocols/smtp/session.hpp"
#include "tests/viz/sample_run.hpp"
#include "viz/layout/geometry.hpp"

using namespace mailscope;
using namespace mailscope::viz;

TEST_CASE("Times are written for people") {
  CHECK(time_text(1'284'310'000) == "1.284 310");
  CHECK(time_text(0) == "0.000 000");
  CHECK(clock_text(1'284'310'000) == "1.284 s");
  CHECK(clock_text(183'100'000'000) == "3:03.100");
  CHECK(clock_text(7'384'000'000'000) == "2:03:04.0");
  CHECK(span_text(20'408'000) == "20.4 ms");
  CHECK(span_text(12'000) == "12 µs");
  CHECK(span_text(999) == "999 ns");
  CHECK(span_text(1'500'000'000) == "1.50 s");
  CHECK(span_text(1'798'000'000'000) == "29 min 58 s");
  CHECK(span_text(7'200'000'000'000) == "2 h 0 min");
  CHECK(span_text(-20'408'000) == "-20.4 ms");
}

TEST_CASE("Rates and octets are written for people") {
  CHECK(rate_text(1'000'000'000) == "1 Gb/s");
  CHECK(rate_text(16'000'000) == "16 Mb/s");
  CHECK(rate_text(56'000) == "56 kb/s");
  CHECK(rate_text(300) == "300 b/s");
  CHECK(octets_text(1) == "1 octet");
  CHECK(octets_text(1234) == "1234 octets");
  CHECK(octets_text(12345) == "12 345 octets");
  CHECK(octets_text(1234567) == "1 234 567 octets");
}

TEST_CASE("Every PDU of the sample has a head, a kind, a label, and a meaning") {
  const Trace trace = sample::maa_trace();
  for (const trace::Pdu& pdu : trace.pdus) {
    INFO(label(trace, pdu));
    CHECK_FALSE(head(trace, pdu).empty());
    CHECK_FALSE(label(trace, pdu).empty());
    CHECK_FALSE(gist(trace, pdu).empty());
    CHECK_FALSE(kind_text(trace, pdu).empty());
    const ReferenceEntry* entry = reference(trace, pdu);
    CHECK_FALSE((entry ? entry->meaning : plain_meaning(trace, pdu).text).empty());
  }
}

TEST_CASE("What may come next is read from the rules") {
  using smtp::State;
  const auto next = [](State state) {
    return languages::of(languages::kSmtp).next(static_cast<std::uint8_t>(state));
  };
  const auto has = [](const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  CHECK_FALSE(has(next(State::Connected), "DATA"));
  CHECK(has(next(State::Rcpt), "DATA"));
  CHECK_FALSE(has(next(State::Mail), "MAIL"));
  CHECK(next(State::Closed).empty());
  CHECK(languages::of(languages::kPop3).next(1).size() >= 8);
  CHECK(languages::of(languages::kSmtp).next(200).empty());
  CHECK(languages::of(languages::kPop3).state(99).empty());
}

TEST_CASE("A text that does not fit ends in an ellipsis, never within a character") {
  const Metrics metrics;
  CHECK(fit(metrics, TextStyle::Mono, "RCPT", 100) == "RCPT");
  const std::string cut = fit(metrics, TextStyle::Mono, "RCPT TO:<bob@beta.example>", 100);
  CHECK(cut.ends_with("…"));
  CHECK(metrics.width(TextStyle::Mono, cut) <= 100);
  for (float width = 0; width < 200; width += 3) {
    const std::string some = fit(metrics, TextStyle::Small, "ÄÖÜ → ÄÖÜ → ÄÖÜ", width);
    CHECK(metrics.width(TextStyle::Small, some) <= std::max(width, 0.f));
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto c = static_cast<unsigned char>(some[i]);
      if (c < 0xC0) continue;
      const std::size_t length = c >= 0xE0 ? 3 : 2;
      REQUIRE(i + length <= some.size());
      for (std::size_t k = 1; k < length; ++k) REQUIRE((some[i + k] & 0xC0) == 0x80);
    }
  }
}
