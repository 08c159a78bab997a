#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "captures/export/extract.hpp"
#include "tests/captures/observe/talk.hpp"
#include "tests/testing.hpp"

using namespace mailscope;
namespace fs = std::filesystem;

namespace {

// A folder of its own for each case, gone afterwards.
struct Folder {
  fs::path path;
  explicit Folder(std::string_view name)
      : path(fs::path(testing::binary_dir()) / ("extract-" + std::string(name))) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::size_t files_in(const fs::path& path) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path)) count += entry.is_regular_file();
  return count;
}

}  // namespace

TEST_CASE("a file name from the network loses what could lead it out of its folder") {
  struct Row {
    std::string_view name, safe;
  };
  const Row rows[] = {
      {"report.pdf", "report.pdf"},
      {"../../etc/passwd", "passwd"},
      {"/etc/passwd", "passwd"},
      {"C:\\Windows\\x.exe", "x.exe"},
      {"..", ""},
      {".", ""},
      {"", ""},
      {"...", ""},
      {"a/..", ""},
      {".bashrc", "bashrc"},
      {"a\nb\x1b[0m.txt", "a_b_[0m.txt"},
      {"a:b*c?.txt", "a_b_c_.txt"},
      {"trailing. . ", "trailing"},
      {"Gr\xC3\xBC\xC3\x9F"
       "e.txt",
       "Gr\xC3\xBC\xC3\x9F"
       "e.txt"},
      {"bad\xFF\xC3.txt", "bad__.txt"},
      {"photo\xE2\x80\xAEgpj.exe", "photo_gpj.exe"},
      {std::string_view("nul\0.txt", 8), "nul_.txt"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(observe::safe_file_name(row.name) == row.safe);
  }
  const std::string name = observe::safe_file_name(std::string(5000, 'x') + ".tar");
  CHECK(name.size() == 120);
  CHECK(name.ends_with("x.tar"));
  const std::string umlauts = [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "\xC3\xBC";
    return text;
  }();
  CHECK(observe::safe_file_name("a" + umlauts).size() == 119);
}

TEST_CASE("messages and their named parts are written") {
  const Folder folder("parts");
  auto extractor = observe::Extractor::make((folder.path / "out").string());
  REQUIRE(extractor);
  test::Talk talk;
  talk.segment_octets_max = 17;
  talk.open();
  talk.dialogue(
      "S: 220 x ESMTP\nC: EHLO a.example\nS: 250 x\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n");
  talk.dialogue("C: RCPT TO:<c@b.example>\nS: 250 ok\nC: DATA\nS: 354 go\n");
  const std::string content =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n"
      "--b\r\nContent-Type: application/octet-stream; name=\"../../evil.bin\"\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n"
      "--b\r\nContent-Type: text/plain; name=evil.bin\r\n\r\nsecond\r\n--b--\r\n";
  talk.client(content + ".\r\n");
  talk.dialogue("S: 250 ok\n");
  observe::RoadOptions options;
  options.keep = observe::Keep::Summary;
  options.content = extractor->get();
  const trace::Trace trace = talk.trace(options);
  CHECK((*extractor)->error().empty());
  CHECK((*extractor)->files() == 3);
  CHECK(read(folder.path / "out" / "0001.eml") == content);
  CHECK(read(folder.path / "out" / "0001" / "evil.bin") == std::string("\0\1\2", 3));
  CHECK(read(folder.path / "out" / "0001" / "evil-2.bin") == "second");
  CHECK(files_in(folder.path) == 3);
}

TEST_CASE("a folder that holds anything is refused with one line") {
  const Folder folder("full");
  CHECK(observe::Extractor::make(folder.path.string()).has_value());
  std::ofstream(folder.path / "mine.txt") << "x";
  const auto refused = observe::Extractor::make(folder.path.string());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().find('\n') == std::string::npos);
  CHECK_FALSE(observe::Extractor::make((folder.path / "mine.txt").string()).has_value());
  CHECK_FALSE(observe::Extractor::make((folder.path / "no" / "such").string()).has_value());
}
