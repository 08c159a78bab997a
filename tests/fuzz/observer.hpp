// An observer is fed a dialogue in three cuttings: its events are the same, each octet is counted,
// texts live as long as their call.
#pragma once

#include "fuzz.hpp"
#include "protocols/base/observed.hpp"

namespace mailscope::fuzz {

// One line an event; a message's pieces are put together.
class EventLog {
 public:
  void add(const Observed& event) {
    if (event.kind == Observed::Kind::Content) {
      content_ += event.text;
      return;
    }
    flush();
    for (const std::uint64_t number :
         {static_cast<std::uint64_t>(event.kind), static_cast<std::uint64_t>(event.direction),
          static_cast<std::uint64_t>(event.phase), std::uint64_t{event.state},
          std::uint64_t{event.flags}, std::uint64_t{event.word}, std::uint64_t{event.answers},
          event.begin, event.end})
      log_ += std::to_string(number) + ' ';
    log_.append(event.code).append(" ").append(event.text).append("\n");
  }
  const std::string& text() {
    flush();
    return log_;
  }

 private:
  void flush() {
    if (!content_.empty()) log_ += "content " + content_ + '\n';
    content_.clear();
  }
  std::string log_, content_;
};

template <typename Observer>
std::string observe(const std::vector<Step>& steps, Cut cut, bool from_beginning) {
  Observer observer({.from_beginning = from_beginning});
  EventLog log;
  std::uint64_t fed[2] = {0, 0};
  bool ended[2] = {false, false};
  const auto take = [&] {
    std::vector<Observed> events;  // all of a call's events are good until the next call
    while (const auto event = observer.next_event()) events.push_back(*event);
    for (const Observed& event : events) {
      check(event.begin <= event.end, "an event begins before it ends");
      check(event.end <= fed[static_cast<int>(event.direction)], "an event lies within what came");
      log.add(event);
    }
  };
  for (const Step& step : steps) {
    const Direction direction = step.client ? Direction::ToServer : Direction::ToClient;
    if (ended[static_cast<int>(direction)]) continue;
    std::uint64_t& octets = fed[static_cast<int>(direction)];
    if (step.kind == Step::Kind::Gap) {
      octets += step.missing;
      observer.gap(direction, step.missing);
      take();
    } else if (step.kind == Step::Kind::End) {
      ended[static_cast<int>(direction)] = true;
      observer.receive_eof(direction);
      take();
    } else {
      give_in_chunks(step, cut, [&](std::string_view chunk) {
        octets += chunk.size();
        observer.receive(direction, chunk);
        take();
      });
    }
  }
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    observer.receive_eof(direction);
    take();
  }
  return log.text();
}

template <typename Observer>
int observe_all_ways(std::string_view input) {
  if (input.empty()) return 0;
  const bool from_beginning = (input.front() & 1) == 0;
  const std::vector<Step> steps = steps_of(input.substr(1));
  const std::string whole = observe<Observer>(steps, Cut::Whole, from_beginning);
  check_same(whole, observe<Observer>(steps, Cut::AsSaid, from_beginning),
             "chunks change no event");
  check_same(whole, observe<Observer>(steps, Cut::OctetByOctet, from_beginning),
             "octet by octet changes no event");
  return 0;
}

}  // namespace mailscope::fuzz
