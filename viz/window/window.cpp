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
#include <nlohmann/json.hpp>
#include <optional>

#include "viz/layout/follow.hpp"
#include "viz/window/gallery.hpp"
#include "viz/window/shell.hpp"

namespace mailscope::viz {
namespace {

constexpr double kGlideSeconds = 0.45;
// A trace that grows: how long its sockets are served between two looks at the keys, how often it
// is read anew, and how much of the time that may take.
constexpr double kServeSeconds = 0.03, kServeSecondsBusy = 0.008;
constexpr double kRefreshSeconds = 0.25, kRefreshShare = 0.1;

Key key_of(int key) {
  if (key >= GLFW_KEY_1 && key <= GLFW_KEY_9)
    return static_cast<Key>(static_cast<int>(Key::Digit1) + key - GLFW_KEY_1);
  switch (key) {
    case GLFW_KEY_SPACE:
      return Key::Space;
    case GLFW_KEY_LEFT:
      return Key::Left;
    case GLFW_KEY_RIGHT:
      return Key::Right;
    case GLFW_KEY_UP:
      return Key::Up;
    case GLFW_KEY_DOWN:
      return Key::Down;
    case GLFW_KEY_HOME:
      return Key::Home;
    case GLFW_KEY_END:
      return Key::End;
    case GLFW_KEY_PAGE_UP:
      return Key::PageUp;
    case GLFW_KEY_PAGE_DOWN:
      return Key::PageDown;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER:
      return Key::Enter;
    case GLFW_KEY_ESCAPE:
      return Key::Escape;
    case GLFW_KEY_A:
      return Key::A;
    case GLFW_KEY_C:
      return Key::C;
    case GLFW_KEY_D:
      return Key::D;
    case GLFW_KEY_E:
      return Key::E;
    case GLFW_KEY_F:
      return Key::F;
    case GLFW_KEY_G:
      return Key::G;
    case GLFW_KEY_I:
      return Key::I;
    case GLFW_KEY_L:
      return Key::L;
    case GLFW_KEY_S:
      return Key::S;
    case GLFW_KEY_T:
      return Key::T;
    case GLFW_KEY_W:
      return Key::W;
    case GLFW_KEY_MINUS:
    case GLFW_KEY_KP_SUBTRACT:
      return Key::Minus;
    case GLFW_KEY_EQUAL:
    case GLFW_KEY_KP_ADD:
      return Key::Plus;
    default:
      return Key::None;
  }
}

class App {
 public:
  explicit App(WindowOptions options) : options_(std::move(options)), gallery_(options_.gallery) {
    settings_.light = options_.light;
    settings_.lecture = options_.lecture;
    settings_.reduced_motion = options_.reduced_motion;
  }

  int run() {
    if (!open()) return 2;
    if (options_.initial) show(std::move(options_.initial));
    if (view_ && options_.at > 0) go_to_time(view_->index, view_->cursor, options_.at);
    double before = glfwGetTime();
    while (!glfwWindowShouldClose(window_)) {
      wait();
      const double now = glfwGetTime();
      tick(std::min(now - before, 0.1));
      before = now;
      if (must_draw(now)) draw();
    }
    report();
    close();
    return 0;
  }

 private:
  // ---- the window
  // ------------------------------------------------------------------------------------

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
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    glfwSetWindowUserPointer(window_, this);
    glfwSetKeyCallback(window_, on_key);
    glfwSetCharCallback(window_, on_character);
    watch_mouse();
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window_, true);  // keeps the callbacks above and calls them
    ImGui_ImplOpenGL3_Init("#version 330");
    return true;
  }

