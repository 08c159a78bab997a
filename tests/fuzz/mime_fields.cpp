// A header section and its fields: parameters, encoded words, addresses, dates. What is read and
// written again reads as the same.
#include "fuzz.hpp"
#include "protocols/mime/address_list.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/date.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/parameter.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::fuzz;

void read_body(std::string_view body) {
  const mime::ParameterizedField type = mime::read_content_type(body);
  const mime::ParameterizedField disposition = mime::read_parameters(body);
  check(disposition.parameters.size() <= mime::kParametersMax, "parameters are bounded");
  const std::string name = mime::without_folders(mime::file_name(disposition, type));
  check(name.find('/') == name.npos && name.find('\\') == name.npos && name != "..",
        "a file name leaves no folder");
  const std::string words = mime::decode_words(body);
  if (mime::is_utf8(words) && words.find_first_of("\r\n") == words.npos)
    mime::decode_words(mime::encode_words(words));
  for (const mime::Mailbox& mailbox : mime::read_addresses(body)) mime::format_mailbox(mailbox);
  if (const auto date = mime::parse_date(body)) {
    const auto again = mime::parse_date(mime::format_date(*date));
    check(again && again->unix_seconds == date->unix_seconds, "a date written reads as itself");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view section = view(data, size);
  const std::size_t body = mime::body_offset(section);
  check(body == section.npos || body <= section.size(), "the body begins within the message");
  const std::vector<mime::Field> fields = mime::read_fields(section);
  check(fields.size() <= mime::kFieldsMax, "fields are bounded");
  for (const mime::Field& field : fields) read_body(field.body());
  read_body(section);
  return 0;
}
