#include "protocols/imap/response_name.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, kResponseNames> kNames = {
    "*",      "+",          "OK",      "NO",         "BAD",      "PREAUTH",
    "BYE",    "CAPABILITY", "ENABLED", "ID",         "FLAGS",    "LIST",
    "LSUB",   "NAMESPACE",  "STATUS",  "SEARCH",     "ESEARCH",  "SORT",
    "THREAD", "EXISTS",     "RECENT",  "EXPUNGE",    "VANISHED", "FETCH",
    "QUOTA",  "QUOTAROOT",  "ACL",     "LISTRIGHTS", "MYRIGHTS", "METADATA"};

struct Asks {
  Verb verb;
  ResponseName response;
};
constexpr Asks kAsks[] = {
    {Verb::Capability, ResponseName::Capability},
    {Verb::Login, ResponseName::Capability},
    {Verb::Authenticate, ResponseName::Capability},
    {Verb::Enable, ResponseName::Enabled},
    {Verb::Id, ResponseName::Id},
    {Verb::Select, ResponseName::Flags},
    {Verb::Select, ResponseName::List},  // RFC 9051 §6.3.2
    {Verb::Select, ResponseName::Exists},
    {Verb::Select, ResponseName::Recent},
    {Verb::Select, ResponseName::Vanished},
    {Verb::Select, ResponseName::Fetch},  // QRESYNC
    {Verb::Examine, ResponseName::Flags},
    {Verb::Examine, ResponseName::List},
    {Verb::Examine, ResponseName::Exists},
    {Verb::Examine, ResponseName::Recent},
    {Verb::Examine, ResponseName::Vanished},
    {Verb::Examine, ResponseName::Fetch},
    {Verb::List, ResponseName::List},
    {Verb::List, ResponseName::Status},  // RFC 5819
    {Verb::Lsub, ResponseName::Lsub},
    {Verb::Namespace, ResponseName::Namespace},
    {Verb::Status, ResponseName::Status},
    {Verb::Search, ResponseName::Search},
    {Verb::Search, ResponseName::Esearch},
    {Verb::Sort, ResponseName::Sort},
    {Verb::Sort, ResponseName::Esearch},
    {Verb::Thread, ResponseName::Thread},
    {Verb::Expunge, ResponseName::Expunge},
    {Verb::Expunge, ResponseName::Vanished},
    {Verb::Move, ResponseName::Expunge},
    {Verb::Move, ResponseName::Vanished},
    {Verb::Fetch, ResponseName::Fetch},
    {Verb::Fetch, ResponseName::Vanished},
    {Verb::Store, ResponseName::Fetch},
    {Verb::Idle, ResponseName::Exists},
    {Verb::Idle, ResponseName::Recent},
    {Verb::Idle, ResponseName::Expunge},
    {Verb::Idle, ResponseName::Vanished},
    {Verb::Idle, ResponseName::Fetch},
    {Verb::Logout, ResponseName::Bye},
    {Verb::GetQuota, ResponseName::Quota},
    {Verb::SetQuota, ResponseName::Quota},
    {Verb::GetQuotaRoot, ResponseName::Quota},
    {Verb::GetQuotaRoot, ResponseName::QuotaRoot},
};

}  // namespace

std::string_view name(ResponseName response) {
  const auto place = static_cast<std::size_t>(response);
  return kNames[place < kNames.size() ? place : 0];
}

ResponseName parse_response_name(std::string_view word) {
  const auto found = std::find_if(kNames.begin() + 1, kNames.end(), [&](std::string_view known) {
    return equal_no_case(known, word);
  });
  return found == kNames.end() ? ResponseName::Other
                               : static_cast<ResponseName>(found - kNames.begin());
}

bool asks_for(Verb verb, ResponseName response) {
  return std::any_of(std::begin(kAsks), std::end(kAsks), [&](const Asks& asks) {
    return asks.verb == verb && asks.response == response;
  });
}

}  // namespace mailscope::imap
