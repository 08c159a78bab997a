#include "captures/observe/exchanges.hpp"

#include <algorithm>

namespace mailscope::observe {

using trace::Id;
using trace::kNone;

Id add_exchange(Context& context, Id connection, Id command) {
  if (!context.everything()) return kNone;
  const Id id = static_cast<Id>(context.trace.exchanges.size());
  context.trace.exchanges.push_back({connection, command, kNone, kNone, kNone});
  if (command != kNone) context.trace.pdus[command].exchange = id;
  return id;
}

void add_reply(trace::Trace& trace, Id exchange, Id pdu) {
  if (exchange == kNone || pdu == kNone) return;
  trace::Exchange& entry = trace.exchanges[exchange];
  trace.pdus[pdu].exchange = exchange;
  if (entry.first_reply == kNone)
    entry.first_reply = pdu;
  else
    trace.pdus[entry.last_reply].next_reply = pdu;
  entry.last_reply = pdu;
}

void Exchanges::command(Id pdu, Waiting waiting) {
  if (waiting_.size() >= kWaitingMax) waiting_.pop_front();
  waiting.exchange = add_exchange(context_, connection_, pdu);
  waiting_.push_back(waiting);
}

void Exchanges::continuation(Id pdu) {
  if (pdu == kNone || waiting_.empty()) return;
  context_.trace.pdus[pdu].exchange = waiting_.front().exchange;
}

Exchanges::Waiting Exchanges::reply(Id pdu, std::uint16_t asked, bool stays, bool greeting) {
  const auto found = greeting
                         ? waiting_.end()
                         : std::find_if(waiting_.begin(), waiting_.end(),
                                        [&](const Waiting& item) { return item.verb == asked; });
  if (found == waiting_.end()) return unasked(pdu);
  // Those in front were never answered, or not captured.
  return answer(waiting_.erase(waiting_.begin(), found), pdu, stays);
}

Exchanges::Waiting Exchanges::keyed_reply(Id pdu, std::uint32_t key, bool stays) {
  const Place found = find(key);
  return found == waiting_.end() ? unasked(pdu) : answer(found, pdu, stays);
}

void Exchanges::untagged(Id pdu, std::uint32_t key) {
  const Place found = key == 0 ? waiting_.end() : find(key);
  if (found != waiting_.end()) add_reply(context_.trace, found->exchange, pdu);
}

Exchanges::Place Exchanges::find(std::uint32_t key) {
  return std::find_if(waiting_.begin(), waiting_.end(),
                      [&](const Waiting& item) { return item.key == key; });
}

Exchanges::Waiting Exchanges::unasked(Id pdu) {
  answered_ = add_exchange(context_, connection_, kNone);
  add_reply(context_.trace, answered_, pdu);
  return {};
}

Exchanges::Waiting Exchanges::answer(Place place, Id pdu, bool stays) {
  const Waiting answered = *place;
  if (!stays) waiting_.erase(place);
  answered_ = answered.exchange;
  add_reply(context_.trace, answered_, pdu);
  return answered;
}

Exchanges::Waiting* Exchanges::newest() {
  for (auto item = waiting_.rbegin(); item != waiting_.rend(); ++item)
    if (language_.deed(item->verb) == languages::Deed::CarriesContent) return &*item;
  return nullptr;
}

std::uint16_t Exchanges::newest_verb() {
  const Waiting* item = newest();
  return item ? item->verb : 0;
}

void Exchanges::data_of_command(Id pdu) {
  if (const Waiting* item = newest()) data(pdu, item->exchange);
}

void Exchanges::data(Id pdu, Id exchange) {
  if (pdu == kNone || exchange == kNone) return;
  context_.trace.pdus[pdu].exchange = exchange;
  if (context_.trace.exchanges[exchange].data == kNone)
    context_.trace.exchanges[exchange].data = pdu;
}

void Exchanges::mail(Id mail) {
  if (Waiting* item = newest()) item->mail = mail;
}

}  // namespace mailscope::observe
