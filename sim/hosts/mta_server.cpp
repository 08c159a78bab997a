#include "sim/hosts/mta_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "sim/hosts/fresh_words.hpp"

// The connections: greeting, questions and answers, faults, waiting, closing. The rules are in
// mta_server_rules.cpp.

namespace mailscope::sim {
namespace {

// From the write to the 250: an event of its own, so that a crash may fall between.
constexpr Time kAnswer = 10 * kMicrosecond;

// The events that the host does not answer tell of commands too.
smtp::Verb verb_of(const smtp::ServerEvent& event) {
  using smtp::Verb;
  if (const auto* helo = std::get_if<smtp::HeloSeen>(&event))
    return helo->extended ? Verb::Ehlo : Verb::Helo;
  if (const auto* sender = std::get_if<smtp::SenderOffered>(&event)) return sender->verb;
  if (std::holds_alternative<smtp::RecipientOffered>(event)) return Verb::Rcpt;
  if (std::holds_alternative<smtp::DataAsked>(event)) return Verb::Data;
  if (std::holds_alternative<smtp::ChunkReceived>(event)) return Verb::Bdat;
  if (std::holds_alternative<smtp::MessageReceived>(event)) return Verb::EndOfData;
  if (const auto* verify = std::get_if<smtp::VerifyAsked>(&event))
    return verify->expand ? Verb::Expn : Verb::Vrfy;
  if (std::holds_alternative<smtp::PasswordAsked>(event)) return Verb::Auth;
  if (std::holds_alternative<smtp::EtrnAsked>(event)) return Verb::Etrn;
  if (std::holds_alternative<smtp::TurnAsked>(event)) return Verb::Turn;
  if (std::holds_alternative<smtp::QuitSeen>(event)) return Verb::Quit;
  if (const auto* aborted = std::get_if<smtp::TransactionAborted>(&event))
    if (aborted->by == Verb::Rset) return Verb::Rset;
  return Verb::Unknown;
}

}  // namespace

MtaServer::MtaServer(Machine& machine, std::uint16_t port)
    : Process(machine, trace::AgentKind::MtaServer, "MTA server", port),
      port_(port),
      idle_(machine.simulator(), *this, 0) {}

void MtaServer::start() {
  listen(port_);
  if (machine_.config.server.submission) listen(kSubmissionPort);
  become(State::Listening, machine_.config.server.submission
                               ? fmt::format("the MTA server listens on ports {} and {}, always",
                                             port_, kSubmissionPort)
                               : fmt::format("the MTA server listens on port {}, always", port_));
}

void MtaServer::listen(std::uint16_t port) {
  machine_.network().listen(port, *this);
  socket_call(Syscall::Socket);
  socket_call(Syscall::Bind, {{}, port});
  socket_call(Syscall::Listen);
}

void MtaServer::stop() {
  const bool writing = is_writing();
  connections_.clear();
  if (writing) tell_disk_is_idle();
  by_activity_.clear();
  idle_.cancel();
}

// ---- connections ----

smtp::ServerOptions MtaServer::options(bool submission) {
  const MailConfig& config = machine_.config;
  smtp::ServerOptions options = config.server.smtp;
  options.domain = machine_.mail_name();
  options.greeting = config.classic ? "Simple Mail Transfer Service Ready" : "ESMTP MailScope";
  options.extended = !config.classic;
  options.historic = config.classic;
  if (!config.classic && (submission || config.server.auth)) {
    options.auth_mechanisms = {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"};
    options.auth_required = submission;
    const auto [challenge, nonce] = fresh_words(machine_, "", ++challenges_);
    options.sasl_challenge =
        fmt::format("<{}.{}@{}>", challenge, machine_.date().unix_seconds, machine_.mail_name());
    options.sasl_nonce = nonce;
    options.sasl_salt_key = "salt of " + machine_.name();
  }
  return options;
}

MtaServer::Connection& MtaServer::open(Stream& stream, bool submission) {
  Connection connection(stream, options(submission), submission);
  connection.place = by_activity_.insert(by_activity_.end(), stream.id());
  Connection& kept =
      connections_.insert_or_assign(stream.id(), std::move(connection)).first->second;
  touch(kept);
  return kept;
}

void MtaServer::on_accepted(Stream& stream) {
  Connection& connection = open(stream, stream.local().port != port_);
  socket_call(Syscall::Accept, stream.remote());
  if (machine_.faults.greeting_delay > 0)
    return wait(connection, WaitsFor::Greeting, machine_.faults.greeting_delay);
  greet(connection);
}

// The other side said TURN to this host's client, or this host's client said it: now it is served.
bool MtaServer::take_over(Stream& stream, const std::string& peer, std::string input) {
  Connection& connection = open(stream, false);
  tell(VariableKind::Turn, peer,
       fmt::format("TURN: the MTA server greets {} on the same connection", peer));
  stream.set_user(*this);
  connection.engine.receive(input);
  greet(connection);
  return true;
}

void MtaServer::greet(Connection& connection) {
  const bool too_many = connections_.size() > machine_.config.server.connections_max;
  for (auto fault = machine_.faults.at_command.begin(); fault != machine_.faults.at_command.end();
       ++fault) {
    if (fault->verb != smtp::name(smtp::Verb::Connect) || --fault->nth > 0) continue;
    const CommandFault due = *fault;
    machine_.faults.at_command.erase(fault);
    if (due.kind == CommandFault::Kind::Crash) return machine_.crash();
    if (due.kind == CommandFault::Kind::Cut) return cut(connection);
    if (due.kind == CommandFault::Kind::Delay)
      return wait(connection, WaitsFor::Greeting, due.delay);
    connection.engine.greet(smtp::Reply(due.code, machine_.mail_name() + " " + due.text));
    run(connection);
    return;
  }
  if (machine_.faults.refuse || too_many) {
    tell(VariableKind::Refused, connection.client.text(),
         too_many ? fmt::format("{} are open, which is all: one more is refused",
                                count_of(connections_.size() - 1, "connection"))
                  : std::string("the MTA server takes no mail now"));
    connection.engine.greet(
        smtp::Reply(421, machine_.mail_name() + (too_many ? " Too many connections, try later"
                                                          : " Service not available, try later")));
  } else {
    connection.engine.greet();
  }
  run(connection);
}

void MtaServer::on_octets(Stream& stream, std::string_view octets) {
  const auto found = connections_.find(stream.id());
  if (found == connections_.end()) return;
  socket_call(Syscall::Recv, octets.size());
  touch(found->second);
  found->second.engine.receive(octets);
  run(found->second);
}

void MtaServer::on_eof(Stream& stream) {
  const auto found = connections_.find(stream.id());
  if (found == connections_.end()) return;
  found->second.engine.receive_eof();
  run(found->second);
}

void MtaServer::on_closed(Stream& stream, CloseReason) {
  forget(stream.id());
}

void MtaServer::forget(SocketId socket) {
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;
  by_activity_.erase(found->second.place);
  connections_.erase(found);
  arm_idle();
}

bool MtaServer::run(Connection& connection) {
  while (connection.waiting == WaitsFor::Nothing) {
    auto event = connection.engine.next_event();
    if (!event) break;
    if (!decide(connection, *event)) return false;
  }
  send(*connection.stream, connection.engine.take_output());
  if (connection.engine.wants_turn()) return turn(connection), false;
  if (!connection.engine.wants_close()) return true;
  close(connection);
  return false;
}

void MtaServer::close(Connection& connection) {
  socket_call(Syscall::Close);
  const SocketId id = connection.stream->id();
  connection.stream->close();
  forget(id);
}

void MtaServer::cut(Connection& connection) {
  const SocketId id = connection.stream->id();
  connection.stream->abort();
  forget(id);
}

// 250 to TURN is on its way: the MTA client has the connection from here on.
void MtaServer::turn(Connection& connection) {
  std::string input = connection.engine.take_input();
  const std::string domain =
      machine_.config.server.turn_clients.find(lower_case(connection.engine.client_name()))->second;
  Stream& stream = *connection.stream;
  forget(stream.id());
  if (!machine_.programs().hand_over(trace::AgentKind::MtaClient, stream, domain, std::move(input)))
    stream.close();
}

// ---- idle clients ----

void MtaServer::touch(Connection& connection) {
  connection.last_active = machine_.now();
  by_activity_.splice(by_activity_.end(), by_activity_, connection.place);
  if (!idle_.armed()) arm_idle();
}

void MtaServer::arm_idle() {
  if (by_activity_.empty() || machine_.config.server.idle_timeout <= 0) return idle_.cancel();
  const Connection& oldest = connections_.find(by_activity_.front())->second;
  const Time at =
      std::max(oldest.last_active + machine_.config.server.idle_timeout, machine_.now());
  if (idle_.deadline() != at) idle_.arm_at(at);
}

// RFC 5321 §4.5.3.2.7.
void MtaServer::end_idle() {
  while (!by_activity_.empty()) {
    const SocketId socket = by_activity_.front();
    Connection& connection = connections_.find(socket)->second;
    if (connection.last_active + machine_.config.server.idle_timeout > machine_.now()) break;
    if (connection.waiting != WaitsFor::Nothing) {  // it is we who are slow
      touch(connection);
      continue;
    }
    tell(VariableKind::Idle, connection.client.text(),
         fmt::format("nothing came from {} for {} s: the connection is closed",
                     connection.client.text(), machine_.config.server.idle_timeout / kSecond));
    connection.engine.shut_down("Nothing came for too long, closing transmission channel",
                                {4, 4, 2});
    run(connection);
  }
  arm_idle();
}

// ---- questions and answers ----

void MtaServer::wait(Connection& connection, WaitsFor reason, Time delay) {
  connection.waiting = reason;
  machine_.simulator().schedule_after(delay, *this, token(connection.stream->id()));
}

bool MtaServer::is_writing() const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const auto& entry) { return entry.second.waiting == WaitsFor::Write; });
}

