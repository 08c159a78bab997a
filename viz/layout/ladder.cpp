#include "viz/layout/ladder.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "captures/languages/languages.hpp"
#include "viz/layout/call.hpp"
#include "viz/layout/carry.hpp"
#include "viz/layout/crash.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/ladder_lines.hpp"
#include "viz/layout/ladder_near.hpp"
#include "viz/layout/ladder_rows.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;

constexpr float kRowHeight = 38;       // even time, zoom 1
constexpr float kRowHeightTight = 31;  // where the panel is so low that few rows would be left
constexpr float kRowsWanted = 8;
constexpr float kLabelRowMin = 30;  // rows lower than this carry no labels
constexpr float kLabelLeft = 30;    // units: the phases stand left of it
constexpr float kNarrow = 560;      // units: in a panel so narrow idle lines are left out
constexpr float kEventLine = 15;    // units: of an inside event's words, where there are two
constexpr std::size_t kLinesUsual = 4;
constexpr float kRowsOfGap = 5;   // true time: the usual longest gap takes as much, at zoom 1
constexpr float kAnchor = 0.6f;   // where in the body the cursor stands
constexpr float kThere = 0.999f;  // what came in one segment with others counts as arrived

class Builder {
 public:
  Builder(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics, Rect area,
          const LadderSettings& settings)
      : index_(index),
        trace_(index.trace()),
        cursor_(cursor),
        m_(metrics),
        area_(area),
        settings_(settings),
        rows_(index, cursor, settings.whole) {}

  Ladder build() {
    out_.one_connection = rows_.one_connection();
    current_row_ = rows_.row_at_cursor();
    place_lifelines();
    if (out_.lifelines.empty() || out_.body.h < m_.px(20) || rows_.size() == 0) return out_;
    settings_.true_time ? lay_true() : lay_even();
    finish_strips();
    finish_bands();
    place_to_come();
    return out_;
  }

 private:
  // ---- lifelines
  // ---------------------------------------------------------------------------------

  void place_lifelines() {
    const std::vector<TraceIndex::Participant> who = participants();
    LadderLines placed = place_lines(index_, cursor_, m_, area_, who, hosts_in_sight());
    out_.lifelines = std::move(placed.lines);
    out_.heads = std::move(placed.heads);
    out_.lifelines_left_out = placed.left_out;
    out_.head = {area_.x, area_.y, area_.w, placed.height};
    out_.body = {area_.x, area_.y + placed.height, area_.w, std::max(0.f, area_.h - placed.height)};
  }

  // In a narrow panel only those that the rows around the cursor have to do with: its width is for
  // the words.
  std::vector<TraceIndex::Participant> participants() const {
    std::vector<TraceIndex::Participant> all = rows_.participants();
    if (all.size() <= kLinesUsual || area_.w >= m_.px(kNarrow) || settings_.true_time) return all;
    const float rows = 2 * area_.h / (m_.px(kRowHeightTight) * settings_.zoom);
    const auto near = static_cast<std::size_t>(std::clamp(rows, 4.f, 400.f));
    const float at = static_cast<float>(current_row_.value_or(0)) + cursor_.pan;
    const auto middle = static_cast<std::size_t>(std::max(0.f, at));
    return busy_in(index_, cursor_, rows_, middle > near ? middle - near : 0, middle + near);
  }

  // Of the rows around the cursor that even time shows; a true time shows others, and they have to
  // do with those.
  std::vector<Id> hosts_in_sight() const {
    const float visible = std::max(1.f, area_.h / (m_.px(kRowHeight) * settings_.zoom));
    const float at = static_cast<float>(current_row_.value_or(0)) - visible * kAnchor;
    const auto first =
        static_cast<std::size_t>(std::max(0.f, at + (settings_.true_time ? 0 : cursor_.pan)));
    const auto rows = std::min<std::size_t>(static_cast<std::size_t>(visible) + 1, 400);
    std::vector<Id> hosts;
    for (std::size_t row = first; row < std::min(rows_.size(), first + rows); ++row) {
      const Row r = rows_.at(row);
      if (r.kind == RowKind::Pdu) {
        hosts.push_back(index_.sender(trace_.pdus[r.id]).host);
        hosts.push_back(index_.receiver(trace_.pdus[r.id]).host);
      } else if (r.kind == RowKind::Change) {
        hosts.push_back(trace_.variables[trace_.changes[r.id].variable].host);
      }
    }
    return hosts;
  }

