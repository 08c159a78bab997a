// What a server's line says first: the name of the response. RFC 9051 §7, RFC 3501 §7; RFC 2971
// (ID), RFC 4314 (rights), RFC 5256 (SORT, THREAD), RFC 5464 (METADATA), RFC 7162 (VANISHED), RFC
// 9208 (quota).
//
// For whoever looks at lines without taking them apart: the observer and the description.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/imap/verb.hpp"

namespace mailscope::imap {

enum class ResponseName : std::uint16_t {
  Other,     // of an extension that has no name here
  Continue,  // "+"
  // status responses
  Ok,
  No,
  Bad,
  PreAuth,
  Bye,
  // data
  Capability,
  Enabled,
  Id,
  Flags,
  List,
  Lsub,
  Namespace,
  Status,
  Search,
  Esearch,
  Sort,
  Thread,
  Exists,
  Recent,
  Expunge,
  Vanished,
  Fetch,
  Quota,
  QuotaRoot,
  Acl,
  ListRights,
  MyRights,
  Metadata,
};
inline constexpr std::size_t kResponseNames = static_cast<std::size_t>(ResponseName::Metadata) + 1;

std::string_view name(ResponseName response);  // "OK", "+"; "*" for Other
// In any case; Other for a word that is none.
ResponseName parse_response_name(std::string_view word);
constexpr bool is_status(ResponseName response) {
  return response >= ResponseName::Ok && response <= ResponseName::Bye;
}
// A number stands in front of it: "* 3 EXISTS".
constexpr bool is_numbered(ResponseName response) {
  return response == ResponseName::Exists || response == ResponseName::Recent ||
         response == ResponseName::Expunge || response == ResponseName::Fetch;
}
// Whether the command makes the server say this.
bool asks_for(Verb verb, ResponseName response);

}  // namespace mailscope::imap
