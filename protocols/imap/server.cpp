// The server: octets in, and commands to those who obey them.

#include "protocols/imap/server.hpp"

#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

WireReader::Limits limits_of(const ServerOptions& options) {
  WireReader::Limits limits;
  limits.line_octets_max = Server::kLineOctetsMax;
  limits.literal_octets_max = std::uint64_t{options.append_octets_max} + Server::kLiteralOctetsMax;
  return limits;
}

}  // namespace

Server::Server(ServerOptions options) : options_(std::move(options)), reader_(limits_of(options_)) {
  greet(Status::Ok);
}

Server::Server(ServerOptions options, mailbox::Account& account)
    : options_(std::move(options)), reader_(limits_of(options_)) {
  account_ = &account;
  user_ = account.owner();
  greet(Status::PreAuth);
  session_.happen(Happening::PreAuthenticated);
}

Server::~Server() = default;

void Server::greet(Status status) {
  session_.command(Verb::Connect, {});
  writer_.status({}, status, "CAPABILITY " + announcement(),
                 options_.domain + " IMAP4rev1 server ready");
  session_.reply({}, status);
}

void Server::receive(std::string_view octets) {
  if (wants_close_ || eof_) return;
  held_ += octets;
  run();
  if (held_.size() <= options_.held_octets_max || wants_close_) return;
  shut_down("Too much input while an answer is due");
}

void Server::receive_eof() {
  if (eof_) return;
  eof_ = true;
  if (!wants_close_) close();
}

std::optional<ServerEvent> Server::next_event() {
  if (events_.empty()) return std::nullopt;
  ServerEvent event = std::move(events_.front());
  events_.erase(events_.begin());
  return event;
}

std::string Server::take_output() {
  if (news_ && mode_ == Mode::Idle) {
    tell_news(true);
    if (selected_ && selected_->lost()) end("The mailbox is gone");
  }
  while (job_ && output_.size() < kOutputOctets) go_on();
  return std::exchange(output_, {});
}

void Server::mailbox_changed() {
  if (std::exchange(news_, true) || mode_ != Mode::Idle) return;
  if (options_.wake) options_.wake();
}

bool Server::reading() const {
  return question_ == Question::None && !job_ && !wants_close_;
}

void Server::run() {
  // What is obeyed may ask for the rest to be read: it finds nothing then, and the loop goes on.
  const std::string input = std::exchange(held_, {});
  std::string_view rest = input;
  while (reading() && !(rest.empty() && !reader_.literal_waits())) {
    WireReader::Answer answer =
        mode_ == Mode::Commands ? reader_.next(rest) : reader_.next_line(rest);
    if (std::holds_alternative<NeedMore>(answer)) continue;
    if (mode_ == Mode::Commands)
      take(std::move(answer));
    else
      take_line(answer);
  }
  if (!wants_close_) held_.assign(rest);
}

void Server::take(WireReader::Answer answer) {
  if (auto* text = std::get_if<WireText>(&answer)) return take_command(std::move(*text));
  if (const auto* literal = std::get_if<LiteralFollows>(&answer)) return take_literal(*literal);
  if (const auto* fault = std::get_if<WireFault>(&answer)) take_fault(*fault);
}

// A line of AUTHENTICATE's exchange, or the end of IDLE.
void Server::take_line(const WireReader::Answer& answer) {
  const auto* const text = std::get_if<WireText>(&answer);
  const auto* const fault = std::get_if<WireFault>(&answer);
  if (!text && !fault) return;
  session_.client_line();
  const Mode mode = std::exchange(mode_, Mode::Commands);
  if (mode == Mode::Sasl) {
    if (text) return take_response(text->text);
    return end_authentication(Status::Bad, {}, describe(*fault));
  }
  if (text && equal_no_case(text->text, "DONE")) return ok("IDLE is over");
  bad("IDLE ends with DONE");
}

void Server::take_fault(const WireFault& fault) {
  tag_ = front_of(fault.text).tag;
  verb_ = Verb::Unknown;
  session_.command(verb_, tag_);
  bad(describe(fault));
}

// ---- literals -----------------------------------------------------------------------------------

// Who may send how much; "" for all is well. What a literal belongs to is known before it comes: so
// nobody uploads for nothing.
std::string_view Server::refusal_of(const LiteralFollows& literal, const CommandFront& front) {
  if (front.verb != Verb::Append || !account_)
    return literal.octets > kLiteralOctetsMax ? "Such a long literal has no place here" : "";
  return literal.octets > append_octets_max() ? "The message is too long" : "";
}

void Server::take_literal(const LiteralFollows& literal) {
  const CommandFront front = front_of(literal.text);
  const std::string_view refusal = refusal_of(literal, front);
  if (!refusal.empty()) {
    tag_ = front.tag;
    verb_ = front.verb;
    session_.command(verb_, tag_);
    reader_.drop_literal();
    return front.verb == Verb::Append ? no(refusal, "TOOBIG") : bad(refusal);
  }
  if (front.verb == Verb::Append && account_ && goes_nowhere(literal)) return;
  if (literal.synchronizing) writer_.continuation("go on");
  reader_.keep_literal();
}

