// A DNS message as a layer: its header's fields, then its questions and records, each with its
// octets. RFC 1035 §4.1. The values are ldns' reading; where each stands is found here.
#include <algorithm>
#include <optional>
#include <utility>

#include "captures/tcp/dissector.hpp"
#include "protocols/dns/message.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::tcp {

using namespace inet;

namespace {

constexpr std::uint32_t kHeaderOctets = 12;
constexpr std::uint16_t kOpt = 41, kTsig = 250;  // about the message, not among its records

std::string flags(const std::uint8_t* octets) {
  std::string text = (octets[0] & 0x80) != 0 ? "answer" : "query";
  if ((octets[0] & 0x04) != 0) text += ", AA";
  if ((octets[0] & 0x02) != 0) text += ", TC";
  if ((octets[0] & 0x01) != 0) text += ", RD";
  if ((octets[1] & 0x80) != 0) text += ", RA";
  if ((octets[0] & 0x80) != 0) text += ", " + dns::name(static_cast<dns::Rcode>(octets[1] & 15));
  return text;
}

constexpr FieldRule kDnsRules[] = {
    {"Identification", 0, 2, text::hex16,
     "Made up by who asks and repeated in the answer, so that the two are known to belong "
     "together."},
    {"Flags", 2, 2, flags,
     "Query or answer, AA the authority itself answers, TC cut off, RD please find out, RA would "
     "find out, and how it went."},
    {"Questions", 4, 2, text::number16, "How many questions follow; in practice one."},
    {"Answers", 6, 2, text::number16, "How many records answer it."},
    {"Authority records", 8, 2, text::number16,
     "How many records say who knows, or for how long that there is nothing may be remembered."},
    {"Additional records", 10, 2, text::number16,
     "How many records come unasked, since they will be asked for next."},
};

// Where a name ends that begins at `at`: a pointer or the root ends it. Nothing when it does not
// end within `end`.
std::optional<std::uint32_t> behind_name(const std::uint8_t* octets, std::uint32_t at,
                                         std::uint32_t end) {
  while (at < end) {
    const std::uint8_t length = octets[at];
    if ((length & 0xc0) == 0xc0) return at + 2 <= end ? std::optional(at + 2) : std::nullopt;
    if ((length & 0xc0) != 0) return std::nullopt;
    at += 1U + length;
    if (length == 0) return at;
  }
  return std::nullopt;
}

}  // namespace

std::uint32_t Dissector::dns() {
  const std::uint32_t message_end = end_;
  const auto message = dns::decode(
      {reinterpret_cast<const char*>(here()), static_cast<std::size_t>(message_end - at_)});
  if (!message) return kNextNothing;  // it stays a payload
  header("DNS", kHeaderOctets, kDnsRules);
  layer().summary = message->response            ? dns::words_of_answers(*message)
                    : message->questions.empty() ? "no question"
                                                 : dns::words(message->questions.front());
  for (const dns::Question& question : message->questions) {
    const auto name_end = behind_name(octets_, at_, message_end);
    if (!name_end || message_end - *name_end < 4) break;
    field("Question", at_, *name_end + 4 - at_, dns::text(question),
          "The name asked about, the type of record wanted, and the class: Internet.");
    at_ = *name_end + 4;
  }
  dns_records("Answer", message->answers, message_end);
  dns_records("Authority", message->authority, message_end);
  dns_records("Additional", message->additional, message_end);
  at_ = layer().end = message_end;
  return kNextNothing;
}

void Dissector::dns_records(const char* what, const std::vector<dns::Record>& records,
                            std::uint32_t end) {
  for (auto record = records.begin(); record != records.end();) {
    const auto name_end = behind_name(octets_, at_, end);
    if (!name_end || end - *name_end < 10) return;
    const std::uint16_t type = get16(octets_ + *name_end);
    const std::uint32_t data = get16(octets_ + *name_end + 8);
    if (data > end - *name_end - 10) return;
    const std::uint32_t begin = std::exchange(at_, *name_end + 10 + data);
    if (type == kOpt || type == kTsig) continue;
    field(what, begin, at_ - begin, dns::text(*record),
          "Name, how many seconds it may be remembered, type, and what is said.");
    ++record;
  }
}

}  // namespace mailscope::tcp
