#include "protocols/mime/part_reader.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/parameter.hpp"
#include "protocols/mime/quoted_printable.hpp"

namespace mailscope::mime {
namespace {

std::string lower(std::string_view text) {
  std::string out(trim(text));
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

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

enum class Delimiter { No, Undecided, Next, Close };

// `text` stands behind "--" at a line's start. `last`: nothing will follow it.
Delimiter match(std::string_view text, std::string_view boundary, bool last) {
  if (!text.starts_with(boundary)) {
    const bool may_come = !last && text.size() < boundary.size() && boundary.starts_with(text);
    return may_come ? Delimiter::Undecided : Delimiter::No;
  }
  text.remove_prefix(boundary.size());
  const auto line_may_end = [](char c) { return is_wsp(c) || c == '\r' || c == '\n'; };
  if (text.empty()) return last ? Delimiter::Next : Delimiter::Undecided;
  if (line_may_end(text[0])) return Delimiter::Next;
  if (text[0] != '-') return Delimiter::No;
  if (text.size() == 1) return last ? Delimiter::No : Delimiter::Undecided;
  if (text[1] != '-') return Delimiter::No;
  if (text.size() == 2) return last ? Delimiter::Close : Delimiter::Undecided;
  return line_may_end(text[2]) ? Delimiter::Close : Delimiter::No;
}

enum class Encoding { Identity, Base64, QuotedPrintable };

Encoding encoding_of(std::string_view name) {
  if (name == "base64") return Encoding::Base64;
  if (name == "quoted-printable") return Encoding::QuotedPrintable;
  return Encoding::Identity;
}

}  // namespace

class PartReader::Reader {
 public:
  explicit Reader(PartReaderOptions options) : options_(options) {}

  void receive(std::string_view octets);
  void receive_end();
  const PartEvent* next_event() { return taken_ == events_.size() ? nullptr : &events_[taken_++]; }

  MessageHeader header_fields;
  std::uint64_t octets_received = 0;

 private:
  enum class Mode : std::uint8_t {
    Header,         // gathering a header section
    Leaf,           // content of a leaf
    Passed,         // preamble, epilogue: nobody's content
    DelimiterLine,  // what is behind the boundary on its line
  };
  struct Container {
    std::unique_ptr<Part> part;
    int children = 0;
    bool complete = true;
  };
  struct Found {
    Delimiter what = Delimiter::No;
    std::size_t container = 0;  // index into containers_
    std::size_t length = 0;     // "--" and the boundary, and "--" if it closes
  };

  void begin_call();
  void read(std::string_view octets, bool last);
  std::size_t consume(std::string_view data, bool last);
  std::size_t consume_header(std::string_view data);
  std::size_t consume_body(std::string_view data, bool last);
  std::size_t consume_delimiter_line(std::string_view data);
  Found find_delimiter(std::string_view line, bool last) const;
  void take(std::string_view octets);
  void header_line(bool last);
  void header_done();
  void begin_part(std::unique_ptr<Part> part);
  std::unique_ptr<Part> describe(const std::vector<Field>& fields) const;
  std::string path_of(Part::Kind kind) const;
  void delimiter(const Found& found);
  void end_leaf(bool complete);
  void end_containers(std::size_t down_to, bool complete);
  void content(std::string_view octets);
  void emit_octets(std::string_view octets);
  std::string& scratch(std::size_t octets);
  void note_message_fields(const std::vector<Field>& fields);

  PartReaderOptions options_;
  std::vector<PartEvent> events_;
  std::size_t taken_ = 0;

  std::vector<Container> containers_;
  std::size_t multiparts_ = 0;  // among them
  std::unique_ptr<Part> leaf_;
  std::vector<std::unique_ptr<Part>> ended_;  // in this call; events point to them
  Mode mode_ = Mode::Header;
  Mode after_line_ = Mode::Header;
  bool at_line_start_ = true;
  bool header_seen_ = false;  // the outermost one

