// An IMAP server's side of one connection: IMAP4rev1, IMAP4rev2, and the extensions that
// capability.hpp names. RFC 9051, RFC 3501.
//
// Octets in by receive(), in any chunking; octets to send by take_output(); questions to the host
// by next_event(). Who may come in the host says (LoginAsked, PasswordAsked); from then on the
// engine works on the user's mailbox::Account by itself, which may have other sessions beside this
// one. Commands are obeyed one after the other; while a question waits for its answer, or an answer
// for its output to be taken, further input is held.
//
// Output is made as it is taken: take_output() gives some 64 KiB at a time (more where a single
// message is longer) and "" when there is no more. A host that sends slowly takes slowly, and
// FETCH 1:* of any mailbox costs the memory of one message. Where something is to be said without
// input, in IDLE, `wake` is called; take_output() then has it.
//
// Trouble: what is no command is answered BAD; kErrorsMax times in a row, and the server says BYE.
// So it does when more than ServerOptions::held_octets_max are held, when its mailbox is removed,
// and when the session fell too far behind what others do there.
//
// Left out: STARTTLS and COMPRESS (BAD), ACL, SETQUOTA, acting for another user, namespaces of
// others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/imap/capability.hpp"
#include "protocols/imap/command_parser.hpp"
#include "protocols/imap/command_reader.hpp"
#include "protocols/imap/fetch.hpp"
#include "protocols/imap/response_writer.hpp"
#include "protocols/imap/selected.hpp"
#include "protocols/imap/session.hpp"
#include "protocols/mailbox/account.hpp"
#include "protocols/sasl/sasl.hpp"

namespace mailscope::imap {

struct ServerOptions {
  std::string domain = "localhost";  // who greets
  Extensions without = {};           // neither announced nor obeyed
  bool login_disabled = false;       // LOGIN is refused (RFC 9051 §6.2.3)
  // AUTHENTICATE: "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256".
  std::vector<std::string> auth_mechanisms = {"PLAIN"};
  // What has to differ from session to session and cannot be guessed: the host's to make.
  std::string sasl_challenge = {};              // CRAM-MD5: "<1896.697170952@beta.example>"
  std::string sasl_nonce = {};                  // SCRAM: printable, without comma
  std::string sasl_salt_key = {};               // SCRAM: the same in all sessions, secret
  std::uint32_t sasl_iterations = 4096;         // SCRAM
  int log_in_failures_max = 3;                  // then BYE
  std::uint32_t append_octets_max = 64u << 20;  // one message; an account may want less
  std::size_t held_octets_max = 1u << 20;
  IdFields id = {{"name", "MailScope"}};  // what ID tells
  // The time of arrival of what APPEND says nothing of; without it, 1970.
  std::function<mailbox::InternalDate()> now = {};
  // Called when there is something to say that no input asked for. The engine is in the middle of
  // another session's command then: the host comes back later with take_output().
  std::function<void()> wake = {};
};

// ---- events ------------------------------------------------------------------------------------

// Answer with accept_login() or refuse_login().
struct LoginAsked {
  std::string user;
  std::string password;
  bool proven = false;    // by SASL: whoever it is knows the password, which is not told here
  std::string mechanism;  // of SASL; empty for LOGIN
};
// AUTHENTICATE: answer with give_password(). A LoginAsked follows when it is right.
struct PasswordAsked {
  std::string user;
  std::string mechanism;
};
// The connection is over.
struct SessionClosed {
  bool logged_in = false;
};
using ServerEvent = std::variant<LoginAsked, PasswordAsked, SessionClosed>;

class Server final : private mailbox::Watcher {
 public:
  static constexpr std::size_t kOutputOctets = 64 * 1024;
  static constexpr std::size_t kLineOctetsMax = 64 * 1024;
  static constexpr std::size_t kLiteralOctetsMax = 64 * 1024;  // but for APPEND's
  static constexpr int kErrorsMax = 20;

  explicit Server(ServerOptions options);  // the greeting is the first output
  // The host knows who it is: PREAUTH. The account outlives the server.
  Server(ServerOptions options, mailbox::Account& account);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void receive(std::string_view octets);
  void receive_eof();
  std::optional<ServerEvent> next_event();
  std::string take_output();
  bool wants_close() const { return wants_close_; }  // once the output is sent
  // False: input is held; a host with flow control stops reading.
  bool wants_input() const { return reading(); }

  // The account outlives the server.
  void accept_login(mailbox::Account& account);
  // An unknown user and a wrong password are to look alike: say the same of both. A code of RFC
  // 5530 §3: "AUTHENTICATIONFAILED", "UNAVAILABLE", ...
  void refuse_login(std::string_view text, std::string_view code = "AUTHENTICATIONFAILED");
  void give_password(const std::optional<std::string>& password);
  // The server gives up, as after thirty idle minutes (RFC 9051 §5.4): BYE, at any time.
  void shut_down(std::string_view text);

  State state() const { return session_.state(); }
  const std::string& user() const { return user_; }
  const mailbox::Mailbox* mailbox() const { return selected_ ? selected_->mailbox() : nullptr; }
  const View* view() const { return selected_ ? &selected_->view() : nullptr; }
  bool idling() const { return mode_ == Mode::Idle; }

 private:
  enum class Mode : std::uint8_t { Commands, Sasl, Idle };
  enum class Question : std::uint8_t { None, Login, Password };

  void mailbox_changed() override;

