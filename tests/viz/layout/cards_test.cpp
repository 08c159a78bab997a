#include "viz/layout/cards.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::viz;

namespace {

const std::vector<CardText> kItems = {
    {"Beginning", "same-host Same host A2"},    {"Beginning", "maa The whole way A12 Envelope"},
    {"Beginning", "offline Why Bob does not"},  {"Beginning", "lan Behind a LAN"},
    {"Trouble", "bounce What comes back POP3"}, {"Trouble", "crash The server crashes"},
    {"The rest", "keyboard SMTP by hand"},
};

std::vector<std::size_t> items_of(const Cards& cards) {
  std::vector<std::size_t> items;
  for (const Card& card : cards.cards) items.push_back(card.item);
  return items;
}

Cards laid(std::string_view typed = "") {
  return place_cards(kItems, typed, 1216, {});
}

}  // namespace

TEST_CASE("Cards stand in the order of the course, each part under its heading") {
  const Cards cards = laid();
  CHECK(cards.columns == 3);
  CHECK(items_of(cards) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
  REQUIRE(cards.headings.size() == 3);
  CHECK(cards.headings[1].text == "Trouble");
  CHECK(cards.headings[1].rect.y >= cards.cards[3].rect.bottom());
  CHECK(cards.cards[4].rect.y == cards.headings[1].rect.bottom());
  CHECK(cards.cards[4].column == 0);  // a part begins a row
  CHECK(cards.height == cards.cards[6].rect.bottom());
  for (std::size_t i = 0; i < cards.cards.size(); ++i) {
    CHECK(cards.cards[i].rect.right() <= 1216.5f);
    for (std::size_t j = i + 1; j < cards.cards.size(); ++j)
      CHECK_FALSE(cards.cards[i].rect.intersects(cards.cards[j].rect));
    for (const CardHeading& heading : cards.headings)
      CHECK_FALSE(cards.cards[i].rect.intersects(heading.rect));
  }
}

TEST_CASE("What is typed leaves the cards that have all of its words, capitals or not") {
  CHECK(items_of(laid("BOUNCE")) == std::vector<std::size_t>{4});
  CHECK(items_of(laid("the server")) == std::vector<std::size_t>{5});
  CHECK(items_of(laid("a12")) == std::vector<std::size_t>{1});
  CHECK(items_of(laid("host ")) == std::vector<std::size_t>{0});
  CHECK(laid("nowhere").cards.empty());
  CHECK(laid("nowhere").headings.empty());
  CHECK(laid("crash").headings.size() == 1);
  CHECK(laid("crash").headings[0].text == "Trouble");
}

TEST_CASE("Arrows go through the course, and down and up to the card below and above") {
  const Cards cards = laid();
  CHECK(neighbour(cards, 0, -1, 0) == 0);
  CHECK(neighbour(cards, 2, +1, 0) == 3);
  CHECK(neighbour(cards, 6, +1, 0) == 6);
  CHECK(neighbour(cards, 0, 0, +1) == 3);
  CHECK(neighbour(cards, 2, 0, +1) == 3);  // its row has but one
  CHECK(neighbour(cards, 3, 0, +1) == 4);
  CHECK(neighbour(cards, 5, 0, -1) == 3);
  CHECK(neighbour(cards, 1, 0, -1) == 1);
  CHECK(neighbour(cards, 6, 0, +1) == 6);
  CHECK(place_of(cards, 5) == 5);
  CHECK(place_of(laid("trouble"), 5) == 0);
}

TEST_CASE("A narrow window has one column of cards") {
  CHECK(place_cards(kItems, "", 300, {}).columns == 1);
}
