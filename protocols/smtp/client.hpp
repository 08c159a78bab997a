// An SMTP client without I/O: messages to deliver in, octets to send and what became of them out.
// RFC 5321; SIZE (RFC 1870), 8BITMIME (6152), PIPELINING (2920), CHUNKING and BINARYMIME (3030),
// DSN (3461), SMTPUTF8 (6531), AUTH (4954), STARTTLS (3207), ETRN (1985), TURN (RFC 821 §3.8).
//
//   Client client({.name = "mail.alpha.example"});
//   client.deliver(envelope, content);
//   client.quit();
//   ... client.receive(octets); socket.send(client.take_output());
//   while (auto event = client.next_event()) ...
//   if (client.wants_close()) socket.close();
//
// It waits for the greeting, says EHLO (HELO where EHLO draws 500 or 502), goes under TLS and logs
// in where it was told to, and delivers the messages one after the other; with PIPELINING
// announced, MAIL, RCPTs and DATA go out together. Every message ends in exactly one
// MessageAnswered, whatever happens; MessageAnswered::outcome tells the host whether it may forget
// the message, must keep it and try again, or must report a failure. What it decides on is the
// first digit of a reply and nothing else (RFC 5321 §4.2).
//
// What a message needs and the server does not announce makes it Unfit: it is not offered, and the
// reply says why in the code that the server would have used. The host may convert it and deliver
// it again. DSN parameters are sent where DSN is announced and dropped where not: what that means
// for reports is the host's business (RFC 3461 §5.2.2).
//
// Limits and retries are the host's: the engine never connects, waits or tries again.
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
#include "protocols/sasl/sasl.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/parameters.hpp"
#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/session.hpp"

namespace mailscope::smtp {

struct ClientAuth {
  std::string user;
  std::string password;
  // What it will use, the best first; the first that the server announces is tried, and the next
  // one only where the server will not have that mechanism (504, 534, 538).
  std::vector<std::string> mechanisms = {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"};
  std::string nonce = {};  // SCRAM: printable, without comma, never used before
  bool required = true;    // without log-in nothing is offered
};

struct ClientOptions {
  enum class Tls : std::uint8_t { Never, WhereAnnounced, Required };

  std::string name;               // what EHLO says: "mail.alpha.example"
  bool extended = true;           // false: HELO at once, as in 1982
  bool pipelining = true;         // used where announced
  bool declare_size = true;       // MAIL ... SIZE=n where announced
  bool all_or_none = false;       // one refused recipient: RSET, and the message goes to nobody
  bool eight_bit_anyway = false;  // send 8-bit content to a server that does not announce 8BITMIME
  // BDAT for all content where announced. A message of BODY=BINARYMIME goes by BDAT in any case.
  bool chunking = false;
  std::size_t chunk_octets_max = 1u << 20;
  Tls starttls = Tls::Never;
  std::optional<ClientAuth> auth = {};
};

struct Greeted {                        // HELO or EHLO was accepted; comes a second time after TLS
  std::vector<std::string> extensions;  // the EHLO lines behind the first
  bool extended = false;
};
struct TlsWanted {};  // STARTTLS was granted: the host does the handshake, then tls_established()
struct ClientLoggedIn {
  std::string mechanism;
};
struct LoginRefused {
  std::string mechanism;  // empty: the server announces none that may be used
  Reply reply;            // code 0: no reply; the server could not prove itself, or none was asked
};
struct EtrnAnswered {
  std::string node;
  Reply reply;
};
struct VerifyAnswered {
  std::string text;
  bool expand = false;  // EXPN
  Reply reply;
};
struct Turned {};  // 250 to TURN: the host gives the connection to a Server, which greets
struct TurnRefused {
  Reply reply;
};
// 552 here means what 452 does: too many recipients, the rest to be sent later (RFC 5321
// §4.5.3.1.10).
struct RecipientAnswered {
  std::size_t message = 0;  // counted from 0 in order of deliver()
  std::size_t index = 0;    // of the recipient in its envelope
  Reply reply;
};
enum class Outcome : std::uint8_t {
  Accepted,  // 250 to the final dot: the server answers for it now
  Refused,   // a 4yz or 5yz reply to `at`; or all recipients were refused
  InDoubt,   // the connection was lost between the final dot and its reply: the server may have it
             // or not; it has to be sent again, which may make a duplicate (RFC 1047)
  NotSent,   // the connection ended before the message was through: the server does not have it
  Unfit,     // not offered: larger than the server's SIZE (552 5.3.4), 8-bit and no 8BITMIME or
          // binary and no BINARYMIME (554 5.6.3), UTF-8 and no SMTPUTF8 (553 5.6.7); `reply` says
          // so in the code that the server would have used
};
struct MessageAnswered {
  std::size_t message = 0;
  Outcome outcome = Outcome::NotSent;
  Verb at = Verb::EndOfData;          // the command whose reply settled it
  Reply reply;                        // code 0 where there was none
  std::vector<std::size_t> accepted;  // recipients the server took, when Accepted or InDoubt
};
// The server does not want us: its greeting, HELO, 421 at any time; or it will not have the TLS or
// the log-in that our options demand.
struct SessionRefused {
  Verb at = Verb::Connect;
  Reply reply;
};
struct ConnectionEnded {  // nothing more will come
  bool orderly = false;   // after QUIT and 221
};
struct ReplyUnreadable {  // the server broke the rules of replies; the connection is given up
  std::string line;
};
using ClientEvent = std::variant<Greeted, RecipientAnswered, MessageAnswered, SessionRefused,
                                 ReplyUnreadable, ConnectionEnded, TlsWanted, ClientLoggedIn,
                                 LoginRefused, EtrnAnswered, VerifyAnswered, Turned, TurnRefused>;

class Client {
 public:
  // More than RFC 5321 §4.5.3.1.5 allows, since servers exceed it; of a longer line the rest is
  // passed over.
  static constexpr std::size_t kReplyLineOctetsMax = 4096;

