// The reference's tables, by what their words are. For the sources of reference.hpp only.
#pragma once

#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"

namespace mailscope::imap {

inline constexpr std::string_view kImapName = "IMAP";
// Contexts of words that are no command and no response.
inline constexpr std::string_view kResponseContext =
    "response";  // of a word that is a command, too
inline constexpr std::string_view kStateContext = "state";
inline constexpr std::string_view kCodeContext = "response code";
inline constexpr std::string_view kFlagContext = "flag";
inline constexpr std::string_view kFetchContext = "fetch item";
inline constexpr std::string_view kSearchContext = "search key";
inline constexpr std::string_view kStatusContext = "status item";
inline constexpr std::string_view kMailboxContext = "mailbox attribute";
inline constexpr std::string_view kCapabilityContext = "capability";
inline constexpr std::string_view kNotationContext = "notation";

std::span<const ReferenceEntry> command_entries();
std::span<const ReferenceEntry> response_entries();  // also in answer to a command, and states
std::span<const ReferenceEntry> code_entries();
std::span<const ReferenceEntry> item_entries();    // flags, fetch and status items, attributes
std::span<const ReferenceEntry> search_entries();  // search and sort keys
std::span<const ReferenceEntry> capability_entries();
std::span<const ReferenceEntry> notation_entries();  // "2:4", "{12}", "BODY[...]"

}  // namespace mailscope::imap
