// The server: how commands end, and what is told on the way: the news of the mailbox.
// RFC 9051 §7.1, §7.4.1, §7.5.1; RFC 3501 §7.4.1; RFC 7162 §3.2.10.

#include <utility>

#include "protocols/imap/server.hpp"

namespace mailscope::imap {
namespace {

// "An EXPUNGE response MUST NOT be sent [...] while responding to a FETCH, STORE, or SEARCH
// command." Their UID forms do not speak of numbers, so there it may.
bool may_renumber(Verb verb, bool uid) {
  switch (verb) {
    case Verb::Fetch:
    case Verb::Store:
    case Verb::Search:
    case Verb::Sort:
    case Verb::Thread:
      return uid;
    default:
      return true;
  }
}

std::string_view code_of(mailbox::Failure::Kind kind) {
  using Kind = mailbox::Failure::Kind;
  switch (kind) {
    case Kind::NoSuchMailbox:
      return "NONEXISTENT";
    case Kind::AlreadyExists:
      return "ALREADYEXISTS";
    case Kind::NotSelectable:
      return "NONEXISTENT";
    case Kind::HasChildren:
      return "HASCHILDREN";
    case Kind::InvalidName:
      return "CANNOT";
    case Kind::NoPermission:
      return "NOPERM";
    case Kind::OverQuota:
      return "OVERQUOTA";
    case Kind::TooBig:
      return "TOOBIG";
    case Kind::Limit:
      return "LIMIT";
    case Kind::Gone:
      return "EXPUNGEISSUED";
    case Kind::Storage:
      return "UNAVAILABLE";
  }
  return {};
}

}  // namespace

void Server::ok(std::string_view text, std::string_view code) {
  errors_ = 0;
  if (selected_) tell_news(may_renumber(verb_, uid_));
  finish(Status::Ok, code, text);
}

void Server::no(std::string_view text, std::string_view code) {
  if (selected_) tell_news(may_renumber(verb_, uid_));
  finish(Status::No, code, text);
}

// `creatable`: APPEND, COPY and MOVE tell that CREATE would help (RFC 9051 §6.3.12).
void Server::no(const mailbox::Failure& failure, bool creatable) {
  const bool missing = failure.kind == mailbox::Failure::Kind::NoSuchMailbox;
  no(failure.text, creatable && missing ? "TRYCREATE" : code_of(failure.kind));
}

void Server::bad(std::string_view text) {
  finish(Status::Bad, {}, text);
  if (++errors_ >= kErrorsMax) end("Too many errors in a row");
}

void Server::finish(Status status, std::string_view code, std::string_view text) {
  writer_.status(tag_, status, code, text);
  session_.reply(tag_, status);
  if (selected_ && selected_->lost()) end("The mailbox is gone");
}

void Server::untagged_ok(std::string_view code, std::string_view text) {
  writer_.status({}, Status::Ok, code, text);
}

// ---- news ---------------------------------------------------------------------------------------

void Server::tell_news(bool expunges) {
  news_ = false;
  if (selected_->lost()) return;
  selected_->catch_up();
  News news = selected_->view().take_news(expunges);
  news_ = selected_->view().gone_untold();
  if (news.empty()) return;
  tell_gone(news);
  if (news.grew && !enabled_.imap4rev2) selected_->take_recent();
  if (news.grew) tell_size();
  if (news.flags.empty()) return;
  tell_keywords();
  FetchItems items;
  if (uid_ || enabled_.condstore) add_item(items, FetchItem::Kind::Uid);
  add_item(items, FetchItem::Kind::Flags);
  if (enabled_.condstore) add_item(items, FetchItem::Kind::ModSeq);
  for (const std::size_t index : news.flags)
    if (const mailbox::Message* message = selected_->message(index))
      write_fetch(writer_, items, *selected_, index, *message, data_);
}

// RFC 9051 §7.5.1: each EXPUNGE has moved up those behind it. Ascending, as it is here, each number
// is less by those told before.
void Server::tell_gone(const News& news) {
  if (news.expunged.empty()) return;
  if (enabled_.qresync) return writer_.vanished(false, SequenceSet::of(news.vanished));
  std::size_t told = 0;
  for (const std::size_t index : news.expunged)
    writer_.expunge(static_cast<std::uint32_t>(index + 1 - told++));
}

void Server::tell_size() {
  const View& view = selected_->view();
  writer_.exists(static_cast<std::uint32_t>(view.size()));
  const std::size_t recent = view.recent();
  if (enabled_.imap4rev2 || recent == selected_->recent_told) return;
  selected_->recent_told = recent;
  writer_.recent(static_cast<std::uint32_t>(recent));
}

// A keyword is told of before it is met (RFC 3501 §7.2.6).
void Server::tell_keywords() {
  const std::vector<std::string>& names = selected_->mailbox()->keywords().names();
  if (selected_->keywords_told == names.size()) return;
  selected_->keywords_told = names.size();
  const auto each = [&] {
    for (const mailbox::SystemFlag flag : mailbox::kSystemFlags) writer_.flag(name(flag));
    for (const std::string& keyword : names) writer_.flag(keyword);
  };
  writer_.begin_flags();
  each();
  writer_.end_flags();
  if (selected_->read_only()) return;
  writer_.begin_permanent_flags();
  each();
  if (!selected_->mailbox()->keywords().full()) writer_.flag("\\*");
  writer_.end_flags();
}

// ---- the end ------------------------------------------------------------------------------------

void Server::end(std::string_view text) {
  if (wants_close_) return;
  writer_.status({}, Status::Bye, {}, text);
  close();
}

void Server::shut_down(std::string_view text) {
  end(text);
}

void Server::close() {
  wants_close_ = true;
  job_.reset();
  sasl_.reset();
  selected_.reset();
  held_.clear();
  mode_ = Mode::Commands;
  question_ = Question::None;
  session_.happen(Happening::ConnectionEnded);
  events_.emplace_back(SessionClosed{account_ != nullptr});
}

}  // namespace mailscope::imap