  explicit Client(ClientOptions options);

  // Queues a message. `content` has CRLF line ends; dots are stuffed here. An envelope without
  // recipients is a mistake of the caller.
  void deliver(Envelope envelope, std::string content);
  // Once the session is set up, between messages: ETRN; VRFY, or EXPN.
  void etrn(std::string node);
  void verify(std::string text, bool expand = false);
  // TURN when everything queued is done, in front of QUIT. Once it is granted nothing more is read
  // or sent here.
  void turn();
  // QUIT when everything queued is done. Later deliveries are answered NotSent.
  void quit();

  void receive(std::string_view octets);
  void receive_eof();
  // After TlsWanted: EHLO is said again, and input is octets from within TLS now.
  void tls_established();

  std::optional<ClientEvent> next_event();
  std::string take_output();
  bool has_output() const { return !output_.empty(); }
  bool wants_close() const { return wants_close_; }
  // Every message was answered, and no command waits for its reply.
  bool idle() const;
  bool logged_in() const { return logged_in_; }
  bool turned() const;
  std::string take_input();  // after Turned: what came and was not read

  const Session& session() const { return session_; }
  // What the answer to EHLO says behind a keyword, "" where there is no more; nothing: not
  // announced.
  std::optional<std::string_view> announced(std::string_view keyword) const;

 private:
  struct Message {
    Envelope envelope;
    std::string content;
    std::vector<std::size_t> accepted;  // recipients
    std::size_t offered = 0;            // RCPTs sent
    std::size_t answered = 0;
    bool eight_bit = false;  // octets outside ASCII in it
    bool by_chunks = false;  // BDAT, not DATA
    bool data_last = false;  // DATA waits until all recipients are known
    std::size_t sent = 0;    // octets in chunks
    bool failed = false;     // nothing of it will be delivered; why:
    Verb failed_at = Verb::Unknown;
    Reply failure;
    bool dot_sent = false;  // behind the whole content; or the last chunk
  };
  Message& current() { return messages_.front(); }

  // client.cpp: the session
  void take_line(const Line& line);
  void take_reply(const Reply& reply);
  void on_greeting(const Reply& reply);
  void on_helo(Verb verb, const Reply& reply);
  void on_starttls(const Reply& reply);
  void on_auth(const Reply& reply);
  void on_inquiry(const Reply& reply);
  void on_turn(const Reply& reply);
  void set_up();
  void log_in();
  void send_auth(sasl::Mechanism mechanism);
  bool announces_mechanism(std::string_view mechanism) const;
  void log_in_refused(std::string mechanism, const Reply& reply);
  void go_on();
  void begin_inquiry();
  void send(const Command& command);
  void refuse_session(Verb at, const Reply& reply);
  void give_up(std::string line);
  void end(bool orderly);

  // client_message.cpp: one message
  void begin_message();
  void on_mail(const Reply& reply);
  void on_rcpt(const Reply& reply);
  void on_data(const Reply& reply);
  void on_chunk(Verb verb, const Reply& reply);
  void on_end_of_data(const Reply& reply);
  void send_recipient();
  void send_recipient_or_content();
  void send_content(std::string_view content);
  void send_chunk();
  std::optional<Reply> unfit(const Message& message) const;
  void note_failure(Verb at, const Reply& reply);
  void leave_transaction();
  void settle(Outcome outcome, Verb at, Reply reply);

  ClientOptions options_;
  Session session_;
  LineSplitter lines_{kReplyLineOctetsMax};
  ReplyReader reader_;
  std::deque<Message> messages_;   // the front one is in progress when in_transaction_
  std::size_t first_message_ = 0;  // number of the front one
  std::deque<Command> inquiries_;  // ETRN, VRFY, EXPN; the front one is asked when waiting_
  std::vector<std::string> extensions_;
  Extensions in_force_;
  std::optional<sasl::Client> sasl_;
  std::size_t mechanisms_tried_ = 0;
  Reply last_refusal_;      // of a mechanism
  bool cancelled_ = false;  // "*" was sent
  std::deque<ClientEvent> events_;
  std::string output_;
  std::string unread_;
  bool tls_ = false;
  bool logged_in_ = false;
  bool ready_ = false;  // set up: messages may go
  bool in_transaction_ = false;
  bool grouped_ = false;  // the transaction's commands went out together
  bool waiting_ = false;  // for the answer to an inquiry, or to TURN
  bool turn_wanted_ = false;
  bool quit_wanted_ = false;
  bool quit_sent_ = false;
  bool wants_close_ = false;
};

}  // namespace mailscope::smtp
