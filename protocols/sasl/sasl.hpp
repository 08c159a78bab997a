// SASL: logging in by an exchange of challenges and responses, both sides as small values without
// I/O and without randomness. RFC 4422; PLAIN (RFC 4616), LOGIN (no RFC;
// draft-murchison-sasl-login), CRAM-MD5 (RFC 2195), SCRAM-SHA-256 (RFC 5802, RFC 7677).
//
// What goes back and forth here are the mechanism's own octets; the protocol that carries them
// (SMTP's AUTH, POP3's AUTH) adds its base64: decode_strictly() and mime::base64_encode.
//
//   sasl::Server server(Mechanism::Plain, {...});
//   Step step = server.start(initial_response);       // or respond(), for each line of the client
//   if (auto* ask = std::get_if<AskPassword>(&step)) step =
//   server.give_password(lookup(ask->user));
//   // Challenge: send it; Granted: the user is in; Failed: he is not
//
// Nonces and challenges are given by the caller: they have to be fresh, and nothing in here checks
// that. An unknown user goes the same way as a wrong password, to the same end. Proofs are compared
// in constant time. Bounds: text of at most kTextOctetsMax, SCRAM iterations of kIterationsMin to
// kIterationsMax.
//
// Left out: channel binding (SCRAM-SHA-256-PLUS), SASLprep of names and passwords outside ASCII
// (they are compared octet by octet; control characters are refused), acting for another user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace mailscope::sasl {

enum class Mechanism : std::uint8_t { Plain, Login, CramMd5, ScramSha256 };
std::string_view name(Mechanism mechanism);                      // "SCRAM-SHA-256"
std::optional<Mechanism> find_mechanism(std::string_view name);  // in any case
std::span<const Mechanism> mechanisms();                         // all, the safest first
// Whether the client begins (an initial response is allowed).
bool client_begins(Mechanism mechanism);
// Whether the password itself is sent, readable for everybody on the way.
bool sends_password(Mechanism mechanism);

inline constexpr std::size_t kTextOctetsMax = 4096;    // of one challenge or response, decoded
inline constexpr std::uint32_t kIterationsMin = 4096;  // RFC 7677 §4
inline constexpr std::uint32_t kIterationsMax = 100000;

// base64 as RFC 4954 §4 wants it read: nothing outside the alphabet, "=" at the end alone and as
// many as belong there. Nothing for anything else. The empty text is the empty text.
std::optional<std::string> decode_strictly(std::string_view base64);

// ---- the client ---------------------------------------------------------------------------------

struct Credentials {
  std::string user;
  std::string password;
};

class Client {
 public:
  Client(Mechanism mechanism, Credentials credentials, std::string nonce = {});

  Mechanism mechanism() const { return mechanism_; }
  // What the client begins with; nothing where the server begins.
  std::optional<std::string> initial_response();
  // The answer to a challenge. Nothing: the server's challenge makes no sense or the server could
  // not prove that it knows the password; the exchange is to be cancelled.
  std::optional<std::string> respond(std::string_view challenge);
  // Has everything been said that the mechanism demands, the server's own proof included? A server
  // that grants the log-in before is not to be believed (RFC 5802 §3).
  bool complete() const;

 private:
  std::optional<std::string> respond_scram(std::string_view challenge);

  Mechanism mechanism_;
  Credentials credentials_;
  std::string nonce_;
  int step_ = 0;
  std::string first_bare_;        // SCRAM: client-first-message-bare
  std::string server_signature_;  // SCRAM: what the server has to prove
};

// ---- the server ---------------------------------------------------------------------------------

struct ServerSecrets {
  std::string challenge = {};  // CRAM-MD5: "<1896.697170952@postoffice.example>"
  std::string nonce = {};      // SCRAM: the server's part
  std::string salt_key =
      {};  // SCRAM: salts are made from it and the user's name, unknown users' too
  std::optional<std::string> salt = {};  // SCRAM: this salt instead
  std::uint32_t iterations = 4096;
};

struct Challenge {  // to be sent; perhaps empty
  std::string text;
};
struct AskPassword {  // give_password() has to follow
  std::string user;
};
struct Granted {
  std::string user;
};
struct Failed {
  enum class Why : std::uint8_t {
    Malformed,    // the response is not in order (501)
    Credentials,  // no such user, or the password is wrong (535)
  };
  Why why = Why::Credentials;
};
using Step = std::variant<Challenge, AskPassword, Granted, Failed>;

class Server {
 public:
  Server(Mechanism mechanism, ServerSecrets secrets);

  Mechanism mechanism() const { return mechanism_; }
  // The beginning, with the initial response if there was one. An initial response where the server
  // begins is Malformed.
  Step start(std::optional<std::string_view> initial_response);
  Step respond(std::string_view response);
  Step give_password(const std::optional<std::string>& password);
  const std::string& user() const { return user_; }  // as far as it is known

 private:
  Step respond_plain(std::string_view response);
  Step respond_login(std::string_view response);
  Step respond_cram(std::string_view response);
  Step first_scram(std::string_view response);
  Step final_scram(std::string_view response);
  Step begin_scram(const std::optional<std::string>& password);
  Step check(bool right);

  Mechanism mechanism_;
  ServerSecrets secrets_;
  int step_ = 0;
  std::string user_;
  std::string response_;  // PLAIN, LOGIN: the password; CRAM-MD5: the proof
  // SCRAM
  std::string header_;      // gs2-header, as the client sent it
  std::string first_bare_;  // client-first-message-bare
  std::string nonce_;       // both parts
  std::string server_first_;
  std::string stored_key_;
  std::string server_key_;
  bool known_ = false;
};

}  // namespace mailscope::sasl
