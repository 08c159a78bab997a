// A datagram: what can be decoded can be encoded, and then decodes as the same.
#include "fuzz.hpp"
#include "protocols/dns/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailscope;
  const auto message = dns::decode(fuzz::view(data, size));
  if (!message) return 0;
  for (const dns::Question& question : message->questions) {
    dns::text(question);
    dns::words(question);
  }
  for (const dns::Record& record : message->answers) {
    dns::text(record);
    dns::words(record);
  }
  dns::lines_of_answers(*message);
  dns::words_of_answers(*message);
  dns::text_of_answers(*message);
  const std::string octets = dns::encode(*message);
  const auto again = dns::decode(octets);
  if (again)
    fuzz::check_same(octets, dns::encode(*again), "encode(decode(encode(x))) is encode(x)");
  return 0;
}
