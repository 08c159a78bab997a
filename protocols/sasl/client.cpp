// The client's side of the mechanisms.

#include <charconv>
#include <utility>

#include "protocols/mime/base64.hpp"
#include "protocols/sasl/crypto.hpp"
#include "protocols/sasl/sasl.hpp"

namespace mailscope::sasl {
namespace {

constexpr std::string_view kNoBinding = "n,,";  // gs2-header: no channel binding, no authzid

// saslname: "," and "=" are written =2C and =3D (RFC 5802 §5.1).
std::string quoted_name(std::string_view user) {
  std::string out;
  for (const char c : user) {
    if (c == ',')
      out += "=2C";
    else if (c == '=')
      out += "=3D";
    else
      out += c;
  }
  return out;
}

}  // namespace

Client::Client(Mechanism mechanism, Credentials credentials, std::string nonce)
    : mechanism_(mechanism), credentials_(std::move(credentials)), nonce_(std::move(nonce)) {}

std::optional<std::string> Client::initial_response() {
  if (!client_begins(mechanism_) || step_ != 0) return std::nullopt;
  step_ = 1;
  if (mechanism_ == Mechanism::Plain)
    return std::string(1, '\0') + credentials_.user + '\0' + credentials_.password;
  first_bare_ = "n=" + quoted_name(credentials_.user) + ",r=" + nonce_;
  return std::string(kNoBinding) + first_bare_;
}

std::optional<std::string> Client::respond(std::string_view challenge) {
  if (challenge.size() > kTextOctetsMax) return std::nullopt;
  if (client_begins(mechanism_) && step_ == 0)
    return challenge.empty() ? initial_response() : std::nullopt;
  switch (mechanism_) {
    case Mechanism::Plain:
      return std::nullopt;
    case Mechanism::Login:
      if (step_ > 1) return std::nullopt;
      return step_++ == 0 ? credentials_.user : credentials_.password;
    case Mechanism::CramMd5:
      if (step_++ != 0 || challenge.empty()) return std::nullopt;
      return credentials_.user + ' ' + hex(hmac_md5(credentials_.password, challenge));
    case Mechanism::ScramSha256:
      break;
  }
  return respond_scram(challenge);
}

//   server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
//   server-final-message = (server-error / verifier) ["," extensions]
std::optional<std::string> Client::respond_scram(std::string_view challenge) {
  if (step_ == 2) {
    const auto verifier = take_attribute(challenge, 'v');
    const auto signature = verifier ? decode_strictly(*verifier) : std::nullopt;
    if (!signature || !same(*signature, server_signature_)) return std::nullopt;
    step_ = 3;
    return std::string();
  }
  if (step_ != 1) return std::nullopt;
  std::string_view rest = challenge;
  const auto nonce = take_attribute(rest, 'r');
  const auto salt64 = take_attribute(rest, 's');
  const auto count = take_attribute(rest, 'i');
  if (!nonce || !salt64 || !count) return std::nullopt;
  // The server has to have added something of its own to our nonce.
  if (!is_nonce(*nonce) || !nonce->starts_with(nonce_) || nonce->size() == nonce_.size())
    return std::nullopt;
  const std::optional<std::string> salt = decode_strictly(*salt64);
  std::uint32_t iterations = 0;
  const char* const end = count->data() + count->size();
  const auto [behind, error] = std::from_chars(count->data(), end, iterations);
  if (!salt || salt->empty() || error != std::errc{} || behind != end) return std::nullopt;
  if (iterations < kIterationsMin || iterations > kIterationsMax) return std::nullopt;

  const ScramKeys keys = scram_keys(credentials_.password, *salt, iterations);
  std::string final = "c=" + mime::base64_encode(kNoBinding) + ",r=" + std::string(*nonce);
  const std::string all = first_bare_ + ',' + std::string(challenge) + ',' + final;
  const std::string proof = exclusive_or(keys.client_key, hmac_sha256(keys.stored_key, all));
  server_signature_ = hmac_sha256(keys.server_key, all);
  step_ = 2;
  return final + ",p=" + mime::base64_encode(proof);
}

bool Client::complete() const {
  switch (mechanism_) {
    case Mechanism::Plain:
    case Mechanism::CramMd5:
      return step_ >= 1;
    case Mechanism::Login:
      return step_ >= 2;
    case Mechanism::ScramSha256:
      break;
  }
  return step_ == 3;
}

}  // namespace mailscope::sasl
