// SEARCH, SORT, THREAD. RFC 9051 §6.4.4, §9; RFC 3501 §9 (NEW, OLD, RECENT); RFC 7162 §7; RFC 5256
// §5.
#include <array>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/command_grammar.hpp"

namespace mailscope::imap::grammar {
namespace {

using SearchKind = SearchKey::Kind;

// A key that is a word, or a word and an argument.
struct SearchWord {
  enum class Argument : std::uint8_t { None, Text, Date, Number, Keyword, Set };
  std::string_view word;
  SearchKind kind;
  Argument argument = Argument::None;
  Flag::Kind flag = Flag::Kind::Any;
};
constexpr auto kSearchWords = [] {
  using enum SearchWord::Argument;
  return std::array{
      SearchWord{"ALL", SearchKind::All},
      SearchWord{"ANSWERED", SearchKind::Has, None, Flag::Kind::Answered},
      SearchWord{"BCC", SearchKind::Bcc, Text},
      SearchWord{"BEFORE", SearchKind::Before, Date},
      SearchWord{"BODY", SearchKind::Body, Text},
      SearchWord{"CC", SearchKind::Cc, Text},
      SearchWord{"DELETED", SearchKind::Has, None, Flag::Kind::Deleted},
      SearchWord{"DRAFT", SearchKind::Has, None, Flag::Kind::Draft},
      SearchWord{"FLAGGED", SearchKind::Has, None, Flag::Kind::Flagged},
      SearchWord{"FROM", SearchKind::From, Text},
      SearchWord{"KEYWORD", SearchKind::Has, Keyword},
      SearchWord{"LARGER", SearchKind::Larger, Number},
      SearchWord{"NEW", SearchKind::New},
      SearchWord{"OLD", SearchKind::Old},
      SearchWord{"ON", SearchKind::On, Date},
      SearchWord{"RECENT", SearchKind::Has, None, Flag::Kind::Recent},
      SearchWord{"SEEN", SearchKind::Has, None, Flag::Kind::Seen},
      SearchWord{"SENTBEFORE", SearchKind::SentBefore, Date},
      SearchWord{"SENTON", SearchKind::SentOn, Date},
      SearchWord{"SENTSINCE", SearchKind::SentSince, Date},
      SearchWord{"SINCE", SearchKind::Since, Date},
      SearchWord{"SMALLER", SearchKind::Smaller, Number},
      SearchWord{"SUBJECT", SearchKind::Subject, Text},
      SearchWord{"TEXT", SearchKind::Text, Text},
      SearchWord{"TO", SearchKind::To, Text},
      SearchWord{"UID", SearchKind::Uid, Set},
      SearchWord{"UNANSWERED", SearchKind::HasNot, None, Flag::Kind::Answered},
      SearchWord{"UNDELETED", SearchKind::HasNot, None, Flag::Kind::Deleted},
      SearchWord{"UNDRAFT", SearchKind::HasNot, None, Flag::Kind::Draft},
      SearchWord{"UNFLAGGED", SearchKind::HasNot, None, Flag::Kind::Flagged},
      SearchWord{"UNKEYWORD", SearchKind::HasNot, Keyword},
      SearchWord{"UNSEEN", SearchKind::HasNot, None, Flag::Kind::Seen},
  };
}();

// date = date-text / DQUOTE date-text DQUOTE     (RFC 9051 §9)
bool date(Scanner& in, SearchKey& key) {
  const std::size_t begin = in.offset();
  const bool quoted = in.take('"');
  const std::string_view text =
      in.run([](char c) { return is_alpha(c) || is_digit(c) || c == '-'; });
  key.date = imap::Date::parse(text);
  if (!key.date || (quoted && !in.take('"'))) return in.fail_at(begin, "a date like 2-Mar-2026");
  return true;
}

// "KEYWORD" SP flag-keyword; flag-keyword = atom
bool keyword(Scanner& in, SearchKey& key) {
  std::string_view word;
  if (!in.atom(word, "a keyword")) return false;
  key.flag = Flag::parse(word);
  return true;
}

bool key_argument(Scanner& in, const SearchWord& word, SearchKey& key) {
  key.kind = word.kind;
  if (word.flag != Flag::Kind::Any) key.flag = Flag(word.flag);
  using enum SearchWord::Argument;
  if (word.argument == None) return true;
  if (!in.space()) return false;
  switch (word.argument) {
    case Text:
      return in.astring(key.text, "a text to look for");
    case Date:
      return date(in, key);
    case Number:
      return in.number64(key.number);
    case Keyword:
      return keyword(in, key);
    default:
      return sequence_set(in, key.set);
  }
}

// "HEADER" SP header-fld-name SP astring         (RFC 9051 §9)
bool header(Scanner& in, SearchKey& key) {
  key.kind = SearchKind::Header;
  return in.space() && in.astring(key.field, "a header field's name") && in.space() &&
         in.astring(key.text, "a text to look for");
}

// search-modsequence = "MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer
// entry-name = DQUOTE "/flags/" attr-flag DQUOTE; entry-type-req = "priv" / "shared" / "all"
//                                                (RFC 7162 §7)
bool modseq(Scanner& in, SearchKey& key) {
  key.kind = SearchKind::ModSeq;
  if (!in.space()) return false;
  if (in.peek() == '"') {
    const std::size_t begin = in.offset();
    if (!in.quoted(key.field)) return false;
    if (!starts_with_no_case(key.field, "/flags/")) return in.fail_at(begin, "\"/flags/...\"");
    if (!in.space()) return false;
    for (const std::string_view type : {"priv", "shared", "all"})
      if (in.take_word(type)) key.text = type;
    if (key.text.empty()) return in.fail("priv, shared or all");
    if (!in.space()) return false;
  }
  return in.number64(key.number);
}

// A key beside others of its kind: theirs and its own become alternatives, or conditions, of one.
void add_key(std::vector<SearchKey>& keys, SearchKey key, SearchKind kind) {
  if (key.kind != kind) {
    keys.push_back(std::move(key));
    return;
  }
  for (SearchKey& inner : key.keys) keys.push_back(std::move(inner));
}

// "OR" SP search-key SP search-key; the second is often another OR.
bool or_keys(Scanner& in, SearchKey& key, std::size_t depth) {
  key.kind = SearchKind::Or;
  for (;;) {
    SearchKey alternative;
    if (!in.space() || !search_key(in, alternative, depth)) return false;
    add_key(key.keys, std::move(alternative), SearchKind::Or);
    if (!in.space()) return false;
    if (in.take_word("OR")) continue;
    SearchKey last;
    if (!search_key(in, last, depth)) return false;
    add_key(key.keys, std::move(last), SearchKind::Or);
    return true;
  }
}

// "NOT" SP search-key
bool not_key(Scanner& in, SearchKey& key, std::size_t depth) {
  bool negated = true;
  if (!in.space()) return false;
  while (in.take_word("NOT")) {
    negated = !negated;
    if (!in.space()) return false;
  }
  SearchKey inner;
  if (!search_key(in, inner, depth)) return false;
  if (inner.kind == SearchKind::Not) {  // "NOT (NOT x)"
    negated = !negated;
    inner = SearchKey(std::move(inner.keys.front()));
  }
  key = negated ? SearchKey::of_keys(SearchKind::Not, {std::move(inner)}) : std::move(inner);
  return true;
}

SearchKey all_of(std::vector<SearchKey> keys) {
  return keys.size() == 1 ? std::move(keys.front())
                          : SearchKey::of_keys(SearchKind::And, std::move(keys));
}

// "(" search-key *(SP search-key) ")"
bool key_list(Scanner& in, SearchKey& key, std::size_t depth) {
  std::vector<SearchKey> keys;
  const bool read = list(in, false, [&] {
    SearchKey inner;
    if (!search_key(in, inner, depth)) return false;
    add_key(keys, std::move(inner), SearchKind::And);
    return true;
  });
  key = all_of(std::move(keys));
  return read;
}

bool key_word(Scanner& in, SearchKey& key, std::size_t depth) {
  if (in.take_word("OR")) return or_keys(in, key, depth);
  if (in.take_word("NOT")) return not_key(in, key, depth);
  if (in.take_word("HEADER")) return header(in, key);
  if (in.take_word("MODSEQ")) return modseq(in, key);
  for (const SearchWord& word : kSearchWords)
    if (in.take_word(word.word)) return key_argument(in, word, key);
  return in.fail("a search key");
}

// search-key *(SP search-key)
bool search_keys(Scanner& in, SearchKey& key) {
  std::vector<SearchKey> keys;
  do {
    SearchKey inner;
    if (!in.space() || !search_key(in, inner, 0)) return false;
    add_key(keys, std::move(inner), SearchKind::And);
  } while (in.rest().find_first_not_of(' ') != std::string_view::npos);
  key = all_of(std::move(keys));
  return true;
}

// charset = atom / quoted                        (RFC 9051 §9)
bool charset(Scanner& in, std::string& charset) {
  return in.space() && in.astring(charset, "a charset");
}

// search-return-opts = SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"
// search-return-opt = "MIN" / "MAX" / "ALL" / "COUNT" / "SAVE"   (RFC 9051 §9)
bool search_return(Scanner& in, EnumSet<SearchReturn>& returns) {
  constexpr std::array<std::string_view, 5> kOptions = {"MIN", "MAX", "ALL", "COUNT", "SAVE"};
  return in.space() && list(in, true, [&] {
           for (std::size_t i = 0; i < kOptions.size(); ++i)
             if (in.take_word(kOptions[i])) {
               returns.insert(static_cast<SearchReturn>(i));
               return true;
             }
           return in.fail("MIN, MAX, ALL, COUNT or SAVE");
         });
}

// sort-criterion = ["REVERSE" SP] sort-key       (RFC 5256 §5)
bool sort_criterion(Scanner& in, std::vector<SortCriterion>& criteria) {
  constexpr std::array<std::string_view, 7> kKeys = {"ARRIVAL", "CC",      "DATE", "FROM",
                                                     "SIZE",    "SUBJECT", "TO"};
  SortCriterion criterion;
  criterion.reverse = in.take_word("REVERSE");
  if (criterion.reverse && !in.space()) return false;
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    if (!in.take_word(kKeys[i])) continue;
    criterion.key = static_cast<SortKey>(i);
    criteria.push_back(criterion);
    return true;
  }
  return in.fail("a sort key");
}

}  // namespace

