// Red is red: a refusal looks like one wherever it is drawn; events stand on the line of their own
// agent; the port that is used is the one that is lit.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "captures/languages/languages.hpp"
#include "tests/viz/shipped_lesson.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/ladder.hpp"
#include "viz/layout/list.hpp"
#include "viz/layout/scrubber.hpp"
#include "viz/layout/topology.hpp"
#include "viz/layout/words.hpp"
#include "viz/window/theme.hpp"

using namespace mailscope;
using namespace mailscope::viz;
using test::play_lesson;

namespace {

constexpr Rect kPanel{0, 0, 700, 600};

bool is_refusal(Role role) {
  return role == Role::NotNow || role == Role::Refused;
}

// As it was on the wire, not as the reader understood it.
bool refuses(const Trace& trace, const trace::Pdu& pdu) {
  const trace::Connection& connection = trace.connections[pdu.connection];
  if (pdu.kind == trace::PduKind::Reset)  // in answer to a SYN
    return connection.opening == trace::Opening::SynOnly;
  if (pdu.kind != trace::PduKind::Reply) return false;
  const std::string octets = trace.pdu_octets(pdu, 12);
  switch (trace.connections[pdu.connection].protocol) {
    case languages::kSmtp:
      return octets[0] == '4' || octets[0] == '5';
    case languages::kPop3:
      return octets.starts_with("-ERR");
    case languages::kDns:
      return (octets[3] & 15) != 0;  // RCODE, RFC 1035 §4.1.1
    default:
      return false;
  }
}

void check_pdu(const TraceIndex& index, Id id, bool refused) {
  Cursor cursor = open_cursor(index);
  go_to_pdu(index, cursor, id);
  FilteredPdus all;
  all.set(index, "");
  const ListRow row = layout_list(index, cursor, all, id, 1).front();
  CHECK(is_refusal(row.role) == refused);
  CHECK(row.head.starts_with(kRefusalSign) == refused);
  for (const Arrow& arrow : layout_ladder(index, cursor, {}, kPanel).arrows) {
    if (!arrow.current) continue;
    CHECK(is_refusal(arrow.role) == refused);
    CHECK(arrow.refused == refused);
    CHECK(arrow.label.starts_with(kRefusalSign) == refused);
  }
  for (const Mover& mover : layout_topology(index, cursor, {}, kPanel).movers) {
    if (!mover.current) continue;
    CHECK(is_refusal(mover.role) == refused);
    CHECK(mover.label.starts_with(kRefusalSign) == refused);
  }
}

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(Color color) {
  const auto part = [&](int shift) {
    const double c = static_cast<double>(color >> shift & 255) / 255;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(0) + 0.7152 * part(8) + 0.0722 * part(16);
}

double contrast(Color a, Color b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

const Lifeline* line_of_event(const Ladder& ladder, const Trace& trace, std::string_view text) {
  for (const InsideMark& mark : ladder.marks)
    if (trace.changes[mark.change].text.find(text) != std::string::npos)
      for (const Lifeline& line : ladder.lifelines)
        if (std::abs(line.x - mark.at.x) < 0.5f) return &line;
  return nullptr;
}

// The ladder when that event has just happened.
Ladder ladder_at(const TraceIndex& index, std::string_view text) {
  Cursor cursor = open_cursor(index);
  for (Id id = 0; id < index.trace().changes.size(); ++id)
    if (index.trace().changes[id].text.find(text) != std::string::npos) {
      go_to_change(index, cursor, id);
      break;
    }
  return layout_ladder(index, cursor, {}, kPanel);
}

}  // namespace

TEST_CASE("A refusal never looks like a success, nor a success like a refusal") {
  std::size_t refusals = 0;
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    INFO(shipped.name);
    const auto run = play_lesson(shipped.name);
    const TraceIndex index(run.trace);
    bool any = false;
    for (Id id = 0; id < run.trace.pdus.size(); ++id) {
      INFO(label(run.trace, run.trace.pdus[id]));
      const bool refused = refuses(run.trace, run.trace.pdus[id]);
      refusals += refused;
      any = any || refused;
      check_pdu(index, id, refused);
    }
    const Scrubber scrubber = layout_scrubber(index, open_cursor(index), {}, {0, 0, 800, 90});
    const bool capped =
        std::any_of(scrubber.bars.begin(), scrubber.bars.end(),
                    [](const DensityBar& bar) { return bar.refused && is_refusal(bar.role); });
    CHECK(capped == any);
  }
  CHECK(refusals > 30);
}

TEST_CASE("A POP3 error and a DNS error are refusals too, +OK and 354 are none") {
  Trace trace;
  constexpr std::tuple<trace::Protocol, std::uint16_t, Refusal> kCases[] = {
      {languages::kPop3, 0, Refusal::ForGood},   {languages::kPop3, 1, Refusal::None},
      {languages::kPop3, 2, Refusal::None},      {languages::kDns, 0, Refusal::None},
      {languages::kDns, 2, Refusal::ForGood},    {languages::kDns, 3, Refusal::ForGood},
      {languages::kSmtp, 354, Refusal::None},    {languages::kSmtp, 399, Refusal::None},
      {languages::kSmtp, 421, Refusal::NotNow},  {languages::kSmtp, 499, Refusal::NotNow},
      {languages::kSmtp, 550, Refusal::ForGood}, {languages::kImap, 550, Refusal::None}};
  for (const auto& [protocol, word, expected] : kCases) {
    trace.connections.emplace_back().protocol = protocol;
    trace::Pdu pdu;
    pdu.kind = trace::PduKind::Reply;
    pdu.connection = static_cast<Id>(trace.connections.size() - 1);
    pdu.word = word;
    INFO(languages::title(protocol) << " " << word);
    CHECK(refusal(trace, pdu) == expected);
    CHECK(is_refusal(role_of(trace, pdu)) == (expected != Refusal::None));
    pdu.kind = trace::PduKind::Command;
    CHECK(refusal(trace, pdu) == Refusal::None);
  }
}

TEST_CASE("Text can be read on every ground, in both themes") {
  for (const bool light : {false, true}) {
    const Theme theme(light);
    for (const Role ground : {Role::Panel, Role::Raised, Role::Background})
      for (const Role role : {Role::Text, Role::Dim, Role::Faint, Role::Accent, Role::Smtp,
                              Role::Pop3, Role::Imap, Role::Dns, Role::Http, Role::Tls, Role::Tcp,
                              Role::Good, Role::Warning, Role::Bad, Role::NotNow, Role::Refused}) {
        INFO((light ? "light" : "dark")
             << " role " << static_cast<int>(role) << " on " << static_cast<int>(ground));
        CHECK(contrast(theme.color(role), theme.color(ground)) >= 4.5);
      }
    for (const Role pill :
         {Role::Smtp, Role::Pop3, Role::Dns, Role::Tcp, Role::NotNow, Role::Refused, Role::Accent})
      CHECK(contrast(theme.color(Role::OnAccent), theme.color(pill)) >= 4.5);
  }
}

namespace {

// Degrees, and how far from grey: 0..255.
std::pair<double, double> hue(Color color) {
  const double r = color & 255, g = color >> 8 & 255, b = color >> 16 & 255;
  return {std::atan2(std::sqrt(3.0) * (g - b), 2 * r - g - b) * 180 / 3.14159265,
          std::max({r, g, b}) - std::min({r, g, b})};
}

}  // namespace

TEST_CASE("Refusals are one red, and that for good is the stronger one") {
  for (const bool light : {false, true}) {
    const Theme theme(light);
    const auto [not_now, weak] = hue(theme.color(Role::NotNow));
    const auto [refused, strong] = hue(theme.color(Role::Refused));
    CHECK(std::abs(not_now) < 15);
    CHECK(std::abs(refused) < 15);
    CHECK(strong > weak + 40);
    CHECK(std::abs(hue(theme.color(Role::Smtp)).first) > 20);
  }
}

TEST_CASE("What fails inside a host is red in every lesson, what succeeds never") {
  using trace::VariableKind;
  int failures = 0, successes = 0;
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    INFO(shipped.name);
    const auto run = play_lesson(shipped.name);
    const TraceIndex index(run.trace);
    for (Id id = 0; id < run.trace.changes.size(); ++id) {
      const trace::StateChange& change = run.trace.changes[id];
      const trace::Variable& variable = run.trace.variables[change.variable];
      const std::string& text = change.text;
      const auto says = [&](std::string_view words) { return text.find(words) != text.npos; };
      const bool bad = says("cannot be delivered") || says("crashed") || says("scanner finds \"") ||
                       says(" failed (") || says("the disk is full");
      const bool good = variable.is(VariableKind::Mailbox) || variable.is(VariableKind::Inbox) ||
                        variable.is(VariableKind::Letter) || variable.is(VariableKind::Process);
      if ((!bad && !good) || text.empty() || change.at == 0) continue;
      Cursor cursor = open_cursor(index);
      go_to_change(index, cursor, id);
      for (const InsideMark& mark : layout_ladder(index, cursor, {}, kPanel).marks) {
        if (mark.change != id) continue;
        INFO(text);
        CHECK((mark.role == Role::Refused) == bad);
        (bad ? failures : successes) += 1;
      }
    }
  }
  CHECK(failures > 15);
  CHECK(successes > 100);
}

