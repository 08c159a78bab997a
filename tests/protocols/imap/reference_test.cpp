#include "protocols/imap/reference.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "protocols/imap/reference_tables.hpp"
#include "protocols/imap/response.hpp"
#include "protocols/imap/session.hpp"

using namespace mailscope;
using namespace mailscope::imap;

TEST_CASE("Every command, response, code and state of IMAP is explained, with its section") {
  for (std::size_t i = 1; i < kVerbs; ++i) {
    const auto verb = static_cast<Verb>(i);
    INFO(name(verb));
    REQUIRE(explain_verb(verb, false));
    CHECK(explain_verb(verb, false)->meaning.size() > 40);
    CHECK((explain_verb(verb, true) != nullptr) == has_uid_form(verb));
    CHECK_FALSE(gist(verb).empty());
  }
  for (std::size_t i = 0; i < kResponseNames; ++i) {
    const auto response = static_cast<ResponseName>(i);
    INFO(name(response));
    REQUIRE(explain_response(response, Verb::Unknown));
    CHECK(explain_response(response, Verb::Unknown)->word == name(response));
    CHECK_FALSE(gist(response, Verb::Unknown).empty());
    if (response != ResponseName::Other) CHECK(parse_response_name(name(response)) == response);
  }
  for (std::size_t i = 0; i < kResponseCodes; ++i) {
    const std::string_view code = name(static_cast<ResponseCode::Kind>(i));
    INFO(code);
    CHECK((code.empty() || find_exact(code, kCodeContext) != nullptr));
  }
  for (std::size_t i = 0; i < kStates; ++i)
    CHECK(find_exact(name(static_cast<State>(i)), kStateContext));
}

TEST_CASE("IMAP's entries are each there once, and say their section") {
  std::map<std::pair<std::string_view, std::string_view>, int> seen;
  for (const ReferenceEntry& entry : reference()) {
    INFO(entry.word << " " << entry.context);
    CHECK(entry.protocol == "IMAP");
    CHECK(entry.section.starts_with("RFC "));
    CHECK(entry.meaning.ends_with('.'));
    CHECK(++seen[{entry.word, entry.context}] == 1);
  }
}

TEST_CASE("A response of IMAP is explained by what it answers") {
  CHECK(explain_response(ResponseName::Ok, Verb::Select)->title == "The mailbox is open");
  CHECK(explain_response(ResponseName::Ok, Verb::Check)->context.empty());
  CHECK(explain_response(ResponseName::Fetch, Verb::Store)->context == kResponseContext);
  CHECK(explain_response(ResponseName::Continue, Verb::Idle)->title == "Idling");
  CHECK(gist(ResponseName::Ok, Verb::Login) == "logged in");
}
