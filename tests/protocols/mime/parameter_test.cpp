#include "protocols/mime/parameter.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::mime;

namespace {
std::string show(std::string_view body) {
  const ParameterizedField field = read_parameters(body);
  std::string out = field.value;
  for (const Parameter& p : field.parameters) out += "|" + p.name + "=" + p.value;
  return out;
}
}  // namespace

TEST_CASE("Parameters of every form are read") {
  struct Row {
    std::string_view body, shown;
  };
  for (const Row& row : {
           Row{"text/plain", "text/plain"},
           Row{"Text/PLAIN; Charset=\"UTF-8\"", "text/plain|charset=UTF-8"},
           Row{"text/plain; charset=us-ascii (Plain text)", "text/plain|charset=us-ascii"},
           Row{"text/plain ; charset = utf-8 ; format=flowed",
               "text/plain|charset=utf-8|format=flowed"},
           Row{"text/plain;charset=utf-8;", "text/plain|charset=utf-8"},
           Row{"text/plain;; charset=utf-8", "text/plain|charset=utf-8"},
           Row{"text/plain charset=utf-8 format=flowed", "text/plain|charset=utf-8|format=flowed"},
           Row{"multipart/mixed; boundary=\"a;b\\\"c\"", "multipart/mixed|boundary=a;b\"c"},
           Row{"multipart/mixed;\r\n boundary=abc", "multipart/mixed|boundary=abc"},
           Row{"attachment; filename=my file.txt; size=3",
               "attachment|filename=my file.txt|size=3"},
           Row{"attachment; filename=\"unclosed", "attachment|filename=unclosed"},
           Row{"attachment; filename=\"C:\\dir\\file\"", "attachment|filename=C:\\dir\\file"},
           Row{"attachment; =x; filename=y", "attachment|filename=y"},
           Row{"attachment; filename", "attachment"},
           Row{"a/b; x=1; x=2", "a/b|x=1"},
           Row{"", ""},
           Row{";;;", ""},
           // RFC 2231 §3, §4, §4.1
           Row{"message/external-body; access-type=URL; URL*0=\"ftp://\"; "
               "URL*1=\"cs.utk.example/x\"",
               "message/external-body|access-type=URL|url=ftp://cs.utk.example/x"},
           Row{"application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
               "application/x-stuff|title=This is ***fun***"},
           Row{"application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;"
               " title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
               "application/x-stuff|title=This is even more ***fun*** isn't it!"},
           Row{"a/b; n*2=c; n*0=a; n*1=b", "a/b|n=abc"},
           Row{"a/b; n*2=c; n*0=a", "a/b|n=a"},
           Row{"a/b; n*1=b; n*2=c", "a/b|n=bc"},
           Row{"a/b; n*0*=utf-8''%C3; n*1*=%A9", "a/b|n=é"},
           Row{"a/b; n*=iso-8859-1''%E9; n=e", "a/b|n=é"},
           Row{"a/b; n=e; n*=iso-8859-1''%E9", "a/b|n=é"},
           Row{"a/b; n*=plain%20text", "a/b|n=plain text"},
           Row{"a/b; n*=utf-8''%ZZ%4", "a/b|n=%ZZ%4"},
           Row{"a/b; n*99999999=x", "a/b|n*99999999=x"},
       }) {
    INFO(row.body);
    CHECK(show(row.body) == row.shown);
  }
}

TEST_CASE("A content type that is none is empty") {
  CHECK(read_content_type("text/html").value == "text/html");
  for (std::string_view bad : {"", "text", "/html", "text/", "; charset=x"}) {
    INFO(bad);
    CHECK(read_content_type(bad).value.empty());
  }
}

TEST_CASE("A file name loses its folders and its tricks") {
  CHECK(without_folders("a.txt") == "a.txt");
  CHECK(without_folders("/etc/passwd") == "passwd");
  CHECK(without_folders("..\\..\\evil.exe") == "evil.exe");
  CHECK(without_folders("..").empty());
  CHECK(without_folders("dir/").empty());
  CHECK(without_folders("a\nb\x7f") == "ab");
}

TEST_CASE("A part's file name comes from its disposition, else from its type") {
  const auto type = read_parameters("a/b; name=\"=?utf-8?q?t=C3=A9?=\"");
  CHECK(file_name(read_parameters("attachment; filename=d.txt"), type) == "d.txt");
  CHECK(file_name(read_parameters("attachment"), type) == "té");
  CHECK(file_name({}, {}).empty());
}

TEST_CASE("Endless parameters are bounded") {
  std::string many = "a/b";
  for (int i = 0; i < 10'000; ++i) many += ";p" + std::to_string(i) + "=x";
  CHECK(read_parameters(many).parameters.size() == kParametersMax);
}
