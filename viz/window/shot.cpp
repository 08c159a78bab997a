#include "viz/window/shot.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <stb/stb_image_write.h>
#include <unistd.h>

#include <cstdio>

#include "viz/layout/arrangement.hpp"
#include "viz/window/gallery.hpp"
#include "viz/window/offscreen.hpp"
#include "viz/window/shell.hpp"

namespace mailscope::viz {
namespace {

constexpr int kSideMin = 64, kSideMax = 8192;

tl::expected<void, std::string> write_png(const std::vector<unsigned char>& pixels, int width,
                                          int height, const std::string& path) {
  const std::string draft = path + ".part" + std::to_string(getpid());
  if (!stbi_write_png(draft.c_str(), width, height, 3, pixels.data(), width * 3)) {
    std::remove(draft.c_str());
    return tl::unexpected(path + ": cannot be written");
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    std::remove(draft.c_str());
    return tl::unexpected(path + ": cannot be written");
  }
  return {};
}

// An ImGui context with our fonts on an offscreen picture.
class Studio {
 public:
  static tl::expected<std::unique_ptr<Studio>, std::string> open(const ShotOptions& options) {
    if (options.width < kSideMin || options.height < kSideMin || options.width > kSideMax ||
        options.height > kSideMax)
      return tl::unexpected(std::string("a picture is 64 to 8192 pixels wide and high"));
    auto target = Offscreen::open(options.width, options.height);
    if (!target) return tl::unexpected(target.error());
    std::unique_ptr<Studio> studio(new Studio(std::move(*target), options));
    return studio;
  }
  ~Studio() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(context_);
    ImGui::SetCurrentContext(before_);
  }

  template <typename Draw>
  tl::expected<void, std::string> take(const ShotOptions& options, const std::string& path,
                                       Draw draw) {
    const float scale = type_scale(options.scale, static_cast<float>(options.width),
                                   static_cast<float>(options.height), options.lecture);
    const Fonts fonts = load_fonts(scale);
    const Theme theme(options.light);
    const Rect window{0, 0, static_cast<float>(options.width), static_cast<float>(options.height)};
    // The first frames let ImGui learn its windows' sizes.
    for (int frame = 0; frame < 3; ++frame) {
      ImGui_ImplOpenGL3_NewFrame();
      ImGui::NewFrame();
      draw(Canvas(nullptr, theme, fonts, scale), window);
      ImGui::Render();
    }
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    return write_png(target_->pixels(), options.width, options.height, path);
  }

 private:
  Studio(std::unique_ptr<Offscreen> target, const ShotOptions& options)
      : target_(std::move(target)),
        before_(ImGui::GetCurrentContext()),
        context_(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.DisplaySize = {static_cast<float>(options.width), static_cast<float>(options.height)};
    io.DeltaTime = 1.f / 60;
    io.MousePos = {-FLT_MAX, -FLT_MAX};
    ImGui_ImplOpenGL3_Init("#version 330");
  }

  std::unique_ptr<Offscreen> target_;
  ImGuiContext* before_;
  ImGuiContext* context_;
};

}  // namespace

tl::expected<void, std::string> shot(const trace::Trace& trace, const ShotOptions& options,
                                     const std::string& path) {
  if (!Shell::has_panel(options.panel))
    return tl::unexpected("there is no panel \"" + options.panel +
                          "\"; there are network, ladder, list, inspector, timeline and all");
  auto studio = Studio::open(options);
  if (!studio) return tl::unexpected(studio.error());
  View view(trace);
  view.still = true;
  view.help = options.help;
  view.has_gallery = trace.source.kind == trace::SourceKind::Simulator;
  view.settings.light = options.light;
  view.settings.lecture = options.lecture;
  view.ladder.true_time = options.true_time;
  view.filter = options.filter;
  go_to_time(view.index, view.cursor, options.at);
  if (options.pdu != trace::kNone) go_to_pdu(view.index, view.cursor, options.pdu);
  Shell shell;
  const std::string only = options.panel == "all" ? "" : options.panel;
  return (*studio)->take(options, path, [&](const Canvas& canvas, Rect window) {
    shell.draw(view, canvas, window, only);
  });
}

tl::expected<void, std::string> shot_gallery(const std::vector<GalleryItem>& items,
                                             const ShotOptions& options, const std::string& path) {
  auto studio = Studio::open(options);
  if (!studio) return tl::unexpected(studio.error());
  Gallery gallery(items);
  return (*studio)->take(options, path,
                         [&](const Canvas& canvas, Rect window) { gallery.draw(canvas, window); });
}

}  // namespace mailscope::viz
