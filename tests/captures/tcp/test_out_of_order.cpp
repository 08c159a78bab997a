#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <string>

#include "captures/tcp/out_of_order.hpp"

namespace mailscope::tcp {

TEST_CASE("whatever comes in, each octet waits once, and the first copy stays") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    OutOfOrder waiting;
    std::map<std::uint64_t, char> model;
    for (int step = 0; step < 30; ++step) {
      const std::uint64_t begin = 100 + random() % 60;
      std::string octets(1 + random() % 20, '\0');
      for (char& c : octets) c = static_cast<char>('a' + random() % 3);
      bool any = false, differs = false;
      for (std::size_t i = 0; i < octets.size(); ++i) {
        const auto [at, fresh] = model.emplace(begin + i, octets[i]);
        any |= !fresh;
        differs |= at->second != octets[i];
      }
      const OutOfOrder::Overlap overlap =
          waiting.insert(begin, octets, 0, {0, static_cast<Id>(begin), 1000});
      CHECK(overlap.any == any);
      CHECK(overlap.differs == differs);
    }
    std::uint64_t reached = 0;
    std::map<std::uint64_t, char> out;
    while (!waiting.empty()) {
      const auto piece = waiting.take_first();
      CHECK(piece->begin >= reached);
      // frame names where its segment began, payload_at where the piece lies in it.
      CHECK(piece->frame.payload_at - 1000 == piece->begin - piece->frame.frame);
      reached = piece->end();
      for (std::size_t i = 0; i < piece->octets; ++i) out[piece->begin + i] = piece->view()[i];
    }
    CHECK(out == model);
    CHECK(waiting.octets() == 0);
  }
}

TEST_CASE("octets that were cut off are missing behind the last piece of their segment only") {
  OutOfOrder waiting;
  waiting.insert(4, "45", 0, {});
  waiting.insert(2, "234567", 9, {});
  REQUIRE(waiting.pieces() == 3);
  CHECK(waiting.take_first()->missing == 0);
  CHECK(waiting.take_first()->missing == 0);
  const auto last = waiting.take_first();
  CHECK(last->view() == "67");
  CHECK(last->missing == 9);
}

}  // namespace mailscope::tcp
