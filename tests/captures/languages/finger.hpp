// Finger, RFC 1288: the proof that a protocol comes in by a description and a registration alone. A
// client sends one line; the server answers with lines and closes.
#pragma once

#include <vector>

#include "captures/languages/languages.hpp"
#include "protocols/base/line_splitter.hpp"
#include "protocols/base/observed_queue.hpp"

namespace mailscope::test {

// RFC 1288 §2.3: {Q1} without a name and with one, {Q2} asks a host to ask another.
enum FingerVerb : std::uint16_t { kAll = 1, kUser, kForward };
enum FingerState : std::uint8_t { kAwaiting, kAnswering, kOver };

class FingerObserver final : public DialogueObserver {
 public:
  void receive(Direction direction, std::string_view octets) override {
    events_.begin(octets);
    if (direction == Direction::ToServer) {
      while (const auto line = query_.next(octets)) ask(*line);
    } else {
      answer_ += octets;  // a test's: bounded by what the test sends
    }
  }
  void gap(Direction, std::uint64_t octets) override {
    events_.begin();
    query_.gap(octets);
  }
  void receive_eof(Direction direction) override {
    events_.begin();
    if (direction == Direction::ToServer || answer_.empty()) return;
    ObservedHead head;
    head.kind = Observed::Kind::Reply;
    head.direction = direction;
    head.phase = Phase::Termination;
    head.state = kOver;
    head.answers = asked_;
    head.end = answer_.size();
    events_.add(head);
    events_.set_text(answer_);
  }
  std::optional<Observed> next_event() override { return events_.next(); }

 private:
  void ask(const Line& line) {
    ObservedHead head;
    head.kind = Observed::Kind::Command;
    head.phase = Phase::Transfer;
    head.state = kAnswering;
    head.word = asked_ = line.text.empty()                               ? kAll
                         : line.text.find('@') != std::string_view::npos ? kForward
                                                                         : kUser;
    head.begin = line.begin;
    head.end = line.end;
    events_.add(head);
    events_.set_text(line.text);
  }

  LineSplitter query_{1024};
  ObservedQueue events_;
  std::string answer_;
  std::uint16_t asked_ = 0;
};

class Finger final : public languages::Language {
 public:
  Finger()
      : Language({.name = "finger",
                  .title = "Finger",
                  .ports = {{79, false, "finger"}},
                  .client = trace::AgentKind::UserAgent,
                  .server = trace::AgentKind::Other,
                  .colour = 3,
                  .command = "query"}) {}
  std::unique_ptr<DialogueObserver> make_observer(bool) const override {
    return std::make_unique<FingerObserver>();
  }
  std::string verb(std::uint16_t word) const override {
    return word == kAll ? "all" : word == kUser ? "user" : word == kForward ? "forward" : "";
  }
  std::string code(std::uint16_t) const override { return "answer"; }
  std::vector<std::string_view> verbs() const override { return {"all", "user", "forward"}; }
  std::vector<std::uint8_t> states() const override { return {kAwaiting, kAnswering, kOver}; }
  std::string state(std::uint8_t state) const override {
    return state == kAwaiting ? "AWAITING" : state == kAnswering ? "ANSWERING" : "OVER";
  }
  std::vector<std::string> next(std::uint8_t state) const override {
    return state == kAwaiting ? std::vector<std::string>{"all", "user"}
                              : std::vector<std::string>{};
  }
  std::optional<std::uint8_t> closed_state() const override { return kOver; }
  std::string_view phase(Phase phase) const override {
    return phase == Phase::Transfer ? "question" : phase == Phase::Termination ? "answer" : "";
  }
  std::string gist(const trace::Trace&, const trace::Pdu& pdu) const override {
    return pdu.kind == trace::PduKind::Reply ? "what is known of them" : "who is that?";
  }
  std::span<const ReferenceEntry> reference() const override {
    static constexpr ReferenceEntry kEntries[] = {
        {"FINGER", "user", "", "One user", "Asks the host what it tells of one of its users.",
         "user CRLF", "RFC 1288 §2.3"},
        {"FINGER", "answer", "", "What it tells", "Lines for people, up to the close.", "",
         "RFC 1288 §2.5.5"}};
    return kEntries;
  }
};

// Registers it, the first time.
inline trace::Protocol finger() {
  static const Finger language;
  static const trace::Protocol protocol = languages::add(language);
  return protocol;
}

}  // namespace mailscope::test
