#include "captures/observe/mail/mail_reader.hpp"

#include <utility>

namespace mailscope::observe {
namespace {

constexpr std::uint32_t kWhole = UINT32_MAX;

Hasher::Tag tag_of(trace::Id mail, std::uint32_t part) {
  return Hasher::Tag{mail} << 32 | part;
}

}  // namespace

void set_digest(trace::Trace& trace, Hasher::Tag tag, std::string hex) {
  trace::Mail& mail = trace.mails[static_cast<trace::Id>(tag >> 32)];
  const auto part = static_cast<std::uint32_t>(tag);
  (part == kWhole ? mail.sha256 : mail.parts[part].sha256) = std::move(hex);
}

void MailReader::begin(trace::Trace& trace, trace::Id mail, bool parts, ContentSink* sink) {
  trace_ = &trace;
  mail_ = mail;
  sink_ = sink;
  parts_wanted_ = parts;
  structure_over_ = in_leaf_ = false;
  leaf_octets_ = 0;
  whole_ = hasher_.begin();
  parts_ = mime::PartReader({.decode = parts});
  if (sink_) sink_->begin_mail(mail_);
}

void MailReader::content(std::string_view octets) {
  trace_->mails[mail_].octets += octets.size();
  hasher_.update(whole_, octets);
  if (sink_) sink_->content(mail_, octets);
  if (structure_over_) return;
  parts_.receive(octets);
  take_parts();
}

void MailReader::end(bool complete) {
  if (!structure_over_) {
    parts_.receive_end();
    take_parts();
  }
  if (in_leaf_) end_part();
  trace::Mail& mail = trace_->mails[mail_];
  const mime::MessageHeader& header = parts_.header();
  mail.subject = header.subject;
  mail.message_id = header.message_id;
  mail.header_from = header.from;
  mail.header_to = header.to;
  mail.date = header.date;
  hasher_.end(whole_, tag_of(mail_, kWhole));
  mail.complete = complete;
  if (sink_) sink_->end_mail(mail_, complete);
  parts_ = mime::PartReader();  // its buffers may be large
}

void MailReader::take_parts() {
  using Kind = mime::PartEvent::Kind;
  while (const mime::PartEvent* event = parts_.next_event()) {
    if (structure_over_) continue;
    // The first part begins when the message's own header is complete.
    if (!parts_wanted_) {
      structure_over_ = true;
      continue;
    }
    if (event->kind == Kind::Octets && in_leaf_) {
      leaf_octets_ += event->octets.size();
      hasher_.update(leaf_, event->octets);
      if (sink_) sink_->part_content(mail_, event->octets);
    } else if (event->kind == Kind::Begin && event->part->kind == mime::Part::Kind::Leaf) {
      begin_part(*event->part);
    } else if (event->kind == Kind::End && in_leaf_) {
      end_part();
    }
  }
}

void MailReader::begin_part(const mime::Part& part) {
  if (in_leaf_) end_part();
  std::vector<trace::MailPart>& list = trace_->mails[mail_].parts;
  if (list.size() >= kPartsMax) {
    structure_over_ = true;
    return;
  }
  trace::MailPart& entry = list.emplace_back();
  entry.path = part.path;
  entry.type = part.type;
  entry.encoding = part.encoding;
  entry.charset = part.charset;
  entry.filename = part.file_name;
  leaf_ = hasher_.begin();
  leaf_octets_ = 0;
  in_leaf_ = true;
  if (sink_) sink_->begin_part(mail_, entry);
}

void MailReader::end_part() {
  std::vector<trace::MailPart>& parts = trace_->mails[mail_].parts;
  parts.back().octets = leaf_octets_;
  hasher_.end(leaf_, tag_of(mail_, static_cast<std::uint32_t>(parts.size() - 1)));
  in_leaf_ = false;
  if (sink_) sink_->end_part(mail_);
}

}  // namespace mailscope::observe