  float x_of(const trace::Endpoint& endpoint) const {
    for (const Lifeline& line : out_.lifelines)
      if (line.host == endpoint.host && line.agent == endpoint.agent) return line.x;
    return x_of_host(endpoint.host);
  }
  float x_of_host(Id host) const {
    for (const Lifeline& line : out_.lifelines)
      if (line.host == host) return line.x;
    return -1;
  }

  // ---- even time
  // -----------------------------------------------------------------------------------

  void lay_even() {
    row_height_ = std::clamp(out_.body.h / kRowsWanted, m_.px(kRowHeightTight), m_.px(kRowHeight)) *
                  settings_.zoom;
    // Whole rows only, stretched to fill: no arrow and no word is cut.
    if (row_height_ >= m_.px(12) && row_height_ < out_.body.h)
      row_height_ = out_.body.h / std::floor(out_.body.h / row_height_);
    const float visible = out_.body.h / row_height_;
    const auto rows = static_cast<float>(rows_.size());
    const float at = static_cast<float>(current_row_.value_or(0));
    const float most = std::max(0.f, rows - visible);
    const float top = std::clamp(at - visible * kAnchor, 0.f, most);
    top_row_ = std::clamp(top + cursor_.pan, 0.f, most);
    if (row_height_ >= kMarkMin) top_row_ = std::round(top_row_);
    const auto first = static_cast<std::size_t>(top_row_);
    const auto end =
        std::min(rows_.size(), static_cast<std::size_t>(std::ceil(top_row_ + visible - 0.01f)));
    set_now();
    if (row_height_ < kMarkMin) {
      cluster_even(first, end);
      return;
    }
    for (std::size_t row = first; row < end; ++row) {
      const float y = y_of_row(row);
      const float low = std::min(y + row_height_ * 0.5f, y + m_.px(20));
      const float slant = std::min(row_height_ * 0.32f, m_.px(12));
      add_row(row, y, y + row_height_, low, low + slant);
    }
  }

  float y_of_row(std::size_t row) const {
    return out_.body.y + (static_cast<float>(row) - top_row_) * row_height_;
  }

  void set_now() {
    out_.now_y = y_of_row(rows_begun());
    if (!current_row_) return;
    const Rect row = {area_.x + m_.px(30), y_of_row(*current_row_), area_.w - m_.px(30),
                      row_height_};
    if (row.h >= kMarkMin && row.y + row.h > out_.body.y && row.y < out_.body.bottom())
      out_.current = row;
  }

  // What began before this instant is over or under way, also behind the cursor's row.
  std::size_t rows_begun() const {
    if (all_is_over()) return rows_.size();
    const std::size_t stood_on = current_row_ ? *current_row_ + 1 : 0;
    return std::max(stood_on, rows_.first_from(cursor_.time));
  }

  void cluster_even(std::size_t first, std::size_t end) {
    const auto step = static_cast<std::size_t>(std::ceil(kMarkMin / row_height_));
    for (std::size_t row = first; row < end; row += step)
      add_cluster(row, std::min(end, row + step), y_of_row(row),
                  y_of_row(std::min(end, row + step)));
  }

  void add_cluster(std::size_t first, std::size_t end, float top, float bottom) {
    Cluster cluster;
    cluster.top = top, cluster.bottom = std::max(bottom, top + kMarkMin);
    cluster.pdus = static_cast<std::uint32_t>(end - first);
    cluster.x1 = area_.right(), cluster.x2 = area_.x;
    for (const std::size_t row : {first, (first + end) / 2, end - 1}) {
      const Row r = rows_.at(row);
      if (r.kind != RowKind::Pdu) continue;
      const Pdu& pdu = trace_.pdus[r.id];
      for (const float x : {x_of(index_.sender(pdu)), x_of(index_.receiver(pdu))}) {
        if (x < 0) continue;
        cluster.x1 = std::min(cluster.x1, x);
        cluster.x2 = std::max(cluster.x2, x);
      }
      cluster.role = role_of(trace_.connections[pdu.connection].protocol);
    }
    if (cluster.x1 > cluster.x2) return;
    cluster.to_come = first >= rows_begun();
    out_.clusters.push_back(cluster);
  }

