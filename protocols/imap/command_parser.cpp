#include "protocols/imap/command_parser.hpp"

#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/command_grammar.hpp"

namespace mailscope::imap {
namespace {

std::string capitals_of(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_upper(c);
  return out;
}

// login = "LOGIN" SP userid SP password          (RFC 9051 §9); both astring
bool login(Scanner& in, LoginCommand& command) {
  return in.space() && in.astring(command.user, "a user name") && in.space() &&
         in.astring(command.password, "a password");
}

// authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp] *(CRLF base64)
// initial-resp = (base64 / "=")                  (RFC 9051 §9)
bool authenticate(Scanner& in, AuthenticateCommand& command) {
  std::string_view mechanism;
  if (!in.space() || !in.atom(mechanism, "a SASL mechanism")) return false;
  command.mechanism = capitals_of(mechanism);
  if (in.at_end()) return true;
  if (!in.space()) return false;
  command.initial_response =
      in.run([](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '/' || c == '='; });
  return !command.initial_response->empty() || in.fail("a response in base64");
}

// enable = "ENABLE" 1*(SP capability)            (RFC 9051 §9)
// capability = ("AUTH=" auth-type) / atom
bool enable(Scanner& in, WordsCommand& command) {
  do {
    std::string_view word;
    if (!in.space() || !in.atom(word, "a capability")) return false;
    command.words.push_back(capitals_of(word));
  } while (!in.at_end());
  return true;
}

// compress = "COMPRESS" SP algorithm             (RFC 4978 §5)
bool compress(Scanner& in, WordsCommand& command) {
  std::string_view word;
  if (!in.space() || !in.atom(word, "a compression mechanism")) return false;
  command.words.push_back(capitals_of(word));
  return true;
}

// delete = "DELETE" SP mailbox, and SUBSCRIBE, UNSUBSCRIBE, GETQUOTAROOT likewise (RFC 9051 §9, RFC
// 9208 §7)
bool mailbox_argument(Scanner& in, MailboxCommand& command) {
  std::optional<MailboxName> name;
  if (!in.space() || !in.mailbox(name)) return false;
  command.mailbox = std::move(*name);
  return true;
}

// id = "ID" SP id-params-list                    (RFC 2971 §4)
bool id(Scanner& in, IdCommand& command) {
  return in.space() && grammar::id_fields(in, command.fields);
}

// The struct for the verb, filled by its parser.
template <typename Struct, typename Parse, typename... More>
bool fill(Arguments& arguments, Struct blank, const Parse& parse, Scanner& in, More... more) {
  const bool in_order = parse(in, blank, more...);
  arguments = std::move(blank);
  return in_order;
}

const MailboxName kNoName = MailboxName::inbox();  // until the name is read

bool parse_mailbox_arguments(Scanner& in, Command& command, const Quirks& quirks) {
  Arguments& arguments = command.arguments;
  switch (command.verb) {
    case Verb::Select:
    case Verb::Examine:
      return fill(arguments, SelectCommand{kNoName, false, {}}, grammar::select, in,
                  quirks.zero_modseq);
    case Verb::Create:
      return fill(arguments, CreateCommand{kNoName, {}, {}}, grammar::create, in);
    case Verb::Rename:
      return fill(arguments, RenameCommand{kNoName, kNoName}, grammar::rename, in);
    case Verb::List:
      return fill(arguments, ListCommand{}, grammar::list_command, in);
    case Verb::Lsub:
      return fill(arguments, ListCommand{}, grammar::lsub, in);
    case Verb::Status:
      return fill(arguments, StatusCommand{kNoName, {}}, grammar::status, in);
    case Verb::Append:
      return fill(arguments, AppendCommand{kNoName, {}}, grammar::append, in);
    case Verb::GetQuota:
      return fill(arguments, QuotaCommand{}, grammar::get_quota, in);
    case Verb::SetQuota:
      return fill(arguments, QuotaCommand{}, grammar::set_quota, in);
    default:  // DELETE, SUBSCRIBE, UNSUBSCRIBE, GETQUOTAROOT
      return fill(arguments, MailboxCommand{kNoName}, mailbox_argument, in);
  }
}

bool parse_message_arguments(Scanner& in, Command& command, const Quirks& quirks) {
  Arguments& arguments = command.arguments;
  switch (command.verb) {
    case Verb::Search:
      return fill(arguments, SearchCommand{}, grammar::search, in);
    case Verb::Sort:
      return fill(arguments, SortCommand{}, grammar::sort, in);
    case Verb::Thread:
      return fill(arguments, ThreadCommand{}, grammar::thread, in);
    case Verb::Fetch:
      return fill(arguments, FetchCommand{}, grammar::fetch, in, command.uid, quirks.zero_modseq);
    case Verb::Store:
      return fill(arguments, StoreCommand{}, grammar::store, in);
    case Verb::Copy:
    case Verb::Move:
      return fill(arguments, CopyCommand{{}, kNoName}, grammar::copy, in);
    default:  // EXPUNGE
      return !command.uid || fill(arguments, UidExpungeCommand{}, grammar::uid_expunge, in);
  }
}

bool parse_arguments(Scanner& in, Command& command, const Quirks& quirks) {
  switch (command.verb) {
    case Verb::Login:
      return fill(command.arguments, LoginCommand{}, login, in);
    case Verb::Authenticate:
      return fill(command.arguments, AuthenticateCommand{}, authenticate, in);
    case Verb::Enable:
      return fill(command.arguments, WordsCommand{}, enable, in);
    case Verb::Compress:
      return fill(command.arguments, WordsCommand{}, compress, in);
    case Verb::Id:
      return fill(command.arguments, IdCommand{}, id, in);
    case Verb::Unknown:
    case Verb::Connect:
    case Verb::Capability:
    case Verb::Noop:
    case Verb::Logout:
    case Verb::Starttls:
    case Verb::Namespace:
    case Verb::Idle:
    case Verb::Check:
    case Verb::Close:
    case Verb::Unselect:
      return true;
    default:
      return command.verb < Verb::Check ? parse_mailbox_arguments(in, command, quirks)
                                        : parse_message_arguments(in, command, quirks);
  }
}

// [UID SP] and the verb's name.
bool parse_verb_word(Scanner& in, Command& command) {
  std::string_view word;
  const auto letters = [](char c) { return is_alpha(c); };
  command.uid = in.take_word("UID");
  if (command.uid && !in.space()) return false;
  word = in.run(letters);
  command.verb = parse_verb(word);
  const bool cut = !in.at_end() && in.peek() != ' ';
  if (command.verb == Verb::Unknown || cut || (command.uid && !has_uid_form(command.verb)))
    return false;
  return true;
}

CommandError command_error(const Command& command, std::string text, std::size_t offset) {
  return {CommandError::Answer::Bad, command.tag, command.verb, std::move(text), offset};
}

CommandError command_error(const Command& command, const Scanner& in) {
  std::string text(command.uid ? "UID " : "");
  if (command.verb != Verb::Unknown) text += std::string(name(command.verb)) + ": ";
  CommandError error = command_error(command, text + in.complaint(), in.failed_at());
  if (in.bad_name()) error.answer = CommandError::Answer::No;
  return error;
}

}  // namespace

// command = tag SP (command-any / command-auth / command-nonauth / command-select) CRLF
// tag = 1*<any ASTRING-CHAR except "+">          (RFC 9051 §9)
tl::expected<Command, CommandError> parse_command(WireText text, const ParseOptions& options) {
  Scanner in(text, options.utf8,
             {.extra_spaces = options.quirks.extra_spaces, .any_octets = false});
  Command command;
  const std::string_view tag = in.run(is_tag_char);
  if (tag.empty() || (!in.at_end() && in.peek() != ' '))
    return tl::unexpected(
        command_error(command, "A tag is expected in front of the command", in.offset()));
  command.tag = tag;
  if (!in.space())
    return tl::unexpected(command_error(command, "A command is expected behind the tag", 0));
  if (const std::size_t at = in.offset(); !parse_verb_word(in, command)) {
    const std::string_view found = std::string_view(text.text).substr(at, 24);
    const std::string shown = printable(found.substr(0, found.find_first_of("\r\n")));
    command.verb = Verb::Unknown;
    return tl::unexpected(command_error(command, "There is no command \"" + shown + '"', at));
  }
  if (!parse_arguments(in, command, options.quirks))
    return tl::unexpected(command_error(command, in));
  if (options.quirks.space_at_end) in.take_spaces();
  if (!in.at_end()) {
    in.fail("the end of the command");
    return tl::unexpected(command_error(command, in));
  }
  return command;
}

tl::expected<Command, CommandError> parse_command(std::string_view line,
                                                  const ParseOptions& options) {
  WireText text;
  text.text = line;
  return parse_command(std::move(text), options);
}

}  // namespace mailscope::imap
