// scenarios/lessons/curriculum.md tells instructors where to jump to: what it names has to be
// there.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "scenarios/lessons/shipped.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"
#include "tests/testing.hpp"

using namespace mailscope;

namespace {

std::vector<std::string> table_rows() {
  std::ifstream in(testing::source_dir() + "/scenarios/lessons/curriculum.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(in, line);)
    if (line.rfind("| ", 0) == 0) rows.push_back(line);
  return rows;
}

bool shipped(const std::string& name) {
  const auto& all = scenarios::shipped_scenarios();
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& lesson) { return lesson.name == name; });
}

using Titles = std::vector<std::string>;

// In the order of the file.
Titles chapters_written(const std::string& name) {
  Titles titles;
  const auto scenario = *scenarios::load_scenario(name);
  for (const auto& note : scenario.notes)
    if (note.kind == trace::NoteKind::Chapter) titles.push_back(note.text);
  return titles;
}

// By time in the run: the first is the one that key 1 jumps to.
Titles chapters_of(const std::string& name) {
  const auto scenario = *scenarios::load_scenario(name);
  auto notes = scenarios::play(scenario, scenario.seed).trace.notes;
  std::stable_sort(notes.begin(), notes.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  Titles titles;
  for (const auto& note : notes)
    if (note.kind == trace::NoteKind::Chapter) titles.push_back(note.text);
  return titles;
}

std::string row_of(const std::string& topic) {
  for (const std::string& row : table_rows())
    if (row.rfind("| " + topic + " |", 0) == 0) return row;
  return {};
}

// "chapters 1 (VRFY), 2 (EXPN) and 3" -> 3
std::size_t last_chapter_in(const std::string& text) {
  const std::string bare = std::regex_replace(text, std::regex(R"(\([^)]*\))"), "");
  std::size_t last = 0;
  const std::regex number(R"(\d+)");
  for (std::sregex_iterator at(bare.begin(), bare.end(), number), end; at != end; ++at)
    last = std::max<std::size_t>(last, std::stoul(at->str()));
  return last;
}

}  // namespace

TEST_CASE("each scenario and each chapter that the curriculum names exists") {
  // A name, then perhaps ", chapters 1 (this), 2 and 4" or ": chapter 3".
  const std::regex kNamed(
      R"(`([a-z0-9-]+)`(?:,|:)? ?((?:chapters? )(?:\d+(?: \([^)]*\))?(?:, | and | to )?)+)?)");
  std::size_t chapters = 0;
  std::map<std::string, Titles> known;
  for (const std::string& row : table_rows()) {
    INFO(row);
    for (std::sregex_iterator at(row.begin(), row.end(), kNamed), end; at != end; ++at) {
      const std::string name = (*at)[1];
      const bool with_chapter = (*at)[2].matched;
      if (!shipped(name)) {
        INFO(name);
        CHECK_FALSE(with_chapter);
        CHECK(name.find('-') == std::string::npos);  // `process`, `lan`: no scenarios
        continue;
      }
      if (!with_chapter) continue;
      INFO(name << ", " << (*at)[2].str());
      CHECK(last_chapter_in((*at)[2]) >= 1);
      if (!known.count(name)) known[name] = chapters_of(name);
      CHECK(last_chapter_in((*at)[2]) <= known[name].size());
      ++chapters;
    }
    // Every number of a chapter stands where it was looked at above.
    const std::regex kChapter(R"(chapters? \d)");
    const std::regex kPlaced(R"(`(?:,|:) chapters? \d)");
    CHECK(std::distance(std::sregex_iterator(row.begin(), row.end(), kChapter), {}) ==
          std::distance(std::sregex_iterator(row.begin(), row.end(), kPlaced), {}));
  }
  CHECK(chapters > 30);
}

TEST_CASE("the chapters of each lesson stand in its file in the order of the run") {
  for (const auto& lesson : scenarios::shipped_scenarios()) {
    INFO(lesson.name);
    const std::string name(lesson.name);
    CHECK(chapters_written(name) == chapters_of(name));
  }
}

TEST_CASE(
    "the curriculum's numbers for the lesson two-servers lead to the chapters that are meant") {
  const Titles titles = chapters_of("two-servers");
  const auto number = [&](const std::string& title) {
    const auto at = std::find(titles.begin(), titles.end(), title);
    REQUIRE(at != titles.end());
    return std::to_string(at - titles.begin() + 1);
  };
  const std::string end = number("Connection termination");
  const std::string lesson = "`two-servers`, chapter";
  CHECK(row_of("A9").find(lesson + " " + number("In the mailbox") + ";") != std::string::npos);
  CHECK(row_of("S1").find(lesson + "s " + number("Connection set-up") + ", " +
                          number("Mail transfer") + " and " + end + ":") != std::string::npos);
  CHECK(row_of("S5").find(lesson + " " + end + ":") != std::string::npos);
}

TEST_CASE("a topic that is taught names a scenario, and one taught in part says what is missing") {
  const std::regex kRow(R"(\| ([A-Z][0-9]+(?: [A-Z][0-9]+)*) \| [^|]+ \| (\w+) \| ([^|]*)\|)");
  std::set<std::string> topics;
  for (const std::string& row : table_rows()) {
    std::smatch match;
    if (!std::regex_match(row, match, kRow)) continue;
    INFO(row);
    topics.insert(match[1]);
    const std::string now = match[2], watch = match[3];
    CHECK((now == "yes" || now == "part" || now == "no"));
    CHECK((watch.find("Missing: ") != std::string::npos) == (now == "part"));
    if (now == "yes") CHECK(watch.find('`') != std::string::npos);
  }
  CHECK(topics.size() > 40);
}

TEST_CASE("every topic that a lesson bears is one of the curriculum") {
  const std::regex kIds(R"(^\| ([A-Z][0-9]+(?: [A-Z][0-9]+)*) \|)");
  std::set<std::string> known;
  for (const std::string& row : table_rows()) {
    std::smatch match;
    if (!std::regex_search(row, match, kIds)) continue;
    std::istringstream ids(match[1]);
    for (std::string id; ids >> id;) known.insert(id);
  }
  for (const auto& lesson : scenarios::shipped_scenarios()) {
    INFO(lesson.name);
    const auto scenario = *scenarios::load_scenario(std::string(lesson.name));
    for (const std::string& topic : scenario.topics) {
      INFO(topic);
      CHECK(known.count(topic) == 1);
    }
  }
}

TEST_CASE("topics have titles, and lessons a part of the course each") {
  CHECK(scenarios::topic_title("A12") == "Envelope and content");
  CHECK(scenarios::topic_title("A1") == "Agents");
  CHECK(scenarios::topic_title("Z9").empty());
  CHECK(scenarios::topic_title("").empty());
  std::set<std::string_view> parts;
  std::string_view last;
  for (const auto& lesson : scenarios::shipped_scenarios()) {
    INFO(lesson.name);
    CHECK_FALSE(lesson.part.empty());
    if (lesson.part != last) CHECK(parts.insert(lesson.part).second);  // in one piece
    last = lesson.part;
    const auto scenario = *scenarios::load_scenario(std::string(lesson.name));
    for (const std::string& topic : scenario.topics) {
      INFO(topic);
      CHECK_FALSE(scenarios::topic_title(topic).empty());
    }
  }
}
