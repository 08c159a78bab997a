// Pairs commands with their replies on one connection: in order (RFC 2920 §3, RFC 2449 §6.6), or by
// the key that both bear (RFC 9051 §2.2.2).
//
// At most kWaitingMax commands are remembered (a capture of the client alone has no replies); the
// oldest goes first.
#pragma once

#include <cstdint>
#include <deque>

#include "captures/languages/language.hpp"
#include "captures/observe/context.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

// An exchange with this command, or with none (a greeting). kNone when exchanges are not kept.
trace::Id add_exchange(Context& context, trace::Id connection, trace::Id command);
// Puts a reply at the end of its exchange; nothing when one of them is kNone.
void add_reply(trace::Trace& trace, trace::Id exchange, trace::Id pdu);

class Exchanges {
 public:
  static constexpr std::size_t kWaitingMax = 4096;

  struct Unanswered {
    std::uint16_t verb = 0;
    trace::Id exchange = trace::kNone;
    trace::Id mail = trace::kNone;  // whose content went with it, the last of several
    trace::Id first_mail = trace::kNone;
    std::uint32_t whom = trace::kNone;  // Envelope's word for what a MAIL or RCPT names
    std::uint32_t envelope = 0;
    std::uint32_t key = 0;  // Observed::key
  };

  Exchanges(Context& context, trace::Id connection, const languages::Language& language)
      : context_(context), connection_(connection), language_(language) {}

  void command(trace::Id pdu, Unanswered command);  // its exchange is made here
  // Of the command of this key, else of the oldest that waits.
  void continuation(trace::Id pdu, std::uint32_t key);
  // `stays`: the exchange is not over (354, 334). Returns what was answered; a default one when
  // nothing was.
  Unanswered reply(trace::Id pdu, std::uint16_t asked, bool stays, bool greeting);
  // The same where the reply names its command.
  Unanswered keyed_reply(trace::Id pdu, std::uint32_t key, bool stays);
  // A greeting that is no answer: an exchange of its own.
  void greeting(trace::Id pdu) { unasked(pdu); }
  // A reply that completes no command: to the exchange of the key, if one waits under it.
  void untagged(trace::Id pdu, std::uint32_t key);
  // Content that goes with the newest waiting command, or with the one answered last.
  void data_of_command(trace::Id pdu);
  void data_of_answered(trace::Id pdu) { data(pdu, answered_); }
  void mail(trace::Id mail);
  // The newest waiting command that carries content; 0 when there is none.
  std::uint16_t newest_verb();

 private:
  void data(trace::Id pdu, trace::Id exchange);
  Unanswered* newest();
  using Place = std::deque<Unanswered>::iterator;
  Place find(std::uint32_t key);
  Unanswered unasked(trace::Id pdu);
  Unanswered answer(Place place, trace::Id pdu, bool stays);

  Context& context_;
  trace::Id connection_;
  const languages::Language& language_;
  std::deque<Unanswered> unanswered_;
  trace::Id answered_ = trace::kNone;  // the exchange of the latest reply
};

}  // namespace mailscope::observe
