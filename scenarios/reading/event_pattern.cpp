#include "scenarios/reading/event_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::scenarios {
namespace {

using Kind = EventPattern::Kind;
using trace::Id;

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

// The verb of a question, of any language that talks in datagrams: a record type of DNS.
bool is_question(std::string_view word) {
  return std::ranges::any_of(languages::all(), [&](const languages::Language* language) {
    return language->card().datagrams && language->knows_verb(word);
  });
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
tl::unexpected<std::string> wrong(std::string_view text) {
  std::string_view rest = trim(text);
  take_word(rest);
  const std::string second = take_word(rest);
  std::string all = "\"start\", \"end\", \"a frame is lost\", \"done: crash HOST\"";
  for (const Form& form : kForms) {
    if (second == form.word)
      return tl::unexpected(
          fmt::format("\"{}\" names no event; write {}", printable(text), form.forms));
    all += fmt::format(", {}", form.forms);
  }
  return tl::unexpected(fmt::format("\"{}\" names no event; write {} or \"HOST: mailbox bob = 1\"",
                                    printable(text), all));
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

bool parse_change(std::string_view text, std::size_t colon, EventPattern& pattern) {
  pattern.kind = Kind::Change;
  pattern.host = std::string(trim(text.substr(0, colon)));
  std::string_view what = trim(text.substr(colon + 1));
  if (const std::size_t equals = what.find('='); equals != std::string_view::npos) {
    pattern.any_value = false;
    pattern.value = std::string(trim(what.substr(equals + 1)));
    what = trim(what.substr(0, equals));
  }
  pattern.word = std::string(what);
  return !pattern.host.empty() && !pattern.word.empty();
}

bool parse_action(std::string_view text, EventPattern& pattern) {
  pattern.host = take_word(text);
  if (take(text, "sends the message")) {
    pattern.kind = Kind::Message;
  } else if (take(text, "sends")) {
    pattern.kind = Kind::Command;
    pattern.word = take_word(text);
  } else if (take(text, "replies")) {
    pattern.kind = Kind::Reply;
    pattern.word = take_word(text);
    if (take(text, "to the message")) {
      pattern.answers = "the message";
    } else if (take(text, "to")) {
      pattern.answers = take_word(text);
      if (pattern.answers.empty()) return false;
    }
    return !pattern.word.empty() && text.empty();
  } else if (take(text, "connects")) {
    pattern.kind = Kind::Connect;
    pattern.word = "connects";
  } else if (take(text, "hangs up")) {
    pattern.kind = Kind::HangUp;
    pattern.word = "hangs up";
  } else if (take(text, "breaks off")) {
    pattern.kind = Kind::BreakOff;
    pattern.word = "breaks off";
  } else if (take(text, "asks")) {
    pattern.kind = Kind::Question;
    pattern.word = take_word(text);
    const bool of = take(text, "of");
    if (of) pattern.to = take_word(text);
    return text.empty() && of == !pattern.to.empty() && is_question(pattern.word);
  } else if (take(text, "answers")) {
    pattern.kind = Kind::Answer;
    pattern.word = take_word(text);
    if (take(text, "to")) pattern.answers = std::exchange(pattern.word, take_word(text));
    return text.empty() && is_question(pattern.word);
  } else {
    return false;
  }
  if (take(text, "to")) pattern.to = take_word(text);
  return text.empty() && (pattern.kind == Kind::Message || !pattern.word.empty()) &&
         (pattern.kind != Kind::Connect || !pattern.to.empty());
}

}  // namespace

tl::expected<EventPattern, std::string> parse_event(std::string_view text) {
  EventPattern pattern;
  std::string_view rest = trim(text);
  pattern.text = std::string(rest);
  if (!take_nth(rest, pattern.nth))
    return tl::unexpected(fmt::format(
        "\"{}\": the second time is \", time 2\", and the first needs no number", printable(text)));
  if (rest == "start") return pattern;
  if (rest == "end" || rest == "a frame is lost") {
    pattern.kind = rest == "end" ? Kind::End : Kind::Loss;
    return pattern;
  }
  if (rest.starts_with("done:")) {
    pattern.kind = Kind::Done;
    pattern.word = std::string(trim(rest.substr(5)));
    if (pattern.word.empty()) return wrong(text);
    return pattern;
  }
  const std::size_t colon = rest.find(':');
  const bool good = colon != std::string_view::npos ? parse_change(rest, colon, pattern)
                                                    : parse_action(rest, pattern);
  if (!good) return wrong(text);
  return pattern;
}

}  // namespace mailscope::scenarios