// search-key                                     (RFC 9051 §9)
bool search_key(Scanner& in, SearchKey& key, std::size_t depth) {
  if (in.failed()) return false;
  if (depth == SearchKey::kDepthMax) return in.fail("a search key less deep");
  const char c = in.peek();
  if (c == '(') return key_list(in, key, depth + 1);
  if (!is_digit(c) && c != '*' && c != '$') return key_word(in, key, depth + 1);
  key.kind = SearchKind::Sequence;
  return sequence_set(in, key.set);
}

// search = "SEARCH" [search-return-opts] SP search-program
// search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)   (RFC 9051 §9)
bool search(Scanner& in, SearchCommand& command) {
  if (in.take_option("RETURN") && !search_return(in, command.returns.emplace())) return false;
  if (in.take_option("CHARSET") && !charset(in, command.charset)) return false;
  return search_keys(in, command.key);
}

// sort = ["UID" SP] "SORT" SP sort-criteria SP search-criteria
// search-criteria = charset 1*(SP search-key)    (RFC 5256 §5)
bool sort(Scanner& in, SortCommand& command) {
  return in.space() && list(in, false, [&] { return sort_criterion(in, command.criteria); }) &&
         charset(in, command.charset) && search_keys(in, command.key);
}

// thread = ["UID" SP] "THREAD" SP thread-alg SP search-criteria
// thread-alg = "ORDEREDSUBJECT" / "REFERENCES" / atom   (RFC 5256 §5)
bool thread(Scanner& in, ThreadCommand& command) {
  std::string_view algorithm;
  if (!in.space() || !in.atom(algorithm, "a threading algorithm")) return false;
  for (const char c : algorithm) command.algorithm += to_upper(c);
  return charset(in, command.charset) && search_keys(in, command.key);
}

}  // namespace mailscope::imap::grammar
