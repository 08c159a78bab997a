// A passive observer of a dialogue: the octets of both directions in, events out (observed.hpp).
//
// Any chunking gives the same events. It never gives up: what breaks the rules becomes an event of
// kind Violation and the reading goes on. It does no I/O, and holds a bounded amount.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "protocols/base/observed.hpp"

namespace mailscope {

class DialogueObserver {
 public:
  virtual ~DialogueObserver() = default;
  virtual void receive(Direction direction, std::string_view octets) = 0;
  // `octets` of the stream were never seen.
  virtual void gap(Direction direction, std::uint64_t octets) = 0;
  virtual void receive_eof(Direction direction) = 0;
  // Its text is good until the next call of one of the three above.
  virtual std::optional<Observed> next_event() = 0;
  // For what is said in a layer that began here: knows what this one knows of the session, and
  // begins at offset 0 both ways. Null: an observer that joins in the middle will do.
  virtual std::unique_ptr<DialogueObserver> in_layer() const { return nullptr; }
};

}  // namespace mailscope
