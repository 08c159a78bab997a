// A dialogue in a language that is read: the observer's events become PDUs, exchanges, mails and
// findings. Which protocol it is is the language's affair.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "captures/languages/language.hpp"
#include "captures/observe/exchanges.hpp"
#include "captures/observe/mail/envelope.hpp"
#include "captures/observe/stream/deflate_layer.hpp"
#include "captures/observe/stream/layered_reader.hpp"
#include "captures/observe/stream/login.hpp"
#include "captures/observe/stream/stream_reader.hpp"
#include "captures/observe/stream/tls_hello.hpp"

namespace mailscope::observe {
namespace {

using languages::Language;
using languages::MailRole;
using languages::Verdict;
using trace::Id;
using trace::kNone;
using trace::PduKind;
using trace::Time;

class Dialogue : public StreamReader {
 public:
  Dialogue(const ReaderPlace& place, const Language& language,
           std::unique_ptr<DialogueObserver> observer)
      : place_(place),
        language_(language),
        observer_(std::move(observer)),
        exchanges_(place.context, place.connection, language),
        envelope_(place.context.trace),
        login_(language),
        tls_(place) {}
  ~Dialogue() override { end_mails(); }

  void octets(Direction direction, std::uint64_t begin, std::string_view octets, Time at) override {
    const int d = static_cast<int>(direction);
    if (!is_tls_[d]) {
      observer_->receive(direction, octets);
      take_events(at);
    }
    if (is_tls_[d] && begin + octets.size() > tls_from_[d]) {
      const std::uint64_t head = begin < tls_from_[d] ? tls_from_[d] - begin : 0;
      if (above_)
        above_->octets(direction, begin + head, octets.substr(head), at);
      else
        tls_.octets(direction, begin + head, octets.substr(head), at);
    }
  }
  void gap(Direction direction, std::uint64_t begin, std::uint64_t octets, Time at) override {
    if (is_tls_[static_cast<int>(direction)]) {
      if (above_) above_->gap(direction, begin, octets, at);
      return;
    }
    observer_->gap(direction, octets);
    take_events(at);
  }
  void eof(Direction direction, Time at) override {
    if (std::exchange(eof_[static_cast<int>(direction)], true)) return;
    observer_->receive_eof(direction);
    take_events(at);
    if (above_) above_->eof(direction, at);
  }
  void end(Time at) override {
    eof(Direction::ToServer, at);
    eof(Direction::ToClient, at);
    end_mails();
    if (above_) above_->end(at);
    tls_.end();
  }

 private:
  using Kind = Observed::Kind;
  // A message that is passing, one each way.
  struct Passing {
    Id mail = kNone;
    std::unique_ptr<MailReader> reader;
    Observed content;   // its ContentBegin
    bool came = false;  // any of it
    Id data_pdu = kNone;
  };

  const Language::Card& card() const { return language_.card(); }
  trace::Connection& connection() { return place_.context.trace.connections[place_.connection]; }

  void take_events(Time at) {
    while (const std::optional<Observed> event = observer_->next_event()) take(*event, at);
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
      case Kind::DeflateBegin:
        return on_deflate_begin(event);
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
    sent().data_pdu = kNone;  // BDAT: each chunk is a PDU
    const Id pdu = add_pdu(event, PduKind::Command);
    Exchanges::Unanswered waiting;
    waiting.verb = event.word;
    waiting.key = event.key;
    waiting.whom = note_command(event);
    waiting.envelope = envelope_.number();
    exchanges_.command(pdu, waiting);
    place_nested(event, pdu);
  }

  // Returns whom a MAIL or RCPT names, in the envelope's terms, else kNone.
  std::uint32_t note_command(const Observed& event) {
    login_.command(event.text);
    switch (language_.mail_role(event.word)) {
      case MailRole::NamesSender:
        return envelope_.begin(language_.path_in(event.text));
      case MailRole::NamesRecipient:
        return envelope_.add(language_.path_in(event.text));
      case MailRole::EndsEnvelope:
        envelope_.clear();
        break;
      default:
        break;
    }
    return kNone;
  }

  void on_continuation(const Observed& event) {
    const Id pdu = add_pdu(event, PduKind::Continuation);
    exchanges_.continuation(pdu, event.key);
    login_.continuation(event.text);
  }

