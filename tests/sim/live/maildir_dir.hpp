// A folder of its own for a test, removed at its end, and what is in it.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "protocols/mailbox/account.hpp"
#include "sim/live/maildir.hpp"

namespace mailscope::sim::test {

class MaildirUnderTest {
 public:
  MaildirUnderTest() {
    std::string path = (std::filesystem::temp_directory_path() / "maildir-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()));
    path_ = path;
  }
  ~MaildirUnderTest() {
    account_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  MaildirUnderTest(const MaildirUnderTest&) = delete;
  MaildirUnderTest& operator=(const MaildirUnderTest&) = delete;

  const std::string& path() const { return path_; }
  std::string bob(const std::string& inner = "") const { return path_ + "/bob" + inner; }

  // Closes the account, if it is open, and reads it from the disk.
  mailbox::Account& open() {
    account_.reset();
    auto storage = open_maildir(path_, "bob");
    REQUIRE(storage);
    auto account = mailbox::open_account("bob", *std::move(storage), 1000);
    REQUIRE(account);
    account_ = *std::move(account);
    return *account_;
  }
  void close() { account_.reset(); }
  mailbox::Account& account() { return *account_; }

  std::vector<std::string> names(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(bob(folder)))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string only_name(const std::string& folder) const {
    const auto names = this->names(folder);
    REQUIRE(names.size() == 1);
    return names[0];
  }
  std::string text(const std::string& file) const {
    std::ifstream in(bob(file), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(const std::string& file, std::string_view text) const {
    std::ofstream(bob(file), std::ios::binary) << text;
  }
  void move(const std::string& from, const std::string& to) const {
    std::filesystem::rename(bob(from), bob(to));
  }

 private:
  std::string path_;
  std::unique_ptr<mailbox::Account> account_;
};

inline std::string content(mailbox::Mailbox& box, mailbox::Uid uid) {
  std::string buffer;
  const auto text = box.content(uid, buffer);
  REQUIRE(text);
  return std::string(*text);
}

}  // namespace mailscope::sim::test
