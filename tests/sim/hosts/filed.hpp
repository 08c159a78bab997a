// What a mailbox holds, for tests to look at.
#pragma once

#include <string>
#include <vector>

#include "protocols/mailbox/mailbox.hpp"

namespace mailscope::sim::test {

struct Filed {
  std::string content;
};

inline std::vector<Filed> filed_in(mailbox::Mailbox& box) {
  std::vector<Filed> filed;
  std::string buffer;
  for (const mailbox::Message& message : box.messages())
    filed.push_back({std::string(box.content(message.uid, buffer).value())});
  return filed;
}

}  // namespace mailscope::sim::test
