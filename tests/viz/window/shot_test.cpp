#include "viz/window/shot.hpp"

#include <stb/stb_image.h>

#include <unistd.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "tests/testing.hpp"
#include "tests/viz/sample_run.hpp"
#include "tests/viz/synthetic_trace.hpp"
#include "viz/window/theme.hpp"

using namespace mailscope;
using namespace mailscope::viz;

// Mesa's drivers keep some memory until the process ends; where AddressSanitizer is built in, its
// leak check would count that as ours.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}

namespace {

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint32_t> pixels;
  std::set<std::uint32_t> colors() const { return {pixels.begin(), pixels.end()}; }
};

Picture load(const std::string& path) {
  Picture picture;
  int channels = 0;
  unsigned char* data = stbi_load(path.c_str(), &picture.width, &picture.height, &channels, 4);
  REQUIRE(data);
  for (int i = 0; i < picture.width * picture.height; ++i) {
    std::uint32_t p = 0;
    for (int k = 0; k < 4; ++k) p |= static_cast<std::uint32_t>(data[4 * i + k]) << (8 * k);
    picture.pixels.push_back(p);
  }
  stbi_image_free(data);
  return picture;
}

// A folder of its own for the pictures, gone afterwards.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("mailscope-shot-" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
};

bool without_egl(const tl::expected<void, std::string>& result) {
  if (result || result.error().find("EGL") == std::string::npos) return false;
  testing::skip(result.error());
  return true;
}

}  // namespace

TEST_CASE("A picture is made without a display, of the size asked for, and is no blank") {
  unsetenv("DISPLAY");
  unsetenv("WAYLAND_DISPLAY");
  const Folder folder;
  const trace::Trace trace = sample::maa_trace();
  ShotOptions options;
  options.width = 1000, options.height = 700;
  options.at = 900 * sample::kMs;
  const std::string file = folder.file("a.png");
  const auto made = shot(trace, options, file);
  if (without_egl(made)) return;
  REQUIRE(made);
  const Picture picture = load(file);
  CHECK(picture.width == 1000);
  CHECK(picture.height == 700);
  CHECK(picture.colors().size() > 100);
  CHECK(picture.pixels.front() == Theme(false).color(Role::Background));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) ==
        1);  // no draft stays
}

TEST_CASE("Themes, panels and instants give different pictures, the same ones the same") {
  const Folder folder;
  const trace::Trace trace = sample::maa_trace();
  ShotOptions options;
  options.width = 700, options.height = 500;
  options.at = 900 * sample::kMs;
  const auto take = [&](const char* name) {
    const auto made = shot(trace, options, folder.file(name));
    return made ? load(folder.file(name)).pixels : std::vector<std::uint32_t>{};
  };
  if (without_egl(shot(trace, options, folder.file("first.png")))) return;
  const auto dark = take("dark.png");
  REQUIRE_FALSE(dark.empty());
  CHECK(take("again.png") == dark);
  options.light = true;
  const auto light = take("light.png");
  CHECK(light != dark);
  CHECK(light.front() == Theme(true).color(Role::Background));
  options.light = false;
  for (const char* panel : {"network", "ladder", "list", "inspector", "timeline"}) {
    options.panel = panel;
    INFO(panel);
    const auto one = take("panel.png");
    CHECK(one != dark);
    CHECK(std::set<std::uint32_t>(one.begin(), one.end()).size() > 50);
  }
  options.panel = "";
  options.at = 1000 * sample::kMs;
  CHECK(take("later.png") != dark);
}

TEST_CASE("What cannot be drawn or written is said in one line") {
  const Folder folder;
  const trace::Trace trace = sample::maa_trace();
  ShotOptions options;
  options.width = 300, options.height = 200;
  options.panel = "kitchen";
  auto made = shot(trace, options, folder.file("a.png"));
  REQUIRE_FALSE(made);
  CHECK(made.error().find("kitchen") != std::string::npos);
  options.panel = "";
  options.width = 0;
  CHECK_FALSE(shot(trace, options, folder.file("a.png")));
  options.width = 300;
  CHECK_FALSE(shot(trace, options, folder.file("nowhere/a.png")));
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("An empty trace, one without links, and a large one are drawn too") {
  const Folder folder;
  ShotOptions options;
  options.width = 900, options.height = 600;
  const trace::Trace empty;
  const auto made = shot(empty, options, folder.file("empty.png"));
  if (without_egl(made)) return;
  CHECK(made);
  const trace::Trace capture = sample::synthetic_trace(20'000, 40, 100);
  options.at = 10'000 * sample::kMs;
  CHECK(shot(capture, options, folder.file("capture.png")));
  options.true_time = true;
  options.help = true;
  options.lecture = true;
  CHECK(shot(capture, options, folder.file("help.png")));
}

TEST_CASE("The gallery shows its cards") {
  const Folder folder;
  ShotOptions options;
  options.width = 900, options.height = 600;
  const std::vector<GalleryItem> items(
      30, {"maa", "A title", "A summary of the scenario.", {"A1", "S1"}, {}});
  const auto made = shot_gallery(items, options, folder.file("gallery.png"));
  if (without_egl(made)) return;
  REQUIRE(made);
  CHECK(load(folder.file("gallery.png")).colors().size() > 50);
}

TEST_CASE("A card shows all that is told of a lesson, and a capture's has no number") {
  const Folder folder;
  ShotOptions options;
  options.width = 900, options.height = 600;
  const GalleryItem plain{"maa", "A title", "A summary.", {"A1"}, {}, "A part"};
  const auto take = [&](const GalleryItem& second) {
    const std::vector<GalleryItem> items{plain, second};
    const auto made = shot_gallery(items, options, folder.file("card.png"));
    return made ? load(folder.file("card.png")).pixels : std::vector<std::uint32_t>{};
  };
  if (without_egl(shot_gallery({plain}, options, folder.file("card.png")))) return;
  const auto before = take(plain);
  const bool same = take(plain) == before;  // Catch would write all pixels
  CHECK(same);
  const auto differs = [&](const char* field, auto change) {
    INFO(field);
    GalleryItem item = plain;
    change(item);
    const bool other = take(item) != before;
    CHECK(other);
  };
  differs("title", [](GalleryItem& item) { item.title = "Another"; });
  differs("summary", [](GalleryItem& item) { item.summary = "Another."; });
  differs("topics", [](GalleryItem& item) { item.topics = {"Another"}; });
  differs("part", [](GalleryItem& item) { item.part = "Another"; });
  differs("picture", [](GalleryItem& item) { item.picture.hosts = {{"mail.alpha", false, 0, 0}}; });
  differs("number", [](GalleryItem& item) { item.capture = true; });
}
