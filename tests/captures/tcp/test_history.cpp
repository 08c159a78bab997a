#include <catch2/catch.hpp>

#include <random>
#include <string>

#include "captures/tcp/history.hpp"

namespace mailscope::tcp {

TEST_CASE("history tells what differs, as far back as it reaches") {
  History history(1024);
  History::Place place = History::kNowhere;
  CHECK_FALSE(history.differs(place, 0, "anything"));
  history.keep(place, 0, "0123");
  history.keep(place, 4, "4567");
  CHECK_FALSE(history.differs(place, 0, "01234567"));
  CHECK_FALSE(history.differs(place, 2, "2345"));
  CHECK(history.differs(place, 2, "23x5"));
  CHECK(history.differs(place, 0, "x1234567"));
  CHECK_FALSE(history.differs(place, 8, "not there"));
  History::Place other = History::kNowhere;
  for (std::uint64_t i = 0; i < 100; ++i) history.keep(other, i * 20, std::string(20, 'x'));
  CHECK_FALSE(history.differs(place, 2, "23x5"));
  CHECK(history.differs(other, 99 * 20, "y"));
}

TEST_CASE("directions that share the ring do not see each other's octets") {
  std::mt19937 random(3);
  History history(4096);
  constexpr std::size_t kDirections = 5;
  History::Place places[kDirections] = {};
  std::string all[kDirections];
  for (int step = 0; step < 5'000; ++step) {
    const std::size_t d = random() % kDirections;
    std::string octets(1 + random() % 200, '\0');
    for (char& c : octets) c = static_cast<char>(random());
    history.keep(places[d], all[d].size(), octets);
    all[d] += octets;
    const std::size_t from = random() % all[d].size();
    std::string again = all[d].substr(from, 1 + random() % 400);
    CHECK_FALSE(history.differs(places[d], from, again));
    again.back() ^= 1;  // the newest octet of all is always there
    if (from + again.size() == all[d].size()) CHECK(history.differs(places[d], from, again));
  }
}

TEST_CASE("a history of nothing and octets larger than it are no trouble") {
  History none(0);
  History::Place place = History::kNowhere;
  none.keep(place, 0, "octets");
  CHECK_FALSE(none.differs(place, 0, "OCTETS"));
  History small(64);
  small.keep(place, 0, std::string(100, 'x'));
  CHECK_FALSE(small.differs(place, 0, "y"));
}

}  // namespace mailscope::tcp
