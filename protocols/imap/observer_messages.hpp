// Which octets of FETCH responses are whole messages, or make one together. RFC 9051 §6.4.5.
//
// A message comes whole (BODY[], RFC822), in stretches one behind the other (BODY[]<0>, <2048>,
// ...) or as header and text (BODY[HEADER] and BODY[TEXT], in either order), in one response or in
// several. A stretch that may be all that is ever fetched is held until the next one comes, so that
// a look at the first 2 kB is no message; from then on octets are handed through. Only what is
// exact counts: a stretch that does not begin where the last one ended begins nothing.
//
// Messages are known by their sequence numbers, which EXPUNGE moves. At most kHeldOctetsMax are
// held together, what was held longest goes first; of kSizesMax messages the size is remembered.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/imap/observer_looks.hpp"

namespace mailscope::imap::reading {

class Messages {
 public:
  static constexpr std::size_t kHeldOctetsMax = 256 * 1024;
  static constexpr std::size_t kSizesMax = 1024;

  // What to do with a stretch.
  struct Plan {
    enum class Way : std::uint8_t { Skip, Hold, Pass };
    Way way = Way::Skip;
    bool breaks = false;   // the message that was begun before will not go on
    bool begins = false;   // a message begins
    std::string before{};  // octets of it that were held; they come first
    bool ends = false;     // it is whole behind the stretch
    std::string after{};   // octets that were held and come last
  };
  // `asked`: how many octets the client wanted, 0 where it did not say or that was not seen.
  Plan take(std::uint32_t message, const Stretch& stretch, std::uint64_t octets,
            std::uint64_t asked);
  // A piece of the stretch that is held.
  void hold(std::string_view octets);
  // A gap in it.
  void drop_held();

  // A held stretch that turns out to be all of its message, now that its size is known.
  std::optional<std::string> held_whole(std::uint32_t message);

  void note_size(std::uint32_t message, std::uint64_t octets);
  void expunged(std::uint32_t message);
  // Another mailbox, or numbers that nobody knows any more. True where a message was begun.
  bool forget();

  bool begun() const { return begun_.has_value(); }

 private:
  using Kind = Stretch::Kind;
  struct Held {
    std::uint32_t message = 0;
    Kind kind = Kind::None;
    std::string octets;
  };
  struct Begun {
    std::uint32_t message = 0;
    std::uint64_t next = 0;  // offset in the message
  };
  struct Size {
    std::uint32_t message = 0;
    std::uint64_t octets = 0;
  };

  Plan take_whole(std::uint64_t octets);
  Plan take_partial(std::uint32_t message, std::uint64_t origin, std::uint64_t octets,
                    std::uint64_t asked);
  Plan take_half(std::uint32_t message, Kind kind, std::uint64_t octets);
  Plan begin_holding(std::uint32_t message, Kind kind, std::uint64_t octets);
  std::optional<std::string> take_held(std::uint32_t message, Kind kind, std::uint64_t octets);
  std::uint64_t size_of(std::uint32_t message) const;

  std::deque<Held> held_;
  std::size_t held_octets_ = 0;
  std::optional<Begun> begun_;
  std::deque<Size> sizes_;  // ascending
};

}  // namespace mailscope::imap::reading