  // ---- true time
  // -----------------------------------------------------------------------------------

  double y_of_time(Time at) const {
    const double since = static_cast<double>(at - cursor_.time) - static_cast<double>(cursor_.pan);
    return static_cast<double>(out_.body.y + out_.body.h * kAnchor) + since * pixels_per_ns_;
  }

  void lay_true() {
    const Time usual = index_.fold().longest_gap();
    pixels_per_ns_ =
        usual > 0 ? static_cast<double>(m_.px(kRowHeight) * kRowsOfGap) / static_cast<double>(usual)
                  : static_cast<double>(out_.body.h) /
                        static_cast<double>(std::max<Time>(1, index_.duration()));
    pixels_per_ns_ *= static_cast<double>(settings_.zoom);
    const double above = static_cast<double>(out_.body.h * kAnchor) / pixels_per_ns_;
    const double below = static_cast<double>(out_.body.h * (1 - kAnchor)) / pixels_per_ns_;
    const double middle = static_cast<double>(cursor_.time) + static_cast<double>(cursor_.pan);
    const Time flight = std::min<Time>(index_.longest_pdu(), static_cast<Time>(16 * above));
    out_.now_y = static_cast<float>(y_of_time(cursor_.time));
    const Time top = static_cast<Time>(std::max(0.0, middle - above));
    const Time bottom = static_cast<Time>(std::min(middle + below, 9e18));
    std::size_t row = rows_.first_from(top > flight ? top - flight : 0);
    float label_bottom = -1e9f;
    while (row < rows_.size() && rows_.time(row) <= bottom) {
      const Time at = rows_.time(row);
      // Everything within kMarkMin pixels of this one.
      const Time reach = at + static_cast<Time>(static_cast<double>(kMarkMin) / pixels_per_ns_);
      const std::size_t end = std::max(row + 1, rows_.first_from(reach));
      const auto y = static_cast<float>(y_of_time(at));
      if (end - row > 2) {
        if (y >= out_.body.y) add_cluster(row, end, y, y + kMarkMin);
      } else {
        for (std::size_t i = row; i < end; ++i) add_true_row(i, label_bottom);
      }
      row = end;
    }
  }

  void add_true_row(std::size_t row, float& label_bottom) {
    const Row r = rows_.at(row);
    if (r.kind == RowKind::Gap) return;
    const auto from = static_cast<float>(y_of_time(rows_.time(row)));
    float to = from;
    if (r.kind == RowKind::Pdu) {
      const Pdu& pdu = trace_.pdus[r.id];
      if (pdu.received != kNever) to = static_cast<float>(y_of_time(pdu.received));
    }
    if (to < out_.body.y) return;
    row_height_ = from - m_.px(18) > label_bottom ? m_.px(kRowHeight) : m_.px(4);
    if (row_height_ > m_.px(10)) label_bottom = from;
    add_row(row, from - m_.px(18), to, from, to);
  }

  // ---- one row
  // ---------------------------------------------------------------------------------------

  bool labelled() const { return row_height_ >= m_.px(kLabelRowMin); }
  // Of what begins in the cursor's own instant: what stands behind its row.
  bool to_come(std::size_t row, Time begins) const {
    if (all_is_over()) return false;
    if (begins != cursor_.time) return begins > cursor_.time;
    return !current_row_ || row > *current_row_;
  }
  // At the end, and not looking back at one of the last inside events.
  bool all_is_over() const {
    return cursor_.time >= index_.duration() && cursor_.selection.kind != Selected::Change &&
           (cursor_.pdu == kNone || trace_.place_in_time(cursor_.pdu) + 1 == trace_.pdus.size());
  }
  // A PDU without a flight (a capture) is on its way as far as playing says.
  float grown(Id pdu) const {
    const bool flies = index_.departs(pdu) < arrival_of(index_, pdu);
    if (flies) return share_of_way(index_, pdu, cursor_.time);
    return pdu == cursor_.pdu ? cursor_.under_way : 1;
  }

