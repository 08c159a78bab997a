#include <catch2/catch.hpp>

#include "captures/observe/identify.hpp"
#include "captures/observe/tls_hello.hpp"

using namespace mailscope;
using observe::Voice;
using observe::voice_of;
using trace::Protocol;

TEST_CASE("a first line has a voice") {
  struct Row {
    std::string_view line;
    Voice voice;
  };
  const Row rows[] = {
      {"220 mail.beta.example ESMTP ready", Voice::SmtpServer},
      {"220-hello", Voice::ReplyCode},
      {"554 no SMTP service here", Voice::SmtpServer},
      {"220 ftp", Voice::ReplyCode},
      {"EHLO x", Voice::SmtpClient},
      {"ehlo x", Voice::SmtpClient},
      {"MAIL FROM:<a@b>", Voice::SmtpClient},
      {"+OK POP3 ready", Voice::Pop3Server},
      {"-ERR busy", Voice::Pop3Server},
      {"CAPA", Voice::Pop3Client},
      {"USER bob", Voice::UserPass},
      {"* OK IMAP4rev1", Voice::ImapServer},
      {"a001 LOGIN a b", Voice::ImapClient},
      {"A1 capability", Voice::ImapClient},
      {"GET / HTTP/1.1", Voice::HttpClient},
      {"get / http/1.1", Voice::Other},
      {"HTTP/1.1 200 OK", Voice::HttpServer},
      {"SSH-2.0-OpenSSH", Voice::Other},
      {"", Voice::Other},
      {"999 x", Voice::Other},
  };
  for (const Row& row : rows) {
    const std::string line(row.line);
    CAPTURE(line);
    CHECK(voice_of(line + "\r\n", false) == row.voice);
    CHECK(voice_of(line + "\r\nand more\r\n", false) == row.voice);
    for (std::size_t octets = 0; octets < line.size(); ++octets)
      CHECK(voice_of(std::string_view(line).substr(0, octets), false) == Voice::Silent);
  }
  CHECK(voice_of(std::string_view("\x16\x03\x01\0\0", 5), false) == Voice::TlsRecord);
  CHECK(voice_of("\x16\x03", false) == Voice::Silent);
  CHECK(voice_of(std::string_view("\0\x01\x02", 3), false) == Voice::Other);
}

TEST_CASE("a client and server hello name version and server") {
  const auto record = [](std::string handshake_body, char type) {
    std::string handshake;
    handshake += type;
    handshake += '\0';
    handshake += static_cast<char>(handshake_body.size() >> 8);
    handshake += static_cast<char>(handshake_body.size());
    handshake += handshake_body;
    std::string out("\x16\x03\x01", 3);
    out += static_cast<char>(handshake.size() >> 8);
    out += static_cast<char>(handshake.size());
    return out + handshake;
  };
  const std::string random(32, 'r');
  const std::string sni("\0\0\0\x11\0\x0f\0\0\x0cmail.example", 21);
  const std::string versions("\0\x2b\0\x05\x04\x0a\x0a\x03\x04", 9);
  std::string client("\x03\x03", 2);
  client += random + std::string("\0\0\x02\x13\x01\x01\0", 7);
  client += std::string("\0\x1e", 2) + sni + versions;
  const std::string hello = record(client, 1);
  for (std::size_t octets = 0; octets < hello.size(); ++octets)
    CHECK_FALSE(observe::read_hello(std::string_view(hello).substr(0, octets)));
  const auto read = observe::read_hello(hello + "and more");
  REQUIRE(read);
  CHECK(read->server_name == "mail.example");
  CHECK(observe::version_name(read->version) == "TLS 1.3");
  std::string server("\x03\x03", 2);
  server += random + std::string("\0\xc0\x2f\0", 4);
  const auto answer = observe::read_hello(record(server, 2));
  REQUIRE(answer);
  CHECK(answer->from_server);
  CHECK(observe::version_name(answer->version) == "TLS 1.2");
}
