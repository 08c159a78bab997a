// A server's octets, whatever they are, in three cuttings: the same events and the same commands.
#include "fuzz.hpp"
#include "protocols/smtp/client.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::fuzz;

ClientOptions options_of(std::uint8_t bits) {
  ClientOptions options;
  options.name = "a.example";
  options.pipelining = (bits & 1) == 0;
  options.all_or_none = (bits & 2) != 0;
  options.chunking = (bits & 4) != 0;
  options.chunk_octets_max = 16;
  options.extended = (bits & 8) == 0;
  return options;
}

std::string talk(const std::vector<Step>& steps, Cut cut, std::uint8_t bits) {
  Client client(options_of(bits));
  Envelope envelope{*parse_reverse_path("<a@a.example>"),
                    {*parse_forward_path("<b@b.example>"), *parse_forward_path("<c@b.example>")}};
  client.deliver(envelope, "Subject: x\r\n\r\n.dot\r\n");
  if (bits & 16) client.verify("bob");
  if (bits & 32) client.etrn("b.example");
  client.deliver(envelope, bits & 64 ? "\xc3\xa4\r\n" : "");
  if (bits & 128) client.turn();
  client.quit();
  std::string log, said;
  std::size_t answered = 0;
  const auto run = [&] {
    while (const auto event = client.next_event()) {
      log += std::to_string(event->index()) + ' ';
      if (const auto* message = std::get_if<MessageAnswered>(&*event)) {
        ++answered;
        log += std::to_string(message->message) + ' ' +
               std::to_string(static_cast<int>(message->outcome)) + ' ' + message->reply.text();
      }
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
  check(answered == 2 || client.turned(), "every message is answered once, whatever came");
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