  void add_row(std::size_t row, float top, float bottom, float from_y, float to_y) {
    const Row r = rows_.at(row);
    switch (r.kind) {
      case RowKind::Pdu:
        return add_pdu(row, r.id, top, bottom, from_y, to_y);
      case RowKind::Change:
        return add_change(row, r.id,
                          settings_.true_time ? (from_y + to_y) / 2 : (top + bottom) / 2);
      case RowKind::Lost:
        return add_lost(row, r.id, top, from_y, to_y);
      case RowKind::Gap:
        out_.gaps.push_back({(top + bottom) / 2, span_text(rows_.gap(row)) + " later"});
    }
  }

  void add_pdu(std::size_t row, Id id, float top, float bottom, float from_y, float to_y) {
    const Pdu& pdu = trace_.pdus[id];
    const float x1 = x_of(index_.sender(pdu)), x2 = x_of(index_.receiver(pdu));
    if (x1 < 0 || x2 < 0 || x1 == x2) return;
    Arrow arrow;
    arrow.pdu = id, arrow.frame = pdu.frame;
    const float clear = x2 > x1 ? m_.px(7) : -m_.px(7);
    arrow.from = {x1 + clear, from_y};
    arrow.to = {x2 - clear, to_y};
    arrow.open_close =
        pdu.kind == PduKind::Open || pdu.kind == PduKind::Close || pdu.kind == PduKind::Reset;
    arrow.role = role_of(trace_, pdu);
    arrow.refused = refusal(trace_, pdu) != Refusal::None;
    if (index_.sent_again(id) <= cursor_.time) arrow.style = ArrowStyle::Dashed;
    const Time departs = index_.departs(id);
    arrow.to_come = to_come(row, departs);
    if (!arrow.to_come) arrow.grown = grown(id);
    arrow.current = id == cursor_.pdu && cursor_.selection.kind != Selected::Frame;
    if (pdu.received == kNever && call(trace_, pdu) != Call::Awaited) {
      arrow.lost = true;
      arrow.to = {x1 + (x2 - x1) * 0.6f, from_y + (to_y - from_y) * 0.6f};
    }
    if (labelled()) put_label(arrow, x1, x2, top, pdu);
    const bool later = arrow.to_come;
    const float arrow_grown = arrow.grown;
    out_.arrows.push_back(std::move(arrow));
    // A server's state changes when it speaks, and when it has heard.
    const bool unheard = pdu.direction == Direction::ToServer && arrow_grown < kThere;
    extend_strip(id, pdu, top, bottom, (from_y + to_y) / 2, later || unheard);
    extend_band(pdu, top, bottom);
  }

  // Over the middle of its arrow. What is too long for the room between the two lines goes on
  // beyond the client's line, where no session's strip stands.
  void put_label(Arrow& arrow, float x1, float x2, float top, const Pdu& pdu) {
    const Refusal refused = refusal(trace_, pdu);
    const trace::Connection& connection = trace_.connections[pdu.connection];
    const float server = x_of(connection.server);
    const float low = std::min(x1, x2), high = std::max(x1, x2);
    float left = low + m_.px(10), right = high - m_.px(10);
    const std::string text = signed_as(refused, label(trace_, pdu));
    float w = m_.width(TextStyle::Mono, text);
    if (w > right - left) {
      if (server == high) left = area_.x + m_.px(kLabelLeft);
      if (server == low) right = area_.right() - m_.px(4);
      for (const OpenStrip& open : open_strips_) {  // nor across another session's
        if (open.connection == pdu.connection) continue;
        const float x = x_of(trace_.connections[open.connection].server);
        if (open.ended || x < 0) continue;
        if (x < low) left = std::max(left, x + m_.px(10));
        if (x > high) right = std::min(right, x - m_.px(10));
      }
    }
    // Across the session's own strip only where that shows the whole of it.
    const float all = area_.right() - m_.px(4) - (area_.x + m_.px(kLabelLeft));
    if (w > right - left && w <= all && only_session(pdu.connection))
      left = area_.x + m_.px(kLabelLeft), right = left + all;
    const bool hopeless = w > right - left && right - left < m_.px(130);
    arrow.label = fit(m_, TextStyle::Mono, hopeless ? signed_as(refused, head(trace_, pdu)) : text,
                      right - left);
    w = m_.width(TextStyle::Mono, arrow.label);
    const float x = std::clamp((x1 + x2 - w) / 2, left, std::max(left, right - w));
    arrow.label_rect = {x, top + m_.px(3), w, m_.px(17)};
  }

