#include "protocols/imap/response_parser.hpp"

#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/response_grammar.hpp"

namespace mailscope::imap {
namespace {

using grammar::response_code;

// resp-text = ["[" resp-text-code "]" SP] [text]     (RFC 9051 §9)
// Text is told from a code by the closing bracket.
void resp_text(std::string_view text, StatusResponse& response) {
  const std::size_t close = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) {
    response.code = response_code(text.substr(1, close - 1));
    text.remove_prefix(close + 1);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  response.text = text;
}

// resp-cond-state = ("OK" / "NO" / "BAD") SP resp-text; untagged PREAUTH and BYE, too
// False without a note where it is none of them.
bool take_status(Scanner& in, StatusResponse& response) {
  for (const Status status : {Status::Ok, Status::No, Status::Bad, Status::PreAuth, Status::Bye}) {
    if (!in.take_word(name(status))) continue;
    response.status = status;
    in.take(' ');
    resp_text(in.run([](char) { return true; }), response);
    return true;
  }
  return false;
}

// message-data = nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att)); number SP "EXISTS" / "RECENT"
bool numbered(Scanner& in, Response& response) {
  std::uint32_t number = 0;
  if (!in.number(number) || !in.space()) return false;
  using enum CountResponse::Kind;
  if (in.take_word("EXISTS"))
    response = CountResponse{Exists, number};
  else if (in.take_word("RECENT"))
    response = CountResponse{Recent, number};
  else if (in.take_word("EXPUNGE"))
    response = CountResponse{Expunge, number};
  else if (in.take_word("FETCH")) {
    FetchResponse fetch;
    fetch.number = number;
    const bool in_order = grammar::fetch_response(in, fetch);
    response = std::move(fetch);
    return in_order;
  } else {
    response = OtherResponse{std::to_string(number) + " " + std::string(in.rest())};
    in.run([](char) { return true; });
  }
  return true;
}

// The struct, filled by its parser.
template <typename Struct, typename Parse>
bool fill_response(Response& response, Scanner& in, Struct blank, const Parse& parse) {
  const bool in_order = parse(in, blank);
  response = std::move(blank);
  return in_order;
}

// "FLAGS" SP flag-list
bool flags_response(Scanner& in, FlagsResponse& response) {
  return in.space() && grammar::any_flags(in, response.flags);
}

// id-response = "ID" SP id-params-list               (RFC 2971 §4)
bool id_response(Scanner& in, IdResponse& response) {
  return in.space() && grammar::id_fields(in, response.fields);
}

bool capability_response(Scanner& in, CapabilityResponse& response) {
  return grammar::words(in, response.words);
}

// mailbox-data / capability-data / enable-data / ... (RFC 9051 §9)
bool named(Scanner& in, Response& response) {
  if (in.take_word("CAPABILITY"))
    return fill_response(response, in, CapabilityResponse{}, capability_response);
  if (in.take_word("ENABLED"))
    return fill_response(response, in, CapabilityResponse{.words = {}, .enabled = true},
                         capability_response);
  if (in.take_word("ID")) return fill_response(response, in, IdResponse{}, id_response);
  if (in.take_word("FLAGS")) return fill_response(response, in, FlagsResponse{}, flags_response);
  if (in.take_word("LIST"))
    return fill_response(response, in, ListResponse{}, grammar::list_response);
  if (in.take_word("LSUB")) {
    ListResponse lsub;
    lsub.lsub = true;
    return fill_response(response, in, std::move(lsub), grammar::list_response);
  }
  if (in.take_word("NAMESPACE"))
    return fill_response(response, in, NamespaceResponse{}, grammar::namespace_response);
  if (in.take_word("STATUS"))
    return fill_response(response, in, StatusDataResponse{}, grammar::status_data);
  if (in.take_word("SEARCH"))
    return fill_response(response, in, NumbersResponse{}, grammar::numbers_response);
  if (in.take_word("SORT")) {
    NumbersResponse sort;
    sort.sort = true;
    return fill_response(response, in, std::move(sort), grammar::numbers_response);
  }
  if (in.take_word("ESEARCH"))
    return fill_response(response, in, EsearchResponse{}, grammar::esearch_response);
  if (in.take_word("THREAD"))
    return fill_response(response, in, ThreadResponse{}, grammar::thread_response);
  if (in.take_word("VANISHED"))
    return fill_response(response, in, VanishedResponse{}, grammar::vanished_response);
  if (in.take_word("QUOTA"))
    return fill_response(response, in, QuotaResponse{}, grammar::quota_response);
  if (in.take_word("QUOTAROOT"))
    return fill_response(response, in, QuotaRootResponse{}, grammar::quota_root_response);
  response = OtherResponse{std::string(in.run([](char) { return true; }))};
  return true;
}

// response-data = "*" SP (resp-cond-state / resp-cond-bye / mailbox-data / message-data / ...)
bool untagged(Scanner& in, Response& response) {
  StatusResponse status;
  if (take_status(in, status)) {
    response = std::move(status);
    return true;
  }
  return is_digit(in.peek()) ? numbered(in, response) : named(in, response);
}

// response-tagged = tag SP resp-cond-state
bool tagged(Scanner& in, Response& response) {
  StatusResponse status;
  status.tag = in.run(is_tag_char);
  if (status.tag.empty()) return in.fail("\"*\", \"+\" or a tag");
  if (!in.space()) return false;
  if (!take_status(in, status)) return in.fail("OK, NO or BAD");
  response = std::move(status);
  return true;
}

// continue-req = "+" SP (resp-text / base64)
// Some servers send the "+" alone.
bool continuation(Scanner& in, Response& response) {
  in.take(' ');
  response = ContinuationResponse{std::string(in.run([](char) { return true; }))};
  return true;
}

bool any_response(Scanner& in, Response& response) {
  if (in.take('+')) return continuation(in, response);
  if (in.take('*')) return in.space() && untagged(in, response);
  return tagged(in, response);
}

}  // namespace

// response = *(continue-req / response-data) response-done   (RFC 9051 §9): each of them
tl::expected<Response, ResponseError> parse_response(WireText text, Utf8 utf8) {
  Scanner in(text, utf8, {.extra_spaces = true, .any_octets = true});
  Response response;
  if (any_response(in, response)) {
    in.take_spaces();
    if (in.at_end()) return response;
    in.fail("the end of the response");
  }
  return tl::unexpected(ResponseError{in.complaint(), in.failed_at()});
}

tl::expected<Response, ResponseError> parse_response(std::string_view line, Utf8 utf8) {
  WireText text;
  text.text = line;
  return parse_response(std::move(text), utf8);
}

}  // namespace mailscope::imap
