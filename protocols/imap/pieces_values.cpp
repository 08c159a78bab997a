#include "protocols/imap/pieces_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/observer_looks.hpp"
#include "protocols/imap/reference.hpp"
#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr std::size_t kRawOctetsMax = 80;
constexpr std::size_t kValuesMax = 5000;

class ValueReader {
 public:
  explicit ValueReader(std::string_view line) : line_(line) {}
  std::vector<Value> read(std::size_t depth) {
    std::vector<Value> values;
    while (skip_space() && line_[at_] != ')' && read_ < kValuesMax) values.push_back(value(depth));
    return values;
  }

 private:
  bool skip_space() {
    while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\r' || line_[at_] == '\n'))
      ++at_;
    return at_ < line_.size();
  }
  Value value(std::size_t depth) {
    ++read_;
    const std::size_t begin = at_;
    Value value;
    if (line_[at_] == '(' && depth < kPieceDepthMax) {
      ++at_;
      value.kind = Value::Kind::List;
      value.values = read(depth + 1);
      if (at_ < line_.size()) ++at_;
    } else if (line_[at_] == '"') {
      value.kind = Value::Kind::String;
      value.text = quoted();
    } else {
      atom(value);
    }
    value.raw = line_.substr(begin, at_ - begin);
    return value;
  }
  std::string quoted() {
    std::string octets;
    for (++at_; at_ < line_.size() && line_[at_] != '"'; ++at_) {
      if (line_[at_] == '\\' && at_ + 1 < line_.size()) ++at_;
      octets += line_[at_];
    }
    if (at_ < line_.size()) ++at_;
    return octets;
  }
  void atom(Value& value) {
    const std::size_t begin = at_;
    bool brackets = false;
    for (; at_ < line_.size(); ++at_) {
      const char c = line_[at_];
      if (c == '[') brackets = true;
      if (c == ']') brackets = false;
      if (!brackets && (c == ' ' || c == ')' || c == '\r' || (c == '(' && at_ > begin))) break;
    }
    if (at_ == begin) ++at_;
    value.text = line_.substr(begin, at_ - begin);
    const auto mark = literal_at_end(value.text);
    if (!mark || mark->at != 0) return;
    value.kind = Value::Kind::String;
    value.text.clear();
    if (line_.substr(at_).starts_with("\r\n")) {
      const std::uint64_t octets = std::min<std::uint64_t>(mark->octets, line_.size() - at_ - 2);
      value.text = line_.substr(at_ + 2, static_cast<std::size_t>(octets));
      at_ += 2 + static_cast<std::size_t>(octets);
    }
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t read_ = 0;
};

std::string number_words(std::string_view number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == "1" ? "" : "s");
}

// "2:4" -> "2 to 4", "*" -> "the last one".
std::string describe_range(std::string_view range) {
  const std::size_t colon = range.find(':');
  const auto end = [](std::string_view number) {
    return number == "*" ? std::string("the last one") : std::string(number);
  };
  if (colon == std::string_view::npos) return end(range);
  return fmt::format("{} to {}", end(range.substr(0, colon)), end(range.substr(colon + 1)));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

std::string text_of(const Value& value) {
  if (value.is_nil()) return "none";
  return value.kind == Value::Kind::String ? value.text : std::string(value.raw);
}

// name, route, mailbox, host; a group begins without a host and ends without a mailbox.
std::string describe_address(const Value& address) {
  if (!address.is_list() || address.values.size() < 4) return std::string(address.raw);
  const Value &name = address.values[0], &mailbox = address.values[2], &host = address.values[3];
  if (host.is_nil())
    return mailbox.is_nil() ? "the end of the group" : "the group " + text_of(mailbox);
  const std::string path = text_of(mailbox) + "@" + text_of(host);
  return name.is_nil() ? path : fmt::format("{} <{}>", text_of(name), path);
}

}  // namespace

bool Value::is_nil() const {
  return is("NIL");
}
bool Value::is(std::string_view word) const {
  return kind == Kind::Atom && equal_no_case(text, word);
}

std::vector<Value> read_values(std::string_view line) {
  return ValueReader(line).read(0);
}

void PieceList::add(std::string_view text, std::string says, const ReferenceEntry* entry) {
  if (entry == nullptr || text.empty() || pieces_.size() >= kPiecesMax) return;
  std::string shown(text.substr(0, std::min(text.find('\r'), kRawOctetsMax)));
  if (shown.size() < text.size()) shown += "...";
  if (says.empty()) says = entry->title;
  pieces_.push_back({std::move(shown), std::move(says), entry});
}

