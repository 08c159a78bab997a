#include "sim/hosts/mta_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/sasl/crypto.hpp"
#include "sim/kernel/random.hpp"

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
  sessions_.clear();
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
    const auto [challenge, nonce] = fresh_words();
    options.sasl_challenge =
        fmt::format("<{}.{}@{}>", challenge, machine_.date().unix_seconds, machine_.mail_name());
    options.sasl_nonce = nonce;
    options.sasl_salt_key = "salt of " + machine_.name();
  }
  return options;
}

// Two words that were never used before. Who has heard any number of them can tell the next ones
// only where there is no secret (MailConfig).
std::pair<std::string, std::string> MtaServer::fresh_words() {
  const std::uint64_t count = ++challenges_;
  const std::string& secret = machine_.config.secret;
  if (!secret.empty()) {
    const std::string text = fmt::format("{} {} {}", machine_.name(), machine_.boots(), count);
    const std::string word = sasl::hex(sasl::hmac_sha256(secret, text));
    return {word.substr(0, 32), word.substr(32)};
  }
  std::uint64_t state = fnv1a(machine_.name()) ^ (std::uint64_t{machine_.boots()} << 32) ^ count;
  const std::uint64_t first = split_mix(state);
  return {fmt::format("{:x}", first), fmt::format("{:016x}", split_mix(state))};
}

MtaServer::Session& MtaServer::open(Stream& stream, bool submission) {
  Session session(stream, options(submission), submission);
  session.place = by_activity_.insert(by_activity_.end(), stream.id());
  Session& kept = sessions_.insert_or_assign(stream.id(), std::move(session)).first->second;
  touch(kept);
  return kept;
}

void MtaServer::on_accepted(Stream& stream) {
  Session& session = open(stream, stream.local().port != port_);
  socket_call(Syscall::Accept, stream.remote());
  if (machine_.faults.greeting_delay > 0)
    return wait(session, Waiting::Greeting, machine_.faults.greeting_delay);
  greet(session);
}

// The other side said TURN to this host's client, or this host's client said it: now it is served.
bool MtaServer::take_over(Stream& stream, const std::string& peer, std::string input) {
  Session& session = open(stream, false);
  tell(VariableKind::Turn, peer,
       fmt::format("TURN: the MTA server greets {} on the same connection", peer));
  stream.set_user(*this);
  session.engine.receive(input);
  greet(session);
  return true;
}

void MtaServer::greet(Session& session) {
  const bool too_many = sessions_.size() > machine_.config.server.connections_max;
  for (auto fault = machine_.faults.at_command.begin(); fault != machine_.faults.at_command.end();
       ++fault) {
    if (fault->verb != smtp::name(smtp::Verb::Connect) || --fault->nth > 0) continue;
    const CommandFault due = *fault;
    machine_.faults.at_command.erase(fault);
    if (due.kind == CommandFault::Kind::Crash) return machine_.crash();
    if (due.kind == CommandFault::Kind::Cut) return cut(session);
    if (due.kind == CommandFault::Kind::Delay) return wait(session, Waiting::Greeting, due.delay);
    session.engine.greet(smtp::Reply(due.code, machine_.mail_name() + " " + due.text));
    run(session);
    return;
  }
  if (machine_.faults.refuse || too_many) {
    tell(VariableKind::Refused, session.client.text(),
         too_many ? fmt::format("{} are open, which is all: one more is refused",
                                count_of(sessions_.size() - 1, "connection"))
                  : std::string("the MTA server takes no mail now"));
    session.engine.greet(
        smtp::Reply(421, machine_.mail_name() + (too_many ? " Too many connections, try later"
                                                          : " Service not available, try later")));
  } else {
    session.engine.greet();
  }
  run(session);
}

void MtaServer::on_octets(Stream& stream, std::string_view octets) {
  const auto found = sessions_.find(stream.id());
  if (found == sessions_.end()) return;
  socket_call(Syscall::Recv, octets.size());
  touch(found->second);
  found->second.engine.receive(octets);
  run(found->second);
}

void MtaServer::on_eof(Stream& stream) {
  const auto found = sessions_.find(stream.id());
  if (found == sessions_.end()) return;
  found->second.engine.receive_eof();
  run(found->second);
}

void MtaServer::on_closed(Stream& stream, CloseReason) {
  forget(stream.id());
}

void MtaServer::forget(SocketId socket) {
  const auto found = sessions_.find(socket);
  if (found == sessions_.end()) return;
  by_activity_.erase(found->second.place);
  sessions_.erase(found);
  arm_idle();
}

bool MtaServer::run(Session& session) {
  while (session.waiting == Waiting::Nothing) {
    auto event = session.engine.next_event();
    if (!event) break;
    if (!decide(session, *event)) return false;
  }
  send(*session.stream, session.engine.take_output());
  if (session.engine.wants_turn()) return turn(session), false;
  if (!session.engine.wants_close()) return true;
  close(session);
  return false;
}

void MtaServer::close(Session& session) {
  socket_call(Syscall::Close);
  const SocketId id = session.stream->id();
  session.stream->close();
  forget(id);
}

void MtaServer::cut(Session& session) {
  const SocketId id = session.stream->id();
  session.stream->abort();
  forget(id);
}

// 250 to TURN is on its way: the MTA client has the connection from here on.
void MtaServer::turn(Session& session) {
  std::string input = session.engine.take_input();
  const std::string domain =
      machine_.config.server.turn_clients.find(lower_case(session.engine.client_name()))->second;
  Stream& stream = *session.stream;
  forget(stream.id());
  if (!machine_.programs().hand_over(trace::AgentKind::MtaClient, stream, domain, std::move(input)))
    stream.close();
}

