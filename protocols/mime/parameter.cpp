#include "protocols/mime/parameter.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/boundary.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/encoded_word.hpp"

namespace mailscope::mime {
namespace {

constexpr int kCommentDepthMax = 100;

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (text[i] == '%' && high >= 0 && low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// How strictly: BearOldFileNames keeps a backslash that guards nothing, as in "C:\temp"; the RFCs
// take every one away (RFC 822 §3.4.1).
enum class Quoting { BearOldFileNames, ByTheBook };

// One parameter as it stood: `name` may carry stars.
struct RawParameter {
  std::string name;
  std::string value;
};

class Scanner {
 public:
  Scanner(std::string_view text, Quoting quoting) : text_(text), quoting_(quoting) {}

  // type "/" subtype, or one token.
  std::string value() {
    skip();
    std::string out(token());
    skip();
    if (take('/')) {
      skip();
      out += '/';
      out += token();
    }
    return out;
  }

  std::optional<RawParameter> parameter() {
    while (true) {
      skip();
      while (take(';')) skip();
      if (text_.empty()) return std::nullopt;
      RawParameter parameter;
      parameter.name = token();
      skip();
      if (!parameter.name.empty() && take('=')) {
        skip();
        parameter.value = take('"') ? quoted() : bare();
        return parameter;
      }
      if (parameter.name.empty() && !text_.empty())
        text_.remove_prefix(1);  // nothing to be made of it
    }
  }

 private:
  static bool is_space(char c) { return is_wsp(c) || c == '\r' || c == '\n'; }
  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  // White space and comments.
  void skip() {
    int depth = 0;
    while (!text_.empty()) {
      const char c = text_[0];
      if (c == '(' && depth < kCommentDepthMax) {
        ++depth;
      } else if (c == ')' && depth > 0) {
        --depth;
      } else if (depth == 0 && !is_space(c)) {
        return;
      }
      text_.remove_prefix(depth > 0 && c == '\\' && text_.size() > 1 ? 2 : 1);
    }
  }

  std::string_view token() {
    std::size_t n = 0;
    while (n < text_.size() && !is_space(text_[n]) &&
           std::string_view(";=/\"(),").find(text_[n]) == std::string_view::npos)
      ++n;
    const std::string_view found = text_.substr(0, n);
    text_.remove_prefix(n);
    return found;
  }

  std::string quoted() {
    std::string out;
    std::size_t i = 0;
    for (; i < text_.size() && text_[i] != '"'; ++i) {
      const bool pair =
          text_[i] == '\\' && i + 1 < text_.size() &&
          (quoting_ == Quoting::ByTheBook || text_[i + 1] == '"' || text_[i + 1] == '\\');
      if (pair) ++i;
      if (text_[i] != '\r' && text_[i] != '\n') out += text_[i];
    }
    text_.remove_prefix(std::min(text_.size(), i + 1));
    return out;
  }

  // A token; or, where no further parameter or comment can begin, words with spaces between.
  std::string bare() {
    std::size_t end = std::min(text_.find(';'), text_.size());
    std::string_view all = text_.substr(0, end);
    const std::size_t space = all.find_first_of(" \t\r\n");
    if (space != std::string_view::npos) {
      const std::size_t behind = all.find_first_not_of(" \t\r\n", space);
      const bool words = behind != std::string_view::npos && all[behind] != '(' &&
                         all.find('=', behind) == std::string_view::npos;
      if (!words) all = all.substr(0, space);
    }
    text_.remove_prefix(all.size());
    while (!all.empty() && is_space(all.back())) all.remove_suffix(1);
    return std::string(all);
  }

  std::string_view text_;
  Quoting quoting_;
};

// name ["*" section] ["*"]
struct Piece {
  std::string name;
  int section = -1;  // none
  bool starred = false;
  std::string value;
};

Piece read_piece(RawParameter raw) {
  Piece piece;
  std::string_view name = raw.name;
  if (name.size() > 1 && name.ends_with('*')) {
    piece.starred = true;
    name.remove_suffix(1);
  }
  const std::size_t star = name.find('*');
  if (star != std::string_view::npos && star > 0) {
    const std::string_view digits = name.substr(star + 1);
    if (!digits.empty() && digits.size() <= 4 &&
        std::all_of(digits.begin(), digits.end(), is_digit)) {
      piece.section = 0;
      for (char c : digits) piece.section = piece.section * 10 + (c - '0');
      name = name.substr(0, star);
    }
  }
  piece.name = name;
  piece.value = std::move(raw.value);
  return piece;
}

// charset'language'text, the text %-encoded. Gives the character set, `value` keeps the text.
std::string take_charset(std::string& value) {
  const std::size_t first = value.find('\'');
  const std::size_t second = first == std::string::npos ? first : value.find('\'', first + 1);
  if (second == std::string::npos) return {};
  std::string charset = value.substr(0, first);
  value.erase(0, second + 1);
  return charset;
}

std::string join(std::vector<const Piece*> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece* a, const Piece* b) { return a->section < b->section; });
  std::string charset, octets;
  int expected = pieces.front()->section == 1 ? 1 : std::min(pieces.front()->section, 0);
  bool first = true;
  for (const Piece* piece : pieces) {
    if (piece->section != expected) {
      if (piece->section < expected) continue;  // a second one of that number
      break;
    }
    std::string value = piece->value;
    if (piece->starred && first) charset = take_charset(value);
    octets += piece->starred ? percent_decode(value) : value;
    first = false;
    ++expected;
  }
  return charset.empty() ? octets : to_utf8(octets, charset);
}

// Of one name: continuations before a single starred value before a plain one (RFC 2231 §4).
std::string choose(const std::vector<Piece>& pieces, const std::string& name) {
  std::vector<const Piece*> sections;
  const Piece* starred = nullptr;
  const Piece* plain = nullptr;
  for (const Piece& piece : pieces) {
    if (piece.name != name) continue;
    if (piece.section >= 0) {
      sections.push_back(&piece);
    } else if (piece.starred) {
      if (!starred) starred = &piece;
    } else if (!plain) {
      plain = &piece;
    }
  }
  if (starred) return join({starred});
  if (!sections.empty()) {
    std::string joined = join(sections);
    if (!joined.empty() || !plain) return joined;
  }
  return plain ? plain->value : std::string();
}

std::vector<Piece> read_pieces(Scanner& scanner) {
  std::vector<Piece> pieces;
  while (pieces.size() < kParametersMax) {
    std::optional<RawParameter> raw = scanner.parameter();
    if (!raw) break;
    pieces.push_back(read_piece(std::move(*raw)));
  }
  return pieces;
}

// ---- as written ----

void percent_encode(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (char c : text) {
    // attribute-char, RFC 2231 §7
    const bool plain = c > ' ' && c < 0x7f &&
                       std::string_view("*'%()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[c & 15];
    }
  }
}

bool is_continued(const Piece& piece) {
  return piece.section >= 0 || piece.starred;
}

// The pieces [first, last) of one name, in the order of their sections, as one parameter; nothing
// where a section is missing.
std::optional<Parameter> join_as_written(std::span<const Piece> pieces) {
  Parameter parameter{pieces[0].name, {}};
  const bool starred =
      std::any_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.starred; });
  if (starred) parameter.name += '*';
  int expected = pieces.size() == 1 && pieces[0].section < 0 ? -1 : 0;
  for (const Piece& piece : pieces) {
    if (piece.section != expected++) return std::nullopt;
    if (starred && !piece.starred) {
      percent_encode(parameter.value, piece.value);
    } else {
      parameter.value += piece.value;
    }
  }
  return parameter;
}

