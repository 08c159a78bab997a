#include "viz/layout/list.hpp"

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.size() <= 9 && std::all_of(text.begin(), text.end(), is_digit);
}

std::uint32_t value(std::string_view digits) {
  std::uint32_t n = 0;
  for (const char c : digits) n = n * 10 + static_cast<std::uint32_t>(c - '0');
  return n;
}

// "250", "5xx", "25x".
bool is_code(std::string_view text) {
  if (text.size() != 3 || text[0] < '1' || text[0] > '5') return false;
  const auto fits = [](char c) { return c == 'x' || is_digit(c); };
  return fits(text[1]) && fits(text[2]) && !(text[1] == 'x' && text[2] != 'x');
}

// "+ok", "-err": a reply code with letters.
bool is_code_word(std::string_view text) {
  return std::ranges::any_of(languages::all(), [&](const languages::Language* language) {
    const auto words = language->code_words();
    return std::ranges::any_of(
        words, [&](std::string_view word) { return word.size() > 1 && equal_no_case(word, text); });
  });
}

bool is_tcp(const Pdu& pdu) {
  return pdu.kind == PduKind::Open || pdu.kind == PduKind::Close || pdu.kind == PduKind::Reset;
}

}  // namespace

Filter::Filter(std::string_view text) {
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view term = trim(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    if (term.empty() || term == "-") continue;
    terms_.push_back(read(term));
  }
}

Filter::Term Filter::read(std::string_view text) {
  Term term;
  if (text.front() == '-' && !is_code_word(text)) {
    term.negated = true;
    text = trim(text.substr(1));
  }
  term.text = lower(text);
  for (std::size_t i = 0; i < languages::all().size(); ++i) {
    if (term.text != languages::all()[i]->card().name) continue;
    term.kind = Kind::Protocol;
    term.low = static_cast<std::uint32_t>(languages::protocol_at(i));
    return term;
  }
  if (term.text == "tcp") {
    term.kind = Kind::Tcp;
  } else if (is_code(term.text)) {
    term.kind = Kind::Code;
  } else if (is_code_word(term.text)) {
    term.kind = Kind::Code;
  } else if (term.text == "from-client" || term.text == "from-server") {
    term.kind = Kind::From;
    term.low = term.text == "from-server";
  } else if (term.text.starts_with("host:")) {
    term.kind = Kind::Host;
    term.text = term.text.substr(5);
  } else {
    term.kind = Kind::Word;
    const std::string_view range =
        std::string_view(term.text).substr(term.text.starts_with("conn:") ? 5 : term.text.size());
    const std::size_t dash = range.find('-');
    const std::string_view from = range.substr(0, dash);
    const std::string_view to = dash == std::string_view::npos ? from : range.substr(dash + 1);
    if (all_digits(from) && all_digits(to)) {
      term.kind = Kind::Connection;
      term.low = value(from), term.high = value(to);
    }
  }
  return term;
}

bool Filter::meets(const TraceIndex& index, Id id, const Term& term) const {
  const Trace& trace = index.trace();
  const Pdu& pdu = trace.pdus[id];
  const trace::Connection& connection = trace.connections[pdu.connection];
  switch (term.kind) {
    case Kind::Protocol:
      return static_cast<std::uint32_t>(connection.protocol) == term.low;
    case Kind::Tcp:
      return is_tcp(pdu);
    case Kind::Code:
      return pdu.kind == PduKind::Reply &&
             languages::code_fits(languages::of(connection.protocol), pdu.word, term.text);
    case Kind::From:
      return (pdu.direction == Direction::ToClient) == (term.low == 1);
    case Kind::Connection:
      return pdu.connection + 1 >= term.low && pdu.connection + 1 <= term.high;
    case Kind::Host:
      return lower(index.endpoint_name(connection.client)).find(term.text) != std::string::npos ||
             lower(index.endpoint_name(connection.server)).find(term.text) != std::string::npos;
    case Kind::Word:
      break;
  }
  if (lower(head(trace, pdu)).find(term.text) != std::string::npos) return true;
  if (lower(says(trace, pdu)).find(term.text) != std::string::npos) return true;
  if (!term.negated || pdu.kind != PduKind::Reply || pdu.exchange >= trace.exchanges.size())
    return false;
  // "-noop" takes out the answer too.
  const Id command = trace.exchanges[pdu.exchange].command;
  return command != kNone && lower(head(trace, trace.pdus[command])) == term.text;
}

bool Filter::passes(const TraceIndex& index, Id pdu) const {
  // Alternatives by group: protocols, codes, directions, connections, hosts. Words all have to be
  // met.
  bool asked[5] = {}, met[5] = {};
  for (const Term& term : terms_) {
    if (term.negated) {
      if (meets(index, pdu, term)) return false;
      continue;
    }
    if (term.kind == Kind::Word) {
      if (!meets(index, pdu, term)) return false;
      continue;
    }
    const int group = term.kind == Kind::Protocol || term.kind == Kind::Tcp
                          ? 0
                          : static_cast<int>(term.kind) - static_cast<int>(Kind::Code) + 1;
    asked[group] = true;
    met[group] = met[group] || meets(index, pdu, term);
  }
  for (int i = 0; i < 5; ++i)
    if (asked[i] && !met[i]) return false;
  return true;
}

