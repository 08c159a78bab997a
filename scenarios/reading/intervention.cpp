#include "scenarios/reading/intervention.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/verb.hpp"
#include "scenarios/reading/scenario.hpp"
#include "scenarios/reading/table_reader.hpp"

namespace mailscope::scenarios {
namespace {

using Kind = Intervention::Kind;
using FaultKind = sim::CommandFault::Kind;

// What stands behind the word.
enum class Wants : std::uint8_t {
  Link,
  LinkRate,
  LinkShare,
  Host,
  Server,
  ServerTime,
  ServerUser,
  ServerFault
};

struct Action {
  std::string_view word;
  Kind kind;
  Wants wants;
  std::string_view example;
};
constexpr Action kActions[] = {
    {"drop", Kind::Drop, Wants::Link, "drop HOST HOST"},
    {"cut", Kind::Cut, Wants::Link, "cut HOST HOST"},
    {"mend", Kind::Mend, Wants::Link, "mend HOST HOST"},
    {"slow", Kind::Slow, Wants::LinkRate, "slow HOST HOST 9600"},
    {"lose", Kind::Lose, Wants::LinkShare, "lose HOST HOST 0.1"},
    {"off", Kind::Off, Wants::Host, "off HOST"},
    {"on", Kind::On, Wants::Host, "on HOST"},
    {"crash", Kind::Crash, Wants::Host, "crash HOST"},
    {"restart", Kind::Restart, Wants::Host, "restart HOST"},
    {"refuse", Kind::Refuse, Wants::Server, "refuse HOST"},
    {"accept", Kind::Accept, Wants::Server, "accept HOST"},
    {"overload", Kind::Overload, Wants::ServerTime, "overload HOST 20s"},
    {"relieve", Kind::Relieve, Wants::Server, "relieve HOST"},
    {"full", Kind::Full, Wants::Server, "full HOST"},
    {"empty", Kind::Empty, Wants::Server, "empty HOST"},
    {"greylist", Kind::Greylist, Wants::ServerTime, "greylist HOST 5min"},
    {"forget", Kind::Forget, Wants::ServerUser, "forget HOST USER"},
    {"remember", Kind::Remember, Wants::ServerUser, "remember HOST USER"},
    {"fault", Kind::Fault, Wants::ServerFault,
     "fault HOST RCPT cut|crash|delay 5s|450 TEXT (or CONNECT, END-OF-DATA, RCPT:2, ...)"},
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> list;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return list;
}

using Words = std::span<const std::string>;
using Wrong = std::optional<std::string>;  // why it is wrong

// "1.25s" or "1.25 s" off the front: joins number and unit.
std::optional<std::int64_t> take_time(Words& list) {
  for (std::size_t count : {std::size_t{1}, std::size_t{2}}) {
    if (list.size() < count) return std::nullopt;
    const auto time = parse_duration(count == 1 ? list[0] : list[0] + list[1]);
    if (!time) continue;
    list = list.subspan(count);
    return time;
  }
  return std::nullopt;
}

// "9600", "56k", "2M".
std::optional<std::uint64_t> parse_rate(std::string_view text) {
  std::uint64_t rate = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, rate);
  if (error != std::errc{}) return std::nullopt;
  constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {
      {"", 1}, {"k", 1000}, {"M", 1'000'000}, {"G", 1'000'000'000}};
  for (const auto& [unit, factor] : kUnits)
    if (std::string_view(rest, static_cast<std::size_t>(end - rest)) == unit && rate >= 1 &&
        rate <= 400'000'000'000 / factor && rate * factor >= 300)
      return rate * factor;
  return std::nullopt;
}

bool linked(const Scenario& scenario, const std::string& a, const std::string& b) {
  return std::any_of(scenario.links.begin(), scenario.links.end(), [&](const LinkSpec& link) {
    return std::count(link.hosts.begin(), link.hosts.end(), a) > 0 &&
           std::count(link.hosts.begin(), link.hosts.end(), b) > 0;
  });
}

// Reads what stands behind the action's word. Every step says why it is wrong, or nothing.
class ActionReader {
 public:
  ActionReader(const Scenario& scenario, Words words, Intervention& result)
      : scenario_(scenario), words_(words), result_(result) {}

  Wrong read(Wants wants) {
    if (auto wrong = take_host(result_.host)) return wrong;
    if (wants != Wants::Host)
      if (auto wrong = is_link(wants) ? take_link() : need_server()) return wrong;
    Wrong wrong;
    if (wants == Wants::LinkRate) wrong = take_rate();
    if (wants == Wants::LinkShare) wrong = take_share();
    if (wants == Wants::ServerTime) wrong = take_duration();
    if (wants == Wants::ServerUser) wrong = take_user();
    if (wants == Wants::ServerFault) return take_fault();
    if (!wrong && !words_.empty())
      wrong = fmt::format("\"{}\" is too much", printable(words_.front()));
    return wrong;
  }

 private:
  static bool is_link(Wants wants) {
    return wants == Wants::Link || wants == Wants::LinkRate || wants == Wants::LinkShare;
  }

  std::string next() {
    if (words_.empty()) return {};
    const std::string word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  Wrong take_host(std::string& host) {
    host = next();
    if (host.empty()) return "it names too few hosts";
    if (!scenario_.host(host)) return fmt::format("there is no host \"{}\"", printable(host));
    return {};
  }

  Wrong take_link() {
    if (auto wrong = take_host(result_.other)) return wrong;
    if (result_.host == result_.other || !linked(scenario_, result_.host, result_.other))
      return fmt::format("no link joins {} and {}", result_.host, result_.other);
    return {};
  }

  Wrong need_server() const {
    if (!scenario_.host(result_.host)->has(trace::AgentKind::MtaServer))
      return fmt::format("{} has no MTA server", result_.host);
    return {};
  }

  Wrong take_rate() {
    const auto rate = parse_rate(next());
    if (!rate) return "it wants a rate from 300 bit/s: 9600, 56k, 2M";
    result_.rate_bps = *rate;
    return {};
  }

  Wrong take_share() {
    const std::string text = next();
    char* rest = nullptr;
    result_.share = std::strtod(text.c_str(), &rest);
    if (text.empty() || *rest != 0 || !(result_.share >= 0 && result_.share <= 1))
      return "it wants the share of lost frames, from 0 to 1";
    return {};
  }

  Wrong take_duration() {
    const auto time = take_time(words_);
    if (!time) return "it wants a duration: 20s, 5min";
    result_.time = *time;
    return {};
  }

  Wrong take_user() {
    result_.user = next();
    if (!scenario_.user(result_.user))
      return fmt::format("there is no user \"{}\"", printable(result_.user));
    return {};
  }

  Wrong take_fault() {
    sim::CommandFault& fault = result_.fault;
    std::string verb = next();
    if (const std::size_t colon = verb.find(':'); colon != std::string::npos) {
      const char* end = verb.data() + verb.size();
      const auto [rest, error] = std::from_chars(verb.data() + colon + 1, end, fault.nth);
      if (error != std::errc{} || rest != end || fault.nth < 1 || fault.nth > 1'000'000)
        return "behind the colon it wants a number from 1: RCPT:2";
      verb.resize(colon);
    }
    for (char& c : verb) c = c == '-' ? ' ' : to_upper(c);
    const bool pseudo = verb == smtp::name(smtp::Verb::Connect) ||
                        verb == smtp::name(smtp::Verb::EndOfData) ||
                        verb == smtp::name(smtp::Verb::BdatLast);
    if (!pseudo && smtp::find_verb(verb) == smtp::Verb::Unknown)
      return fmt::format("there is no command \"{}\"", printable(verb));
    fault.verb = verb;
    return take_fault_kind(fault);
  }

  Wrong take_fault_kind(sim::CommandFault& fault) {
    const std::string what = next();
    constexpr std::pair<std::string_view, FaultKind> kKinds[] = {
        {"cut", FaultKind::Cut},
        {"crash", FaultKind::Crash},
        {"crash-after-write", FaultKind::CrashAfterWrite},
        {"delay", FaultKind::Delay}};
    for (const auto& [word, kind] : kKinds) {
      if (what != word) continue;
      fault.kind = kind;
      if (kind == FaultKind::CrashAfterWrite && !fault.verb.starts_with("END") &&
          !fault.verb.starts_with("BDAT"))
        return "crash-after-write wants END-OF-DATA: only then is something written";
      if (kind == FaultKind::Delay) {
        const auto time = take_time(words_);
        if (!time) return "delay wants a duration: delay 5s";
        fault.delay = *time;
      }
      return words_.empty() ? Wrong{}
                            : fmt::format("\"{}\" is too much", printable(words_.front()));
    }
    // A server that says 250 to a message and has not kept it breaks more than a lesson.
    if (what.size() != 3 || !is_digit(what[1]) || !is_digit(what[2]) || what[0] < '4' ||
        what[0] > '5')
      return "behind the command it wants cut, crash, crash-after-write, delay TIME or the reply "
             "code of a refusal, 4yz or 5yz";
    fault.kind = FaultKind::Reply;
    fault.code =
        static_cast<std::uint16_t>((what[0] - '0') * 100 + (what[1] - '0') * 10 + (what[2] - '0'));
    fault.text = fmt::format("{}", fmt::join(words_, " "));
    if (fault.text != printable(fault.text)) return "the reply's text is not ASCII";
    return {};
  }

  const Scenario& scenario_;
  Words words_;
  Intervention& result_;
};

tl::unexpected<std::string> wrong_text(std::string_view text, const std::string& why,
                                       std::string_view example) {
  return tl::unexpected(fmt::format("\"{}\": {}; write \"{}\"", printable(text), why, example));
}

tl::expected<Intervention, std::string> read_action(std::string_view text, Words list,
                                                    const Scenario& scenario,
                                                    std::string_view time_example) {
  std::vector<std::string_view> known;
  for (const Action& action : kActions) known.push_back(action.word);
  const std::string all = fmt::format("{}drop HOST HOST\", \"{}off HOST\" or another of {}",
                                      time_example, time_example, fmt::join(known, ", "));
  const auto wrong = [&](const std::string& why) {
    return tl::unexpected(fmt::format("\"{}\": {}; write \"{}", printable(text), why, all));
  };
  if (list.empty()) return wrong("it does not say what to do");
  const auto* action = std::find_if(std::begin(kActions), std::end(kActions),
                                    [&](const Action& one) { return one.word == list[0]; });
  if (action == std::end(kActions))
    return wrong(fmt::format("there is no \"{}\"", printable(list[0])));
  Intervention result;
  result.kind = action->kind;
  result.text = fmt::format("{}", fmt::join(list, " "));
  if (const auto why = ActionReader(scenario, list.subspan(1), result).read(action->wants))
    return wrong_text(text, *why, fmt::format("{}{}", time_example, action->example));
  return result;
}

}  // namespace

tl::expected<Intervention, std::string> parse_action(std::string_view text,
                                                     const Scenario& scenario) {
  const std::vector<std::string> list = words(text);
  return read_action(text, list, scenario, "");
}

tl::expected<Intervention, std::string> parse_intervention(std::string_view text,
                                                           const Scenario& scenario) {
  const std::vector<std::string> list = words(text);
  Words rest = list;
  const auto at = take_time(rest);
  if (!at) return wrong_text(text, "it does not begin with a time", "1.25s drop HOST HOST");
  auto result = read_action(text, rest, scenario, "1.25s ");
  if (result) result->at = *at;
  return result;
}

}  // namespace mailscope::scenarios
