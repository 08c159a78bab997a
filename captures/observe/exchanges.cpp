#include "captures/observe/exchanges.hpp"

#include <algorithm>

namespace mailscope::observe {

using trace::Id;
using trace::kNone;

Id Exchanges::add(Id command) {
  if (!context_.everything()) return kNone;
  const Id id = static_cast<Id>(context_.trace.exchanges.size());
  context_.trace.exchanges.push_back({connection_, command, kNone, kNone, kNone});
  if (command != kNone) context_.trace.pdus[command].exchange = id;
  return id;
}

void Exchanges::add_reply(Id exchange, Id pdu) {
  if (exchange == kNone || pdu == kNone) return;
  trace::Exchange& entry = context_.trace.exchanges[exchange];
  context_.trace.pdus[pdu].exchange = exchange;
  if (entry.first_reply == kNone)
    entry.first_reply = pdu;
  else
    context_.trace.pdus[entry.last_reply].next_reply = pdu;
  entry.last_reply = pdu;
}

void Exchanges::command(Id pdu, std::uint16_t verb, std::uint32_t whom, std::uint32_t envelope) {
  if (waiting_.size() >= kWaitingMax) waiting_.pop_front();
  waiting_.push_back({verb, add(pdu), kNone, whom, envelope});
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
  if (found == waiting_.end()) {
    answered_ = add(kNone);
    add_reply(answered_, pdu);
    return {};
  }
  // Those in front were never answered, or not captured.
  waiting_.erase(waiting_.begin(), found);
  const Waiting answered = waiting_.front();
  if (!stays) waiting_.pop_front();
  answered_ = answered.exchange;
  add_reply(answered_, pdu);
  return answered;
}

Exchanges::Waiting* Exchanges::newest(bool (*carries_content)(std::uint16_t)) {
  for (auto item = waiting_.rbegin(); item != waiting_.rend(); ++item)
    if (carries_content(item->verb)) return &*item;
  return nullptr;
}

std::uint16_t Exchanges::newest_verb(bool (*carries_content)(std::uint16_t)) const {
  for (auto item = waiting_.rbegin(); item != waiting_.rend(); ++item)
    if (carries_content(item->verb)) return item->verb;
  return 0;
}

void Exchanges::data_of_command(Id pdu, bool (*carries_content)(std::uint16_t)) {
  if (const Waiting* item = newest(carries_content)) data(pdu, item->exchange);
}

void Exchanges::data(Id pdu, Id exchange) {
  if (pdu == kNone || exchange == kNone) return;
  context_.trace.pdus[pdu].exchange = exchange;
  if (context_.trace.exchanges[exchange].data == kNone)
    context_.trace.exchanges[exchange].data = pdu;
}

void Exchanges::mail(Id mail, bool (*carries_content)(std::uint16_t)) {
  if (Waiting* item = newest(carries_content)) item->mail = mail;
}

}  // namespace mailscope::observe
