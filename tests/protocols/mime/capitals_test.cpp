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
           Row{"café Ñ ÿ", "CAFE\u0301 N\u0303 Y\u0308"},
           Row{"ł đ ø ı", "Ł Đ Ø I"},
           Row{"Ελλάς σοφός ώ", "ΕΛΛΑ\u0301Σ ΣΟΦΟ\u0301Σ Ω\u0301"},
           Row{"жизнь ёлка й ґ", "ЖИЗНЬ Е\u0308ЛКА И\u0306 Ґ"},
           Row{"ơ ậ", "O\u031b A\u0323\u0302"},
           Row{"ａｂ ß 漢字 ×÷", "ＡＢ ß 漢字 ×÷"},
           Row{"broken \xc3 \xff\xe2\x82", "BROKEN \xc3 \xff\xe2\x82"},
       }) {
    INFO(row.text);
    CHECK(capitals(row.text) == row.shown);
    CHECK(capitals(row.shown) == row.shown);
  }
}
