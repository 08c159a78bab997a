// SMTP and POP3: an observer's events become PDUs, exchanges, mails and findings.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "captures/observe/envelope.hpp"
#include "captures/observe/exchanges.hpp"
#include "captures/observe/login.hpp"
#include "captures/observe/stream_reader.hpp"
#include "captures/observe/tls_hello.hpp"
#include "protocols/pop3/observer.hpp"
#include "protocols/smtp/address.hpp"
#include "protocols/smtp/observer.hpp"

namespace mailscope::observe {
namespace {

using trace::Id;
using trace::kNone;
using trace::PduKind;
using trace::Protocol;
using trace::Time;

// ---- what differs between the protocols --------------------------------------------------------

struct Smtp {
  static constexpr Protocol kProtocol = Protocol::Smtp;
  static constexpr bool kContentAnswers = false;  // it is what the command sends, whoever sends it
  using Verb = smtp::Verb;
  using Observer = smtp::Observer;

  static bool intermediate(std::uint16_t code) { return code >= 300 && code < 400; }
  static bool positive(std::uint16_t code) { return code >= 200 && code < 300; }
  // One command of two names: DATA is answered by 354, then as EndOfData.
  static std::uint16_t asked_by(std::uint16_t answered) {
    switch (static_cast<Verb>(answered)) {
      case Verb::EndOfData:
        return static_cast<std::uint16_t>(Verb::Data);
      case Verb::BdatLast:
        return static_cast<std::uint16_t>(Verb::Bdat);
      default:
        return answered;
    }
  }
  static bool carries_content(std::uint16_t verb) {
    return verb == static_cast<std::uint16_t>(Verb::Data) ||
           verb == static_cast<std::uint16_t>(Verb::Bdat);
  }
};

struct Pop3 {
  static constexpr Protocol kProtocol = Protocol::Pop3;
  static constexpr bool kContentAnswers = true;
  using Verb = pop3::Verb;
  using Observer = pop3::Observer;

  static bool intermediate(std::uint16_t word) { return word == pop3::Observer::kContinue; }
  static bool positive(std::uint16_t word) { return word == pop3::Observer::kOk; }
  static std::uint16_t asked_by(std::uint16_t answered) { return answered; }
  static bool carries_content(std::uint16_t verb) {
    return verb == static_cast<std::uint16_t>(Verb::Retr) ||
           verb == static_cast<std::uint16_t>(Verb::Top);
  }
};

// ---- what they share
// -----------------------------------------------------------------------------

template <typename Speech>
class Dialogue : public StreamReader {
 public:
  Dialogue(const ReaderPlace& place, bool midstream)
      : place_(place),
        observer_({.from_beginning = !midstream}),
        exchanges_(place.context, place.connection),
        envelope_(place.context.trace),
        tls_(place) {}
  ~Dialogue() override { end_mail(false); }

  void octets(Direction direction, std::uint64_t begin, std::string_view octets, Time at) override {
    const int d = static_cast<int>(direction);
    if (!is_tls_[d]) {
      observer_.receive(direction, octets);
      take_events(at);
    }
    if (is_tls_[d] && begin + octets.size() > tls_from_[d]) {
      const std::uint64_t head = begin < tls_from_[d] ? tls_from_[d] - begin : 0;
      tls_.octets(direction, begin + head, octets.substr(head), at);
    }
  }
  void gap(Direction direction, std::uint64_t, std::uint64_t octets, Time at) override {
    if (is_tls_[static_cast<int>(direction)]) return;
    observer_.gap(direction, octets);
    take_events(at);
  }
  void eof(Direction direction, Time at) override {
    if (std::exchange(eof_[static_cast<int>(direction)], true)) return;
    observer_.receive_eof(direction);
    take_events(at);
  }
  void end(Time at) override {
    eof(Direction::ToServer, at);
    eof(Direction::ToClient, at);
    end_mail(false);
    tls_.end();
  }

 private:
  using Kind = Observed::Kind;
  using Verb = typename Speech::Verb;

  trace::Connection& connection() { return place_.context.trace.connections[place_.connection]; }

  void take_events(Time at) {
    while (const std::optional<Observed> event = observer_.next_event()) take(*event, at);
  }

  void take(const Observed& event, Time at) {
    switch (event.kind) {
      case Kind::Command:
        return on_command(event);
      case Kind::Continuation:
        return on_continuation(event);
      case Kind::Reply:
        return on_reply(event);
      case Kind::ContentBegin:
        return on_content_begin(event, at);
      case Kind::Content:
        return on_content(event, at);
      case Kind::ContentEnd:
        return on_content_end(event, at);
      case Kind::TlsBegin:
        return on_tls_begin(event);
      case Kind::Violation:
        return on_violation(event, at);
    }
  }

