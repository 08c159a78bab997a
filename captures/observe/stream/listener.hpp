// Listens to a stream until its first octets have told what is spoken there; then gives all of it
// to the reader of that language.
//
// The first octets of both sides (at most kHeldOctetsMax together, in at most kHeldPiecesMax
// pieces) are held until identify() has decided, and then given on in the order in which they came.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/observe/stream/identify.hpp"
#include "captures/observe/stream/stream_reader.hpp"

namespace mailscope::observe {

class Listener final : public StreamReader {
 public:
  static constexpr std::size_t kHeldOctetsMax = 2048;
  static constexpr std::size_t kHeldPiecesMax = 32;

  // `swap_sides` is called when the side taken for the client turns out to be the server; empty: it
  // can't, who they are is known. What comes after that call is given by the new sides.
  Listener(const ReaderPlace& place, std::function<void()> swap_sides);

  void octets(Direction direction, std::uint64_t begin, std::string_view octets,
              trace::Time at) override;
  void gap(Direction direction, std::uint64_t begin, std::uint64_t octets, trace::Time at) override;
  void eof(Direction direction, trace::Time at) override;
  void end(trace::Time at) override;

  bool decided() const { return reader_ != nullptr; }

 private:
  // Octets or a gap that came before the protocol was known.
  struct Piece {
    Direction direction = Direction::ToServer;
    std::uint64_t begin = 0;
    std::string octets;
    std::uint64_t missing = 0;
    trace::Time at = 0;
  };
  // Before the protocol is known. Gone afterwards.
  struct Undecided {
    std::string said[2];
    std::vector<Piece> pieces;
    bool ended[2] = {false, false};
  };

  trace::Connection& connection() { return place_.context.trace.connections[place_.connection]; }
  bool may_swap();
  void hold(Piece piece);
  void try_to_decide(bool final);
  void decide(const Identity& identity);

  ReaderPlace place_;
  std::function<void()> swap_sides_;
  std::unique_ptr<Undecided> undecided_;
  std::unique_ptr<StreamReader> reader_;
  bool swapped_ = false;
};

}  // namespace mailscope::observe