void PieceList::append(std::vector<Piece> pieces) {
  for (Piece& piece : pieces)
    if (pieces_.size() < kPiecesMax) pieces_.push_back(std::move(piece));
}

bool is_sequence_set(std::string_view word) {
  if (word == "$") return true;
  bool number = false;
  for (const char c : word) {
    if (!is_digit(c) && c != '*' && c != ':' && c != ',') return false;
    number = number || is_digit(c) || c == '*';
  }
  return number;
}

std::string describe_set(std::string_view set, bool uid) {
  if (set == "$") return "the messages that the last search found and kept";
  std::vector<std::string> ranges;
  for (std::size_t at = 0; at <= set.size();) {
    const std::size_t comma = std::min(set.find(',', at), set.size());
    if (comma > at) ranges.push_back(describe_range(set.substr(at, comma - at)));
    at = comma + 1;
  }
  std::string text;
  for (std::size_t i = 0; i < ranges.size(); ++i)
    text += (i == 0 ? "" : i + 1 == ranges.size() ? " and " : ", ") + ranges[i];
  const bool several = set.find_first_of(":,") != std::string_view::npos;
  if (set == "*") return uid ? "the message with the greatest UID" : "the last message";
  const std::string_view noun = several ? "messages" : "message";
  return uid ? fmt::format("the {} with the UID{} {}", noun, several ? "s" : "", text)
             : fmt::format("{} {}, by place in the mailbox", noun, text);
}

// ---- sections ----

std::string item_name(std::string_view item) {
  const std::size_t bracket = item.find('[');
  std::string word(item.substr(0, bracket));
  for (char& c : word) c = to_upper(c);
  return bracket == std::string_view::npos ? word : word + "[]";
}

namespace {

// "HEADER.FIELDS (DATE FROM)" of "1.2.HEADER.FIELDS (DATE FROM)".
std::string describe_section_text(std::string_view text, bool part) {
  const std::size_t open = text.find('(');
  const std::string fields =
      open == std::string_view::npos
          ? std::string()
          : std::string(text.substr(open + 1, std::min(text.find(')'), text.size()) - open - 1));
  const std::string of = part ? " of the message that it is" : "";
  if (text.empty()) return part ? "its content, as it is encoded" : "all of it, header and body";
  if (starts_with_no_case(text, "HEADER.FIELDS.NOT"))
    return "the header" + of + " without the fields " + fields;
  if (starts_with_no_case(text, "HEADER.FIELDS")) return "the header fields " + fields + of;
  if (equal_no_case(text, "HEADER")) return "the whole header" + of;
  if (equal_no_case(text, "TEXT")) return "the body" + of + ", without the header";
  if (equal_no_case(text, "MIME")) return "its MIME header";
  return std::string(text);
}

std::string describe_partial(std::string_view partial) {
  if (!partial.starts_with('<') || !partial.ends_with('>')) return {};
  partial = partial.substr(1, partial.size() - 2);
  const std::size_t dot = partial.find('.');
  if (dot == std::string_view::npos) return fmt::format(", from octet {} on", partial);
  return fmt::format(", from octet {} on at most {}", partial.substr(0, dot),
                     number_words(partial.substr(dot + 1), "octet"));
}

}  // namespace