// The spool tells what was written.
void MtaServer::tell_disk_is_idle() {
  tell(VariableKind::Disk, State::Idle, "");
}

void MtaServer::on_event(std::uint64_t token) {
  if (token == 0) return end_idle();
  if (!is_current(token)) return;
  const auto socket = static_cast<SocketId>(token);
  const auto found = connections_.find(socket);
  if (found == connections_.end())
    return;  // the client has gone; a message written stays in the spool
  Connection& connection = found->second;
  const WaitsFor waiting = std::exchange(connection.waiting, WaitsFor::Nothing);
  touch(connection);
  switch (waiting) {
    case WaitsFor::Nothing:
      return;
    case WaitsFor::Greeting:
      return greet(connection);
    case WaitsFor::Delay: {
      smtp::ServerEvent event = std::move(*connection.held);
      connection.held.reset();
      obey(connection, event);
      break;
    }
    case WaitsFor::Write:
      if (!is_writing()) tell_disk_is_idle();
      store(connection);
      if (connection.crash_after_write) return machine_.crash();
      return wait(connection, WaitsFor::Answer, kAnswer);
    case WaitsFor::Answer:
      if (!connection.trouble.empty()) {
        tell(VariableKind::Disk, State::Full, connection.trouble);
        connection.engine.answer(
            smtp::Reply(451, "4.3.0 The message could not be kept, try later"));
        break;
      }
      connection.engine.accept(machine_.config.classic ? std::string{}
                                                       : "OK, queued as " + connection.queue_id);
      break;
  }
  run(connection);
}

