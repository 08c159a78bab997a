#include "protocols/imap/sort.hpp"

#include <algorithm>
#include <compare>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/address_list.hpp"
#include "protocols/mime/capitals.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::imap {
namespace {

constexpr std::string_view kForwardBegin = "[FWD:";  // subj-fwd-hdr

// Step (1): runs of white space are one space.
std::string single_spaced(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = is_wsp(c) || c == '\r' || c == '\n';
    if (!space) out += c;
    if (space && !out.ends_with(' ')) out += ' ';
  }
  return out;
}

// subj-blob = "[" *BLOBCHAR "]" *WSP: the octets of one at the front, 0 for none.
std::size_t blob_length(std::string_view text) {
  if (!text.starts_with('[')) return 0;
  std::size_t end = text.find_first_of("[]", 1);
  if (end == std::string_view::npos || text[end] == '[') return 0;
  for (++end; end < text.size() && text[end] == ' ';) ++end;
  return end;
}

// subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
std::size_t reply_length(std::string_view text) {
  std::size_t at = text.starts_with("RE") || text.starts_with("FW") ? 2 : 0;
  if (at == 0) return 0;
  if (text.starts_with("FWD")) at = 3;
  while (at < text.size() && text[at] == ' ') ++at;
  at += blob_length(text.substr(at));
  return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

// The steps of RFC 5256 §2.1, on capitals.
class Subject {
 public:
  explicit Subject(std::string_view text) : text_(text) {}

  bool reduce() {
    while (true) {
      take_trailers();
      take_leaders();
      if (!text_.starts_with(kForwardBegin) || !text_.ends_with(']')) return is_reply_;
      text_.remove_prefix(kForwardBegin.size());
      text_.remove_suffix(1);
      is_reply_ = true;
    }
  }
  std::string_view text() const { return text_; }

 private:
  // (2) subj-trailer = "(fwd)" / WSP
  void take_trailers() {
    while (true) {
      if (text_.ends_with(' ')) {
        text_.remove_suffix(1);
      } else if (text_.ends_with("(FWD)")) {
        text_.remove_suffix(5);
        is_reply_ = true;
      } else {
        return;
      }
    }
  }

  // (3) to (5). All blobs in a row are looked at once: either a "Re:" follows them and they go with
  // it, or they go one by one, but for a last one with nothing behind it.
  void take_leaders() {
    while (true) {
      while (text_.starts_with(' ')) text_.remove_prefix(1);
      std::size_t last = 0, blobs = 0;
      while (const std::size_t length = blob_length(text_.substr(blobs))) {
        last = blobs;
        blobs += length;
      }
      const std::size_t reply = reply_length(text_.substr(blobs));
      if (reply == 0) {
        text_.remove_prefix(blobs < text_.size() ? blobs : last);
        return;
      }
      text_.remove_prefix(blobs + reply);
      is_reply_ = true;
    }
  }

  std::string_view text_;
  bool is_reply_ = false;
};

std::string body_of(std::string_view header, std::string_view name) {
  mime::FieldCursor cursor(header);
  for (mime::Field field; cursor.next(field);)
    if (equal_no_case(field.name, name)) return field.body();
  return {};
}

std::string first_mailbox(std::string_view header, std::string_view name) {
  const std::vector<mime::AddressElement> list = mime::read_address_elements(body_of(header, name));
  if (list.empty()) return {};
  const bool is_group = list[0].kind == mime::AddressElement::Kind::GroupBegin;
  return mime::capitals(is_group ? list[0].name : list[0].local_part);
}

std::strong_ordering compare(const SortedMessage& a, const SortedMessage& b, SortKey key) {
  switch (key) {
    case SortKey::Arrival:
      return a.arrival <=> b.arrival;
    case SortKey::Cc:
      return a.cc <=> b.cc;
    case SortKey::Date:
      return a.sent <=> b.sent;
    case SortKey::From:
      return a.from <=> b.from;
    case SortKey::Size:
      return a.octets <=> b.octets;
    case SortKey::Subject:
      return a.subject <=> b.subject;
    case SortKey::To:
      return a.to <=> b.to;
  }
  return std::strong_ordering::equal;
}

}  // namespace

BaseSubject base_subject(std::string_view field_body) {
  const std::string text =
      single_spaced(mime::capitals(mime::decode_words(mime::unfold(field_body))));
  Subject subject(text);
  const bool is_reply = subject.reduce();
  return {std::string(subject.text()), is_reply};
}

std::optional<mime::Date> sent_date(std::string_view header) {
  const std::string body = body_of(header, "Date");
  if (const auto date = mime::parse_date(body)) return date;
  // The day alone, up to what should be the time.
  const std::string_view all = body;
  const std::string_view before = all.substr(0, all.find(':'));
  const std::size_t space = before.find_last_of(" \t");
  for (const std::string_view day : {all, before.substr(0, std::min(space, before.size()))})
    if (const auto date = mime::parse_date(std::string(day) + " 00:00:00")) return date;
  return std::nullopt;
}

bool needs_header(std::span<const SortCriterion> criteria) {
  return std::any_of(criteria.begin(), criteria.end(), [](const SortCriterion& criterion) {
    return criterion.key != SortKey::Arrival && criterion.key != SortKey::Size;
  });
}

void read_sort_keys(SortedMessage& message, std::string_view header,
                    std::span<const SortCriterion> criteria) {
  for (const SortCriterion& criterion : criteria) {
    switch (criterion.key) {
      case SortKey::Arrival:
      case SortKey::Size:
        break;
      case SortKey::Cc:
        message.cc = first_mailbox(header, "Cc");
        break;
      case SortKey::Date:
        message.sent = sent_date(header).value_or(mime::Date{message.arrival, 0}).unix_seconds;
        break;
      case SortKey::From:
        message.from = first_mailbox(header, "From");
        break;
      case SortKey::Subject:
        message.subject = base_subject(body_of(header, "Subject")).text;
        break;
      case SortKey::To:
        message.to = first_mailbox(header, "To");
        break;
    }
  }
}

void sort_messages(std::vector<SortedMessage>& messages, std::span<const SortCriterion> criteria) {
  const auto before = [&](const SortedMessage& a, const SortedMessage& b) {
    for (const SortCriterion& criterion : criteria) {
      const std::strong_ordering order = compare(a, b, criterion.key);
      if (order != 0) return criterion.reverse ? order > 0 : order < 0;
    }
    return a.number < b.number;
  };
  std::sort(messages.begin(), messages.end(), before);
}

}  // namespace mailscope::imap