  void on_reply(const Observed& event) {
    const Id pdu = add_pdu(event, PduKind::Reply);
    place_nested(event, pdu);
    if (event.flags & Observed::kUntagged) {
      const bool greeting = language_.greeting() && event.answers == language_.greeting();
      return greeting ? exchanges_.greeting(pdu) : exchanges_.untagged(pdu, event.key);
    }
    ++connection().replies;
    reply_word_ = event.word;
    const Verdict verdict = language_.verdict(event.word);
    const bool stays = verdict == Verdict::GoOn;
    const Exchanges::Unanswered answered =
        event.key != 0 ? exchanges_.keyed_reply(pdu, event.key, stays)
                       : exchanges_.reply(pdu, language_.asked_by(event.answers), stays,
                                          event.answers == language_.greeting());
    if (stays) return;
    const bool positive = verdict == Verdict::Yes;
    if (answered.whom != kNone && !positive) envelope_.refuse(answered.envelope, answered.whom);
    if (!card().content_answers) note_fate(event, answered, positive);
    note_login(event, positive);
  }

  // The reply to the content decides; of several chunks the first refusal does.
  void note_fate(const Observed& event, const Exchanges::Unanswered& answered, bool positive) {
    const bool chunk = language_.mail_kind(answered.verb) == trace::MailKind::Bdat;
    const Id mail = answered.mail == kNone && chunk && !positive ? sent().mail : answered.mail;
    if (mail == kNone) return;
    // All that one command brought (RFC 3502), and nothing that came back meanwhile.
    const Id first = answered.first_mail == kNone ? mail : answered.first_mail;
    for (Id id = first; id <= mail; ++id) {
      trace::Mail& entry = place_.context.trace.mails[id];
      const trace::MailKind kind = place_.context.trace.mails[mail].kind;
      if (entry.connection != place_.connection || entry.kind != kind ||
          entry.fate != trace::MailFate::Unanswered)
        continue;
      entry.fate = positive ? trace::MailFate::Accepted : trace::MailFate::Refused;
      entry.code = event.word;
    }
  }

  void note_login(const Observed& event, bool positive) {
    if (!language_.logs_in(event.answers)) return;
    if (positive && !login_.user().empty()) connection().login = login_.user();
    if (language_.is_sasl(event.answers)) login_.over();
  }

  void note_kind(trace::Mail& mail, const Observed& event) {
    const bool told = card().content_answers || (event.flags & Observed::kNested) != 0;
    mail.kind = language_.mail_kind(told ? event.answers : exchanges_.newest_verb());
    if (card().content_answers) serve(mail, reply_word_);
  }

  static void serve(trace::Mail& mail, std::uint16_t code) {
    mail.fate = trace::MailFate::Served;
    mail.code = code;
  }

  void on_content_begin(const Observed& event, Time at) {
    end_mail(event.direction, false);
    trace::Trace& trace = place_.context.trace;
    Passing& passing = passing_[static_cast<int>(event.direction)];
    passing.mail = static_cast<Id>(trace.mails.size());
    trace::Mail mail;
    mail.connection = place_.connection;
    mail.protocol = connection().protocol;
    mail.at = at;
    note_kind(mail, event);
    trace.mails.push_back(std::move(mail));
    if (event.flags & Observed::kNested)
      nested_[static_cast<int>(event.direction)].push_back(passing.mail);
    else if (!card().content_answers)
      envelope_.give_to(passing.mail);
    passing.reader = place_.context.take_reader();
    passing.reader->begin(trace, passing.mail, place_.context.options.parts,
                          place_.context.options.content);
    passing.content = event;
    passing.content.text = {};
    passing.came = false;
  }

  // The line is whole in which the content stood, or began.
  void place_nested(const Observed& line, Id pdu) {
    for (const Id mail : std::exchange(nested_[static_cast<int>(line.direction)], {})) {
      trace::Mail& entry = place_.context.trace.mails[mail];
      entry.data = pdu;
      const bool sent = line.kind == Kind::Command;
      entry.kind = language_.mail_kind(sent ? line.word : line.answers);
      if (sent)
        exchanges_.mail(mail);
      else
        serve(entry, line.word);
    }
  }

  // The content's PDU begins with its first octets: what allowed them came before.
  void place_content(Passing& passing, const Observed& event, Time at) {
    trace::Trace& trace = place_.context.trace;
    const bool first = !std::exchange(passing.came, true);
    if (first) trace.mails[passing.mail].at = at;
    if (!place_.context.everything()) return;
    if (passing.content.flags & Observed::kNested) return;
    if (passing.data_pdu != kNone) return place_.pdus.extend(passing.data_pdu, event.end);
    Observed stretch = passing.content;
    stretch.begin = event.begin;
    stretch.end = event.end;
    passing.data_pdu = add_pdu(stretch, PduKind::Data);
    // It may have waited for the reply to DATA.
    const trace::Pdu& data = trace.pdus[passing.data_pdu];
    if (first && data.segment != kNone) trace.mails[passing.mail].at = std::min(at, data.first);
    if (trace.mails[passing.mail].data == kNone) trace.mails[passing.mail].data = passing.data_pdu;
    if (card().content_answers)
      exchanges_.data_of_answered(passing.data_pdu);
    else
      exchanges_.data_of_command(passing.data_pdu);
  }

