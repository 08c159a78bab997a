// DNS over UDP: RFC 1035 §4. A question's word is its record type, an answer's the RCODE.
#include <fmt/format.h>

#include "captures/languages/dns_layer.hpp"
#include "captures/languages/finding_tables.hpp"
#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/dns/message.hpp"
#include "protocols/dns/reference.hpp"

namespace mailscope::languages {
namespace {

using trace::Pdu;
using trace::PduKind;
using trace::Trace;

constexpr std::size_t kRecordsMax = 24;
constexpr std::size_t kTextMax = 300;

std::optional<dns::Message> message_of(const Trace& trace, const Pdu& pdu) {
  if (pdu.kind != PduKind::Command && pdu.kind != PduKind::Reply) return {};
  auto message = dns::decode(trace.pdu_octets(pdu, dns::kMessageOctetsMax));
  if (!message) return {};
  return std::move(*message);
}

bool is_null_mx(const dns::Message& message) {
  if (message.answers.size() != 1) return false;
  const auto* mx = std::get_if<dns::Mx>(&message.answers.front().data);
  return mx && mx->exchange == ".";
}

// The same for names that differ in case or in a dot at the end.
std::string canonical(const dns::Question& question) {
  std::string text = dns::name(question.type) + ' ';
  for (const char c : question.name) text += to_lower(c);
  if (text.ends_with('.') && !text.ends_with(" .")) text.pop_back();
  return text;
}

std::string lifetime(std::uint32_t seconds) {
  if (seconds == 0) return "not to be remembered";
  if (seconds % 3600 == 0) return fmt::format("{} h", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} s", seconds);
}

void add_records(FactSheet& sheet, std::string_view what, const std::vector<dns::Record>& records) {
  for (const dns::Record& record : records) {
    if (sheet.facts.size() >= kRecordsMax) return;
    std::string text =
        printable_utf8(fmt::format("{} {} {} · {}", record.name, dns::name(record.type),
                                   dns::data_text(record), lifetime(record.ttl)));
    sheet.facts.push_back({std::string(what), text.substr(0, kTextMax)});
  }
}

void add_flags(FactSheet& sheet, const dns::Message& message) {
  const auto add = [&](bool set, const char* flag) {
    const ReferenceEntry* entry = set ? find_entry(dns::reference(), flag) : nullptr;
    if (entry) sheet.facts.push_back({flag, std::string(entry->title), false});
  };
  add(message.authoritative, "AA");
  add(message.truncated, "TC");
  add(message.recursion_desired, "RD");
  add(message.recursion_available, "RA");
}

class Dns final : public Language {
 public:
  Dns() : Language(make_card()) {}

  tl::expected<Datagram, std::string> read_datagram(std::string_view octets) const override {
    const auto message = dns::decode(octets);
    if (!message) return tl::unexpected(message.error());
    Datagram datagram;
    datagram.id = message->id;
    datagram.response = message->response;
    const dns::Question question =
        message->questions.empty() ? dns::Question{} : message->questions.front();
    datagram.question = dns::text(question);
    if (!message->questions.empty()) {
      datagram.about = canonical(question);
      datagram.answers = static_cast<std::uint16_t>(question.type);
    }
    datagram.word = message->response ? static_cast<std::uint16_t>(message->rcode)
                                      : static_cast<std::uint16_t>(question.type);
    return datagram;
  }

  std::optional<FieldSheet> fields(std::string_view octets) const override {
    return dns_fields(octets);
  }

  std::string verb(std::uint16_t word) const override {
    return dns::name(static_cast<dns::Type>(word));
  }
  std::string code(std::uint16_t word) const override {
    return dns::name(static_cast<dns::Rcode>(word));
  }
  bool knows_verb(std::string_view word) const override {
    return dns::parse_type(word).has_value();
  }
  Verdict verdict(std::uint16_t code) const override {
    return code == 0 ? Verdict::Yes : Verdict::ForGood;
  }

  std::optional<std::vector<std::string>> lines(const Trace& trace, const Pdu& pdu) const override {
    const auto message = message_of(trace, pdu);
    if (!message) return {};
    if (pdu.kind == PduKind::Reply) return dns::lines_of_answers(*message);
    return std::vector<std::string>{
        message->questions.empty() ? "no question" : dns::text(message->questions.front())};
  }
  std::optional<std::vector<std::string>> bare_lines(const Trace& trace,
                                                     const Pdu& pdu) const override {
    const auto message = message_of(trace, pdu);
    if (!message) return {};
    std::vector<std::string> lines;
    const std::string text = dns::text_of_answers(*message);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }
  std::string gist(const Trace& trace, const Pdu& pdu) const override {
    const auto message = message_of(trace, pdu);
    if (!message) return {};
    if (pdu.kind == PduKind::Reply)
      return printable_utf8(dns::words_of_answers(*message)).substr(0, kTextMax);
    if (message->questions.empty()) return "asks nothing";
    return printable_utf8(dns::words(message->questions.front()));
  }
  const ReferenceEntry* entry(const Trace& trace, const Pdu& pdu) const override {
    if (pdu.kind == PduKind::Command) {
      const ReferenceEntry* found = find_entry(reference(), verb(pdu.word));
      return found ? found : find_entry(reference(), "query");
    }
    const auto message = message_of(trace, pdu);
    if (message && message->rcode == dns::Rcode::NoError) {
      if (message->answers.empty())
        return find_entry(reference(), message->truncated ? "TC" : "negative answer");
      return find_entry(reference(), is_null_mx(*message) ? "null MX" : "answer");
    }
    const ReferenceEntry* found = find_entry(reference(), code(pdu.word));
    return found ? found : find_entry(reference(), "answer");
  }
  std::optional<FactSheet> facts(const Trace& trace, const Pdu& pdu) const override {
    const auto message = message_of(trace, pdu);
    if (!message) return {};
    const std::size_t records =
        message->answers.size() + message->authority.size() + message->additional.size();
    FactSheet sheet{"The message",
                    records == 0   ? ""
                    : records == 1 ? "one record"
                                   : fmt::format("{} records", records),
                    {}};
    sheet.facts.push_back({"number", fmt::format("{}", message->id)});
    for (const dns::Question& question : message->questions)
      if (sheet.facts.size() < kRecordsMax)
        sheet.facts.push_back({"question", printable_utf8(dns::text(question))});
    add_flags(sheet, *message);
    add_records(sheet, "answer", message->answers);
    add_records(sheet, "authority", message->authority);
    add_records(sheet, "unasked", message->additional);
    return sheet;
  }
  std::vector<Shown> shown(const Trace&, const Pdu&,
                           const std::vector<std::string>&) const override {
    return {};  // its entries are about a message, and lessons name them in their text
  }
  std::span<const ReferenceEntry> reference() const override { return dns::reference(); }
  std::span<const trace::FindingKind> finding_kinds() const override { return dns_finding_kinds(); }

 private:
  static Card make_card() {
    Card card{.name = "dns", .title = "DNS"};
    card.ports = {{dns::kPort, false, "domain"}};
    card.client = trace::AgentKind::Resolver;
    card.server = trace::AgentKind::DnsServer;
    card.datagrams = true;
    card.colour = 4;
    card.command = "question";
    card.reply = "answer";
    card.findings = {.cut = "dns.cut",
                     .malformed = "dns.malformed",
                     .unasked = "dns.unasked",
                     .unanswered = "dns.no-answer"};
    return card;
  }
};

}  // namespace

const Language& dns_language() {
  static const Dns kLanguage;
  return kLanguage;
}

}  // namespace mailscope::languages
