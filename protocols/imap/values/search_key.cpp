#include "protocols/imap/values/search_key.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::imap {

SearchKey SearchKey::has(Flag flag) {
  SearchKey key;
  key.kind = Kind::Has;
  key.flag = std::move(flag);
  return key;
}

SearchKey SearchKey::has_not(Flag flag) {
  SearchKey key = has(std::move(flag));
  key.kind = Kind::HasNot;
  return key;
}

SearchKey SearchKey::of_text(Kind kind, std::string text) {
  SearchKey key;
  key.kind = kind;
  key.text = std::move(text);
  return key;
}

SearchKey SearchKey::header(std::string field, std::string text) {
  SearchKey key = of_text(Kind::Header, std::move(text));
  key.field = std::move(field);
  return key;
}

SearchKey SearchKey::of_date(Kind kind, Date date) {
  SearchKey key;
  key.kind = kind;
  key.date = date;
  return key;
}

SearchKey SearchKey::of_number(Kind kind, std::uint64_t number) {
  SearchKey key;
  key.kind = kind;
  key.number = number;
  return key;
}

SearchKey SearchKey::of_set(Kind kind, SequenceSet set) {
  SearchKey key;
  key.kind = kind;
  key.set = std::move(set);
  return key;
}

SearchKey SearchKey::of_keys(Kind kind, std::vector<SearchKey> keys) {
  SearchKey key;
  key.kind = kind;
  key.keys = std::move(keys);
  return key;
}

bool mentions_modseq(const SearchKey& key) {
  return key.kind == SearchKey::Kind::ModSeq ||
         std::any_of(key.keys.begin(), key.keys.end(), mentions_modseq);
}

}  // namespace mailscope::imap
