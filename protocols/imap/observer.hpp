// Reads both directions of an IMAP dialogue as they pass and says what happened: commands, tagged
// and untagged responses, messages. RFC 9051, RFC 3501, RFC 2177, RFC 4978, RFC 7888; the events
// are those of base/observed.hpp.
//
// A Command's word is its Verb, with kUid where UID stands in front; its text is all of it, CRLF
// between its lines, small literals whole. A Reply's word is its ResponseName. Tagged ones bear the
// key of their command. Untagged data (kUntagged) and "+" bear the key of the command that made the
// server say it, where that can be told; `answers` is that command's word. A "+" that a literal
// waited for is reported behind the command whose literal it is.
//
// Messages in FETCH responses and in APPEND are content within the line of their response or
// command (kNested): whole, or put together of stretches (observer_messages.hpp); one may begin in
// one response and end in another. What else is fetched is no message.
//
// What is missing is borne: one side alone, a dialogue joined in its middle, gaps. A literal's
// count leads over a gap within it; a gap elsewhere drops the broken line, and reading goes on with
// the next line that can be nothing else than the beginning of a command or a response.
//
// At most kLineOctetsMax octets of an unfinished line are held a direction, kTextOctetsMax of an
// unfinished command or response, and what Messages holds. Content is handed through as views into
// the chunk that was given, so a chunk must stay until its events are taken; events left over at
// the next call are lost. All other texts are kept by the ObservedQueue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/dialogue_observer.hpp"
#include "protocols/base/observed_queue.hpp"
#include "protocols/base/observed_stream.hpp"
#include "protocols/imap/observer_looks.hpp"
#include "protocols/imap/observer_messages.hpp"
#include "protocols/imap/session.hpp"

namespace mailscope::imap {

class Observer final : public DialogueObserver {
 public:
  struct Options {
    bool from_beginning = true;  // the opening of the connection was seen
  };
  static constexpr std::uint16_t kUid = 0x100;
  static constexpr std::size_t kLineOctetsMax = 64 * 1024;
  static constexpr std::size_t kTextOctetsMax = 64 * 1024;
  static constexpr std::uint64_t kLiteralKeptMax = 4096;  // of a command's literals that are kept

  Observer() : Observer(Options{}) {}
  explicit Observer(Options options);

  void receive(Direction direction, std::string_view octets) override;
  void gap(Direction direction, std::uint64_t octets) override;
  void receive_eof(Direction direction) override;
  std::optional<Observed> next_event() override { return events_.next(); }
  std::unique_ptr<DialogueObserver> in_layer() const override;

  const Session& session() const { return session_; }

 private:
  // A literal that is passing, or is awaited.
  struct PassingLiteral {
    enum class Way : std::uint8_t { Skip, Keep, Hold, Pass };
    Way way = Way::Skip;
    std::uint64_t size = 0;
    std::uint64_t left = 0;
    bool synchronizing = false;
    bool granted = false;  // "+" came
    bool binary = false;
    bool opened = false;                 // its first octets were looked at
    std::optional<std::uint64_t> nul{};  // where there is one
    bool begins = false, ends = false;   // a message
    std::string before{}, after{};       // octets of it from elsewhere

    bool untouched() const { return left == size; }
  };
  // A command or response that is not whole.
  struct Statement {
    std::uint64_t begin = 0;
    std::string text;  // its lines with CRLF behind each, and the literals that are kept
    std::uint8_t flags = 0;
  };
  // A message on its way.
  struct Message {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint16_t answers = 0;
    bool broken = false;
  };
  struct Side : ObservedStream {
    Side() : ObservedStream(kLineOctetsMax) {}
    std::optional<Statement> statement;
    std::optional<PassingLiteral> literal;
    std::optional<Message> message;
    bool over = false;    // TLS or compression: what follows is no line
    bool unsure = false;  // what came last was not understood: only what is sure is read
    bool told_bare_lf = false;

    // To what is unfinished, as far as there is room.
    void add_text(std::string_view text) {
      if (statement->text.size() + text.size() <= kTextOctetsMax) statement->text += text;
    }
  };
  // A command that waits for its answer: what Session does not keep.
  struct Asked {
    std::uint32_t key = 0;
    Verb verb = Verb::Unknown;
    std::uint16_t word = 0;
    Phase phase = Phase::None;
    std::vector<AskedOctets> octets;
    bool over = false;  // IDLE: DONE came

