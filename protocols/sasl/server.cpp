// The server's side of the mechanisms.

#include <cassert>
#include <utility>

#include "protocols/mime/base64.hpp"
#include "protocols/sasl/crypto.hpp"
#include "protocols/sasl/sasl.hpp"

namespace mailscope::sasl {
namespace {

constexpr std::size_t kSaltOctets = 16;

Failed malformed() {
  return {Failed::Why::Malformed};
}

// The text of a saslname; nothing where a "=" stands for neither comma nor equals sign.
std::optional<std::string> name_of(std::string_view saslname) {
  std::string out;
  while (!saslname.empty()) {
    const std::size_t equals = saslname.find('=');
    out += saslname.substr(0, equals);
    if (equals == saslname.npos) break;
    const std::string_view code = saslname.substr(equals, 3);
    if (code != "=2C" && code != "=3D") return std::nullopt;
    out += code == "=2C" ? ',' : '=';
    saslname.remove_prefix(equals + 3);
  }
  if (!is_plain_text(out)) return std::nullopt;
  return out;
}

}  // namespace

Server::Server(Mechanism mechanism, ServerSecrets secrets)
    : mechanism_(mechanism), secrets_(std::move(secrets)) {
  assert(secrets_.iterations >= kIterationsMin && secrets_.iterations <= kIterationsMax);
}

Step Server::start(std::optional<std::string_view> initial_response) {
  // LOGIN's first response is the name; many clients send it at once, so it is taken.
  if (initial_response && mechanism_ != Mechanism::CramMd5) return respond(*initial_response);
  if (initial_response) return malformed();
  if (mechanism_ == Mechanism::Login) return Challenge{"Username:"};
  if (mechanism_ == Mechanism::CramMd5) return Challenge{secrets_.challenge};
  return Challenge{};
}

Step Server::respond(std::string_view response) {
  if (response.size() > kTextOctetsMax) return malformed();
  switch (mechanism_) {
    case Mechanism::Plain:
      return respond_plain(response);
    case Mechanism::Login:
      return respond_login(response);
    case Mechanism::CramMd5:
      return respond_cram(response);
    case Mechanism::ScramSha256:
      break;
  }
  switch (step_) {
    case 0:
      return first_scram(response);
    case 1:
      return final_scram(response);
    default:
      if (!response.empty()) return malformed();
      return Granted{user_};
  }
}

Step Server::give_password(const std::optional<std::string>& password) {
  switch (mechanism_) {
    case Mechanism::Plain:
    case Mechanism::Login: {
      // Hashes, so that the time says nothing about how long the right password is.
      const bool right = same(sha256(response_), sha256(password.value_or("")));
      return check(right && password.has_value());
    }
    case Mechanism::CramMd5: {
      const bool right = same(response_, hex(hmac_md5(password.value_or(""), secrets_.challenge)));
      return check(right && password.has_value());
    }
    case Mechanism::ScramSha256:
      break;
  }
  return begin_scram(password);
}

Step Server::check(bool right) {
  if (!right) return Failed{Failed::Why::Credentials};
  return Granted{user_};
}

//   message = [authzid] UTF8NUL authcid UTF8NUL passwd     (RFC 4616 §2)
Step Server::respond_plain(std::string_view response) {
  const std::size_t first = response.find('\0');
  const std::size_t second = first == response.npos ? first : response.find('\0', first + 1);
  if (second == response.npos) return malformed();
  const std::string_view acts_for = response.substr(0, first);
  user_ = response.substr(first + 1, second - first - 1);
  response_ = response.substr(second + 1);
  if (!is_plain_text(user_) || !is_plain_text(response_)) return malformed();
  if (!acts_for.empty() && acts_for != user_) return Failed{Failed::Why::Credentials};
  return AskPassword{user_};
}

Step Server::respond_login(std::string_view response) {
  if (!is_plain_text(response)) return malformed();
  if (step_++ == 0) {
    user_ = response;
    return Challenge{"Password:"};
  }
  response_ = response;
  return AskPassword{user_};
}

//   user SP 32( DIGIT / "a" - "f" )                        (RFC 2195 §2)
Step Server::respond_cram(std::string_view response) {
  const std::size_t space = response.rfind(' ');
  if (space == response.npos) return malformed();
  user_ = response.substr(0, space);
  response_ = response.substr(space + 1);
  if (!is_plain_text(user_) || response_.size() != 32) return malformed();
  return AskPassword{user_};
}

// ---- SCRAM --------------------------------------------------------------------------------------

//   client-first-message = gs2-cbind-flag "," [ authzid ] ","
//                          [reserved-mext ","] username "," nonce ["," extensions]
Step Server::first_scram(std::string_view response) {
  const std::size_t first = response.find(',');
  const std::size_t second = first == response.npos ? first : response.find(',', first + 1);
  if (second == response.npos) return malformed();
  header_ = response.substr(0, second + 1);
  const std::string_view binding = response.substr(0, first);
  if (binding != "n" && binding != "y") return malformed();  // channel binding is not built
  std::string_view rest = response.substr(second + 1);
  first_bare_ = rest;
  const auto user = take_attribute(rest, 'n');
  const auto nonce = take_attribute(rest, 'r');
  if (!user || !nonce || !is_nonce(*nonce)) return malformed();
  const std::optional<std::string> decoded = name_of(*user);
  if (!decoded) return malformed();
  user_ = *decoded;
  if (first + 1 != second) {
    std::string_view acts_for = response.substr(first + 1, second - first - 1);
    const auto other = take_attribute(acts_for, 'a');
    if (!other) return malformed();
    if (name_of(*other) != user_) return Failed{Failed::Why::Credentials};
  }
  nonce_ = std::string(*nonce) + secrets_.nonce;
  return AskPassword{user_};
}

//   server-first-message = nonce "," salt "," iteration-count
Step Server::begin_scram(const std::optional<std::string>& password) {
  assert(is_nonce(secrets_.nonce));
  const std::string salt =
      secrets_.salt.value_or(hmac_sha256(secrets_.salt_key, user_).substr(0, kSaltOctets));
  const ScramKeys keys = scram_keys(password.value_or(""), salt, secrets_.iterations);
  known_ = password.has_value();
  stored_key_ = keys.stored_key;
  server_key_ = keys.server_key;
  server_first_ = "r=" + nonce_ + ",s=" + mime::base64_encode(salt) +
                  ",i=" + std::to_string(secrets_.iterations);
  step_ = 1;
  return Challenge{server_first_};
}

//   client-final-message = channel-binding "," nonce ["," extensions] "," proof
Step Server::final_scram(std::string_view response) {
  const std::size_t proof_at = response.rfind(",p=");
  if (proof_at == response.npos) return malformed();
  const std::string_view without_proof = response.substr(0, proof_at);
  const std::optional<std::string> proof = decode_strictly(response.substr(proof_at + 3));
  std::string_view rest = without_proof;
  const auto binding64 = take_attribute(rest, 'c');
  const auto nonce = take_attribute(rest, 'r');
  if (!proof || !binding64 || !nonce) return malformed();
  const std::optional<std::string> binding = decode_strictly(*binding64);
  if (!binding) return malformed();
  if (*binding != header_ || !same(*nonce, nonce_)) return Failed{Failed::Why::Credentials};

  const std::string all = first_bare_ + ',' + server_first_ + ',' + std::string(without_proof);
  if (proof->size() != stored_key_.size()) return malformed();
  const std::string client_key = exclusive_or(*proof, hmac_sha256(stored_key_, all));
  const bool right = same(sha256(client_key), stored_key_);
  if (!right || !known_) return Failed{Failed::Why::Credentials};
  step_ = 2;
  return Challenge{"v=" + mime::base64_encode(hmac_sha256(server_key_, all))};
}

}  // namespace mailscope::sasl
