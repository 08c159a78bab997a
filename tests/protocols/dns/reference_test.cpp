#include "protocols/dns/reference.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace mailscope;
using namespace mailscope::dns;

TEST_CASE("Every record type and response code of DNS is explained, with its section") {
  for (Type type : {Type::A, Type::Ns, Type::Cname, Type::Soa, Type::Ptr, Type::Mx, Type::Txt,
                    Type::Aaaa, Type::Any}) {
    INFO(name(type));
    const ReferenceEntry* entry = find_entry(reference(), name(type));
    REQUIRE(entry);
    CHECK(entry->meaning.size() > 40);
    CHECK(gist(type) != gist(Type{4711}));
  }
  for (int code = 0; code <= 5; ++code) {
    const auto rcode = static_cast<Rcode>(code);
    INFO(name(rcode));
    CHECK(find_entry(reference(), name(rcode)));
    CHECK(gist(rcode) != gist(Rcode{9}));
  }
  for (const char* word : {"query", "answer", "TTL", "null MX", "implicit MX", "cache"})
    CHECK(find_entry(reference(), word));
  for (const ReferenceEntry& entry : reference()) CHECK(entry.section.starts_with("RFC "));
}

TEST_CASE("No word of DNS is explained twice") {
  std::set<std::string_view> words;
  for (const ReferenceEntry& entry : reference()) CHECK(words.insert(entry.word).second);
}
