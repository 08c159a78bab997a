// The parts of the response parser. Each function reads what is behind the response's name, the
// space in front of it included, and leaves the scanner's note where that is not in order.
#pragma once

#include "protocols/imap/command_grammar.hpp"
#include "protocols/imap/response.hpp"

namespace mailscope::imap::grammar {

// A value of which nothing is known: an atom, a string or parentheses with the like in them.
bool skip_value(Scanner& in);
// Flags of any kind; a word that is none is left out.
bool any_flags(Scanner& in, std::vector<Flag>& flags);

// response_parser_fetch.cpp
bool fetch_response(Scanner& in, FetchResponse& response);
bool envelope(Scanner& in, Envelope& envelope);
bool body(Scanner& in, BodyStructure& structure, std::size_t depth);

// response_parser_data.cpp
bool list_response(Scanner& in, ListResponse& response);
bool namespace_response(Scanner& in, NamespaceResponse& response);
bool status_data(Scanner& in, StatusDataResponse& response);
bool numbers_response(Scanner& in, NumbersResponse& response);
bool esearch_response(Scanner& in, EsearchResponse& response);
bool thread_response(Scanner& in, ThreadResponse& response);
bool vanished_response(Scanner& in, VanishedResponse& response);
bool quota_response(Scanner& in, QuotaResponse& response);
bool quota_root_response(Scanner& in, QuotaRootResponse& response);
bool words(Scanner& in, std::vector<std::string>& words);

// What stands between the brackets; what is not in order is of kind Other.
ResponseCode response_code(std::string_view text);

}  // namespace mailscope::imap::grammar
