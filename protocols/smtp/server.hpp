// An SMTP server without I/O: octets in, questions to its host out, replies to be taken from it.
// RFC 5321; SIZE (RFC 1870), 8BITMIME (6152), PIPELINING (2920), CHUNKING and BINARYMIME (3030),
// DSN (3461), SMTPUTF8 (6531), ENHANCEDSTATUSCODES (2034), AUTH (4954), STARTTLS (3207), ETRN
// (1985), submission (6409); TURN, SEND, SOML, SAML (821).
//
// The engine knows the language: lines, syntax, order, limits, dots, log-in exchanges. The host
// knows the world: who is let in, which mailboxes and passwords there are, where mail is stored. So
// the engine asks: next_event() gives a question, and the host answers it with accept(), refuse(),
// answer() or give_password(). While an answer is awaited nothing more is read; input that came
// already is held, in order, and never thrown away (RFC 2920 §3.2). An answer may come at once or
// much later (a spool that has to reach its disk first).
//
//   Server server({.domain = "mail.beta.example"});
//   server.greet();
//   server.receive(octets_from_the_socket);
//   while (auto event = server.next_event()) { ... server.accept(); }
//   socket.send(server.take_output());
//   if (server.wants_close()) socket.close();
//
// The engine answers by itself: NOOP, RSET, HELP, QUIT, chunks of a log-in, what is out of order
// (503, and 554 for DATA without a valid recipient), wrong syntax (500, 501), what is not built or
// switched off (502, 504, 555), its limits (452, 500, 552). EHLO announces what is built and
// switched on and nothing else. HELP is 214; HELP STATUS is 211 and tells how the session stands.
//
// Enhanced status codes, where they are switched on, stand in every reply but the greeting and
// those to HELO and EHLO, whichever of the two the client says (RFC 2034 §4). A host's text may
// begin with one; else the usual one for the reply is put in. Where they are switched off, or in a
// server of 1982, replies go without, whatever the host's text begins with.
//
// A reply holds no UTF-8 that the client has not asked for with SMTPUTF8 (RFC 6531 §3.7.4): 251 and
// 551 to RCPT become 250 and 550, an answer to VRFY or EXPN becomes 252 or 550.
//
// A message in which a CR or LF stands by itself is refused with 554 when it is over: taking it for
// a line end is forbidden (RFC 5321 §2.3.8, §4.1.1.4), passing it on would leave the next server to
// guess, and the same octets will fail again, so the failure is permanent. A bare CR or LF in a
// command: 500. Only BODY=BINARYMIME may have them (RFC 3030 §3).
//
// A chunk that is refused is read to its end all the same, and after it the transaction is refused
// until RSET (RFC 3030 §2). Where CHUNKING is switched off, BDAT is a word that is not known: 502,
// and what follows is read as commands.
//
// STARTTLS and TURN end the reading: wants_tls() and wants_turn() tell the host to go on. After the
// handshake it calls tls_established(), which drops all input that came before (RFC 3207 §4.2);
// after TURN it takes the unread input with take_input() and speaks through a Client.
//
// Bounds: a command line, its recipients, one message of at most message_octets_max, and
// held_octets_max of input behind an open question; beyond that the connection is closed with 421.
// So it is instead of the errors_max-th refusal in a row for what is no SMTP (500, 501, 502, 504,
// 555): a client that talks something else, or sends its message after DATA was refused.
// Left out: AUTH mechanisms with a security layer, BURL, MT-PRIORITY and other later extensions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/base/dot_stuffing.hpp"
#include "protocols/base/line_splitter.hpp"
#include "protocols/sasl/sasl.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/parameters.hpp"
#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/session.hpp"

