// The header's fields, then questions and records, each with its octets. The values are ldns'
// reading; where each stands is found here.
#include "captures/languages/dns_layer.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "protocols/dns/message.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::languages {
namespace {

constexpr std::uint32_t kHeaderOctets = 12;
constexpr std::uint32_t kQuestionEnd = 4;        // type and class, behind the name
constexpr std::uint32_t kRecordHead = 10;        // type, class, TTL, length: behind the name
constexpr std::uint16_t kOpt = 41, kTsig = 250;  // about the message, not among its records

std::string id_text(const std::uint8_t* octets) {
  return fmt::format("{:#06x}", inet::get16(octets));
}
std::string count_text(const std::uint8_t* octets) {
  return std::to_string(inet::get16(octets));
}
std::string flags_text(const std::uint8_t* octets) {
  std::string text = (octets[0] & 0x80) != 0 ? "answer" : "query";
  if ((octets[0] & 0x04) != 0) text += ", AA";
  if ((octets[0] & 0x02) != 0) text += ", TC";
  if ((octets[0] & 0x01) != 0) text += ", RD";
  if ((octets[1] & 0x80) != 0) text += ", RA";
  if ((octets[0] & 0x80) != 0) text += ", " + dns::name(static_cast<dns::Rcode>(octets[1] & 15));
  return text;
}

struct HeaderRule {
  const char* name;
  std::uint32_t at;  // two octets each
  std::string (*text)(const std::uint8_t* octets);
  std::string_view meaning;
};
constexpr HeaderRule kHeader[] = {
    {"Identification", 0, id_text,
     "Made up by who asks and repeated in the answer, so that the two are known to belong "
     "together."},
    {"Flags", 2, flags_text,
     "Query or answer, AA the authority itself answers, TC cut off, RD please find out, RA would "
     "find out, and how it went."},
    {"Questions", 4, count_text, "How many questions follow; in practice one."},
    {"Answers", 6, count_text, "How many records answer it."},
    {"Authority records", 8, count_text,
     "How many records say who knows, or for how long that there is nothing may be remembered."},
    {"Additional records", 10, count_text,
     "How many records come unasked, since they will be asked for next."},
};

// Walks through a message that was read already.
class Walk {
 public:
  explicit Walk(std::string_view octets)
      : octets_(reinterpret_cast<const std::uint8_t*>(octets.data())),
        end_(static_cast<std::uint32_t>(octets.size())) {}

  FieldSheet take(const dns::Message& message) {
    add_header();
    add_questions(message.questions);
    add_records("Answer", message.answers);
    add_records("Authority", message.authority);
    add_records("Additional", message.additional);
    return std::move(sheet_);
  }

 private:
  void add_header() {
    for (const HeaderRule& rule : kHeader)
      sheet_.fields.push_back(
          {rule.name, rule.text(octets_ + rule.at), rule.at, rule.at + 2, rule.meaning});
    at_ = kHeaderOctets;
  }

  void add_questions(const std::vector<dns::Question>& questions) {
    for (const dns::Question& question : questions) {
      const auto name_end = behind_name();
      if (!name_end || end_ - *name_end < kQuestionEnd) return;
      const std::uint32_t begin = std::exchange(at_, *name_end + kQuestionEnd);
      sheet_.fields.push_back(
          {"Question", dns::text(question), begin, at_,
           "The name asked about, the type of record wanted, and the class: Internet."});
    }
  }

  void add_records(const char* section, const std::vector<dns::Record>& records) {
    for (auto record = records.begin(); record != records.end();) {
      const auto name_end = behind_name();
      if (!name_end || end_ - *name_end < kRecordHead) return;
      const std::uint16_t type = inet::get16(octets_ + *name_end);
      const std::uint32_t data = inet::get16(octets_ + *name_end + 8);
      if (data > end_ - *name_end - kRecordHead) return;
      const std::uint32_t begin = std::exchange(at_, *name_end + kRecordHead + data);
      if (type == kOpt || type == kTsig) continue;
      sheet_.fields.push_back(
          {section, dns::text(*record), begin, at_,
           "Name, how many seconds it may be remembered, type, and what is said."});
      ++record;
    }
  }

  // Where the name ends that begins here.
  std::optional<std::uint32_t> behind_name() const {
    const auto end = dns::behind_name({reinterpret_cast<const char*>(octets_), end_}, at_);
    return end ? std::optional(static_cast<std::uint32_t>(*end)) : std::nullopt;
  }

  const std::uint8_t* octets_;
  std::uint32_t at_ = 0, end_;
  FieldSheet sheet_;
};

}  // namespace

std::optional<FieldSheet> dns_fields(std::string_view octets) {
  const auto message = dns::decode(octets);
  if (!message || octets.size() < kHeaderOctets) return std::nullopt;
  FieldSheet sheet = Walk(octets).take(*message);
  sheet.summary = message->response            ? dns::words_of_answers(*message)
                  : message->questions.empty() ? "no question"
                                               : dns::words(message->questions.front());
  return sheet;
}

}  // namespace mailscope::languages
