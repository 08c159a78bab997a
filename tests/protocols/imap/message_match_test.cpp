#include "protocols/imap/message_match.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using namespace mailscope::imap;

namespace {

using Kind = SearchKey::Kind;

bool matches(std::string_view message, const SearchKey& key, std::string_view charset = "") {
  mime::WholeMessage whole(message);
  return MessageMatch(key, charset).matches(whole);
}
bool matches(std::string_view message, Kind kind, std::string text, std::string_view charset = "") {
  SearchKey key;
  key.kind = kind;
  key.text = std::move(text);
  return matches(message, key, charset);
}
bool has_header(std::string_view message, std::string field, std::string text) {
  SearchKey key;
  key.kind = Kind::Header;
  key.field = std::move(field);
  key.text = std::move(text);
  return matches(message, key);
}

constexpr std::string_view kMixed =
    "Subject: outside\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n"
    "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9 bro=\r\nken\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: =?utf-8?q?w=C3=A9?=\r\nX-Inner: marked\r\n\r\nnested text\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "PHA+0LbQuNC30L3RjDwvcD4=\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n"
    "--b\r\nContent-Type: application/x-secret; name=file.bin\r\n\r\nhidden\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-16be\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "AHcAaQBkAGU=\r\n--b--\r\n";

}  // namespace

TEST_CASE("A needle is found wherever it is, in any case") {
  for (const std::string_view word : {"a", "ab", "aab", "abcab", "needle", "é", "naïve Ωμέγα"}) {
    const Needle needle(word);
    const std::string upper = word == "é" ? "É" : word == "naïve Ωμέγα" ? "NAÏVE ωΜΈΓΑ" : "";
    for (std::size_t before = 0; before < 12; ++before) {
      const std::string text = std::string(before, 'x') + std::string(word);
      INFO(text);
      CHECK(needle.is_in(text));
      CHECK(needle.is_in(text + "xxx"));
      if (!upper.empty()) CHECK(needle.is_in(std::string(before, 'x') + upper));
      CHECK(!needle.is_in(text.substr(0, text.size() - 1)));
    }
  }
  CHECK(Needle("cafe").is_in("Cafés"));
  CHECK(Needle("café").is_in("CAFE\u0301"));
  CHECK(!Needle("café").is_in("cafe"));
  CHECK(Needle("").is_in(""));
  CHECK(Needle("NeEdLe").is_in("a nEeDlE b"));
  CHECK(!Needle("a").is_in(""));
  CHECK(Needle("aab").is_in("aaab"));
}

TEST_CASE("Header fields are searched as a reader sees them") {
  constexpr std::string_view kMessage =
      "Subject: hello\r\n beautiful =?iso-8859-1?q?w=F6rld?=\r\n"
      "X-Extra: first\r\nX-EXTRA: another one\r\nX-Empty:\r\n"
      "From: \"Real \\\"From\\\"\" <user-from (comment)@ (comment) domain.org>\r\n"
      "To: groupname: u1@domain.org, =?utf-8?b?WsO2?= <u2@domain.org>;\r\n"
      "Cc: =?us-ascii?q?=4Done?= <c@x>\r\n\r\nbody subject\r\n";
  CHECK(matches(kMessage, Kind::Subject, "HELLO beaut"));
  CHECK(matches(kMessage, Kind::Subject, "WÖRLD"));
  CHECK(matches(kMessage, Kind::Subject, "w\xf6rld", "iso-8859-1"));
  CHECK(!matches(kMessage, Kind::Subject, "=F6"));
  CHECK(!matches(kMessage, Kind::Subject, "body"));
  CHECK(matches(kMessage, Kind::Subject, ""));
  CHECK(matches(kMessage, Kind::From, "user-from@domain.org"));
  CHECK(matches(kMessage, Kind::From, "real \"from\" <user"));
  CHECK(!matches(kMessage, Kind::From, "comment"));
  CHECK(has_header(kMessage, "From", "comment"));
  CHECK(matches(kMessage, Kind::To, "groupname"));
  CHECK(matches(kMessage, Kind::To, "zÖ"));
  CHECK(matches(kMessage, Kind::Cc, "mone"));
  CHECK(!matches(kMessage, Kind::Bcc, ""));
  CHECK(has_header(kMessage, "x-extra", "another"));
  CHECK(has_header(kMessage, "X-Extra", "FIRST"));
  CHECK(has_header(kMessage, "X-Empty", ""));
  CHECK(!has_header(kMessage, "X-Empty", "x"));
  CHECK(!has_header(kMessage, "X-Ext", ""));
  CHECK(!has_header(kMessage, "X-None", ""));
}

