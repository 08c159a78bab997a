#include "scenarios/reading/intervention.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>
#include <type_traits>

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/verb.hpp"
#include "scenarios/reading/kinds.hpp"
#include "scenarios/reading/scenario.hpp"
#include "scenarios/reading/table_reader.hpp"

namespace mailscope::scenarios {
namespace {

using FaultKind = sim::CommandFault::Kind;

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
  ActionReader(const Scenario& scenario, Words words) : scenario_(scenario), words_(words) {}

  template <typename Kind>
  Wrong read(Kind& action) {
    if (auto wrong = take_place(action)) return wrong;
    if (auto wrong = take_rest(action)) return wrong;
    return no_more();
  }

 private:
  std::string next() {
    if (words_.empty()) return {};
    const std::string word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  Wrong no_more() const {
    if (words_.empty()) return {};
    return fmt::format("\"{}\" is too much", printable(words_.front()));
  }

  // ---- where ----

  Wrong take_host(std::string& host) {
    host = next();
    if (host.empty()) return "it names too few hosts";
    if (!scenario_.host(host)) return fmt::format("there is no host \"{}\"", printable(host));
    return {};
  }

  Wrong take_place(intervention::OnLink& link) {
    if (auto wrong = take_host(link.host)) return wrong;
    if (auto wrong = take_host(link.other)) return wrong;
    if (link.host == link.other || !linked(scenario_, link.host, link.other))
      return fmt::format("no link joins {} and {}", link.host, link.other);
    return {};
  }

  Wrong take_place(intervention::OnHost& place) { return take_host(place.host); }

  Wrong take_place(intervention::OnServer& server) {
    if (auto wrong = take_host(server.host)) return wrong;
    if (!scenario_.host(server.host)->has(trace::AgentKind::MtaServer))
      return fmt::format("{} has no MTA server", server.host);
    return {};
  }

  // ---- what else it has ----

  // A kind that has nothing but its place.
  template <typename Kind>
  Wrong take_rest(Kind&) {
    using namespace intervention;
    static_assert(std::is_base_of_v<OnLink, Kind>   ? sizeof(Kind) == sizeof(OnLink)
                  : std::is_base_of_v<OnHost, Kind> ? sizeof(Kind) == sizeof(OnHost)
                                                    : sizeof(Kind) == sizeof(OnServer),
                  "a kind with more than its place has a take_rest of its own");
    return {};
  }

  Wrong take_rest(intervention::Slow& slow) {
    const auto rate = parse_rate(next());
    if (!rate) return "it wants a rate from 300 bit/s: 9600, 56k, 2M";
    slow.rate_bps = *rate;
    return {};
  }

  Wrong take_rest(intervention::Lose& lose) {
    const std::string text = next();
    char* rest = nullptr;
    lose.share = std::strtod(text.c_str(), &rest);
    if (text.empty() || *rest != 0 || !(lose.share >= 0 && lose.share <= 1))
      return "it wants the share of lost frames, from 0 to 1";
    return {};
  }

  Wrong take_rest(intervention::Overload& overload) { return take_duration(overload.delay); }
  Wrong take_rest(intervention::Greylist& greylist) { return take_duration(greylist.delay); }

  Wrong take_duration(sim::Time& time) {
    const auto duration = take_time(words_);
    if (!duration) return "it wants a duration: 20s, 5min";
    time = *duration;
    return {};
  }

  Wrong take_rest(intervention::Forget& forget) { return take_user(forget.user); }
  Wrong take_rest(intervention::Remember& remember) { return take_user(remember.user); }

  Wrong take_user(std::string& user) {
    user = next();
    if (!scenario_.user(user)) return fmt::format("there is no user \"{}\"", printable(user));
    return {};
  }

  Wrong take_rest(intervention::Fault& action) {
    sim::CommandFault& fault = action.fault;
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
    const std::string kind = next();
    if (kind == "cut") return take_kind(fault, FaultKind::Cut);
    if (kind == "crash") return take_kind(fault, FaultKind::Crash);
    if (kind == "crash-after-write") {
      if (!fault.verb.starts_with("END") && !fault.verb.starts_with("BDAT"))
        return "crash-after-write wants END-OF-DATA: only then is something written";
      return take_kind(fault, FaultKind::CrashAfterWrite);
    }
    if (kind == "delay") {
      const auto time = take_time(words_);
      if (!time) return "delay wants a duration: delay 5s";
      fault.delay = *time;
      return take_kind(fault, FaultKind::Delay);
    }
    return take_reply(fault, kind);
  }

  static Wrong take_kind(sim::CommandFault& fault, FaultKind kind) {
    fault.kind = kind;
    return {};
  }

  // The code and the text of a refusal. A server that says 250 to a message and has not kept it
  // breaks more than a lesson.
  Wrong take_reply(sim::CommandFault& fault, std::string_view code) {
    if (code.size() != 3 || !is_digit(code[1]) || !is_digit(code[2]) || code[0] < '4' ||
        code[0] > '5')
      return "behind the command it wants cut, crash, crash-after-write, delay TIME or the reply "
             "code of a refusal, 4yz or 5yz";
    fault.kind = FaultKind::Reply;
    fault.code =
        static_cast<std::uint16_t>((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
    fault.text = fmt::format("{}", fmt::join(words_, " "));
    words_ = {};
    if (fault.text != printable(fault.text)) return "the reply's text is not ASCII";
    return {};
  }

  const Scenario& scenario_;
  Words words_;
};

// ---- the words ----

using Read = tl::expected<intervention::Any, std::string>;

template <typename Kind>
Read read_kind(Words words, const Scenario& scenario) {
  Kind action;
  if (auto wrong = ActionReader(scenario, words).read(action)) return tl::unexpected(*wrong);
  return action;
}

struct ActionWord {
  std::string_view name, example;
  Read (*read)(Words, const Scenario&);
  KindBits kinds;
};

template <typename Kind>
constexpr ActionWord row(std::string_view name, std::string_view example) {
  return {name, example, read_kind<Kind>, bits_of<intervention::Any, Kind>()};
}

constexpr ActionWord kWords[] = {
    row<intervention::Drop>("drop", "drop HOST HOST"),
    row<intervention::Cut>("cut", "cut HOST HOST"),
    row<intervention::Mend>("mend", "mend HOST HOST"),
    row<intervention::Slow>("slow", "slow HOST HOST 9600"),
    row<intervention::Lose>("lose", "lose HOST HOST 0.1"),
    row<intervention::Off>("off", "off HOST"),
    row<intervention::On>("on", "on HOST"),
    row<intervention::Crash>("crash", "crash HOST"),
    row<intervention::Restart>("restart", "restart HOST"),
    row<intervention::Refuse>("refuse", "refuse HOST"),
    row<intervention::Accept>("accept", "accept HOST"),
    row<intervention::Overload>("overload", "overload HOST 20s"),
    row<intervention::Relieve>("relieve", "relieve HOST"),
    row<intervention::Full>("full", "full HOST"),
    row<intervention::Empty>("empty", "empty HOST"),
    row<intervention::Greylist>("greylist", "greylist HOST 5min"),
    row<intervention::Forget>("forget", "forget HOST USER"),
    row<intervention::Remember>("remember", "remember HOST USER"),
    row<intervention::Fault>(
        "fault",
        "fault HOST RCPT cut|crash|delay 5s|450 TEXT (or CONNECT, END-OF-DATA, RCPT:2, ...)"),
};
static_assert(all_bits(kWords) == kEveryBit<intervention::Any>,
              "every kind of intervention has its word");

tl::unexpected<std::string> wrong_text(std::string_view text, const std::string& why,
                                       std::string_view example) {
  return tl::unexpected(fmt::format("\"{}\": {}; write \"{}\"", printable(text), why, example));
}

tl::expected<Intervention, std::string> read_action(std::string_view text, Words list,
                                                    const Scenario& scenario,
                                                    std::string_view time_example) {
  std::vector<std::string_view> known;
  for (const ActionWord& word : kWords) known.push_back(word.name);
  const std::string all = fmt::format("{}drop HOST HOST\", \"{}off HOST\" or another of {}",
                                      time_example, time_example, fmt::join(known, ", "));
  const auto wrong = [&](const std::string& why) {
    return tl::unexpected(fmt::format("\"{}\": {}; write \"{}", printable(text), why, all));
  };
  if (list.empty()) return wrong("it does not say what to do");
  const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                  [&](const ActionWord& row) { return row.name == list[0]; });
  if (word == std::end(kWords)) return wrong(fmt::format("there is no \"{}\"", printable(list[0])));
  const Read action = word->read(list.subspan(1), scenario);
  if (!action)
    return wrong_text(text, action.error(), fmt::format("{}{}", time_example, word->example));
  return Intervention{0, *action, fmt::format("{}", fmt::join(list, " "))};
}

}  // namespace

// Here, once: what the variant needs costs where it is compiled.
Intervention::Intervention() = default;
Intervention::Intervention(std::int64_t when, intervention::Any the_action, std::string written)
    : at(when), action(std::move(the_action)), text(std::move(written)) {}
Intervention::Intervention(const Intervention&) = default;
Intervention::Intervention(Intervention&&) noexcept = default;
Intervention& Intervention::operator=(const Intervention&) = default;
Intervention& Intervention::operator=(Intervention&&) noexcept = default;
Intervention::~Intervention() = default;

tl::expected<Intervention, std::string> parse_untimed(std::string_view text,
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