std::string describe_section(std::string_view item) {
  const std::size_t open = item.find('['), close = item.rfind(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  std::string_view section = item.substr(open + 1, close - open - 1);
  std::size_t part_end = 0;
  while (part_end < section.size() && (is_digit(section[part_end]) || section[part_end] == '.'))
    ++part_end;
  std::string_view part = section.substr(0, part_end);
  section.remove_prefix(part_end);
  if (part.ends_with('.')) part.remove_suffix(1);
  const bool binary = starts_with_no_case(item, "BINARY");
  std::string says = part.empty() ? "" : fmt::format("part {}: ", part);
  says += binary && section.empty() ? "with its encoding undone"
                                    : describe_section_text(section, !part.empty());
  says += describe_partial(item.substr(close + 1));
  if (item.substr(0, open).find_first_of("Pp") != std::string_view::npos && item.find('.') < open)
    says += "; \\Seen is not set";
  return says;
}

// ---- ENVELOPE ----

void add_envelope(PieceList& out, const Value& envelope) {
  constexpr std::array<std::string_view, 10> kFields = {
      "date", "subject", "from", "sender",      "reply-to",
      "to",   "cc",      "bcc",  "in-reply-to", "message-id"};
  const ReferenceEntry* entry = find_exact("ENVELOPE", kFetchContext);
  for (std::size_t i = 0; i < std::min(kFields.size(), envelope.values.size()); ++i) {
    const Value& value = envelope.values[i];
    std::string says;
    if (value.is_list())
      for (const Value& address : value.values)
        says += (says.empty() ? "" : ", ") + describe_address(address);
    else
      says = text_of(value);
    out.add(value, fmt::format("{}: {}", kFields[i], says), entry);
  }
}

// ---- BODYSTRUCTURE ----

namespace {

struct Structure {
  PieceList& out;
  const ReferenceEntry* entry;

  void add(const Value& value, const std::string& part, std::string_view field) {
    out.add(value, fmt::format("{}{}: {}", part, field, lower_if_atom(value)), entry);
  }
  void part(const Value& value, const std::string& path, std::size_t depth) {
    if (!value.is_list() || value.values.empty() || depth > kPieceDepthMax) return;
    value.values[0].is_list() ? multipart(value, path, depth) : leaf(value, path, depth);
  }

 private:
  static std::string lower_if_atom(const Value& value) {
    if (!value.is_list()) return text_of(value);
    std::string text;
    for (std::size_t i = 0; i < value.values.size(); ++i)
      text +=
          (i == 0       ? ""
           : i % 2 == 1 ? " = "
                        : ", ") +
          (value.values[i].is_list() ? lower_if_atom(value.values[i]) : text_of(value.values[i]));
    return text;
  }
  static std::string label(const std::string& path) {
    return path.empty() ? "" : fmt::format("part {}, ", path);
  }
  void fields(const Value& value, std::size_t from, std::span<const std::string_view> names,
              const std::string& path) {
    for (std::size_t i = 0; i < names.size() && from + i < value.values.size(); ++i)
      add(value.values[from + i], label(path), names[i]);
  }

  void multipart(const Value& value, const std::string& path, std::size_t depth) {
    constexpr std::string_view kNames[] = {"parameters", "disposition", "language", "location"};
    std::size_t parts = 0;
    while (parts < value.values.size() && value.values[parts].is_list()) {
      const std::string below = (path.empty() ? "" : path + ".") + std::to_string(parts + 1);
      part(value.values[parts], below, depth + 1);
      ++parts;
    }
    if (parts == value.values.size()) return;
    out.add(value.values[parts],
            fmt::format("{}multipart/{} of {}", path.empty() ? "the whole: " : label(path),
                        lower(text_of(value.values[parts])),
                        number_words(std::to_string(parts), "part")),
            entry);
    fields(value, parts + 1, kNames, path);
  }
  void leaf(const Value& value, std::string path, std::size_t depth) {
    constexpr std::string_view kBasic[] = {"parameters", "id", "description", "encoding", "octets"};
    constexpr std::string_view kMore[] = {"MD5", "disposition", "language", "location"};
    if (path.empty()) path = "1";
    const std::vector<Value>& values = value.values;
    if (values.size() < 2) return;
    const std::string type = lower(text_of(values[0]) + "/" + text_of(values[1]));
    const std::string_view raw(
        values[0].raw.data(), static_cast<std::size_t>(values[1].raw.data() + values[1].raw.size() -
                                                       values[0].raw.data()));
    out.add(raw, label(path) + "type: " + type, entry);
    fields(value, 2, kBasic, path);
    std::size_t at = 7;
    if (type == "message/rfc822" && values.size() > 9) {
      add_envelope(out, values[7]);
      part(values[8],
           values[8].is_list() && !values[8].values.empty() && values[8].values[0].is_list()
               ? path
               : path + ".1",
           depth + 1);
      at = 9;
    }
    if (type.starts_with("text/") || type == "message/rfc822") {
      if (at < values.size()) add(values[at], label(path), "lines");
      ++at;
    }
    fields(value, at, kMore, path);
  }
};

}  // namespace

void add_structure(PieceList& out, const Value& structure) {
  Structure{out, find_exact("BODYSTRUCTURE", kFetchContext)}.part(structure, "", 0);
}

}  // namespace mailscope::imap
