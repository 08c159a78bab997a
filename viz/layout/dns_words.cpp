#include "viz/layout/dns_words.hpp"

#include <fmt/format.h>

#include "captures/observe/dns_reader.hpp"
#include "captures/observe/masking.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/dns/reference.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;
using trace::Trace;

constexpr std::size_t kRecordsMax = 24;
constexpr std::size_t kLinesMax = 8;
constexpr std::size_t kTextMax = 300;

bool is_null_mx(const dns::Message& message) {
  if (message.answers.size() != 1) return false;
  const auto* mx = std::get_if<dns::Mx>(&message.answers.front().data);
  return mx && mx->exchange == ".";
}

std::string lifetime(std::uint32_t seconds) {
  if (seconds == 0) return "not to be remembered";
  if (seconds % 3600 == 0) return fmt::format("{} h", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} s", seconds);
}

void add_records(Section& section, std::string_view what, const std::vector<dns::Record>& records) {
  for (const dns::Record& record : records) {
    if (section.facts.size() >= kRecordsMax) return;
    section.facts.push_back(
        {std::string(what),
         printable_utf8(fmt::format("{} {} {} · {}", record.name, dns::name(record.type),
                                    dns::data_text(record), lifetime(record.ttl)))
             .substr(0, kTextMax),
         true,
         {},
         Role::Text});
  }
}

void add_flags(Section& section, const dns::Message& message) {
  const auto add = [&](bool set, const char* flag) {
    const ReferenceEntry* entry = set ? find_entry(dns::reference(), flag) : nullptr;
    if (entry) section.facts.push_back({flag, std::string(entry->title), false, {}, Role::Text});
  };
  add(message.authoritative, "AA");
  add(message.truncated, "TC");
  add(message.recursion_desired, "RD");
  add(message.recursion_available, "RA");
}

}  // namespace

std::string dns_head(const Pdu& pdu) {
  return pdu.kind == PduKind::Reply ? dns::name(static_cast<dns::Rcode>(pdu.word))
                                    : dns::name(static_cast<dns::Type>(pdu.word));
}

std::string dns_says(const Trace& trace, const Pdu& pdu) {
  std::string text;
  for (const std::string& line : observe::display_lines(trace, pdu, false, kLinesMax))
    text += (text.empty() ? "" : "; ") + line;
  return text;
}

std::string dns_gist(const Trace& trace, const Pdu& pdu) {
  const auto message = observe::dns_message(trace, pdu);
  if (!message) return {};
  if (pdu.kind == PduKind::Reply)
    return printable_utf8(dns::words_of_answers(*message)).substr(0, kTextMax);
  if (message->questions.empty()) return "asks nothing";
  return printable_utf8(dns::words(message->questions.front()));
}

const ReferenceEntry* dns_reference(const Trace& trace, const Pdu& pdu) {
  const auto table = dns::reference();
  if (pdu.kind == PduKind::Command) {
    const ReferenceEntry* entry = find_entry(table, dns_head(pdu));
    return entry ? entry : find_entry(table, "query");
  }
  const auto message = observe::dns_message(trace, pdu);
  if (message && message->rcode == dns::Rcode::NoError) {
    if (message->answers.empty())
      return find_entry(table, message->truncated ? "TC" : "negative answer");
    return find_entry(table, is_null_mx(*message) ? "null MX" : "answer");
  }
  const ReferenceEntry* entry = find_entry(table, dns_head(pdu));
  return entry ? entry : find_entry(table, "answer");
}

void add_dns(const Trace& trace, const Pdu& pdu, Inspector& out) {
  const auto message = observe::dns_message(trace, pdu);
  if (!message) return;
  out.meaning.insert(out.meaning.begin(), (pdu.kind == PduKind::Reply ? "It says: " : "It asks: ") +
                                              dns_gist(trace, pdu));
  const std::size_t records =
      message->answers.size() + message->authority.size() + message->additional.size();
  Section section{"The message",
                  records == 0   ? ""
                  : records == 1 ? "one record"
                                 : fmt::format("{} records", records),
                  {},
                  {}};
  section.facts.push_back({"number", fmt::format("{}", message->id), true, {}, Role::Text});
  for (const dns::Question& question : message->questions)
    if (section.facts.size() < kRecordsMax)
      section.facts.push_back(
          {"question", printable_utf8(dns::text(question)), true, {}, Role::Text});
  add_flags(section, *message);
  add_records(section, "answer", message->answers);
  add_records(section, "authority", message->authority);
  add_records(section, "unasked", message->additional);
  out.sections.push_back(std::move(section));
}

}  // namespace mailscope::viz
