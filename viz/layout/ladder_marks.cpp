// What stands in a row of the ladder: an arrow with its words, a mark on a lifeline, a silence.
#include <algorithm>
#include <cmath>

#include "viz/layout/call.hpp"
#include "viz/layout/carry.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/ladder_lines.hpp"
#include "viz/layout/ladder_sheet.hpp"
#include "viz/layout/segment.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;

constexpr float kLabelRowMin = 30;  // units: rows lower than this carry no words
constexpr float kEventLine = 15;    // units: of an inside event's words, where there are two
constexpr float kLineClear = 7;     // units: between a lifeline and its arrows
constexpr float kOffShare = 0.94f;  // of the way to a host that is off
constexpr float kThere = 0.999f;    // what came in one segment with others counts as arrived

bool is_labelled(const LadderSheet& sheet, const RowPlace& place) {
  return place.height >= sheet.m.px(kLabelRowMin);
}

// A PDU without a flight (a capture) is on its way as far as playing says.
float grown(const LadderSheet& sheet, Id pdu) {
  const bool flies = sheet.index.departs(pdu) < arrival_of(sheet.index, pdu);
  if (flies) return share_of_way(sheet.index, pdu, sheet.cursor.time);
  return pdu == sheet.cursor.pdu ? sheet.cursor.under_way : 1;
}

// The same of a frame that was lost, or sent again.
float grown_frame(const LadderSheet& sheet, Id frame) {
  const Time sent = sheet.trace.frames[frame].sent, end = end_of_frame(sheet.index, frame);
  if (sheet.cursor.time >= end) return 1;
  return static_cast<float>(static_cast<double>(std::max<Time>(0, sheet.cursor.time - sent)) /
                            static_cast<double>(end - sent));
}

// From where to where words may stand.
struct Room {
  float left = 0, right = 0;
  float width() const { return right - left; }
};

// Between the two lines. What is too long goes on beyond the client's line, where no session's
// strip stands, and over the session's own only where that shows the whole of it.
Room room_for(const LadderSheet& sheet, Id id, float low, float high, float width) {
  const Metrics& m = sheet.m;
  Room room{low + m.px(10), high - m.px(10)};
  if (width <= room.width()) return room;
  const Room all{sheet.area.x + m.px(kLabelLeft), sheet.area.right() - m.px(4)};
  const float server = sheet.x_of(sheet.trace.connections[id].server);
  if (server == high) room.left = all.left;
  if (server == low) room.right = all.right;
  for (const float x : sheet.strips.beside(sheet, id)) {
    if (x < low) room.left = std::max(room.left, x + m.px(10));
    if (x > high) room.right = std::min(room.right, x - m.px(10));
  }
  const bool shows_all = width > room.width() && width <= all.width();
  return shows_all && sheet.strips.only_session(id) ? all : room;
}

Rect label_place(const LadderSheet& sheet, const std::string& label, float middle, Room room,
                 float top) {
  const float w = sheet.m.width(TextStyle::Mono, label);
  const float x = std::clamp(middle - w / 2, room.left, std::max(room.left, room.right - w));
  return {x, top + sheet.m.px(3), w, sheet.m.px(17)};
}

// Where all of it is too long, why alone.
std::string lost_label(const LadderSheet& sheet, Id frame, float room) {
  const trace::Frame& lost = sheet.trace.frames[frame];
  const std::string why = loss_text(lost.loss);
  const std::string whole = loss_text(sheet.trace, sheet.index.pdu_of_frame(frame), lost);
  const bool fits = sheet.m.width(TextStyle::Mono, whole) <= room;
  return fit(sheet.m, TextStyle::Mono, fits ? whole : why, room);
}

