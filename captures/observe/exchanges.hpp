// Pairs commands with their replies on one connection, in order. RFC 2920 §3, RFC 2449 §6.6.
//
// At most kWaitingMax commands are remembered (a capture of the client alone has no replies); the
// oldest goes first.
#pragma once

#include <cstdint>
#include <deque>

#include "captures/observe/context.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class Exchanges {
 public:
  static constexpr std::size_t kWaitingMax = 4096;

  struct Waiting {
    std::uint16_t verb = 0;
    trace::Id exchange = trace::kNone;
    trace::Id mail = trace::kNone;      // whose content went with it
    std::uint32_t whom = trace::kNone;  // Envelope's word for what a MAIL or RCPT names
    std::uint32_t envelope = 0;
  };

  Exchanges(Context& context, trace::Id connection) : context_(context), connection_(connection) {}

  void command(trace::Id pdu, std::uint16_t verb, std::uint32_t whom, std::uint32_t envelope);
  void continuation(trace::Id pdu);
  // `stays`: the exchange is not over (354, 334). Returns what was answered; a default one when
  // nothing was.
  Waiting reply(trace::Id pdu, std::uint16_t asked, bool stays, bool greeting);
  // Content that goes with the newest waiting command, or with the one answered last.
  void data_of_command(trace::Id pdu, bool (*carries_content)(std::uint16_t));
  void data_of_answered(trace::Id pdu) { data(pdu, answered_); }
  void mail(trace::Id mail, bool (*carries_content)(std::uint16_t));
  // The newest waiting command that carries content; 0 when there is none.
  std::uint16_t newest_verb(bool (*carries_content)(std::uint16_t)) const;

 private:
  trace::Id add(trace::Id command);
  void data(trace::Id pdu, trace::Id exchange);
  void add_reply(trace::Id exchange, trace::Id pdu);
  Waiting* newest(bool (*carries_content)(std::uint16_t));

  Context& context_;
  trace::Id connection_;
  std::deque<Waiting> waiting_;
  trace::Id answered_ = trace::kNone;  // the exchange of the latest reply
};

}  // namespace mailscope::observe
