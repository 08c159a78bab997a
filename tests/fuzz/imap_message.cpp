// A message as IMAP shows and searches it. Entities nest, lie in order and have the lines that they
// tell; what FETCH says of it a client reads as the same values; a section is as long as its part.
#include <algorithm>

#include "fuzz.hpp"
#include "protocols/imap/body_structure.hpp"
#include "protocols/imap/envelope.hpp"
#include "protocols/imap/message_match.hpp"
#include "protocols/imap/response_parser.hpp"
#include "protocols/imap/response_reader.hpp"
#include "protocols/imap/response_writer.hpp"
#include "protocols/imap/section_of.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/imap/thread.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;
using namespace mailscope::imap;

bool has_lines(std::string_view octets, std::size_t lines) {
  return static_cast<std::size_t>(std::count(octets.begin(), octets.end(), '\n')) == lines;
}

void check_entities(const mime::Structure& structure) {
  check(!structure.entities.empty(), "the message is an entity");
  check(structure.entities.size() <= mime::Structure::kEntitiesMax, "entities are bounded");
  for (const mime::Entity& entity : structure.entities) {
    check(entity.header.begin <= entity.header.end && entity.header.end <= entity.body.begin &&
              entity.body.begin <= entity.body.end && entity.body.end <= structure.message.size(),
          "header and body lie in their order");
    check(has_lines(entity.header.of(structure.message), entity.header_lines) &&
              has_lines(entity.body.of(structure.message), entity.body_lines),
          "lines are counted");
    check((entity.kind == mime::Entity::Kind::Message) <= (entity.first_child != mime::kNoEntity),
          "a message holds one");
    std::size_t behind = entity.body.begin;
    for (mime::EntityIndex child = entity.first_child; child != mime::kNoEntity;
         child = structure.entities[child].next) {
      const mime::Entity& inner = structure.entities[child];
      check(behind <= inner.header.begin && inner.body.end <= entity.body.end,
            "children lie in their parent, one behind the other");
      behind = inner.body.end;
    }
  }
}

FetchResponse read_back(std::string response, Utf8 utf8) {
  ResponseReader reader(kResponseLimits);
  std::string_view input = response;
  while (true) {
    WireReader::Answer answer = reader.next(input);
    if (std::holds_alternative<LiteralFollows>(answer)) {
      reader.keep_literal();
      continue;
    }
    WireText* text = std::get_if<WireText>(&answer);
    check(text && input.empty(), "a response is whole");
    auto parsed = parse_response(std::move(*text), utf8);
    check(parsed && std::holds_alternative<FetchResponse>(*parsed), "a response is in order");
    return std::get<FetchResponse>(std::move(*parsed));
  }
}

void check_fetch(mime::WholeMessage& message, Utf8 utf8) {
  const Envelope envelope = read_envelope(message.header());
  const BodyStructure body = read_body_structure(message.structure(), utf8);
  std::string response;
  ResponseWriter writer(response, utf8);
  writer.begin_fetch(1);
  writer.fetch_envelope(envelope);
  writer.fetch_body(body);
  writer.fetch_body_structure(body);
  writer.end_fetch();
  const FetchResponse read = read_back(response, utf8);
  check(read.envelope && *read.envelope == envelope, "the envelope is read as it was");
  check(read.body_structure && *read.body_structure == body, "and so is the structure");
  check(read.body.has_value(), "also without extension data");
}

void check_sections(mime::WholeMessage& message) {
  for (std::uint32_t part = 1; part <= 3; ++part) {
    for (const std::vector<std::uint32_t>& number : {std::vector{part}, {part, 1}, {1, part}}) {
      const Section section{number, Section::Text::All, {}};
      const auto octets = section_of(message, section);
      const auto found = mime::find_part(message.structure(), number);
      check(octets.has_value() == found.has_value(), "a part is there or not");
      if (!octets) continue;
      check(octets->view().size() == message.structure().entities[*found].body.size(),
            "a section is as long as its part");
      binary_of(message, section);
      section_of(message, {number, Section::Text::HeaderFieldsNot, {"X"}});
    }
  }
  const auto fields = section_of(message, {{}, Section::Text::HeaderFieldsNot, {"Subject"}});
  check(fields && fields->view().ends_with("\r\n"), "header fields end in an empty line");
}

void check_search(mime::WholeMessage& message) {
  for (const SearchKey::Kind kind : {SearchKey::Kind::Text, SearchKey::Kind::From}) {
    SearchKey key;
    key.kind = kind;
    key.text = "\xc3\xa9x";
    MessageMatch(key, "").matches(message);
  }
  const std::vector<SortCriterion> criteria = {
      {SortKey::Subject, false}, {SortKey::Date, false}, {SortKey::To, false}};
  SortedMessage keys;
  read_sort_keys(keys, message.header(), criteria);
  check(base_subject(keys.subject).text == keys.subject ||
            keys.subject.find("=?") != std::string::npos,
        "a base subject is its own");
  Threads threads(ThreadAlgorithm::References);
  threads.add(1, message.header(), 0);
  threads.add(2, message.body(), 0);
  check(threads.finish().size() >= 2, "every message is in a thread");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mime::WholeMessage message(view(data, size));
  check_entities(message.structure());
  check_fetch(message, Utf8::No);
  check_fetch(message, Utf8::Yes);
  check_sections(message);
  check_search(message);
  return 0;
}