namespace mailscope::smtp {

struct ServerOptions {
  std::string domain;  // "mail.beta.example": first word of greeting, EHLO, 221, 421
  std::string greeting = "Service ready";
  // RFC 5321 §4.5.3.1.4; extensions add to it while they are on
  std::size_t command_line_octets_max = 512;
  std::size_t text_line_octets_max = 1000;  // RFC 5321 §4.5.3.1.6
  std::size_t recipients_max = 100;  // a transaction; more are answered 452 (RFC 5321 §4.5.3.1.10)
  std::uint64_t message_octets_max = 64u << 20;
  std::size_t held_octets_max = 1u << 20;
  int errors_max = 20;  // commands in a row that are none; then 421. 0: never
  // What is announced and obeyed. Those that ask more of a host than to store octets are off.
  bool extended = true;  // false: a server of 1982 that answers EHLO with 502
  bool size = true;
  bool eight_bit_mime = true;
  bool pipelining = true;  // whether it is announced; pipelined input is read in any case
  bool chunking = false;
  bool binary_mime = false;  // only with chunking
  bool dsn = false;
  bool smtputf8 = false;  // only with eight_bit_mime (RFC 6531 §3.1)
  bool enhanced_status_codes = false;
  bool etrn = false;
  bool starttls = false;
  bool turn = false;      // else 502 (RFC 5321 appendix F.1)
  bool historic = false;  // SEND, SOML and SAML are obeyed as MAIL is, else 502 (appendix F.6)
  // VRFY and EXPN are asked of the host; else 252 to everybody (RFC 5321 §3.5.3)
  bool verify = true;
  // Log-in.
  std::vector<std::string> auth_mechanisms = {};  // "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"
  bool auth_required = false;                     // MAIL without log-in: 530 (RFC 6409 §4.3)
  bool auth_only_over_tls = false;                // neither announced nor obeyed (538) in the clear
  // What has to differ from session to session and cannot be guessed: the host's to make.
  std::string sasl_challenge = {};       // CRAM-MD5: "<1896.697170952@beta.example>"
  std::string sasl_nonce = {};           // SCRAM: printable, without comma
  std::string sasl_salt_key = {};        // SCRAM: the same in all sessions, secret
  std::uint32_t sasl_iterations = 4096;  // SCRAM
  int log_in_failures_max = 3;           // exchanges without success; then 421
  bool tls = false;  // the connection is under TLS already (465), or tls_established()
  Quirks quirks = {};
};

// The questions: each waits for accept(), refuse() or answer().
struct HeloSeen {  // accept: 250, for EHLO with the extensions
  std::string name;
  bool extended = false;  // EHLO
};
struct SenderOffered {  // accept: 250
  ReversePath path;
  std::optional<std::uint64_t> size;  // as the client declares it
  bool eight_bit = false;             // BODY=8BITMIME
  MailOptions options = {};           // these two again, and the rest
  Verb verb = Verb::Mail;             // or SEND, SOML, SAML
};
struct RecipientOffered {  // accept: 250; or answer 251, 550, 551, 450, ...
  ForwardPath path;        // with its options
  std::size_t index = 0;   // among the recipients offered in this transaction
};
struct DataAsked {  // accept: 354
  std::size_t recipients = 0;
};
struct ChunkReceived {  // BDAT without LAST. accept: 250
  std::uint64_t octets = 0;
  std::uint64_t total = 0;  // of the message so far, this chunk included
};
struct VerifyAsked {  // accept: 252; or answer 250, 550, 553, ...
  std::string text;
  bool expand = false;    // EXPN
  bool smtputf8 = false;  // the answer may hold UTF-8 (RFC 6531 §3.7.4.2)
};
// How a message came in, for the "with" of its Received field (RFC 3848, RFC 6531 §4.3).
struct Transport {
  bool esmtp = false;
  bool tls = false;
  bool auth = false;
  bool utf8 = false;
  std::string_view with() const;  // "SMTP", "ESMTP", "ESMTPA", "ESMTPS", "UTF8SMTPSA", ...
};
struct MessageReceived {  // accept: 250, and from then on the message is the host's
  Envelope envelope;
  std::string content;  // as it is to be stored: dots unstuffed, lines end in CRLF
  bool eight_bit = false;
  Transport transport = {};
  Verb by = Verb::EndOfData;  // or BdatLast
};
struct PasswordAsked {  // AUTH: give_password(), or refuse() with 454 or 4yz if it can't be known
  std::string user;
  std::string mechanism;
};
struct EtrnAsked {     // accept: 250; or answer 251, 252, 253, 458, 459 (RFC 1985 §5.3)
  std::string node;    // a domain; behind # the name of a queue
  bool below = false;  // @: the domain and all below it
};
struct TurnAsked {};      // accept: 250, and then wants_turn()
struct StarttlsAsked {};  // accept: 220, and then wants_tls(); or refuse with 454
// Not questions.
struct LoggedIn {
  std::string user;
  std::string mechanism;
};
struct LogInFailed {  // 535 was given
  std::string user;   // as far as it is known
  std::string mechanism;
};
struct TransactionAborted {  // RSET, a new HELO or EHLO, QUIT, or the connection's end
  Verb by = Verb::Rset;      // Unknown: the connection ended
};
struct QuitSeen {};    // 221 is in the output
struct InputEnded {};  // the client closed, or the connection was lost; wants_close()

using ServerEvent =
    std::variant<HeloSeen, SenderOffered, RecipientOffered, DataAsked, ChunkReceived, VerifyAsked,
                 MessageReceived, PasswordAsked, EtrnAsked, TurnAsked, StarttlsAsked, LoggedIn,
                 LogInFailed, TransactionAborted, QuitSeen, InputEnded>;
// Whether an event waits for an answer.
bool is_question(const ServerEvent& event);

class Server {
 public:
  explicit Server(ServerOptions options);

  // The greeting: 220 with the domain, or 421 or 554 and a reason. Input is held until it is given.
  void greet();
  void greet(Reply reply);

  void receive(std::string_view octets);
  void receive_eof();

  std::optional<ServerEvent> next_event();
  // Is a question waiting for its answer?
  bool awaits_answer() const { return asked_.has_value(); }

