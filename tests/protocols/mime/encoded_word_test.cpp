#include "protocols/mime/encoded_word.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "protocols/mime/charset.hpp"
#include "protocols/mime/header.hpp"

using namespace mailscope::mime;

TEST_CASE("Encoded words are decoded as RFC 2047 shows") {
  struct Row {
    std::string_view body, text;
  };
  for (const Row& row : {
           Row{"plain", "plain"},
           Row{"=?ISO-8859-1?Q?a?=", "a"},
           Row{"=?ISO-8859-1?Q?a?= b", "a b"},
           Row{"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
           Row{"=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab"},
           Row{"=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab"},
           Row{"=?ISO-8859-1?Q?a_b?=", "a b"},
           Row{"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?_b?=", "a b"},
           Row{"=?iso-8859-1?q?Andr=E9?= x", "André x"},
           Row{"=?UTF-8?B?w6k=?=", "é"},
           Row{"=?utf-8*en?B?w6k=?=", "é"},
           Row{"=?iso-8859-15?Q?=A4?=", "€"},
           Row{"=?windows-1252?Q?=80?=", "€"},
           Row{"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"},  // a split character
           Row{"=?KOI8-R?B?8NLJ18XU?=", "Привет"},       // by iconv
           Row{"=?x-unknown?Q?=E9?=", "é"},
           Row{"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
           Row{"=?utf-8?Q?abc", "=?utf-8?Q?abc"},
           Row{"=??Q?abc?=", "=??Q?abc?="},
           Row{"a=?utf-8?Q?b?=c", "abc"},
           Row{"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
           Row{"=?utf-8?Q?a=ZZ?=", "a=ZZ"},
           Row{"=?utf-8?Q?"
               "?= x",
               " x"},
           Row{"Gr\xFC\xDF", "Grüß"},
           Row{"Grüß", "Grüß"},
           Row{"=? =? =?", "=? =? =?"},
           Row{"", ""},
       }) {
    INFO(row.body);
    CHECK(decode_words(row.body) == row.text);
  }
}

TEST_CASE("Whatever is encoded is decoded to the same, in words of at most 75") {
  std::string poem;
  for (int i = 0; i < 40; ++i) poem += i % 2 ? "Zażółć gęślą jaźń " : "漢字🙂x";
  for (const std::string& text :
       {std::string("plain"), std::string("=?tricky?="), std::string("Zoë"), poem,
        std::string(300, 'a') + "é", std::string("a\r\nb: injected"), std::string()}) {
    const std::string words = encode_words(text);
    INFO(words);
    CHECK(decode_words(words) == text);
    CHECK(is_ascii(words));
    CHECK(words.find('\n') == std::string::npos);
    if (words == text) continue;
    std::size_t begin = 0;
    while (begin < words.size()) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      CHECK(end - begin <= 75);
      CHECK(is_utf8(decode_words(words.substr(begin, end - begin))));  // no character is split
      begin = end + 1;
    }
    CHECK(decode_words(read_fields(fold_field("Subject", words))[0].body()) == text);
  }
}

TEST_CASE("Character sets are turned to UTF-8, whatever comes") {
  CHECK(to_utf8("\xE9", "iso-8859-1") == "é");
  CHECK(to_utf8("\x93x\x94", "windows-1252") == "“x”");
  CHECK(to_utf8("\x81", "windows-1252") == "\xEF\xBF\xBD");
  CHECK(to_utf8("\xC3\xA9", "UTF-8") == "é");
  CHECK(to_utf8("\xC3", "utf-8") == "Ã");
  CHECK(to_utf8("\x1B$B4A;z\x1B(B", "iso-2022-jp") == "漢字");
  CHECK(to_utf8("abc", "../../etc/passwd") == "abc");
  CHECK(to_utf8(std::string(10'000, '\xFF'), "gb18030").size() <= 30'003);
  CHECK(!is_known_charset("no-such-set"));
  CHECK(is_known_charset("shift_jis"));
}
