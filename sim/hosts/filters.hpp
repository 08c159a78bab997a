// What the MDA looks for in a message before it files it: viruses and spam, by plain rules. RFC
// 5598 §4.3.3 (the MDA may filter); RFC 5228 does it with a language.
//
// Small and honest: a rule is a text that stands in the message, in any case; white space counts as
// one space. What is looked through is what a reader would see: the header decoded, and every
// part's content decoded, so that base64 hides nothing. A real scanner knows millions of patterns
// and unpacks archives, a real spam filter learns from its users: this one shows where they stand
// on a message's way.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/hosts/mail_config.hpp"

namespace mailscope::sim {

struct VirusVerdict {
  bool infected = false;
  std::string name{};  // "EICAR test file"
};
struct SpamVerdict {
  bool spam = false;
  double score = 0;
  std::vector<std::string> reasons{};  // the names of the rules that hit, each once
};

// For a DeliveryConfig without rules of its own. The first is the EICAR test file, which every
// scanner knows and which harms nobody.
const std::vector<FilterRule>& default_viruses();
const std::vector<FilterRule>& default_spam_rules();

VirusVerdict scan_for_viruses(const DeliveryConfig& config, std::string_view message);
SpamVerdict judge_spam(const DeliveryConfig& config, std::string_view message);

// "X-Spam-Flag: YES", the score and the reasons, as header lines to be put before the message.
std::string spam_fields(const DeliveryConfig& config, const SpamVerdict& verdict);

}  // namespace mailscope::sim