TEST_CASE("Events stand on the line of their own agent") {
  const auto run = play_lesson("maa");
  const TraceIndex index(run.trace);
  constexpr std::pair<std::string_view, std::string_view> kWhere[] = {
      {"alice has written", "user agent"},
      {"user agent puts the letter into the spool", "user agent"},
      {"the next host answers for the message", "MTA client"},
      {"the MDA files a message", "MDA"},
      {"leaves bob's mailbox", "MAA server"},
      {"shows a new message", "user agent"}};
  for (const auto& [text, agent] : kWhere) {
    INFO(text);
    const Ladder ladder = ladder_at(index, text);
    const Lifeline* line = line_of_event(ladder, run.trace, text);
    REQUIRE(line);
    CHECK(line->name == agent);
  }
  const auto dns = play_lesson("mx-fallback");
  const TraceIndex names(dns.trace);
  const Lifeline* line =
      line_of_event(ladder_at(names, "alice has written"), dns.trace, "alice has written");
  REQUIRE(line);
  CHECK(line->name == "user agent");
}

TEST_CASE("Traffic at port 587 lights port 587") {
  const auto run = play_lesson("submission-with-auth");
  const TraceIndex index(run.trace);
  bool seen = false;
  for (Id id = 0; id < run.trace.pdus.size(); ++id) {
    const std::uint16_t port = run.trace.connections[run.trace.pdus[id].connection].server.port;
    Cursor cursor = open_cursor(index);
    go_to_pdu(index, cursor, id);
    const trace::Endpoint& server = run.trace.connections[run.trace.pdus[id].connection].server;
    bool lit = false;
    for (const HostBox& host : layout_topology(index, cursor, {}, kPanel).hosts)
      for (const AgentBox& box : host.agents)
        if (host.host == server.host && box.active && box.port_now == port)
          lit = box.text.find(std::to_string(port)) != std::string::npos;
    CHECK(lit);
    seen = seen || port == 587;
  }
  CHECK(seen);
}

