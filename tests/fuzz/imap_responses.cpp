// A server's octets as responses, in three cuttings: the same ones; what is read is written again,
// and from there on stays the same.
#include "imap_wire.hpp"
#include "protocols/imap/response_parser.hpp"
#include "protocols/imap/response_writer.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::fuzz;

// Words that are passed on as they are may hold a literal's count.
bool is_only_words(const Response& response) {
  if (std::holds_alternative<OtherResponse>(response)) return true;
  if (std::holds_alternative<ContinuationResponse>(response)) return true;
  if (std::holds_alternative<CapabilityResponse>(response)) return true;
  if (std::holds_alternative<StatusResponse>(response)) return true;
  return false;
}

Response again(const Response& response, Utf8 utf8) {
  auto read = parse_response(wire_of(write_response(response, utf8)), utf8);
  check(read.has_value(), "what was written is in order");
  if (auto* fetch = std::get_if<FetchResponse>(&*read))
    for (SectionData& data : fetch->sections) data.literal.reset();
  return *read;
}

std::string take(WireText text, Utf8 utf8, bool kept) {
  const std::size_t size = text.text.size();
  const auto response = parse_response(std::move(text), utf8);
  if (!response) {
    check(response.error().offset <= size, "an error says where");
    return response.error().text;
  }
  const std::string written = write_response(*response, utf8);
  if (!kept || is_only_words(*response)) return written;
  const Response first = again(*response, utf8);
  check(again(first, utf8) == first, "what was written stays the same");
  return written;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  WireWays ways;
  ways.decision = data[0] & 3;
  if (data[0] & 4) ways.bare_lf = LineSplitter::BareLf::EndsLine;
  const Utf8 utf8 = data[0] & 8 ? Utf8::Yes : Utf8::No;
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const auto run = [&](Cut cut) {
    const bool kept = ways.decision != 2;
    return WireLog(ways, [&](WireText text) { return take(std::move(text), utf8, kept); })
        .run(steps, cut);
  };
  const std::string whole = run(Cut::Whole);
  check_same(whole, run(Cut::AsSaid), "chunks change nothing");
  check_same(whole, run(Cut::OctetByOctet), "nor does octet by octet");
  return 0;
}
