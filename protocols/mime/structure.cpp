#include "protocols/mime/structure.hpp"

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/mime/boundary.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/quoted_printable.hpp"

namespace mailscope::mime {
namespace {

constexpr std::array<std::string_view, kContentFieldCount> kContentFields = {
    "Type", "Transfer-Encoding", "Disposition", "Language", "Location", "ID", "Description", "MD5"};

// Where the reading stands: octets and line ends in front of it.
struct Mark {
  std::size_t at = 0;
  std::size_t lines = 0;
};

ParameterizedField or_default(ParameterizedField type, const Entity& entity) {
  if (is_media_type(type.value)) return type;
  return {entity.in_digest ? "message/rfc822" : "text/plain", {}};
}

ParameterizedField stated_type(const Structure& structure, const Entity& entity) {
  const std::string body = structure.field(entity, ContentField::Type).value_or("");
  return or_default(read_parameters(body), entity);
}

class StructureReader {
 public:
  explicit StructureReader(std::string_view message) { out_.message = message; }

  Structure run() {
    read_entity(kNoEntity, 0, false);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kEnd = static_cast<std::size_t>(-1);

  Entity& entity(EntityIndex index) { return out_.entities[index]; }
  std::string_view rest() const { return out_.message.substr(here_.at); }

  EntityIndex add(EntityIndex parent, bool in_digest) {
    const auto index = static_cast<EntityIndex>(out_.entities.size());
    Entity& added = out_.entities.emplace_back();
    added.parent = parent;
    added.in_digest = in_digest;
    return index;
  }

  // Up to the boundary line, or the end, that closes it.
  void read_entity(EntityIndex parent, int depth, bool in_digest) {
    const EntityIndex index = add(parent, in_digest);
    const bool ended = read_header(index);
    const Mark body = here_;
    const ParameterizedField type = stated_type(out_, entity(index));
    std::string boundary = multipart_boundary(type);
    const bool may_open = depth < Structure::kDepthMax && !is_full();
    if (may_open && !boundary.empty()) {
      entity(index).kind = Entity::Kind::Multipart;
      if (!ended)
        read_multipart(index, std::move(boundary), depth, type.value == "multipart/digest");
    } else if (may_open && is_message_type(type.value)) {
      entity(index).kind = Entity::Kind::Message;
      entity(index).first_child = static_cast<EntityIndex>(out_.entities.size());
      if (ended) {
        add_empty(index);
      } else {
        read_entity(index, depth + 1, false);
      }
    } else if (!ended) {
      skip_to_delimiter();
    }
    Entity& read = entity(index);
    if (ended) {
      read.body = {read.header.end, read.header.end};
    } else {
      read.body = {body.at, content_end_.at};
      read.body_lines = content_end_.lines - body.lines;
    }
  }

  // A message/rfc822 whose header section a boundary line ended holds an empty one.
  void add_empty(EntityIndex parent) {
    const std::size_t at = entity(parent).header.end;
    Entity& empty = entity(add(parent, false));
    empty.header = empty.body = {at, at};
  }

  void read_multipart(EntityIndex index, std::string boundary, int depth, bool is_digest) {
    const std::size_t level = open_.size();
    open_.push_back(std::move(boundary));
    skip_to_delimiter();
    EntityIndex last = kNoEntity;
    while (found_level_ == level && found_ == Delimiter::Next) {
      const auto child = static_cast<EntityIndex>(out_.entities.size());
      (last == kNoEntity ? entity(index).first_child : entity(last).next) = child;
      last = child;
      read_entity(index, depth + 1, is_digest);
    }
    open_.pop_back();
    if (found_level_ == level) skip_to_delimiter();  // the epilogue
  }

  // Reads up to and with the empty line. True: a boundary line, or the end, came first.
  bool read_header(EntityIndex index) {
    const Mark begin = here_;
    floor_ = here_.at;
    bool ended = ends_here();
    while (!ended && take_line() > 0) ended = ends_here();
    const Mark end = ended ? content_end_ : here_;
    if (!ended) floor_ = here_.at;
    entity(index).header = {begin.at, end.at};
    entity(index).header_lines = end.lines - begin.lines;
    note_fields(index);
    return ended;
  }

  void note_fields(EntityIndex index) {
    Entity& noted = entity(index);
    FieldCursor cursor(noted.header.of(out_.message));
    constexpr std::string_view kPrefix = "Content-";
    for (Field field; cursor.next(field);) {
      if (!starts_with_no_case(field.name, kPrefix)) continue;
      const std::string_view name = field.name.substr(kPrefix.size());
      for (std::size_t i = 0; i < kContentFieldCount; ++i) {
        if (noted.fields[i].end != 0 || !equal_no_case(name, kContentFields[i])) continue;
        const auto at = static_cast<std::size_t>(field.raw.data() - out_.message.data());
        noted.fields[i] = {at, at + field.raw.size()};
      }
    }
  }

  // Takes a line with its end; returns its length without.
  std::size_t take_line() {
    const std::string_view text = rest();
    const std::size_t lf = text.find('\n');
    if (lf == std::string_view::npos) {
      here_.at = out_.message.size();
      return text.size();
    }
    here_.at += lf + 1;
    ++here_.lines;
    return lf > 0 && text[lf - 1] == '\r' ? lf - 1 : lf;
  }

  bool is_full() const { return out_.entities.size() == Structure::kEntitiesMax; }

  // Whether the message ends here, or a boundary line of an open multipart begins; that is taken.
  bool ends_here() {
    if (here_.at < out_.message.size()) return at_delimiter();
    found_level_ = kEnd;
    content_end_ = here_;
    return true;
  }

  bool at_delimiter() {
    if (open_.empty() || is_full()) return false;
    const std::string_view line = rest();
    if (!line.starts_with("--")) return false;
    for (std::size_t level = open_.size(); level-- > 0;) {
      const Delimiter delimiter = match_delimiter(line.substr(2), open_[level], true);
      if (delimiter == Delimiter::No) continue;
      found_ = delimiter;
      found_level_ = level;
      content_end_ = here_.at == floor_ ? here_ : without_line_end(here_);
      take_line();
      // No part can begin behind a line that the end cuts off.
      if (!out_.message.substr(0, here_.at).ends_with('\n')) found_ = Delimiter::Close;
      return true;
    }
    return false;
  }

  // The line end in front of a boundary line belongs to that.
  Mark without_line_end(Mark mark) const {
    --mark.at, --mark.lines;
    if (mark.at > 0 && out_.message[mark.at - 1] == '\r') --mark.at;
    return mark;
  }

  void skip_to_delimiter() {
    while (!ends_here()) take_line();
  }

  Structure out_;
  Mark here_;
  std::vector<std::string> open_;  // boundaries of the multiparts around, the outermost first
  // What ended the last entity: a boundary line of open_[found_level_], or the end (kEnd). In front
  // of it stands content_end_.
  Delimiter found_ = Delimiter::No;
  std::size_t found_level_ = kEnd;
  Mark content_end_;
  // A header section keeps its empty line, and what is empty stays where it is: here no boundary
  // line takes the line end in front of it.
  std::size_t floor_ = 0;
};

}  // namespace

Structure read_structure(std::string_view message) {
  return StructureReader(message).run();
}

const Structure& WholeMessage::structure() {
  if (!structure_) structure_ = read_structure(octets_);
  return *structure_;
}

std::size_t WholeMessage::header_end() {
  if (!header_end_) header_end_ = std::min(body_offset(octets_), octets_.size());
  return *header_end_;
}

std::optional<std::string> Structure::field(const Entity& entity, ContentField name) const {
  const Span span = entity.fields[static_cast<std::size_t>(name)];
  if (span.end == 0) return std::nullopt;
  return std::string(trim(unfold(span.of(message))));
}

std::optional<EntityIndex> find_part(const Structure& structure,
                                     std::span<const std::uint32_t> number) {
  EntityIndex at = 0;
  bool is_content = true;  // of a message: not a part of its own yet
  for (const std::uint32_t n : number) {
    const Entity* entity = &structure.entities[at];
    if (!is_content && entity->kind == Entity::Kind::Message) {
      at = entity->first_child;
      entity = &structure.entities[at];
      is_content = true;
    }
    if (entity->kind == Entity::Kind::Multipart) {
      at = entity->first_child;
      for (std::uint32_t i = 1; i < n && at != kNoEntity; ++i) at = structure.entities[at].next;
      if (at == kNoEntity || n == 0) return std::nullopt;
    } else if (!is_content || n != 1) {
      return std::nullopt;
    }
    is_content = false;
  }
  return at;
}

namespace {
// Of what should be a container and was not opened, the octets are there to be read.
ParameterizedField unless_closed(ParameterizedField type, const Entity& entity) {
  const bool is_container =
      starts_with_no_case(type.value, "multipart/") || is_message_type(type.value);
  if (entity.kind == Entity::Kind::Leaf && is_container) return {"text/plain", {}};
  return type;
}
}  // namespace

ParameterizedField content_type(const Structure& structure, const Entity& entity) {
  return unless_closed(stated_type(structure, entity), entity);
}

ParameterizedField content_type_as_written(const Structure& structure, const Entity& entity) {
  const std::string body = structure.field(entity, ContentField::Type).value_or("");
  return unless_closed(or_default(read_parameters_as_written(body), entity), entity);
}

std::string transfer_encoding_as_written(const Structure& structure, const Entity& entity) {
  const std::string field = structure.field(entity, ContentField::TransferEncoding).value_or("");
  const std::string token = field.substr(0, field.find_first_of(" \t;("));
  return token.empty() ? "7bit" : token;
}

std::string transfer_encoding(const Structure& structure, const Entity& entity) {
  std::string encoding = transfer_encoding_as_written(structure, entity);
  std::transform(encoding.begin(), encoding.end(), encoding.begin(), to_lower);
  return encoding;
}

ParameterizedField disposition(const Structure& structure, const Entity& entity) {
  return read_parameters(structure.field(entity, ContentField::Disposition).value_or(""));
}

// Content-Language = language-tag *("," language-tag), comments between; RFC 3282 §2.
std::vector<std::string> languages(const Structure& structure, const Entity& entity) {
  const std::string body = structure.field(entity, ContentField::Language).value_or("");
  std::vector<std::string> tags(1);
  int depth = 0;
  for (const char c : body) {
    if (c == '(') ++depth;
    if (depth == 0 && c == ',') tags.emplace_back();
    if (depth == 0 && (is_alpha(c) || is_digit(c) || c == '-')) tags.back() += c;
    if (c == ')' && depth > 0) --depth;
  }
  std::erase(tags, "");
  return tags;
}

std::optional<std::string> decoded_body(const Structure& structure, const Entity& entity) {
  const std::string encoding = transfer_encoding(structure, entity);
  const std::string_view body = entity.body.of(structure.message);
  if (encoding == "base64") return base64_decode(body);
  if (encoding == "quoted-printable") return quoted_printable_decode(body);
  if (encoding == "7bit" || encoding == "8bit" || encoding == "binary") return std::string(body);
  return std::nullopt;
}

}  // namespace mailscope::mime
