#include "scenarios/reading/event_pattern.hpp"

#include <fmt/format.h>

#include <charconv>

#include "protocols/base/ascii.hpp"
#include "scenarios/reading/event_words.hpp"
#include "scenarios/reading/inside_words.hpp"
#include "scenarios/reading/intervention.hpp"

namespace mailscope::scenarios {
namespace {

// Takes `word` and the space behind it off the front, when it stands there.
bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  const std::string_view rest = text.substr(word.size());
  if (!rest.empty() && rest.front() != ' ') return false;
  text = trim(rest);
  return true;
}

std::string take_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string word(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view{} : trim(text.substr(end));
  return word;
}

struct Form {
  std::string_view word;  // the second one
  std::string_view forms;
};
constexpr Form kForms[] = {
    {"sends", "\"HOST sends VERB\", \"HOST sends the message\""},
    {"replies", "\"HOST replies CODE to VERB\", \"HOST replies CODE to the message\""},
    {"connects", "\"HOST connects to HOST\""},
    {"hangs", "\"HOST hangs up\""},
    {"breaks", "\"HOST breaks off\""},
    {"asks", "\"HOST asks MX\", \"HOST asks MX of HOST\""},
    {"answers", "\"HOST answers MX\", \"HOST answers NXDOMAIN to MX\""}};

// Says the forms of what was begun, or all.
std::string no_event(std::string_view text) {
  std::string_view rest = trim(text);
  take_word(rest);
  const std::string second = take_word(rest);
  std::string all = "\"start\", \"end\", \"a frame is lost\", \"done: crash HOST\"";
  for (const Form& form : kForms) {
    if (second == form.word)
      return fmt::format("\"{}\" names no event; write {}", printable(text), form.forms);
    all += fmt::format(", {}", form.forms);
  }
  return fmt::format("\"{}\" names no event; write {} or \"HOST: mailbox bob = 1\"",
                     printable(text), all);
}

// ", time N" off the end.
bool take_nth(std::string_view& text, int& nth) {
  const std::size_t comma = text.rfind(',');
  if (comma == std::string_view::npos) return true;
  std::string_view tail = trim(text.substr(comma + 1));
  if (!take(tail, "time")) return true;
  const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), nth);
  text = trim(text.substr(0, comma));
  return error == std::errc{} && end == tail.data() + tail.size() && nth >= 1;
}

using Parsed = tl::expected<event::Any, std::string>;

// Reads an event without its number. First what is written, then whether its words exist: hosts,
// then the others.
class EventReader {
 public:
  EventReader(std::string_view text, std::string_view whole, const Scenario& scenario)
      : rest_(text), whole_(whole), scenario_(scenario) {}

  Parsed read() {
    if (rest_ == "start") return event::Start{};
    if (rest_ == "end") return event::End{};
    if (rest_ == "a frame is lost") return event::Loss{};
    if (rest_.starts_with("done:")) return read_done();
    const std::size_t colon = rest_.find(':');
    return colon == std::string_view::npos ? read_action() : read_change(colon);
  }

 private:
  Parsed wrong() const { return tl::unexpected(no_event(whole_)); }

  // The event, if these hosts are there and nothing was found to be `unknown`.
  Parsed known(event::Any event, std::initializer_list<std::string_view> hosts,
               std::optional<std::string> unknown = std::nullopt) const {
    for (const std::string_view host : hosts)
      if (auto no_host = host.empty() ? std::nullopt : find_unknown_host(host, scenario_))
        return tl::unexpected(*no_host);
    if (unknown) return tl::unexpected(*unknown);
    return event;
  }

  Parsed read_done() {
    const std::string_view action = trim(rest_.substr(rest_.find(':') + 1));
    if (action.empty()) return wrong();
    const auto intervention = parse_untimed(action, scenario_);
    if (!intervention) return tl::unexpected(intervention.error());
    return event::Done{intervention->text};
  }

