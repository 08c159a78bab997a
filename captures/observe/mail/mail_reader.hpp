// Reads the content of one message as it streams by into a trace::Mail: octets, SHA-256, the header
// fields that lists show, and each leaf part with its decoded octets and SHA-256. RFC 5322, RFC
// 2045.
//
// Nothing of the content is kept. At most kPartsMax parts are listed; what comes behind them counts
// for the message only. Reusable: begin() starts over. Digests come when the hasher
// delivers them. The Mail is named by its Id since the
// trace's array may move.
#pragma once

#include <cstddef>
#include <string_view>

#include "captures/observe/mail/content_sink.hpp"
#include "captures/observe/mail/hasher.hpp"
#include "captures/trace/trace.hpp"
#include "protocols/mime/part_reader.hpp"

namespace mailscope::observe {

// Puts a digest where its tag says. The tag names a mail and one of its parts, or the whole.
void set_digest(trace::Trace& trace, Hasher::Tag tag, std::string hex);

class MailReader {
 public:
  static constexpr std::size_t kPartsMax = 10'000;

  // The hasher outlives the reader, and delivers to set_digest().
  explicit MailReader(Hasher& hasher) : hasher_(hasher) {}

  void begin(trace::Trace& trace, trace::Id mail, bool parts, ContentSink* sink);
  void content(std::string_view octets);
  void end(bool complete);

 private:
  void take_parts();
  void begin_part(const mime::Part& part);
  void end_part();

  trace::Trace* trace_ = nullptr;
  ContentSink* sink_ = nullptr;
  trace::Id mail_ = trace::kNone;
  bool parts_wanted_ = true;
  bool structure_over_ = false;  // no more of it is wanted
  bool in_leaf_ = false;
  Hasher& hasher_;
  Sha256* whole_ = nullptr;
  Sha256* leaf_ = nullptr;
  std::uint64_t leaf_octets_ = 0;
  mime::PartReader parts_;
};

}  // namespace mailscope::observe