void put_label(const LadderSheet& sheet, Arrow& arrow, float x1, float x2, float top,
               const Pdu& pdu) {
  const Metrics& m = sheet.m;
  const Refusal refused = refusal(sheet.trace, pdu);
  std::string text = label(sheet.trace, pdu, sheet.cursor.time);
  const bool waits = arrow.lost && sheet.cursor.time > arrival_of(sheet.index, arrow.pdu);
  if (waits && call(sheet.trace, pdu, sheet.cursor.time) == Call::Awaited)
    text = "SYN, no answer yet";
  // Where no other row says it.
  if (const Id lost = arrow.lost ? sheet.index.lost_of(arrow.pdu) : kNone;
      lost != kNone && (sheet.out.one_connection || sheet.index.lost_with(arrow.pdu) == lost))
    text = loss_text(sheet.trace.frames[lost].loss) + " · " + text;
  text = signed_as(refused, text);
  const float w = m.width(TextStyle::Mono, text);
  const Room room = room_for(sheet, pdu.connection, std::min(x1, x2), std::max(x1, x2), w);
  const bool hopeless = w > room.width() && room.width() < m.px(130);
  if (hopeless) {
    const Id lost = arrow.lost ? sheet.index.lost_with(arrow.pdu) : kNone;
    text = lost != kNone ? lost_label(sheet, lost, room.width())
                         : signed_as(refused, head(sheet.trace, pdu, sheet.cursor.time));
  }
  // What is left out is said, also where a line is too long already.
  const std::string more = hopeless ? "" : more_lines(sheet.trace, pdu);
  const float more_w = m.width(TextStyle::Mono, more);
  arrow.label = more_w > room.width() / 2
                    ? fit(m, TextStyle::Mono, text + more, room.width())
                    : fit(m, TextStyle::Mono, text, room.width() - more_w) + more;
  arrow.label_rect = label_place(sheet, arrow.label, (x1 + x2) / 2, room, top);
}

// Where a frame that was lost stops on its way across the row; at the other end where nobody is
// there to take it.
void end_on_way(const LadderSheet& sheet, Arrow& arrow, Id lost, const RowPlace& place, float x1,
                float x2) {
  const bool off = lost != kNone && sheet.trace.frames[lost].loss == trace::Loss::HostOff;
  const float share = off ? kOffShare : kLostShare;
  arrow.to = {x1 + (x2 - x1) * share, place.from + (place.to - place.from) * share};
}

Arrow arrow_of(const LadderSheet& sheet, std::size_t row, Id id, const RowPlace& place, float x1,
               float x2) {
  const Pdu& pdu = sheet.trace.pdus[id];
  Arrow arrow;
  arrow.pdu = id, arrow.frame = pdu.frame;
  const float clear = x2 > x1 ? sheet.m.px(kLineClear) : -sheet.m.px(kLineClear);
  arrow.from = {x1 + clear, place.from};
  arrow.to = {x2 - clear, place.to};
  arrow.open_close =
      pdu.kind == PduKind::Open || pdu.kind == PduKind::Close || pdu.kind == PduKind::Reset;
  arrow.role = role_of(sheet.trace, pdu, sheet.cursor.time);
  arrow.refused = refusal(sheet.trace, pdu) != Refusal::None;
  if (sheet.index.sent_again(id) <= sheet.cursor.time) arrow.style = ArrowStyle::Dashed;
  arrow.to_come = sheet.to_come(row, sheet.index.departs(id));
  if (!arrow.to_come) arrow.grown = grown(sheet, id);
  arrow.current = sheet.cursor.event == Selection{Selected::Pdu, id};
  // Nobody knows it before it is: until then it is under way.
  const Id lost = sheet.index.lost_with(id);
  const bool never = pdu.received == kNever && call(sheet.trace, pdu) != Call::Awaited;
  arrow.lost = never && !arrow.to_come && arrow.grown >= 1;
  if (lost != kNone) arrow.frame = lost;
  if (arrow.lost || lost != kNone) end_on_way(sheet, arrow, lost, place, x1, x2);
  return arrow;
}

void add_pdu(LadderSheet& sheet, std::size_t row, Id id, const RowPlace& place) {
  const Pdu& pdu = sheet.trace.pdus[id];
  const float x1 = sheet.x_of(sheet.index.sender(pdu));
  const float x2 = sheet.x_of(sheet.index.receiver(pdu));
  if (x1 < 0 || x2 < 0 || x1 == x2) return;
  Arrow arrow = arrow_of(sheet, row, id, place, x1, x2);
  if (is_labelled(sheet, place)) put_label(sheet, arrow, x1, x2, place.top, pdu);
  // A server's state changes when it speaks, and when it has heard.
  const bool unheard = pdu.direction == Direction::ToServer && arrow.grown < kThere;
  sheet.strips.extend(sheet, id, place, arrow.to_come || unheard);
  sheet.bands.extend(sheet.trace, pdu, place.top, place.bottom);
  sheet.out.arrows.push_back(std::move(arrow));
}

