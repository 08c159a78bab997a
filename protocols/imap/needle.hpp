// A text that is searched for in many others, in any case. Boyer, Moore, Horspool: most octets of
// the other text are never looked at.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::imap {

class Needle {
 public:
  explicit Needle(std::string_view utf8);

  bool empty() const { return capitals_.empty(); }
  bool is_ascii() const { return is_ascii_; }
  bool is_in(std::string_view utf8) const;

 private:
  bool find_capitals(std::string_view text) const;

  std::string capitals_;  // mime/capitals.hpp
  bool is_ascii_;
  std::array<std::uint32_t, 256> skip_{};  // by the octet under the needle's last one
};

}  // namespace mailscope::imap