  bool only_session(Id connection) const {
    return std::ranges::all_of(open_strips_, [&](const OpenStrip& open) {
      return open.ended || open.connection == connection;
    });
  }

  void add_lost(std::size_t row, Id id, float top, float from_y, float to_y) {
    const trace::Frame& frame = trace_.frames[id];
    if (frame.connection >= trace_.connections.size()) return;
    const trace::Connection& connection = trace_.connections[frame.connection];
    const Id origin = frame.origin == kNone ? id : frame.origin;
    const bool to_client = trace_.frames[origin].from == connection.server.host;
    const float x1 = x_of(to_client ? connection.server : connection.client);
    const float x2 = x_of(to_client ? connection.client : connection.server);
    if (x1 < 0 || x2 < 0 || x1 == x2) return;
    Arrow arrow;
    arrow.frame = id;
    arrow.from = {x1 + (x2 > x1 ? m_.px(7) : -m_.px(7)), from_y};
    arrow.to = {x1 + (x2 - x1) * 0.6f, from_y + (to_y - from_y) * 0.6f};
    arrow.role = Role::Bad;
    arrow.style = ArrowStyle::Dashed;
    arrow.lost = true;
    arrow.to_come = to_come(row, frame.sent);
    if (!arrow.to_come) arrow.grown = share_of_loss(index_, id, cursor_.time);
    arrow.current = cursor_.selection == Selection{Selected::Frame, id};
    if (labelled()) {
      const Id pdu = index_.pdu_of_frame(id);
      const std::string what = pdu == kNone ? "a segment" : head(trace_, trace_.pdus[pdu]);
      arrow.label = fit(m_, TextStyle::Mono, "lost: " + what, std::abs(x2 - x1) - m_.px(20));
      const float w = m_.width(TextStyle::Mono, arrow.label);
      arrow.label_rect = {(x1 + x2 - w) / 2, top + m_.px(3), w, m_.px(17)};
    }
    out_.arrows.push_back(std::move(arrow));
  }

  void add_change(std::size_t row, Id id, float y) {
    const trace::StateChange& change = trace_.changes[id];
    end_strips(id, y);
    const float x = x_of_change(index_, out_.lifelines, id);
    if (x < 0) return;
    InsideMark mark;
    mark.change = id;
    mark.at = {x, y};
    mark.to_come = to_come(row, change.at);
    mark.selected = cursor_.selection == Selection{Selected::Change, id};
    if (is_refusal(change)) mark.role = Role::Refused;
    if (labelled())
      put_words(mark, is_refusal(change) ? std::string(kRefusalSign) + change.text : change.text);
    out_.marks.push_back(std::move(mark));
  }

  // Beside the mark: to its right where the words fit there or there is more room, else to its
  // left; in two lines where one is too short.
  void put_words(InsideMark& mark, const std::string& text) const {
    constexpr TextStyle kStyle = TextStyle::Small;
    const float off = m_.px(14), x = mark.at.x;
    const float right = area_.right() - m_.px(12) - (x + off);
    const float left = x - off - (area_.x + m_.px(36));
    const bool to_right = right >= left || m_.width(kStyle, text) <= right;
    const float room = to_right ? right : left;
    mark.lines = {text};
    if (m_.width(kStyle, text) > room && row_height_ >= m_.px(2 * kEventLine))
      mark.lines = wrap(m_, kStyle, text, room);
    for (std::size_t i = 2; i < mark.lines.size(); ++i) mark.lines[1] += ' ' + mark.lines[i];
    if (mark.lines.size() > 2) mark.lines.resize(2);
    float w = 0;
    for (std::string& line : mark.lines) {
      line = fit(m_, kStyle, line, room);
      w = std::max(w, m_.width(kStyle, line));
    }
    const float h = mark.lines.size() == 1 ? m_.px(18) : m_.px(2 * kEventLine);
    mark.label_rect = {to_right ? x + off : x - off - w, mark.at.y - h / 2, w, h};
  }

  // ---- strips and bands
  // --------------------------------------------------------------------------------

