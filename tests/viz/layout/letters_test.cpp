#include "viz/layout/letters.hpp"

#include <catch2/catch.hpp>

#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/call.hpp"
#include "viz/layout/carry.hpp"
#include "viz/layout/heading.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/playing.hpp"
#include "viz/layout/topology.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using trace::Id;

namespace {

// A lesson with a cursor that goes to what happens inside its hosts.
struct Lesson : test::Lesson {
  using test::Lesson::Lesson;

  Id agent(std::string_view host, std::string_view program) const {
    for (Id id = 0; id < trace.agents.size(); ++id)
      if (trace.agents[id].name == program && trace.hosts[trace.agents[id].host].name == host)
        return id;
    FAIL("no such agent");
    return trace::kNone;
  }
  Id change(std::string_view text) const {
    for (Id id = 0; id < trace.changes.size(); ++id)
      if (trace.changes[id].text.find(text) != std::string::npos) return id;
    FAIL("no such event");
    return trace::kNone;
  }
  void go_to(std::string_view text) { go_to_change(index, cursor, change(text)); }

  Cursor cursor = open_cursor(index);
};

}  // namespace

TEST_CASE("A click on an envelope opens the letter that lies there") {
  Lesson maa("maa");
  const Trace& trace = maa.trace;
  REQUIRE(trace.mails.size() == 3);
  maa.go_to("puts the letter into the spool");
  CHECK(letter_at(maa.index, maa.cursor, maa.agent("alice-pc", "spool")) ==
        Selection{Selected::Mail, 0});
  maa.go_to("has written Q1001 to the spool");
  CHECK(letter_at(maa.index, maa.cursor, maa.agent("mail.alpha.example", "spool")) ==
        Selection{Selected::Mail, 1});
  maa.go_to("in bob's mailbox");
  CHECK(letter_at(maa.index, maa.cursor, maa.agent("mail.beta.example", "bob's mailbox")).kind ==
        Selected::Mail);
  maa.go_to("shows a new message");
  CHECK(letter_at(maa.index, maa.cursor, maa.agent("bob-pc", "user agent")) ==
        Selection{Selected::Mail, 2});
  const Id content = trace.mails[1].data;
  CHECK(carried_by(maa.index, content) == Selection{Selected::Mail, 1});
  CHECK(carried_by(maa.index, content + 1) == Selection{Selected::Pdu, content + 1});
}

TEST_CASE("Where no letter crossed a wire, the event that put it there stands for it") {
  Lesson same("same-host");
  same.go_to("files a message of 261 octets");
  CHECK(letter_at(same.index, same.cursor, same.agent("mail.alpha.example", "bob's mailbox")) ==
        Selection{Selected::Change, same.change("files a message of 261 octets")});
}

TEST_CASE("Of several letters in one place each further click opens the next") {
  Lesson many("many-mails-one-connection");
  const Id spool = many.agent("mail.alpha.example", "spool");
  many.cursor.time = many.trace.connections[0].opened;
  const std::vector<Id> letters = letters_in(many.index, many.cursor, spool);
  REQUIRE(letters.size() == 3);
  for (int round = 0; round < 2; ++round)
    for (const Id letter : letters) {
      many.cursor.selection = letter_at(many.index, many.cursor, spool);
      CHECK(many.cursor.selection == Selection{Selected::Mail, letter});
    }
}

