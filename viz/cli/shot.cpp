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

constexpr Usage kUsage = {
    "mailscope shot SCENARIO|CAPTURE... --at TIME -o FILE.png [options]",
    "Draws the window at an instant and saves it as a PNG picture. It needs no display.\n"
    "TIME is virtual time (1.25s, 300ms) or a share of the whole (50%).",
    "  mailscope shot maa --at 50% --size 1600x1000 -o maa.png\n"
    "  mailscope shot maa --at 0.4s --theme light --panel ladder -o ladder.png\n"
    "  mailscope shot monday.pcap --at 0% -o monday.png\n"};

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

po::options_description describe_options() {
  po::options_description options("Options");
  options.add_options()("at", po::value<std::string>()->value_name("TIME"),
                        "the instant: 1.25s, 300ms, 50%")(
      "output,o", po::value<std::string>()->value_name("FILE"), "the picture's file")(
      "size", po::value<std::string>()->default_value("1600x1000")->value_name("WxH"),
      "in pixels, 320 to 8192 each")(
      "panel", po::value<std::string>()->default_value("all")->value_name("NAME"),
      "all, network, ladder, list, inspector or timeline")(
      "theme", po::value<std::string>()->default_value("dark")->value_name("NAME"),
      "dark or light")("lecture", "larger type, for a projector")(
      "seed", po::value<std::uint64_t>()->value_name("N"), "seed of a scenario");
  return options;
}

}  // namespace

int shot_command(const Arguments& arguments) {
  po::variables_map values;
  if (const auto over = read_options(arguments, describe_options(), "SOURCE", kUsage, values))
    return *over;
  if (!values.count("SOURCE") || !values.count("at") || !values.count("output"))
    return fail(
        kWrongUsage,
        fmt::format("shot wants a scenario or a capture, --at and -o; usage: {}", kUsage.synopsis));
  viz::ShotOptions options;
  const std::string size = values["size"].as<std::string>();
  if (!parse_size(size, options.width, options.height))
    return fail(
        kWrongUsage,
        fmt::format("--size \"{}\" is not a size; write --size 1600x1000, each from 320 to 8192",
                    printable(size)));
  const std::string theme = values["theme"].as<std::string>();
  if (theme != "dark" && theme != "light")
    return fail(kWrongUsage, fmt::format("there is no theme \"{}\"; there are dark and light",
                                         printable(theme)));
  options.light = theme == "light";
  options.lecture = values.count("lecture") > 0;
  options.panel = values["panel"].as<std::string>();
  const std::string at = values["at"].as<std::string>();
  if (!parse_time(at, 100)) return fail(kWrongUsage, no_time(at));
  std::optional<std::uint64_t> seed;
  if (values.count("seed")) seed = values["seed"].as<std::uint64_t>();
  auto trace = open_source(values["SOURCE"].as<Arguments>(), seed);
  if (!trace) return fail(kWrongUsage, trace.error());
  options.at = *parse_time(at, (*trace)->source.duration);
  const auto drawn = viz::shot(**trace, options, values["output"].as<std::string>());
  if (!drawn) return fail(kWrongUsage, drawn.error());
  return kDone;
}

}  // namespace mailscope::cli
