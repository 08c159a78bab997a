#include <fmt/format.h>

#include <charconv>

#include "protocols/base/ascii.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/instant.hpp"
#include "viz/cli/options.hpp"
#include "viz/cli/source.hpp"
#include "viz/window/shot.hpp"

namespace mailscope::cli {
namespace {

constexpr Option kShotOptions[] = {
    {.name = "at", .value = "TIME", .help = "the instant: 1.25s, 300ms, 50%"},
    {.name = "output,o", .value = "FILE", .help = "the picture's file"},
    {.name = "size", .value = "WxH", .help = "in pixels, 320 to 8192 each", .usual = "1600x1000"},
    {.name = "panel",
     .value = "NAME",
     .help = "all, network, ladder, list, inspector or timeline",
     .usual = "all"},
    {.name = "theme", .value = "NAME", .help = "dark or light", .usual = "dark"},
    {.name = "lecture", .help = "larger type, for a projector"},
    {.name = "seed", .value = "N", .help = "seed of a scenario"},
};

constexpr Usage kShotUsage = {
    "mailscope shot SCENARIO|CAPTURE... --at TIME -o FILE.png [options]",
    "Draws the window at an instant and saves it as a PNG picture. It needs no display.\n"
    "TIME is virtual time (1.25s, 300ms) or a share of the whole (50%).",
    "  mailscope shot maa --at 50% --size 1600x1000 -o maa.png\n"
    "  mailscope shot maa --at 0.4s --theme light --panel ladder -o ladder.png\n"
    "  mailscope shot monday.pcap --at 0% -o monday.png\n",
    "SOURCE", kShotOptions};

bool parse_size(std::string_view text, int& width, int& height) {
  const std::size_t x = text.find('x');
  if (x == std::string_view::npos) return false;
  const auto number = [](std::string_view digits, int& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() && value >= 320 &&
           value <= 8192;
  };
  return number(text.substr(0, x), width) && number(text.substr(x + 1), height);
}

}  // namespace

int shot_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kShotUsage, given)) return *over;
  if (!given.has("SOURCE") || !given.has("at") || !given.has("output"))
    return fail(kWrongUsage,
                fmt::format("shot wants a scenario or a capture, --at and -o; usage: {}",
                            kShotUsage.synopsis));
  viz::ShotOptions options;
  const std::string size = given.text("size");
  if (!parse_size(size, options.width, options.height))
    return fail(
        kWrongUsage,
        fmt::format("--size \"{}\" is not a size; write --size 1600x1000, each from 320 to 8192",
                    printable(size)));
  if (!read_theme(given, options.light)) return kWrongUsage;
  options.lecture = given.has("lecture");
  options.panel = given.text("panel");
  const std::string at = given.text("at");
  if (!parse_time(at, 100)) return fail(kWrongUsage, no_time(at));
  std::optional<std::uint64_t> seed;
  if (!read_seed(given, seed)) return kWrongUsage;
  auto trace = open_source(given.all("SOURCE"), seed);
  if (!trace) return fail(kWrongUsage, trace.error());
  options.at = *parse_time(at, (*trace)->source.duration);
  const auto drawn = viz::shot(**trace, options, given.text("output"));
  if (!drawn) return fail(kWrongUsage, drawn.error());
  return kDone;
}

}  // namespace mailscope::cli