  Parsed read_change(std::size_t colon) {
    event::Change change;
    change.host = std::string(trim(rest_.substr(0, colon)));
    std::string_view variable = trim(rest_.substr(colon + 1)), value;
    const std::size_t equals = variable.find('=');
    if (equals != std::string_view::npos) {
      value = trim(variable.substr(equals + 1));
      variable = trim(variable.substr(0, equals));
    }
    if (change.host.empty() || variable.empty()) return wrong();
    if (auto no_host = find_unknown_host(change.host, scenario_)) return tl::unexpected(*no_host);
    const auto named = parse_variable(variable, scenario_);
    if (!named) return tl::unexpected(named.error());
    change.variable = named->kind;
    change.subject = std::string(named->subject);
    if (equals == std::string_view::npos) return change;
    auto parsed = parse_value(named->kind, value);
    if (!parsed) return tl::unexpected(parsed.error());
    change.value = *std::move(parsed);
    return change;
  }

  Parsed read_action() {
    const std::string host = take_word(rest_);
    if (take(rest_, "sends the message")) return read_to(event::Message{host, {}});
    if (take(rest_, "sends")) return read_command(host);
    if (take(rest_, "replies")) return read_reply(host);
    if (take(rest_, "connects")) return read_connect(host);
    if (take(rest_, "hangs up")) return read_to(event::HangUp{host, {}});
    if (take(rest_, "breaks off")) return read_to(event::BreakOff{host, {}});
    if (take(rest_, "asks")) return read_question(host);
    if (take(rest_, "answers")) return read_answer(host);
    return wrong();
  }

  // "to HOST", which may be left out, ends it.
  template <typename Event>
  Parsed read_to(Event event) {
    if (take(rest_, "to")) event.to = take_word(rest_);
    return rest_.empty() ? known(event, {event.host, event.to}) : wrong();
  }

  Parsed read_connect(const std::string& host) {
    event::Connect connect{host, {}};
    if (take(rest_, "to")) connect.to = take_word(rest_);
    return rest_.empty() && !connect.to.empty() ? known(connect, {host, connect.to}) : wrong();
  }

  Parsed read_command(const std::string& host) {
    event::Command command{host, take_word(rest_), {}};
    if (take(rest_, "to")) command.to = take_word(rest_);
    if (!rest_.empty() || command.verb.empty()) return wrong();
    return known(command, {host, command.to}, find_unknown_verb(command.verb));
  }

  Parsed read_reply(const std::string& host) {
    event::Reply reply{host, take_word(rest_), {}, false};
    reply.to_message = take(rest_, "to the message");
    if (!reply.to_message && take(rest_, "to")) {
      reply.verb = take_word(rest_);
      if (reply.verb.empty()) return wrong();
    }
    if (reply.code.empty() || !rest_.empty()) return wrong();
    return known(reply, {host}, find_unknown_reply(reply.code, reply.verb));
  }

  Parsed read_question(const std::string& host) {
    event::Question question{host, take_word(rest_), {}};
    const bool of = take(rest_, "of");
    if (of) question.to = take_word(rest_);
    const bool whole = rest_.empty() && of == !question.to.empty();
    return whole && is_question(question.type) ? known(question, {host, question.to}) : wrong();
  }

  Parsed read_answer(const std::string& host) {
    event::Answer answer{host, {}, take_word(rest_)};
    if (take(rest_, "to")) {
      answer.rcode = answer.type;
      answer.type = take_word(rest_);
    }
    return rest_.empty() && is_question(answer.type) ? known(answer, {host}) : wrong();
  }

  std::string_view rest_, whole_;
  const Scenario& scenario_;
};

}  // namespace

// Here, once: what the variant needs costs where it is compiled.
EventPattern::EventPattern() = default;
EventPattern::EventPattern(event::Any the_event, int the_nth, std::string written)
    : event(std::move(the_event)), nth(the_nth), text(std::move(written)) {}
EventPattern::EventPattern(const EventPattern&) = default;
EventPattern::EventPattern(EventPattern&&) noexcept = default;
EventPattern& EventPattern::operator=(const EventPattern&) = default;
EventPattern& EventPattern::operator=(EventPattern&&) noexcept = default;
EventPattern::~EventPattern() = default;

tl::expected<EventPattern, std::string> parse_event(std::string_view text,
                                                    const Scenario& scenario) {
  EventPattern pattern;
  std::string_view rest = trim(text);
  pattern.text = std::string(rest);
  if (!take_nth(rest, pattern.nth))
    return tl::unexpected(fmt::format(
        "\"{}\": the second time is \", time 2\", and the first needs no number", printable(text)));
  auto event = EventReader(rest, text, scenario).read();
  if (!event) return tl::unexpected(event.error());
  pattern.event = *std::move(event);
  return pattern;
}

}  // namespace mailscope::scenarios
