#include "protocols/mime/address_list.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::mime;

namespace {
// "name <address>" of each, groups in brackets.
std::string show(std::string_view body) {
  std::string out;
  for (const Mailbox& m : read_addresses(body)) {
    if (!out.empty()) out += " | ";
    if (!m.group.empty()) out += "[" + m.group + "] ";
    out += m.display_name + "<" + m.address() + ">";
  }
  return out;
}
}  // namespace

TEST_CASE("Addresses of every form are read") {
  struct Row {
    std::string_view body, shown;
  };
  for (const Row& row : {
           Row{"alice@alpha.example", "<alice@alpha.example>"},
           Row{"Alice <alice@alpha.example>", "Alice<alice@alpha.example>"},
           Row{"<alice@alpha.example>", "<alice@alpha.example>"},
           Row{"\"Smith, John\" <j@x.example>", "Smith, John<j@x.example>"},
           Row{"a@x, b@y ,c@z", "<a@x> | <b@y> | <c@z>"},
           Row{"a@x, , b@y,", "<a@x> | <b@y>"},
           Row{"John Q. Public <j@x>", "John Q. Public<j@x>"},
           Row{"j@x (John (the second) Public)", "John (the second) Public<j@x>"},
           Row{"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
               "Pete<pete@silly.test>"},
           Row{"A Group:Ed Jones <joe@where.test>,j@where.test;, x@y",
               "[A Group] Ed Jones<joe@where.test> | [A Group] <j@where.test> | <x@y>"},
           Row{"Undisclosed recipients:;", ""},
           Row{"(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", ""},
           Row{"\"Joe Q. Public\" <john.q.public@example.com>",
               "Joe Q. Public<john.q.public@example.com>"},
           Row{"Mary Smith <@node.test,@x.test:mary@example.net>", "Mary Smith<mary@example.net>"},
           Row{"jdoe@test   . example", "<jdoe@test.example>"},
           Row{"\"odd local\"@x.example", "<\"odd local\"@x.example>"},
           Row{"a@[192.0.2.1]", "<a@[192.0.2.1]>"},
           Row{"=?utf-8?q?Andr=C3=A9?= Pirard <p@x>", "André Pirard<p@x>"},
           Row{"\"=?utf-8?q?no?=\" <p@x>", "=?utf-8?q?no?=<p@x>"},
           Row{"alice", "<alice>"},
           Row{"Name <a@b", "Name<a@b>"},
           Row{"\"unclosed <a@b>", "<\"unclosed <a@b>\">"},
           Row{"a@x;b@y", "<a@x> | <b@y>"},
           Row{"", ""},
           Row{"a@x,\r\n b@y", "<a@x> | <b@y>"},
           Row{"Postmaster <>", "Postmaster<>"},
       }) {
    INFO(row.body);
    CHECK(show(row.body) == row.shown);
  }
}

TEST_CASE("An address list is passed on as it stood, with its groups and routes") {
  struct Row {
    std::string_view body, shown;
  };
  for (const Row& row : {
           Row{"=?utf-8?q?Andr=C3=A9?= \"P. \\\"X\\\"\"  Y <@a,@b:p@x>",
               "=?utf-8?q?Andr=C3=A9?= P. \"X\" Y|@a,@b|p|x\n"},
           Row{"A Group:Ed <joe@where.test>,j@where.test;, x@y (X)",
               "A Group {\nEd||joe|where.test\n||j|where.test\n}\nX||x|y\n"},
           Row{"Undisclosed recipients:;", "Undisclosed recipients {\n}\n"},
           Row{"g: a@b", "g {\n||a|b\n}\n"},
           Row{"g:h: a@b;", "g {\n||h:a|b\n}\n"},
           Row{":;", " {\n}\n"},
           Row{"a@x;b@y", "||a|x\n||b|y\n"},
           Row{"alice, <>", "||alice|\n|||\n"},
           Row{" , ", ""},
       }) {
    INFO(row.body);
    std::string shown;
    for (const AddressElement& element : read_address_elements(row.body)) {
      const AddressElement& e = element;
      if (e.kind == AddressElement::Kind::Mailbox)
        shown += e.name + "|" + e.route + "|" + e.local_part + "|" + e.domain + "\n";
      else
        shown += e.kind == AddressElement::Kind::GroupBegin ? e.name + " {\n" : "}\n";
    }
    CHECK(shown == row.shown);
  }
}

TEST_CASE("A mailbox that was written is read back") {
  for (const Mailbox& mailbox :
       {Mailbox{"", "bob", "beta.example"}, Mailbox{"Bob", "bob", "beta.example"},
        Mailbox{"Bob \"the\" Builder, Esq.", "bob", "beta.example"},
        Mailbox{"Zoë Müller", "zoe", "x.example"}, Mailbox{"=?not?=", "a b", "x.example"},
        Mailbox{"J. Doe", "j..d", "x.example"}}) {
    const std::string text = format_mailbox(mailbox);
    INFO(text);
    CHECK(read_addresses(text) == std::vector<Mailbox>{mailbox});
  }
}

TEST_CASE("Deep comments and endless lists are bounded") {
  CHECK(show(std::string(10'000, '(') + " a@b").empty());
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "a@b,";
  CHECK(read_addresses(many).size() == kAddressesMax);
}
