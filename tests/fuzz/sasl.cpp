// Both sides of a log-in: the first octet says mechanism and side, the rest is what the other side
// says, 0xFF between its messages. Nobody gets in who does not know the password.
#include "protocols/sasl/sasl.hpp"
#include "fuzz.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;

std::vector<std::string> messages_of(std::string_view input) {
  std::vector<std::string> messages(1);
  for (const char c : input) {
    if (c == '\xff')
      messages.emplace_back();
    else
      messages.back() += c;
  }
  return messages;
}

void serve(sasl::Mechanism mechanism, const std::vector<std::string>& messages, bool initial) {
  sasl::ServerSecrets secrets;
  secrets.challenge = "<1@b.example>";
  secrets.nonce = "nonce";
  secrets.salt_key = "key";
  sasl::Server server(mechanism, secrets);
  std::size_t next = initial ? 1 : 0;
  sasl::Step step =
      server.start(initial ? std::optional<std::string_view>(messages[0]) : std::nullopt);
  while (true) {
    if (std::holds_alternative<sasl::AskPassword>(step)) {
      step = server.give_password("a password that no mutation finds 1a7c");
    } else if (std::holds_alternative<sasl::Challenge>(step) && next < messages.size()) {
      step = server.respond(messages[next++]);
    } else {
      check(!std::holds_alternative<sasl::Granted>(step), "a guess is not granted");
      return;
    }
  }
}

void ask(sasl::Mechanism mechanism, const std::vector<std::string>& messages) {
  sasl::Client client(mechanism, {"bob", "pencil"}, "rOprNGfwEbeRWgbNEkqO");
  client.initial_response();
  for (const std::string& message : messages)
    if (!client.respond(message)) break;
  check(mechanism != sasl::Mechanism::ScramSha256 || !client.complete(),
        "a server without proof is not believed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const sasl::Mechanism mechanism = static_cast<sasl::Mechanism>(data[0] & 3);
  const std::string_view rest = view(data + 1, size - 1);
  const std::vector<std::string> messages = messages_of(rest);
  if (data[0] & 4)
    ask(mechanism, messages);
  else
    serve(mechanism, messages, (data[0] & 8) != 0);
  for (const std::string& message : messages) sasl::decode_strictly(message);
  return 0;
}