bool MtaServer::decide(Connection& connection, smtp::ServerEvent& event) {
  const SocketId id = connection.stream->id();
  if (!machine_.faults.at_command.empty() && misbehave(connection, event))
    return connections_.contains(id);
  obey(connection, event);
  return true;
}

// The fault that is due with this command, if any. True: the command needs no other answer.
bool MtaServer::misbehave(Connection& connection, smtp::ServerEvent& event) {
  const smtp::Verb verb = verb_of(event);
  if (verb == smtp::Verb::Unknown) return false;
  auto& faults = machine_.faults.at_command;
  const auto due = std::find_if(faults.begin(), faults.end(), [&](CommandFault& fault) {
    return fault.verb == smtp::name(verb) && --fault.nth <= 0;
  });
  if (due == faults.end()) return false;
  const CommandFault fault = *due;
  faults.erase(due);
  switch (fault.kind) {
    case CommandFault::Kind::Cut:
      tell(VariableKind::Fault, State::Cut, fmt::format("the connection breaks at {}", fault.verb));
      cut(connection);
      return true;
    case CommandFault::Kind::Crash:
      machine_.crash();
      return true;
    case CommandFault::Kind::CrashAfterWrite:
      connection.crash_after_write = true;
      return false;
    case CommandFault::Kind::Reply:
      if (!smtp::is_question(event)) return false;
      tell(VariableKind::Fault, std::uint64_t{fault.code},
           fmt::format("{} is answered with {}", fault.verb, fault.code));
      connection.engine.answer(smtp::Reply(fault.code, fault.text));
      return true;
    case CommandFault::Kind::Delay:
      tell(VariableKind::Fault, State::Delay, fmt::format("{} is answered late", fault.verb));
      send(*connection.stream, connection.engine.take_output());
      connection.held = std::move(event);
      wait(connection, WaitsFor::Delay, fault.delay);
      return true;
  }
  return false;
}

