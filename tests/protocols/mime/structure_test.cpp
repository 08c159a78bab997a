#include "protocols/mime/structure.hpp"

#include <catch2/catch.hpp>

#include "protocols/mime/address_list.hpp"
#include "protocols/mime/encoded_word.hpp"

using namespace mailscope::mime;

namespace {

constexpr std::string_view kMultipart =
    "From: a@x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "preamble\r\n--b\r\n\r\nplain\r\ntwo\r\n"
    "--b\r\nContent-type: message/rfc822\r\n\r\n"
    "Subject: in\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
    "--c\r\nContent-Type: text/html\r\n\r\n<p>\r\n--c--\r\nepilogue\r\n"
    "--b  \r\nContent-Transfer-Encoding: BASE64 (so)\r\n\r\nAAEC\r\n--b--\r\nend\r\n";

std::string show(const Structure& structure, EntityIndex index, int depth = 0) {
  const Entity& entity = structure.entities[index];
  std::string out =
      std::string(static_cast<std::size_t>(depth), ' ') + content_type(structure, entity).value +
      " " + std::to_string(entity.header.size()) + "+" + std::to_string(entity.body.size()) + "/" +
      std::to_string(entity.body_lines) + "\n";
  for (EntityIndex child = entity.first_child; child != kNoEntity;
       child = structure.entities[child].next)
    out += show(structure, child, depth + 1);
  return out;
}
std::string show(std::string_view message) {
  return show(read_structure(message), 0);
}

std::string_view body(const Structure& structure, std::vector<std::uint32_t> number) {
  const auto found = find_part(structure, number);
  return found ? structure.entities[*found].body.of(structure.message) : "none";
}

}  // namespace

TEST_CASE("A message's entities are found with their headers, bodies and lines") {
  CHECK(show(kMultipart) ==
        "multipart/mixed 56+251/23\n"
        " text/plain 2+10/1\n"
        " message/rfc822 32+116/8\n"
        "  multipart/alternative 64+52/5\n"
        "   text/html 27+3/0\n"
        " text/plain 42+4/0\n");
  CHECK(show("") == "text/plain 0+0/0\n");
  CHECK(show("\r\n") == "text/plain 2+0/0\n");
  CHECK(show("Subject: x") == "text/plain 10+0/0\n");
  CHECK(show("A: 1\n\nx\ny") == "text/plain 6+3/1\n");
  CHECK(show("no field\r\nA: 1\r\n\r\nx\r\n") == "text/plain 18+3/1\n");
}

