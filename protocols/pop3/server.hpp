// A POP3 server's side of one connection. RFC 1939; RFC 2449 (CAPA, response codes, PIPELINING);
// RFC 3206 (more codes); RFC 5034 (AUTH); RFC 6856 §2 (UTF8).
//
// Octets in by receive(), in any chunking; events out by next_event(); octets to send by
// take_output(). The engine knows the protocol, the message numbers and the deletion marks; it
// knows neither users nor mailboxes. What it asks (PasswordAsked, LoginAsked, RetrieveAsked,
// UpdateAsked) the host answers with the call named there, at once or later; until then further
// commands wait unread, so pipelined input is never thrown away and answers stay in order.
// Answering what was not asked is an assertion.
//
// Trouble: a wrong command is answered with -ERR and is no event. Lines are limited to
// kLineOctetsMax (RFC 2449 §4 has 255; room is left for long passwords), waiting input to
// kInputOctetsMax: beyond, the server says -ERR and closes. So it does at the kErrorsMax-th command
// in a row that is none or has no place in its state. Bare CR or LF never ends a line.
//
// CAPA announces what the options and this engine have, and nothing else. The pause of LOGIN-DELAY
// is counted by the host, which knows the users.
//
// Left out on purpose: STLS and LANG (answered -ERR and not in CAPA).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/base/line_splitter.hpp"
#include "protocols/pop3/session.hpp"
#include "protocols/sasl/sasl.hpp"

namespace mailscope::pop3 {

// A message as the session sees it from log-in to the end (RFC 1939 §8: the numbers do not change).
struct MaildropMessage {
  // As sent, each line end two octets, without stuffing: see wire_octets().
  std::uint64_t octets = 0;
  // 1 to 70 characters 0x21-0x7E, never used again in this maildrop (RFC 1939 §7).
  std::string uid{};
};
using Maildrop = std::vector<MaildropMessage>;

// The size of a message in POP3's count (RFC 1939 §11): each line end, also a lone LF, as two
// octets, an unfinished last line as finished.
std::uint64_t wire_octets(std::string_view content);

struct ServerOptions {
  std::string domain = "localhost";  // who greets
  // A different one for every connection, "<1896.697170952@mail.beta.example>"; empty: no APOP.
  std::string apop_timestamp;
  std::vector<sasl::Mechanism> mechanisms{};  // that AUTH takes, in the order of CAPA
  sasl::ServerSecrets sasl{};                 // a fresh challenge and nonce for every connection
  int log_in_failures_max = 10;               // then -ERR, and the server closes
  // UTF8 (RFC 6856 §2.1): who has not said it gets no message whose header is beyond ASCII.
  bool utf8 = false;
  // The days for which a message is sure to stay; nothing: for ever (RFC 2449 §6.7).
  std::optional<std::uint32_t> expire_days{};
  std::uint32_t login_delay_seconds = 0;  // between two log-ins (RFC 2449 §6.5); 0: not announced
  std::string implementation{};           // without spaces; empty: not told
};

// What an answer's text begins with, for programs. RFC 2449 §8, RFC 3206, RFC 6856 §5.
enum class ResponseCode : std::uint8_t {
  None,
  Auth,        // name or password is wrong
  InUse,       // right, but another session holds the lock
  LoginDelay,  // right, but too soon after the last time
  SysTemp,     // trouble at the server: later, perhaps
  SysPerm,     // trouble at the server: a person has to mend it
  Utf8,        // only in UTF-8 mode
};
// "[IN-USE] ", with its space; "" for None.
std::string_view prefix(ResponseCode code);

// ---- events ------------------------------------------------------------------------------------

// AUTH: what is this user's password? Answer with give_password(), nothing for an unknown user.
struct PasswordAsked {
  std::string user;
};
// Answer with accept_login() or refuse_login().
struct LoginAsked {
  enum class Proof : std::uint8_t {
    Password,  // of USER and PASS: to be compared
    Digest,    // of APOP: to be compared with apop_digest()
    Sasl,      // of AUTH: it was given already
  };
  std::string user;
  std::string password;
  std::string digest;  // 32 hex digits
  Proof proof = Proof::Password;
};
// RETR, or TOP with a count of body lines. Answer with content() or no_content().
struct RetrieveAsked {
  std::size_t index = 0;  // into the maildrop, from 0
  std::optional<std::uint32_t> top_lines;
};
// QUIT after log-in: remove these for good. Answer with update_done() or update_failed().
struct UpdateAsked {
  std::vector<std::size_t> deleted;  // ascending
};
// The connection is over. Unless an UpdateAsked came before, nothing may be deleted (RFC 1939 §6).
struct SessionClosed {
  bool logged_in = false;
  bool updated = false;
};
using ServerEvent =
    std::variant<PasswordAsked, LoginAsked, RetrieveAsked, UpdateAsked, SessionClosed>;

class Server {
 public:
  static constexpr std::size_t kLineOctetsMax = 1024;
  // A line of AUTH's exchange: a response of sasl::kTextOctetsMax fits.
  static constexpr std::size_t kResponseOctetsMax = 12'288;
  static constexpr std::size_t kInputOctetsMax = 256 * 1024;
  static constexpr int kErrorsMax = 20;

