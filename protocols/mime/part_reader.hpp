// Reads a message as it streams by and tells its parts: where each begins, what its header says,
// its decoded octets, where it ends. RFC 2045, RFC 2046; the header fields as in header.hpp.
//
//   boundary line = CRLF "--" boundary ["--"] *WSP (CRLF / end)
//       ; RFC 2046 §5.1.1: the CRLF belongs to it
//
// receive() takes chunks of any size; how they are cut changes only how PartOctets are cut. Events
// are to be taken after each receive(); their views are valid until the next receive() or
// receive_end(), and no longer than the chunk that was given.
//
// Parts are numbered as IMAP does (RFC 3501 §6.4.5): the parts of a multipart "1", "2", "2.1"; a
// message that is no multipart has the one part "1". A message/rfc822 part "2" is a container, too:
// if a multipart is in it, that has the path "2" as well and its parts are "2.1", "2.2"; else what
// is in it is "2.1".
//
// Borne: bare LF line ends; a header section that lacks its empty line; a boundary never closed (an
// outer boundary or the end closes it, RFC 2046 §5.1.2); words behind a boundary on its line when
// white space comes first (RFC 2046 §5.1.1); a multipart that names no boundary (it is a leaf).
// "--a" is not "--ab". A message/rfc822 that is itself encoded, against RFC 2046 §5.2.1, is a leaf
// and decoded.
//
// Bounded: kDepthMax containers deep, what lies deeper is a leaf; of a header section kHeaderMax
// octets are kept, further lines are passed over; a multipart whose boundary is longer than
// kBoundaryMax (RFC: 70) is a leaf. Held back between chunks are at most kBoundaryMax + 8 octets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocols/mime/boundary.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::mime {

// What a part's header says. Strings are UTF-8 where they could be decoded.
struct Part {
  enum class Kind : std::uint8_t { Leaf, Multipart, Message };
  Kind kind = Kind::Leaf;
  int depth = 0;     // containers around it
  std::string path;  // "1", "2.1"; empty for the outermost multipart
  std::string type;  // "text/plain": lower case; the default of RFC 2045 §5.2, RFC 2046 §5.1.5
  std::string encoding;     // "base64", lower case; empty when not stated
  std::string charset;      // lower case; empty when not stated
  std::string file_name;    // as sent, decoded; see without_folders() in parameter.hpp
  std::string disposition;  // "attachment", "inline", lower case; empty when not stated
  std::string boundary;     // a multipart's
  std::string content_id;
  bool stated_type = false;  // there was a Content-Type that could be read
  std::string_view header;   // the header section as it stood; only while Begin is looked at
};

struct PartEvent {
  enum class Kind : std::uint8_t {
    Begin,   // `part`
    Octets,  // `octets`: decoded content of the leaf that began last
    End,     // `part` again; `encoded_octets` and `complete`
  };
  Kind kind{};
  const Part* part = nullptr;
  std::string_view octets;
  std::uint64_t encoded_octets = 0;  // End of a leaf: its content before decoding
  std::uint64_t decoded_octets = 0;
  std::uint64_t damage = 0;  // characters that its encoding does not have
  int children = 0;      // End of a container: parts directly in it; 0 where no boundary ever came
  bool complete = true;  // End: false when a missing boundary, or the end, closed it
};

// The fields of the outermost header that lists show, decoded to UTF-8.
struct MessageHeader {
  std::string subject, message_id, from, to, cc, date;
};

struct PartReaderOptions {
  bool decode = true;         // false: PartOctets are as encoded (structure only)
  bool open_messages = true;  // go down into message/rfc822
  // A line in a header section that is neither a field nor folded: true, the body begins with it
  // (as if the empty line were missing); false, it is passed over.
  bool odd_line_begins_body = true;
};

class PartReader {
 public:
  static constexpr int kDepthMax = 100;
  static constexpr std::size_t kHeaderMax = 256 * 1024;

  explicit PartReader(PartReaderOptions options = {});
  ~PartReader();
  PartReader(PartReader&&) noexcept;
  PartReader& operator=(PartReader&&) noexcept;

  void receive(std::string_view octets);
  void receive_end();
  const PartEvent* next_event();

  // Of the outermost header; empty until it is complete.
  const MessageHeader& header() const;
  std::uint64_t octets() const;  // received so far

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace mailscope::mime
