// Two to four sessions give random commands to one mailbox. What each client knows, put together
// from untagged responses alone, is what the mailbox holds once the session has heard everything.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

namespace {

// A client that believes what it is told.
struct Listener {
  struct Known {
    mailbox::Uid uid = 0;  // 0: not told
    std::string flags;     // sorted, without \Recent; "?": not told
  };
  std::vector<Known> messages;
  bool vanishing = false;
  bool renumbering_allowed = false;  // in the answer that is being heard

  static std::string sorted(std::string flags) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < flags.size();) {
      const std::size_t end = std::min(flags.find(' ', at), flags.size());
      const std::string name = flags.substr(at, end - at);
      if (!name.empty() && name != "\\Recent") names.push_back(name);
      at = end + 1;
    }
    std::sort(names.begin(), names.end());
    std::string all;
    for (const std::string& name : names) all += name + ' ';
    return all;
  }

  void hear(const std::string& line) {
    INFO(line);
    if (!line.starts_with("* ")) return;
    if (line.starts_with("* VANISHED ")) return vanished(line.substr(11));
    if (line[2] < '0' || line[2] > '9') return;
    const std::size_t number = std::stoul(line.substr(2));
    const std::string what = line.substr(line.find(' ', 2) + 1);
    if (what == "EXISTS") {
      REQUIRE(number >= messages.size());  // only EXPUNGE takes away
      messages.resize(number, {0, "?"});
    } else if (what == "EXPUNGE") {
      REQUIRE(renumbering_allowed);
      REQUIRE(!vanishing);
      REQUIRE((number >= 1 && number <= messages.size()));
      messages.erase(messages.begin() + static_cast<std::ptrdiff_t>(number - 1));
    } else if (what.starts_with("FETCH ")) {
      REQUIRE((number >= 1 && number <= messages.size()));
      fetched(messages[number - 1], what);
    }
  }

  static void fetched(Known& known, const std::string& what) {
    if (const std::size_t at = what.find("UID "); at != std::string::npos) {
      const auto uid = static_cast<mailbox::Uid>(std::stoul(what.substr(at + 4)));
      REQUIRE((known.uid == 0 || known.uid == uid));
      known.uid = uid;
    }
    if (const std::size_t at = what.find("FLAGS ("); at != std::string::npos)
      known.flags = sorted(what.substr(at + 7, what.find(')', at) - at - 7));
  }

  void vanished(const std::string& set) {
    REQUIRE(vanishing);
    REQUIRE(renumbering_allowed);
    const auto uids = SequenceSet::parse(set);
    REQUIRE(uids);
    for (const NumberRange& range : uids->resolve(SequenceSet::kStar))
      for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
        REQUIRE(std::erase_if(messages, [&](const Known& m) { return m.uid == uid; }) == 1);
  }
};

class Run {
 public:
  explicit Run(unsigned seed) : random_(seed), listeners_(2 + seed % 3) {
    bench_.fill("INBOX", {"1", "2", "3"});
    for (std::size_t n = 0; n < listeners_.size(); ++n) {
      bench_.enter();
      listeners_[n].vanishing = below(2) == 0;
      if (listeners_[n].vanishing) bench_.exchange(n + 1, "e ENABLE QRESYNC\r\n");
      give(n, "SELECT INBOX", true);
      give(n, "UID FETCH 1:* FLAGS", true);
    }
  }

  void step() {
    const std::size_t n = below(listeners_.size());
    switch (below(14)) {
      case 0:
      case 1:
        return give(n, append(), true);
      case 2:
      case 3:
        return give(n, "STORE " + set(n) + flags(), false);
      case 4:
        return give(n, "UID STORE " + uids(n) + flags(), true);
      case 5:
        return give(n, "EXPUNGE", true);
      case 6:
        return give(n, "UID EXPUNGE " + uids(n), true);
      case 7:
        return give(n, "FETCH " + set(n) + " (FLAGS UID BODY.PEEK[TEXT]<0.2>)", false);
      case 8:
        return give(n, "UID FETCH " + uids(n) + " BODY[TEXT]<0.2>", true);
      case 9:
        return give(n, "SEARCH " + std::string(below(2) == 0 ? "UNSEEN" : "ALL"), false);
      case 10:
        return give(n, "COPY " + set(n) + " INBOX", true);
      case 11:
        return give(n, "UID MOVE " + uids(n) + " INBOX", true);
      case 12:
        return store_silently(n);
      default:
        return hear_all(n);
    }
  }

