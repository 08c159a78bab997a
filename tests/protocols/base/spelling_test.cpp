#include "protocols/base/spelling.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;

TEST_CASE("letters apart are those changed, put in, left out or swapped") {
  CHECK(letters_apart("RCPT", "rcpt") == 0);
  CHECK(letters_apart("RCPT", "RCTP") == 1);
  CHECK(letters_apart("DATA", "DTA") == 1);
  CHECK(letters_apart("QUIT", "QUITS") == 1);
  CHECK(letters_apart("MAIL", "MALL") == 1);
  CHECK(letters_apart("", "NOOP") == 4);
}

TEST_CASE("the nearest word is offered, and none when all are far") {
  const std::vector<std::string_view> known = {"MAIL", "RCPT", "DATA", "mail.alpha.example"};
  CHECK(nearest_word("MIAL", known) == "MAIL");
  CHECK(nearest_word("data", known) == "DATA");
  CHECK(nearest_word("mail.alfa.example", known) == "mail.alpha.example");
  CHECK(nearest_word("DANCE", known).empty());
  CHECK(nearest_word("", known).empty());
}