  std::string header_;
  std::size_t line_at_ = 0;       // where in header_ the unfinished line begins
  std::deque<std::string> kept_;  // joined pieces and headers of this call
  std::string held_;              // octets that the next chunk decides about
  std::string again_;             // octets to be read once more, now as body

  Encoding encoding_ = Encoding::Identity;
  Base64Decoder base64_;
  QuotedPrintableDecoder quoted_printable_;
  std::uint64_t damage_before_ = 0;
  std::uint64_t encoded_octets_ = 0;
  std::uint64_t decoded_octets_ = 0;
  static constexpr std::size_t kScratchKept = 4;
  std::deque<std::string> scratch_;  // decoded octets of this call; kept from call to call
  std::size_t scratch_used_ = 0;
};

// ---- chunks ------------------------------------------------------------------------------------

void PartReader::Reader::begin_call() {
  events_.clear();
  taken_ = 0;
  ended_.clear();
  kept_.clear();
  scratch_used_ = 0;
  if (scratch_.size() > kScratchKept) scratch_.resize(kScratchKept);
  for (Container& container : containers_) container.part->header = {};
  if (leaf_) leaf_->header = {};
}

void PartReader::Reader::receive(std::string_view octets) {
  begin_call();
  octets_received += octets.size();
  read(octets, false);
}

void PartReader::Reader::read(std::string_view octets, bool last) {
  // Enough of the chunk to decide whatever was held back.
  constexpr std::size_t kLook = kBoundaryMax + 16;
  while (!octets.empty() || !held_.empty()) {
    if (held_.empty()) {
      const std::size_t n = consume(octets, last);
      octets.remove_prefix(n);
      if (again_.empty() && !octets.empty()) {
        held_ = octets;
        return;
      }
      held_ = std::exchange(again_, {});
      continue;
    }
    const std::size_t held = held_.size();
    const std::string_view more = octets.substr(0, kLook);
    std::string& joined = kept_.emplace_back(std::move(held_));
    held_.clear();
    joined += more;
    const std::size_t n = consume(joined, last && more.size() == octets.size());
    if (!again_.empty()) {
      held_ = std::exchange(again_, {});
      held_.append(joined, n);
      octets.remove_prefix(more.size());
    } else if (n >= held) {
      octets.remove_prefix(n - held);
    } else {
      held_.assign(joined, n);
      octets.remove_prefix(more.size());
      if (octets.empty()) return;
    }
  }
}

void PartReader::Reader::receive_end() {
  begin_call();
  read({}, true);
  while (mode_ == Mode::Header) {
    if (line_at_ < header_.size()) {
      header_line(true);
    } else {
      header_done();
    }
    held_ = std::exchange(again_, {});
    read({}, true);
  }
  end_containers(0, false);
  mode_ = Mode::Passed;
}

// Reads as much as can be decided; returns the octets taken.
std::size_t PartReader::Reader::consume(std::string_view data, bool last) {
  std::size_t taken = 0;
  while (taken < data.size()) {
    const std::string_view rest = data.substr(taken);
    std::size_t n = 0;
    switch (mode_) {
      case Mode::Header:
        n = consume_header(rest);
        break;
      case Mode::DelimiterLine:
        n = consume_delimiter_line(rest);
        break;
      case Mode::Leaf:
      case Mode::Passed:
        n = consume_body(rest, last);
        break;
    }
    taken += n;
    if (!again_.empty() || n == 0) break;
  }
  return taken;
}

std::size_t PartReader::Reader::consume_delimiter_line(std::string_view data) {
  const std::size_t lf = data.find('\n');
  if (lf == std::string_view::npos) return data.size();
  mode_ = after_line_;
  at_line_start_ = true;
  return lf + 1;
}

// ---- header sections ---------------------------------------------------------------------------

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
    if (found.what != Delimiter::No) {
      header_.resize(line_at_);
      // Headers of messages in messages may all end here.
      while (mode_ == Mode::Header) header_done();
      delimiter(found);
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
  const std::string encoding = lower(field_body(fields, "Content-Transfer-Encoding"));
  part->encoding = encoding.substr(0, encoding.find_first_of(" \t;("));
  part->charset = lower(type.get("charset"));
  part->file_name = file_name(disposition, type);
  part->disposition = disposition.value;
  part->content_id = field_body(fields, "Content-ID");
  part->boundary = type.get("boundary");
  while (part->boundary.ends_with(' ')) part->boundary.pop_back();
  part->depth = static_cast<int>(containers_.size());

  const bool plain = encoding_of(part->encoding) == Encoding::Identity;
  if (part->depth >= kDepthMax) {
    part->kind = Part::Kind::Leaf;
  } else if (part->type.starts_with("multipart/") && !part->boundary.empty() &&
             part->boundary.size() <= kBoundaryMax) {
    part->kind = Part::Kind::Multipart;
  } else if (options_.open_messages && plain &&
             (part->type == "message/rfc822" || part->type == "message/global")) {
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

// ---- bodies ------------------------------------------------------------------------------------

// Hands on what is certain to be content, up to a boundary line.
std::size_t PartReader::Reader::consume_body(std::string_view data, bool last) {
  if (multiparts_ == 0) {
    take(data);
    return data.size();
  }
  std::size_t from = 0;
  while (from < data.size()) {
    const void* hit = std::memchr(data.data() + from, '-', data.size() - from);
    if (!hit) break;
    const std::size_t at = static_cast<std::size_t>(static_cast<const char*>(hit) - data.data());
    const bool line_start = at == 0 ? at_line_start_ : data[at - 1] == '\n';
    from = at + 1;
    if (!line_start) continue;
    const Found found = find_delimiter(data.substr(at), last);
    if (found.what == Delimiter::No) continue;
    // The line end in front belongs to the boundary.
    std::size_t end = at;
    if (end > 0) --end;
    if (end > 0 && data[end - 1] == '\r' && at > 0) --end;
    take(data.substr(0, end));
    if (found.what == Delimiter::Undecided) {
      if (end > 0) at_line_start_ = false;
      return end;
    }
    delimiter(found);
    mode_ = Mode::DelimiterLine;
    return at + found.length;
  }
  // A line end at the end may be a boundary's.
  std::size_t end = data.size();
  if (!last && data.ends_with('\n')) --end;
  if (!last && end > 0 && data[end - 1] == '\r') --end;
  take(data.substr(0, end));
  if (end > 0) at_line_start_ = false;
  return end;
}

PartReader::Reader::Found PartReader::Reader::find_delimiter(std::string_view line,
                                                             bool last) const {
  if (line.size() == 1 && !last) return {Delimiter::Undecided};
  if (line.size() < 2 || line[1] != '-') return {};
  const std::string_view text = line.substr(2);
  for (std::size_t i = containers_.size(); i-- > 0;) {
    const Part& part = *containers_[i].part;
    if (part.kind != Part::Kind::Multipart) continue;
    const Delimiter what = match(text, part.boundary, last);
    if (what == Delimiter::No) continue;
    return {what, i, part.boundary.size() + (what == Delimiter::Close ? 4 : 2)};
  }
  return {};
}

void PartReader::Reader::take(std::string_view octets) {
  if (mode_ == Mode::Leaf && !octets.empty()) content(octets);
}

void PartReader::Reader::content(std::string_view octets) {
  encoded_octets_ += octets.size();
  switch (encoding_) {
    case Encoding::Identity:
      return emit_octets(octets);
    case Encoding::Base64: {
      std::string& out = scratch(Base64Decoder::decoded_max(octets.size()));
      return emit_octets({out.data(), base64_.decode(octets, out.data())});
    }
    case Encoding::QuotedPrintable: {
      std::string& out = scratch(0);
      out.clear();
      quoted_printable_.decode(octets, out);
      return emit_octets(out);
    }
  }
}

void PartReader::Reader::emit_octets(std::string_view octets) {
  if (octets.empty()) return;
  decoded_octets_ += octets.size();
  PartEvent& event = events_.emplace_back();
  event.kind = PartEvent::Kind::Octets;
  event.part = leaf_.get();
  event.octets = octets;
}

// A string of at least that size, good until the next call.
std::string& PartReader::Reader::scratch(std::size_t octets) {
  if (scratch_used_ == scratch_.size()) scratch_.emplace_back();
  std::string& out = scratch_[scratch_used_++];
  if (out.size() < octets) out.resize(octets);
  return out;
}

// ---- ends --------------------------------------------------------------------------------------

void PartReader::Reader::delimiter(const Found& found) {
  const bool own = std::none_of(
      containers_.begin() + static_cast<std::ptrdiff_t>(found.container) + 1, containers_.end(),
      [](const Container& c) { return c.part->kind == Part::Kind::Multipart; });
  end_leaf(own);
  end_containers(found.container + 1, false);
  Container& container = containers_[found.container];
  if (found.what == Delimiter::Close) {
    end_containers(found.container, true);
    after_line_ = Mode::Passed;
  } else {
    ++container.children;
    after_line_ = Mode::Header;
    header_.clear();
    line_at_ = 0;
  }
}

void PartReader::Reader::end_leaf(bool complete) {
  if (!leaf_) return;
  if (encoding_ == Encoding::Base64) {
    std::string& out = scratch(4);
    emit_octets({out.data(), base64_.finish(out.data())});
  } else if (encoding_ == Encoding::QuotedPrintable) {
    std::string& out = scratch(0);
    out.clear();
    quoted_printable_.finish(out);
    emit_octets(out);
  }
  PartEvent& event = events_.emplace_back();
  event.kind = PartEvent::Kind::End;
  event.part = leaf_.get();
  event.encoded_octets = encoded_octets_;
  event.decoded_octets = decoded_octets_;
  event.damage = base64_.damage() + quoted_printable_.damage() - damage_before_;
  event.complete = complete;
  ended_.push_back(std::move(leaf_));
}

// Ends the containers from index `down_to` on, the innermost first. `complete`: the last of them
// was closed by its own boundary.
void PartReader::Reader::end_containers(std::size_t down_to, bool complete) {
  end_leaf(multiparts_ == 0);
  while (containers_.size() > down_to) {
    Container& container = containers_.back();
    const bool is_multipart = container.part->kind == Part::Kind::Multipart;
    if (is_multipart) --multiparts_;
    PartEvent& event = events_.emplace_back();
    event.kind = PartEvent::Kind::End;
    event.part = container.part.get();
    event.children = container.children;
    event.complete = container.complete && (!is_multipart || complete);
    const bool all_well = event.complete;
    ended_.push_back(std::move(container.part));
    containers_.pop_back();
    if (!all_well && !containers_.empty() && containers_.back().part->kind == Part::Kind::Message)
      containers_.back().complete = false;
  }
}

// ---- the outside -------------------------------------------------------------------------------

PartReader::PartReader(PartReaderOptions options) : reader_(std::make_unique<Reader>(options)) {}
PartReader::~PartReader() = default;
PartReader::PartReader(PartReader&&) noexcept = default;
PartReader& PartReader::operator=(PartReader&&) noexcept = default;

void PartReader::receive(std::string_view octets) {
  reader_->receive(octets);
}
void PartReader::receive_end() {
  reader_->receive_end();
}
const PartEvent* PartReader::next_event() {
  return reader_->next_event();
}
const MessageHeader& PartReader::header() const {
  return reader_->header_fields;
}
std::uint64_t PartReader::octets() const {
  return reader_->octets_received;
}

}  // namespace mailscope::mime