  Id add_pdu(const Observed& event, PduKind kind) {
    trace::Pdu pdu;
    pdu.kind = kind;
    pdu.direction = event.direction;
    pdu.phase = event.phase;
    pdu.state = event.state;
    pdu.flags = event.flags;
    pdu.word = event.word;
    pdu.answers = event.answers;
    pdu.begin = event.begin;
    pdu.end = event.end;
    last_pdu_ = place_.pdus.add(pdu);
    return last_pdu_;
  }

  void on_command(const Observed& event) {
    ++connection().commands;
    data_pdu_ = kNone;  // BDAT: each chunk is a PDU
    const Id pdu = add_pdu(event, PduKind::Command);
    const std::uint32_t whom = note_command(event);
    exchanges_.command(pdu, event.word, whom, envelope_.number());
  }

  // Returns whom a MAIL or RCPT names, in the envelope's terms, else kNone.
  std::uint32_t note_command(const Observed& event) {
    login_.command(event.text);
    if constexpr (Speech::kProtocol == Protocol::Smtp) {
      switch (static_cast<Verb>(event.word)) {
        case Verb::Mail:
          return envelope_.begin(smtp::address_in(event.text));
        case Verb::Rcpt:
          return envelope_.add(smtp::address_in(event.text));
        case Verb::Rset:
        case Verb::Ehlo:
        case Verb::Helo:
        case Verb::Lhlo:
          envelope_.clear();
          break;
        default:
          break;
      }
    }
    return kNone;
  }

  void on_continuation(const Observed& event) {
    const Id pdu = add_pdu(event, PduKind::Continuation);
    exchanges_.continuation(pdu);
    login_.continuation(event.text);
  }

  void on_reply(const Observed& event) {
    ++connection().replies;
    const Id pdu = add_pdu(event, PduKind::Reply);
    const std::uint16_t asked = Speech::asked_by(event.answers);
    const bool stays = Speech::intermediate(event.word);
    const Exchanges::Waiting answered = exchanges_.reply(
        pdu, asked, stays, event.answers == static_cast<std::uint16_t>(Verb::Connect));
    if (stays) return;
    const bool positive = Speech::positive(event.word);
    if (answered.whom != kNone && !positive) envelope_.refuse(answered.envelope, answered.whom);
    if constexpr (Speech::kProtocol == Protocol::Smtp) note_fate(event, answered, positive);
    note_login(event, positive);
  }

  // The reply to the content decides; of several chunks the first refusal does.
  void note_fate(const Observed& event, const Exchanges::Waiting& answered, bool positive) {
    const bool chunk = static_cast<Verb>(answered.verb) == Verb::Bdat;
    const Id mail = answered.mail == kNone && chunk && !positive ? mail_ : answered.mail;
    if (mail == kNone) return;
    trace::Mail& entry = place_.context.trace.mails[mail];
    if (entry.fate != trace::MailFate::Unanswered) return;
    entry.fate = positive ? trace::MailFate::Accepted : trace::MailFate::Refused;
    entry.code = event.word;
  }

  void note_login(const Observed& event, bool positive) {
    const Verb answers = static_cast<Verb>(event.answers);
    if constexpr (Speech::kProtocol == Protocol::Smtp) {
      if (answers != Verb::Auth) return;
    } else {
      if (answers != Verb::Pass && answers != Verb::Apop && answers != Verb::Auth) return;
    }
    if (positive && !login_.user().empty()) connection().login = login_.user();
    if (answers == Verb::Auth && !Speech::intermediate(event.word)) login_.over();
  }

  void note_kind(trace::Mail& mail, const Observed& event) const {
    if constexpr (Speech::kProtocol == Protocol::Pop3) {
      const bool top = static_cast<Verb>(event.answers) == Verb::Top;
      mail.kind = top ? trace::MailKind::Top : trace::MailKind::Retr;
      mail.fate = trace::MailFate::Served;
    } else {
      const auto verb = static_cast<Verb>(exchanges_.newest_verb(Speech::carries_content));
      mail.kind = verb == Verb::Bdat ? trace::MailKind::Bdat : trace::MailKind::Data;
    }
  }

  void on_content_begin(const Observed& event, Time at) {
    end_mail(false);
    trace::Trace& trace = place_.context.trace;
    mail_ = static_cast<Id>(trace.mails.size());
    trace::Mail mail;
    mail.connection = place_.connection;
    mail.protocol = Speech::kProtocol;
    mail.at = at;
    note_kind(mail, event);
    trace.mails.push_back(std::move(mail));
    if constexpr (Speech::kProtocol == Protocol::Smtp) envelope_.give_to(mail_);
    reader_ = place_.context.take_reader();
    reader_->begin(trace, mail_, place_.context.options.parts, place_.context.options.content);
    content_ = event;
    content_.text = {};
    content_came_ = false;
  }

