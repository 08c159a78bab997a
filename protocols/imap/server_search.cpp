// The server: SEARCH, SORT and THREAD. RFC 9051 §6.4.4, §7.3.3; RFC 3501 §6.4.4; RFC 4731
// (ESEARCH); RFC 5182 (SEARCHRES); RFC 5256 (SORT, THREAD); RFC 7162 §3.1.5, §3.1.10.

#include <algorithm>
#include <utility>

#include "protocols/imap/search.hpp"
#include "protocols/imap/server.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/imap/thread.hpp"

namespace mailscope::imap {
// ---- numbers ------------------------------------------------------------------------------------

// RFC 9051 §9, seq-number: a number that is not in use is an error, unlike a UID.
bool Server::numbers_fit(const SequenceSet& set) {
  const std::size_t size = selected_->view().size();
  return set.is_saved_result() || (set.largest_named() <= size && (size > 0 || !set.has_star()));
}

std::uint32_t Server::number_of(std::size_t index) const {
  return uid_ ? selected_->view().uid(index) : static_cast<std::uint32_t>(index + 1);
}

// ---- what is found ------------------------------------------------------------------------------

// False: refused, and that was said.
bool Server::may_search(const SearchKey& key, const std::string& charset) {
  if (!charset.empty() && enabled_.utf8_accept)
    return bad("With UTF8=ACCEPT there is no charset to name"), false;  // RFC 6855 §3
  if (!is_search_charset(charset))
    return no("The charset is not known", "BADCHARSET (US-ASCII UTF-8)"), false;
  const bool modseq = mentions_modseq(key);
  if (modseq && !has(Extension::CondStore)) return bad("CONDSTORE is not offered"), false;
  if (modseq) enable_condstore();
  return true;
}

std::vector<std::size_t> Server::found_by(const SearchKey& key, std::string_view charset) {
  const Search search(key, charset, selected_->view(), *selected_->mailbox(), saved_);
  std::vector<std::size_t> found;
  for (std::size_t index = 0; index < selected_->view().size(); ++index) {
    const mailbox::Message* message = selected_->message(index);
    if (!message) continue;
    data_.look_at(*selected_->mailbox(), message->uid);
    if (search.matches({index, *message, data_})) found.push_back(index);
  }
  return found;
}

ModSeq Server::highest_modseq(std::span<const std::size_t> found) const {
  ModSeq highest = 0;
  for (const std::size_t index : found)
    if (const mailbox::Message* message = selected_->message(index))
      highest = std::max(highest, message->modseq);
  return highest;
}

// ---- SEARCH -------------------------------------------------------------------------------------

void Server::search(const SearchCommand& command) {
  const bool save = command.returns && command.returns->contains(SearchReturn::Save);
  if (command.returns && !has(Extension::Esearch)) return bad("ESEARCH is not offered");
  if (save && !has(Extension::SearchRes)) return bad("SEARCHRES is not offered");
  if (!may_search(command.key, command.charset)) {
    if (save) saved_.clear();  // RFC 5182 §2.1
    return;
  }
  const bool modseq = mentions_modseq(command.key);
  const std::vector<std::size_t> found = found_by(command.key, command.charset);
  if (command.returns || enabled_.imap4rev2) {
    EnumSet<SearchReturn> returns = command.returns.value_or(EnumSet<SearchReturn>());
    if (returns.empty()) returns.insert(SearchReturn::All);
    if (save) save_found(found, returns);
    if (!(returns == EnumSet{SearchReturn::Save})) tell_extended(found, returns, modseq);
    return ok("That is all");
  }
  writer_.begin_search();
  for (const std::size_t index : found) writer_.number(number_of(index));
  writer_.end_numbers(modseq && !found.empty() ? std::optional(highest_modseq(found))
                                               : std::nullopt);
  ok("That is all");
}

// RFC 4731 §3.1, §3.2: MODSEQ is that of the messages that are told, so with MIN and MAX alone of
// those two.
void Server::tell_extended(std::span<const std::size_t> found, EnumSet<SearchReturn> returns,
                           bool modseq) {
  EsearchResponse response;
  response.tag = tag_;
  response.uid = uid_;
  std::vector<std::size_t> ends;
  if (!found.empty() && returns.contains(SearchReturn::Min)) {
    response.min = number_of(found.front());
    ends.push_back(found.front());
  }
  if (!found.empty() && returns.contains(SearchReturn::Max)) {
    response.max = number_of(found.back());
    ends.push_back(found.back());
  }
  const bool all = returns.contains(SearchReturn::All);
  const bool count = returns.contains(SearchReturn::Count);
  if (count) response.count = static_cast<std::uint32_t>(found.size());
  if (all && !found.empty()) {
    response.all.emplace();
    for (const std::size_t index : found) response.all->add(number_of(index));
  }
  if (modseq && !found.empty())
    response.modseq = highest_modseq(all || count ? found : std::span<const std::size_t>(ends));
  writer_.esearch(response);
}

// RFC 5182 §2.4: with MIN or MAX, and neither ALL nor COUNT, those alone are saved.
void Server::save_found(std::span<const std::size_t> found, EnumSet<SearchReturn> returns) {
  const View& view = selected_->view();
  saved_.clear();
  if (found.empty()) return;
  const bool min = returns.contains(SearchReturn::Min), max = returns.contains(SearchReturn::Max);
  const bool whole = returns.contains(SearchReturn::All) || returns.contains(SearchReturn::Count);
  if (whole || (!min && !max)) {
    for (const std::size_t index : found) saved_.push_back(view.uid(index));
    return;
  }
  if (min) saved_.push_back(view.uid(found.front()));
  if (max && (!min || found.size() > 1)) saved_.push_back(view.uid(found.back()));
}

// ---- SORT, THREAD -------------------------------------------------------------------------------

void Server::sort(const SortCommand& command) {
  if (!may_search(command.key, command.charset)) return;
  const bool modseq = mentions_modseq(command.key);
  const std::vector<std::size_t> found = found_by(command.key, command.charset);
  const bool headers = needs_header(command.criteria);
  std::vector<SortedMessage> messages;
  messages.reserve(found.size());
  for (const std::size_t index : found) {
    const mailbox::Message* message = selected_->message(index);
    if (!message) continue;
    messages.push_back(
        {number_of(index), message->date.seconds, message->octets, 0, {}, {}, {}, {}});
    read_sort_keys(messages.back(), headers ? header_of(*message) : std::string_view(),
                   command.criteria);
  }
  sort_messages(messages, command.criteria);
  writer_.begin_sort();
  for (const SortedMessage& message : messages) writer_.number(message.number);
  writer_.end_numbers(modseq && !found.empty() ? std::optional(highest_modseq(found))
                                               : std::nullopt);
  ok("That is all");
}

void Server::thread(const ThreadCommand& command) {
  std::optional<ThreadAlgorithm> algorithm;
  if (command.algorithm == "ORDEREDSUBJECT") algorithm = ThreadAlgorithm::OrderedSubject;
  if (command.algorithm == "REFERENCES") algorithm = ThreadAlgorithm::References;
  if (!algorithm) return bad("This way to thread is not offered");
  if (!may_search(command.key, command.charset)) return;
  Threads threads(*algorithm);
  for (const std::size_t index : found_by(command.key, command.charset))
    if (const mailbox::Message* message = selected_->message(index))
      threads.add(number_of(index), header_of(*message), message->date.seconds);
  writer_.thread(threads.finish());
  ok("That is all");
}

// Empty where the message cannot be read. Good until the next message is looked at.
std::string_view Server::header_of(const mailbox::Message& message) {
  data_.look_at(*selected_->mailbox(), message.uid);
  mime::WholeMessage* const whole = data_.message();
  return whole ? whole->header() : std::string_view();
}

}  // namespace mailscope::imap
