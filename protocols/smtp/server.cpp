#include "protocols/smtp/server.hpp"

#include <cassert>
#include <charconv>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/reference.hpp"

namespace mailscope::smtp {
namespace {

// What the extensions add to a MAIL command line: RFC 1870 §3, RFC 6152 §2.
constexpr std::size_t kSizeOctets = 26;
constexpr std::size_t kBodyOctets = 17;
constexpr std::size_t kCompactAbove = 4096;

bool is_built(Verb verb, const ServerOptions& options) {
  switch (verb) {
    case Verb::Ehlo:
      return options.extended;
    case Verb::Helo:
    case Verb::Mail:
    case Verb::Rcpt:
    case Verb::Data:
    case Verb::Rset:
    case Verb::Noop:
    case Verb::Vrfy:
    case Verb::Expn:
    case Verb::Help:
    case Verb::Quit:
      return true;
    default:
      return false;
  }
}

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [behind, error] = std::from_chars(text->data(), end, value);
  if (error == std::errc::result_out_of_range && behind == end) return UINT64_MAX;
  if (error != std::errc{} || behind != end) return std::nullopt;
  return value;
}

}  // namespace

bool is_question(const ServerEvent& event) {
  return !std::holds_alternative<TransactionAborted>(event) &&
         !std::holds_alternative<QuitSeen>(event) && !std::holds_alternative<InputEnded>(event);
}

Server::Server(ServerOptions options)
    : options_(std::move(options)),
      lines_(options_.command_line_octets_max + kSizeOctets + kBodyOctets),
      decoder_(options_.text_line_octets_max) {}

// ---- the host's side ----------------------------------------------------------------------------

void Server::greet() {
  greet(Reply(220, options_.domain + " " + options_.greeting));
}

void Server::greet(Reply reply) {
  assert(!greeted_);
  greeted_ = true;
  output_ += reply.wire();
  session_.reply(reply.code);
  if (session_.state() == State::Quit) wants_close_ = true;
  run();
}

void Server::receive(std::string_view octets) {
  if (ended_ || wants_close_) return;
  if (held_at_ == held_.size()) {
    held_.clear();
    held_at_ = 0;
    read(octets);  // straight from the caller's octets where nothing waits in front of them
  }
  held_ += octets;
  run();
  if (held_.size() - held_at_ > options_.held_octets_max) shut_down("Too much input at once");
}

void Server::receive_eof() {
  ended_ = true;
  run();
}

