// The tables that smtp::reference() is made of, one a file. Not for others: they use reference.hpp.
#pragma once

#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"

namespace mailscope::smtp {

inline constexpr std::string_view kSmtp = "SMTP";
// Contexts that are no verbs.
inline constexpr std::string_view kDigit = "digit";
inline constexpr std::string_view kEnhanced = "enhanced code";
inline constexpr std::string_view kExtension = "extension";
inline constexpr std::string_view kMechanism = "mechanism";
inline constexpr std::string_view kState = "state";

std::span<const ReferenceEntry> verb_entries();
std::span<const ReferenceEntry> reply_entries();    // the digits, 2yz, 3yz
std::span<const ReferenceEntry> refusal_entries();  // 4yz, 5yz
std::span<const ReferenceEntry> enhanced_entries();
std::span<const ReferenceEntry> extension_entries();
std::span<const ReferenceEntry> session_entries();

}  // namespace mailscope::smtp
