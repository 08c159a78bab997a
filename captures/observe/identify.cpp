#include "captures/observe/identify.hpp"

#include "protocols/base/ascii.hpp"

namespace mailscope::observe {
namespace {

using trace::Protocol;

// Octets of a first line behind which it is judged although it has not ended.
constexpr std::size_t kLineOctetsMax = 256;

struct Verb {
  std::string_view word;
  Voice voice;
};
// Client verbs that tell protocols apart, and those that don't (UserPass). RFC 5321 §4.1.1, RFC
// 1939, RFC 2449, RFC 959.
constexpr Verb kVerbs[] = {
    {"EHLO", Voice::SmtpClient},     {"HELO", Voice::SmtpClient},    {"MAIL", Voice::SmtpClient},
    {"RCPT", Voice::SmtpClient},     {"BDAT", Voice::SmtpClient},    {"VRFY", Voice::SmtpClient},
    {"EXPN", Voice::SmtpClient},     {"DATA", Voice::SmtpClient},    {"LHLO", Voice::SmtpClient},
    {"STARTTLS", Voice::SmtpClient}, {"CAPA", Voice::Pop3Client},    {"APOP", Voice::Pop3Client},
    {"UIDL", Voice::Pop3Client},     {"STLS", Voice::Pop3Client},    {"TOP", Voice::Pop3Client},
    {"USER", Voice::UserPass},       {"PASS", Voice::UserPass},      {"QUIT", Voice::UserPass},
    {"NOOP", Voice::UserPass},       {"RSET", Voice::UserPass},      {"AUTH", Voice::UserPass},
    {"STAT", Voice::UserPass},       {"LIST", Voice::UserPass},      {"RETR", Voice::UserPass},
    {"DELE", Voice::UserPass},       {"HELP", Voice::UserPass},      {"GET", Voice::HttpClient},
    {"POST", Voice::HttpClient},     {"HEAD", Voice::HttpClient},    {"PUT", Voice::HttpClient},
    {"OPTIONS", Voice::HttpClient},  {"CONNECT", Voice::HttpClient},
};
constexpr std::string_view kImapCommands[] = {
    "CAPABILITY", "NOOP",   "LOGOUT", "STARTTLS",  "AUTHENTICATE", "LOGIN",  "SELECT",
    "EXAMINE",    "CREATE", "DELETE", "RENAME",    "LIST",         "LSUB",   "STATUS",
    "APPEND",     "CHECK",  "CLOSE",  "SEARCH",    "FETCH",        "STORE",  "COPY",
    "UID",        "ID",     "IDLE",   "NAMESPACE", "ENABLE",       "EXPUNGE"};

std::string_view next_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

bool is_smtp_reply(std::string_view line) {
  return line.size() >= 4 && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' && line[1] <= '5' &&
         is_digit(line[2]) && (line[3] == ' ' || line[3] == '-');
}

bool mentions_smtp(std::string_view line) {
  for (std::size_t i = 0; i + 4 <= line.size(); ++i)
    if (equal_no_case(line.substr(i, 4), "SMTP")) return true;
  return false;
}

bool is_imap_tagged(std::string_view line) {
  std::string_view rest = line;
  const std::string_view tag = next_word(rest);
  if (tag.empty() || tag.size() > 32) return false;
  for (const char c : tag)
    if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '_') return false;
  const std::string_view command = next_word(rest);
  for (const std::string_view known : kImapCommands)
    if (equal_no_case(command, known)) return true;
  return false;
}

Voice voice_of_line(std::string_view line) {
  if (is_smtp_reply(line)) return mentions_smtp(line) ? Voice::SmtpServer : Voice::ReplyCode;
  if (line.starts_with("+OK") || line.starts_with("-ERR")) return Voice::Pop3Server;
  if (line.starts_with("* ")) return Voice::ImapServer;
  if (line.starts_with("HTTP/")) return Voice::HttpServer;
  std::string_view rest = line;
  const std::string_view word = next_word(rest);
  for (const Verb& verb : kVerbs)
    if (verb.voice == Voice::HttpClient ? word == verb.word : equal_no_case(word, verb.word))
      return verb.voice;
  return is_imap_tagged(line) ? Voice::ImapClient : Voice::Other;
}

struct Known {
  Protocol protocol = Protocol::Unknown;
  bool server = false;
};
Known known(Voice voice) {
  switch (voice) {
    case Voice::SmtpServer:
      return {Protocol::Smtp, true};
    case Voice::SmtpClient:
      return {Protocol::Smtp, false};
    case Voice::Pop3Server:
      return {Protocol::Pop3, true};
    case Voice::Pop3Client:
      return {Protocol::Pop3, false};
    case Voice::ImapServer:
      return {Protocol::Imap, true};
    case Voice::ImapClient:
      return {Protocol::Imap, false};
    case Voice::HttpServer:
      return {Protocol::Http, true};
    case Voice::HttpClient:
      return {Protocol::Http, false};
    default:
      return {};
  }
}

bool is_mail(Protocol protocol) {
  return protocol == Protocol::Smtp || protocol == Protocol::Pop3 || protocol == Protocol::Imap;
}

// With the sides as given.
Identity by_voice(const Evidence& evidence, Voice client, Voice server) {
  const Protocol port = evidence.by_port.protocol;
  const Known by_server = known(server);
  if (by_server.server) return {true, by_server.protocol, false, false};
  // "220 ..." settles it only with the port, or with a client that speaks SMTP.
  if (server == Voice::ReplyCode && (client == Voice::SmtpClient || port == Protocol::Smtp))
    return {true, Protocol::Smtp, false, false};
  // What a client says in the middle may be a message's text: then it has to fit the port.
  const Known by_client = known(client);
  const bool fits = !evidence.midstream || !is_mail(port) || by_client.protocol == port;
  if (by_client.protocol != Protocol::Unknown && !by_client.server && fits)
    return {true, by_client.protocol, false, false};
  // Words that several protocols have: the port says which.
  if (client == Voice::UserPass && !evidence.by_port.tls &&
      (port == Protocol::Smtp || port == Protocol::Pop3))
    return {true, port, false, false};
  return {};
}

}  // namespace