std::string name_as_written(const Piece& piece) {
  return piece.name + (piece.section >= 0 ? '*' + std::to_string(piece.section) : std::string()) +
         (piece.starred ? "*" : "");
}

}  // namespace

std::string_view ParameterizedField::get(std::string_view name) const {
  for (const Parameter& parameter : parameters)
    if (equal_no_case(parameter.name, name)) return parameter.value;
  return {};
}

bool ParameterizedField::has(std::string_view name) const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const Parameter& p) { return equal_no_case(p.name, name); });
}

ParameterizedField read_parameters(std::string_view body) {
  Scanner scanner(body, Quoting::BearOldFileNames);
  ParameterizedField field;
  field.value = lower_case(scanner.value());
  std::vector<Piece> pieces = read_pieces(scanner);
  for (Piece& piece : pieces) piece.name = lower_case(piece.name);
  for (const Piece& piece : pieces)
    if (!field.has(piece.name))
      field.parameters.push_back({piece.name, choose(pieces, piece.name)});
  return field;
}

ParameterizedField read_parameters_as_written(std::string_view body) {
  Scanner scanner(body, Quoting::ByTheBook);
  ParameterizedField field;
  field.value = scanner.value();
  std::vector<Piece> pieces = read_pieces(scanner);
  const auto continued = std::stable_partition(
      pieces.begin(), pieces.end(), [](const Piece& piece) { return !is_continued(piece); });
  for (auto piece = pieces.begin(); piece != continued; ++piece)
    field.parameters.push_back({piece->name, piece->value});
  std::stable_sort(continued, pieces.end(), [](const Piece& a, const Piece& b) {
    const std::string name = lower_case(a.name), other = lower_case(b.name);
    return name != other ? name < other : a.section < b.section;
  });
  for (auto piece = continued; piece != pieces.end();) {
    const auto end = std::find_if(piece, pieces.end(), [&](const Piece& other) {
      return !equal_no_case(piece->name, other.name);
    });
    if (const auto joined = join_as_written({piece, end})) {
      field.parameters.push_back(*joined);
    } else {
      for (auto single = piece; single != end; ++single)
        field.parameters.push_back({name_as_written(*single), single->value});
    }
    piece = end;
  }
  return field;
}

ParameterizedField read_content_type(std::string_view body) {
  ParameterizedField field = read_parameters(body);
  if (!is_media_type(field.value)) field.value.clear();
  return field;
}

bool is_media_type(std::string_view value) {
  const std::size_t slash = value.find('/');
  return slash != std::string_view::npos && slash != 0 && slash + 1 != value.size();
}

bool is_message_type(std::string_view type) {
  return equal_no_case(type, "message/rfc822") || equal_no_case(type, "message/global");
}

std::string multipart_boundary(const ParameterizedField& type) {
  if (!type.value.starts_with("multipart/")) return {};
  std::string boundary(type.get("boundary"));
  while (boundary.ends_with(' ')) boundary.pop_back();
  if (boundary.size() > kBoundaryMax) boundary.clear();
  return boundary;
}

std::string without_folders(std::string_view file_name) {
  const std::size_t slash = file_name.find_last_of("/\\");
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  std::string out;
  for (char c : file_name)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  return out == "." || out == ".." ? std::string() : out;
}

std::string file_name(const ParameterizedField& disposition, const ParameterizedField& type) {
  std::string_view found = disposition.get("filename");
  if (found.empty()) found = type.get("name");
  return decode_words(found);
}

}  // namespace mailscope::mime