// ---- the PDUs that pass ----

void FilteredPdus::set(const TraceIndex& index, std::string_view filter) {
  index_ = &index;
  filter_ = Filter(filter);
  passed_.clear();
  next_ = 0;
}

bool FilteredPdus::work(std::size_t pdus_max) {
  if (!index_ || filter_.empty()) return true;
  const trace::TimeOrder& all = index_->trace().by_time;
  for (std::size_t i = 0; i < pdus_max && next_ < all.size(); ++i, ++next_)
    if (filter_.passes(*index_, all[next_])) passed_.push_back(all[next_]);
  return next_ >= all.size();
}

void FilteredPdus::grow() {
  if (!index_ || index_->first_new_place() >= next_) return;
  next_ = index_->first_new_place();
  const Id first = index_->trace().by_time[next_];
  passed_.erase(std::lower_bound(passed_.begin(), passed_.end(), first,
                                 [&](Id a, Id b) { return index_->trace().is_before(a, b); }),
                passed_.end());
}

bool FilteredPdus::done() const {
  return !index_ || filter_.empty() || next_ >= index_->trace().by_time.size();
}

std::size_t FilteredPdus::size() const {
  if (!index_) return 0;
  return filter_.empty() ? index_->trace().by_time.size() : passed_.size();
}

Id FilteredPdus::at(std::size_t row) const {
  return filter_.empty() ? index_->trace().by_time[row] : passed_[row];
}

std::size_t FilteredPdus::row_of(Id pdu) const {
  if (!index_ || pdu >= index_->trace().pdus.size()) return size();
  if (filter_.empty()) return index_->trace().place_in_time(pdu);
  const auto at = std::lower_bound(passed_.begin(), passed_.end(), pdu,
                                   [&](Id a, Id b) { return index_->trace().is_before(a, b); });
  return static_cast<std::size_t>(at - passed_.begin());
}

std::size_t FilteredPdus::row_behind(Id pdu) const {
  const std::size_t row = row_of(pdu);
  return row < size() && at(row) == pdu ? row + 1 : row;
}

namespace {

// What was so at the cursor's instant: a PDU was lost, and was sent again.
std::string flags_text(const TraceIndex& index, Id id, Time now) {
  const Pdu& pdu = index.trace().pdus[id];
  const bool again = index.sent_again(id) <= now;
  const Id lost = index.lost_of(id);
  std::string text;
  if (lost != kNone && loss_of(index, lost) <= now)
    text = loss_text(index.trace().frames[lost].loss);
  const auto add = [&](std::uint8_t flag, std::string_view word) {
    if (!(pdu.flags & flag) || (flag == Pdu::kRetransmitted && !again)) return;
    if (!text.empty()) text += ", ";
    text += word;
  };
  add(Pdu::kRetransmitted, "sent again");
  add(Pdu::kOutOfPlace, "out of place");
  add(Pdu::kIncomplete, "incomplete");
  add(Pdu::kUnknown, "unknown");
  return text;
}

}  // namespace

std::vector<ListRow> layout_list(const TraceIndex& index, const Cursor& cursor,
                                 const FilteredPdus& pdus, std::size_t first, std::size_t count) {
  const Trace& trace = index.trace();
  std::vector<ListRow> rows;
  const std::size_t end = std::min(pdus.size(), first + count);
  for (std::size_t i = first; i < end; ++i) {
    const Id id = pdus.at(i);
    const Pdu& pdu = trace.pdus[id];
    const trace::Connection& connection = trace.connections[pdu.connection];
    ListRow row;
    row.pdu = id;
    row.number = std::to_string(trace.place_in_time(id) + 1);
    row.time = time_text(pdu.first);
    if (i > 0) row.delta = span_text(pdu.first - trace.pdus[pdus.at(i - 1)].first);
    row.connection = std::to_string(pdu.connection + 1);
    row.from_to =
        index.endpoint_name(index.sender(pdu)) + " → " + index.endpoint_name(index.receiver(pdu));
    row.phase = languages::of(connection.protocol).phase(pdu.phase);
    row.head = signed_as(refusal(trace, pdu), head(trace, pdu, cursor.time));
    row.says = says(trace, pdu, cursor.time);
    row.meaning = gist(trace, pdu, cursor.time);
    row.flags = flags_text(index, id, cursor.time);
    row.role = role_of(trace, pdu, cursor.time);
    row.to_come = is_to_come(index, cursor, id);
    row.current = id == cursor.pdu;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace mailscope::viz
