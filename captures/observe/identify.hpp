// Which protocol a connection speaks and which side is the server: by its first octets, else by
// port.
//
// Sources: RFC 5321 §4.2 and §4.3.1 (greeting and reply), RFC 1939 §3, RFC 3501 §7.1, RFC 8446
// §5.1, RFC 9112. Both sides' first octets are looked at together: "220 " is an FTP server's
// greeting too, and USER is an FTP command. Pure: no memory, no error; "not yet" is an answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

struct Ports {
  trace::Protocol protocol = trace::Protocol::Unknown;
  bool tls = false;  // TLS from the first octet on (RFC 8314 §3)
};
// What a server's port stands for (IANA; 2525 by custom).
Ports protocol_of_port(std::uint16_t port);

// What one side's first octets sound like.
enum class Voice : std::uint8_t {
  Silent,  // nothing, or too little to tell
  SmtpServer,
  SmtpClient,
  ReplyCode,  // "220 ..." that does not mention SMTP: SMTP or FTP
  Pop3Server,
  Pop3Client,
  UserPass,  // USER, PASS, QUIT, NOOP, ...: POP3, FTP or SMTP
  ImapServer,
  ImapClient,
  HttpServer,
  HttpClient,
  TlsRecord,
  Other,
};
// `ended`: no more octets will come, so an unfinished line is judged as it is.
Voice voice_of(std::string_view first_octets, bool ended);

struct Identity {
  bool decided = false;
  trace::Protocol protocol = trace::Protocol::Unknown;
  bool tls = false;      // TLS records from the first octet on
  bool swapped = false;  // the side taken for the client is the server
};
struct Evidence {
  Voice to_server = Voice::Silent, to_client = Voice::Silent;  // by the orientation so far
  Ports by_port;                                               // of the side taken for the server
  bool midstream = false;  // the first octets may be from the middle of anything
  bool may_swap = false;   // nothing but a guess says who is the server
  bool final = false;      // decide now
};
Identity identify(const Evidence& evidence);

}  // namespace mailscope::observe
