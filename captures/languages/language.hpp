// All that the rest of the program has to know about a protocol: one description each.
//
// Captures, exports, scenarios and the window ask it; README.md lists the few places in them that
// name a protocol themselves. A protocol is added by its engines in protocols/, a class derived
// from Language, and one line of registration (languages.cpp; a test's own: languages.hpp's add()).
// Nearly everything has a default: a description may say no more than a name and a port.
//
// Descriptions are constant and live as long as the program; a string_view returned is static. A
// `word` is Pdu::word or Pdu::answers: the protocol's own number for a verb, or a reply's code.
// Texts made of a PDU's octets are neither masked nor made printable: observe/masking.hpp does
// that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "captures/trace/finding_kinds.hpp"
#include "captures/trace/trace.hpp"
#include "protocols/base/dialogue_observer.hpp"
#include "protocols/base/reference.hpp"

namespace mailscope::languages {

struct Port {
  std::uint16_t number = 0;
  bool tls = false;          // TLS from the first octet on (RFC 8314 §3)
  std::string_view service;  // IANA's name: "submission"
};

// What one side's first line sounds like.
struct Sound {
  bool server = false;  // a server's words, else a client's
  bool sure = false;    // no other protocol talks like this
};

// What a reply says to the command.
enum class Verdict : std::uint8_t {
  Yes,
  GoOn,     // the exchange is not over: 354, 334, "+ "
  NotNow,   // 4yz: later, perhaps
  ForGood,  // 5yz, -ERR, a DNS error
};

// What a command does to mail on its way.
enum class MailRole : std::uint8_t {
  Nothing,
  NamesSender,
  NamesRecipient,
  EndsEnvelope,    // the envelope begun is forgotten
  CarriesContent,  // a message goes with it, or with its answer
};

// How a session state is coloured in the ladder.
enum class Tone : std::uint8_t { Quiet, Ready, Own, Busy, Carrying };

// A message of a language that talks in datagrams.
struct Datagram {
  std::uint16_t id = 0;  // the answer bears the question's
  bool response = false;
  std::uint16_t word = 0;     // question: its verb (DNS: the record type); answer: its code
  std::uint16_t answers = 0;  // answer: the question's verb
  std::string about;     // what is asked, so that equal questions are equal texts; may be empty
  std::string question;  // the same for people: "MX beta.example"
};

// A piece of a line and what it means.
struct Piece {
  std::string text;
  const ReferenceEntry* entry = nullptr;
  std::string says = {};  // what it says here, where that is more than the entry: "messages 2 to 4"
};
// A fact for the inspector.
struct Fact {
  std::string label, value;
  bool mono = true;
};
struct FactSheet {
  std::string title, right;
  std::vector<Fact> facts;
};
// A datagram field by field, as the dissector of frames shows it.
struct Field {
  std::string name, value;
  std::uint32_t begin = 0, end = 0;  // its octets in the datagram
  std::string_view meaning;          // one plain line; static text
};
struct FieldSheet {
  std::string summary;
  std::vector<Field> fields;
};
// An entry of the reference that a PDU shows in use.
struct Shown {
  std::string word;
  std::string_view context;
  std::string line;  // empty: the PDU's first line
};
struct Meaning {
  std::string_view text, section;
};

class Language {
 public:
  struct Card {
    std::string_view name;   // "smtp": JSON, filters
    std::string_view title;  // "SMTP": for people
    std::vector<Port> ports = {};
    // Who speaks it (RFC 5598 §2-4).
    trace::AgentKind client = trace::AgentKind::Other, server = trace::AgentKind::Other;
    bool mail = false;             // it carries mail
    bool pulls = false;            // mail goes from the server to the client
    bool datagrams = false;        // it talks in UDP datagrams
    bool numeric_codes = false;    // a reply's code is a number (JSON)
    bool content_answers = false;  // content comes with the answer, not with the command
    std::uint8_t colour = 0;       // place in the window's palette of protocols, 1 to 6; 0: TCP's
    std::string_view command = "command", reply = "reply";  // what people call them
    // What is wrong with a datagram, by the code in finding_kinds().
    struct Findings {
      std::string_view cut, malformed, unasked, unanswered;
    };
    Findings findings = {};
  };

  explicit Language(Card card) : card_(std::move(card)) {}
  virtual ~Language() = default;
  Language(const Language&) = delete;
  Language& operator=(const Language&) = delete;
  const Card& card() const { return card_; }

  // ---- recognition and reading ----

  // What a first line, without its end, sounds like; nothing when it is not of this language.
  virtual std::optional<Sound> sound_of(std::string_view line) const;
  // The observer of both streams; null for a language that is known and not read.
  virtual std::unique_ptr<DialogueObserver> make_observer(bool from_beginning) const;
  // A datagram taken apart; the error says what is wrong with it.
  virtual tl::expected<Datagram, std::string> read_datagram(std::string_view octets) const;

  // The same for the dissector; nothing where the octets are no message of the language.
  virtual std::optional<FieldSheet> fields(std::string_view octets) const;

  // ---- words and what they do ----