// What the frame was to carry, while nobody knows that it is lost.
std::string sent_label(const LadderSheet& sheet, Id frame) {
  const Id id = sheet.index.pdu_of_frame(frame);
  if (id == kNone) {
    const trace::Frame& segment = sheet.trace.frames[frame];
    const bool lost = segment.fate == trace::Fate::Lost;
    return std::string(segment_name(sheet.trace, segment)) + (lost ? "" : ", again");
  }
  const Pdu& pdu = sheet.trace.pdus[id];
  const std::string name = sent_name(sheet.trace, pdu, sheet.cursor.time);
  const Id origin = sheet.trace.frames[frame].origin;
  return pdu.frame == (origin == kNone ? frame : origin) ? name : name + ", again";
}

void add_lost(LadderSheet& sheet, std::size_t row, Id id, const RowPlace& place) {
  const trace::Frame& frame = sheet.trace.frames[id];
  if (frame.connection >= sheet.trace.connections.size()) return;
  const trace::Connection& connection = sheet.trace.connections[frame.connection];
  const Id origin = frame.origin == kNone ? id : frame.origin;
  const bool to_client = sheet.trace.frames[origin].from == connection.server.host;
  const float x1 = sheet.x_of(to_client ? connection.server : connection.client);
  const float x2 = sheet.x_of(to_client ? connection.client : connection.server);
  if (x1 < 0 || x2 < 0 || x1 == x2) return;
  Arrow arrow;
  arrow.frame = id;
  arrow.from = {x1 + (x2 > x1 ? sheet.m.px(kLineClear) : -sheet.m.px(kLineClear)), place.from};
  const Id carried = sheet.index.pdu_of_frame(id);
  const bool is_lost = frame.fate == trace::Fate::Lost;
  // What was sent again and was not lost did not arrive either where nobody ever answered.
  const bool in_vain =
      is_lost || (carried != kNone && sheet.trace.pdus[carried].received == kNever);
  arrow.style = ArrowStyle::Dashed;
  arrow.to_come = sheet.to_come(row, frame.sent);
  if (!arrow.to_come) arrow.grown = grown_frame(sheet, id);
  const bool flies = !arrow.to_come && arrow.grown < 1;  // not lost yet
  arrow.lost = in_vain && !flies;
  arrow.role = arrow.lost         ? Role::Bad
               : carried == kNone ? Role::Tcp
                                  : role_of(sheet.trace, sheet.trace.pdus[carried]);
  arrow.to = {x2 + (x2 > x1 ? -sheet.m.px(kLineClear) : sheet.m.px(kLineClear)), place.to};
  if (in_vain) end_on_way(sheet, arrow, is_lost ? id : kNone, place, x1, x2);
  arrow.current = sheet.cursor.event == Selection{Selected::Frame, id};
  if (is_labelled(sheet, place)) {
    const std::string whole = is_lost ? loss_text(sheet.trace, carried, frame) : "";
    const Room room = room_for(sheet, frame.connection, std::min(x1, x2), std::max(x1, x2),
                               sheet.m.width(TextStyle::Mono, whole));
    arrow.label = !is_lost || flies
                      ? fit(sheet.m, TextStyle::Mono, sent_label(sheet, id), room.width())
                      : lost_label(sheet, id, room.width());
    arrow.label_rect = label_place(sheet, arrow.label, (x1 + x2) / 2, room, place.top);
  }
  sheet.out.arrows.push_back(std::move(arrow));
}

// Beside the mark: to its right where the words fit there or there is more room, else to its left;
// in two lines where one is too short.
void put_words(const LadderSheet& sheet, InsideMark& mark, const std::string& text, float height) {
  constexpr TextStyle kStyle = TextStyle::Small;
  const Metrics& m = sheet.m;
  const float off = m.px(14), x = mark.at.x;
  const float right = sheet.area.right() - m.px(12) - (x + off);
  const float left = x - off - (sheet.area.x + m.px(36));
  const bool to_right = right >= left || m.width(kStyle, text) <= right;
  const float room = to_right ? right : left;
  mark.lines = {text};
  if (m.width(kStyle, text) > room && height >= m.px(2 * kEventLine))
    mark.lines = wrap(m, kStyle, text, room);
  for (std::size_t i = 2; i < mark.lines.size(); ++i) mark.lines[1] += ' ' + mark.lines[i];
  if (mark.lines.size() > 2) mark.lines.resize(2);
  float w = 0;
  for (std::string& line : mark.lines) {
    line = fit(m, kStyle, line, room);
    w = std::max(w, m.width(kStyle, line));
  }
  const float h = mark.lines.size() == 1 ? m.px(18) : m.px(2 * kEventLine);
  mark.label_rect = {to_right ? x + off : x - off - w, mark.at.y - h / 2, w, h};
}

