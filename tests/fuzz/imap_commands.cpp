// A client's octets as commands, in three cuttings: the same ones; what is read is written again
// and read as the same command.
#include "imap_wire.hpp"
#include "protocols/imap/command_parser.hpp"
#include "protocols/imap/command_writer.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::fuzz;

std::string take(WireText text, const ParseOptions& options, bool kept) {
  const std::size_t size = text.text.size();
  const auto command = parse_command(std::move(text), options);
  if (!command) {
    check(!command.error().text.empty(), "an error says what was expected");
    check(command.error().offset <= size, "and where");
    check(command.error().text.find('\n') == std::string::npos, "in one line");
    return command.error().text;
  }
  const CommandOctets written = write_command(*command, {.utf8 = options.utf8});
  if (!kept) return written.octets;
  const auto again = parse_command(wire_of(written.octets), {options.utf8, {.zero_modseq = true}});
  check(again.has_value(), "what was written is in order");
  check(*again == *command, "and the same command");
  return written.octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  WireWays ways;
  ways.decision = data[0] & 3;
  if (data[0] & 4) ways.bare_lf = LineSplitter::BareLf::EndsLine;
  ParseOptions options;
  if (data[0] & 8) options.utf8 = Utf8::Yes;
  if (data[0] & 16) options.quirks = {true, true, true};
  const std::vector<Step> steps = steps_of(view(data + 1, size - 1));
  const auto run = [&](Cut cut) {
    const bool kept = ways.decision != 2;
    return WireLog(ways, [&](WireText text) { return take(std::move(text), options, kept); })
        .run(steps, cut);
  };
  const std::string whole = run(Cut::Whole);
  check_same(whole, run(Cut::AsSaid), "chunks change nothing");
  check_same(whole, run(Cut::OctetByOctet), "nor does octet by octet");
  return 0;
}
