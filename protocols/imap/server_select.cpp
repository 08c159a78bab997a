// The server: a mailbox is selected, looked after, and closed. RFC 9051 §6.3.2, §6.3.3, §6.3.13,
// §6.4.1, §6.4.2; RFC 3501 §6.3.1, §6.4.1; RFC 7162 §3.2.5; RFC 2177 (IDLE).

#include <algorithm>
#include <utility>

#include "protocols/imap/server.hpp"

namespace mailscope::imap {
namespace {

// RFC 7162 §3.2.5.2: up to where what the client remembers of numbers and UIDs still holds. What is
// behind comes first in VANISHED.
mailbox::Uid known_up_to(const std::pair<SequenceSet, SequenceSet>& known, const View& view) {
  mailbox::Uid up_to = 0;
  const std::vector<NumberRange> numbers = known.first.resolve(SequenceSet::kStar);
  const std::vector<NumberRange> uids = known.second.resolve(SequenceSet::kStar);
  std::size_t n = 0, u = 0;
  std::uint32_t n_at = 0, u_at = 0;
  while (n < numbers.size() && u < uids.size()) {
    const std::uint32_t number = numbers[n].first + n_at;
    const mailbox::Uid uid = uids[u].first + u_at;
    if (number > view.size() || view.uid(number - 1) != uid) break;
    up_to = uid;
    number == numbers[n].last ? (++n, n_at = 0) : ++n_at;
    uid == uids[u].last ? (++u, u_at = 0) : ++u_at;
  }
  return up_to;
}

}  // namespace

// RFC 9051 §6.3.2: also where it fails, what was selected is selected no more.
void Server::select(const SelectCommand& command, bool read_only) {
  const bool condstore = command.condstore && has(Extension::CondStore);
  if (command.qresync && !enabled_.qresync) return bad("QRESYNC has to be enabled first");
  deselect();
  const auto found = account_->find(command.mailbox.utf8());
  if (!found) return no(found.error());
  if (auto fresh = (*found)->refresh(); !fresh) return no(fresh.error());
  if (condstore) enabled_.condstore = true;
  selected_.emplace(**found, static_cast<mailbox::Watcher&>(*this), read_only);
  tell_selected(command);
}

void Server::tell_selected(const SelectCommand& command) {
  Selected& selected = *selected_;
  if (!enabled_.imap4rev2) selected.take_recent();
  const mailbox::Mailbox& mailbox = *selected.mailbox();
  selected.keywords_told = SIZE_MAX;
  tell_keywords();
  if (selected.read_only()) untagged_ok("PERMANENTFLAGS ()", "No flag is kept");
  selected.recent_told = SIZE_MAX;
  tell_size();
  const auto messages = mailbox.messages();
  const auto unseen = std::find_if(messages.begin(), messages.end(), [](const auto& message) {
    return !message.flags.has(mailbox::kSeen);
  });
  if (!enabled_.imap4rev2 && unseen != messages.end())
    untagged_ok("UNSEEN " + std::to_string(unseen - messages.begin() + 1),
                "The first message that was not seen");
  untagged_ok("UIDVALIDITY " + std::to_string(mailbox.uid_validity()), "UIDs hold so long");
  untagged_ok("UIDNEXT " + std::to_string(mailbox.uid_next()), "The next UID");
  if (has(Extension::CondStore))
    untagged_ok("HIGHESTMODSEQ " + std::to_string(mailbox.highest_modseq()), "The last change");
  if (enabled_.imap4rev2) {
    ListResponse listed;
    listed.delimiter = mailbox::kSeparator;
    listed.mailbox = command.mailbox;
    writer_.list(listed);
  }
  const std::string_view code = selected.read_only() ? "READ-ONLY" : "READ-WRITE";
  if (!command.qresync || command.qresync->uid_validity != mailbox.uid_validity())
    return ok("The mailbox is open", code);
  resynchronise(*command.qresync, code);
}

// What the client missed: as UID FETCH (FLAGS) (CHANGEDSINCE VANISHED) on the UIDs that it knows.
void Server::resynchronise(const QResync& known, std::string_view code) {
  const View& view = selected_->view();
  SequenceSet uids;
  const mailbox::Uid next = selected_->mailbox()->uid_next();
  if (known.known_uids)
    uids = *known.known_uids;
  else if (next > 1)
    uids.add(1, next - 1);
  const mailbox::Uid up_to = known.known_numbers ? known_up_to(*known.known_numbers, view) : 0;
  tell_vanished(uids, known.modseq, up_to + 1);
  FetchJob job;
  for (const auto kind : {FetchItem::Kind::Uid, FetchItem::Kind::Flags, FetchItem::Kind::ModSeq})
    add_item(job.items, kind);
  job.ranges = selected_->resolve(uids, true, {});
  job.changed_since = known.modseq;
  job.code = code;
  job.text = "The mailbox is open";
  begin_job(std::move(job));
}

// RFC 7162 §3.2.11: what follows CLOSED is of another mailbox.
void Server::deselect() {
  saved_.clear();
  if (!selected_) return;
  selected_.reset();
  untagged_ok("CLOSED", "The mailbox before is closed");
}

void Server::close_mailbox(bool expunge) {
  if (expunge && !selected_->read_only()) {
    std::vector<mailbox::Uid> uids;
    for (const mailbox::Message& message : selected_->mailbox()->messages())
      if (message.flags.has(mailbox::kDeleted)) uids.push_back(message.uid);
    if (const auto gone = selected_->mailbox()->expunge(uids); !gone) return no(gone.error());
  }
  saved_.clear();
  selected_.reset();  // in front of ok(): no EXPUNGE is told (RFC 9051 §6.4.1)
  ok("The mailbox is closed");
}

// NOOP and CHECK: also what other programs did is looked for.
void Server::poll() {
  if (selected_)
    if (const auto fresh = selected_->mailbox()->refresh(); !fresh) return no(fresh.error());
  ok("Done");
}

void Server::idle() {
  if (selected_) tell_news(true);
  writer_.continuation("idling");
  session_.continuation();
  mode_ = Mode::Idle;
}

}  // namespace mailscope::imap