  // The content's PDU begins with its first octets: what allowed them came before.
  void place_content(const Observed& event, Time at) {
    trace::Trace& trace = place_.context.trace;
    const bool first = !std::exchange(content_came_, true);
    if (first) trace.mails[mail_].at = at;
    if (!place_.context.everything()) return;
    if (data_pdu_ != kNone) return place_.pdus.extend(data_pdu_, event.end);
    Observed stretch = content_;
    stretch.begin = event.begin;
    stretch.end = event.end;
    data_pdu_ = add_pdu(stretch, PduKind::Data);
    // It may have waited for the reply to DATA.
    const trace::Pdu& data = trace.pdus[data_pdu_];
    if (first && data.segment != kNone) trace.mails[mail_].at = std::min(at, data.first);
    if (trace.mails[mail_].data == kNone) trace.mails[mail_].data = data_pdu_;
    if constexpr (Speech::kContentAnswers)
      exchanges_.data_of_answered(data_pdu_);
    else
      exchanges_.data_of_command(data_pdu_, Speech::carries_content);
  }

  void on_content(const Observed& event, Time at) {
    if (mail_ == kNone) return;
    place_content(event, at);
    reader_->content(event.text);
  }

  void on_content_end(const Observed& event, Time at) {
    if (mail_ == kNone) return;
    // A BDAT message has a PDU a chunk; the last one may be empty.
    if (event.end > event.begin && (data_pdu_ != kNone || !content_came_)) {
      place_content(event, at);
      if (data_pdu_ != kNone) {
        trace::Pdu& pdu = place_.context.trace.pdus[data_pdu_];
        pdu.flags |= event.flags;
        pdu.state = event.state;
      }
    }
    exchanges_.mail(mail_, Speech::carries_content);
    end_mail((event.flags & Observed::kIncomplete) == 0);
  }

  void end_mail(bool complete) {
    if (mail_ == kNone) return;
    reader_->end(complete);
    place_.context.give_back(std::move(reader_));
    if (!complete) report_incomplete();
    if constexpr (Speech::kProtocol == Protocol::Smtp) envelope_.content_ended();
    mail_ = data_pdu_ = kNone;
  }

  void report_incomplete() {
    const trace::Mail& mail = place_.context.trace.mails[mail_];
    trace::Finding finding;
    finding.severity = trace::Severity::Warning;
    finding.code = "mail.incomplete";
    finding.at = mail.at;
    finding.connection = place_.connection;
    finding.pdu = mail.data;
    finding.text =
        fmt::format("message {} is not whole: {} octets were seen", mail_ + 1, mail.octets);
    place_.findings.add(place_.context.trace, std::move(finding));
  }

  void on_tls_begin(const Observed& event) {
    const int d = static_cast<int>(event.direction);
    is_tls_[d] = true;
    tls_from_[d] = event.begin;
    connection().tls = trace::Tls::StartTls;
  }

  void on_violation(const Observed& event, Time at) {
    trace::Finding finding;
    finding.severity = static_cast<trace::Severity>(std::min<int>(event.severity, 2));
    finding.code = event.code;
    finding.at = at;
    finding.connection = place_.connection;
    finding.pdu = last_pdu_;
    if (last_pdu_ != kNone) finding.frame = place_.context.trace.pdus[last_pdu_].frame;
    finding.text = event.text;
    finding.rfc = event.rfc;
    place_.findings.add(place_.context.trace, std::move(finding));
  }

  ReaderPlace place_;
  typename Speech::Observer observer_;
  Exchanges exchanges_;
  Envelope envelope_;
  Login login_{Speech::kProtocol};
  TlsStreams tls_;
  bool is_tls_[2] = {false, false};
  bool eof_[2] = {false, false};
  std::uint64_t tls_from_[2] = {0, 0};
  std::unique_ptr<MailReader> reader_;
  Id mail_ = kNone;            // whose content is passing
  Observed content_;           // its ContentBegin
  bool content_came_ = false;  // any of it
  Id data_pdu_ = kNone;
  Id last_pdu_ = kNone;
};

}  // namespace

std::unique_ptr<StreamReader> make_dialogue(const ReaderPlace& place, Protocol protocol,
                                            bool midstream) {
  if (protocol == Protocol::Pop3) return std::make_unique<Dialogue<Pop3>>(place, midstream);
  return std::make_unique<Dialogue<Smtp>>(place, midstream);
}

}  // namespace mailscope::observe
