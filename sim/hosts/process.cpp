#include "sim/hosts/process.hpp"

#include <algorithm>

#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

using trace::AgentKind;

// ---- one ----

Process::Process(Machine& machine, AgentKind kind, std::string name, std::uint16_t port)
    : machine_(machine),
      kind_(kind),
      name_(std::move(name)),
      agent_(machine.teller().add_agent(kind, name_, port)) {}

void Process::tell(trace::What what, trace::Value after, std::string text) const {
  machine_.teller().tell(agent_, what, std::move(after), std::move(text));
}

void Process::become(State state, std::string text) {
  if (state_ == state) return;
  state_ = state;
  tell({VariableKind::Process, name_}, state, std::move(text));
}

void Process::socket_call(Syscall call, std::uint64_t octets) {
  socket_call(call, {}, octets);
}

void Process::socket_call(Syscall call, const Endpoint& peer, std::uint64_t octets) {
  const trace::SocketCall made{call, peer.port, peer.address, octets};
  tell({VariableKind::Socket, name_}, made, trace::text(made));
}

void Process::send(Stream& stream, std::string octets) {
  if (octets.empty()) return;
  const std::size_t size = octets.size();
  if (stream.send(std::move(octets))) socket_call(Syscall::Send, size);
}

std::uint64_t Process::token(std::uint32_t value) const {
  return std::uint64_t{machine_.boots()} << 32 | value;
}

bool Process::is_current(std::uint64_t token) const {
  return token >> 32 == machine_.boots();
}

// ---- all of a host ----

void Programs::start() {
  for (const auto& process : processes_) process->start();
}

void Programs::lose_power() {
  for (const auto& process : processes_) process->lose_power();
}

void Programs::tell_spooled(const std::vector<std::uint64_t>& numbers, const Spool& spool) {
  for (const auto& process : processes_)
    for (const std::uint64_t number : numbers)
      if (const SpooledMail* mail = spool.find(number)) process->on_spooled(*mail);
}

bool Programs::sends() const {
  return std::ranges::any_of(
      processes_, [](const auto& process) { return process->kind() == AgentKind::MtaClient; });
}

std::optional<std::size_t> Programs::send_now(std::string_view domain) {
  for (const auto& process : processes_)
    if (const auto count = process->send_now(domain)) return count;
  return std::nullopt;
}

bool Programs::hand_over(AgentKind to, Stream& stream, const std::string& peer, std::string input) {
  for (const auto& process : processes_)
    if (process->kind() == to) return process->take_over(stream, peer, std::move(input));
  return false;
}

}  // namespace mailscope::sim