void add_change(LadderSheet& sheet, std::size_t row, Id id, const RowPlace& place) {
  const trace::StateChange& change = sheet.trace.changes[id];
  const float y =
      sheet.settings.true_time ? (place.from + place.to) / 2 : (place.top + place.bottom) / 2;
  sheet.strips.end_at(sheet, id, y);
  const float x = x_of_change(sheet.index, sheet.out.lifelines, id);
  if (x < 0) return;
  InsideMark mark;
  mark.change = id;
  mark.at = {x, y};
  mark.to_come = sheet.to_come(row, change.at);
  mark.selected = sheet.cursor.event == Selection{Selected::Change, id};
  if (is_failure(sheet.trace, id)) mark.role = Role::Refused;
  const std::string sign(is_failure(sheet.trace, id) ? kRefusalSign : "");
  if (is_labelled(sheet, place)) put_words(sheet, mark, sign + change.text, place.height);
  sheet.out.marks.push_back(std::move(mark));
}

// On the line of the host that it is done to, in the middle between those of two.
float x_of_intervention(const LadderSheet& sheet, Id intervention) {
  float sum = 0;
  int found = 0;
  for (const Id host : hosts_of(sheet.index, intervention))
    if (const float x = sheet.x_of(trace::Endpoint{host, kNone, {}, 0}); x >= 0) sum += x, ++found;
  const Rect& body = sheet.out.body;
  return found > 0 ? sum / static_cast<float>(found) : body.center().x;
}

void add_intervention(LadderSheet& sheet, std::size_t row, Id id, const RowPlace& place) {
  const trace::Intervention& intervention = sheet.trace.interventions[id];
  InsideMark mark;
  mark.intervention = id;
  mark.at = {x_of_intervention(sheet, id), (place.top + place.bottom) / 2};
  mark.to_come = sheet.to_come(row, intervention.at);
  mark.selected = sheet.cursor.event == Selection{Selected::Intervention, id};
  if (is_labelled(sheet, place)) put_words(sheet, mark, text_of(sheet.index, id), place.height);
  sheet.out.marks.push_back(std::move(mark));
}

}  // namespace

void add_row(LadderSheet& sheet, std::size_t row, const RowPlace& place) {
  const Row event = sheet.rows.at(row);
  switch (event.kind) {
    case RowKind::Pdu:
      return add_pdu(sheet, row, event.id, place);
    case RowKind::Change:
      return add_change(sheet, row, event.id, place);
    case RowKind::Lost:
      return add_lost(sheet, row, event.id, place);
    case RowKind::Intervention:
      return add_intervention(sheet, row, event.id, place);
    case RowKind::Gap:
      sheet.out.gaps.push_back(
          {(place.top + place.bottom) / 2, span_text(sheet.rows.gap(row)) + " later"});
  }
}

void add_cluster(LadderSheet& sheet, std::size_t first, std::size_t end, float top, float bottom) {
  Cluster cluster;
  cluster.top = top, cluster.bottom = std::max(bottom, top + kMarkMin);
  cluster.pdus = static_cast<std::uint32_t>(end - first);
  cluster.x1 = sheet.area.right(), cluster.x2 = sheet.area.x;
  for (const std::size_t row : {first, (first + end) / 2, end - 1}) {
    const Row event = sheet.rows.at(row);
    if (event.kind != RowKind::Pdu) continue;
    const Pdu& pdu = sheet.trace.pdus[event.id];
    for (const float x :
         {sheet.x_of(sheet.index.sender(pdu)), sheet.x_of(sheet.index.receiver(pdu))}) {
      if (x < 0) continue;
      cluster.x1 = std::min(cluster.x1, x);
      cluster.x2 = std::max(cluster.x2, x);
    }
    cluster.role = role_of(sheet.trace.connections[pdu.connection].protocol);
  }
  if (cluster.x1 > cluster.x2) return;
  cluster.to_come = first >= sheet.rows_begun();
  sheet.out.clusters.push_back(cluster);
}

}  // namespace mailscope::viz