  explicit Server(ServerOptions options);  // the greeting is the first output

  void receive(std::string_view octets);
  void receive_eof();
  std::optional<ServerEvent> next_event();
  std::string take_output();
  bool wants_close() const { return wants_close_; }  // once the output is sent

  void accept_login(Maildrop maildrop);
  // An unknown user and a wrong password are to look alike: say the same of both.
  void refuse_login(std::string_view text, ResponseCode code = ResponseCode::Auth);
  void give_password(const std::optional<std::string>& password);
  void content(std::string_view message);  // the whole message, also for TOP
  void no_content(std::string_view text, ResponseCode code = ResponseCode::SysTemp);
  void update_done();
  void update_failed(std::string_view text, ResponseCode code = ResponseCode::SysTemp);
  // The server gives up, as after ten idle minutes (RFC 1939 §3): closes without an update.
  void close_without_update();

  State state() const { return session_.state(); }
  const std::string& user() const { return user_; }
  const Maildrop& maildrop() const { return maildrop_; }
  bool is_deleted(std::size_t index) const { return deleted_[index]; }

 private:
  enum class Question : std::uint8_t { None, Password, Login, Content, Update };

  void process();
  void take(const Line& line);
  void run(std::string_view line);
  // server_log_in.cpp
  void user(std::string_view argument);
  void pass(std::string_view argument);
  void apop(std::string_view argument);
  void auth(std::string_view argument);
  void take_response(const Line& line);
  void follow(sasl::Step step);
  void refuse_auth(std::string_view text, ResponseCode code = ResponseCode::None);
  void log_in_failed(std::string_view text, ResponseCode code);
  void utf8(std::string_view argument);
  void capa();
  // server.cpp
  void stat();
  void list(std::string_view argument, bool uids);
  void retrieve(std::string_view argument, bool top);
  void dele(std::string_view argument);
  void rset();
  void quit();
  void ask(Question question, ServerEvent event);
  void ok(std::string_view text);
  void err(std::string_view text);
  void misuse(std::string_view text);
  void close();
  // The message that a number names, or nothing after -ERR was said.
  std::optional<std::size_t> message(std::string_view number);

  ServerOptions options_;
  Session session_;
  LineSplitter lines_{kResponseOctetsMax};
  std::optional<sasl::Server> sasl_;  // while AUTH's exchange goes on
  std::string input_;                 // received, not yet read
  std::string output_;
  std::deque<ServerEvent> events_;
  std::string user_;
  Maildrop maildrop_;
  std::vector<bool> deleted_;
  std::optional<std::uint32_t> top_lines_;
  Question question_ = Question::None;
  int errors_ = 0;  // in a row
  int log_in_failures_ = 0;
  bool utf8_ = false;
  bool logged_in_ = false;
  bool updated_ = false;
  bool eof_ = false;
  bool wants_close_ = false;
};

}  // namespace mailscope::pop3
