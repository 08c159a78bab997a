#include "viz/window/offscreen.hpp"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>

#include <algorithm>

namespace mailscope::viz {

struct Offscreen::Handles {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  GLuint picture = 0, frame = 0;
};

namespace {

EGLDisplay open_display() {
  const auto platform_display = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(
      eglGetProcAddress("eglGetPlatformDisplayEXT"));
  EGLint major = 0, minor = 0;
  if (platform_display) {
    const EGLDisplay display =
        platform_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (display != EGL_NO_DISPLAY && eglInitialize(display, &major, &minor)) return display;
  }
  const EGLDisplay display = eglGetDisplay(EGL_DEFAULT_DISPLAY);
  if (display != EGL_NO_DISPLAY && eglInitialize(display, &major, &minor)) return display;
  return EGL_NO_DISPLAY;
}

EGLContext open_context(EGLDisplay display) {
  if (!eglBindAPI(EGL_OPENGL_API)) return EGL_NO_CONTEXT;
  constexpr EGLint kConfig[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE,
                                EGL_OPENGL_BIT, EGL_NONE};
  constexpr EGLint kContext[] = {EGL_CONTEXT_MAJOR_VERSION,
                                 3,
                                 EGL_CONTEXT_MINOR_VERSION,
                                 3,
                                 EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                 EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                 EGL_NONE};
  EGLConfig config = nullptr;
  EGLint configs = 0;
  if (!eglChooseConfig(display, kConfig, &config, 1, &configs) || configs == 0) config = nullptr;
  return eglCreateContext(display, config, EGL_NO_CONTEXT, kContext);
}

}  // namespace

tl::expected<std::unique_ptr<Offscreen>, std::string> Offscreen::open(int width, int height) {
  std::unique_ptr<Offscreen> out(new Offscreen());
  out->width_ = width, out->height_ = height;
  out->handles_ = std::make_unique<Handles>();
  Handles& h = *out->handles_;
  h.display = open_display();
  if (h.display == EGL_NO_DISPLAY)
    return tl::unexpected(
        std::string("no EGL display for drawing without a screen; Mesa's libegl1 provides one"));
  h.context = open_context(h.display);
  if (h.context == EGL_NO_CONTEXT ||
      !eglMakeCurrent(h.display, EGL_NO_SURFACE, EGL_NO_SURFACE, h.context))
    return tl::unexpected(std::string("EGL gives no OpenGL 3.3 context"));
  GLint largest = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &largest);
  if (width > largest || height > largest)
    return tl::unexpected("a picture may be at most " + std::to_string(largest) +
                          " pixels wide and high");
  glGenRenderbuffers(1, &h.picture);
  glBindRenderbuffer(GL_RENDERBUFFER, h.picture);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
  glGenFramebuffers(1, &h.frame);
  glBindFramebuffer(GL_FRAMEBUFFER, h.frame);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, h.picture);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    return tl::unexpected(std::string("OpenGL gives no picture to draw into"));
  glViewport(0, 0, width, height);
  return out;
}

Offscreen::~Offscreen() {
  if (!handles_ || handles_->display == EGL_NO_DISPLAY) return;
  if (handles_->context != EGL_NO_CONTEXT) {
    if (handles_->frame != 0) glDeleteFramebuffers(1, &handles_->frame);
    if (handles_->picture != 0) glDeleteRenderbuffers(1, &handles_->picture);
    eglMakeCurrent(handles_->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(handles_->display, handles_->context);
  }
  eglTerminate(handles_->display);
}

std::vector<unsigned char> Offscreen::pixels() const {
  const auto row = static_cast<std::size_t>(width_) * 3;
  std::vector<unsigned char> out(row * static_cast<std::size_t>(height_));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_, height_, GL_RGB, GL_UNSIGNED_BYTE, out.data());
  // OpenGL's first row is the lowest.
  for (int y = 0; y < height_ / 2; ++y) {
    const auto a = out.begin() + static_cast<std::ptrdiff_t>(row) * y;
    const auto b = out.begin() + static_cast<std::ptrdiff_t>(row) * (height_ - 1 - y);
    std::swap_ranges(a, a + static_cast<std::ptrdiff_t>(row), b);
  }
  return out;
}

}  // namespace mailscope::viz
