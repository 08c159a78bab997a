// What IMAP will need of an observer's events, shown by a small protocol that has it all: a tag
// that names the command, answers out of order, data that answers nothing, a message within a
// command's line and within a reply's. RFC 9051 §2.2, §4.3, §7.
//
//   C: 1 put {5}       and 5 octets, and the rest of the line
//   C: 2 get
//   S: ~ got {5}       and 5 octets, and the rest of the line
//   S: 2 ok
#include <catch2/catch.hpp>
#include <charconv>

#include "captures/languages/languages.hpp"
#include "protocols/base/observed_queue.hpp"
#include "tests/captures/observe/talk.hpp"

using namespace mailscope;

namespace {

enum TaggedVerb : std::uint16_t { kPut = 1, kGet, kNop };
enum TaggedCode : std::uint16_t { kOk = 1, kNo };

class TaggedObserver final : public DialogueObserver {
 public:
  void receive(Direction direction, std::string_view octets) override {
    events_.begin(octets);
    Side& side = sides_[static_cast<int>(direction)];
    side.held += octets;
    while (take(direction, side)) {
    }
  }
  void gap(Direction, std::uint64_t) override { events_.begin(); }
  void receive_eof(Direction) override { events_.begin(); }
  std::optional<Observed> next_event() override { return events_.next(); }

 private:
  struct Side {
    std::string held;         // from the line's beginning
    std::uint64_t begin = 0;  // of the line in its stream
    std::size_t seen = 0;     // of `held`: lines and literals that are whole
  };

  // A stretch up to a line end, the literal behind it, or the whole line.
  bool take(Direction direction, Side& side) {
    const std::size_t end = side.held.find("\r\n", side.seen);
    if (end == std::string::npos) return false;
    const std::size_t brace = side.held.find('{', side.seen);
    if (brace == std::string::npos || brace > end) return finish(direction, side, end + 2);
    std::size_t octets = 0;
    std::from_chars(side.held.data() + brace + 1, side.held.data() + end, octets);
    if (side.held.size() < end + 2 + octets) return false;
    literal(direction, side, end + 2, octets);
    side.seen = end + 2 + octets;
    return true;
  }

  void literal(Direction direction, const Side& side, std::size_t at, std::size_t octets) {
    ObservedHead head;
    head.direction = direction;
    head.begin = head.end = side.begin + at;
    head.flags = Observed::kNested;
    head.answers = kGet;
    head.kind = Observed::Kind::ContentBegin;
    events_.add(head);
    head.end += octets;
    head.kind = Observed::Kind::Content;
    events_.add(head);
    events_.set_text(std::string_view(side.held).substr(at, octets));
    head.kind = Observed::Kind::ContentEnd;
    head.flags = 0;
    events_.add(head);
  }

  bool finish(Direction direction, Side& side, std::size_t octets) {
    ObservedHead head;
    head.direction = direction;
    head.begin = side.begin;
    head.end = side.begin += octets;
    const std::string_view line = std::string_view(side.held).substr(0, octets - 2);
    const std::string_view word = line.substr(2, 3);
    const bool command = direction == Direction::ToServer;
    head.kind = command ? Observed::Kind::Command : Observed::Kind::Reply;
    if (line[0] == '~')
      head.flags = Observed::kUntagged;
    else
      head.key = static_cast<std::uint32_t>(line[0] - '0');
    if (command) head.word = word == "put" ? kPut : word == "get" ? kGet : kNop;
    if (!command) head.word = word == "no" ? kNo : kOk;
    events_.add(head);
    events_.set_text(line);
    side.held.erase(0, octets);
    side.seen = 0;
    return true;
  }

