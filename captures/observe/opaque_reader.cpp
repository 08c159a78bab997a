// Protocols that are not read, and TLS.
#include <fmt/format.h>

#include "captures/observe/stream_reader.hpp"
#include "captures/observe/tls_hello.hpp"

namespace mailscope::observe {
namespace {

class OpaqueReader : public StreamReader {
 public:
  explicit OpaqueReader(const ReaderPlace& place) : place_(place) {}

  void octets(Direction direction, std::uint64_t begin, std::string_view octets,
              trace::Time) override {
    if (!place_.context.everything()) return;
    if (pdu_ == trace::kNone || direction != direction_) {
      trace::Pdu pdu;
      pdu.kind = trace::PduKind::Opaque;
      pdu.direction = direction_ = direction;
      pdu.begin = begin;
      pdu.end = begin + octets.size();
      pdu_ = place_.pdus.add(pdu);
    } else {
      place_.pdus.extend(pdu_, begin + octets.size());
    }
  }
  void gap(Direction, std::uint64_t, std::uint64_t, trace::Time) override {}
  void eof(Direction, trace::Time) override {}
  void end(trace::Time) override {}

 private:
  ReaderPlace place_;
  trace::Id pdu_ = trace::kNone;
  Direction direction_ = Direction::ToServer;
};

class TlsReader : public StreamReader {
 public:
  explicit TlsReader(const ReaderPlace& place) : tls_(place) {}
  void octets(Direction direction, std::uint64_t begin, std::string_view octets,
              trace::Time at) override {
    tls_.octets(direction, begin, octets, at);
  }
  void gap(Direction, std::uint64_t, std::uint64_t, trace::Time) override {}
  void eof(Direction, trace::Time) override {}
  void end(trace::Time) override { tls_.end(); }

 private:
  TlsStreams tls_;
};

}  // namespace

std::unique_ptr<StreamReader> make_opaque(const ReaderPlace& place, bool tls) {
  if (tls) return std::make_unique<TlsReader>(place);
  return std::make_unique<OpaqueReader>(place);
}

}  // namespace mailscope::observe
