#include "viz/window/window.hpp"

#define GLFW_INCLUDE_NONE
#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

#include "viz/layout/carry.hpp"
#include "viz/layout/follow.hpp"
#include "viz/window/gallery.hpp"
#include "viz/window/palette.hpp"
#include "viz/window/report.hpp"
#include "viz/window/shell.hpp"
#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

constexpr double kGlideSeconds = 0.45;
// Pictures a second: while something moves, and while only the reading time goes by. At rest none
// is drawn; after an event some, until ImGui has settled.
constexpr double kFrameSeconds = 1.0 / 60, kReadingFrameSeconds = 0.2;
constexpr int kFramesAfterEvent = 3;
constexpr std::size_t kFilteredAtOnce = 20'000;
// A trace that grows: how long its sockets are served between two looks at the keys, how often it
// is read anew, and how much of the time that may take.
constexpr double kServeSeconds = 0.03, kServeSecondsBusy = 0.008;
constexpr double kRefreshSeconds = 0.25, kRefreshShare = 0.1;

constexpr std::size_t kPerformedMax = 200;

class App {
 public:
  explicit App(WindowOptions options) : options_(std::move(options)), gallery_(options_.gallery) {
    gallery_.settings = {options_.light, options_.lecture, options_.reduced_motion};
  }

  int run() {
    if (!open()) return 2;
    if (options_.growing) show(options_.growing->trace());
    if (options_.initial) show(std::move(options_.initial));
    if (view_ && options_.at > 0) go_to_time(view_->index, view_->cursor, options_.at);
    double before = glfwGetTime();
    while (!glfwWindowShouldClose(window_)) {
      wait();
      const double now = glfwGetTime();
      tick(std::min(now - before, 0.25));
      before = now;
      if (!must_draw(now)) continue;
      drawn_at_ = now;
      draw();
    }
    report();
    close();
    return 0;
  }

 private:
  // ---- the window ----

  bool open() {
    glfwSetErrorCallback([](int, const char*) {});
    if (!glfwInit()) return no_window();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    window_ = glfwCreateWindow(options_.width, options_.height, "MailScope", nullptr, nullptr);
    if (!window_) return no_window();
    glfwSetWindowSizeLimits(window_, 800, 560, GLFW_DONT_CARE, GLFW_DONT_CARE);
    fit_to_monitor();
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    glfwSetWindowUserPointer(window_, this);
    glfwSetKeyCallback(window_, on_key);
    glfwSetCharCallback(window_, on_character);
    watch_mouse();
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
    ImGui::GetIO().ConfigInputTextCursorBlink = false;  // rest is rest
    ImGui_ImplGlfw_InitForOpenGL(window_, true);        // keeps the callbacks above and calls them
    ImGui_ImplOpenGL3_Init("#version 330");
    return true;
  }

  // No larger than what the screen has beside its bars and docks, the frame included.
  void fit_to_monitor() {
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    if (!monitor) return;
    int x = 0, y = 0, w = 0, h = 0, width = 0, height = 0;
    glfwGetMonitorWorkarea(monitor, &x, &y, &w, &h);
    glfwGetWindowSize(window_, &width, &height);
    int left = 0, top = 0, right = 0, bottom = 0;
    glfwGetWindowFrameSize(window_, &left, &top, &right, &bottom);
    w -= left + right, h -= top + bottom;
    if (w <= 0 || h <= 0 || (width <= w && height <= h)) return;
    glfwSetWindowSize(window_, std::min(width, w), std::min(height, h));
    glfwSetWindowPos(window_, x + left + std::max(0, w - width) / 2,
                     y + top + std::max(0, h - height) / 2);
  }

