#include "protocols/mime/address_list.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/encoded_word.hpp"

namespace mailscope::mime {
namespace {

constexpr int kCommentDepthMax = 100;

enum class Kind { End, Special, Atom, Quoted, Literal, Comment };
struct Token {
  Kind kind = Kind::End;
  char special = 0;  // of a Special: one of <>,;:@.
  std::string text;  // without quotes and outer parentheses, quoted pairs undone
  bool space_before = false;
};

constexpr std::string_view kSpecials = "<>,;:@.";

// Cuts a field body into tokens; white space and line ends only show in space_before.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    Token token;
    while (at_ < text_.size() && is_space(text_[at_])) {
      ++at_;
      token.space_before = true;
    }
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (kSpecials.find(c) != std::string_view::npos) {
      ++at_;
      token.kind = Kind::Special;
      token.special = c;
      token.text = c;
    } else if (c == '"') {
      token.kind = Kind::Quoted;
      token.text = delimited('"');
    } else if (c == '[') {
      token.kind = Kind::Literal;
      token.text = delimited(']');
    } else if (c == '(') {
      token.kind = Kind::Comment;
      token.text = comment();
    } else {
      token.kind = Kind::Atom;
      token.text = atom();
    }
    return token;
  }

 private:
  static bool is_space(char c) { return is_wsp(c) || c == '\r' || c == '\n'; }

  std::string atom() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '"' && text_[at_] != '(' &&
           text_[at_] != '[' && kSpecials.find(text_[at_]) == std::string_view::npos)
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string delimited(char end) {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != end; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      if (text_[at_] != '\r' && text_[at_] != '\n') out += text_[at_];
    }
    if (at_ < text_.size()) ++at_;
    return out;
  }

  std::string comment() {
    std::string out;
    int depth = 1;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        out += text_[++at_];
        continue;
      }
      if (c == '(' && depth < kCommentDepthMax) ++depth;
      if (c == ')' && --depth == 0) break;
      if (c != '\r' && c != '\n') out += c;
    }
    if (at_ < text_.size()) ++at_;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Words of a display name, as they stood but for quotes and the white space between.
std::string phrase_as_written(const std::vector<Token>& tokens) {
  std::string out;
  for (const Token& token : tokens) {
    if (token.space_before && !out.empty()) out += ' ';
    out += token.text;
  }
  return out;
}

// Words of a display name; encoded words are decoded, but not within quotes (RFC 2047 §5).
std::string phrase(const std::vector<Token>& tokens) {
  std::string out, unquoted;
  const auto flush = [&] {
    out += decode_words(unquoted);
    unquoted.clear();
  };
  for (const Token& token : tokens) {
    const bool space = token.space_before && !(out.empty() && unquoted.empty());
    if (token.kind == Kind::Quoted) {
      if (space) unquoted += ' ';
      flush();
      out += decode_words(token.text.find("=?") == std::string::npos ? token.text : std::string());
      if (token.text.find("=?") != std::string::npos) out += token.text;
    } else {
      if (space) unquoted += ' ';
      unquoted += token.text;
    }
  }
  flush();
  return std::string(trim(out));
}

// local-part "@" domain, white space between the words left out.
template <typename Address>
void set_address(Address& mailbox, const std::vector<Token>& tokens) {
  std::size_t at = tokens.size();
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i].special == '@') at = i;
  for (std::size_t i = 0; i < at; ++i) mailbox.local_part += tokens[i].text;
  for (std::size_t i = at + 1; i < tokens.size(); ++i)
    mailbox.domain += tokens[i].kind == Kind::Literal ? '[' + tokens[i].text + ']' : tokens[i].text;
}

class Parser {
 public:
  enum class Names { Decoded, AsWritten };
  Parser(std::string_view body, Names names) : lexer_(body), names_(names) {}

  std::vector<AddressElement> run() {
    while (!done_ && found_.size() < kAddressesMax) element();
    if (in_group_) end_group();
    return std::move(found_);
  }

 private:
  std::string name(const std::vector<Token>& words) const {
    return names_ == Names::Decoded ? phrase(words) : phrase_as_written(words);
  }

