#include "sim/hosts/filters.hpp"

#include <fmt/format.h>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/part_reader.hpp"

namespace mailscope::sim {
namespace {

FilterRule rule(std::string text, std::string header, std::string name, double score) {
  FilterRule rule;
  rule.text = std::move(text);
  rule.header = std::move(header);
  rule.name = std::move(name);
  rule.score = score;
  return rule;
}

// Lower case, and one space for any white space.
std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool space = is_wsp(c) || c == '\r' || c == '\n';
    if (!space)
      out += to_lower(c);
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

// A message as its reader would see it, ready to be searched.
class Seen {
 public:
  explicit Seen(std::string_view message) {
    const std::size_t body = mime::body_offset(message);
    fields_ = mime::read_fields(message.substr(0, body));
    for (const mime::Field& field : fields_) text_ += mime::decode_words(field.body()) + '\n';
    mime::PartReader reader;
    reader.receive(message);
    read(reader);
    reader.receive_end();
    read(reader);
    text_ = plain(text_);
  }

  bool holds(const FilterRule& rule) const {
    if (rule.text.empty()) return false;
    const std::string wanted = plain(rule.text);
    if (rule.header.empty()) return text_.find(wanted) != std::string::npos;
    for (const mime::Field& field : fields_)
      if (equal_no_case(field.name, rule.header) &&
          plain(mime::decode_words(field.body())).find(wanted) != std::string::npos)
        return true;
    return false;
  }

 private:
  void read(mime::PartReader& reader) {
    while (const mime::PartEvent* event = reader.next_event()) {
      if (event->kind == mime::PartEvent::Kind::Octets) text_ += event->octets;
      if (event->kind == mime::PartEvent::Kind::End) text_ += '\n';
    }
  }

  std::vector<mime::Field> fields_;
  std::string text_;
};

}  // namespace

const std::vector<FilterRule>& default_viruses() {
  // In two pieces, so that no scanner takes this program for the test file itself.
  static const std::vector<FilterRule> kRules = {rule(
      fmt::format("{}{}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$"), "", "EICAR test file", 0)};
  return kRules;
}

const std::vector<FilterRule>& default_spam_rules() {
  static const std::vector<FilterRule> kRules = {
      // The test line of spam filters, in two pieces as above.
      rule(
          fmt::format("{}{}", "XJS*C4JDBQADN1.NSBN3*2IDNEN*", "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL"),
          "", "GTUBE test line", 1000),
      rule("you have won", "", "says that you have won", 2.5),
      rule("million dollars", "", "promises millions", 2),
      rule("make money fast", "", "promises money", 3),
      rule("click here", "", "wants you to click", 1),
      rule("act now", "", "is in a hurry", 1.5),
      rule("no risk", "", "says that there is no risk", 1.5),
      rule("100% free", "", "is all free", 2),
      rule("!!!", "Subject", "shouts in its subject", 1),
      rule("free", "Subject", "has \"free\" in its subject", 1)};
  return kRules;
}

VirusVerdict scan_for_viruses(const DeliveryConfig& config, std::string_view message) {
  const Seen seen(message);
  for (const FilterRule& rule : config.viruses.empty() ? default_viruses() : config.viruses)
    if (seen.holds(rule)) return {true, rule.name.empty() ? rule.text : rule.name};
  return {};
}

SpamVerdict judge_spam(const DeliveryConfig& config, std::string_view message) {
  const Seen seen(message);
  SpamVerdict verdict;
  for (const FilterRule& rule : config.spam.empty() ? default_spam_rules() : config.spam) {
    if (!seen.holds(rule)) continue;
    verdict.score += rule.score;
    verdict.reasons.push_back(rule.name.empty() ? rule.text : rule.name);
  }
  verdict.spam = verdict.score >= config.spam_score;
  return verdict;
}

std::string spam_fields(const DeliveryConfig& config, const SpamVerdict& verdict) {
  return fmt::format("X-Spam-Flag: {}\r\nX-Spam-Score: {:.1f} (limit {:.1f})\r\n",
                     verdict.spam ? "YES" : "NO", verdict.score, config.spam_score) +
         mime::fold_field("X-Spam-Reasons",
                          verdict.reasons.empty()
                              ? std::string("none")
                              : fmt::format("{}", fmt::join(verdict.reasons, "; ")));
}

}  // namespace mailscope::sim
