// The envelope of the mail transaction in progress: MAIL and RCPT as sent, less what was refused.
// RFC 5321 §3.3, §4.1.4.
//
// A reply may come after the content has begun (pipelining, BDAT); then the mail is corrected. At
// most kRecipientsMax recipients are kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class Envelope {
 public:
  static constexpr std::size_t kRecipientsMax = 65'536;
  static constexpr std::uint32_t kSender = trace::kNone - 1;

  explicit Envelope(trace::Trace& trace) : trace_(trace) {}

  // MAIL: kSender, or kNone when it is nested and so changes nothing.
  std::uint32_t begin(std::string_view reverse_path);
  // RCPT: its number, kNone over the limit.
  std::uint32_t add(std::string_view forward_path);
  // `whom`: what begin() or add() returned, in the envelope that had this number().
  void refuse(std::uint32_t envelope, std::uint32_t whom);
  void clear();
  void give_to(trace::Id mail);
  // The next MAIL or RCPT belongs to another mail.
  void content_ended() { ended_ = true; }
  // Which one it is: replies name the envelope that they are about.
  std::uint32_t number() const { return number_; }

 private:
  void write_recipients();

  trace::Trace& trace_;
  std::uint32_t number_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  std::string from_;
  std::vector<std::string> to_;
  std::vector<bool> refused_;
  trace::Id mail_ = trace::kNone;
};

}  // namespace mailscope::observe