  Side sides_[2];
  ObservedQueue events_;
};

class Tagged final : public languages::Language {
 public:
  Tagged()
      : Language(
            {.name = "tagged", .title = "TAGGED", .ports = {{7777, false, ""}}, .mail = true}) {}
  std::unique_ptr<DialogueObserver> make_observer(bool) const override {
    return std::make_unique<TaggedObserver>();
  }
  std::string verb(std::uint16_t word) const override {
    return word == kPut ? "put" : word == kGet ? "get" : "nop";
  }
  languages::Verdict verdict(std::uint16_t code) const override {
    return code == kNo ? languages::Verdict::ForGood : languages::Verdict::Yes;
  }
  languages::MailRole mail_role(std::uint16_t verb) const override {
    return verb == kPut ? languages::MailRole::CarriesContent : languages::MailRole::Nothing;
  }
  trace::MailKind mail_kind(std::uint16_t verb) const override {
    return verb == kPut ? trace::MailKind::Append : trace::MailKind::Fetch;
  }
};

trace::Trace read(std::string_view lines) {
  static const Tagged language;
  [[maybe_unused]] static const trace::Protocol protocol = languages::add(language);
  test::Talk talk;
  talk.server_port = 7777;
  talk.open();
  talk.dialogue(lines);
  talk.close();
  return talk.trace();
}

const trace::Pdu& command_of(const trace::Trace& trace, trace::Id exchange) {
  return trace.pdus[trace.exchanges[exchange].command];
}

}  // namespace

TEST_CASE("Replies find their commands by the tag, in any order") {
  const trace::Trace trace =
      read("C: 1 nop\nC: 2 nop\nC: 3 nop\nS: 3 ok\nS: 1 no\nS: 2 ok\nS: 9 ok\n");
  REQUIRE(trace.exchanges.size() == 4);
  for (trace::Id id = 0; id < 3; ++id) {
    const std::string tag = trace.pdu_octets(command_of(trace, id)).substr(0, 1);
    const trace::Id reply = trace.exchanges[id].first_reply;
    REQUIRE(reply != trace::kNone);
    CHECK(trace.pdu_octets(trace.pdus[reply]).substr(0, 1) == tag);
    CHECK(trace.pdus[reply].next_reply == trace::kNone);
  }
  CHECK(trace.exchanges[3].command == trace::kNone);  // nobody had asked
  CHECK(trace.connections[0].replies == 4);
}

TEST_CASE("Data that answers no command is a PDU of its own, and no reply is counted") {
  const trace::Trace trace = read("C: 1 nop\nS: ~ three letters\nS: 1 ok\nS: ~ four letters\n");
  REQUIRE(trace.exchanges.size() == 1);
  CHECK(trace.connections[0].replies == 1);
  const trace::Id reply = trace.exchanges[0].first_reply;
  CHECK(trace.pdu_octets(trace.pdus[reply]) == "1 ok\r\n");
  CHECK(trace.exchanges[0].last_reply == reply);
  int untagged = 0;
  for (const trace::Pdu& pdu : trace.pdus)
    if (pdu.flags & trace::Pdu::kUntagged) {
      ++untagged;
      CHECK(pdu.exchange == trace::kNone);
    }
  CHECK(untagged == 2);
}

TEST_CASE("A message within a line is a mail, and the line is its PDU") {
  const trace::Trace trace = read(
      "C: 1 put {16}\nC: Subject: one\nC:\nC:  as it is\nC: 2 get\n"
      "S: ~ {16}\nS: Subject: two\nS:\nS:  as it was\nS: 1 no\nS: 2 ok\n");
  REQUIRE(trace.mails.size() == 2);
  const trace::Mail &put = trace.mails[0], &got = trace.mails[1];
  CHECK(put.subject == "one");
  CHECK(put.octets == 16);
  CHECK(put.kind == trace::MailKind::Append);
  CHECK(put.fate == trace::MailFate::Refused);
  REQUIRE(put.data != trace::kNone);
  CHECK(trace.pdu_octets(trace.pdus[put.data]) ==
        "1 put {16}\r\nSubject: one\r\n\r\n as it is\r\n");
  CHECK(got.subject == "two");
  CHECK(got.kind == trace::MailKind::Fetch);
  CHECK(got.fate == trace::MailFate::Served);
  REQUIRE(got.data != trace::kNone);
  CHECK(trace.pdus[got.data].direction == Direction::ToClient);
}
