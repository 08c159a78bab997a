// The part reader's bodies: content decoded, up to the boundary that ends it (RFC 2046 §5.1.1).

#include <cstring>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/part_reader_state.hpp"

namespace mailscope::mime {

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
    if (found.delimiter == Delimiter::No) continue;
    // The line end in front belongs to the boundary.
    std::size_t end = at;
    if (end > 0) --end;
    if (end > 0 && data[end - 1] == '\r' && at > 0) --end;
    take(data.substr(0, end));
    if (found.delimiter == Delimiter::Undecided) {
      if (end > 0) at_line_start_ = false;
      return end;
    }
    end_at(found);
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
    const Delimiter delimiter = match_delimiter(text, part.boundary, last);
    if (delimiter == Delimiter::No) continue;
    return {delimiter, i, part.boundary.size() + (delimiter == Delimiter::Close ? 4 : 2)};
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

}  // namespace mailscope::mime