  virtual std::string verb(std::uint16_t word) const;  // "RCPT"; "" for one that it does not have
  virtual std::string code(std::uint16_t word) const;  // "250", "-ERR", "NXDOMAIN"
  virtual Verdict verdict(std::uint16_t code) const;
  virtual MailRole mail_role(std::uint16_t verb) const;
  virtual bool logs_in(std::uint16_t verb) const;  // a positive answer to it opens the mailbox
  virtual bool is_sasl(std::uint16_t verb) const;  // an exchange of RFC 4954, RFC 5034
  // The verb that a reply's `answers` was sent as: DATA, for the reply to the final dot.
  virtual std::uint16_t asked_by(std::uint16_t answers) const { return answers; }
  // Whether a reply's `answers` is the verdict on a whole message.
  virtual bool judges_message(std::uint16_t answers) const;
  // The pseudo verb that a greeting answers; nothing where the server does not speak first.
  virtual std::optional<std::uint16_t> greeting() const { return {}; }
  virtual trace::MailKind mail_kind(std::uint16_t verb) const;
  virtual std::string_view path_in(std::string_view line) const;  // of NamesSender, NamesRecipient
  // A command's line from its verb on, where something stands in front of that (IMAP's tag).
  virtual std::string_view from_verb(std::string_view line) const { return line; }
  virtual std::string_view user_in(std::string_view line) const;  // who logs in, if it says so
  // The state of a session whose connection is closed.
  virtual std::optional<std::uint8_t> closed_state() const { return {}; }
  virtual bool knows_verb(std::string_view word) const;  // in any case
  // Every verb that can be sent (none: too many to list), and every code that has letters ("+OK").
  virtual std::vector<std::string_view> verbs() const { return {}; }
  virtual std::vector<std::string_view> code_words() const { return {}; }

  // ---- what can be wrong ----

  // Each code begins with the card's name and a dot; sorted by code, static text.
  virtual std::span<const trace::FindingKind> finding_kinds() const { return {}; }

  // ---- what is secret ----

  // Where the secret begins in a line whose PDU is marked as secret; its size when nothing is.
  virtual std::size_t secret_begin(std::string_view line, trace::PduKind kind) const;
  // Words that announce a password where the language is not read.
  virtual std::span<const std::string_view> secret_words() const { return {}; }

  // ---- the session machine ----

  virtual std::vector<std::uint8_t> states() const { return {}; }  // in their usual order
  virtual std::string state(std::uint8_t state) const;             // "" for none
  virtual Tone tone(std::uint8_t state) const;
  virtual std::vector<std::string> next(std::uint8_t state) const;  // verbs that may come then
  virtual std::string_view phase(Phase phase) const;
  // The keyword under which a server announces a verb of an extension: "CHUNKING" for BDAT (RFC
  // 5321 §2.2.1, RFC 2449 §5); "" for a verb that needs no announcement.
  virtual std::string_view announced_as(std::string_view verb) const;
  // Whether the answer to this verb is the list of what the server can do.
  virtual bool lists_extensions(std::uint16_t answers) const;

  // ---- a PDU in words ----

  // Its lines where its octets are no text; nothing for a language of lines.
  virtual std::optional<std::vector<std::string>> lines(const trace::Trace& trace,
                                                        const trace::Pdu& pdu) const;
  // The same of a reply, without what stands for its code.
  virtual std::optional<std::vector<std::string>> bare_lines(const trace::Trace& trace,
                                                             const trace::Pdu& pdu) const;
  // A line of a reply without its code; nothing for the line that only ends it.
  virtual std::optional<std::string_view> without_code(std::string_view line, bool first) const;
  // A phrase: "now the letter", "no such mailbox"; may be empty.
  virtual std::string gist(const trace::Trace& trace, const trace::Pdu& pdu) const;
  // What a command or reply means; null when the reference has nothing.
  virtual const ReferenceEntry* entry(const trace::Trace& trace, const trace::Pdu& pdu) const;
  // What message content, and a line of a log-in, mean.
  virtual Meaning content_meaning() const;
  virtual Meaning continuation_meaning() const;
  // A code's digits: "5 = ...", "1 = ...".
  virtual std::vector<std::string> code_parts(std::uint16_t code) const;
  // What the lines say piece by piece: parameters, extensions, enhanced codes.
  virtual std::vector<Piece> pieces(const trace::Pdu& pdu,
                                    const std::vector<std::string>& lines) const;
  // The same of a line, or a piece of one, that a learner has at hand; nothing for what is none.
  virtual std::vector<Piece> line_pieces(std::string_view line) const;
  // What a message that is no text holds.
  virtual std::optional<FactSheet> facts(const trace::Trace& trace, const trace::Pdu& pdu) const;
  // Which entries of the reference the PDU shows.
  virtual std::vector<Shown> shown(const trace::Trace& trace, const trace::Pdu& pdu,
                                   const std::vector<std::string>& lines) const;
  virtual std::span<const ReferenceEntry> reference() const { return {}; }
  // What the reference says of a word that no entry is called by: "5.1.1" is of X.1.1, 5.X.X,
  // X.1.X.
  virtual std::vector<const ReferenceEntry*> explain(std::string_view word) const;
  // Whether an entry of the reference goes with the verb that is its context: SIZE with MAIL. (A
  // code is in answer to it.)
  virtual bool is_parameter(const ReferenceEntry& entry) const;
  // The word between a verb and its argument, which says no more than the verb: FROM of MAIL.
  virtual std::string_view argument_word(std::string_view verb) const;

 private:
  Card card_;
};

}  // namespace mailscope::languages