// APPEND's first message for a mailbox that is not there. True: refused, and that was said.
bool Server::goes_nowhere(const LiteralFollows& literal) {
  if (literal.text.find('\n') != std::string_view::npos) return false;
  WireText text{std::string(literal.text) + "\r\n", {{literal.octets, literal.binary}}, 0, 0};
  text.literals.front().kept = false;
  const auto command = parse_command(std::move(text), ParseOptions{enabled_.utf8(), {}});
  const auto* const append = command ? std::get_if<AppendCommand>(&command->arguments) : nullptr;
  if (!append) return false;
  const auto found = account_->find(append->mailbox.utf8());
  if (found) return false;
  tag_ = command->tag;
  verb_ = command->verb;
  uid_ = false;
  session_.command(verb_, tag_);
  reader_.drop_literal();
  no(found.error(), true);
  return true;
}

// ---- commands -----------------------------------------------------------------------------------

void Server::take_command(WireText text) {
  auto command = parse_command(std::move(text), ParseOptions{enabled_.utf8(), {}});
  if (!command) return refuse(command.error());
  tag_ = command->tag;
  verb_ = command->verb;
  uid_ = command->uid;
  const bool allowed = session_.command(verb_, tag_).allowed;
  const auto extension = extension_of(verb_);
  if (extension && !has(*extension)) return bad("Unknown command");
  if (!allowed) return bad("Not in the " + std::string(imap::name(state())) + " state");
  if (selected_ && selected_->lost()) return end("The mailbox is gone");
  obey(std::move(*command));
}

void Server::refuse(const CommandError& error) {
  tag_ = error.tag;
  verb_ = error.verb;
  session_.command(verb_, tag_);
  if (error.answer == CommandError::Answer::No) return no(error.text, "CANNOT");
  bad(error.text);
}

void Server::obey(Command command) {
  Arguments& arguments = command.arguments;
  switch (command.verb) {
    case Verb::Capability:
      return capability();
    case Verb::Noop:
    case Verb::Check:
      return poll();
    case Verb::Logout:
      return log_out();
    case Verb::Id:
      return identify();
    case Verb::Authenticate:
      return authenticate(std::get<AuthenticateCommand>(arguments));
    case Verb::Login:
      return log_in(std::move(std::get<LoginCommand>(arguments)));
    case Verb::Enable:
      return enable(std::get<WordsCommand>(arguments));
    case Verb::Select:
    case Verb::Examine:
      return select(std::get<SelectCommand>(arguments), command.verb == Verb::Examine);
    case Verb::Create:
      return create(std::get<CreateCommand>(arguments));
    case Verb::Delete:
      return remove(std::get<MailboxCommand>(arguments));
    case Verb::Rename:
      return rename(std::get<RenameCommand>(arguments));
    case Verb::Subscribe:
    case Verb::Unsubscribe:
      return subscribe(std::get<MailboxCommand>(arguments), command.verb == Verb::Subscribe);
    case Verb::List:
    case Verb::Lsub:
      return list(std::get<ListCommand>(arguments), command.verb == Verb::Lsub);
    case Verb::Namespace:
      return tell_namespace();
    case Verb::Status:
      return mailbox_status(std::get<StatusCommand>(arguments));
    case Verb::Append:
      return append(std::move(std::get<AppendCommand>(arguments)));
    case Verb::Idle:
      return idle();
    case Verb::GetQuota:
      return get_quota(std::get<QuotaCommand>(arguments));
    case Verb::GetQuotaRoot:
      return get_quota_root(std::get<MailboxCommand>(arguments));
    case Verb::SetQuota:
      return no("Quotas are set elsewhere", "NOPERM");
    default:
      return obey_in_mailbox(command);
  }
}

void Server::obey_in_mailbox(Command& command) {
  Arguments& arguments = command.arguments;
  switch (command.verb) {
    case Verb::Close:
      return close_mailbox(true);
    case Verb::Unselect:
      return close_mailbox(false);
    case Verb::Expunge:
      return expunge(std::get_if<UidExpungeCommand>(&arguments));
    case Verb::Search:
      return search(std::get<SearchCommand>(arguments));
    case Verb::Fetch:
      return fetch(std::move(std::get<FetchCommand>(arguments)));
    case Verb::Store:
      return store(std::get<StoreCommand>(arguments));
    case Verb::Copy:
    case Verb::Move:
      return copy(std::get<CopyCommand>(arguments), command.verb == Verb::Move);
    case Verb::Sort:
      return sort(std::get<SortCommand>(arguments));
    case Verb::Thread:
      return thread(std::get<ThreadCommand>(arguments));
    default:
      return bad("Not offered here");  // STARTTLS, COMPRESS, and what is no command
  }
}

}  // namespace mailscope::imap