TEST_CASE("Bodies are searched decoded, in the parts that are text") {
  for (const std::string_view word :
       {"CAFÉ broken", "nested", "ЖИЗНЬ", "<p>", "wide", "bro", "action: FAILED", ""}) {
    INFO(word);
    CHECK(matches(kMixed, Kind::Body, std::string(word)));
    CHECK(matches(kMixed, Kind::Text, std::string(word)));
  }
  for (const std::string_view word : {"hidden", "preamble", "=E9", "PHA", "nowhere", "--b"}) {
    INFO(word);
    CHECK(!matches(kMixed, Kind::Body, std::string(word)));
    CHECK(!matches(kMixed, Kind::Text, std::string(word)));
  }
  for (const std::string_view word :
       {"outside", "Subject: outside", "wé", "marked", "file.bin", "x-secret", "x-inner: m"}) {
    INFO(word);
    CHECK(!matches(kMixed, Kind::Body, std::string(word)));
    CHECK(matches(kMixed, Kind::Text, std::string(word)));
  }
  CHECK(matches("A: one\r\n two\r\n\r\n", Kind::Text, "one two"));
  CHECK(matches("\r\ncaf\xc3\xa9", Kind::Body, "CAFÉ"));
  CHECK(matches("\r\ncaf\xe9", Kind::Body, "CAFÉ"));  // no charset stated, and no UTF-8
}

TEST_CASE("The Date field's day counts as it is written there") {
  constexpr std::int32_t kDay = 13'596;  // 2007-03-24
  const auto sent = [](std::string_view date, Kind kind, std::int32_t day) {
    SearchKey key;
    key.kind = kind;
    key.date = Date::from_days(day);
    return matches("Date: " + std::string(date) + "\r\n\r\n", key);
  };
  for (const std::string_view date :
       {"Sat, 24 Mar 2007 23:59:59 -1200", "24 Mar 2007 00:00:00 +1400", "24 Mar 07 12:00 EST",
        "Sat, 24 Mar 2007", "24 Mar 2007 99:00 +0200"}) {
    INFO(date);
    CHECK(sent(date, Kind::SentOn, kDay));
    CHECK(!sent(date, Kind::SentOn, kDay - 1));
    CHECK(!sent(date, Kind::SentOn, kDay + 1));
    CHECK(sent(date, Kind::SentSince, kDay));
    CHECK(!sent(date, Kind::SentSince, kDay + 1));
    CHECK(sent(date, Kind::SentBefore, kDay + 1));
    CHECK(!sent(date, Kind::SentBefore, kDay));
  }
  for (const Kind kind : {Kind::SentOn, Kind::SentSince, Kind::SentBefore})
    CHECK(!sent("yesterday", kind, kDay));
  CHECK(sent("31 Dec 1969 23:00:00 +0000", Kind::SentOn, -1));
}

TEST_CASE("A charset that nobody knows cannot be searched in") {
  CHECK(is_search_charset(""));
  CHECK(is_search_charset("US-ASCII"));
  CHECK(is_search_charset("utf-8"));
  CHECK(is_search_charset("KOI8-R"));
  CHECK(!is_search_charset("X-NONE"));
}