std::optional<ServerEvent> Server::next_event() {
  if (events_.empty()) return std::nullopt;
  ServerEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void Server::accept(std::string text) {
  assert(asked_);
  answer(usual_reply(*asked_, std::move(text)));
}

void Server::refuse(std::uint16_t code, std::string text) {
  assert(code >= 400 && code < 600);
  answer(Reply(code, std::move(text)));
}

void Server::answer(Reply reply) {
  assert(asked_);
  const Verb verb = *asked_;
  asked_.reset();
  apply(verb, reply);
  output_ += reply.wire();
  session_.reply(reply.code);
  if (session_.state() == State::Quit) {
    abort_transaction(Verb::Unknown);
    wants_close_ = true;
  }
  run();
}

void Server::shut_down(std::string reason) {
  if (wants_close_) return;
  asked_.reset();
  abort_transaction(Verb::Unknown);
  say(Reply(421, options_.domain + " " + reason));
  session_.reply(421);
  greeted_ = true;
  wants_close_ = true;
}

std::string Server::take_output() {
  return std::exchange(output_, {});
}

// ---- reading
// --------------------------------------------------------------------------------------

// Reads on in what is held, as far as the open questions allow.
void Server::run() {
  if (reading() && held_at_ < held_.size()) {
    std::string_view input = std::string_view(held_).substr(held_at_);
    read(input);
    held_at_ = held_.size() - input.size();
  }
  if (held_at_ == held_.size() || (held_at_ > kCompactAbove && held_at_ > held_.size() / 2)) {
    held_.erase(0, held_at_);
    held_at_ = 0;
  }
  if (ended_ && !asked_ && !wants_close_) end();
}

void Server::read(std::string_view& input) {
  while (reading() && !input.empty()) {
    if (session_.state() == State::Data) {
      take_content(input);
    } else if (const std::optional<Line> line = lines_.next(input)) {
      take_line(*line);
    }
  }
}

void Server::take_content(std::string_view& input) {
  const std::size_t before = input.size();
  while (!input.empty() && !decoder_.finished()) {
    const std::string_view piece = decoder_.next(input);
    if (content_too_long_) continue;
    if (content_.size() + piece.size() > options_.message_octets_max) {
      content_too_long_ = true;
      content_ = std::string();
    } else {
      content_ += piece;
    }
  }
  lines_.skip(before - input.size());
  if (decoder_.finished()) finish_content();
}

void Server::finish_content() {
  const ContentFaults& faults = decoder_.faults();
  if (content_too_long_) {
    conclude(Verb::EndOfData, Reply(552, "Too much mail data"));
  } else if (faults.bare()) {
    conclude(Verb::EndOfData,
             Reply(554, "Transaction failed: the message has a CR or LF by itself"));
  } else if (faults.long_lines != 0) {
    conclude(Verb::EndOfData, Reply(500, "Line too long"));
  } else {
    ask(Verb::EndOfData,
        MessageReceived{std::exchange(envelope_, {}), std::exchange(content_, {}), eight_bit_});
  }
}

void Server::take_line(const Line& line) {
  const Verb verb = verb_of(line.text);
  if (refuse_line(line, verb) || refuse_verb(verb)) return;
  tl::expected<Command, CommandError> command = parse_command(line.text, options_.quirks);
  if (command)
    obey(std::move(*command));
  else
    say(Reply(command.error().error.code, std::string(command.error().error.text)));
}

bool Server::refuse_line(const Line& line, Verb verb) {
  std::size_t octets_max = options_.command_line_octets_max;
  if (verb == Verb::Mail) octets_max += kSizeOctets + kBodyOctets;
  if (!line.clean()) {
    say(Reply(500, "Syntax error: a CR, LF or NUL by itself in a command"));
  } else if (line.end - line.begin > octets_max) {
    say(Reply(500, "Line too long"));
  } else {
    return false;
  }
  return true;
}

bool Server::refuse_verb(Verb verb) {
  // §3.1: a server that greeted with 554 answers everything but QUIT with 503.
  if (session_.state() == State::Refused && verb != Verb::Quit) {
    say(Reply(503, "Bad sequence of commands: no mail is taken here"));
  } else if (verb == Verb::Unknown) {
    say(Reply(500, "Syntax error, command unrecognized"));
  } else if (!is_built(verb, options_)) {
    say(Reply(502, "Command not implemented"));
  } else if (verb == Verb::Data && session_.state() == State::Mail) {
    say(Reply(554, "No valid recipients"));  // §3.3 allows 503 or 554
  } else if (const std::uint16_t code = session_.refusal(verb)) {
    say(Reply(code, "Bad sequence of commands"));
  } else {
    return false;
  }
  return true;
}

// ---- the commands
// -----------------------------------------------------------------------------------

void Server::obey(Command command) {
  switch (command.verb) {
    case Verb::Helo:
    case Verb::Ehlo:
      name_asked_ = command.argument;
      return ask(command.verb, HeloSeen{command.argument, command.verb == Verb::Ehlo});
    case Verb::Mail:
      return obey_mail(std::move(command));
    case Verb::Rcpt:
      return obey_rcpt(std::move(command));
    case Verb::Data:
      return ask(Verb::Data, DataAsked{envelope_.recipients.size()});
    case Verb::Rset:
      abort_transaction(Verb::Rset);
      return conclude(Verb::Rset, Reply(250, "OK"));
    case Verb::Vrfy:
    case Verb::Expn:
      return ask(command.verb, VerifyAsked{command.argument, command.verb == Verb::Expn});
    case Verb::Help:
      return obey_help(command);
    case Verb::Quit:
      return obey_quit();
    default:
      return conclude(Verb::Noop, Reply(250, "OK"));
  }
}

void Server::obey_mail(Command command) {
  SenderOffered offer;
  if (const std::optional<Reply> refusal = read_parameters(command.parameters, offer))
    return conclude(Verb::Mail, *refusal);
  clear_transaction();
  eight_bit_ = offer.eight_bit;
  offer.path = std::move(*command.reverse_path);
  envelope_.reverse_path = offer.path;
  ask(Verb::Mail, std::move(offer));
}

// Nothing when all is well.
std::optional<Reply> Server::read_parameters(const std::vector<Parameter>& parameters,
                                             SenderOffered& offer) const {
  for (const Parameter& parameter : parameters) {
    if (parameter.keyword == "SIZE" && options_.size && client_extended_) {
      offer.size = number(parameter.value);
      if (!offer.size) return Reply(501, "SIZE needs a number of octets");
      if (*offer.size > options_.message_octets_max)
        return Reply(552, "Message size exceeds fixed maximum message size");
    } else if (parameter.keyword == "BODY" && options_.eight_bit_mime && client_extended_) {
      offer.eight_bit = parameter.value && equal_no_case(*parameter.value, "8BITMIME");
      if (!offer.eight_bit && !(parameter.value && equal_no_case(*parameter.value, "7BIT")))
        return Reply(501, "BODY is 7BIT or 8BITMIME");
    } else {
      return Reply(555, "MAIL FROM parameters not recognized or not implemented");
    }
  }
  return std::nullopt;
}

void Server::obey_rcpt(Command command) {
  if (!command.parameters.empty())
    return conclude(Verb::Rcpt, Reply(555, "RCPT TO parameters not recognized or not implemented"));
  if (envelope_.recipients.size() >= options_.recipients_max)
    return conclude(Verb::Rcpt, Reply(452, "Too many recipients"));
  envelope_.recipients.push_back(*command.forward_path);
  ask(Verb::Rcpt, RecipientOffered{std::move(*command.forward_path), offered_++});
}

void Server::obey_help(const Command& command) {
  if (command.argument.empty()) {
    std::vector<std::string> lines{"These commands are understood here:"};
    std::string line;
    for (const Verb verb : verbs())
      if (is_built(verb, options_)) line.append(line.empty() ? "" : " ").append(name(verb));
    lines.push_back(std::move(line));
    lines.emplace_back("HELP and one of them tells more.");
    return conclude(Verb::Help, Reply(214, std::move(lines)));
  }
  const Verb verb = find_verb(command.argument);
  const ReferenceEntry* entry = is_built(verb, options_) ? explain_verb(verb) : nullptr;
  if (entry == nullptr) return conclude(Verb::Help, Reply(504, "No help on that"));
  conclude(Verb::Help, Reply(214, {std::string(entry->syntax), std::string(entry->title)}));
}

void Server::obey_quit() {
  abort_transaction(Verb::Quit);
  events_.emplace_back(QuitSeen{});
  conclude(Verb::Quit, Reply(221, options_.domain + " Service closing transmission channel"));
  wants_close_ = true;
}

// ---- answering
// --------------------------------------------------------------------------------------

void Server::ask(Verb verb, ServerEvent event) {
  session_.command(verb);
  events_.push_back(std::move(event));
  asked_ = verb;
}

void Server::say(const Reply& reply) {
  output_ += reply.wire();
}

void Server::conclude(Verb verb, const Reply& reply) {
  session_.command(verb);
  session_.reply(reply.code);
  say(reply);
  if (verb == Verb::EndOfData) clear_transaction();
}

// What the host's answer does to the transaction.
void Server::apply(Verb verb, const Reply& reply) {
  const bool yes = reply.positive();
  switch (verb) {
    case Verb::Helo:
    case Verb::Ehlo:
      if (!yes) break;  // §4.1.4: stays as it was
      abort_transaction(verb);
      client_name_ = name_asked_;
      client_extended_ = verb == Verb::Ehlo;
      break;
    case Verb::Mail:
      if (!yes) clear_transaction();
      break;
    case Verb::Rcpt:
      if (!yes) envelope_.recipients.pop_back();
      break;
    case Verb::Data:
      assert(!yes);
      decoder_.reset();
      break;
    case Verb::EndOfData:
      clear_transaction();
      break;
    default:
      break;
  }
}

Reply Server::usual_reply(Verb verb, std::string text) const {
  if (verb == Verb::Ehlo && text.empty()) return ehlo_reply();
  const bool ask_back = verb == Verb::Vrfy || verb == Verb::Expn;
  if (text.empty()) {
    if (verb == Verb::Helo)
      text = options_.domain;
    else if (verb == Verb::Data)
      text = "Start mail input; end with <CRLF>.<CRLF>";
    else if (ask_back)
      text = "Cannot VRFY user, but will accept message and attempt delivery";
    else
      text = "OK";
  }
  const std::uint16_t code = verb == Verb::Data ? 354 : ask_back ? 252 : 250;
  return Reply(code, std::move(text));
}

// §4.1.1.1: every command that §4.5.1 does not require has to be in the list, so EXPN and HELP are.
Reply Server::ehlo_reply() const {
  std::vector<std::string> lines{options_.domain + " greets " + name_asked_};
  if (options_.size) lines.push_back("SIZE " + std::to_string(options_.message_octets_max));
  if (options_.eight_bit_mime) lines.emplace_back("8BITMIME");
  if (options_.pipelining) lines.emplace_back("PIPELINING");
  lines.emplace_back("EXPN");
  lines.emplace_back("HELP");
  return Reply(250, std::move(lines));
}

// ---- the transaction
// ----------------------------------------------------------------------------------

bool Server::in_transaction() const {
  const State state = session_.state();
  return state == State::Mail || state == State::Rcpt || state == State::Data;
}

void Server::clear_transaction() {
  envelope_ = {};
  content_ = std::string();
  content_too_long_ = false;
  eight_bit_ = false;
  offered_ = 0;
}

void Server::abort_transaction(Verb by) {
  if (in_transaction()) events_.emplace_back(TransactionAborted{by});
  clear_transaction();
}

void Server::end() {
  abort_transaction(Verb::Unknown);
  session_.close();
  events_.emplace_back(InputEnded{});
  wants_close_ = true;
}

}  // namespace mailscope::smtp
