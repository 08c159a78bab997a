#include <catch2/catch.hpp>

#include "captures/observe/stream/identify.hpp"
#include "captures/observe/stream/tls_hello.hpp"

using namespace mailscope;
using observe::FirstWords;
using Kind = FirstWords::Kind;

constexpr std::uint64_t bit(trace::Protocol protocol) {
  return std::uint64_t{1} << static_cast<unsigned>(protocol);
}
constexpr FirstWords server(trace::Protocol sure) {
  return {Kind::Server, sure};
}
constexpr FirstWords client(trace::Protocol sure) {
  return {Kind::Client, sure};
}
const FirstWords kReplyCode = {Kind::Server, languages::kUnknown,
                               bit(languages::kSmtp)};  // FTP's too
using observe::first_words_of;
using trace::Protocol;

TEST_CASE("a first line has a words") {
  struct Row {
    std::string_view line;
    FirstWords words;
  };
  const Row rows[] = {
      {"220 mail.beta.example ESMTP ready", server(languages::kSmtp)},
      {"220-hello", kReplyCode},
      {"554 no SMTP service here", server(languages::kSmtp)},
      {"220 ftp", kReplyCode},
      {"EHLO x", client(languages::kSmtp)},
      {"ehlo x", client(languages::kSmtp)},
      {"MAIL FROM:<a@b>", client(languages::kSmtp)},
      {"+OK POP3 ready", server(languages::kPop3)},
      {"-ERR busy", server(languages::kPop3)},
      {"CAPA", client(languages::kPop3)},
      {"USER bob", {Kind::Client, languages::kUnknown, bit(languages::kPop3)}},
      {"NOOP", {Kind::Client, languages::kUnknown, bit(languages::kSmtp) | bit(languages::kPop3)}},
      {"* OK IMAP4rev1", server(languages::kImap)},
      {"a001 LOGIN a b", client(languages::kImap)},
      {"A1 capability", client(languages::kImap)},
      {"GET / HTTP/1.1", client(languages::kHttp)},
      {"get / http/1.1", {Kind::Other}},
      {"HTTP/1.1 200 OK", server(languages::kHttp)},
      {"SSH-2.0-OpenSSH", {Kind::Other}},
      {"", {Kind::Other}},
      {"999 x", {Kind::Other}},
  };
  for (const Row& row : rows) {
    const std::string line(row.line);
    CAPTURE(line);
    CHECK(first_words_of(line + "\r\n", false) == row.words);
    CHECK(first_words_of(line + "\r\nand more\r\n", false) == row.words);
    for (std::size_t octets = 0; octets < line.size(); ++octets)
      CHECK(first_words_of(std::string_view(line).substr(0, octets), false) ==
            FirstWords{Kind::Silent});
  }
  CHECK(first_words_of(std::string_view("\x16\x03\x01\0\0", 5), false) == FirstWords{Kind::Tls});
  CHECK(first_words_of("\x16\x03", false) == FirstWords{Kind::Silent});
  CHECK(first_words_of(std::string_view("\0\x01\x02", 3), false) == FirstWords{Kind::Other});
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
