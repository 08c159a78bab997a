// The pieces that several commands share.
#include "protocols/base/ascii.hpp"
#include "protocols/imap/command_grammar.hpp"

namespace mailscope::imap::grammar {
namespace {

// section-part = nz-number *("." nz-number)      (RFC 9051 §9)
// False without a note where a word begins behind the last ".".
bool section_part(Scanner& in, Section& section) {
  while (is_digit(in.peek())) {
    std::uint32_t number = 0;
    if (!in.nz_number(number)) return false;
    section.part.push_back(number);
    if (section.part.size() > Section::kPartDepthMax) return in.fail("a part less deep");
    if (!in.take('.')) return true;
  }
  return section.part.empty() || is_alpha(in.peek()) || in.fail("a part's number or word");
}

// header-list = "(" header-fld-name *(SP header-fld-name) ")"; header-fld-name = astring
bool header_list(Scanner& in, Section& section) {
  return in.space() && list(in, false, [&] {
           std::string field;
           if (!in.astring(field, "a header field's name")) return false;
           section.fields.push_back(std::move(field));
           return true;
         });
}

// section-text = section-msgtext / "MIME"
// section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT"   (RFC 9051 §9)
bool section_text(Scanner& in, Section& section) {
  section.text = Section::Text::Header;
  if (in.take_word("HEADER")) return true;
  section.text = Section::Text::Body;
  if (in.take_word("TEXT")) return true;
  section.text = Section::Text::HeaderFields;
  if (in.take_word("HEADER.FIELDS")) return header_list(in, section);
  section.text = Section::Text::HeaderFieldsNot;
  if (in.take_word("HEADER.FIELDS.NOT")) return header_list(in, section);
  section.text = Section::Text::Mime;
  if (!section.part.empty() && in.take_word("MIME")) return true;
  return in.fail(section.part.empty() ? "HEADER, HEADER.FIELDS, TEXT or a part's number"
                                      : "HEADER, HEADER.FIELDS, TEXT or MIME");
}

}  // namespace

// sequence-set = (seq-number / seq-range) ["," sequence-set] / "$"
bool sequence_set(Scanner& in, SequenceSet& set) {
  std::string_view text;
  const std::size_t begin = in.offset();
  if (!in.sequence_set_text(text)) return false;
  std::optional<SequenceSet> parsed = SequenceSet::parse(text);
  if (!parsed) return in.fail_at(begin, "a sequence set");
  set = std::move(*parsed);
  return true;
}

// known-uids, known-sequence-set, known-uid-set: sequence-set, where "*" is not allowed (RFC 7162
// §7)
bool known_set(Scanner& in, SequenceSet& set) {
  const std::size_t begin = in.offset();
  if (!sequence_set(in, set)) return false;
  return (!set.has_star() && !set.is_saved_result()) || in.fail_at(begin, "a set without \"*\"");
}

// flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword /
//        flag-extension                          (RFC 9051 §9); not "\Recent"
bool flag(Scanner& in, std::vector<Flag>& flags) {
  const std::size_t begin = in.offset();
  in.take('\\');
  in.run(is_atom_char);
  const std::optional<Flag> flag = Flag::parse(in.since(begin));
  if (!flag || flag->kind() == Flag::Kind::Recent) return in.fail_at(begin, "a flag");
  flags.push_back(*flag);
  return true;
}

// flag-list = "(" [flag *(SP flag)] ")"
bool flag_list(Scanner& in, std::vector<Flag>& flags) {
  return list(in, true, [&] { return flag(in, flags); });
}

// section = "[" [section-spec] "]"
// section-spec = section-msgtext / (section-part ["." section-text])   (RFC 9051 §9)
bool section(Scanner& in, Section& section) {
  if (!in.expect('[', "\"[\"")) return false;
  if (in.take(']')) return true;
  const std::size_t begin = in.offset();
  if (!section_part(in, section)) return false;
  const bool part_alone = !section.part.empty() && !in.since(begin).ends_with('.');
  return (part_alone || section_text(in, section)) && in.expect(']');
}

// section-binary = "[" [section-part] "]"        (RFC 9051 §9)
bool section_binary(Scanner& in, Section& section) {
  return in.expect('[', "\"[\"") && section_part(in, section) && in.expect(']');
}

// "(" status-att *(SP status-att) ")"            (RFC 9051 §9)
bool status_items(Scanner& in, StatusItems& items) {
  return list(in, false, [&] {
    const std::size_t begin = in.offset();
    const std::optional<StatusItem> item = parse_status_item(in.run(is_atom_char));
    if (!item) return in.fail_at(begin, "a status item");
    items.insert(*item);
    return true;
  });
}

// id-params-list = "(" [string SP nstring *(SP string SP nstring)] ")" / nil   (RFC 2971 §4)
bool id_fields(Scanner& in, std::optional<IdFields>& fields) {
  fields.reset();
  if (in.take_word("NIL")) return true;
  fields.emplace();
  return list(in, true, [&] {
    auto& [field, value] = fields->emplace_back();
    return in.string(field) && in.space() && in.nstring(value);
  });
}

}  // namespace mailscope::imap::grammar
