#include "protocols/base/line_splitter.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using mailscope::Line;
using mailscope::LineSplitter;
using namespace std::string_literals;

namespace {

struct Seen {
  std::string text;
  std::uint64_t begin, end;
  int faults;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << '"' << seen.text << "\" [" << seen.begin << ", " << seen.end << ") " << seen.faults;
}

// Every line of `stream`, fed in chunks of the given size.
std::vector<Seen> split(std::string_view stream, std::size_t chunk, std::size_t limit = 100,
                        LineSplitter::BareLf bare_lf = LineSplitter::BareLf::IsText) {
  LineSplitter splitter(limit, bare_lf);
  std::vector<Seen> seen;
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    const std::string octets(stream.substr(at, chunk));
    std::string_view input = octets;
    while (const auto line = splitter.next(input))
      seen.push_back({std::string(line->text), line->begin, line->end, line->faults});
    REQUIRE(input.empty());
  }
  if (const auto line = splitter.finish())
    seen.push_back({std::string(line->text), line->begin, line->end, line->faults});
  REQUIRE(splitter.offset() == stream.size());
  return seen;
}

struct Row {
  std::string stream;
  std::vector<Seen> lines;
};

}  // namespace

TEST_CASE("Only CRLF ends a line, and every other line end is a fault of the line") {
  const int cr = Line::kBareCr, lf = Line::kBareLf, nul = Line::kNul, cut = Line::kUnterminated;
  const std::vector<Row> rows = {
      {"", {}},
      {"NOOP\r\n", {{"NOOP", 0, 6, 0}}},
      {"\r\n", {{"", 0, 2, 0}}},
      {"A\r\nBC\r\n\r\nD\r\n", {{"A", 0, 3, 0}, {"BC", 3, 7, 0}, {"", 7, 9, 0}, {"D", 9, 12, 0}}},
      {"A\nB\r\n", {{"A\nB", 0, 5, lf}}},
      {"A\rB\r\n", {{"A\rB", 0, 5, cr}}},
      {"A\r\r\n", {{"A\r", 0, 4, cr}}},
      {"\n\r\n", {{"\n", 0, 3, lf}}},
      {"\n\r\r\n\r\n", {{"\n\r", 0, 4, lf | cr}, {"", 4, 6, 0}}},
      {"A\0B\r\nC\r\n"s, {{"A\0B"s, 0, 5, nul}, {"C", 5, 8, 0}}},
      {"A\r\nB", {{"A", 0, 3, 0}, {"B", 3, 4, cut}}},
      {"A\r", {{"A\r", 0, 2, cut | cr}}},
      {"A\n", {{"A\n", 0, 2, cut | lf}}},
  };
  for (const Row& row : rows)
    for (const std::size_t chunk :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{99}})
      CHECK(split(row.stream, chunk) == row.lines);
}

TEST_CASE("A line longer than the limit is delivered cut, and the next line is whole") {
  const std::string stream = std::string(1000, 'x') + "\r\nNOOP\r\n";
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{5000}}) {
    const std::vector<Seen> lines = split(stream, chunk, 20);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == Seen{std::string(18, 'x'), 0, 1002, Line::kTooLong});
    CHECK(lines[1] == Seen{"NOOP", 1002, 1008, 0});
  }
}

TEST_CASE("A line of exactly the limit is not too long") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{64}}) {
    CHECK(split(std::string(18, 'x') + "\r\n", chunk, 20)[0].faults == 0);
    CHECK(split(std::string(19, 'x') + "\r\n", chunk, 20)[0].faults == Line::kTooLong);
  }
}

TEST_CASE("An observer may have a bare LF end the line") {
  const auto ends = LineSplitter::BareLf::EndsLine;
  const int lf = Line::kBareLf;
  const std::vector<Seen> expected = {{"EHLO", 0, 5, lf}, {"QUIT", 5, 11, 0}, {"", 11, 12, lf}};
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{64}})
    CHECK(split("EHLO\nQUIT\r\n\n", chunk, 100, ends) == expected);
}

TEST_CASE("A whole line in a chunk is handed out without copying") {
  LineSplitter splitter(100);
  const std::string chunk = "NOOP\r\nQUIT\r\n";
  std::string_view input = chunk;
  const auto first = splitter.next(input);
  const auto second = splitter.next(input);
  REQUIRE((first && second));
  CHECK(first->text.data() == chunk.data());
  CHECK(second->text.data() == chunk.data() + 6);
}

TEST_CASE(
    "Behind a gap the unfinished line is given up and the next one says that its head is missing") {
  LineSplitter splitter(100);
  std::string_view input = "NOOP\r\nMAIL FR";
  REQUIRE(splitter.next(input));
  REQUIRE_FALSE(splitter.next(input));
  const auto cut = splitter.gap(50);
  REQUIRE(cut);
  CHECK(cut->text == "MAIL FR");
  CHECK(cut->faults == Line::kUnterminated);
  input = "a.example>\r\nQUIT\r\n";
  const auto tail = splitter.next(input);
  REQUIRE(tail);
  CHECK(tail->begin == 63);
  CHECK(tail->faults == Line::kHeadMissing);
  const auto whole = splitter.next(input);
  REQUIRE(whole);
  CHECK(whole->text == "QUIT");
  CHECK(whole->faults == 0);
}

TEST_CASE("Octets that went another way count in the offsets") {
  LineSplitter splitter(100);
  std::string_view input = "DATA\r\n";
  REQUIRE(splitter.next(input));
  splitter.skip(1000);
  input = "QUIT\r\n";
  const auto line = splitter.next(input);
  REQUIRE(line);
  CHECK(line->begin == 1006);
  CHECK(line->end == 1012);
}
