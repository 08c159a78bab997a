// SMTP command lines: text to value and back. RFC 5321 §4.1.1, §4.1.2.
//
//   ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
//   helo = "HELO" SP Domain CRLF
//   mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
//   rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path )
//          [SP Rcpt-parameters] CRLF
//   data = "DATA" CRLF          rset = "RSET" CRLF           quit = "QUIT" CRLF
//   vrfy = "VRFY" SP String     expn = "EXPN" SP String
//   help = "HELP" [ SP String ] noop = "NOOP" [ SP String ]
//   esmtp-param = esmtp-keyword ["=" esmtp-value]
//
// A line comes without its CRLF (see LineSplitter, which also knows its faults). Verbs are read in
// any case; white space at the end is passed over (RFC 5321 §4.1.1). What may come when is the
// session's business (session.hpp), what a server has built is the server's.
//
// Wider than the grammar, because clients are: HELO takes an address literal as well, and text
// behind the name in HELO and EHLO is ignored, as RFC 5321 §4.1.1.1 advises.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/smtp/address.hpp"
#include "protocols/smtp/verb.hpp"

namespace mailscope::smtp {

struct Parameter {
  std::string keyword;               // upper case
  std::optional<std::string> value;  // as sent
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct Command {
  Verb verb = Verb::Unknown;
  std::string argument;                     // what follows the verb; HELO, EHLO: the name alone
  std::optional<ReversePath> reverse_path;  // MAIL, SEND, SOML, SAML
  std::optional<ForwardPath> forward_path;  // RCPT
  std::vector<Parameter> parameters;        // MAIL, RCPT
  std::uint64_t chunk_octets = 0;           // BDAT
  bool last = false;                        // BDAT
  friend bool operator==(const Command&, const Command&) = default;
};

struct CommandError {
  Verb verb = Verb::Unknown;  // as far as it was recognised
  SyntaxError error;          // code 500 for an unknown word, else 501
};

// Leniencies, each with its name, all off.
struct Quirks {
  bool space_before_path = false;  // "MAIL FROM: <a@b>"
  bool bare_path = false;          // "MAIL FROM:a@b"
};

// Charset::Utf8: paths and values of parameters may hold UTF-8 (RFC 6531 §3.3).
tl::expected<Command, CommandError> parse_command(std::string_view line, const Quirks& quirks = {},
                                                  Charset charset = Charset::Ascii);
// The line, without CRLF: parse_command(format_command(c)) == c.
std::string format_command(const Command& command);

// The makings of the usual ones.
Command helo(std::string name);
Command ehlo(std::string name);
Command mail(ReversePath from, std::vector<Parameter> parameters = {});
Command rcpt(ForwardPath to, std::vector<Parameter> parameters = {});
Command plain(Verb verb, std::string argument = {});

// The verb at the front of a line, without parsing the rest.
Verb verb_of(std::string_view line);

}  // namespace mailscope::smtp