void MtaServer::obey(Connection& connection, smtp::ServerEvent& event) {
  if (const auto* sender = std::get_if<smtp::SenderOffered>(&event))
    return judge(connection, *sender);
  if (const auto* recipient = std::get_if<smtp::RecipientOffered>(&event))
    return judge(connection, *recipient);
  if (const auto* asked = std::get_if<smtp::VerifyAsked>(&event)) return verify(connection, *asked);
  if (const auto* asked = std::get_if<smtp::EtrnAsked>(&event))
    return start_queue(connection, *asked);
  if (const auto* asked = std::get_if<smtp::PasswordAsked>(&event))
    return give_password(connection, *asked);
  if (std::holds_alternative<smtp::TurnAsked>(event)) {
    const auto& allowed = machine_.config.server.turn_clients;
    if (allowed.count(lower_case(connection.engine.client_name())) != 0)
      return connection.engine.accept();
    return connection.engine.refuse(502, "5.7.1 I do not turn for you");
  }
  if (const auto* login = std::get_if<smtp::LoggedIn>(&event)) {
    return tell(
        VariableKind::LogIn, login->user,
        fmt::format("{} has logged in with {}", printable_utf8(login->user), login->mechanism));
  }
  if (const auto* login = std::get_if<smtp::LogInFailed>(&event)) {
    return tell(VariableKind::LogIn, State::Failed,
                fmt::format("a log-in with {} failed", login->mechanism));
  }
  if (auto* message = std::get_if<smtp::MessageReceived>(&event)) {
    if (const auto reply = objection(*message)) return connection.engine.answer(*reply);
    connection.message = std::move(*message);
    tell(VariableKind::Disk, State::Writing,
         "the whole message is here; the MTA server writes it to the "
         "disk before it says "
         "250");
    return wait(connection, WaitsFor::Write, machine_.config.disk.write);
  }
  if (smtp::is_question(event)) connection.engine.accept();
}

}  // namespace mailscope::sim
