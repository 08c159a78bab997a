// The server: FETCH, and every answer that is made as it is taken. RFC 9051 §6.4.5; RFC 3501
// §6.4.5; RFC 3516; RFC 7162 §3.1.4, §3.2.6.

#include <algorithm>
#include <utility>

#include "protocols/imap/server.hpp"

namespace mailscope::imap {
namespace {

// What others did to the flags of these messages is then told for certain.
bool tells_all_flags(const FetchJob& job) {
  return has_item(job.items, FetchItem::Kind::Flags) && job.changed_since == 0 &&
         std::none_of(job.items.begin(), job.items.end(), needs_octets);
}

// The ranges without the UIDs that the view has, and what is below `first`.
SequenceSet without_present(const std::vector<NumberRange>& ranges, const View& view,
                            mailbox::Uid first) {
  SequenceSet absent;
  const auto uids = view.uids();
  for (const NumberRange& range : ranges) {
    std::uint64_t from = std::max(range.first, first);
    for (std::size_t i = view.at_or_after(static_cast<mailbox::Uid>(from));
         i < uids.size() && uids[i] <= range.last; ++i) {
      if (from < uids[i]) absent.add(static_cast<mailbox::Uid>(from), uids[i] - 1);
      from = std::uint64_t{uids[i]} + 1;
    }
    if (from <= range.last) absent.add(static_cast<mailbox::Uid>(from), range.last);
  }
  return absent;
}

}  // namespace

void Server::fetch(FetchCommand command) {
  if (!uid_ && !numbers_fit(command.set)) return bad("There is no message with this number");
  if (command.vanished && !enabled_.qresync) return bad("QRESYNC has to be enabled first");
  const bool modseq = command.changed_since || has_item(command.items, FetchItem::Kind::ModSeq);
  if (modseq && !has(Extension::CondStore)) return bad("CONDSTORE is not offered");
  if (modseq) enable_condstore();
  FetchJob job;
  job.ranges = selected_->resolve(command.set, uid_, saved_);
  job.changed_since = command.changed_since.value_or(0);
  job.text = "That is all";
  job.items = std::move(command.items);
  if (uid_) add_item(job.items, FetchItem::Kind::Uid);
  if (command.changed_since) add_item(job.items, FetchItem::Kind::ModSeq);
  job.sets_seen = !selected_->read_only() &&
                  std::any_of(job.items.begin(), job.items.end(),
                              [](const FetchItem& item) { return item.sets_seen(); });
  if (command.vanished) tell_vanished(command.set, *command.changed_since, 1);
  if (tells_all_flags(job)) {
    selected_->catch_up();
    selected_->view().forget_flags(job.ranges);
  }
  begin_job(std::move(job));
}

// RFC 7162 §3.2.10.1: those of these UIDs that are gone since, from `first` on. What the session
// still counts is told in another way.
void Server::tell_vanished(const SequenceSet& uids, std::uint64_t modseq, mailbox::Uid first) {
  const mailbox::Mailbox& mailbox = *selected_->mailbox();
  const mailbox::Uid largest = mailbox.uid_next() - 1;
  if (largest == 0) return;
  std::vector<NumberRange> asked = uids.resolve(largest);
  if (const auto gone = mailbox.expunged_since(modseq)) {
    std::vector<NumberRange> both;
    auto range = gone->begin();
    for (const NumberRange& wanted : asked) {
      while (range != gone->end() && range->last < wanted.first) ++range;
      for (auto at = range; at != gone->end() && at->first <= wanted.last; ++at)
        both.push_back({std::max(at->first, wanted.first), std::min(at->last, wanted.last)});
    }
    asked = std::move(both);
  }
  const SequenceSet absent = without_present(asked, selected_->view(), first);
  if (!absent.empty()) writer_.vanished(true, absent);
}

// ---- the answer, as it is taken -----------------------------------------------------------------

void Server::begin_job(FetchJob job) {
  job_ = std::move(job);
}

// Messages until there is something to send, or no more message. Then whatever waited is read.
void Server::go_on() {
  FetchJob& job = *job_;
  if (selected_->lost()) return end("The mailbox is gone");
  while (!job.done() && output_.size() < kOutputOctets) {
    IndexRange& range = job.ranges[job.range];
    if (range.begin == range.end) {
      ++job.range;
      continue;
    }
    fetch_message(job, range.begin++);
  }
  if (!job.done()) return;
  finish_job();
  run();
}

void Server::fetch_message(FetchJob& job, std::size_t index) {
  const mailbox::Message* message = selected_->message(index);
  if (!message) {
    job.gone = true;
    return;
  }
  if (message->modseq <= job.changed_since) return;
  tell_keywords();  // another session may just have made one
  data_.look_at(*selected_->mailbox(), message->uid);
  if (job.sets_seen && !message->flags.has(mailbox::kSeen) && data_.message()) {
    set_seen(*message);
    message = selected_->message(index);
    data_.look_at(*selected_->mailbox(), message->uid);
    FetchItems items = job.items;  // seldom: only the first time that it is read
    add_item(items, FetchItem::Kind::Flags);
    if (enabled_.condstore) add_item(items, FetchItem::Kind::Uid);  // RFC 7162 §3.2.4
    if (enabled_.condstore) add_item(items, FetchItem::Kind::ModSeq);
    return note(job, write_fetch(writer_, items, *selected_, index, *message, data_));
  }
  note(job, write_fetch(writer_, job.items, *selected_, index, *message, data_));
}

void Server::note(FetchJob& job, FetchResult result) {
  job.unreadable |= result == FetchResult::Unreadable;
  job.unknown_encoding |= result == FetchResult::UnknownEncoding;
}

// RFC 9051 §6.4.5: reading sets \Seen, and the answer says so.
void Server::set_seen(const mailbox::Message& message) {
  selected_->catch_up();
  mailbox::FlagChange change{message.uid, message.flags};
  change.flags.system |= mailbox::kSeen;
  if (selected_->mailbox()->set_flags(std::array{change})) selected_->skip_own();
}

void Server::finish_job() {
  const FetchJob job = std::move(*job_);
  job_.reset();
  if (job.unknown_encoding) return no("A part's encoding is not known", "UNKNOWN-CTE");
  if (job.unreadable) return no("Some of the messages could not be read", "UNAVAILABLE");
  // RFC 2180 §4.1.2, RFC 5530 §3. UIDs that are not there are passed over (RFC 9051 §6.4.9).
  if (job.gone && !uid_) return no("Some of the messages no longer exist", "EXPUNGEISSUED");
  job.status == Status::Ok ? ok(job.text, job.code) : no(job.text, job.code);
}

}  // namespace mailscope::imap