  // Whatever the mouse does is drawn; ImGui calls these when it has looked itself.
  void watch_mouse() {
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { touch_window(w); });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int, int, int) { touch_window(w); });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { touch_window(w); });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { touch_window(w); });
  }
  static void touch_window(GLFWwindow* window) {
    App& app = *static_cast<App*>(glfwGetWindowUserPointer(window));
    app.fresh_frames_ = std::max(app.fresh_frames_, 2);
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
    auto* app = static_cast<App*>(glfwGetWindowUserPointer(window));
    touch_window(window);
    const bool ctrl = mods & GLFW_MOD_CONTROL, shift = mods & GLFW_MOD_SHIFT;
    if (ctrl && key == GLFW_KEY_Q) return glfwSetWindowShouldClose(window, GLFW_TRUE);
    // What is typed into the filter is the filter's; Escape and Enter leave it (ImGui sees to
    // that).
    if (ImGui::GetIO().WantTextInput) return;
    app->press({key_of(key), shift, ctrl});
  }

  static void on_character(GLFWwindow* window, unsigned int character) {
    if (ImGui::GetIO().WantTextInput) return;
    auto* app = static_cast<App*>(glfwGetWindowUserPointer(window));
    if (character == '/') app->press({Key::Slash, false, false});
    if (character == '?') app->press({Key::Question, false, false});
  }

  void press(KeyPress press) {
    if (view_) {
      handle_key(*view_, press);
      return;
    }
    if (press.key == Key::T) settings_.light = !settings_.light;
    if (press.key == Key::L) settings_.lecture = !settings_.lecture;
    gallery_.handle_key(press);
  }

  // ---- what it shows
  // -------------------------------------------------------------------------------------

  void show(std::unique_ptr<trace::Trace> trace) {
    view_.reset();
    trace_ = std::move(trace);
    view_ = std::make_unique<View>(*trace_);
    view_->has_gallery = !options_.gallery.empty();
    view_->live = options_.growing != nullptr;
    view_->cursor.light = settings_.light;
    view_->cursor.lecture = settings_.lecture;
    view_->cursor.reduced_motion = settings_.reduced_motion;
    const trace::Source& source = trace_->source;
    const std::string title = (source.title.empty() ? source.name : source.title) + " - MailScope";
    glfwSetWindowTitle(window_, title.c_str());
  }

  void leave() {
    settings_ = view_->cursor;
    view_.reset();
    trace_.reset();
    glfwSetWindowTitle(window_, "MailScope");
  }

  // ---- a trace that grows
  // --------------------------------------------------------------------------------

  void wait() {
    if (!options_.growing) return busy() ? glfwPollEvents() : glfwWaitEventsTimeout(0.5);
    options_.growing->serve_for(busy() ? kServeSecondsBusy : kServeSeconds);
    glfwPollEvents();
    if (options_.growing->stopped()) glfwSetWindowShouldClose(window_, GLFW_TRUE);
    follow();
  }

  bool must_draw(double now) {
    if (options_.growing && !busy() && now - drawn_at_ < 0.5) return false;
    drawn_at_ = now;
    return true;
  }

  // Reads the trace anew when there is more of it; the cursor stays, or follows.
  void follow() {
    const double began = glfwGetTime();
    const std::uint64_t grown = options_.growing->grown();
    if (!view_ || grown == grown_ || began < refresh_at_) return;
    grown_ = grown;
    const Place place = place_of(view_->index, view_->cursor);
    options_.growing->refresh(*trace_);
    auto fresh = std::make_unique<View>(*trace_);
    fresh->cursor = view_->cursor;
    fresh->splits = view_->splits;
    fresh->help = view_->help;
    fresh->live = true;
    return_to(fresh->index, fresh->cursor, place);
    fresh->glided = fresh->cursor.pdu;
    view_ = std::move(fresh);
    fresh_frames_ = std::max(fresh_frames_, 2);
    const double ended = glfwGetTime();
    refresh_at_ = ended + std::max(kRefreshSeconds, (ended - began) / kRefreshShare);
  }

  bool busy() const {
    if (pending_) return true;
    if (!view_) return fresh_frames_ > 0;
    return view_->cursor.playing || view_->glide < 1 || view_->settling ||
           !view_->filtered.done() || fresh_frames_ > 0;
  }

  void tick(double seconds) {
    fresh_frames_ = std::max(0, fresh_frames_ - 1);
    if (pending_ && pending_frames_++ > 1) load_pending();
    if (!view_) return;
    if (view_->to_gallery) return leave();
    Cursor& cursor = view_->cursor;
    advance(view_->index, cursor, seconds);
    if (cursor.pdu != view_->glided) {
      const bool forth =
          cursor.pdu != kNone && (view_->glided == kNone || cursor.pdu > view_->glided);
      view_->glide = forth && !cursor.playing && !cursor.reduced_motion ? 0 : 1;
      view_->glided = cursor.pdu;
    }
    view_->glide = std::min(1.0, view_->glide + seconds / kGlideSeconds);
  }

  void load_pending() {
    const GalleryItem& item = options_.gallery[*pending_];
    pending_.reset();
    auto loaded = options_.load(item.name);
    if (loaded) {
      gallery_.message.clear();
      show(std::move(*loaded));
    } else {
      gallery_.message = loaded.error();
    }
  }

  // ---- a frame
  // ---------------------------------------------------------------------------------------------

  void fit_fonts() {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    const bool lecture = view_ ? view_->cursor.lecture : settings_.lecture;
    int width = 0, height = 0;
    glfwGetWindowSize(window_, &width, &height);
    const float scale = type_scale(std::max(1.f, x), static_cast<float>(width),
                                   static_cast<float>(height), lecture);
    if (scale == scale_) return;
    if (scale_ > 0) ImGui_ImplOpenGL3_DestroyFontsTexture();
    fonts_ = load_fonts(scale);
    if (scale_ > 0) ImGui_ImplOpenGL3_CreateFontsTexture();
    scale_ = scale;
    fresh_frames_ = 3;
  }

  void draw() {
    fit_fonts();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    const Theme theme(view_ ? view_->cursor.light : settings_.light);
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    const Rect window{0, 0, size.x, size.y};
    const Canvas canvas(nullptr, theme, fonts_, scale_);
    if (view_) {
      shell_.draw(*view_, canvas, window);
    } else if (const auto chosen = gallery_.draw(canvas, window); chosen && options_.load) {
      pending_ = *chosen;
      pending_frames_ = 0;
      gallery_.message = "Running " + options_.gallery[*chosen].title + " …";
    }
    ImGui::Render();
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
    // Hovering and scrolling settle over a few frames after each event.
    if (ImGui::GetIO().WantCaptureMouse || ImGui::IsAnyItemActive())
      fresh_frames_ = std::max(fresh_frames_, 1);
  }

  void report() const {
    const char* path = std::getenv("MAILSCOPE_WINDOW_REPORT");
    if (!path || !*path) return;
    nlohmann::json out;
    out["shows"] = view_ ? "trace" : "gallery";
    const Cursor& cursor = view_ ? view_->cursor : settings_;
    out["theme"] = cursor.light ? "light" : "dark";
    out["lecture"] = cursor.lecture;
    if (view_) {
      constexpr const char* kKinds[] = {"nothing", "pdu", "frame", "change", "host", "mail"};
      out["source"] = trace_->source.name;
      out["time_ns"] = cursor.time;
      out["pdu"] = cursor.pdu == kNone ? -1 : static_cast<std::int64_t>(cursor.pdu);
      out["selected"] = kKinds[static_cast<int>(cursor.selection.kind)];
      out["selected_id"] =
          cursor.selection.id == kNone ? -1 : static_cast<std::int64_t>(cursor.selection.id);
      out["playing"] = cursor.playing;
      out["speed"] = cursor.speed;
      out["true_time"] = cursor.true_time;
      out["zoom"] = cursor.zoom;
      out["filter"] = cursor.filter;
      out["help"] = view_->help;
      out["step"] = cursor.note == kNone ? 0 : static_cast<std::int64_t>(cursor.note) + 1;
    } else {
      out["card"] = gallery_.selected();
    }
    std::ofstream(path) << out.dump() << '\n';
  }

  WindowOptions options_;
  GLFWwindow* window_ = nullptr;
  std::unique_ptr<trace::Trace> trace_;
  std::unique_ptr<View> view_;
  Shell shell_;
  Gallery gallery_;
  Cursor settings_;  // theme and type while no trace is open
  Fonts fonts_{};
  float scale_ = 0;
  std::optional<std::size_t> pending_;  // the scenario that is to be run
  int pending_frames_ = 0, fresh_frames_ = 3;
  std::uint64_t grown_ = 0;  // what of a growing trace is shown
  double refresh_at_ = 0, drawn_at_ = -1;
};

}  // namespace

int run_window(WindowOptions options) {
  return App(std::move(options)).run();
}

}  // namespace mailscope::viz