  struct OpenStrip {
    Id connection = kNone;
    std::uint8_t state = 0;
    float top = 0, bottom = 0;
    bool ended = false, to_come = false;
  };

  void close_strip(const OpenStrip& open) {
    const trace::Connection& connection = trace_.connections[open.connection];
    StateStrip strip;
    strip.label = languages::of(connection.protocol).state(open.state);
    strip.x = x_of(connection.server);
    if (strip.label.empty() || strip.x < 0) return;
    strip.connection = open.connection;
    strip.label_left = x_of(connection.client) > strip.x;
    strip.top = open.top, strip.bottom = open.bottom;
    strip.to_come = open.to_come;
    strip.role = state_role(connection.protocol, open.state);
    out_.strips.push_back(std::move(strip));
  }

  void extend_strip(Id id, const Pdu& pdu, float top, float bottom, float y, bool later) {
    const auto open =
        std::find_if(open_strips_.begin(), open_strips_.end(),
                     [&](const OpenStrip& s) { return s.connection == pdu.connection; });
    const Time crash = crash_under(trace_, pdu.connection);
    if (crash <= index_.departs(id)) {
      if (open == open_strips_.end()) return end_unseen_strip(id, pdu, crash);
      open->ended = true;
      return;
    }
    // A call that nobody took makes no session.
    if (trace_.connections[pdu.connection].opening == trace::Opening::SynOnly) return;
    const std::uint8_t state = pdu.state;
    const std::span<const Id> all = index_.pdus_of(pdu.connection);
    const bool last = !all.empty() && all.back() == id;
    if (open == open_strips_.end()) {
      if (open_strips_.size() > 64) return;
      const std::size_t place = index_.place_in_connection(id);
      const bool first = place == 0;
      const std::uint8_t before = first ? state : trace_.pdus[all[place - 1]].state;
      open_strips_.push_back({pdu.connection, before, first ? y : out_.body.y, bottom, last,
                              later && (first || top <= out_.body.y)});
      if (!first && before != state) switch_strip(open_strips_.back(), state, y, later);
      return;
    }
    if (open->state != state) switch_strip(*open, state, y, later);
    // What is to come looks different from what was, also within one state.
    if (later && !open->to_come) switch_strip(*open, state, top, true);
    open->bottom = bottom;
    open->ended = last;
  }

  // A crash ends the sessions of its host; none of their own segments does.
  void end_strips(Id change, float y) {
    if (!is(trace_.changes[change].after, trace::State::Crashed)) return;
    crash_rows_.push_back({trace_.changes[change].at, y});
    for (OpenStrip& open : open_strips_)
      if (!open.ended && crash_under(trace_, open.connection) == trace_.changes[change].at)
        open.bottom = y, open.ended = true;
  }

  // Behind its session's crash a PDU has no state. One that came into sight after the crash's own
  // row had a strip up to there.
  void end_unseen_strip(Id id, const Pdu& pdu, Time crash) {
    for (const CrashRow& row : crash_rows_) {
      if (row.at != crash) continue;
      const std::size_t place = index_.place_in_connection(id);
      if (place == 0) return;
      const std::uint8_t before = trace_.pdus[index_.pdus_of(pdu.connection)[place - 1]].state;
      open_strips_.push_back({pdu.connection, before, out_.body.y, row.y, true, false});
    }
  }

  void switch_strip(OpenStrip& open, std::uint8_t state, float y, bool later) {
    open.bottom = y;
    close_strip(open);
    open.state = state, open.top = y, open.to_come = later;
  }

  void finish_strips() {
    for (OpenStrip& open : open_strips_) {
      if (!open.ended) open.bottom = out_.body.bottom();
      close_strip(open);
    }
    // One label a state is enough: two strips of one state, past and to come, are one to the
    // reader.
    for (std::size_t i = 1; i < out_.strips.size(); ++i) {
      StateStrip &a = out_.strips[i - 1], &b = out_.strips[i];
      if (a.connection != b.connection || a.label != b.label || a.to_come == b.to_come) continue;
      (a.bottom - a.top >= b.bottom - b.top ? b : a).label.clear();
    }
  }