TEST_CASE("A letter that is handed on inside a host is seen on its way, and counted when there") {
  Lesson same("same-host");
  const Id writer = same.agent("mail.alpha.example", "alice's user agent");
  const Id box = same.agent("mail.alpha.example", "bob's mailbox");
  const Id files = same.change("files a message of 261 octets");
  const auto carry = carry_of(same.trace, files);
  REQUIRE(carry);
  CHECK(carry->from == writer);
  CHECK(carry->to == box);
  CHECK_FALSE(carry_of(same.trace, same.change("permission refused")));
  CHECK_FALSE(carry_of(same.trace, same.change("takes the messages out")));

  const auto held = [&](const Topology& topology) {
    for (const HostBox& host : topology.hosts)
      for (const AgentBox& agent : host.agents)
        if (agent.agent == box) return agent.envelopes;
    return -1;
  };
  same.go_to("files a message of 261 octets");
  std::vector<float> heights;
  for (const float way : {0.f, 0.5f, 0.9f}) {
    same.cursor.under_way = way;
    const Topology topology = layout_topology(same.index, same.cursor, {}, {0, 0, 600, 500});
    REQUIRE(topology.movers.size() == 1);
    CHECK(topology.movers[0].letter);
    heights.push_back(topology.movers[0].at.y);
    CHECK(held(topology) == 0);
  }
  CHECK(heights[0] < heights[1]);  // from the agent above to the mailbox below
  CHECK(heights[1] < heights[2]);
  same.cursor.under_way = 1;
  const Topology there = layout_topology(same.index, same.cursor, {}, {0, 0, 600, 500});
  CHECK(there.movers.empty());
  CHECK(held(there) == 1);
}

TEST_CASE("Playing shows a letter that is handed on for longer than a moment") {
  Lesson same("same-host");
  const Id files = same.change("files a message of 261 octets");
  const BeatPlan plan(same.index);
  int shown = 0;
  for (const Beat& beat : plan.beats()) {
    if (beat.kind != BeatKind::Change || beat.id != files) continue;
    CHECK(beat.seconds >= 1);
    ++shown;
  }
  CHECK(shown == 1);
}

TEST_CASE("What is refused inside a host is marked as a refusal") {
  Lesson same("same-host");
  same.go_to("permission refused");
  CHECK(is_failure(same.trace, same.cursor.selection.id));
  CHECK_FALSE(is_failure(same.trace, same.change("files a message")));
  const Topology topology = layout_topology(same.index, same.cursor, {}, {0, 0, 600, 500});
  int refused = 0;
  for (const AgentBox& agent : topology.hosts[0].agents) refused += agent.refused;
  CHECK(refused == 1);
}

TEST_CASE("Of a call in a growing trace nobody says that it has no answer before it is repeated") {
  trace::Trace trace;
  trace.connections.emplace_back();
  trace.connections[0].opening = trace::Opening::SynOnly;
  trace::Pdu syn;
  syn.kind = trace::PduKind::Open, syn.connection = 0, syn.first = 5'000'000'000;
  trace.source.kind = trace::SourceKind::Socket;
  trace.source.duration = 5'200'000'000;
  CHECK(call(trace, syn) == Call::Awaited);
  trace.source.duration = 6'000'000'000;
  CHECK(call(trace, syn) == Call::Unanswered);
  trace.source.duration = 5'200'000'000;
  trace.connections[0].closing = trace::Closing::Rst;
  CHECK(call(trace, syn) == Call::TurnedAway);
  trace.connections[0].closing = trace::Closing::Open;
  trace.source.kind = trace::SourceKind::File;
  CHECK(call(trace, syn) == Call::Unanswered);
  trace.connections[0].opening = trace::Opening::Handshake;
  CHECK(call(trace, syn) == Call::Answered);
}

TEST_CASE("The buttons beside the step stand still whatever the words between them are") {
  Lesson maa("maa");
  const Metrics m;
  const HeadingShape shape = shape_headings(maa.index, m, 1200);
  const StepPlace place = place_step(shape, m, {0, 0, 1190, 28});
  CHECK(place.back.right() < place.words.x);
  CHECK(place.words.right() < place.forth.x);
  for (std::size_t step = 0; step < maa.index.narration().size(); ++step) {
    step_narration(maa.index, maa.cursor, +1);
    CHECK(m.width(TextStyle::Small, heading_of(maa.index, maa.cursor).step) <= place.words.w);
    Cursor after = maa.cursor;
    step_pdu(maa.index, after, +1);
    CHECK(m.width(TextStyle::Small, heading_of(maa.index, after).step) <= place.words.w);
  }
}