  void settle() {
    for (std::size_t n = 0; n < listeners_.size(); ++n) hear_all(n);
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string flags() {
    const char* const modes[] = {" FLAGS ", " +FLAGS ", " -FLAGS "};
    const char* const names[] = {
        "(\\Seen)", "(\\Deleted k1)", "(\\Flagged \\Answered)", "(k1 k2 k3)", "()", "(\\Deleted)"};
    return std::string(modes[below(3)]) + names[below(6)];
  }
  std::string set(std::size_t n) {
    const std::size_t size = listeners_[n].messages.size();
    if (size == 0) return "1";  // BAD, and that is well
    return std::to_string(1 + below(size)) +
           (below(2) == 0 ? ":" + std::to_string(1 + below(size)) : "");
  }
  std::string uids(std::size_t n) {
    const auto next = bench_.inbox().uid_next();
    (void)n;
    return std::to_string(1 + below(next)) + ":" + std::to_string(1 + below(next));
  }
  std::string append() {
    const std::string text = letter("n");
    return "APPEND INBOX (" + std::string(below(2) == 0 ? "\\Seen" : "k2") + ") {" +
           std::to_string(text.size()) + "+}\r\n" + text;
  }

  void give(std::size_t n, const std::string& command, bool renumbering_allowed) {
    INFO("session " << n + 1 << ": " << command);
    Listener& listener = listeners_[n];
    listener.renumbering_allowed = renumbering_allowed;
    std::string said = bench_.exchange(n + 1, "t " + command + "\r\n");
    INFO(said);
    CHECK(said.find("t ") != std::string::npos);
    while (!said.empty()) {
      std::size_t end = said.find("\r\n");
      REQUIRE(end != std::string::npos);
      while (said[end - 1] == '}')  // the two octets of text that are asked for
        end = said.find("\r\n", end + 4);
      listener.hear(said.substr(0, end));
      said.erase(0, end + 2);
    }
    // VANISHED speaks of UIDs: a client asks for those of what is new, or it could not follow.
    for (std::size_t i = 0; i < listener.messages.size(); ++i)
      if (listener.vanishing && listener.messages[i].uid == 0)
        give(n, "UID FETCH " + std::to_string(last_uid(listener) + 1) + ":* FLAGS", true);
  }
  static mailbox::Uid last_uid(const Listener& listener) {
    mailbox::Uid last = 0;
    for (const Listener::Known& known : listener.messages) last = std::max(last, known.uid);
    return last;
  }

  // Of a silent STORE the client knows the outcome by itself, unless it is told another one.
  void store_silently(std::size_t n) {
    std::vector<Listener::Known>& messages = listeners_[n].messages;
    if (messages.empty()) return;
    const std::size_t index = below(messages.size());
    std::string& flags = messages[index].flags;
    if (flags != "?" && flags.find("\\Deleted") == std::string::npos)
      flags = Listener::sorted("\\Deleted " + flags);
    give(n, "STORE " + std::to_string(index + 1) + " +FLAGS.SILENT \\Deleted", false);
  }

  // NOOP tells everything; UIDs and flags of what is new the client asks for.
  void hear_all(std::size_t n) {
    give(n, "NOOP", true);
    Listener& listener = listeners_[n];
    const auto messages = bench_.inbox().messages();
    REQUIRE(listener.messages.size() == messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      Listener::Known& known = listener.messages[i];
      if (known.flags == "?" || known.uid == 0)
        give(n, "FETCH " + std::to_string(i + 1) + " (UID FLAGS)", false);
      CHECK(known.uid == messages[i].uid);
      CHECK(known.flags == wire(messages[i].flags));
    }
  }

  std::string wire(const mailbox::FlagSet& flags) {
    std::string names;
    for (const mailbox::SystemFlag flag : mailbox::kSystemFlags)
      if (flags.has(flag)) names += std::string(mailbox::name(flag)) + ' ';
    const auto& keywords = bench_.inbox().keywords().names();
    for (unsigned bit = 0; bit < keywords.size(); ++bit)
      if (flags.has_keyword(bit)) names += keywords[bit] + ' ';
    return Listener::sorted(names.empty() ? names : names.substr(0, names.size() - 1));
  }

  std::mt19937 random_;
  Bench bench_;
  std::vector<Listener> listeners_;
};

}  // namespace

TEST_CASE("Each client's picture from untagged responses alone is the mailbox's") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    Run run(seed);
    for (int i = 0; i < 150; ++i) run.step();
    run.settle();
  }
}
