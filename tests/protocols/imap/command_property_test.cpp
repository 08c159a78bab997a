#include <catch2/catch.hpp>

#include "protocols/imap/command_parser.hpp"
#include "protocols/imap/command_reader.hpp"
#include "protocols/imap/command_writer.hpp"
#include "random_values.hpp"
#include "reading.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using random::Chance;

namespace {

template <typename Enum>
EnumSet<Enum> some(Chance& chance, std::uint32_t count) {
  EnumSet<Enum> set;
  for (std::uint32_t i = 0; i < count; ++i)
    if (chance.maybe()) set.insert(static_cast<Enum>(i));
  return set;
}

StatusItems status_items(Chance& chance) {
  StatusItems items = some<StatusItem>(chance, kStatusItems);
  if (items.empty()) items.insert(StatusItem::Size);
  return items;
}

SelectCommand select(Chance& chance) {
  SelectCommand command{chance.mailbox(), chance.maybe(), {}};
  if (chance.maybe()) return command;
  QResync& qresync = command.qresync.emplace();
  qresync.uid_validity = chance.number();
  qresync.modseq = chance.number();
  if (chance.maybe()) qresync.known_uids = chance.fixed_set();
  if (chance.maybe()) {
    const SequenceSet set = chance.fixed_set();
    qresync.known_numbers = {set, set};
  }
  return command;
}

ListCommand list(Chance& chance) {
  ListCommand command;
  command.reference = chance.maybe() ? "" : chance.mailbox().utf8();
  for (std::uint32_t i = 1 + chance.below(2); i > 0; --i)
    command.patterns.push_back(chance.mailbox().utf8() + (chance.maybe() ? "*" : "%"));
  command.select = some<ListSelect>(chance, 4);
  command.select.erase(ListSelect::RecursiveMatch);
  command.returns = some<ListReturn>(chance, 4);
  if (command.returns.contains(ListReturn::Status)) command.status = status_items(chance);
  command.extended = !command.select.empty() || !command.returns.empty() ||
                     command.patterns.size() > 1 || chance.maybe();
  return command;
}

AppendCommand append(Chance& chance) {
  AppendCommand command{chance.mailbox(), {}};
  for (std::uint32_t i = 1 + chance.below(3); i > 0; --i) {
    AppendMessage message;
    message.flags = chance.flags();
    if (chance.maybe()) message.internal_date = chance.date_time();
    message.octets = chance.octets(40);
    message.binary = chance.maybe();
    message.utf8 = message.binary && chance.maybe();
    if (message.binary) message.octets += '\0';
    message.size = message.octets.size();
    command.messages.push_back(std::move(message));
  }
  return command;
}

FetchCommand fetch(Chance& chance, bool uid) {
  FetchCommand command{chance.set(), {}, {}, false};
  for (std::uint32_t i = 1 + chance.below(4); i > 0; --i)
    command.items.push_back(chance.fetch_item());
  if (chance.maybe()) command.changed_since = chance.number();
  command.vanished = uid && command.changed_since && chance.maybe();
  return command;
}

StoreCommand store(Chance& chance) {
  StoreCommand command{chance.set(),
                       static_cast<StoreCommand::Mode>(chance.below(3)),
                       chance.maybe(),
                       chance.flags(),
                       {}};
  if (chance.maybe()) command.unchanged_since = chance.below(3);
  return command;
}

SearchCommand search(Chance& chance) {
  SearchCommand command{{}, chance.maybe() ? "" : "UTF-8", chance.search_key()};
  if (chance.maybe()) command.returns = some<SearchReturn>(chance, 5);
  return command;
}

SortCommand sort(Chance& chance) {
  SortCommand command{{}, "UTF-8", chance.search_key()};
  for (std::uint32_t i = 1 + chance.below(3); i > 0; --i)
    command.criteria.push_back({static_cast<SortKey>(chance.below(7)), chance.maybe()});
  return command;
}

IdCommand id(Chance& chance) {
  IdCommand command;
  if (chance.maybe()) return command;
  command.fields.emplace();
  for (std::uint32_t i = chance.below(3); i > 0; --i)
    command.fields->emplace_back(chance.text(), chance.text());
  if (chance.maybe()) command.fields->emplace_back("x", std::nullopt);
  return command;
}

Arguments arguments_of(Chance& chance, Verb verb, bool uid) {
  switch (verb) {
    case Verb::Id:
      return id(chance);
    case Verb::Authenticate:
      return AuthenticateCommand{
          "PLAIN", chance.maybe() ? std::optional<std::string>("AGE=") : std::nullopt};
    case Verb::Login:
      return LoginCommand{chance.text(), chance.text()};
    case Verb::Enable:
      return WordsCommand{{chance.letters(), chance.letters()}};
    case Verb::Compress:
      return WordsCommand{{chance.letters()}};
    case Verb::Select:
    case Verb::Examine:
      return select(chance);
    case Verb::Create:
      return CreateCommand{
          chance.mailbox(), {MailboxAttribute::Sent}, {"\\" + chance.letters() + "9"}};
    case Verb::Delete:
    case Verb::Subscribe:
    case Verb::Unsubscribe:
    case Verb::GetQuotaRoot:
      return MailboxCommand{chance.mailbox()};
    case Verb::Rename:
      return RenameCommand{chance.mailbox(), chance.mailbox()};
    case Verb::List:
      return list(chance);
    case Verb::Lsub: {
      ListCommand command = list(chance);
      return ListCommand{command.reference, {command.patterns[0]}, false, {}, {}, {}};
    }
    case Verb::Status:
      return StatusCommand{chance.mailbox(), status_items(chance)};
    case Verb::Append:
      return append(chance);
    case Verb::GetQuota:
      return QuotaCommand{chance.text(), {}};
    case Verb::SetQuota:
      return QuotaCommand{chance.text(), {{"STORAGE", chance.number()}}};
    case Verb::Expunge:
      return uid ? Arguments(UidExpungeCommand{chance.set()}) : NoArguments{};
    case Verb::Search:
      return search(chance);
    case Verb::Fetch:
      return fetch(chance, uid);
    case Verb::Store:
      return store(chance);
    case Verb::Copy:
    case Verb::Move:
      return CopyCommand{chance.set(), chance.mailbox()};
    case Verb::Sort:
      return sort(chance);
    case Verb::Thread:
      return ThreadCommand{chance.letters(), "UTF-8", chance.search_key()};
    default:
      return NoArguments{};
  }
}

Command command_of(Chance& chance) {
  Command command;
  command.tag = "t" + std::to_string(chance.below(100));
  command.verb = static_cast<Verb>(2 + chance.below(kVerbs - 2));
  command.uid = has_uid_form(command.verb) && chance.maybe();
  command.arguments = arguments_of(chance, command.verb, command.uid);
  return command;
}

}  // namespace