TEST_CASE("While a step is being read it is said how long, and it never stands still") {
  Lesson maa("maa");
  const std::vector<Beat> beats = BeatPlan(maa.index).beats();
  CHECK(seconds_to_read(beats, maa.cursor) == 0);
  toggle_play(maa.index, maa.cursor);
  maa.cursor.pace = 2;
  advance(maa.index, beats, maa.cursor, 0);
  double left = seconds_to_read(beats, maa.cursor);
  CHECK(left == Approx(beats[0].seconds / 2));
  float share = share_read(beats, maa.cursor);
  for (; left > 0.2; left = seconds_to_read(beats, maa.cursor)) {
    advance(maa.index, beats, maa.cursor, 0.2);
    CHECK(seconds_to_read(beats, maa.cursor) == Approx(left - 0.2));
    CHECK(share_read(beats, maa.cursor) > share);
    share = share_read(beats, maa.cursor);
  }
  advance(maa.index, beats, maa.cursor, 0.3);
  CHECK(seconds_to_read(beats, maa.cursor) == 0);
}

TEST_CASE("The lesson of the whole way ends where Bob reads the letter, played or stepped") {
  Lesson maa("maa");
  for (std::size_t step = 0; step < maa.index.narration().size(); ++step)
    step_narration(maa.index, maa.cursor, +1);
  CHECK(heading_of(maa.index, maa.cursor).headline.find("Bob reads") != std::string::npos);
  CHECK(maa.cursor.time == maa.index.duration());
  Cursor played = open_cursor(maa.index);
  const std::vector<Beat> beats = BeatPlan(maa.index).beats();
  toggle_play(maa.index, played);
  for (int i = 0; i < 10'000 && played.playing; ++i) advance(maa.index, beats, played, 0.5);
  CHECK(played.selection == maa.cursor.selection);
  CHECK(heading_of(maa.index, played).headline.find("Bob reads") != std::string::npos);
}

TEST_CASE("In a wait heading, row and inspector speak of the same: what the wait follows") {
  Lesson offline("bob-is-offline");
  Selection last;
  int silences = 0, behind_events = 0;
  const BeatPlan plan(offline.index);
  for (const Beat& beat : plan.beats()) {
    if (beat.kind == BeatKind::Pdu) last = {Selected::Pdu, beat.id};
    if (beat.kind == BeatKind::Change) last = {Selected::Change, beat.id};
    if (beat.kind == BeatKind::Loss) last = {Selected::Frame, beat.id};
    if (beat.kind != BeatKind::Silence) continue;
    CHECK(beat.last == last);
    ++silences;
    behind_events += last.kind == Selected::Change;
    Cursor cursor = open_cursor(offline.index);
    cursor.playing = true;
    const std::vector<Beat> only = {beat};
    cursor.beat = 0;
    advance(offline.index, only, cursor, beat.seconds / 2.0);
    CHECK(cursor.selection == last);
  }
  CHECK(silences > 3);
  CHECK(behind_events > 0);
}

TEST_CASE("Only what this server has announced may come next") {
  const auto next_at = [](const Lesson& lesson, Id connection) {
    for (Id id = 0; id < lesson.trace.pdus.size(); ++id) {
      const trace::Pdu& pdu = lesson.trace.pdus[id];
      if (pdu.connection != connection || pdu.kind != trace::PduKind::Reply) continue;
      Cursor cursor = lesson.cursor;
      go_to_pdu(lesson.index, cursor, id);
      const std::string next = inspect(lesson.index, cursor).next;
      if (next.find("MAIL") != std::string::npos) return next;
    }
    return std::string();
  };
  const std::string plain = next_at(Lesson("two-servers"), 0);
  CHECK(plain.find("MAIL") != std::string::npos);
  CHECK(plain.find("AUTH") == std::string::npos);
  CHECK(plain.find("STARTTLS") == std::string::npos);
  CHECK(next_at(Lesson("submission-with-auth"), 0).find("AUTH") != std::string::npos);
}
