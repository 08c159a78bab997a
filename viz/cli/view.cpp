#include <fmt/format.h>

#include <cstdlib>

#include "protocols/base/ascii.hpp"
#include "scenarios/lessons/shipped.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/instant.hpp"
#include "viz/cli/options.hpp"
#include "viz/cli/samples.hpp"
#include "viz/cli/source.hpp"
#include "viz/window/window.hpp"

namespace mailscope::cli {
namespace {

constexpr Option kViewOptions[] = {
    {.name = "seed", .value = "N", .help = "seed of a scenario"},
    {.name = "at", .value = "TIME", .help = "where to open it: 1.25s, 300ms, 50%"},
    {.name = "theme", .value = "NAME", .help = "dark or light", .usual = "dark"},
    {.name = "lecture", .help = "larger type, for a projector"},
    {.name = "reduced-motion", .help = "no movement between steps"},
};

constexpr Usage kViewUsage = {
    "mailscope view SCENARIO|CAPTURE... [options]",
    "Opens the window on a scenario or on captures, paused at t = 0 or at "
    "--at TIME. Space plays it at a\nreader's pace: one thing after the "
    "other, each narrated step as long as its words take. + and -\nchange "
    "the pace; V plays by virtual time instead. ? shows all keys.",
    "  mailscope view maa\n"
    "  mailscope view maa --at 0.4s\n"
    "  mailscope view lossy-line --seed 3 --theme light\n"
    "  mailscope view monday.pcap\n",
    "SOURCE", kViewOptions};

bool has_display() {
  const char* x = std::getenv("DISPLAY");
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  return (x && *x) || (wayland && *wayland);
}

// "mail.alpha.example" is "mail.alpha" on a small picture.
std::string short_name(const std::string& host) {
  constexpr std::string_view kEnd = ".example";
  return host.ends_with(kEnd) ? host.substr(0, host.size() - kEnd.size()) : host;
}

std::string person(std::string name) {
  if (!name.empty()) name[0] = to_upper(name[0]);
  return name;
}

// Whose computer it is, and the agents that carry mail.
std::vector<std::string> inside(const scenarios::Scenario& scenario,
                                const scenarios::HostSpec& host) {
  std::vector<std::string> all;
  for (const scenarios::UserSpec& user : scenario.users)
    if (user.computer == host.name) all.push_back(person(user.name));
  for (const trace::AgentKind agent : host.agents)
    if (agent != trace::AgentKind::UserAgent) all.emplace_back(trace::name(agent));
  return all;
}

viz::GalleryPicture picture_of(const scenarios::Scenario& scenario) {
  viz::GalleryPicture picture;
  const auto place_of = [&](const std::string& name) {
    return static_cast<std::size_t>(scenario.host(name) - scenario.hosts.data());
  };
  for (const scenarios::HostSpec& host : scenario.hosts)
    picture.hosts.push_back({short_name(host.name), host.kind == trace::HostKind::Router, host.x,
                             host.y, inside(scenario, host)});
  for (const scenarios::LinkSpec& link : scenario.links)
    for (std::size_t i = 1; i < link.hosts.size(); ++i)
      picture.links.emplace_back(place_of(link.hosts[0]), place_of(link.hosts[i]));
  return picture;
}

viz::GalleryItem item_of(const scenarios::Scenario& scenario, std::string_view part) {
  viz::GalleryItem item{scenario.name,        scenario.title,   scenario.summary, {},
                        picture_of(scenario), std::string(part)};
  for (const std::string& topic : scenario.topics) {
    const std::string_view title = scenarios::topic_title(topic);
    item.topics.emplace_back(title.empty() ? topic : title);
    item.ids += topic + ' ';
  }
  return item;
}

viz::GalleryItem item_of(const Sample& sample) {
  viz::GalleryItem item;
  item.name = sample.name;
  item.title = sample.title;
  item.summary = sample.summary;
  item.topics = {std::string(sample.protocol), std::string(sample.name)};
  item.picture.hosts = {{std::string(sample.client), false, 0, 0.5f},
                        {std::string(sample.server), false, 1, 0.5f}};
  item.picture.links = {{0, 1}};
  item.part = "Recorded with real programs";
  item.ids = fmt::format("{} {} capture", sample.client, sample.server);
  item.capture = true;
  return item;
}

std::vector<viz::GalleryItem> gallery() {
  std::vector<viz::GalleryItem> items;
  for (const scenarios::ShippedScenario& shipped : scenarios::shipped_scenarios())
    if (const auto scenario = scenarios::load_scenario(std::string(shipped.name)))
      items.push_back(item_of(*scenario, shipped.part));
  for (const Sample& sample : samples()) items.push_back(item_of(sample));
  return items;
}

viz::WindowOptions window_options() {
  viz::WindowOptions options;
  options.gallery = gallery();
  options.load = [](const std::string& name) {
    const Sample* sample = find_sample(name);
    return sample ? open_sample(*sample) : open_source({name});
  };
  return options;
}

}  // namespace

int view_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kViewUsage, given)) return *over;
  if (!given.has("SOURCE"))
    return fail(kWrongUsage,
                fmt::format("view wants a scenario or a capture; usage: {}", kViewUsage.synopsis));
  bool light = false;
  if (!read_theme(given, light)) return kWrongUsage;
  const std::string at = given.has("at") ? given.text("at") : "0s";
  if (!parse_time(at, 100)) return fail(kWrongUsage, no_time(at));
  std::optional<std::uint64_t> seed;
  if (!read_seed(given, seed)) return kWrongUsage;
  if (!has_display())
    return fail(
        kWrongUsage,
        "there is no display to open a window on; use `mailscope run`, `analyze` or `shot`");
  auto trace = open_source(given.all("SOURCE"), seed);
  if (!trace) return fail(kWrongUsage, trace.error());
  viz::WindowOptions window = window_options();
  window.light = light;
  window.lecture = given.has("lecture");
  window.reduced_motion = given.has("reduced-motion");
  window.at = *parse_time(at, (*trace)->source.duration);
  window.initial = std::move(*trace);
  return viz::run_window(std::move(window));
}

// Without a display the main scenario is played in the terminal.
int gallery_command() {
  if (!has_display()) return run_command({"maa"});
  return viz::run_window(window_options());
}

}  // namespace mailscope::cli
