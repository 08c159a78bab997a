// The events of one call of an observer, and the keeper of their texts.
//
// An event's text is handed out until the observer's next call (observed.hpp). Only the octets that
// the caller gave last so long; every other text (a line that was put together from two chunks, a
// listing) lies in a buffer that is used again. So a text is set by set_text() and by nothing else:
// it stays a view where it lies within the caller's octets and is copied wherever else it lies. No
// observer has to know which is which, and none can be wrong about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/observed.hpp"

namespace mailscope {

// A rule that was broken, as a Violation tells it.
struct Breach {
  std::uint8_t severity = 0;  // 0 note, 1 warning, 2 error
  std::string_view code;      // static storage, as `rfc`
  std::string_view text;
  std::string_view rfc;
};

class ObservedQueue {
 public:
  // A call begins; what was left of the last one is gone. `octets`: what the caller gave.
  void begin(std::string_view octets = {});

  // The reference is good until the next add().
  ObservedHead& add(const ObservedHead& head);
  // Of the event added last.
  void set_text(std::string_view text);
  // A Violation with the direction, range, state and phase of `where`.
  void violate(const ObservedHead& where, const Breach& breach);

  std::optional<Observed> next();

 private:
  struct Queued {
    Observed event;
    std::size_t kept_at = kNotKept;  // its text is text.size() octets of kept_ from here on
  };
  static constexpr std::size_t kNotKept = static_cast<std::size_t>(-1);

  std::string_view octets_;
  std::string kept_;
  std::vector<Queued> events_;
  std::size_t next_ = 0;
};

}  // namespace mailscope
