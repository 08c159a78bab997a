#include "scenarios/reading/inside_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/base/spelling.hpp"
#include "scenarios/reading/event_words.hpp"

namespace mailscope::scenarios {
namespace {

using trace::AgentKind;
using trace::SocketCall;
using trace::State;
using trace::Value;
using trace::VariableKind;
using Words = std::vector<std::string_view>;

// Whose a variable is.
enum class Owner : std::uint8_t { Host, User, HostOrUser, Program };
// What its values are, beside states.
enum class Holds : std::uint8_t { States, Number, Text, NumberOrText, Calls };
using StateSet = std::uint32_t;  // a bit each
static_assert(trace::kStates <= 32);

template <typename... Some>
constexpr StateSet set_of(Some... states) {
  return (StateSet{0} | ... | (StateSet{1} << static_cast<unsigned>(states)));
}

// What the programs of sim/hosts tell.
struct Row {
  VariableKind kind;
  Owner owner;
  Holds holds;
  StateSet states = 0;
};
constexpr Row kRows[] = {
    {VariableKind::Access, Owner::User, Holds::States, set_of(State::Granted, State::Refused)},
    {VariableKind::Cache, Owner::Host, Holds::Number},
    {VariableKind::Conversion, Owner::Host, Holds::Text},
    {VariableKind::Disk, Owner::Host, Holds::States,
     set_of(State::Idle, State::Writing, State::Full)},
    {VariableKind::Dropped, Owner::Host, Holds::Text},
    {VariableKind::Etrn, Owner::Host, Holds::NumberOrText},
    {VariableKind::Expansion, Owner::Host, Holds::Text},
    {VariableKind::Fallback, Owner::Host, Holds::Text},
    {VariableKind::Fault, Owner::Host, Holds::Number, set_of(State::Cut, State::Delay)},
    {VariableKind::Fetch, Owner::HostOrUser, Holds::States,
     set_of(State::Failed, State::PassedOver)},
    {VariableKind::Greylist, Owner::Host, Holds::States, set_of(State::New, State::TooEarly)},
    {VariableKind::Idle, Owner::Host, Holds::Text},
    {VariableKind::InDoubt, Owner::Host, Holds::Text},
    {VariableKind::Inbox, Owner::User, Holds::Number},
    {VariableKind::Junk, Owner::User, Holds::Number},
    {VariableKind::Letter, Owner::User, Holds::Text},
    {VariableKind::Lock, Owner::User, Holds::States, set_of(State::Locked, State::Free)},
    {VariableKind::LogIn, Owner::Host, Holds::Text, set_of(State::Failed, State::Refused)},
    {VariableKind::Loop, Owner::Host, Holds::Number},
    {VariableKind::Mailbox, Owner::User, Holds::Number},
    {VariableKind::Patience, Owner::Host, Holds::States, set_of(State::Over)},
    {VariableKind::Power, Owner::Host, Holds::States,
     set_of(State::On, State::Off, State::Crashed)},
    {VariableKind::Process, Owner::Program, Holds::States,
     set_of(State::Idle, State::Running, State::Listening)},
    {VariableKind::Receipt, Owner::User, Holds::States, set_of(State::Sent, State::NotSent)},
    {VariableKind::Refused, Owner::Host, Holds::Text},
    {VariableKind::Report, Owner::HostOrUser, Holds::Text},
    {VariableKind::Retry, Owner::Host, Holds::Text},
    {VariableKind::Socket, Owner::Program, Holds::Calls,
     set_of(State::Finished, State::Reset, State::TimedOut, State::Refused, State::Unreachable)},
    {VariableKind::SpamFilter, Owner::Host, Holds::States, set_of(State::Spam, State::NoSpam)},
    {VariableKind::Spool, Owner::Host, Holds::Number},
    {VariableKind::Talk, Owner::Host, Holds::States, set_of(State::Failed)},
    {VariableKind::Turn, Owner::Host, Holds::Text, set_of(State::Granted, State::Refused)},
    {VariableKind::Undeliverable, Owner::Host, Holds::Text},
    {VariableKind::VirusScan, Owner::Host, Holds::States, set_of(State::Infected, State::Clean)},
    {VariableKind::Zone, Owner::Host, Holds::Number},
};

constexpr bool has_a_row_for_each() {
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    if (static_cast<std::size_t>(kRows[i].kind) != i) return false;
  return std::size(kRows) == trace::kVariableKinds;
}
static_assert(has_a_row_for_each(), "each kind of variable has its row, in the order of the enum");

// Those that tell of their process and their sockets: not the user agent.
constexpr AgentKind kPrograms[] = {AgentKind::MtaClient, AgentKind::MtaServer, AgentKind::Mda,
                                   AgentKind::MaaClient, AgentKind::MaaServer, AgentKind::DnsServer,
                                   AgentKind::Resolver};

bool is_of_user(const Row& row) {
  return row.owner == Owner::User || row.owner == Owner::HostOrUser;
}

// The names of the host's variables, of the users', of the programs'.
Words variable_words() {
  Words words;
  const auto add = [&](auto fits) {
    for (const Row& row : kRows)
      if (fits(row)) words.push_back(trace::name(row.kind));
  };
  add([](const Row& row) { return row.owner == Owner::Host || row.owner == Owner::HostOrUser; });
  add(is_of_user);
  add([](const Row& row) { return row.owner == Owner::Program; });
  return words;
}

bool is_program(std::string_view name, const Scenario& scenario) {
  const auto types = [&](const UserSpec& user) { return name == user.name + "'s terminal"; };
  return std::any_of(std::begin(kPrograms), std::end(kPrograms),
                     [&](AgentKind kind) { return trace::name(kind) == name; }) ||
         std::any_of(scenario.users.begin(), scenario.users.end(), types);
}

std::optional<std::string> find_unknown_owner(const Row& row, std::string_view owner,
                                              const Scenario& scenario) {
  Words known;
  if (is_of_user(row)) {
    if (scenario.user(owner)) return std::nullopt;
    for (const UserSpec& user : scenario.users) known.push_back(user.name);
    return no_such_word("user", owner, known);
  }
  if (is_program(owner, scenario)) return std::nullopt;
  for (const AgentKind kind : kPrograms) known.push_back(trace::name(kind));
  return no_such_word("program", owner, known);
}

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

// A part of a call's brackets: "port 25", "12 octets", "10.0.2.25:25", "[2001:db8::25]:25".
void read_part(std::string_view part, SocketCall& call) {
  constexpr std::string_view kPort = "port ", kOctets = " octets";
  if (part.ends_with(kOctets)) {
    read_number(part.substr(0, part.size() - kOctets.size()), call.octets);
    return;
  }
  if (part.starts_with(kPort)) {
    read_number(part.substr(kPort.size()), call.port);
    return;
  }
  const std::size_t colon = part.rfind(':');
  if (colon == std::string_view::npos) return;
  read_number(part.substr(colon + 1), call.port);
  std::string_view address = part.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  if (const auto parsed = IpAddress::parse(address)) call.address = *parsed;
}

// The call of which trace::text() says this.
std::optional<SocketCall> parse_call(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  SocketCall call;
  std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  const std::size_t comma = std::min(inside.find(", "), inside.size());
  read_part(inside.substr(0, comma), call);
  if (comma < inside.size()) read_part(inside.substr(comma + 2), call);
  for (int name = 0; name <= static_cast<int>(SocketCall::Name::Close); ++name) {
    call.name = static_cast<SocketCall::Name>(name);
    if (trace::text(call) == text) return call;
  }
  return std::nullopt;
}

Words state_words(const Row& row) {
  Words words;
  for (std::size_t i = 0; i < trace::kStates; ++i)
    if (row.states >> i & 1) words.push_back(trace::name(static_cast<State>(i)));
  return words;
}

std::optional<State> find_state(const Row& row, std::string_view text) {
  for (std::size_t i = 0; i < trace::kStates; ++i)
    if ((row.states >> i & 1) && trace::name(static_cast<State>(i)) == text)
      return static_cast<State>(i);
  return std::nullopt;
}

// What would be right, as it is written: "a number", "on, off, crashed".
std::string right_values(const Row& row) {
  std::vector<std::string> words;
  for (const std::string_view state : state_words(row)) words.emplace_back(state);
  if (row.holds == Holds::Number) words.emplace_back("a number");
  if (row.holds == Holds::Calls) words.emplace_back("a call like connect(10.0.2.25:25) or close()");
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

tl::expected<trace::What, std::string> parse_variable(std::string_view text,
                                                      const Scenario& scenario) {
  const auto name_of = [](const Row& row) { return trace::name(row.kind); };
  const std::string_view first = text.substr(0, text.find(' '));
  for (const Row& row : kRows) {
    const bool needs_owner = row.owner == Owner::User || row.owner == Owner::Program;
    if (name_of(row) == text && !needs_owner) return trace::What{row.kind};
    if (name_of(row) == text)
      return tl::unexpected(fmt::format("{0} of whom? write \"HOST: {0} NAME\"", text));
    if (name_of(row) != first || row.owner == Owner::Host) continue;
    const std::string_view owner = text.substr(first.size() + 1);
    if (const auto unknown = find_unknown_owner(row, owner, scenario))
      return tl::unexpected(*unknown);
    return trace::What{row.kind, owner};
  }
  const Words known = variable_words();
  return tl::unexpected(
      no_such_word("inside event", nearest_word(text, known).empty() ? first : text, known));
}

tl::expected<Value, std::string> parse_value(VariableKind kind, std::string_view text) {
  const Row& row = kRows[static_cast<std::size_t>(kind)];
  if (const auto state = find_state(row, text)) return Value(*state);
  std::uint64_t number = 0;
  const bool may_be_number = row.holds == Holds::Number || row.holds == Holds::NumberOrText;
  if (may_be_number && read_number(text, number)) return Value(number);
  if (row.holds == Holds::Text || row.holds == Holds::NumberOrText) return Value(std::string(text));
  if (row.holds == Holds::Calls)
    if (const auto call = parse_call(text)) return Value(*call);
  const std::string_view near = nearest_word(text, state_words(row));
  return tl::unexpected(fmt::format("{} is never \"{}\"; {}", trace::name(kind), printable(text),
                                    near.empty() ? fmt::format("it can be {}", right_values(row))
                                                 : fmt::format("perhaps {}?", near)));
}

}  // namespace mailscope::scenarios
