// What the record types, answer codes and words of DNS mean, in plain words. RFC 1034, RFC 1035,
// RFC 2308, RFC 3596, RFC 5321 §5.1, RFC 7505. All text is static.
#pragma once

#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"
#include "protocols/dns/message.hpp"

namespace mailscope::dns {

std::span<const ReferenceEntry> reference();

// One short line for the list's "meaning" column.
std::string_view gist(Type type);    // "asks who takes mail for a domain"
std::string_view gist(Rcode rcode);  // "there is no such name"

}  // namespace mailscope::dns