  // Whatever the mouse does is drawn; ImGui calls these when it has looked itself.
  void watch_mouse() {
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { touch_window(w); });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int, int, int) { touch_window(w); });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { touch_window(w); });
    glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int) { touch_window(w); });
    glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int) { touch_window(w); });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { touch_window(w); });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { touch_window(w); });
  }
  static void touch_window(GLFWwindow* window) {
    App& app = *static_cast<App*>(glfwGetWindowUserPointer(window));
    app.fresh_frames_ = kFramesAfterEvent;
  }

  static bool no_window() {
    const char* why = nullptr;
    glfwGetError(&why);
    std::fprintf(
        stderr,
        "mailscope: no window can be opened (%s); `mailscope shot` and `run` need no display\n",
        why ? why : "no display");
    glfwTerminate();
    return false;
  }

  void close() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window_);
    glfwTerminate();
  }

  static void on_key(GLFWwindow* window, int key, int, int action, int mods) {
    if (action == GLFW_RELEASE) return;
    touch_window(window);
    auto* app = static_cast<App*>(glfwGetWindowUserPointer(window));
    app->press({key_of(key), (mods & GLFW_MOD_SHIFT) != 0, (mods & GLFW_MOD_CONTROL) != 0});
  }

  static void on_character(GLFWwindow* window, unsigned int character) {
    touch_window(window);
    auto* app = static_cast<App*>(glfwGetWindowUserPointer(window));
    if (app->palette_.shown()) return app->palette_.type(character);
    if (ImGui::GetIO().WantTextInput) return;
    if (!app->view_) return app->gallery_.type(character);
    if (const Key key = key_typed(character); key != Key::None && !app->view_->black)
      app->press({key, false, false});
  }

  void press(KeyPress press) {
    if (palette_.shown()) {
      note(palette_.handle_key(press));
    } else if (view_) {
      // What is typed into the filter is the filter's; Escape and Enter leave it (ImGui sees to
      // that).
      note(handle_key(*view_, press, ImGui::GetIO().WantTextInput));
    } else {
      note(gallery_.handle_key(press));
    }
    do_what_is_asked();
  }

  // For the report: what the keys have done.
  template <typename Subject>
  void note(const Command<Subject>* command) {
    if (command && performed_.size() < kPerformedMax) performed_.push_back(command->name);
  }

  // What a command can't do itself.
  void do_what_is_asked() {
    const bool closing = palette_.to_close || gallery_.to_close || (view_ && view_->to_close);
    if (closing) glfwSetWindowShouldClose(window_, GLFW_TRUE);
    if (view_ && std::exchange(view_->to_palette, false))
      palette_.open(palette_entries(view_commands(), *view_));
    if (!view_ && std::exchange(gallery_.to_palette, false))
      palette_.open(palette_entries(Gallery::commands(), gallery_));
    if (std::exchange(gallery_.to_lesson, false) && left_view_) come_back();
  }

  // The palette's choice is done as if its key had been pressed.
  void do_chosen() {
    const auto row = palette_.take_chosen();
    if (!row) return;
    if (view_) {
      perform(view_commands()[*row], *view_);
      note(&view_commands()[*row]);
    } else {
      perform(Gallery::commands()[*row], gallery_);
      note(&Gallery::commands()[*row]);
    }
    do_what_is_asked();
    fresh_frames_ = kFramesAfterEvent;
  }

  // ---- what it shows ----

  void show(std::unique_ptr<trace::Trace> trace) {
    view_.reset();
    left_view_.reset();
    trace_ = std::move(trace);
    show(*trace_);
  }

  void show(const trace::Trace& trace) {
    view_ = std::make_unique<View>(trace);
    view_->has_gallery = !options_.gallery.empty();
    view_->live = options_.growing != nullptr;
    view_->settings = gallery_.settings;
    view_->cursor.mode = mode_;
    view_->cursor.pace = pace_;
    view_->cursor.live = view_->cursor.playing = view_->live;
    set_title();
    fresh_frames_ = kFramesAfterEvent;
  }

  void leave() {
    gallery_.settings = view_->settings;
    mode_ = view_->cursor.mode;
    pace_ = view_->cursor.pace;
    view_->to_gallery = false;
    left_view_ = std::move(view_);
    gallery_.can_go_back = true;
    glfwSetWindowTitle(window_, "MailScope");
    fresh_frames_ = kFramesAfterEvent;
  }

  // From the gallery to the lesson that it was opened from, at its place; theme and type as they
  // are now.
  void come_back() {
    if (pending_) return;
    view_ = std::move(left_view_);
    view_->settings = gallery_.settings;
    gallery_.message.clear();
    set_title();
    fresh_frames_ = kFramesAfterEvent;
  }

  void set_title() {
    const trace::Source& source = view_->index.trace().source;
    const std::string title = (source.title.empty() ? source.name : source.title) + " - MailScope";
    glfwSetWindowTitle(window_, title.c_str());
  }

  // ---- a trace that grows ----

  void wait() {
    if (options_.growing) {
      options_.growing->serve_for(pulse() == Pulse::Full ? kServeSecondsBusy : kServeSeconds);
      glfwPollEvents();
      if (options_.growing->stopped()) glfwSetWindowShouldClose(window_, GLFW_TRUE);
      return follow();
    }
    if (pulse() == Pulse::Rest) return glfwWaitEvents();
    const double every = pulse() == Pulse::Full ? kFrameSeconds : kReadingFrameSeconds;
    const double left = drawn_at_ + every - glfwGetTime();
    left > 0 ? glfwWaitEventsTimeout(left) : glfwPollEvents();
  }

  bool must_draw(double now) const {
    if (pulse() == Pulse::Slow) return now - drawn_at_ >= kReadingFrameSeconds;
    return pulse() == Pulse::Full;
  }

  // Shows what there is more of the trace; the cursor stays, or follows.
  void follow() {
    const double began = glfwGetTime();
    const std::uint64_t grown = options_.growing->grown();
    if (!view_ || grown == grown_ || began < refresh_at_) return;
    grown_ = grown;
    const bool stood_at_end = at_end(view_->index, view_->cursor) && !view_->cursor.playing;
    bool gliding = false;
    if (view_->cursor.playing) {
      const std::vector<Beat>& beats = view_->beats();
      following_ = following_ || !is_moving(beats, view_->cursor);
      gliding =
          view_->cursor.beat < beats.size() && beats[view_->cursor.beat].kind == BeatKind::Pdu;
    }
    options_.growing->settle();
    view_->grow();
    Cursor& cursor = view_->cursor;
    if (stood_at_end) follow_to_end(view_->index, cursor);
    if (cursor.playing)
      resume(view_->plan(), cursor, gliding);
    else
      cursor.beat = kNone;
    if (following_) catch_up(view_->index, view_->beats(), cursor);
    view_->glided = cursor.pdu;
    fresh_frames_ = kFramesAfterEvent;
    const double ended = glfwGetTime();
    refresh_at_ = ended + std::max(kRefreshSeconds, (ended - began) / kRefreshShare);
  }

  // What the next picture waits for: nothing, the reader, or an event.
  enum class Pulse { Full, Slow, Rest };
  Pulse pulse() const { return pending_ || fresh_frames_ > 0 ? Pulse::Full : animation(); }
  Pulse animation() const {
    if (!view_) return Pulse::Rest;
    if (view_->glide < 1 || view_->settling || !view_->filtered.done()) return Pulse::Full;
    if (!view_->cursor.playing || !is_moving(view_->beats(), view_->cursor)) return Pulse::Rest;
    const bool reading = view_->cursor.mode == PlayMode::Reading;
    return reading && is_reading(view_->beats(), view_->cursor) ? Pulse::Slow : Pulse::Full;
  }

  void tick(double seconds) {
    do_chosen();
    if (pending_ && pending_frames_ > 1) load_pending();
    if (!view_) return;
    if (view_->to_gallery) return leave();
    const Pulse before = animation();
    view_->filtered.work(kFilteredAtOnce);
    move(*view_, seconds);
    following_ = following_ && view_->cursor.playing;
    // What has come to rest is drawn once more.
    if (before == Pulse::Full || before != animation()) fresh_frames_ = std::max(fresh_frames_, 1);
  }

  static void move(View& view, double seconds) {
    Cursor& cursor = view.cursor;
    if (cursor.playing) advance(view.index, view.beats(), cursor, seconds, view.settings);
    if (cursor.pdu != view.glided) {
      const bool forth =
          cursor.pdu != kNone &&
          (view.glided == kNone || view.index.trace().is_before(view.glided, cursor.pdu));
      view.glide =
          forth && !cursor.playing && !cursor.settled && !view.settings.reduced_motion ? 0 : 1;
      view.glided = cursor.pdu;
    }
    if (cursor.event.kind == Selected::Change && cursor.event != view.handed && !cursor.playing &&
        !cursor.settled && !view.settings.reduced_motion &&
        carry_of(view.index.trace(), cursor.event.id))
      view.glide = 0;
    view.handed = cursor.event;
    if (cursor.playing) view.glide = 1;
    const bool handed = view.handed.kind == Selected::Change;  // a longer look at a short way
    view.glide = std::min(1.0, view.glide + seconds / (handed ? 2 * kGlideSeconds : kGlideSeconds));
  }

  void load_pending() {
    const GalleryItem& item = options_.gallery[pending_->item];
    const bool play = pending_->play;
    pending_.reset();
    auto loaded = options_.load(item.name);
    if (loaded) {
      gallery_.message.clear();
      show(std::move(*loaded));
      if (play) toggle_play(view_->index, view_->cursor);
    } else {
      gallery_.message = loaded.error();
      fresh_frames_ = kFramesAfterEvent;
    }
  }

  // ---- a picture ----

  void fit_fonts() {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    const bool lecture = settings().lecture;
    int width = 0, height = 0;
    glfwGetWindowSize(window_, &width, &height);
    const float scale = type_scale(std::max(1.f, x), static_cast<float>(width),
                                   static_cast<float>(height), lecture);
    if (scale == scale_) return;
    if (scale_ > 0) ImGui_ImplOpenGL3_DestroyFontsTexture();
    fonts_ = load_fonts(scale);
    if (scale_ > 0) ImGui_ImplOpenGL3_CreateFontsTexture();
    scale_ = scale;
    fresh_frames_ = kFramesAfterEvent;
  }

  void draw() {
    fit_fonts();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    const Theme theme(settings().light);
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    const Rect window{0, 0, size.x, size.y};
    const Canvas canvas(nullptr, theme, fonts_, scale_);
    if (view_) {
      shell_.draw(*view_, canvas, window);
    } else if (const auto chosen = gallery_.draw(canvas, window); chosen && options_.load) {
      pending_ = *chosen;
      pending_frames_ = 0;
      const GalleryItem& item = options_.gallery[chosen->item];
      gallery_.message = (item.capture ? "Reading " : "Running ") + item.title + " …";
    }
    palette_.draw(canvas, window);
    ImGui::Render();
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
    ++frames_;
    if (pending_) ++pending_frames_;
    fresh_frames_ = std::max(0, fresh_frames_ - 1);
  }

  const Settings& settings() const { return view_ ? view_->settings : gallery_.settings; }

  void report() const {
    const char* path = std::getenv("MAILSCOPE_WINDOW_REPORT");
    if (path && *path)
      std::ofstream(path) << report_window({view_.get(), gallery_, palette_, performed_, frames_})
                          << '\n';
  }

  WindowOptions options_;
  GLFWwindow* window_ = nullptr;
  std::unique_ptr<trace::Trace> trace_;
  std::unique_ptr<View> view_;
  std::unique_ptr<View> left_view_;  // of trace_, while the gallery is shown over it
  Shell shell_;
  Gallery gallery_;
  Palette palette_;
  std::vector<std::string_view> performed_;  // the names of the commands that keys have given
  // How it is played, for the next trace.
  PlayMode mode_ = PlayMode::Reading;
  double pace_ = 1;
  Fonts fonts_{};
  float scale_ = 0;
  std::optional<Choice> pending_;  // the scenario that is to be run
  int pending_frames_ = 0, fresh_frames_ = kFramesAfterEvent;
  std::uint64_t frames_ = 0;  // drawn so far
  std::uint64_t grown_ = 0;   // what of a growing trace is shown
  bool following_ = true;     // plays it as it comes, and has not gone back since
  double refresh_at_ = 0, drawn_at_ = -1;
};

}  // namespace

int run_window(WindowOptions options) {
  return App(std::move(options)).run();
}

}  // namespace mailscope::viz