TEST_CASE("Damaged multiparts keep their octets where they are") {
  struct Row {
    std::string_view behind, shown;
  };
  for (const Row& row : {
           Row{"", "multipart/mixed 45+0/0\n"},
           Row{"no boundary\r\n", "multipart/mixed 45+13/1\n"},
           Row{"--b\r\n", "multipart/mixed 45+5/1\n text/plain 0+0/0\n"},
           Row{"--b", "multipart/mixed 45+3/0\n"},
           Row{"--b--", "multipart/mixed 45+5/0\n"},
           Row{"--b\r\n--b--", "multipart/mixed 45+10/1\n text/plain 0+0/0\n"},
           Row{"--b\r\n\r\n--b--", "multipart/mixed 45+12/2\n text/plain 2+0/0\n"},
           Row{"--b\r\n\r\n\r\n--b--", "multipart/mixed 45+14/3\n text/plain 2+0/0\n"},
           Row{"--b\r\nContent-Type: multipart/x; boundary=c\r\n\r\n--c\r\n\r\n--b--",
               "multipart/mixed 45+58/5\n multipart/x 41+7/2\n  text/plain 2+0/0\n"},
           Row{"--b\r\nContent-Type: multipart/x; boundary=c\r\n\r\n--c\r\n--b--",
               "multipart/mixed 45+56/4\n multipart/x 41+5/1\n  text/plain 0+0/0\n"},
           Row{"--b\r\nX: 1\r\n--b--", "multipart/mixed 45+16/2\n text/plain 4+0/0\n"},
           Row{"--b\n\na\n--bb\n--b\n\nc",
               "multipart/mixed 45+18/6\n text/plain 1+6/1\n text/plain 1+1/0\n"},
           Row{"--b\r\nContent-Type: message/rfc822\r\n--b--",
               "multipart/mixed 45+40/2\n message/rfc822 28+0/0\n  text/plain 0+0/0\n"},
           Row{"--b\r\nContent-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: "
               "s\r\n\r\nx",
               "multipart/mixed 45+73/7\n multipart/digest 46+22/4\n  message/rfc822 2+15/2\n"
               "   text/plain 14+1/0\n"},
       }) {
    INFO(row.behind);
    CHECK(show("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + std::string(row.behind)) ==
          row.shown);
  }
}

TEST_CASE("Parts are found by the numbers that IMAP gives them") {
  const Structure structure = read_structure(kMultipart);
  CHECK(body(structure, {}).starts_with("preamble"));
  CHECK(body(structure, {1}) == "plain\r\ntwo");
  CHECK(body(structure, {2}).starts_with("Subject: in"));
  CHECK(body(structure, {2, 1}) == "<p>");
  CHECK(body(structure, {3}) == "AAEC");
  for (const auto& number : std::vector<std::vector<std::uint32_t>>{
           {0}, {4}, {1, 1}, {2, 2}, {2, 1, 1}, {3, 1}, {4294967295}}) {
    CHECK(body(structure, number) == "none");
  }
  const Structure plain = read_structure("A: 1\r\n\r\ntext");
  CHECK(body(plain, {1}) == "text");
  CHECK(body(plain, {1, 1}) == "none");
  CHECK(body(plain, {2}) == "none");
  // A message that is a message: part 1 is it, and counts on inside.
  const Structure nested = read_structure(
      "Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nA: 1\r\n\r\ntext");
  CHECK(body(nested, {1}).starts_with("Content-Type"));
  CHECK(body(nested, {1, 1}) == "A: 1\r\n\r\ntext");
  CHECK(body(nested, {1, 1, 1}) == "text");
  CHECK(body(nested, {1, 1, 1, 1}) == "none");
}

// RFC 3501 §6.4.5 draws this message.
TEST_CASE("The parts of the RFC's complex message have the RFC's numbers") {
  const Structure structure = read_structure(
      "Content-Type: multipart/mixed; boundary=a\r\n\r\n"
      "--a\r\n\r\n1\r\n--a\r\nContent-Type: application/octet-stream\r\n\r\n2\r\n"
      "--a\r\nContent-Type: message/rfc822\r\n\r\n"
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\n\r\n3.1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n3.2\r\n--b--\r\n"
      "--a\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
      "--c\r\nContent-Type: image/gif\r\n\r\n4.1\r\n"
      "--c\r\nContent-Type: message/rfc822\r\n\r\n"
      "Content-Type: multipart/mixed; boundary=d\r\n\r\n"
      "--d\r\n\r\n4.2.1\r\n--d\r\nContent-Type: multipart/alternative; boundary=e\r\n\r\n"
      "--e\r\n\r\n4.2.2.1\r\n--e\r\nContent-Type: text/richtext\r\n\r\n4.2.2.2\r\n--e--\r\n"
      "--d--\r\n--c--\r\n--a--\r\n");
  const std::vector<std::vector<std::uint32_t>> leaves = {
      {1}, {2}, {3, 1}, {3, 2}, {4, 1}, {4, 2, 1}, {4, 2, 2, 1}, {4, 2, 2, 2}};
  for (const auto& number : leaves) {
    std::string name;
    for (const std::uint32_t n : number) name += (name.empty() ? "" : ".") + std::to_string(n);
    CHECK(body(structure, number) == name);
  }
}

TEST_CASE("What the fields of an entity say is read when it is asked for") {
  const Structure structure = read_structure(
      "content-TYPE: Text/HTML;\r\n charset=\"UTF-8\"; name*0*=utf-8''%e2%82; name*1*=%ac\r\n"
      "Content-Transfer-Encoding : Quoted-Printable\r\n"
      "Content-Disposition: INLINE; filename=a.html\r\nContent-Language: en (first), de-AT,\r\n"
      "Content-ID: <1@x>\r\nContent-Type: image/gif\r\nContent-Description:\r\n\r\n=41b=\r\nc");
  const Entity& entity = structure.root();
  const ParameterizedField type = content_type(structure, entity);
  CHECK(type.value == "text/html");
  CHECK(type.get("charset") == "UTF-8");
  CHECK(type.get("name") == "€");
  CHECK(transfer_encoding(structure, entity) == "quoted-printable");
  CHECK(disposition(structure, entity).value == "inline");
  CHECK(disposition(structure, entity).get("filename") == "a.html");
  CHECK(languages(structure, entity) == std::vector<std::string>{"en", "de-AT"});
  CHECK(structure.field(entity, ContentField::Id) == "<1@x>");
  CHECK(structure.field(entity, ContentField::Description) == "");
  CHECK(structure.field(entity, ContentField::Md5) == std::nullopt);
  CHECK(decoded_body(structure, entity) == "Abc");
  const Structure bare = read_structure("Content-Transfer-Encoding: x-uue\r\n\r\nx");
  CHECK(content_type(bare, bare.root()).value == "text/plain");
  CHECK(decoded_body(bare, bare.root()) == std::nullopt);
}

TEST_CASE("Depth and number of entities are bounded") {
  std::string deep, many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
  }
  const Structure structure = read_structure(deep);
  CHECK(structure.entities.size() == Structure::kDepthMax + 1);
  CHECK(structure.entities.back().kind == Entity::Kind::Leaf);
  CHECK(structure.entities.back().body.end == deep.size());
  for (int i = 0; i < 20'000; ++i) many += "--b\r\n\r\nx\r\n";
  const Structure wide = read_structure(many);
  CHECK(wide.entities.size() == Structure::kEntitiesMax);
  CHECK(wide.entities.back().body.end == many.size());
}

TEST_CASE("A hostile header takes no longer than a plain one") {
  constexpr int kTimes = 300'000;
  std::string words, encoded, numbers;
  for (int i = 0; i < kTimes; ++i) words += "a ", encoded += "=?a?q?x ", numbers += "a*1=x ";
  CHECK(read_address_elements(words).size() == 1);
  CHECK(read_addresses(words).size() == 1);
  CHECK(decode_words(encoded) == encoded);
  CHECK(read_parameters_as_written("a/b; " + numbers).parameters.size() == kParametersMax);
  CHECK(read_structure("From: " + words + "\r\n\r\n").entities.size() == 1);
}

TEST_CASE("Parameters are passed on as they were written") {
  struct Row {
    std::string_view body, shown;
  };
  for (const Row& row : {
           Row{"Text/Plain; CharSet=\"us-ascii\"", "Text/Plain|CharSet=us-ascii"},
           Row{"a/b; n*1=two; X=\"q\\\"\\q\"; n*0=one", "a/b|X=q\"q|n=onetwo"},
           Row{"a/b; n*0*=utf-8''%e2; n*1=\"a b\"; n*2*=%20", "a/b|n*=utf-8''%e2a%20b%20"},
           Row{"a/b; n*=utf-8''x", "a/b|n*=utf-8''x"},
           Row{"a/b; n*1=x; n*2=y", "a/b|n*1=x|n*2=y"},
           Row{"a/b; n=1; N=2", "a/b|n=1|N=2"},
           Row{"", ""},
       }) {
    INFO(row.body);
    const ParameterizedField field = read_parameters_as_written(row.body);
    std::string shown = field.value;
    for (const Parameter& parameter : field.parameters)
      shown += "|" + parameter.name + "=" + parameter.value;
    CHECK(shown == row.shown);
  }
}
