// The server: STORE, COPY, MOVE and EXPUNGE. RFC 9051 §6.4.3, §6.4.6 to §6.4.9; RFC 4315 (UIDPLUS);
// RFC 6851 (MOVE); RFC 7162 §3.1.3, §3.2.7.

#include <algorithm>
#include <utility>

#include "protocols/imap/message_flags.hpp"
#include "protocols/imap/server.hpp"

namespace mailscope::imap {
namespace {

mailbox::FlagSet apply(StoreCommand::Mode mode, const mailbox::FlagSet& before,
                       const mailbox::FlagSet& flags) {
  switch (mode) {
    case StoreCommand::Mode::Replace:
      return flags;
    case StoreCommand::Mode::Add:
      return before | flags;
    case StoreCommand::Mode::Remove:
      return before - flags;
  }
  return before;
}

// UIDs, ascending, as COPYUID has them.
void append_uids(std::string& out, std::span<const mailbox::Uid> uids) {
  SetWriter set(out);
  for (const mailbox::Uid uid : uids) set.add(uid);
  set.finish();
}

void add(std::vector<IndexRange>& ranges, std::size_t index) {
  if (!ranges.empty() && ranges.back().end == index)
    ++ranges.back().end;
  else
    ranges.push_back({index, index + 1});
}

}  // namespace

// ---- STORE --------------------------------------------------------------------------------------

// \Recent is the server's, and other names with a backslash are no flags here.
bool Server::can_be_stored(const StoreCommand& command) {
  for (const Flag& flag : command.flags)
    if (!flag.is_keyword() && system_bit(flag.kind()) == 0) return false;
  return true;
}

void Server::store(const StoreCommand& command) {
  if (!uid_ && !numbers_fit(command.set)) return bad("There is no message with this number");
  if (!can_be_stored(command)) return bad("A flag that nobody can set");
  if (command.unchanged_since && !has(Extension::CondStore)) return bad("CONDSTORE is not offered");
  if (selected_->read_only()) return no("The mailbox is open for reading only", "NOPERM");
  if (command.unchanged_since) enable_condstore();
  const bool remove = command.mode == StoreCommand::Mode::Remove;
  mailbox::Mailbox& mailbox = *selected_->mailbox();
  const NamedFlags named =
      remove ? NamedFlags{known_flags(mailbox, command.flags)} : make_flags(mailbox, command.flags);
  if (!named.complete) return no("The mailbox has room for no more keywords", "LIMIT");
  tell_keywords();
  change_flags(command, named.set);
}

// Of each message: what its flags become; told is what has changed or was to be told anyway.
void Server::change_flags(const StoreCommand& command, const mailbox::FlagSet& flags) {
  FetchJob job;
  job.text = "Done";
  std::string failed;
  SetWriter modified(failed);
  std::vector<mailbox::FlagChange> changes;
  for (const IndexRange& range : selected_->resolve(command.set, uid_, saved_))
    for (std::size_t index = range.begin; index < range.end; ++index) {
      const mailbox::Message* message = selected_->message(index);
      if (!message) {
        job.gone = true;
        continue;
      }
      add(job.ranges, index);
      if (command.unchanged_since && message->modseq > *command.unchanged_since)
        modified.add(number_of(index));
      else
        changes.push_back({message->uid, apply(command.mode, message->flags, flags)});
    }
  modified.finish();
  selected_->catch_up();
  const auto done = selected_->mailbox()->set_flags(changes);
  if (!done) return no(done.error());
  selected_->skip_own();
  if (!failed.empty()) job.code = "MODIFIED " + failed;
  tell_stored(command, std::move(job));
}

// RFC 7162 §3.1.3: also a silent STORE tells of the new modification sequences. RFC 2180 §4.2.1:
// a message that is gone meanwhile fails nothing; the client hears that it is.
void Server::tell_stored(const StoreCommand& command, FetchJob job) {
  const bool gone = std::exchange(job.gone, false) && !uid_;
  if (gone && job.code.empty()) job.code = "EXPUNGEISSUED";
  if (command.silent && !enabled_.condstore) return ok(job.text, job.code);
  if (uid_ || enabled_.condstore) add_item(job.items, FetchItem::Kind::Uid);
  if (!command.silent || job.code.starts_with("MODIFIED")) {
    add_item(job.items, FetchItem::Kind::Flags);
    selected_->view().forget_flags(job.ranges);
  }
  if (enabled_.condstore) add_item(job.items, FetchItem::Kind::ModSeq);
  begin_job(std::move(job));
}

// ---- COPY, MOVE ---------------------------------------------------------------------------------

std::optional<std::vector<mailbox::Uid>> Server::uids_of(const SequenceSet& set) const {
  std::vector<mailbox::Uid> uids;
  for (const IndexRange& range : selected_->resolve(set, uid_, saved_))
    for (std::size_t index = range.begin; index < range.end; ++index) {
      if (selected_->message(index))
        uids.push_back(selected_->view().uid(index));
      else if (!uid_)
        return std::nullopt;
    }
  return uids;
}

void Server::copy(const CopyCommand& command, bool move) {
  if (!uid_ && !numbers_fit(command.set)) return bad("There is no message with this number");
  if (move && selected_->read_only()) return no("The mailbox is open for reading only", "NOPERM");
  const auto found = account_->find(command.mailbox.utf8());
  if (!found) return no(found.error(), true);
  const auto uids = uids_of(command.set);
  if (!uids) return no("Some of the messages no longer exist", "EXPUNGEISSUED");
  if (uids->empty()) return ok("There was nothing to do");
  mailbox::Mailbox& from = *selected_->mailbox();
  mailbox::Mailbox& to = **found;
  const auto first = move ? account_->move(from, *uids, to) : to.copy(from, *uids);
  if (!first) return no(first.error());
  std::string code = "COPYUID " + std::to_string(to.uid_validity()) + ' ';
  append_uids(code, *uids);
  code += ' ';
  append_uid_sequence(
      code, std::array{NumberRange{*first, *first + static_cast<mailbox::Uid>(uids->size()) - 1}});
  if (!has(Extension::UidPlus)) code.clear();
  if (!move) return ok("They are there", code);
  // RFC 6851 §4.3: in front of the EXPUNGEs, since a client needs it to tell what became of what.
  if (!code.empty()) untagged_ok(code, "They are there");
  ok("They have moved", enabled_.qresync ? modseq_code() : std::string());
}

// ---- EXPUNGE ------------------------------------------------------------------------------------

std::string Server::modseq_code() const {
  return "HIGHESTMODSEQ " + std::to_string(selected_->mailbox()->highest_modseq());
}

void Server::expunge(const UidExpungeCommand* only) {
  if (only && !has(Extension::UidPlus)) return bad("UIDPLUS is not offered");
  if (selected_->read_only()) return no("The mailbox is open for reading only", "NOPERM");
  std::vector<mailbox::Uid> uids;
  std::vector<IndexRange> ranges{{0, selected_->view().size()}};
  if (only) ranges = selected_->resolve(only->uids, true, saved_);
  for (const IndexRange& range : ranges)
    for (std::size_t index = range.begin; index < range.end; ++index)
      if (const mailbox::Message* message = selected_->message(index))
        if (message->flags.has(mailbox::kDeleted)) uids.push_back(message->uid);
  if (const auto gone = selected_->mailbox()->expunge(uids); !gone) return no(gone.error());
  ok("They are gone", enabled_.qresync && !uids.empty() ? modseq_code() : std::string());
}

}  // namespace mailscope::imap