  // To the question that next_event() gave last.
  void accept(
      std::string text = {});  // the usual positive reply, with its usual text if none is given
  void refuse(std::uint16_t code, std::string text);
  void answer(Reply reply);
  // To PasswordAsked: the user's password, nothing where there is no such user. The engine does the
  // rest; the client cannot tell an unknown user from a wrong password.
  void give_password(std::optional<std::string> password);
  // After wants_tls(): what came before is forgotten, and input is octets from within TLS now.
  void tls_established();

  // 421 at any time: nothing more is read, the transaction is gone. X.3.2: the host stops, or has
  // too much to do; X.4.2: the connection is idle or bad; X.7.0: for safety.
  void shut_down(std::string reason = "Service not available, closing transmission channel",
                 EnhancedCode code = {4, 3, 2});

  std::string take_output();
  bool has_output() const { return !output_.empty(); }
  // The output is to be sent and the connection then closed.
  bool wants_close() const { return wants_close_; }
  bool wants_tls() const;    // 220 to STARTTLS was given: the handshake is the host's
  bool wants_turn() const;   // 250 to TURN was given: a Client takes over
  std::string take_input();  // what came and was not read; for the Client after TURN
  // False: input is held behind a question; a host with flow control stops reading.
  bool wants_input() const { return reading(); }

  const Session& session() const { return session_; }
  const Envelope& envelope() const { return envelope_; }
  const ServerOptions& options() const { return options_; }
  const std::string& client_name() const { return client_name_; }  // from HELO or EHLO
  bool extended() const { return client_extended_; }               // it said EHLO
  const std::string& user() const { return user_; }  // who is logged in; empty: nobody
  bool under_tls() const { return tls_; }

 private:
  struct Chunk {  // a BDAT whose octets are being read
    Verb verb = Verb::Bdat;
    std::uint64_t octets = 0;
    std::uint64_t left = 0;
    std::optional<Reply> refusal;  // what it will draw once it is eaten
  };

  // server.cpp: octets in, replies out
  bool reading() const;
  bool in_transaction() const;
  void run();
  void read(std::string_view& input);
  void take_line(const Line& line);
  void take_content(std::string_view& input);
  void finish_content();
  void take_chunk(std::string_view& input);
  void finish_chunk();
  bool keep(std::string_view piece);
  std::optional<Reply> refusal_of(const ContentFaults& faults) const;
  void ask_message(Verb by);
  std::size_t octets_max(Verb verb) const;
  bool refuse_line(const Line& line, Verb verb);
  bool refuse_verb(Verb verb);
  void tell(ServerEvent event);
  void ask(Verb verb, ServerEvent event);
  void say(Verb answers, const Reply& reply);  // a reply that changes nothing
  bool is_one_error_more(const Reply& reply);
  Reply without_utf8(Verb answers, Reply reply) const;
  void conclude(Verb verb, const Reply& reply);  // a command that was obeyed, and its reply
  void apply(Verb verb, const Reply& reply);
  void clear_transaction();
  void abort_transaction(Verb by);
  void end();

  // server_commands.cpp
  bool is_built(Verb verb) const;
  Extensions in_force() const;
  bool auth_announced() const;
  void obey(Command command);
  void obey_mail(Command command);
  void obey_rcpt(Command command);
  void begin_chunk(const Command& command);
  void obey_verify(Command command);
  void obey_etrn(const Command& command);
  void obey_help(const Command& command);
  void obey_quit();
  std::vector<std::string> status() const;
  Reply usual_reply(Verb verb, std::string text) const;
  Reply ehlo_reply() const;

  // server_auth.cpp
  void obey_auth(const Command& command);
  void take_response(const Line& line);
  void follow(sasl::Step step);
  void end_log_in(Reply reply);

  ServerOptions options_;
  Session session_;
  LineSplitter lines_;
  DotDecoder decoder_;
  Envelope envelope_;  // with the sender and the recipient that are being asked about
  std::string content_;
  bool content_too_long_ = false;
  std::size_t offered_ = 0;  // recipients in this transaction, granted or not
  std::optional<Chunk> chunk_;
  bool chunk_failed_ = false;  // nothing but RSET helps
  std::string client_name_;
  std::string name_asked_;  // of a HELO or EHLO that is being asked about
  bool client_extended_ = false;
  std::optional<sasl::Server> sasl_;  // a log-in is under way
  int log_in_failures_ = 0;
  int errors_ = 0;            // in a row
  bool verify_utf8_ = false;  // the VRFY or EXPN that is being asked about said SMTPUTF8
  std::string user_;
  bool tls_ = false;

  std::string held_;  // input not read yet, from held_at_ on
  std::size_t held_at_ = 0;
  std::string output_;
  std::vector<ServerEvent> events_;  // from next_event_ on
  std::size_t next_event_ = 0;
  std::optional<Verb> asked_;  // the command whose question waits for its answer
  bool greeted_ = false;
  bool ended_ = false;  // receive_eof() was called
  bool wants_close_ = false;
};

}  // namespace mailscope::smtp
