// Writes messages and the trace fields that servers put before them. RFC 5322 §3.6, RFC 2045 §3,
// RFC 5321 §4.4.
//
// No clock and no randomness: dates and ids come from the caller. The result has CRLF line ends,
// and lines of at most 998 octets. Bcc is not written: it belongs in the envelope alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/mime/address_list.hpp"
#include "protocols/mime/date.hpp"

namespace mailscope::mime {

enum class TextEncoding {
  Automatic,  // 7bit when ASCII with short lines, else quoted-printable
  EightBit,   // 8bit when not ASCII: needs 8BITMIME on the way
  QuotedPrintable,
  Base64,
};

struct Attachment {
  std::string type = "application/octet-stream";
  std::string file_name{};  // UTF-8
  std::string octets{};     // sent as base64
};

struct Draft {
  Mailbox from{};
  std::vector<Mailbox> to{}, cc{};
  std::vector<Mailbox> bcc{};  // never written
  std::string subject{};       // UTF-8
  Date date{};
  std::string message_id{};               // "<...>", or empty for none
  std::string in_reply_to{};              // "<...>", or empty
  std::string body{};                     // UTF-8 text; any line ends
  std::vector<Attachment> attachments{};  // with any, the message is multipart/mixed
  std::string boundary = "=_mailscope";   // lengthened when the content holds it
  TextEncoding encoding = TextEncoding::Automatic;
  std::vector<std::pair<std::string, std::string>> more_fields{};  // e.g. {"X-Mailer", "..."}
};
std::string compose(const Draft& draft);

// Time-stamp-line. RFC 5321 §4.4:
//   Received: from <from_helo> (<from_host> [<from_address>]) by <by> (<software>) with <with> id
//   <id>
//     for <recipient>; <date>
// Empty members are left out, with their words.
struct ReceivedField {
  std::string from_helo{};     // what the client called itself
  std::string from_host{};     // what DNS says, or empty
  std::string from_address{};  // "10.0.1.2"
  std::string by{};
  std::string software{};  // a comment, or empty
  std::string with = "ESMTP";
  std::string id{};
  std::string recipient{};  // one only, without brackets; leave empty for several (it would tell)
  Date date{};
};
std::string received_field(const ReceivedField& received);  // CRLF at its end

// "Return-Path: <alice@alpha.example>" CRLF; "<>" for the null path. `reverse_path` without
// brackets.
std::string return_path_field(std::string_view reverse_path);

}  // namespace mailscope::mime
