// A POP3 client's side of one connection: logs in, fetches every message, deletes or keeps them,
// and says QUIT. RFC 1939, RFC 2449 (CAPA), RFC 5034 (AUTH), RFC 6856 (UTF8); the order of commands
// is that of RFC 1939's §10 example.
//
//   greeting, [CAPA, [UTF8]], USER and PASS (or APOP, or AUTH), STAT, LIST, [UIDL],
//   { RETR n, [DELE n] }, QUIT
//
// With unique ids a message that was fetched in an earlier session is not fetched again: keep mode
// passes over it, delete mode sends its DELE alone (the connection broke before QUIT that time).
//
// Octets in by receive(), events out by next_event(), octets to send by take_output(). One command
// is outstanding at a time. A refusal is an event; behind one of a single message the next message
// follows, behind another QUIT. An answer that is none (neither +OK nor -ERR) ends the session with
// Refused and without QUIT. A message is held
// until its end, at most message_octets_max, then handed over as it is to be stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/base/dot_stuffing.hpp"
#include "protocols/base/line_splitter.hpp"
#include "protocols/pop3/session.hpp"
#include "protocols/sasl/sasl.hpp"

namespace mailscope::pop3 {

enum class LogIn : std::uint8_t {
  Password,  // USER and PASS
  Apop,      // when the greeting has a time stamp; otherwise the client says QUIT
  Sasl,      // AUTH, by the safest mechanism that CAPA lists; otherwise the client says QUIT
};

struct ClientOptions {
  std::string user{};
  std::string password{};
  LogIn log_in = LogIn::Password;
  std::string sasl_nonce{};                         // SCRAM: a fresh one
  bool utf8 = false;                                // UTF-8 mode, where CAPA has it
  bool keep = false;                                // keep mode: no DELE
  bool uidl = false;                                // ask for the unique ids
  std::set<std::string, std::less<>> known_uids{};  // with uidl: fetched in earlier sessions
  // Of a larger message only the header is fetched (TOP n 0), and it stays on the server.
  std::optional<std::uint64_t> whole_octets_max{};
  std::size_t message_octets_max = 64u << 20;
};

// ---- events ------------------------------------------------------------------------------------

struct LoginAnswered {
  bool ok = false;
  std::string text;
};
struct MaildropSeen {
  std::uint32_t messages = 0;
  std::uint64_t octets = 0;
};
struct MessageRetrieved {
  std::uint32_t number = 0;  // from 1
  std::string uid;           // empty without UIDL
  std::string content;       // dots unstuffed, without the final dot line
};
struct HeaderRetrieved {  // of a message that is larger than whole_octets_max
  std::uint32_t number = 0;
  std::uint64_t octets = 0;  // of the message, by LIST
  std::string uid;
  std::string content;
};
struct Refused {  // -ERR, or an answer that cannot be read
  Verb verb = Verb::Unknown;
  std::string text;
};
struct Finished {  // QUIT was answered with +OK
  std::uint32_t retrieved = 0;
  std::uint32_t deleted = 0;
};
struct ConnectionClosed {};  // by the other side, before Finished: the server deletes nothing
using ClientEvent = std::variant<LoginAnswered, MaildropSeen, MessageRetrieved, HeaderRetrieved,
                                 Refused, Finished, ConnectionClosed>;

class Client {
 public:
  static constexpr std::size_t kLineOctetsMax = 12'288;  // RFC 2449 §4 has 512; challenges
  static constexpr std::size_t kCommandOctetsMax = 255;  // RFC 2449 §4
  static constexpr std::uint32_t kMessagesMax = 1'000'000;

  explicit Client(ClientOptions options);

  void receive(std::string_view octets);
  void receive_eof();
  std::optional<ClientEvent> next_event();
  std::string take_output();
  bool wants_close() const { return wants_close_; }
  State state() const { return session_.state(); }

 private:
  struct Listed {
    std::uint32_t number = 0;
    std::uint64_t octets = 0;
    std::string uid;
  };

  void line(const Line& line);
  void status_line(std::string_view text);
  void answered(bool ok, std::string_view text);
  void listing_line(std::string_view text);
  void take_content(std::string_view& octets);
  void greeted();
  void log_in();
  void apop();
  void auth();
  void challenged(std::string_view base64);
  void logged_in();
  void refused(std::string_view text);
  bool is_known(const std::string& uid) const;
  void multi_line_done();
  void next_message();
  void message_over();
  void send(Verb verb, std::string_view argument = {});
  void give_up(std::string_view text);

  ClientOptions options_;
  Session session_;
  LineSplitter lines_{kLineOctetsMax};
  std::string output_;
  std::deque<ClientEvent> events_;
  std::vector<Listed> list_;
  std::size_t at_ = 0;  // the message being fetched
  DotDecoder decoder_;
  std::string content_;
  std::string greeting_;
  std::optional<sasl::Client> sasl_;
  std::optional<std::string> first_response_;  // of SASL, where AUTH's line had no room for it
  std::vector<std::string> capabilities_;
  Verb outstanding_ = Verb::Connect;
  bool multi_line_ = false;
  std::uint32_t retrieved_ = 0;
  std::uint32_t deleted_ = 0;
  bool wants_close_ = false;
};

}  // namespace mailscope::pop3
