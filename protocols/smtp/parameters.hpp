// The parameters of MAIL and RCPT: from words to options and back. RFC 1870 §3, RFC 6152 §2,
// RFC 3030 §3, RFC 6531 §3.4, RFC 3461 §4, RFC 4954 §5, RFC 6533 §3.
//
//   SIZE=1*20DIGIT     BODY=7BIT / 8BITMIME / BINARYMIME     SMTPUTF8     AUTH=xtext / "<>"
//   RET=FULL / HDRS    ENVID=xtext
//   NOTIFY=NEVER / 1#( SUCCESS / FAILURE / DELAY )           ORCPT=addr-type ";" xtext
//   xtext = *( %x21-2A / %x2C-3C / %x3E-7E / "+" 2HEX )
//
// Which of them are known depends on the extensions in force. Errors are replies: 555 for a word
// that is not known, 501 for a value that is not in order or a word that comes twice. An ORCPT of
// type utf-8 is read in all its forms and kept as UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/smtp/command.hpp"
#include "protocols/smtp/reply.hpp"

namespace mailscope::smtp {

// Those that bring parameters: announced by a server, found announced by a client.
struct Extensions {
  bool size = false;
  bool eight_bit_mime = false;
  bool binary_mime = false;
  bool smtputf8 = false;
  bool dsn = false;
  bool auth = false;
};

tl::expected<MailOptions, Reply> read_mail_parameters(std::span<const Parameter> parameters,
                                                      const Extensions& extensions);
tl::expected<RecipientOptions, Reply> read_rcpt_parameters(std::span<const Parameter> parameters,
                                                           const Extensions& extensions);

// What is not in force is left out.
std::vector<Parameter> mail_parameters(const MailOptions& options, const Extensions& extensions);
std::vector<Parameter> rcpt_parameters(const RecipientOptions& options,
                                       const Extensions& extensions);

// Octets that the extensions in force add to a command line at most (RFC 5321 §4.5.3.1.4).
std::size_t mail_octets_added(const Extensions& extensions);
std::size_t rcpt_octets_added(const Extensions& extensions);

std::string to_xtext(std::string_view text);
std::optional<std::string> from_xtext(std::string_view xtext);

}  // namespace mailscope::smtp
