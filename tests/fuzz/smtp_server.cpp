// A client's octets in three cuttings: the same events and the same replies, and what the host is
// given is what it may store. The host answers by what it is asked, never by when.
#include "fuzz.hpp"
#include "protocols/smtp/server.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::fuzz;

ServerOptions options_of(std::uint8_t bits) {
  ServerOptions options;
  options.domain = "b.example";
  options.recipients_max = 5;
  options.message_octets_max = 20'000;
  options.chunking = options.binary_mime = (bits & 1) != 0;
  options.dsn = options.etrn = options.turn = options.historic = (bits & 2) != 0;
  options.smtputf8 = (bits & 4) != 0;
  options.enhanced_status_codes = (bits & 8) != 0;
  options.starttls = (bits & 16) != 0;
  options.pipelining = (bits & 32) == 0;
  if (bits & 64) options.auth_mechanisms = {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"};
  options.auth_required = (bits & 128) != 0;
  options.sasl_challenge = "<1896.697170952@b.example>";
  options.sasl_nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF";
  options.sasl_salt_key = "key";
  return options;
}

// "no" anywhere in what is asked about draws a refusal.
bool refused(std::string_view text) {
  return text.find("no") != text.npos;
}

void answer(Server& server, const ServerEvent& event, std::string& log) {
  log += std::to_string(event.index()) + ' ';
  if (const auto* asked = std::get_if<PasswordAsked>(&event)) {
    log += asked->user + '\n';
    return server.give_password(refused(asked->user) ? std::nullopt
                                                     : std::optional<std::string>("pencil"));
  }
  if (const auto* helo = std::get_if<HeloSeen>(&event)) log += helo->name;
  if (const auto* message = std::get_if<MessageReceived>(&event)) {
    check(message->content.size() <= server.options().message_octets_max,
          "a message is no larger than its limit");
    check(!message->envelope.recipients.empty(), "a message is for somebody");
    log += std::to_string(message->envelope.recipients.size()) + ' ' + message->content;
  }
  log += '\n';
  if (!is_question(event)) return;
  const auto* message = std::get_if<MessageReceived>(&event);
  const auto* recipient = std::get_if<RecipientOffered>(&event);
  const auto* verify = std::get_if<VerifyAsked>(&event);
  if ((message && refused(message->content)) || (verify && refused(verify->text)) ||
      (recipient && recipient->index % 3 == 2))
    return server.refuse(550, "No");
  server.accept();
}

std::string serve(const std::vector<Step>& steps, Cut cut, std::uint8_t bits) {
  Server server(options_of(bits));
  std::string log, said;
  const auto run = [&] {
    while (const auto event = server.next_event()) answer(server, *event, log);
    said += server.take_output();
  };
  server.greet();
  for (const Step& step : steps) {
    if (step.kind != Step::Kind::Octets) continue;
    give_in_chunks(step, cut, [&](std::string_view chunk) {
      server.receive(chunk);
      run();
    });
  }
  server.receive_eof();
  run();
  check(server.wants_close() || server.wants_tls() || server.wants_turn(),
        "the end of input is the end");
  for (std::size_t i = 0; i < said.size(); ++i)
    check(said[i] != '\n' || (i > 0 && said[i - 1] == '\r'), "replies end in CRLF");
  return log + said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const std::string whole = serve(steps, Cut::Whole, data[0]);
  check_same(whole, serve(steps, Cut::AsSaid, data[0]), "chunks change nothing");
  check_same(whole, serve(steps, Cut::OctetByOctet, data[0]), "nor does octet by octet");
  return 0;
}