  void on_content(const Observed& event, Time at) {
    Passing& passing = passing_[static_cast<int>(event.direction)];
    if (passing.mail == kNone) return;
    place_content(passing, event, at);
    passing.reader->content(event.text);
  }

  void on_content_end(const Observed& event, Time at) {
    Passing& passing = passing_[static_cast<int>(event.direction)];
    if (passing.mail == kNone) return;
    // A BDAT message has a PDU a chunk; the last one may be empty.
    if (event.end > event.begin && (passing.data_pdu != kNone || !passing.came)) {
      place_content(passing, event, at);
      if (passing.data_pdu != kNone) {
        trace::Pdu& pdu = place_.context.trace.pdus[passing.data_pdu];
        pdu.flags |= event.flags;
        pdu.state = event.state;
      }
    }
    if ((passing.content.flags & Observed::kNested) == 0) exchanges_.mail(passing.mail);
    end_mail(event.direction, (event.flags & Observed::kIncomplete) == 0);
  }

  void end_mail(Direction direction, bool complete) {
    Passing& passing = passing_[static_cast<int>(direction)];
    if (passing.mail == kNone) return;
    passing.reader->end(complete);
    place_.context.give_back(std::move(passing.reader));
    if (!complete) report_incomplete(passing.mail);
    const bool nested = (passing.content.flags & Observed::kNested) != 0;
    if (!card().content_answers && !nested) envelope_.content_ended();
    passing.mail = passing.data_pdu = kNone;
  }
  void end_mails() {
    end_mail(Direction::ToServer, false);
    end_mail(Direction::ToClient, false);
  }

  void report_incomplete(Id id) {
    const trace::Mail& mail = place_.context.trace.mails[id];
    trace::Finding finding;
    finding.severity = trace::Severity::Warning;
    finding.code = "mail.incomplete";
    finding.at = mail.at;
    finding.connection = place_.connection;
    finding.pdu = mail.data;
    finding.text = fmt::format("message {} is not whole: {} octets were seen", id + 1, mail.octets);
    place_.findings.add(place_.context.trace, std::move(finding));
  }

  void on_tls_begin(const Observed& event) {
    const int d = static_cast<int>(event.direction);
    is_tls_[d] = true;
    tls_from_[d] = event.begin;
    connection().tls = trace::Tls::StartTls;
    if (!above_) read_through_layer();
  }

  void on_deflate_begin(const Observed& event) {
    const int d = static_cast<int>(event.direction);
    is_tls_[d] = true;
    tls_from_[d] = event.begin;
    if (above_) return;
    above_ = std::make_unique<LayeredReader>(
        place_, std::make_unique<DeflateLayer>(),
        [&](const ReaderPlace& above) { return make_above(above); });
  }

  // What is said in a layer. An observer that knows the session goes on where it can.
  std::unique_ptr<StreamReader> make_above(const ReaderPlace& above) const {
    auto observer = observer_->in_layer();
    if (!observer) return make_dialogue(above, language_, false);
    return std::make_unique<Dialogue>(above, language_, std::move(observer));
  }

  // Where the layer can be read, the dialogue goes on in what it makes.
  void read_through_layer() {
    const auto& make_layer = place_.context.options.layer;
    auto layer = make_layer ? make_layer(connection(), LayerBegins::InDialogue) : nullptr;
    if (!layer) return;
    above_ = std::make_unique<LayeredReader>(
        place_, std::move(layer),
        [&](const ReaderPlace& above) { return make_dialogue(above, language_, false); });
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
  const Language& language_;
  std::unique_ptr<DialogueObserver> observer_;
  Exchanges exchanges_;
  Envelope envelope_;
  Login login_;
  TlsStreams tls_;
  std::unique_ptr<StreamReader> above_;  // what is said within TLS, where that can be read
  bool is_tls_[2] = {false, false};      // what follows is in a layer
  bool eof_[2] = {false, false};
  std::uint64_t tls_from_[2] = {0, 0};
  Passing& sent() { return passing_[static_cast<int>(Direction::ToServer)]; }
  Passing passing_[2];
  std::vector<Id> nested_[2];     // mails whose line is not whole yet
  std::uint16_t reply_word_ = 0;  // of the latest reply
  Id last_pdu_ = kNone;
};

}  // namespace

std::unique_ptr<StreamReader> make_dialogue(const ReaderPlace& place, const Language& language,
                                            bool from_beginning) {
  std::unique_ptr<DialogueObserver> observer = language.make_observer(from_beginning);
  if (!observer) return nullptr;
  return std::make_unique<Dialogue>(place, language, std::move(observer));
}

}  // namespace mailscope::observe