  // Up to and with the comma, semicolon or colon that ends it.
  void element() {
    std::vector<Token> words;
    std::string comment;
    AddressElement mailbox;
    bool angle = false, has_at = false;
    while (true) {
      Token token = lexer_.next();
      if (token.kind == Kind::Comment) {
        comment = std::move(token.text);
        continue;
      }
      const char special = token.special;
      if (special == ':' && !angle && !in_group_ && !has_at) return begin_group(words);
      if (token.kind == Kind::End || special == ',' || special == ';') {
        if (!angle && names_ == Names::AsWritten && !has_at && words.size() > 1) {
          mailbox.name = name(words);  // words alone are nobody's address
          angle = true;
        }
        if (!angle) set_address(mailbox, words);
        add(std::move(mailbox), comment, angle);
        if (special == ';' && in_group_) end_group();
        done_ = token.kind == Kind::End;
        return;
      }
      if (special == '<' && !angle) {
        angle = true;
        mailbox.name = name(words);
        in_brackets(mailbox);
      } else if (!angle) {
        has_at = has_at || special == '@';
        words.push_back(std::move(token));
      }
    }
  }

  // "<" [obs-route] addr-spec ">"; obs-route = "@a,@b:"
  void in_brackets(AddressElement& mailbox) {
    std::vector<Token> words;
    while (true) {
      Token token = lexer_.next();
      if (token.kind == Kind::End || token.special == '>') break;
      if (token.special == ':') {
        for (const Token& word : words) mailbox.route += word.text;
        words.clear();
      } else if (token.kind != Kind::Comment) {
        words.push_back(std::move(token));
      }
    }
    set_address(mailbox, words);
  }

  void begin_group(const std::vector<Token>& words) {
    AddressElement& group = found_.emplace_back();
    group.kind = AddressElement::Kind::GroupBegin;
    group.name = name(words);
    in_group_ = true;
  }
  void end_group() {
    found_.emplace_back().kind = AddressElement::Kind::GroupEnd;
    in_group_ = false;
  }

  void add(AddressElement mailbox, const std::string& comment, bool angle) {
    const bool named = !mailbox.local_part.empty() || !mailbox.domain.empty();
    if (!named && !angle) return;  // an empty list element
    if (mailbox.name.empty())
      mailbox.name = names_ == Names::Decoded ? decode_words(comment) : comment;
    found_.push_back(std::move(mailbox));
  }

  Lexer lexer_;
  Names names_;
  std::vector<AddressElement> found_;
  bool in_group_ = false;
  bool done_ = false;
};

bool is_atext(char c) {
  return is_alpha(c) || is_digit(c) || (c & 0x80) != 0 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atext(c); });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string Mailbox::address() const {
  std::string out = is_dot_atom(local_part) || (local_part.empty() && domain.empty())
                        ? local_part
                        : quoted(local_part);
  if (!domain.empty()) out += '@' + domain;
  return out;
}

std::vector<Mailbox> read_addresses(std::string_view body) {
  std::vector<Mailbox> found;
  std::string group;
  for (AddressElement& element : Parser(body, Parser::Names::Decoded).run()) {
    if (element.kind == AddressElement::Kind::Mailbox) {
      found.push_back({std::move(element.name), std::move(element.local_part),
                       std::move(element.domain), group});
    } else {
      group = std::move(element.name);  // the end of a group has none
    }
  }
  return found;
}

std::vector<AddressElement> read_address_elements(std::string_view body) {
  return Parser(body, Parser::Names::AsWritten).run();
}

std::string format_mailbox(const Mailbox& mailbox) {
  if (mailbox.display_name.empty()) return mailbox.address();
  const std::string& name = mailbox.display_name;
  const std::string words = encode_words(name);
  const bool atoms = words != name || std::all_of(name.begin(), name.end(), [](char c) {
                       return c == ' ' || (is_atext(c) && (c & 0x80) == 0);
                     });
  return (atoms ? words : quoted(name)) + " <" + mailbox.address() + '>';
}

}  // namespace mailscope::mime
