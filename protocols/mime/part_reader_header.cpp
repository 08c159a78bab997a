// The part reader's header sections: from their lines to what they say of a part.

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/parameter.hpp"
#include "protocols/mime/part_reader_state.hpp"

namespace mailscope::mime {
namespace {

// Whether a line of a header section is a field, or part of one.
bool belongs_to_header(std::string_view line) {
  if (line.empty() || is_wsp(line[0])) return true;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view name = trim(line.substr(0, colon));
  return std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f;  // 8-bit octets: damaged, yet a field
  });
}

// An mbox separator in front of the first field, not part of the message.
bool is_mbox_line(std::string_view line) {
  return line.starts_with("From ") || line.starts_with(">From ");
}

}  // namespace

PartReader::Reader::Encoding PartReader::Reader::encoding_of(std::string_view name) {
  if (name == "base64") return Encoding::Base64;
  if (name == "quoted-printable") return Encoding::QuotedPrintable;
  return Encoding::Identity;
}

std::size_t PartReader::Reader::consume_header(std::string_view data) {
  // Of a line that begins in front of kHeaderMax, or is passed over, that much shows what it is.
  constexpr std::size_t kLineKept = 1024;
  const std::size_t lf = data.find('\n');
  const std::size_t length = lf == std::string_view::npos ? data.size() : lf + 1;
  const std::size_t room = kHeaderMax + kLineKept - header_.size();
  header_ += data.substr(0, std::min(length, room));
  if (lf == std::string_view::npos) return length;
  if (length > room) header_.back() = '\n';
  header_line(false);
  return length;
}

// A line is complete in header_, from line_at_ on.
void PartReader::Reader::header_line(bool last) {
  const std::string_view whole = std::string_view(header_).substr(line_at_);
  std::string_view line = whole;
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty() && !last) {
    header_.resize(line_at_);
    return header_done();
  }
  if (multiparts_ > 0 && line.starts_with("--")) {
    const Found found = find_delimiter(line, true);
    if (found.delimiter != Delimiter::No) {
      header_.resize(line_at_);
      // Headers of messages in messages may all end here.
      while (mode_ == Mode::Header) header_done();
      end_at(found);
      mode_ = after_line_;
      at_line_start_ = true;
      return;
    }
  }
  const bool skip = line_at_ == 0 && is_mbox_line(line);
  if (skip) {
    header_.resize(line_at_);
  } else if (options_.odd_line_begins_body && !belongs_to_header(line)) {
    again_ = whole;
    header_.resize(line_at_);
    return header_done();
  }
  if (header_.size() > kHeaderMax) header_.resize(line_at_);  // full: this line is passed over
  line_at_ = header_.size();
}

void PartReader::Reader::header_done() {
  line_at_ = 0;
  const std::string& section = kept_.emplace_back(std::move(header_));
  header_.clear();
  const std::vector<Field> fields = read_fields(section);
  if (!header_seen_) note_message_fields(fields);
  header_seen_ = true;
  std::unique_ptr<Part> part = describe(fields);
  part->header = section;
  begin_part(std::move(part));
}

void PartReader::Reader::note_message_fields(const std::vector<Field>& fields) {
  const auto decoded = [&](std::string_view name) {
    return decode_words(field_body(fields, name));
  };
  header_fields.subject = decoded("Subject");
  header_fields.message_id = field_body(fields, "Message-ID");
  header_fields.from = decoded("From");
  header_fields.to = decoded("To");
  header_fields.cc = decoded("Cc");
  header_fields.date = field_body(fields, "Date");
}

std::unique_ptr<Part> PartReader::Reader::describe(const std::vector<Field>& fields) const {
  auto part = std::make_unique<Part>();
  const ParameterizedField type = read_content_type(field_body(fields, "Content-Type"));
  const ParameterizedField disposition = read_parameters(field_body(fields, "Content-Disposition"));
  const bool in_digest =
      !containers_.empty() && containers_.back().part->type == "multipart/digest";
  part->stated_type = !type.value.empty();
  part->type = part->stated_type ? type.value : in_digest ? "message/rfc822" : "text/plain";
  const std::string encoding = lower_case(trim(field_body(fields, "Content-Transfer-Encoding")));
  part->encoding = encoding.substr(0, encoding.find_first_of(" \t;("));
  part->charset = lower_case(trim(type.get("charset")));
  part->file_name = file_name(disposition, type);
  part->disposition = disposition.value;
  part->content_id = field_body(fields, "Content-ID");
  part->boundary = multipart_boundary(type);
  part->depth = static_cast<int>(containers_.size());

  const bool plain = encoding_of(part->encoding) == Encoding::Identity;
  if (part->depth >= kDepthMax) {
    part->kind = Part::Kind::Leaf;
  } else if (!part->boundary.empty()) {
    part->kind = Part::Kind::Multipart;
  } else if (options_.open_messages && plain && is_message_type(part->type)) {
    part->kind = Part::Kind::Message;
  }
  if (part->kind != Part::Kind::Multipart) part->boundary.clear();
  part->path = path_of(part->kind);
  return part;
}

std::string PartReader::Reader::path_of(Part::Kind kind) const {
  const Container* parent = containers_.empty() ? nullptr : &containers_.back();
  const std::string prefix = parent ? parent->part->path : std::string();
  if (parent && parent->part->kind == Part::Kind::Multipart) {
    const std::string number = std::to_string(parent->children);
    return prefix.empty() ? number : prefix + '.' + number;
  }
  if (kind == Part::Kind::Multipart) return prefix;  // numbered as the message that it is
  return prefix.empty() ? "1" : prefix + ".1";
}

void PartReader::Reader::begin_part(std::unique_ptr<Part> part) {
  PartEvent& event = events_.emplace_back();
  event.kind = PartEvent::Kind::Begin;
  event.part = part.get();
  at_line_start_ = true;
  switch (part->kind) {
    case Part::Kind::Leaf:
      encoding_ = options_.decode ? encoding_of(part->encoding) : Encoding::Identity;
      damage_before_ = base64_.damage() + quoted_printable_.damage();
      encoded_octets_ = decoded_octets_ = 0;
      leaf_ = std::move(part);
      mode_ = Mode::Leaf;
      return;
    case Part::Kind::Multipart:
      ++multiparts_;
      mode_ = Mode::Passed;
      break;
    case Part::Kind::Message:
      mode_ = Mode::Header;
      break;
  }
  const int children = part->kind == Part::Kind::Message ? 1 : 0;
  containers_.push_back({std::move(part), children});
}

}  // namespace mailscope::mime
