// The part reader over public collections of messages with expected results, where they stand
// beside the project: Apache James mime4j's and stalwartlabs/mail-parser's.

#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "protocols/mime/address_list.hpp"
#include "protocols/mime/date.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "reading.hpp"
#include "tests/testing.hpp"

namespace fs = std::filesystem;
using namespace mailscope::mime;
using namespace mailscope::mime::test;

namespace {

fs::path collection(const char* name) {
  return fs::path(mailscope::testing::source_dir()) / ".." / "shared" / "mime" / name;
}

bool missing(const fs::path& folder) {
  if (fs::is_directory(folder)) return false;
  mailscope::testing::skip(folder.filename().string() + " is not beside the project");
  return true;
}

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == extension) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

void read_everything(const std::string& message) {
  const auto whole = read_events(message, {});
  for (std::size_t chunk : {1u, 3u, 64u, 1460u}) CHECK(read_in_chunks(message, chunk) == whole);
  const std::vector<Field> fields = read_fields(message);
  for (const Field& field : fields) {
    const std::string body = field.body();
    (void)decode_words(body);
    (void)read_addresses(body);
    (void)parse_date(body);
  }
}

// The decoded leaves that mime4j expects, in their order.
std::vector<std::string> expected_leaves(const fs::path& message) {
  const fs::path stem = message.parent_path() / message.stem();
  const std::string xml = slurp(stem.string() + "_decoded.xml");
  static const std::regex name("<(?:text|binary)-body name=\"([^\"]*)\"");
  std::vector<std::string> leaves;
  for (std::sregex_iterator i(xml.begin(), xml.end(), name), end; i != end; ++i)
    leaves.push_back(slurp(message.parent_path() / (*i)[1].str()));
  return leaves;
}

}  // namespace

TEST_CASE("Every message of the collections is read, the same for any chunking") {
  const fs::path folder = collection("");
  if (missing(folder.parent_path())) return;
  std::size_t messages = 0;
  for (const char* extension : {".msg", ".eml"}) {
    for (const fs::path& file : files(folder, extension)) {
      INFO(file.string());
      read_everything(slurp(file));
      ++messages;
    }
  }
  CHECK(messages >= 60);
}

TEST_CASE("The leaves of mime4j's messages are those that it expects") {
  const fs::path folder = collection("mime4j");
  if (missing(folder)) return;
  // Where we read otherwise on purpose, and why.
  const std::map<std::string, std::string> otherwise = {
      {"base64encoded-rfc822message",
       "an encoded message/rfc822 is a leaf, decoded (RFC 2046 §5.2.1)"},
      {"base64encoded-rfc822message-nested", "the same"},
      {"bad-newlines-multiple-parts-base64", "the same"},
      {"malformedHeaderStartsBody-nocrlfcrlf", "mime4j loses the body's second line; we keep it"},
      {"malformedHeaderStartsBody-noheader", "the same"},
      {"weird-boundary", "a boundary does not end in white space (RFC 2046 §5.1.1)"},
      {"very-long-boundary", "a boundary of 700 octets is refused (RFC 2046 §5.1.1: at most 70)"},
      {"very-very-long-boundary", "the same, of 7000 octets"},
  };
  std::size_t agreed = 0;
  for (const fs::path& file : files(folder, ".msg")) {
    const std::string name = file.stem().string();
    INFO(name);
    PartReaderOptions options;
    options.odd_line_begins_body = name.starts_with("malformedHeaderStartsBody");
    std::vector<std::string> got;
    for (const Leaf& leaf : read_leaves(slurp(file), {}, options)) got.push_back(leaf.octets);
    const bool same = got == expected_leaves(file);
    agreed += same;
    CHECK(same == (otherwise.count(name) == 0));
  }
  CHECK(agreed == 32 - otherwise.size());
}