    bool has_lines() const {
      const Rule* rule = find_rule(verb);
      return rule != nullptr && rule->lines != ClientLines::None && !over;
    }
  };
  struct HeldReply {
    ObservedHead head;
    std::string text;
  };

  // observer.cpp: octets to lines, gaps and ends, layers
  Side& side(Direction direction) { return sides_[static_cast<int>(direction)]; }
  void read_line(Direction direction, std::string_view& octets);
  void take_line(Direction direction, const Line& line);
  bool is_taken(Direction direction, const Line& line);
  void note_line_faults(Direction direction, const Line& line);
  void end_statement(Direction direction, std::uint64_t end, std::uint8_t flags);
  void lose_sync(Direction direction);
  bool tls_may_begin(Direction direction) const;
  void begin_layer(Direction direction, Observed::Kind kind);
  ObservedHead head(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end) const;
  ObservedHead& add(Observed::Kind kind, Direction direction, std::uint64_t begin,
                    std::uint64_t end);
  void violate(Direction direction, std::uint64_t begin, std::uint64_t end, const Breach& breach);
  std::uint8_t shown_state() const;
  bool both_sides_known() const;

  // observer_client.cpp: commands
  void take_client_line(const Line& line);
  bool take_within_command(const Line& line);
  void continuation(const Line& line, const Asked* within, std::uint8_t flags);
  void begin_client_literal(const LiteralMark& mark, std::string_view command);
  void take_command(std::string_view text, std::uint64_t begin, std::uint64_t end,
                    std::uint8_t flags);
  std::uint8_t judge_command(const ClientLine& command);
  void note_command(const ClientLine& command, const ObservedHead& where);
  void hold_reply(const Line& line, std::string_view text);
  void report_held_replies(std::uint32_t key, std::uint16_t word);
  void end_refused_command(std::string_view tag);
  const Asked* waiting_for_lines() const;
  const Asked* newest_asked() const { return asked_.empty() ? nullptr : &asked_.back(); }

  // observer_server.cpp: responses
  void take_server_line(const Line& line);
  void go_on_with_response(const Line& line);
  void take_continuation(const Line& line, std::string_view text);
  void take_tagged(const Line& line, const ServerLine& read);
  void take_status(const Line& line, const ServerLine& read);
  void take_greeting(const Line& line, const ServerLine& read);
  void take_data(const ServerLine& read, std::string_view whole, std::uint64_t begin,
                 std::uint64_t end, std::uint8_t flags);
  void note_data(const ServerLine& read, const ObservedHead& where);
  void note_fetch(std::uint32_t number, std::string_view whole, std::uint64_t begin,
                  std::uint64_t end);
  void note_expunge(std::uint32_t number, const ObservedHead& where);
  void before_answer(Verb verb, Status status);
  void after_answer(Verb verb, Status status);
  void begin_server_literal(const LiteralMark& mark, std::string_view line,
                            std::string_view response);
  const Asked* asked_for(ResponseName response) const;
  void forget_lost_answers(std::string_view tag);
  std::optional<Asked> take_asked(std::uint32_t key);
  void assume_selected();

  // observer_content.cpp: literals and messages
  void read_literal(Direction direction, std::string_view& octets);
  void literal_over(Direction direction);
  void skip_literal(Direction direction, std::uint64_t& octets);
  void plan_stretch(PassingLiteral& literal, std::uint32_t message, const Stretch& stretch);
  void tell_stretch(const PassingLiteral& stretch, std::string_view octets, std::uint64_t begin,
                    std::uint64_t end);
  void begin_message(Direction direction, std::uint64_t at, std::uint16_t answers);
  void content(Direction direction, std::string_view octets, std::uint64_t begin,
               std::uint64_t end);
  void end_message(Direction direction);
  void break_message(Direction direction);
  void open_literal(Direction direction);
  void take_piece(Direction direction, std::string_view piece);
  std::uint64_t asked_octets(std::uint64_t origin) const;

  Session session_;
  Side sides_[2];
  std::deque<Asked> asked_;
  std::vector<HeldReply> held_replies_;  // "+" of the client's unfinished command
  reading::Messages messages_;
  ObservedQueue events_;
  std::optional<std::uint32_t> exists_;  // messages in the mailbox, as told
  bool greeting_due_;
  bool state_unsure_;             // joined late, or octets are missing
  std::uint32_t lost_until_ = 0;  // up to this key answers may be missing
};

}  // namespace mailscope::imap