  void extend_band(const Pdu& pdu, float top, float bottom) {
    if (pdu.phase == Phase::None) return;
    if (!bands_.empty() && bands_.back().first.connection == pdu.connection &&
        bands_.back().second == pdu.phase) {
      bands_.back().first.bottom = bottom;
      return;
    }
    PhaseBand band;
    band.connection = pdu.connection;
    band.top = top, band.bottom = bottom;
    const trace::Protocol protocol = trace_.connections[pdu.connection].protocol;
    band.label = languages::of(protocol).phase(pdu.phase);
    band.role = role_of(protocol);
    band.odd = pdu.phase == Phase::Transfer;
    bands_.emplace_back(std::move(band), pdu.phase);
  }

  // Below the line between past and future, left or right, where nothing else stands.
  void place_to_come() {
    const float y = out_.now_y + m_.px(4);
    if (out_.now_y < out_.body.y || y + m_.px(16) > out_.body.bottom()) return;
    const float w = m_.width(TextStyle::Small, "to come");
    for (const float x : {area_.x + m_.px(kLabelLeft), area_.right() - w - m_.px(4)}) {
      const Rect place{x, y, w, m_.px(16)};
      if (!is_free(place)) continue;
      out_.to_come = place;
      return;
    }
  }

  bool is_free(Rect place) const {
    const auto meets = [&](float x1, float y1, float x2, float y2) {
      return place.intersects({std::min(x1, x2), y1, std::abs(x2 - x1), y2 - y1});
    };
    for (const Arrow& arrow : out_.arrows)
      if (place.intersects(arrow.label_rect) ||
          meets(arrow.from.x, arrow.from.y, arrow.to.x, arrow.to.y))
        return false;
    for (const InsideMark& mark : out_.marks)
      if (place.intersects(mark.label_rect) || meets(mark.at.x - m_.px(9), mark.at.y - m_.px(9),
                                                     mark.at.x + m_.px(9), mark.at.y + m_.px(9)))
        return false;
    for (const StateStrip& strip : out_.strips)  // with the state's name on either side
      if (meets(strip.x - m_.px(24), strip.top, strip.x + m_.px(24), strip.bottom)) return false;
    for (const TimeGap& gap : out_.gaps)
      if (meets(area_.x, gap.y - m_.px(11), area_.right(), gap.y + m_.px(11))) return false;
    return true;
  }

  void finish_bands() {
    for (auto& [band, phase] : bands_) {
      band.top = std::max(band.top, out_.body.y);
      band.bottom = std::min(band.bottom, out_.body.bottom());
      if (band.bottom - band.top >= kMarkMin) out_.bands.push_back(std::move(band));
    }
  }

  const TraceIndex& index_;
  const Trace& trace_;
  const Cursor& cursor_;
  const Metrics& m_;
  Rect area_;
  LadderSettings settings_;
  LadderRows rows_;
  Ladder out_;
  std::optional<std::size_t> current_row_;
  float row_height_ = 0, top_row_ = 0;
  double pixels_per_ns_ = 0;
  std::vector<OpenStrip> open_strips_;
  struct CrashRow {
    Time at = 0;
    float y = 0;
  };
  std::vector<CrashRow> crash_rows_;
  std::vector<std::pair<PhaseBand, Phase>> bands_;
};

}  // namespace

Ladder layout_ladder(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                     Rect area, const LadderSettings& settings) {
  return Builder(index, cursor, metrics, area, settings).build();
}

void zoom_ladder(LadderSettings& settings, float factor) {
  settings.zoom = std::clamp(settings.zoom * factor, 1.f / 64, 64.f);
}

void pan_ladder(const TraceIndex& index, const LadderSettings& settings, Cursor& cursor,
                float rows) {
  if (!settings.true_time) {
    cursor.pan += rows;
    return;
  }
  const Time usual = std::max<Time>(index.fold().longest_gap(), 1);
  cursor.pan += rows * static_cast<float>(usual) / kRowsOfGap / settings.zoom;
}

void fit_ladder(LadderSettings& settings, Cursor& cursor) {
  settings.zoom = 1;
  cursor.pan = 0;
}

void change_time(LadderSettings& settings, Cursor& cursor) {
  settings.true_time = !settings.true_time;
  cursor.pan = 0;
}

void change_whole(LadderSettings& settings, Cursor& cursor) {
  settings.whole = !settings.whole;
  cursor.pan = 0;
}

}  // namespace mailscope::viz
