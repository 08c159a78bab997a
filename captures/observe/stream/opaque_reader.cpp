// Protocols that are not read, and TLS.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "captures/languages/languages.hpp"
#include "captures/observe/stream/stream_reader.hpp"
#include "captures/observe/stream/tls_hello.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::observe {
namespace {

// What is not read may hold a password all the same (Language::secret_words()). The client's
// stretch with such a word is secret as a whole, and so are the next ones, since a literal or a
// challenge brings the password in a stretch of its own.
constexpr int kSecretStretches = 3;

bool speaks_of_a_secret(std::string_view octets) {
  for (const languages::Language* language : languages::all())
    for (const std::string_view word : language->secret_words())
      for (std::size_t at = 0; at < octets.size(); ++at)
        if (starts_with_no_case(octets.substr(at), word)) return true;
  return false;
}

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
      if (direction == Direction::ToServer &&
          std::exchange(secret_left_, std::max(0, secret_left_ - 1)) > 0)
        hide();
    } else {
      place_.pdus.extend(pdu_, begin + octets.size());
    }
    if (direction != Direction::ToServer || !speaks_of_a_secret(octets)) return;
    secret_left_ = kSecretStretches;
    hide();
  }
  void gap(Direction, std::uint64_t, std::uint64_t, trace::Time) override {}
  void eof(Direction, trace::Time) override {}
  void end(trace::Time) override {}

 private:
  void hide() { place_.context.trace.pdus[pdu_].flags |= trace::Pdu::kSecret; }

  ReaderPlace place_;
  trace::Id pdu_ = trace::kNone;
  Direction direction_ = Direction::ToServer;
  int secret_left_ = 0;
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