// ---- idle clients ----

void MtaServer::touch(Session& session) {
  session.last_active = machine_.now();
  by_activity_.splice(by_activity_.end(), by_activity_, session.place);
  if (!idle_.armed()) arm_idle();
}

void MtaServer::arm_idle() {
  if (by_activity_.empty() || machine_.config.server.idle_timeout <= 0) return idle_.cancel();
  const Session& oldest = sessions_.find(by_activity_.front())->second;
  const Time at =
      std::max(oldest.last_active + machine_.config.server.idle_timeout, machine_.now());
  if (idle_.deadline() != at) idle_.arm_at(at);
}

// RFC 5321 §4.5.3.2.7.
void MtaServer::end_idle() {
  while (!by_activity_.empty()) {
    const SocketId socket = by_activity_.front();
    Session& session = sessions_.find(socket)->second;
    if (session.last_active + machine_.config.server.idle_timeout > machine_.now()) break;
    if (session.waiting != Waiting::Nothing) {  // it is we who are slow
      touch(session);
      continue;
    }
    tell(VariableKind::Idle, session.client.text(),
         fmt::format("nothing came from {} for {} s: the connection is closed",
                     session.client.text(), machine_.config.server.idle_timeout / kSecond));
    session.engine.shut_down("Nothing came for too long, closing transmission channel", {4, 4, 2});
    run(session);
  }
  arm_idle();
}

// ---- questions and answers ----

void MtaServer::wait(Session& session, Waiting reason, Time delay) {
  session.waiting = reason;
  machine_.simulator().schedule_after(delay, *this, token(session.stream->id()));
}

bool MtaServer::is_writing() const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [](const auto& entry) { return entry.second.waiting == Waiting::Write; });
}

// The spool tells what was written.
void MtaServer::tell_disk_is_idle() {
  tell(VariableKind::Disk, State::Idle, "");
}

void MtaServer::on_event(std::uint64_t token) {
  if (token == 0) return end_idle();
  if (!is_current(token)) return;
  const auto socket = static_cast<SocketId>(token);
  const auto found = sessions_.find(socket);
  if (found == sessions_.end())
    return;  // the client has gone; a message written stays in the spool
  Session& session = found->second;
  const Waiting waiting = std::exchange(session.waiting, Waiting::Nothing);
  touch(session);
  switch (waiting) {
    case Waiting::Nothing:
      return;
    case Waiting::Greeting:
      return greet(session);
    case Waiting::Delay: {
      smtp::ServerEvent event = std::move(*session.held);
      session.held.reset();
      obey(session, event);
      break;
    }
    case Waiting::Write:
      if (!is_writing()) tell_disk_is_idle();
      store(session);
      if (session.crash_after_write) return machine_.crash();
      return wait(session, Waiting::Answer, kAnswer);
    case Waiting::Answer:
      session.engine.accept(machine_.config.classic ? std::string{}
                                                    : "OK, queued as " + session.queue_id);
      break;
  }
  run(session);
}

bool MtaServer::decide(Session& session, smtp::ServerEvent& event) {
  const SocketId id = session.stream->id();
  if (!machine_.faults.at_command.empty() && misbehave(session, event))
    return sessions_.contains(id);
  obey(session, event);
  return true;
}

// The fault that is due with this command, if any. True: the command needs no other answer.
bool MtaServer::misbehave(Session& session, smtp::ServerEvent& event) {
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
      cut(session);
      return true;
    case CommandFault::Kind::Crash:
      machine_.crash();
      return true;
    case CommandFault::Kind::CrashAfterWrite:
      session.crash_after_write = true;
      return false;
    case CommandFault::Kind::Reply:
      if (!smtp::is_question(event)) return false;
      tell(VariableKind::Fault, std::uint64_t{fault.code},
           fmt::format("{} is answered with {}", fault.verb, fault.code));
      session.engine.answer(smtp::Reply(fault.code, fault.text));
      return true;
    case CommandFault::Kind::Delay:
      tell(VariableKind::Fault, State::Delay, fmt::format("{} is answered late", fault.verb));
      send(*session.stream, session.engine.take_output());
      session.held = std::move(event);
      wait(session, Waiting::Delay, fault.delay);
      return true;
  }
  return false;
}

void MtaServer::obey(Session& session, smtp::ServerEvent& event) {
  if (const auto* sender = std::get_if<smtp::SenderOffered>(&event)) return judge(session, *sender);
  if (const auto* recipient = std::get_if<smtp::RecipientOffered>(&event))
    return judge(session, *recipient);
  if (const auto* asked = std::get_if<smtp::VerifyAsked>(&event)) return verify(session, *asked);
  if (const auto* asked = std::get_if<smtp::EtrnAsked>(&event)) return start_queue(session, *asked);
  if (const auto* asked = std::get_if<smtp::PasswordAsked>(&event))
    return give_password(session, *asked);
  if (std::holds_alternative<smtp::TurnAsked>(event)) {
    const auto& allowed = machine_.config.server.turn_clients;
    if (allowed.count(lower_case(session.engine.client_name())) != 0)
      return session.engine.accept();
    return session.engine.refuse(502, "5.7.1 I do not turn for you");
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
    if (const auto reply = objection(*message)) return session.engine.answer(*reply);
    session.message = std::move(*message);
    tell(VariableKind::Disk, State::Writing,
         "the whole message is here; the MTA server writes it to the "
         "disk before it says "
         "250");
    return wait(session, Waiting::Write, machine_.config.disk.write);
  }
  if (smtp::is_question(event)) session.engine.accept();
}

}  // namespace mailscope::sim