Ports protocol_of_port(std::uint16_t port) {
  switch (port) {
    case 25:
    case 587:
    case 2525:
      return {Protocol::Smtp, false};
    case 465:
      return {Protocol::Smtp, true};
    case 110:
      return {Protocol::Pop3, false};
    case 995:
      return {Protocol::Pop3, true};
    case 143:
      return {Protocol::Imap, false};
    case 993:
      return {Protocol::Imap, true};
    case 53:
      return {Protocol::Dns, false};
    case 80:
      return {Protocol::Http, false};
    case 443:
      return {Protocol::Http, true};
    default:
      return {};
  }
}

Voice voice_of(std::string_view octets, bool ended) {
  if (octets.size() >= 3 && octets[0] == 0x16 && octets[1] == 0x03 && octets[2] >= 0 &&
      octets[2] <= 4)
    return Voice::TlsRecord;
  const std::size_t line_end = octets.find_first_of("\r\n");
  if (line_end != std::string_view::npos) return voice_of_line(octets.substr(0, line_end));
  if (octets.empty()) return Voice::Silent;
  for (const char c : octets)
    if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7f)
      return octets.size() < 3 && !ended ? Voice::Silent : Voice::Other;
  if (!ended && octets.size() < kLineOctetsMax) return Voice::Silent;
  return voice_of_line(octets);
}

Identity identify(const Evidence& evidence) {
  const Ports port = evidence.by_port;
  const bool mail_port = is_mail(port.protocol);
  if (evidence.to_server == Voice::TlsRecord || evidence.to_client == Voice::TlsRecord)
    return {true, mail_port ? port.protocol : Protocol::Tls, true, false};
  if (const Identity found = by_voice(evidence, evidence.to_server, evidence.to_client);
      found.decided)
    return found;
  if (evidence.may_swap) {
    Identity found = by_voice(evidence, evidence.to_client, evidence.to_server);
    found.swapped = found.decided;
    if (found.decided) return found;
  }
  const bool both_unknown =
      evidence.to_server == Voice::Other && evidence.to_client == Voice::Other;
  const bool may_still_tell =
      mail_port || evidence.to_client == Voice::ReplyCode || evidence.to_server != Voice::Other;
  if (!evidence.final && !both_unknown && may_still_tell) return {};
  return {true, port.protocol, port.tls, false};
}

}  // namespace mailscope::observe
