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

void Exchanges::command(Id pdu, Unanswered command) {
  if (unanswered_.size() >= kWaitingMax) unanswered_.pop_front();
  command.exchange = add_exchange(context_, connection_, pdu);
  unanswered_.push_back(command);
}

void Exchanges::continuation(Id pdu, std::uint32_t key) {
  if (pdu == kNone || unanswered_.empty()) return;
  const Place found = key == 0 ? unanswered_.begin() : find(key);
  if (found != unanswered_.end()) context_.trace.pdus[pdu].exchange = found->exchange;
}

Exchanges::Unanswered Exchanges::reply(Id pdu, std::uint16_t asked, bool stays, bool greeting) {
  const auto found = greeting
                         ? unanswered_.end()
                         : std::find_if(unanswered_.begin(), unanswered_.end(),
                                        [&](const Unanswered& item) { return item.verb == asked; });
  if (found == unanswered_.end()) return unasked(pdu);
  // Those in front were never answered, or not captured.
  return answer(unanswered_.erase(unanswered_.begin(), found), pdu, stays);
}

Exchanges::Unanswered Exchanges::keyed_reply(Id pdu, std::uint32_t key, bool stays) {
  const Place found = find(key);
  return found == unanswered_.end() ? unasked(pdu) : answer(found, pdu, stays);
}

void Exchanges::untagged(Id pdu, std::uint32_t key) {
  const Place found = key == 0 ? unanswered_.end() : find(key);
  if (found != unanswered_.end()) add_reply(context_.trace, found->exchange, pdu);
}

Exchanges::Place Exchanges::find(std::uint32_t key) {
  return std::find_if(unanswered_.begin(), unanswered_.end(),
                      [&](const Unanswered& item) { return item.key == key; });
}

Exchanges::Unanswered Exchanges::unasked(Id pdu) {
  answered_ = add_exchange(context_, connection_, kNone);
  add_reply(context_.trace, answered_, pdu);
  return {};
}

Exchanges::Unanswered Exchanges::answer(Place place, Id pdu, bool stays) {
  const Unanswered answered = *place;
  if (!stays) unanswered_.erase(place);
  answered_ = answered.exchange;
  add_reply(context_.trace, answered_, pdu);
  return answered;
}

Exchanges::Unanswered* Exchanges::newest() {
  for (auto item = unanswered_.rbegin(); item != unanswered_.rend(); ++item)
    if (language_.mail_role(item->verb) == languages::MailRole::CarriesContent) return &*item;
  return nullptr;
}

std::uint16_t Exchanges::newest_verb() {
  const Unanswered* item = newest();
  return item ? item->verb : 0;
}

void Exchanges::data_of_command(Id pdu) {
  if (const Unanswered* item = newest()) data(pdu, item->exchange);
}

void Exchanges::data(Id pdu, Id exchange) {
  if (pdu == kNone || exchange == kNone) return;
  context_.trace.pdus[pdu].exchange = exchange;
  if (context_.trace.exchanges[exchange].data == kNone)
    context_.trace.exchanges[exchange].data = pdu;
}

void Exchanges::mail(Id mail) {
  Unanswered* item = newest();
  if (item == nullptr) return;
  item->mail = mail;
  if (item->first_mail == kNone) item->first_mail = mail;
}

}  // namespace mailscope::observe
