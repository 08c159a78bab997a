// A message in three cuttings: the same parts with the same decoded octets, within the bounds of
// part_reader.hpp.
#include "fuzz.hpp"
#include "protocols/mime/part_reader.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;

std::string read(const std::vector<Step>& steps, Cut cut, mime::PartReaderOptions options) {
  mime::PartReader reader(options);
  std::string log, octets;
  int open = 0;
  const auto take = [&] {
    while (const mime::PartEvent* event = reader.next_event()) {
      if (event->kind == mime::PartEvent::Kind::Octets) {
        octets += event->octets;
        continue;
      }
      const mime::Part& part = *event->part;
      const bool begins = event->kind == mime::PartEvent::Kind::Begin;
      open += begins ? 1 : -1;
      check(open >= 0 && part.depth <= mime::PartReader::kDepthMax, "parts nest, and not too deep");
      check(part.header.size() <= mime::PartReader::kHeaderMax, "a header is bounded");
      log += octets + '\n' + (begins ? "begin " : "end ") + part.path + ' ' + part.type + ' ' +
             part.encoding + ' ' + part.charset + ' ' + part.file_name + ' ' +
             std::to_string(event->encoded_octets) + ' ' + std::to_string(event->decoded_octets) +
             ' ' + std::to_string(event->damage) + ' ' + std::to_string(event->children) + ' ' +
             std::to_string(event->complete) + '\n';
      octets.clear();
    }
  };
  for (const Step& step : steps)
    if (step.kind == Step::Kind::Octets)
      give_in_chunks(step, cut, [&](std::string_view chunk) {
        reader.receive(chunk);
        take();
      });
  reader.receive_end();
  take();
  check(open == 0, "what begins ends");
  const mime::MessageHeader& header = reader.header();
  return log + header.subject + '\n' + header.from + '\n' + header.to + '\n' + header.date;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  mime::PartReaderOptions options;
  options.decode = (data[0] & 1) == 0;
  options.open_messages = (data[0] & 2) == 0;
  options.odd_line_begins_body = (data[0] & 4) == 0;
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const std::string whole = read(steps, Cut::Whole, options);
  check_same(whole, read(steps, Cut::AsSaid, options), "chunks change no part");
  check_same(whole, read(steps, Cut::OctetByOctet, options), "nor does octet by octet");
  return 0;
}