  // server.cpp: octets in, commands to those who obey them
  void greet(Status status);
  bool reading() const;
  void run();
  void take(WireReader::Answer answer);
  void take_line(const WireReader::Answer& answer);
  void take_command(WireText text);
  void take_literal(const LiteralFollows& literal);
  std::string_view refusal_of(const LiteralFollows& literal, const CommandFront& front);
  bool goes_nowhere(const LiteralFollows& literal);
  void take_fault(const WireFault& fault);
  void refuse(const CommandError& error);
  void obey(Command command);
  void obey_in_mailbox(Command& command);
  bool has(Extension extension) const { return !options_.without.contains(extension); }

  // server_answers.cpp: how commands end, and what is told on the way
  void ok(std::string_view text, std::string_view code = {});
  void no(std::string_view text, std::string_view code = {});
  void no(const mailbox::Failure& failure, bool creatable = false);
  void bad(std::string_view text);
  void finish(Status status, std::string_view code, std::string_view text);
  void untagged_ok(std::string_view code, std::string_view text);
  void tell_news(bool expunges);
  void tell_keywords();
  void tell_gone(const News& news);
  void tell_size();
  void end(std::string_view text);
  void close();

  // server_log_in.cpp
  void capability();
  void log_in(LoginCommand command);
  void authenticate(const AuthenticateCommand& command);
  void take_response(std::string_view line);
  void follow(sasl::Step step);
  void end_authentication(Status status, std::string_view code, std::string_view text);
  void identify();
  void enable(const WordsCommand& command);
  void enable_condstore();
  void log_out();
  std::string announcement() const;

  // server_mailboxes.cpp
  void create(const CreateCommand& command);
  void remove(const MailboxCommand& command);
  void rename(const RenameCommand& command);
  void subscribe(const MailboxCommand& command, bool on);
  void list(const ListCommand& command, bool lsub);
  void mailbox_status(const StatusCommand& command);
  void tell_status(mailbox::Mailbox& mailbox, StatusItems items);
  void tell_namespace();
  void get_quota(const QuotaCommand& command);
  void get_quota_root(const MailboxCommand& command);

  // server_select.cpp
  void select(const SelectCommand& command, bool read_only);
  void tell_selected(const SelectCommand& command);
  void resynchronise(const QResync& known, std::string_view code);
  void deselect();
  void close_mailbox(bool expunge);
  void idle();
  void poll();

  // server_append.cpp
  void append(AppendCommand command);
  bool fit_to_keep(AppendMessage& message);
  std::uint32_t append_octets_max() const;

  // server_fetch.cpp
  void fetch(FetchCommand command);
  void begin_job(FetchJob job);
  void fetch_message(FetchJob& job, std::size_t index);
  void set_seen(const mailbox::Message& message);
  static void note(FetchJob& job, FetchResult result);
  void go_on();
  void finish_job();
  void tell_vanished(const SequenceSet& uids, std::uint64_t modseq, mailbox::Uid first);

  // server_store.cpp
  void store(const StoreCommand& command);
  static bool can_be_stored(const StoreCommand& command);
  void change_flags(const StoreCommand& command, const mailbox::FlagSet& flags);
  void tell_stored(const StoreCommand& command, FetchJob job);
  std::string modseq_code() const;
  void copy(const CopyCommand& command, bool move);
  void expunge(const UidExpungeCommand* only);
  // The UIDs that a set names; absent where some of them are gone and the numbers were sequence
  // numbers.
  std::optional<std::vector<mailbox::Uid>> uids_of(const SequenceSet& set) const;

  // server_search.cpp
  void search(const SearchCommand& command);
  void sort(const SortCommand& command);
  void thread(const ThreadCommand& command);
  std::string_view header_of(const mailbox::Message& message);
  bool may_search(const SearchKey& key, const std::string& charset);
  std::vector<std::size_t> found_by(const SearchKey& key, std::string_view charset);
  void tell_found(std::span<const std::size_t> found, std::optional<ModSeq> modseq);
  void tell_extended(std::span<const std::size_t> found, EnumSet<SearchReturn> returns,
                     bool modseq);
  void save_found(std::span<const std::size_t> found, EnumSet<SearchReturn> returns);
  std::uint32_t number_of(std::size_t index) const;
  ModSeq highest_modseq(std::span<const std::size_t> found) const;

  bool numbers_fit(const SequenceSet& set);

  ServerOptions options_;
  Session session_;
  Enabled enabled_;
  CommandReader reader_;
  std::string held_;  // received, not read yet
  std::string output_;
  ResponseWriter writer_{output_};
  std::vector<ServerEvent> events_;
  std::string user_;
  mailbox::Account* account_ = nullptr;  // of who is logged in
  std::optional<Selected> selected_;
  std::vector<mailbox::Uid> saved_;  // "$" (RFC 5182), ascending
  std::optional<FetchJob> job_;
  MessageData data_;  // of the message that is being looked at
  std::optional<sasl::Server> sasl_;

  // The command that is being obeyed.
  std::string tag_;
  Verb verb_ = Verb::Unknown;
  bool uid_ = false;

  Mode mode_ = Mode::Commands;
  Question question_ = Question::None;
  int errors_ = 0;  // in a row
  int log_in_failures_ = 0;
  bool news_ = false;  // the mailbox has changed since it was last told of
  bool eof_ = false;
  bool wants_close_ = false;
};

}  // namespace mailscope::imap
