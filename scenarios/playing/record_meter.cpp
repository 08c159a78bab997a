#include "scenarios/playing/record_meter.hpp"

namespace mailscope::scenarios {

using trace::Id;
using trace::Trace;

namespace {

// Beside a frame: when it was delivered (Recorder). Beside a connection: what the reassembler and
// the road remember of one that is over. Beside a change: its place in its variable's history.
constexpr std::uint64_t kBesideFrame = 8, kBesideConnection = 512, kBesideChange = 8;
constexpr std::uint64_t kVariable = 256, kPlace = 256;
// The digest, and texts of a few words.
constexpr std::uint64_t kMailTexts = 512, kPartTexts = 256;

// A text that does not fit into the string itself has a block of its own.
std::uint64_t heap(const std::string& text) {
  constexpr std::size_t kInside = 15, kBlock = 16;
  return text.size() <= kInside ? 0 : text.size() / kBlock * kBlock + 2 * kBlock;
}

std::uint64_t heap(const trace::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? heap(*text) : 0;
}

template <typename Item>
std::uint64_t array(const std::vector<Item>& items) {
  return items.size() * sizeof(Item);
}

std::uint64_t texts_of(const trace::Mail& mail) {
  std::uint64_t octets = kMailTexts + mail.parts.size() * (sizeof(trace::MailPart) + kPartTexts);
  for (const std::string* text : {&mail.from, &mail.subject, &mail.message_id, &mail.header_from,
                                  &mail.header_to, &mail.date})
    octets += heap(*text);
  for (const std::string& to : mail.to) octets += sizeof(std::string) + heap(to);
  return octets;
}

}  // namespace

void RecordMeter::count_texts() {
  for (; changes_ < trace_.changes.size(); ++changes_) {
    const trace::StateChange& change = trace_.changes[changes_];
    texts_ += heap(change.before) + heap(change.after) + heap(change.text);
  }
  for (; findings_ < trace_.findings.size(); ++findings_) {
    const trace::Finding& finding = trace_.findings[findings_];
    texts_ += heap(finding.code) + heap(finding.text) + heap(finding.rfc);
  }
}

// Returns the texts of those that are open.
std::uint64_t RecordMeter::count_mails() {
  for (; mails_ < trace_.mails.size(); ++mails_) open_mails_.push_back(static_cast<Id>(mails_));
  std::uint64_t open = 0;
  std::erase_if(open_mails_, [&](Id id) {
    const trace::Mail& mail = trace_.mails[id];
    const bool over = mail.complete || trace_.connections[mail.connection].closed != trace::kNever;
    (over ? texts_ : open) += texts_of(mail);
    return over;
  });
  return open;
}

std::uint64_t RecordMeter::octets() {
  count_texts();
  const std::uint64_t open = count_mails();
  return trace_.store.memory_octets() + array(trace_.frames) + trace_.frames.size() * kBesideFrame +
         array(trace_.streams) + array(trace_.segments) + array(trace_.derivations) +
         array(trace_.pdus) + array(trace_.exchanges) + array(trace_.connections) +
         trace_.connections.size() * kBesideConnection + array(trace_.changes) +
         trace_.changes.size() * kBesideChange + trace_.variables.size() * kVariable +
         array(trace_.findings) + array(trace_.mails) +
         (trace_.hosts.size() + trace_.agents.size() + trace_.links.size()) * kPlace + texts_ +
         open;
}

}  // namespace mailscope::scenarios
