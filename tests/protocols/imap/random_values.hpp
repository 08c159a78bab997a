// Values of IMAP by chance, from a seed: each is one that a parser could have made.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "protocols/imap/command.hpp"

namespace mailscope::imap::random {

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : engine_(seed) {}

  std::uint32_t below(std::uint32_t end) { return engine_() % end; }
  bool maybe() { return below(2) == 0; }
  template <typename Items>
  auto any_of(const Items& items) {
    return *(std::begin(items) + below(static_cast<std::uint32_t>(std::size(items))));
  }

  std::string atom() {
    static constexpr std::string_view kChars = "abcXYZ019$.-_+/:;<=>!#&'?@^`|}~";
    std::string text(1, 'k');
    for (std::uint32_t i = below(8); i > 0; --i) text += any_of(kChars);
    return text;
  }
  std::string letters() {
    std::string text;
    for (std::uint32_t i = 1 + below(6); i > 0; --i) text += static_cast<char>('A' + below(26));
    return text;
  }
  // Any octets but NUL.
  std::string octets(std::uint32_t size_max) {
    std::string text;
    for (std::uint32_t i = below(size_max + 1); i > 0; --i)
      text += static_cast<char>(1 + below(255));
    return text;
  }
  std::string text() {
    switch (below(4)) {
      case 0:
        return atom();
      case 1:
        return octets(12);
      case 2:
        return std::string(below(3) * 300, 'x');
      default:
        return any_of(std::vector<std::string>{"", "NIL", "a \"b\\c", "(", "{3}", "]", "*%", "ü",
                                               "\r\n", "{3}\r\nabc", "~{1}\r\n"});
    }
  }
  MailboxName mailbox() {
    const std::string name = any_of(std::vector<std::string>{
        "INBOX", "Sent", "a/b c", "Entwürfe", "A&B", "日本語/台北", "😀&-", "\"q\"", "nil", "{1}"});
    return *MailboxName::from_utf8(maybe() ? name : name + atom());
  }
  std::uint32_t number() { return 1 + below(maybe() ? 12 : 4'000'000'000); }
  SequenceSet fixed_set() {
    SequenceSet set;
    for (std::uint32_t i = 1 + below(5); i > 0; --i) {
      const std::uint32_t first = number();
      set.add(first, first + below(4));
    }
    return set;
  }
  SequenceSet set() {
    if (below(8) == 0) return SequenceSet::saved_result();
    SequenceSet set = below(3) == 0 ? SequenceSet() : fixed_set();
    if (set.empty() || below(3) == 0) set.add_from(maybe() ? SequenceSet::kStar : number());
    return set;
  }
  Flag flag() {
    using enum Flag::Kind;
    const std::uint32_t kind = below(7);
    if (kind < 5) return Flag(static_cast<Flag::Kind>(kind));
    return *Flag::parse(kind == 5 ? "\\" + atom() : atom());
  }
  std::vector<Flag> flags() {
    std::vector<Flag> flags;
    for (std::uint32_t i = below(4); i > 0; --i) flags.push_back(flag());
    return flags;
  }
  DateTime date_time() {
    return {static_cast<std::int64_t>(below(4'000'000'000)),
            static_cast<std::int16_t>(static_cast<int>(below(2879)) - 1439)};
  }
  Date date() { return Date::from_days(static_cast<std::int32_t>(below(60'000)) - 20'000); }

  Section section(bool binary) {
    Section section;
    for (std::uint32_t i = below(3); i > 0; --i) section.part.push_back(number());
    if (binary) return section;
    section.text = static_cast<Section::Text>(below(section.part.empty() ? 5 : 6));
    using enum Section::Text;
    if (section.text == HeaderFields || section.text == HeaderFieldsNot)
      for (std::uint32_t i = 1 + below(3); i > 0; --i) section.fields.push_back(text());
    return section;
  }
  FetchItem fetch_item() {
    FetchItem item;
    item.kind = static_cast<FetchItem::Kind>(below(14));
    using enum FetchItem::Kind;
    if (item.kind < BodySection) return item;
    item.section = section(item.kind != BodySection);
    if (item.kind == BinarySize) return item;
    item.peek = maybe();
    if (maybe()) item.partial = Partial{number(), number()};
    return item;
  }

  SearchKey search_key(int depth = 0) {
    using enum SearchKey::Kind;
    const auto kind = static_cast<SearchKey::Kind>(below(depth > 3 ? 24 : 27));
    switch (kind) {
      case All:
      case New:
      case Old:
        return SearchKey::of_keys(kind, {});
      case Has:
      case HasNot:
        return keyword_key(kind);
      case Header:
        return SearchKey::header(text(), text());
      case Before:
      case On:
      case Since:
      case SentBefore:
      case SentOn:
      case SentSince:
        return SearchKey::of_date(kind, date());
      case Larger:
      case Smaller:
        return SearchKey::of_number(kind, number());
      case Sequence:
      case Uid:
        return SearchKey::of_set(kind, set());
      case ModSeq:
        return modseq_key();
      case And:
      case Or:
      case Not:
        return keys(kind, depth);
      default:
        return SearchKey::of_text(kind, text());
    }
  }

 private:
  SearchKey keyword_key(SearchKey::Kind kind) {
    const std::uint32_t flag = below(6);
    if (flag == 5) {
      const Flag keyword = *Flag::parse(atom());
      return kind == SearchKey::Kind::Has ? SearchKey::has(keyword) : SearchKey::has_not(keyword);
    }
    const Flag system(static_cast<Flag::Kind>(flag));
    return kind == SearchKey::Kind::Has ? SearchKey::has(system) : SearchKey::has_not(system);
  }
  SearchKey modseq_key() {
    SearchKey key = SearchKey::of_number(SearchKey::Kind::ModSeq, number());
    if (maybe()) {
      key.field = "/flags/\\Seen";
      key.text = any_of(std::vector<std::string>{"priv", "shared", "all"});
    }
    return key;
  }
  // Normalised: no And in an And, no Or in an Or, no Not in a Not.
  SearchKey keys(SearchKey::Kind kind, int depth) {
    std::vector<SearchKey> inner;
    const std::uint32_t count = kind == SearchKey::Kind::Not ? 1 : 2 + below(3);
    while (inner.size() < count) {
      SearchKey key = search_key(depth + 1);
      if (key.kind != kind) inner.push_back(std::move(key));
    }
    return SearchKey::of_keys(kind, std::move(inner));
  }

  std::mt19937 engine_;
};

}  // namespace mailscope::imap::random
