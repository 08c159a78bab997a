#include "protocols/mime/capitals.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::mime;

TEST_CASE("Letters of any script that has case become capitals") {
  struct Row {
    std::string_view text, shown;
  };
  for (const Row& row : {
           Row{"", ""},
           Row{"Abc xyz 0_[", "ABC XYZ 0_["},
           Row{"café Ñandú ÿ", "CAFÉ ÑANDÚ Ÿ"},
           Row{"żółć ďáblů ığ", "ŻÓŁĆ ĎÁBLŮ IĞ"},
           Row{"ὐ Ελλάς σοφός ώύ", "ὐ ΕΛΛΆΣ ΣΟΦΌΣ ΏΎ"},
           Row{"жизнь ёлка ґ", "ЖИЗНЬ ЁЛКА Ґ"},
           Row{"ơư ả", "ƠƯ Ả"},
           Row{"ａｂ ß 漢字 ×÷", "ＡＢ ß 漢字 ×÷"},
           Row{"broken \xc3 \xff\xe2\x82", "BROKEN \xc3 \xff\xe2\x82"},
       }) {
    INFO(row.text);
    CHECK(capitals(row.text) == row.shown);
    CHECK(capitals(row.shown) == row.shown);
  }
}