TEST_CASE("A session ends where its host crashes") {
  const scenarios::Run run = play_lesson("crash-before-250");
  const TraceIndex index(run.trace);
  const Metrics m;
  int crashes = 0;
  for (Id id = 0; id < run.trace.changes.size(); ++id) {
    if (!is(run.trace.changes[id].after, trace::State::Crashed)) continue;
    Cursor cursor = open_cursor(index);
    go_to_change(index, cursor, id);
    const Ladder ladder = layout_ladder(index, cursor, m, {0, 0, 700, 500});
    const auto mark = std::find_if(ladder.marks.begin(), ladder.marks.end(),
                                   [&](const InsideMark& one) { return one.change == id; });
    REQUIRE(mark != ladder.marks.end());
    bool ends = false;
    for (const StateStrip& strip : ladder.strips) {
      CHECK_FALSE((strip.top < mark->at.y && strip.bottom > mark->at.y + 1));
      ends = ends || std::abs(strip.bottom - mark->at.y) < 1;
    }
    CHECK(ends);
    CHECK(std::any_of(ladder.lifelines.begin(), ladder.lifelines.end(),
                      [&](const Lifeline& line) { return line.x == mark->at.x; }));
    ++crashes;
    if (cursor.pdu == kNone) continue;
    cursor.selection = {Selected::Pdu, cursor.pdu};
    const Inspector inspector = inspect(index, cursor);
    for (const StateNode& node : inspector.machine) CHECK_FALSE(node.current);
    CHECK(inspector.next.find("the session is gone") == 0);
  }
  CHECK(crashes > 0);
}

TEST_CASE("A SYN that nobody answers is said to be one") {
  for (const char* name : {"bob-is-offline", "mx-fallback"}) {
    const scenarios::Run run = play_lesson(name);
    int unanswered = 0;
    for (const trace::Pdu& pdu : run.trace.pdus) {
      if (pdu.kind != trace::PduKind::Open) continue;
      const bool answered =
          run.trace.connections[pdu.connection].opening == trace::Opening::Handshake;
      CHECK((label(run.trace, pdu) == "SYN · SYN ACK · ACK") == answered);
      CHECK((gist(run.trace, pdu) == "TCP connects the two") == answered);
      CHECK((role_of(run.trace, pdu) == Role::Bad) != answered);
      unanswered += !answered;
    }
    CHECK(unanswered > 0);
  }
}

TEST_CASE("A narrow ladder spends its width on those who have something to say") {
  const scenarios::Run run = play_lesson("maa");
  const TraceIndex index(run.trace);
  Cursor cursor = open_cursor(index);
  const auto ehlo = std::find_if(run.trace.pdus.begin(), run.trace.pdus.end(),
                                 [&](const auto& pdu) { return head(run.trace, pdu) == "EHLO"; });
  REQUIRE(ehlo != run.trace.pdus.end());
  go_to_pdu(index, cursor, static_cast<Id>(ehlo - run.trace.pdus.begin()));
  const auto hosts = [&](float width) {
    const Ladder ladder = layout_ladder(index, cursor, Metrics{}, {0, 0, width, 180});
    return std::count_if(ladder.heads.begin(), ladder.heads.end(),
                         [](const LadderHead& head) { return head.agent == kNone; });
  };
  CHECK(hosts(1400) == 4);
  CHECK(hosts(450) == 2);  // alice-pc and mail.alpha
  // An event's mark stands on the line that it stands on where all are shown.
  for (Id id = 0; id < run.trace.changes.size(); ++id) {
    go_to_change(index, cursor, id);
    const auto agent_at = [&](float width) {
      const Ladder ladder = layout_ladder(index, cursor, Metrics{}, {0, 0, width, 180});
      for (const InsideMark& mark : ladder.marks)
        for (const Lifeline& line : ladder.lifelines)
          if (mark.change == id && line.x == mark.at.x && !line.folded) return line.agent;
      return kNone;
    };
    const Id narrow = agent_at(450);
    if (narrow != kNone) CHECK(narrow == agent_at(1400));
  }
}
