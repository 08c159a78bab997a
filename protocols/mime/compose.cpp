#include "protocols/mime/compose.hpp"

#include <algorithm>
#include <utility>

#include "protocols/mime/base64.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/quoted_printable.hpp"

namespace mailscope::mime {
namespace {

constexpr std::size_t kLineMax = 998;  // RFC 5322 §2.1.1, without CRLF

// Every line end as CRLF, the last line too.
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32 + 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' || text[i] == '\r') {
      out += "\r\n";
    } else {
      out += text[i];
    }
  }
  if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
  return out;
}

bool has_long_line(std::string_view text) {
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find("\r\n", begin);
    if (std::min(end, text.size()) - begin > kLineMax) return true;
    if (end == std::string_view::npos) return false;
    begin = end + 2;
  }
}

struct Encoded {
  std::string encoding;
  std::string octets;
};
Encoded encode(std::string_view body, TextEncoding wanted) {
  const std::string text = with_crlf(body);
  const bool odd = has_long_line(text) || text.find('\0') != std::string::npos;
  const bool ascii = is_ascii(text);
  switch (wanted) {
    case TextEncoding::Base64:
      return {"base64", base64_encode_lines(text)};
    case TextEncoding::QuotedPrintable:
      return {"quoted-printable", quoted_printable_encode(text)};
    case TextEncoding::EightBit:
      if (!odd) return {ascii ? "7bit" : "8bit", text};
      break;
    case TextEncoding::Automatic:
      if (!odd && ascii) return {"7bit", text};
      break;
  }
  return {"quoted-printable", quoted_printable_encode(text)};
}

// No header injection: a value that holds a line end loses it.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  return out;
}

std::string address_field(std::string_view name, const std::vector<Mailbox>& mailboxes) {
  std::string body;
  for (const Mailbox& mailbox : mailboxes) {
    if (!body.empty()) body += ", ";
    body += one_line(format_mailbox(mailbox));
  }
  return body.empty() ? std::string() : fold_field(name, body);
}

std::string text_fields(std::string_view encoding, bool ascii) {
  return std::string("Content-Type: text/plain; charset=") + (ascii ? "us-ascii" : "utf-8") +
         "\r\nContent-Transfer-Encoding: " + std::string(encoding) + "\r\n";
}

// A file name as a parameter: quoted, or RFC 2231 where it is not ASCII.
std::string name_parameter(std::string_view name) {
  std::string out;
  if (is_ascii(name)) {
    for (char c : name) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return "filename=\"" + out + '"';
  }
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '.' || c == '-' || c == '_';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[c & 15];
    }
  }
  return "filename*=utf-8''" + out;
}

std::string attachment_part(const Attachment& attachment) {
  std::string out = "Content-Type: " + one_line(attachment.type) +
                    "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment";
  const std::string name = one_line(attachment.file_name);
  if (!name.empty()) out += ";\r\n " + name_parameter(name);
  return out + "\r\n\r\n" + base64_encode_lines(attachment.octets);
}

// One that stands in no part.
std::string choose_boundary(std::string boundary, const std::string& text) {
  while (text.find("--" + boundary) != std::string::npos) boundary += "_";
  return boundary;
}

std::string common_fields(const Draft& draft) {
  std::string out = "Date: " + format_date(draft.date) + "\r\n";
  out += address_field("From", {draft.from});
  out += address_field("To", draft.to);
  out += address_field("Cc", draft.cc);
  out += fold_field("Subject", encode_words(one_line(draft.subject), 9));
  if (!draft.message_id.empty()) out += "Message-ID: " + one_line(draft.message_id) + "\r\n";
  if (!draft.in_reply_to.empty()) {
    const std::string id = one_line(draft.in_reply_to);
    out += "In-Reply-To: " + id + "\r\nReferences: " + id + "\r\n";
  }
  for (const auto& [name, body] : draft.more_fields)
    out += fold_field(one_line(name), encode_words(one_line(body), name.size() + 2));
  return out;
}

}  // namespace

std::string compose(const Draft& draft) {
  std::string out = common_fields(draft);
  const Encoded text = encode(draft.body, draft.encoding);
  const bool ascii = is_ascii(draft.body);
  if (draft.attachments.empty()) {
    if (!ascii || text.encoding != "7bit")
      out += "MIME-Version: 1.0\r\n" + text_fields(text.encoding, ascii);
    return out + "\r\n" + text.octets;
  }
  const std::string boundary = choose_boundary(draft.boundary, text.octets);
  out +=
      "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
  out += "This message is in MIME format.\r\n";
  out += "\r\n--" + boundary + "\r\n" + text_fields(text.encoding, ascii) + "\r\n" + text.octets;
  for (const Attachment& attachment : draft.attachments)
    out += "\r\n--" + boundary + "\r\n" + attachment_part(attachment);
  return out + "\r\n--" + boundary + "--\r\n";
}

std::string received_field(const ReceivedField& received) {
  std::string out = "Received:";
  if (!received.from_helo.empty() || !received.from_address.empty()) {
    out += " from " + (received.from_helo.empty() ? "unknown" : received.from_helo);
    if (!received.from_address.empty()) {
      out += " (";
      if (!received.from_host.empty()) out += received.from_host + ' ';
      const bool v6 = received.from_address.find(':') != std::string::npos;
      out += std::string(v6 ? "[IPv6:" : "[") + received.from_address + "])";
    }
    out += "\r\n\t";
  } else {
    out += ' ';
  }
  out += "by " + received.by;
  if (!received.software.empty()) out += " (" + received.software + ')';
  if (!received.with.empty()) out += " with " + received.with;
  if (!received.id.empty()) out += " id " + received.id;
  if (!received.recipient.empty()) out += "\r\n\tfor <" + received.recipient + '>';
  return out + ";\r\n\t" + format_date(received.date) + "\r\n";
}

std::string return_path_field(std::string_view reverse_path) {
  return "Return-Path: <" + std::string(reverse_path) + ">\r\n";
}

}  // namespace mailscope::mime
