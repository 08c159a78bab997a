#include "captures/observe/mail/envelope.hpp"

namespace mailscope::observe {

using trace::kNone;

std::uint32_t Envelope::begin(std::string_view reverse_path) {
  // A nested MAIL is refused and changes nothing (RFC 5321 §4.1.4).
  if (begun_ && !ended_) return kNone;
  clear();
  begun_ = true;
  from_ = reverse_path;
  return kSender;
}

std::uint32_t Envelope::add(std::string_view forward_path) {
  if (ended_) clear();
  begun_ = true;
  if (to_.size() >= kRecipientsMax) return kNone;
  to_.emplace_back(forward_path);
  refused_.push_back(false);
  return static_cast<std::uint32_t>(to_.size() - 1);
}

void Envelope::refuse(std::uint32_t envelope, std::uint32_t whom) {
  if (envelope != number_) return;
  if (whom == kSender && mail_ == kNone) clear();
  if (whom >= to_.size()) return;
  refused_[whom] = true;
  if (mail_ != kNone) write_recipients();
}

void Envelope::clear() {
  ++number_;
  begun_ = ended_ = false;
  from_.clear();
  to_.clear();
  refused_.clear();
  mail_ = kNone;
}

void Envelope::give_to(trace::Id mail) {
  if (ended_) clear();
  mail_ = mail;
  trace::Mail& entry = trace_.mails[mail];
  entry.has_envelope = begun_;
  entry.from = from_;
  write_recipients();
}

void Envelope::write_recipients() {
  std::vector<std::string>& to = trace_.mails[mail_].to;
  to.clear();
  for (std::size_t i = 0; i < to_.size(); ++i)
    if (!refused_[i]) to.push_back(to_[i]);
}

}  // namespace mailscope::observe
