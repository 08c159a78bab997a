// A message as a tree of spans into it: each entity's header, its body, what its header says of it.
// RFC 5322 §2.1, RFC 2045 §2.4, RFC 2046 §5.
//
//   entity    = header body                        ; the message itself, or a body part
//   multipart = preamble *(delimiter entity) close-delimiter epilogue       RFC 2046 §5.1.1
//   message   = entity                             ; message/rfc822 has one in it (§5.2.1)
//
// part_reader.hpp reads a message that streams by and decodes it; this one wants it whole, and
// copies nothing: what a field says is read when it is asked for. Views and spans are good as long
// as the message is. It takes one pass over the octets.
//
// A header section ends with its empty line and nowhere else (a line that is no field is passed
// over), or where a boundary line or the octets end. A message/rfc822 is gone into whatever
// encoding it names, since RFC 2046 §5.2.1 allows only such as change nothing. Line ends are CRLF
// or LF. A boundary that never closes is closed by an outer one or the end; of two open multiparts
// with the same boundary the inner one takes it. Never fails.
//
// Bounded: containers deeper than kDepthMax are leaves; after kEntitiesMax entities, what is left
// is the last one's body.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mime/parameter.hpp"

namespace mailscope::mime {

// Offsets into the message.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  std::string_view of(std::string_view message) const { return message.substr(begin, size()); }
  friend bool operator==(const Span&, const Span&) = default;
};

// The fields that tell what an entity is. RFC 2045 §3, RFC 2183, RFC 3282, RFC 2557 §4, RFC 1864.
enum class ContentField : std::uint8_t {
  Type,
  TransferEncoding,
  Disposition,
  Language,
  Location,
  Id,
  Description,
  Md5,
};
inline constexpr std::size_t kContentFieldCount = 8;

using EntityIndex = std::uint32_t;
inline constexpr EntityIndex kNoEntity = 0xffffffff;

struct Entity {
  enum class Kind : std::uint8_t { Leaf, Multipart, Message };
  Kind kind = Kind::Leaf;
  bool in_digest = false;  // its type, where it states none, is message/rfc822 (RFC 2046 §5.1.5)
  Span header;             // with its empty line
  Span body;               // as encoded; a multipart's with preamble and epilogue
  std::size_t header_lines = 0, body_lines = 0;  // line ends in them
  EntityIndex parent = kNoEntity;
  EntityIndex first_child = kNoEntity;  // a multipart may have none, a message has one
  EntityIndex next = kNoEntity;         // the parent's next child
  // What is behind the colon, folds included; {0, 0} where there is no such field. The first of
  // several counts.
  std::array<Span, kContentFieldCount> fields{};
};

struct Structure {
  static constexpr int kDepthMax = 100;
  static constexpr std::size_t kEntitiesMax = 10'000;

  std::string_view message;
  std::vector<Entity> entities;  // in the order of the octets; the first is the message

  const Entity& root() const { return entities.front(); }
  // A field's body unfolded and without white space at its ends; nothing where it is not there.
  std::optional<std::string> field(const Entity& entity, ContentField name) const;
};

Structure read_structure(std::string_view message);

// A message that may be asked many things: each is read when it is first wanted. A header is found
// without a look at the body.
class WholeMessage {
 public:
  explicit WholeMessage(std::string_view octets) : octets_(octets) {}
  std::string_view octets() const { return octets_; }
  std::string_view header() { return octets_.substr(0, header_end()); }  // with its empty line
  std::string_view body() { return octets_.substr(header_end()); }
  const Structure& structure();

 private:
  std::size_t header_end();

  std::string_view octets_;
  std::optional<std::size_t> header_end_;
  std::optional<Structure> structure_;
};

// The part with that number (RFC 3501 §6.4.5): {2, 1} is "2.1". The parts of a multipart are 1, 2,
// ...; an entity that is none has the one part 1, which is itself; a number behind a message/rfc822
// counts in the message that it holds.
std::optional<EntityIndex> find_part(const Structure& structure,
                                     std::span<const std::uint32_t> number);

// ---- what an entity's fields say, the defaults of RFC 2045 §5.2 and §6.1 filled in ----

// "text/plain" with its parameters decoded (parameter.hpp). A leaf that calls itself multipart or
// message (its boundary is missing, or it is too deep) is told as text/plain, which RFC 2045 §5.2
// recommends for a type in no order.
ParameterizedField content_type(const Structure& structure, const Entity& entity);
// The same with the type and the parameters as they were written.
ParameterizedField content_type_as_written(const Structure& structure, const Entity& entity);
// "base64", lower case; "7bit" where none is stated.
std::string transfer_encoding_as_written(const Structure& structure, const Entity& entity);
std::string transfer_encoding(const Structure& structure, const Entity& entity);
// "attachment" with its parameters; empty where none is stated.
ParameterizedField disposition(const Structure& structure, const Entity& entity);
// "en", "de-AT": the tags in their order, without comments.
std::vector<std::string> languages(const Structure& structure, const Entity& entity);

// The body without its transfer encoding; nothing where that is not known.
std::optional<std::string> decoded_body(const Structure& structure, const Entity& entity);

}  // namespace mailscope::mime
