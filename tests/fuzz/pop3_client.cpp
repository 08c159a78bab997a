// A server's octets, whatever they are, in three cuttings: the same events and the same commands.
#include "fuzz.hpp"
#include "protocols/pop3/client.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::pop3;
using namespace mailscope::fuzz;

std::string talk(const std::vector<Step>& steps, Cut cut, std::uint8_t bits) {
  ClientOptions options;
  options.user = options.password = "bob";
  options.log_in = (bits & 1) != 0 ? LogIn::Apop : (bits & 8) != 0 ? LogIn::Sasl : LogIn::Password;
  options.sasl_nonce = "nonce";
  options.utf8 = (bits & 16) != 0;
  if ((bits & 32) != 0) options.whole_octets_max = 100;
  options.keep = (bits & 2) != 0;
  options.uidl = (bits & 4) != 0;
  options.known_uids = {"b"};
  options.message_octets_max = 2000;
  Client client(options);
  std::string log, said;
  const auto run = [&] {
    while (const auto event = client.next_event()) {
      log += std::to_string(event->index()) + ' ';
      if (const auto* message = std::get_if<MessageRetrieved>(&*event))
        log += std::to_string(message->number) + ' ' + message->uid + ' ' + message->content;
      if (const auto* header = std::get_if<HeaderRetrieved>(&*event))
        log += std::to_string(header->number) + ' ' + header->uid + ' ' + header->content;
      if (const auto* refusal = std::get_if<Refused>(&*event)) log += refusal->text;
      log += '\n';
    }
    said += client.take_output();
  };
  for (const Step& step : steps) {
    if (step.kind != Step::Kind::Octets) continue;
    give_in_chunks(step, cut, [&](std::string_view chunk) {
      client.receive(chunk);
      run();
    });
  }
  client.receive_eof();
  run();
  check(client.wants_close(), "the end of input is the end");
  return log + said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const std::string whole = talk(steps, Cut::Whole, data[0]);
  check_same(whole, talk(steps, Cut::AsSaid, data[0]), "chunks change nothing");
  check_same(whole, talk(steps, Cut::OctetByOctet, data[0]), "nor does octet by octet");
  return 0;
}
