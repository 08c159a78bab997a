#include "captures/observe/stream/tls_hello.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::observe {
namespace {

constexpr std::size_t kRecordHeader = 5;

// Takes numbers and stretches off the front; short input makes it bad and everything after empty.
class Cursor {
 public:
  explicit Cursor(std::string_view octets) : left_(octets) {}
  std::uint32_t number(std::size_t octets) {
    const std::string_view digits = take(octets);
    std::uint32_t value = 0;
    for (const char digit : digits) value = value << 8 | static_cast<unsigned char>(digit);
    return value;
  }
  std::string_view take(std::size_t octets) {
    if (octets > left_.size()) bad_ = true;
    if (bad_) return {};
    const std::string_view taken = left_.substr(0, octets);
    left_.remove_prefix(octets);
    return taken;
  }
  bool bad() const { return bad_; }
  bool empty() const { return left_.empty() || bad_; }

 private:
  std::string_view left_;
  bool bad_ = false;
};

// The handshake layer's octets out of one or more records.
std::string handshake_of(std::string_view records) {
  std::string handshake;
  Cursor cursor(records);
  while (!cursor.empty()) {
    if (cursor.number(1) != 22) break;
    cursor.number(2);
    const std::uint32_t length = cursor.number(2);
    const std::string_view fragment = cursor.take(length);
    if (cursor.bad()) break;
    handshake += fragment;
  }
  return handshake;
}

void read_extension(Hello& hello, std::uint32_t type, std::string_view body) {
  Cursor cursor(body);
  if (type == 0 && !hello.from_server) {  // server_name
    cursor.number(2);
    if (cursor.number(1) != 0) return;
    hello.server_name = printable(cursor.take(std::min<std::uint32_t>(cursor.number(2), 255)));
  } else if (type == 43 && hello.from_server) {  // supported_versions
    hello.version = static_cast<std::uint16_t>(cursor.number(2));
  } else if (type == 43) {
    cursor.number(1);
    while (!cursor.empty()) {
      const auto version = static_cast<std::uint16_t>(cursor.number(2));
      if (version <= 0x0304) hello.version = std::max(hello.version, version);  // else GREASE
    }
  }
}

}  // namespace

std::optional<Hello> read_hello(std::string_view records) {
  const std::string handshake = handshake_of(records);
  Cursor cursor(handshake);
  const std::uint32_t type = cursor.number(1);
  if (type != 1 && type != 2) return std::nullopt;
  Cursor body(cursor.take(cursor.number(3)));
  Hello hello;
  hello.from_server = type == 2;
  hello.version = static_cast<std::uint16_t>(body.number(2));
  body.take(32);
  body.take(body.number(1));  // session id
  if (hello.from_server) {
    body.take(3);  // cipher suite, compression
  } else {
    body.take(body.number(2));
    body.take(body.number(1));
  }
  if (body.bad()) return std::nullopt;
  Cursor extensions(body.take(body.number(2)));
  while (!extensions.empty()) {
    const std::uint32_t extension = extensions.number(2);
    const std::string_view content = extensions.take(extensions.number(2));
    if (!extensions.bad()) read_extension(hello, extension, content);
  }
  return hello;
}

std::string_view version_name(std::uint16_t version) {
  switch (version) {
    case 0x0300:
      return "SSL 3.0";
    case 0x0301:
      return "TLS 1.0";
    case 0x0302:
      return "TLS 1.1";
    case 0x0303:
      return "TLS 1.2";
    case 0x0304:
      return "TLS 1.3";
    default:
      return "TLS";
  }
}

void TlsStreams::octets(Direction direction, std::uint64_t begin, std::string_view octets,
                        trace::Time at) {
  if (octets.empty()) return;
  if (!begun_) at_ = at;
  begun_ = true;
  Side& side = sides_[static_cast<int>(direction)];
  if (side.expected != 0 && begin != side.expected) side.lost = side.hello_over = true;
  side.expected = begin + octets.size();
  if (place_.context.everything()) {
    if (side.pdu == trace::kNone) {
      trace::Pdu pdu;
      pdu.kind = trace::PduKind::Tls;
      pdu.direction = direction;
      pdu.begin = begin;
      pdu.end = begin + octets.size();
      side.pdu = place_.pdus.add(pdu);
    } else {
      place_.pdus.extend(side.pdu, begin + octets.size());
    }
  }
  if (!side.hello_over) look_for_hello(side, octets);
  if (!side.lost) count_records(side, octets);
}

void TlsStreams::look_for_hello(Side& side, std::string_view octets) {
  side.hello += octets.substr(0, kHelloOctetsMax - side.hello.size());
  const std::optional<Hello> hello = read_hello(side.hello);
  if (hello && hello->from_server) chosen_ = hello->version;
  if (hello && !hello->from_server) {
    offered_ = hello->version;
    server_name_ = hello->server_name;
  }
  side.hello_over = hello || side.hello.size() >= kHelloOctetsMax || side.hello[0] != 22;
  if (side.hello_over) std::string().swap(side.hello);
}

void TlsStreams::count_records(Side& side, std::string_view octets) {
  while (!octets.empty()) {
    const std::size_t skipped = std::min<std::size_t>(side.to_skip, octets.size());
    side.to_skip -= static_cast<std::uint32_t>(skipped);
    octets.remove_prefix(skipped);
    const std::size_t wanted = kRecordHeader - side.header.size();
    side.header += octets.substr(0, wanted);
    octets.remove_prefix(std::min(wanted, octets.size()));
    if (side.header.size() < kRecordHeader) return;
    ++side.records;
    side.to_skip = static_cast<std::uint32_t>(static_cast<unsigned char>(side.header[3])) << 8 |
                   static_cast<unsigned char>(side.header[4]);
    side.header.clear();
  }
}

void TlsStreams::end() {
  if (!begun_) return;
  trace::Finding finding;
  finding.code = "tls.opaque";
  finding.at = at_;
  finding.connection = place_.connection;
  finding.pdu = sides_[0].pdu != trace::kNone ? sides_[0].pdu : sides_[1].pdu;
  finding.text = fmt::format(
      "{}{}{}: {} records from the client and {} from the server, not readable",
      version_name(chosen_ ? chosen_ : offered_), server_name_.empty() ? "" : " with server name ",
      server_name_, sides_[0].records, sides_[1].records);
  finding.rfc = "RFC 8446 §5";
  place_.findings.add(place_.context.trace, std::move(finding));
  begun_ = false;
}

}  // namespace mailscope::observe
