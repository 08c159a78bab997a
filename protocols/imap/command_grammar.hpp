// The parts of the command parser, one source for a group of commands. Each function reads a
// command's arguments behind its name, the space in front of them included, and leaves the
// scanner's note where they are not in order.
#pragma once

#include "protocols/imap/command.hpp"
#include "protocols/imap/scanner.hpp"

namespace mailscope::imap::grammar {

// values
bool sequence_set(Scanner& in, SequenceSet& set);
bool known_set(Scanner& in, SequenceSet& set);  // without "*" and "$"
bool flag(Scanner& in, std::vector<Flag>& flags);
bool flag_list(Scanner& in, std::vector<Flag>& flags);
bool section(Scanner& in, Section& section);
bool section_binary(Scanner& in, Section& section);
bool status_items(Scanner& in, StatusItems& items);
bool id_fields(Scanner& in, std::optional<IdFields>& fields);
bool search_key(Scanner& in, SearchKey& key, std::size_t depth);

// command_parser_mailboxes.cpp
bool select(Scanner& in, SelectCommand& command, bool zero_modseq);
bool create(Scanner& in, CreateCommand& command);
bool rename(Scanner& in, RenameCommand& command);
bool list_command(Scanner& in, ListCommand& command);
bool lsub(Scanner& in, ListCommand& command);
bool status(Scanner& in, StatusCommand& command);
bool append(Scanner& in, AppendCommand& command);
bool get_quota(Scanner& in, QuotaCommand& command);
bool set_quota(Scanner& in, QuotaCommand& command);

// command_parser_messages.cpp
bool fetch(Scanner& in, FetchCommand& command, bool uid, bool zero_modseq);
bool store(Scanner& in, StoreCommand& command);
bool copy(Scanner& in, CopyCommand& command);
bool uid_expunge(Scanner& in, UidExpungeCommand& command);

// command_parser_search.cpp
bool search(Scanner& in, SearchCommand& command);
bool sort(Scanner& in, SortCommand& command);
bool thread(Scanner& in, ThreadCommand& command);

}  // namespace mailscope::imap::grammar
