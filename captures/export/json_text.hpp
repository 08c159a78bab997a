// JSON as text: a string with its escapes, an object, a list. nlohmann-json escapes the strings, in
// json_text.cpp alone.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "captures/export/text.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::export_ {

// In quotation marks. Octets that are no UTF-8 become U+FFFD; DEL and the C1 controls, which would
// do something to a terminal, are escaped too.
std::string json_string(std::string_view text);

// One object, its members in the order in which they are put. Numbers are written as text: a double
// would not hold a time in nanoseconds.
class Object {
 public:
  Object& text(std::string_view key, std::string_view value) {
    return raw(key, json_string(value));
  }
  Object& number(std::string_view key, std::uint64_t value) {
    return raw(key, std::to_string(value));
  }
  Object& time(std::string_view key, trace::Time at) {
    return raw(key, at == trace::kNever ? "null" : seconds(at));
  }
  Object& truth(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  Object& id(std::string_view key, trace::Id value) {
    return raw(key, value == trace::kNone ? "null" : std::to_string(value));
  }
  Object& raw(std::string_view key, std::string_view json) {
    body_ += fmt::format("{}\"{}\": {}", body_.empty() ? "" : ", ", key, json);
    return *this;
  }
  std::string str() const { return '{' + body_ + '}'; }

 private:
  std::string body_;
};

class List {
 public:
  void add(std::string_view json) {
    if (!body_.empty()) body_ += ", ";
    body_ += json;
  }
  std::string str() const { return '[' + body_ + ']'; }

 private:
  std::string body_;
};

}  // namespace mailscope::export_
