#include "protocols/mime/part_reader.hpp"

#include <algorithm>
#include <utility>

#include "protocols/mime/part_reader_state.hpp"

namespace mailscope::mime {

// ---- chunks ----

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

// ---- ends ----

void PartReader::Reader::end_at(const Found& found) {
  const bool own = std::none_of(
      containers_.begin() + static_cast<std::ptrdiff_t>(found.container) + 1, containers_.end(),
      [](const Container& c) { return c.part->kind == Part::Kind::Multipart; });
  end_leaf(own);
  end_containers(found.container + 1, false);
  Container& container = containers_[found.container];
  if (found.delimiter == Delimiter::Close) {
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

// ---- the outside ----

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