TEST_CASE(
    "What is written is read as the same command, with and without UTF-8, literals of any kind") {
  Chance chance(9);
  for (int i = 0; i < 20'000; ++i) {
    const Command command = command_of(chance);
    const CommandWriterOptions options{static_cast<CommandWriterOptions::Literals>(chance.below(3)),
                                       chance.maybe() ? Utf8::Yes : Utf8::No};
    const CommandOctets written = write_command(command, options);
    CommandReader reader(WireReader::Limits{});
    std::string_view input = written.octets;
    std::vector<std::size_t> waits;
    WireReader::Answer answer = reader.next(input);
    while (const auto* follows = std::get_if<LiteralFollows>(&answer)) {
      if (follows->synchronizing) waits.push_back(written.octets.size() - input.size());
      reader.keep_literal();
      answer = reader.next(input);
    }
    INFO(written.octets);
    CHECK(waits == written.waits);
    REQUIRE(std::holds_alternative<WireText>(answer));
    CHECK(input.empty());
    const auto parsed = parse_command(std::get<WireText>(answer), {.utf8 = options.utf8});
    if (!parsed) FAIL(parsed.error().text);
    CHECK((*parsed == command));
  }
}

TEST_CASE("Pipelined commands are the same in any chunking") {
  Chance chance(10);
  for (int i = 0; i < 300; ++i) {
    std::string octets;
    for (int k = 0; k < 4; ++k) {
      octets += write_command(command_of(chance), {CommandWriterOptions::Literals::Plus}).octets;
      if (chance.below(4) == 0) octets.insert(chance.below(octets.size()), 1, '\0');
      if (chance.below(4) == 0) octets.insert(chance.below(octets.size()), 1, '\r');
    }
    const WireReader::Limits limits{
        .line_octets_max = 300, .literal_octets_max = 500, .literals_max = 5};
    const std::string whole = reading::read({octets}, reading::Decision::Keep, limits);
    for (int k = 0; k < 5; ++k) {
      std::vector<std::string_view> chunks;
      for (std::string_view rest = octets; !rest.empty();) {
        const std::size_t size = std::min<std::size_t>(rest.size(), 1 + chance.below(k * 20 + 1));
        chunks.push_back(rest.substr(0, size));
        rest.remove_prefix(size);
      }
      CHECK(reading::read(chunks, reading::Decision::Keep, limits) == whole);
    }
  }
}
