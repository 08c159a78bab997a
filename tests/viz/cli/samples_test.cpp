#include "viz/cli/samples.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/testing.hpp"

using namespace mailscope;
using namespace mailscope::cli;

namespace {

std::string folder() {
  return testing::source_dir() + "/captures/samples/";
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("Every recorded capture is built in as it lies in its folder, and has a card") {
  std::set<std::string> there, told;
  for (const auto& entry : std::filesystem::directory_iterator(folder()))
    if (entry.path().extension() == ".pcap") there.insert(entry.path().filename());
  for (const Sample& sample : samples()) {
    INFO(sample.name);
    told.insert(std::string(sample.name));
    CHECK(sample_octets(sample.name) == read(folder() + std::string(sample.name)));
    CHECK_FALSE(sample.title.empty());
    CHECK(sample.summary.ends_with('.'));
  }
  CHECK(there == told);
  CHECK(sample_octets("nothing.pcap").empty());
  CHECK(find_sample("nothing.pcap") == nullptr);
}

TEST_CASE("The cards name the programs that the captures' README names") {
  const std::string readme = read(folder() + "README.md");
  for (const Sample& sample : samples()) {
    INFO(sample.name);
    const std::string_view base = sample.name.substr(0, sample.name.find('.'));
    std::ostringstream row;
    row << "| `" << base << "` | " << sample.client << " | " << sample.server << " | ";
    CHECK(readme.find(row.str()) != std::string::npos);
  }
}

TEST_CASE("A built-in capture opens as its file would") {
  for (const Sample& sample : samples()) {
    INFO(sample.name);
    const auto trace = open_sample(sample);
    REQUIRE(trace);
    CHECK((*trace)->source.name == sample.name);
    CHECK((*trace)->source.kind == trace::SourceKind::File);
    REQUIRE((*trace)->connections.size() == 1);
    REQUIRE((*trace)->pdus.size() > 10);
    // The octets are there also when what they were read from is gone.
    const auto& pdus = (*trace)->pdus;
    CHECK(std::ranges::any_of(pdus, [](const trace::Pdu& pdu) { return pdu.end > pdu.begin; }));
    for (const trace::Pdu& pdu : pdus)
      CHECK((*trace)->pdu_octets(pdu).size() == pdu.end - pdu.begin);
    CHECK((*trace)->mails.size() == (sample.name.starts_with("fetchmail") ? 2u : 1u));
  }
}
