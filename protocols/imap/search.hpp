// SEARCH made ready for one mailbox: which messages of a session's view a tree of conditions takes.
// RFC 9051 §6.4.4; RFC 3501 §6.4.4 (\Recent); RFC 7162 §3.1.5; RFC 5182.
//
// Names of flags become bits and number sets ranges once, not for each message, and of several
// conditions that must all hold those that need no look into the message are tried first. A
// message's octets are read only where nothing cheaper has settled the question. Good as long as
// the view and the mailbox stay as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocols/imap/message_data.hpp"
#include "protocols/imap/message_match.hpp"
#include "protocols/imap/values/search_key.hpp"
#include "protocols/imap/view.hpp"
#include "protocols/mailbox/mailbox.hpp"

namespace mailscope::imap {

// A message as a search meets it.
struct Candidate {
  std::size_t index = 0;  // in the view
  const mailbox::Message& message;
  MessageData& data;  // looked into where it has to be
};

class Search {
 public:
  // `charset` is what the key's texts are written in (is_search_charset()), `saved` what "$" stands
  // for: UIDs, ascending. All outlive the search.
  Search(const SearchKey& key, std::string_view charset, const View& view,
         const mailbox::Mailbox& mailbox, std::span<const mailbox::Uid> saved);

  bool matches(const Candidate& candidate) const { return holds(root_, candidate); }

 private:
  struct Node {
    const SearchKey* key = nullptr;
    int cost = 0;  // 0: from what the mailbox knows; 1: from the header; 2: from all of the message
    mailbox::FlagSet flags{};             // Has, HasNot
    bool recent = false;                  // Has, HasNot: \Recent is meant
    std::vector<NumberRange> ranges{};    // Sequence, mailbox::Uid
    std::optional<MessageMatch> match{};  // texts, and the dates of the Date field
    std::vector<Node> nodes{};
  };

  Node compile(const SearchKey& key, std::string_view charset) const;
  void compile_flag(Node& node) const;
  void compile_set(Node& node) const;
  bool holds(const Node& node, const Candidate& candidate) const;
  bool holds_flag(const Node& node, const Candidate& candidate) const;
  static bool holds_in_message(const Node& node, const Candidate& candidate);

  const View& view_;
  const mailbox::Mailbox& mailbox_;
  std::span<const mailbox::Uid> saved_;
  Node root_;
};

}  // namespace mailscope::imap
