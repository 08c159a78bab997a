// Where the content of messages goes while it streams past: the one interface for extraction.
//
// Calls of different mails may be interleaved (several connections at once); those of one mail come
// in order: begin_mail, then content, begin_part, part_content and end_part mixed as the message
// goes by, then end_mail, always. Views are valid during the call only.
#pragma once

#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class ContentSink {
 public:
  virtual ~ContentSink() = default;
  // `mail` is its index in Trace::mails.
  virtual void begin_mail(trace::Id mail) = 0;
  // Octets as the receiver stores them: dots unstuffed, without the final dot line.
  virtual void content(trace::Id mail, std::string_view octets) = 0;
  // A leaf part; its octets are decoded. `part.filename` came from the wire: never a path to write
  // to.
  virtual void begin_part(trace::Id mail, const trace::MailPart& part) = 0;
  virtual void part_content(trace::Id mail, std::string_view octets) = 0;
  virtual void end_part(trace::Id mail) = 0;
  virtual void end_mail(trace::Id mail, bool complete) = 0;
};

}  // namespace mailscope::observe
