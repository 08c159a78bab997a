// A search key that is about what a message says, ready to be asked of many messages: the texts
// and the days of the Date field. RFC 3501 §6.4.4, RFC 9051 §6.4.4.
//
// Texts are found anywhere and in any case (mime/capitals.hpp), in what a reader would see: header
// fields unfolded and their encoded words decoded, bodies without their transfer encoding, all as
// UTF-8. FROM, TO, CC and BCC search the addresses of the envelope, so without comments and quotes.
// BODY looks into the parts that are text or message, at whatever depth; TEXT also into all header
// sections. An empty text is in every field that is there.
//
// SENTBEFORE, SENTON and SENTSINCE take the day as the Date field writes it, "disregarding time and
// timezone"; where there is none that can be read, none of them holds.
//
// A header field is found without a look at the body.
#pragma once

#include <string>
#include <string_view>

#include "protocols/imap/needle.hpp"
#include "protocols/imap/values/search_key.hpp"
#include "protocols/mime/structure.hpp"

namespace mailscope::imap {

// Whether texts can be searched for in that charset; else NO [BADCHARSET]. The empty name is what
// a command without CHARSET means.
bool is_search_charset(std::string_view charset);

class MessageMatch {
 public:
  // `key` is of one of those kinds; `charset` is what its text is written in.
  MessageMatch(const SearchKey& key, std::string_view charset);
  static bool is_about_content(SearchKey::Kind kind);

  bool matches(mime::WholeMessage& message) const;

 private:
  bool has_field(std::string_view header) const;
  bool has_day(std::string_view header) const;
  bool is_in_header(std::string_view header) const;
  bool is_in_bodies(const mime::Structure& structure) const;
  bool is_in_headers(const mime::Structure& structure) const;

  SearchKey::Kind kind_;
  std::string field_;  // of Header and its like
  Needle needle_;
  std::int32_t day_ = 0;  // since 1970-01-01
};

}  // namespace mailscope::imap
