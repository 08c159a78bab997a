// The commands on mailboxes: SELECT to APPEND, quota.
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/command_grammar.hpp"

namespace mailscope::imap::grammar {
namespace {

// How many numbers a set without "*" names.
std::uint64_t count(const SequenceSet& set) {
  std::uint64_t numbers = 0;
  for (const NumberRange range : set.ranges())
    numbers += std::uint64_t{range.last} - range.first + 1;
  return numbers;
}

// Nothing follows but, perhaps, what Quirks::space_at_end passes over.
bool only_spaces(const Scanner& in) {
  return in.rest().find_first_not_of(' ') == std::string_view::npos;
}

bool mailbox(Scanner& in, MailboxName& mailbox) {
  std::optional<MailboxName> name;
  if (!in.mailbox(name)) return false;
  mailbox = std::move(*name);
  return true;
}

// mod-sequence-value = 1*DIGIT                   (RFC 7162 §7): 1 to 2^63-1
bool modseq(Scanner& in, ModSeq& modseq, bool zero_allowed) {
  const std::size_t begin = in.offset();
  if (!in.number64(modseq)) return false;
  return modseq > 0 || zero_allowed || in.fail_at(begin, "a mod-sequence from 1 on");
}

// seq-match-data = "(" known-sequence-set SP known-uid-set ")"   (RFC 7162 §7)
bool seq_match_data(Scanner& in, QResync& qresync) {
  auto& [numbers, uids] = qresync.known_numbers.emplace();
  const std::size_t begin = in.offset();
  if (!in.expect('(') || !known_set(in, numbers) || !in.space() || !known_set(in, uids) ||
      !in.expect(')'))
    return false;
  return count(numbers) == count(uids) || in.fail_at(begin, "a UID for each sequence number");
}

// "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"
//                                                (RFC 7162 §7)
bool qresync(Scanner& in, QResync& qresync, bool zero_modseq) {
  if (!in.space() || !in.expect('(') || !in.nz_number(qresync.uid_validity) || !in.space() ||
      !modseq(in, qresync.modseq, zero_modseq))
    return false;
  if (in.take(')')) return true;
  if (!in.space()) return false;
  if (in.peek() != '(') {
    if (!known_set(in, qresync.known_uids.emplace())) return false;
    if (in.take(')')) return true;
    if (!in.space()) return false;
  }
  return seq_match_data(in, qresync) && in.expect(')');
}

// use-attr = "\All" / "\Archive" / ... / "\" atom (RFC 6154 §6)
bool use_attribute(Scanner& in, CreateCommand& command) {
  const std::size_t begin = in.offset();
  const bool system = in.take('\\');
  const bool named = !in.run(is_atom_char).empty();
  if (!system || !named) return in.fail_at(begin, "a special use");
  const std::string_view word = in.since(begin);
  const std::optional<MailboxAttribute> use = parse_mailbox_attribute(word);
  if (use && is_special_use(*use))
    command.uses.insert(*use);
  else
    command.other_uses.emplace_back(word);
  return true;
}

// list-select-opts = "(" [list-select-opt *(SP list-select-opt)] ")"; RECURSIVEMATCH not without
// SUBSCRIBED or SPECIAL-USE                      (RFC 5258 §6, RFC 6154 §6)
bool list_select_options(Scanner& in, ListCommand& command) {
  using enum ListSelect;
  const std::size_t begin = in.offset();
  const bool read = list(in, true, [&] {
    if (in.take_word("SUBSCRIBED"))
      command.select.insert(Subscribed);
    else if (in.take_word("REMOTE"))
      command.select.insert(Remote);
    else if (in.take_word("RECURSIVEMATCH"))
      command.select.insert(RecursiveMatch);
    else if (in.take_word("SPECIAL-USE"))
      command.select.insert(SpecialUse);
    else
      return in.fail("a selection option of LIST");
    return true;
  });
  if (!read) return false;
  const bool alone = command.select.contains(RecursiveMatch) &&
                     !command.select.contains(Subscribed) && !command.select.contains(SpecialUse);
  return !alone || in.fail_at(begin, "a selection option beside RECURSIVEMATCH");
}

// list-return-opts = "RETURN" SP "(" [return-option *(SP return-option)] ")"
// return-option = "SUBSCRIBED" / "CHILDREN" / "SPECIAL-USE" /
//                 "STATUS" SP "(" status-att *(SP status-att) ")"
//                                                (RFC 5258 §6, RFC 5819 §4, RFC 6154 §6)
bool list_return_options(Scanner& in, ListCommand& command) {
  using enum ListReturn;
  return in.space() && list(in, true, [&] {
           if (in.take_word("SUBSCRIBED"))
             command.returns.insert(Subscribed);
           else if (in.take_word("CHILDREN"))
             command.returns.insert(Children);
           else if (in.take_word("SPECIAL-USE"))
             command.returns.insert(SpecialUse);
           else if (in.take_word("STATUS")) {
             command.returns.insert(Status);
             return in.space() && status_items(in, command.status);
           } else
             return in.fail("a return option of LIST");
           return true;
         });
}

// mbox-or-pat = list-mailbox / patterns; patterns = "(" list-mailbox *(SP list-mailbox) ")"
//                                                (RFC 5258 §6)
bool patterns(Scanner& in, ListCommand& command) {
  const auto pattern = [&] { return in.list_mailbox(command.patterns.emplace_back()); };
  if (in.peek() != '(') return pattern();
  command.extended = true;
  return list(in, false, pattern);
}

// literal8 between the parentheses of UTF8 (RFC 6855 §4), or literal / literal8
bool message_octets(Scanner& in, AppendMessage& message) {
  message.utf8 = in.take_word("UTF8");
  if (message.utf8 && (!in.space() || !in.expect('('))) return false;
  if (message.utf8 ? in.peek() != '~' : !in.at_literal())
    return in.fail(message.utf8 ? "a literal8" : "a literal with the message");
  std::size_t index = 0;
  if (!in.literal(index)) return false;
  Literal& literal = in.literal_at(index);
  message.octets = std::move(literal.octets);
  message.size = literal.size;
  message.binary = literal.binary;
  return !message.utf8 || in.expect(')');
}

// append-message = [SP flag-list] [SP date-time] SP append-data   (RFC 4466 §3, RFC 3502 §6.3.11)
// append-data = literal / literal8 / "UTF8" SP "(" literal8 ")"   (RFC 6855 §4)
bool append_message(Scanner& in, AppendMessage& message) {
  if (!in.space()) return false;
  if (in.peek() == '(' && (!flag_list(in, message.flags) || !in.space())) return false;
  if (in.peek() == '"') {
    std::string text;
    const std::size_t begin = in.offset();
    if (!in.quoted(text)) return false;
    message.internal_date = DateTime::parse(text);
    if (!message.internal_date)
      return in.fail_at(begin, "a date like \" 2-Mar-2026 09:15:00 +0100\"");
    if (!in.space()) return false;
  }
  return message_octets(in, message);
}

}  // namespace

// select = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]   (RFC 4466 §3)
// select-param = "CONDSTORE" / "QRESYNC" SP "(" ... ")"                       (RFC 7162 §7)
bool select(Scanner& in, SelectCommand& command, bool zero_modseq) {
  if (!in.space() || !mailbox(in, command.mailbox)) return false;
  if (only_spaces(in)) return true;
  return in.space() && list(in, false, [&] {
           if (in.take_word("CONDSTORE")) return command.condstore = true;
           if (in.take_word("QRESYNC")) return qresync(in, command.qresync.emplace(), zero_modseq);
           return in.fail("CONDSTORE or QRESYNC");
         });
}

// create = "CREATE" SP mailbox [SP "(" create-param *(SP create-param) ")"]   (RFC 4466 §3)
// create-param = "USE" SP "(" [use-attr *(SP use-attr)] ")"                   (RFC 6154 §6)
bool create(Scanner& in, CreateCommand& command) {
  if (!in.space() || !mailbox(in, command.mailbox)) return false;
  if (only_spaces(in)) return true;
  return in.space() && list(in, false, [&] {
           if (!in.take_word("USE")) return in.fail("USE");
           return in.space() && list(in, true, [&] { return use_attribute(in, command); });
         });
}

// rename = "RENAME" SP mailbox SP mailbox        (RFC 9051 §9)
bool rename(Scanner& in, RenameCommand& command) {
  return in.space() && mailbox(in, command.from) && in.space() && mailbox(in, command.to);
}

// list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]
//                                                (RFC 5258 §6)
bool list_command(Scanner& in, ListCommand& command) {
  if (!in.space()) return false;
  if (in.peek() == '(') {
    command.extended = true;
    if (!list_select_options(in, command) || !in.space()) return false;
  }
  if (!in.reference(command.reference) || !in.space() || !patterns(in, command)) return false;
  if (only_spaces(in)) return true;
  if (!in.space()) return false;
  command.extended = true;
  return in.take_word("RETURN") ? list_return_options(in, command) : in.fail("RETURN");
}

// lsub = "LSUB" SP mailbox SP list-mailbox       (RFC 3501 §9)
bool lsub(Scanner& in, ListCommand& command) {
  return in.space() && in.reference(command.reference) && in.space() &&
         in.list_mailbox(command.patterns.emplace_back());
}

// status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"   (RFC 9051 §9)
bool status(Scanner& in, StatusCommand& command) {
  return in.space() && mailbox(in, command.mailbox) && in.space() &&
         status_items(in, command.items);
}

// append = "APPEND" SP mailbox 1*append-message  (RFC 4466 §3)
bool append(Scanner& in, AppendCommand& command) {
  if (!in.space() || !mailbox(in, command.mailbox)) return false;
  do
    if (!append_message(in, command.messages.emplace_back())) return false;
  while (!only_spaces(in));
  return true;
}

// getquota = "GETQUOTA" SP quota-root-name; quota-root-name = astring   (RFC 9208 §7)
bool get_quota(Scanner& in, QuotaCommand& command) {
  return in.space() && in.astring(command.root, "a quota root");
}

// setquota = "SETQUOTA" SP quota-root-name SP "(" [setquota-resource *(SP setquota-resource)] ")"
// setquota-resource = resource-name SP resource-limit                   (RFC 9208 §7)
bool set_quota(Scanner& in, QuotaCommand& command) {
  return get_quota(in, command) && in.space() && list(in, true, [&] {
           auto& [resource, limit] = command.limits.emplace_back();
           std::string_view word;
           if (!in.atom(word, "a resource")) return false;
           for (const char c : word) resource += to_upper(c);
           return in.space() && in.number64(limit);
         });
}

}  // namespace mailscope::imap::grammar
