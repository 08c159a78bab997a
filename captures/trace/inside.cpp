#include "captures/trace/inside.hpp"

#include <fmt/format.h>

#include <iterator>

namespace mailscope::trace {
namespace {

constexpr std::string_view kKindNames[] = {
    "access",      "cache",   "conversion", "disk",     "dropped",       "etrn",       "expansion",
    "fallback",    "fault",   "fetch",      "greylist", "idle",          "in doubt",   "inbox",
    "junk",        "letter",  "lock",       "log-in",   "loop",          "mailbox",    "patience",
    "power",       "process", "receipt",    "refused",  "report",        "retry",      "socket",
    "spam filter", "spool",   "talk",       "turn",     "undeliverable", "virus scan", "zone"};
static_assert(std::size(kKindNames) == kVariableKinds);

constexpr std::string_view kStateNames[] = {
    "on",    "off",      "crashed", "idle",        "running",     "listening",
    "full",  "writing",  "new",     "too early",   "locked",      "free",
    "cut",   "delay",    "failed",  "passed over", "granted",     "refused",
    "over",  "finished", "reset",   "timed out",   "unreachable", "infected",
    "clean", "spam",     "no spam", "sent",        "not sent"};
static_assert(std::size(kStateNames) == kStates);

constexpr std::string_view kCallNames[] = {"socket", "bind", "listen", "accept",   "connect",
                                           "send",   "recv", "sendto", "recvfrom", "close"};

// "10.0.2.25:25", "[2001:db8::25]:25" (RFC 5952 §6).
std::string endpoint_text(const SocketCall& call) {
  const std::string address = call.address.text();
  return call.address.v6 ? fmt::format("[{}]:{}", address, call.port)
                         : fmt::format("{}:{}", address, call.port);
}

}  // namespace

std::optional<std::uint64_t> number(const Value& value) {
  if (const auto* held = std::get_if<std::uint64_t>(&value)) return *held;
  return std::nullopt;
}

std::string_view name(VariableKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::string_view name(State state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::string what(VariableKind kind, std::string_view subject) {
  std::string text(name(kind));
  if (!subject.empty()) text.append(" ").append(subject);
  return text;
}

std::string text(const SocketCall& call) {
  using Name = SocketCall::Name;
  const std::string_view name = kCallNames[static_cast<std::size_t>(call.name)];
  switch (call.name) {
    case Name::Bind:
      return fmt::format("{}(port {})", name, call.port);
    case Name::Accept:
    case Name::Connect:
      return fmt::format("{}({})", name, endpoint_text(call));
    case Name::Send:
    case Name::Recv:
      return fmt::format("{}({} octets)", name, call.octets);
    case Name::SendTo:
    case Name::RecvFrom:
      return fmt::format("{}({}, {} octets)", name, endpoint_text(call), call.octets);
    default:
      return fmt::format("{}()", name);
  }
}

std::string text(const Value& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(State state) const { return std::string(name(state)); }
    std::string operator()(const SocketCall& call) const { return text(call); }
    std::string operator()(const std::string& held) const { return held; }
  };
  return std::visit(Visitor{}, value);
}

std::optional<What> find_variable(std::string_view text) {
  for (std::size_t i = 0; i < kVariableKinds; ++i)
    if (kKindNames[i] == text) return What{static_cast<VariableKind>(i)};
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || space + 1 == text.size()) return std::nullopt;
  for (std::size_t i = 0; i < kVariableKinds; ++i)
    if (kKindNames[i] == text.substr(0, space))
      return What{static_cast<VariableKind>(i), text.substr(space + 1)};
  return std::nullopt;
}

bool says(const Value& value, std::string_view text) {
  if (const State* state = std::get_if<State>(&value)) return name(*state) == text;
  if (const auto* held = std::get_if<std::string>(&value)) return *held == text;
  return trace::text(value) == text;
}

}  // namespace mailscope::trace
