// The server: what each command asks of the host, and what it is answered without asking.

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/reference.hpp"
#include "protocols/smtp/server.hpp"

namespace mailscope::smtp {
namespace {

// What a client that is not logged in may not do where log-in is demanded (RFC 4954 §6: all but
// AUTH, EHLO, HELO, NOOP, RSET and QUIT; STARTTLS and HELP do no harm).
bool needs_log_in(Verb verb) {
  switch (verb) {
    case Verb::Mail:
    case Verb::Send:
    case Verb::Soml:
    case Verb::Saml:
    case Verb::Vrfy:
    case Verb::Expn:
    case Verb::Etrn:
    case Verb::Turn:
      return true;
    default:
      return false;
  }
}

constexpr std::string_view kUtf8Word = " SMTPUTF8";

}  // namespace

bool Server::is_built(Verb verb) const {
  switch (verb) {
    case Verb::Ehlo:
      return options_.extended;
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
    case Verb::Bdat:
      return options_.extended && options_.chunking;
    case Verb::Auth:
      return options_.extended && !options_.auth_mechanisms.empty();
    case Verb::Starttls:
      return options_.extended && options_.starttls;
    case Verb::Etrn:
      return options_.extended && options_.etrn;
    case Verb::Turn:
      return options_.turn;
    case Verb::Send:
    case Verb::Soml:
    case Verb::Saml:
      return options_.historic;
    default:
      return false;
  }
}

bool Server::auth_announced() const {
  return !options_.auth_mechanisms.empty() && (tls_ || !options_.auth_only_over_tls);
}

// The extensions that the client was promised with EHLO.
Extensions Server::in_force() const {
  Extensions extensions;
  if (!client_extended_) return extensions;
  extensions.size = options_.size;
  extensions.eight_bit_mime = options_.eight_bit_mime;
  extensions.binary_mime = options_.chunking && options_.binary_mime;
  extensions.smtputf8 = options_.smtputf8 && options_.eight_bit_mime;
  extensions.dsn = options_.dsn;
  extensions.auth = auth_announced();
  return extensions;
}

void Server::obey(Command command) {
  if (options_.auth_required && user_.empty() && needs_log_in(command.verb))
    return say(command.verb, Reply(530, "Authentication required"));
  switch (command.verb) {
    case Verb::Helo:
    case Verb::Ehlo:
      name_asked_ = command.argument;
      return ask(command.verb, HeloSeen{command.argument, command.verb == Verb::Ehlo});
    case Verb::Mail:
    case Verb::Send:
    case Verb::Soml:
    case Verb::Saml:
      return obey_mail(std::move(command));
    case Verb::Rcpt:
      return obey_rcpt(std::move(command));
    case Verb::Data:
      return ask(Verb::Data, DataAsked{envelope_.recipients.size()});
    case Verb::Bdat:
      return begin_chunk(command);
    case Verb::Rset:
      abort_transaction(Verb::Rset);
      return conclude(Verb::Rset, Reply(250, "OK"));
    case Verb::Vrfy:
    case Verb::Expn:
      return obey_verify(std::move(command));
    case Verb::Auth:
      return obey_auth(command);
    case Verb::Starttls:
      if (tls_) return say(Verb::Starttls, Reply(503, "Bad sequence of commands: TLS is on"));
      return ask(Verb::Starttls, StarttlsAsked{});
    case Verb::Etrn:
      return obey_etrn(command);
    case Verb::Turn:
      return ask(Verb::Turn, TurnAsked{});
    case Verb::Help:
      return obey_help(command);
    case Verb::Quit:
      return obey_quit();
    default:
      return conclude(Verb::Noop, Reply(250, "OK"));
  }
}

// ---- the envelope -------------------------------------------------------------------------------

void Server::obey_mail(Command command) {
  const Verb verb = command.verb;
  tl::expected<MailOptions, Reply> options = read_mail_parameters(command.parameters, in_force());
  if (!options) return conclude(verb, options.error());
  if (options->size.value_or(0) > options_.message_octets_max)
    return conclude(verb, Reply(552, "Message size exceeds fixed maximum message size"));
  const std::optional<Mailbox>& sender = command.reverse_path->mailbox;
  if (!options->smtputf8 && sender && !sender->is_ascii())  // RFC 6531 §3.5
    return conclude(verb, Reply(550, "5.6.7 That address needs SMTPUTF8"));
  // RFC 4954 §5: the word of a client that has not logged in counts for nothing.
  if (options->auth && user_.empty()) options->auth = "";
  clear_transaction();
  SenderOffered offer;
  offer.size = options->size;
  offer.eight_bit = options->body != MailOptions::Body::SevenBit;
  offer.verb = verb;
  offer.options = *options;
  offer.path = std::move(*command.reverse_path);
  envelope_.options = std::move(*options);
  envelope_.reverse_path = offer.path;
  ask(verb, std::move(offer));
}

void Server::obey_rcpt(Command command) {
  tl::expected<RecipientOptions, Reply> options =
      read_rcpt_parameters(command.parameters, in_force());
  if (!options) return conclude(Verb::Rcpt, options.error());
  if (!envelope_.options.smtputf8 && !command.forward_path->mailbox.is_ascii())
    return conclude(Verb::Rcpt, Reply(553, "5.6.7 That address needs SMTPUTF8"));
  if (envelope_.recipients.size() >= options_.recipients_max)
    return conclude(Verb::Rcpt, Reply(452, "4.5.3 Too many recipients"));
  command.forward_path->options = std::move(*options);
  envelope_.recipients.push_back(*command.forward_path);
  ask(Verb::Rcpt, RecipientOffered{std::move(*command.forward_path), offered_++});
}

// RFC 3030 §2: whatever it will be answered, its octets come first; once a chunk is refused the
// transaction has failed.
void Server::begin_chunk(const Command& command) {
  Chunk& chunk = chunk_.emplace(Chunk{});  // clang 14 finds no emplace() here
  chunk.verb = command.last ? Verb::BdatLast : Verb::Bdat;
  chunk.octets = chunk.left = command.chunk_octets;
  if (chunk_failed_)
    chunk.refusal = Reply(503, "Bad sequence of commands: RSET has to come first");
  else if (chunk_failed_ = session_.state() == State::Mail; chunk_failed_)
    chunk.refusal = Reply(554, "5.5.1 No valid recipients");
  else if (!session_.allowed(chunk.verb) || !client_extended_)
    chunk.refusal = Reply(503, "Bad sequence of commands");
  if (chunk.left == 0) finish_chunk();
}

// ---- the rest -----------------------------------------------------------------------------------

// RFC 6531 §3.7.4.2: "VRFY" SP String SP "SMTPUTF8"
void Server::obey_verify(Command command) {
  VerifyAsked asked;
  asked.expand = command.verb == Verb::Expn;
  asked.text = std::move(command.argument);
  const std::size_t octets = asked.text.size();
  if (in_force().smtputf8 && octets > kUtf8Word.size() &&
      equal_no_case(std::string_view(asked.text).substr(octets - kUtf8Word.size()), kUtf8Word)) {
    asked.text.resize(octets - kUtf8Word.size());
    asked.smtputf8 = true;
  }
  verify_utf8_ = asked.smtputf8;
  if (!options_.verify) return conclude(command.verb, usual_reply(command.verb, {}));
  ask(command.verb, std::move(asked));
}

// RFC 1985 §5, §5.3: "ETRN" SP [ "@" ] domain, or "#" and the name of a queue
void Server::obey_etrn(const Command& command) {
  EtrnAsked asked;
  std::string_view node = command.argument;
  asked.below = node.starts_with('@');
  if (asked.below) node.remove_prefix(1);
  const bool queue = node.starts_with('#') && node.size() > 1 && !asked.below;
  if ((queue ? node.find(' ') != node.npos : !is_domain(node)))
    return conclude(Verb::Etrn, Reply(501, "Syntax error: a domain has to follow"));
  asked.node = node;
  ask(Verb::Etrn, std::move(asked));
}

// 214 tells of the language; 211, which is RFC 5321 §4.2.2's "system status", of this session.
void Server::obey_help(const Command& command) {
  if (equal_no_case(command.argument, "STATUS")) return conclude(Verb::Help, Reply(211, status()));
  if (command.argument.empty()) {
    std::vector<std::string> lines{"These commands are understood here:"};
    std::string line;
    for (const Verb verb : verbs())
      if (is_built(verb)) line.append(line.empty() ? "" : " ").append(name(verb));
    lines.push_back(std::move(line));
    lines.emplace_back("HELP and one of them tells more, HELP STATUS how this session stands.");
    return conclude(Verb::Help, Reply(214, std::move(lines)));
  }
  const Verb verb = find_verb(command.argument);
  const ReferenceEntry* entry = is_built(verb) ? explain_verb(verb) : nullptr;
  if (entry == nullptr) return conclude(Verb::Help, Reply(504, "No help on that"));
  conclude(Verb::Help, Reply(214, {std::string(entry->syntax), std::string(entry->title)}));
}

std::vector<std::string> Server::status() const {
  std::vector<std::string> lines{options_.domain + " status:"};
  lines.emplace_back(describe(session_.state()));
  if (!client_name_.empty()) lines.push_back("You said that you are " + client_name_);
  if (!user_.empty()) lines.push_back("You are logged in as " + user_);
  if (tls_) lines.emplace_back("The connection is under TLS");
  if (in_transaction())
    lines.push_back("Recipients so far: " + std::to_string(envelope_.recipients.size()));
  lines.emplace_back("End of status");
  return lines;
}

void Server::obey_quit() {
  abort_transaction(Verb::Quit);
  tell(QuitSeen{});
  conclude(Verb::Quit, Reply(221, options_.domain + " Service closing transmission channel"));
  wants_close_ = true;
}

// ---- the usual answers --------------------------------------------------------------------------

Reply Server::usual_reply(Verb verb, std::string text) const {
  std::uint16_t code = 250;
  std::string_view usual = "OK";
  switch (verb) {
    case Verb::Ehlo:
      if (text.empty()) return ehlo_reply();
      break;
    case Verb::Helo:
      usual = options_.domain;
      break;
    case Verb::Data:
      code = 354;
      usual = "Start mail input; end with <CRLF>.<CRLF>";
      break;
    case Verb::Vrfy:
      code = 252;
      usual = "Cannot VRFY user, but will accept message and attempt delivery";
      break;
    case Verb::Expn:
      code = 252;
      usual = "Cannot EXPN list, but will accept message and attempt delivery";
      break;
    case Verb::Etrn:
      usual = "OK, queuing for that node started";
      break;
    case Verb::Starttls:
      code = 220;
      usual = "Ready to start TLS";
      break;
    case Verb::Auth:  // a password cannot be accepted unseen
      code = 454;
      usual = "Temporary authentication failure";
      break;
    default:
      break;
  }
  return Reply(code, text.empty() ? std::string(usual) : std::move(text));
}

// RFC 5321 §4.1.1.1: every command that §4.5.1 does not require has to be in the list, so EXPN and
// HELP are.
Reply Server::ehlo_reply() const {
  std::vector<std::string> lines{options_.domain + " greets " + name_asked_};
  const auto announce = [&](bool on, std::string line) {
    if (on) lines.push_back(std::move(line));
  };
  announce(options_.size, "SIZE " + std::to_string(options_.message_octets_max));
  announce(options_.eight_bit_mime, "8BITMIME");
  announce(options_.pipelining, "PIPELINING");
  announce(options_.chunking, "CHUNKING");
  announce(options_.chunking && options_.binary_mime, "BINARYMIME");
  announce(options_.dsn, "DSN");
  announce(options_.smtputf8 && options_.eight_bit_mime, "SMTPUTF8");
  announce(options_.enhanced_status_codes, "ENHANCEDSTATUSCODES");
  announce(options_.starttls && !tls_, "STARTTLS");  // RFC 3207 §4.2
  if (auth_announced()) {
    lines.emplace_back("AUTH");
    for (const std::string& mechanism : options_.auth_mechanisms)
      lines.back().append(" ").append(mechanism);
  }
  announce(options_.etrn, "ETRN");
  for (const Verb verb : {Verb::Turn, Verb::Send, Verb::Soml, Verb::Saml})
    announce(is_built(verb), std::string(name(verb)));
  announce(true, "EXPN");
  announce(true, "HELP");
  return Reply(250, std::move(lines));
}

}  // namespace mailscope::smtp
