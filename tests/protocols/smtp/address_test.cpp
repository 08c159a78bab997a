#include "protocols/smtp/address.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace mailscope::smtp;

namespace {

std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

// 63 octets and a dot, four times over, cut to the length.
std::string domain_of(std::size_t octets) {
  std::string domain = repeat(std::string(62, 'd') + ".", 5).substr(0, octets);
  if (domain.back() == '.') domain.back() = 'd';
  return domain;
}

}  // namespace

TEST_CASE("Valid paths are read, and written again with the least quoting") {
  struct Row {
    std::string path, local_part, domain, text;
  };
  const std::vector<Row> rows = {
      {"<bob@beta.example>", "bob", "beta.example", "<bob@beta.example>"},
      {"<Bob.B+list@BETA.example>", "Bob.B+list", "BETA.example", "<Bob.B+list@BETA.example>"},
      {"<!#$%&'*+-/=?^_`{|}~@b>", "!#$%&'*+-/=?^_`{|}~", "b", "<!#$%&'*+-/=?^_`{|}~@b>"},
      {R"(<"joe smith"@beta.example>)", "joe smith", "beta.example",
       R"(<"joe smith"@beta.example>)"},
      {R"(<"Joe\,Smith"@beta.example>)", "Joe,Smith", "beta.example",
       R"(<"Joe,Smith"@beta.example>)"},
      {R"(<"a\"b\\c"@b.example>)", R"(a"b\c)", "b.example", R"(<"a\"b\\c"@b.example>)"},
      {R"(<"bob"@b.example>)", "bob", "b.example", "<bob@b.example>"},
      {R"(<"a>b"@b.example>)", "a>b", "b.example", R"(<"a>b"@b.example>)"},
      {R"(<""@b.example>)", "", "b.example", R"(<""@b.example>)"},
      {"<bob@[10.0.2.25]>", "bob", "[10.0.2.25]", "<bob@[10.0.2.25]>"},
      {"<bob@[IPv6:2001:db8::25]>", "bob", "[IPv6:2001:db8::25]", "<bob@[IPv6:2001:db8::25]>"},
      {"<bob@[X-new:abc]>", "bob", "[X-new:abc]", "<bob@[X-new:abc]>"},
      {"<@hosta.example:bob@b.example>", "bob", "b.example", "<bob@b.example>"},
      {"<@a.example,@b.example:u@c.example>", "u", "c.example", "<u@c.example>"},
      {"<" + std::string(64, 'l') + "@b.example>", std::string(64, 'l'), "b.example",
       "<" + std::string(64, 'l') + "@b.example>"},
      {"<a@" + domain_of(252) + ">", "a", domain_of(252), "<a@" + domain_of(252) + ">"},
  };
  for (const Row& row : rows) {
    INFO(row.path);
    const auto forward = parse_forward_path(row.path);
    REQUIRE(forward);
    CHECK(forward->mailbox.local_part == row.local_part);
    CHECK(forward->mailbox.domain == row.domain);
    CHECK(forward->text() == row.text);
    CHECK(parse_forward_path(forward->text()) == *forward);
    const auto reverse = parse_reverse_path(row.path);
    REQUIRE(reverse);
    CHECK(reverse->mailbox == forward->mailbox);
  }
}

TEST_CASE("Wrong paths draw 501, and too long ones name the limit") {
  const std::string limits = "RFC 5321 §4.5.3.1";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", {}},
      {"bob@b.example", {}},
      {"<bob@b.example", {}},
      {"<bob>", {}},
      {"<@b.example>", {}},
      {"<bob@>", {}},
      {"<bob@@b.example>", {}},
      {"<.bob@b.example>", {}},
      {"<bob.@b.example>", {}},
      {"<b..b@b.example>", {}},
      {"<b b@b.example>", {}},
      {"<bob@b_b.example>", {}},
      {"<bob@-b.example>", {}},
      {"<bob@b-.example>", {}},
      {"<bob@b..example>", {}},
      {"<bob@b.example.>", {}},
      {"<bob@[10.0.2]>", {}},
      {"<bob@[10.0.2.256]>", {}},
      {"<bob@[IPv6:zz]>", {}},
      {"<bob@[]>", {}},
      {"<\"bob@b.example>", {}},
      {"<\"b\x01b\"@b.example>", {}},
      {"<b\xc3\xb6@b.example>", {}},
      {"<@a.example bob@b.example>", {}},
      {"<@a.example,bob@b.example>", {}},
      {"<@a_b.example:bob@b.example>", {}},
      {"<" + std::string(65, 'l') + "@b.example>", limits},
      {"<l@" + domain_of(260) + ">", limits},
      {"<" + repeat("@a.example,", 30) + "@a.example:bob@b.example>", limits},
  };
  for (const auto& [path, section] : rows) {
    INFO(path);
    const auto parsed = parse_forward_path(path);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == 501);
    if (!section.empty()) CHECK(parsed.error().section == section);
    CHECK_FALSE(parse_reverse_path(path));
  }
}

TEST_CASE("The null path is a sender and never a recipient") {
  const auto reverse = parse_reverse_path("<>");
  REQUIRE(reverse);
  CHECK(reverse->is_null());
  CHECK(reverse->text() == "<>");
  CHECK_FALSE(parse_forward_path("<>"));
}

TEST_CASE("Postmaster needs no domain as a recipient, in any case") {
  for (const std::string path : {"<Postmaster>", "<postmaster>", "<POSTMASTER>"}) {
    const auto parsed = parse_forward_path(path);
    REQUIRE(parsed);
    CHECK(parsed->mailbox.is_postmaster());
    CHECK(parsed->text() == path);
    CHECK_FALSE(parse_reverse_path(path));
  }
  CHECK(*parse_forward_path("<Postmaster>") == *parse_forward_path("<POSTMASTER>"));
}

TEST_CASE("Domains compare without case and local parts with it") {
  CHECK(*parse_mailbox("bob@Beta.Example") == *parse_mailbox("bob@bETA.eXAMPLE"));
  CHECK_FALSE(*parse_mailbox("Bob@beta.example") == *parse_mailbox("bob@beta.example"));
  CHECK(*parse_mailbox("POSTMASTER@b.example") == *parse_mailbox("postmaster@b.example"));
  CHECK(*parse_mailbox("\"bob\"@b.example") == *parse_mailbox("bob@b.example"));
}

TEST_CASE("An observer takes the address out of whatever it saw") {
  CHECK(address_in("MAIL FROM:<a@b.example> SIZE=3") == "a@b.example");
  CHECK(address_in("mail from: <a@b.example>") == "a@b.example");
  CHECK(address_in("RCPT TO:a@b.example NOTIFY=NEVER") == "a@b.example");
  CHECK(address_in("RCPT TO:<@x,@y:a@b.example>") == "a@b.example");
  CHECK(address_in("RCPT TO:<\"a>b\"@b.example>") == "\"a>b\"@b.example");
  CHECK(address_in("MAIL FROM:<>") == "");
  CHECK(address_in("MAIL FROM:<a@b.exam") == "a@b.exam");
  CHECK(address_in("MAIL") == "");
}
