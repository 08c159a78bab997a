// An OpenGL 3.3 core context and a picture to draw into, without any display: EGL on Mesa's
// surfaceless platform, or on the default device where that is not there.
//
// The context is current on the calling thread for the object's life. Errors are one line.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace mailscope::viz {

class Offscreen {
 public:
  static tl::expected<std::unique_ptr<Offscreen>, std::string> open(int width, int height);
  ~Offscreen();
  Offscreen(const Offscreen&) = delete;
  Offscreen& operator=(const Offscreen&) = delete;

  // The picture, top row first, three octets a pixel.
  std::vector<unsigned char> pixels() const;

 private:
  Offscreen() = default;
  struct Handles;
  std::unique_ptr<Handles> handles_;
  int width_ = 0, height_ = 0;
};

}  // namespace mailscope::viz
