// A process that works on a Maildir is killed at random moments. What it had been told was done is
// there afterwards, what it was doing is done or not, and no UID is ever used for two messages.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "tests/sim/live/maildir_dir.hpp"

using namespace mailscope;
using namespace mailscope::mailbox;
using mailscope::sim::test::MaildirUnderTest;

namespace {

const char* const kBoxes[] = {"INBOX", "Work", "Work/Old"};

struct Step {
  char what = 0;  // 'a'ppend, 'f'lag, 'e'xpunge, 'm'ove, 'c'opy, 'r'ecent
  int from = 0, to = 0;
  std::vector<std::string> contents;
  std::vector<Uid> uids;
  std::uint8_t flags = 0;

  // One line, with all that is needed to know what was meant.
  std::string text() const {
    std::ostringstream out;
    out << what << ' ' << from << ' ' << to << ' ' << int{flags} << ' ' << uids.size();
    for (const Uid uid : uids) out << ' ' << uid;
    out << ' ' << contents.size();
    for (const std::string& content : contents) out << ' ' << content;
    return out.str();
  }
  static Step read(const std::string& line) {
    std::istringstream in(line);
    Step step;
    int flags = 0;
    std::size_t count = 0;
    in >> step.what >> step.from >> step.to >> flags >> count;
    step.flags = static_cast<std::uint8_t>(flags);
    for (step.uids.resize(count); Uid & uid : step.uids) in >> uid;
    in >> count;
    for (step.contents.resize(count); std::string & content : step.contents) in >> content;
    return step;
  }
};

// ---- the process that is killed ----

class Worker {
 public:
  Worker(Account& account, unsigned seed, int pipe)
      : account_(account), random_(seed), pipe_(pipe) {}

  [[noreturn]] void work(const std::string& name) {
    for (int number = 0;; ++number) {
      const Step step = choose(name + "-" + std::to_string(number));
      say("? " + step.text());
      const std::uint32_t first = run(step);
      say("! " + std::to_string(first));
    }
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  Mailbox& box(int index) { return *account_.find(kBoxes[index]).value(); }
  void say(std::string line) {
    line += '\n';
    if (::write(pipe_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
  }

  Step choose(const std::string& name) {
    Step step;
    step.what = "aaafemcr"[below(8)];
    step.from = static_cast<int>(below(3));
    step.to = static_cast<int>(below(3));
    step.flags = static_cast<std::uint8_t>(random_() & 31);
    if (step.what == 'a')
      for (std::size_t i = 0; i <= below(4); ++i)
        step.contents.push_back(name + "." + std::to_string(i));
    else
      for (const Message& message : box(step.from).messages())
        if (below(3) == 0) step.uids.push_back(message.uid);
    return step;
  }

  // The first UID that it gave.
  std::uint32_t run(const Step& step) {
    Mailbox& from = box(step.from);
    Mailbox& to = box(step.to);
    if (step.what == 'm') return account_.move(from, step.uids, to).value();
    if (step.what == 'c') return to.copy(from, step.uids).value();
    if (step.what == 'r') return from.take_recent().value();
    if (step.what == 'e') return from.expunge(step.uids) ? 0 : (::_exit(4), 0);
    if (step.what == 'f') {
      std::vector<FlagChange> changes;
      for (const Uid uid : step.uids) changes.push_back({uid, {step.flags, 0}});
      return from.set_flags(changes) ? 0 : (::_exit(5), 0);
    }
    std::vector<NewMessage> messages;
    for (const std::string& content : step.contents)
      messages.push_back({content + "\r\n", {1'700'000'000, 0}, {step.flags, 0}});
    return to.append(std::move(messages)).value();
  }

  Account& account_;
  std::mt19937 random_;
  int pipe_;
};

// ---- what is known of it ----

struct Known {
  std::string content;
  std::uint8_t flags = 0;
};
using Box = std::map<Uid, Known>;

struct Model {
  Box boxes[3];

  void run(const Step& step, Uid first) {
    Box& from = boxes[step.from];
    Box& to = boxes[step.to];
    if (step.what == 'a')
      for (const std::string& content : step.contents) to[first++] = {content, step.flags};
    if (step.what == 'f')
      for (const Uid uid : step.uids) from.at(uid).flags = step.flags;
    if (step.what == 'c' || step.what == 'm') {
      std::vector<Known> copies;
      for (const Uid uid : step.uids) copies.push_back(from.at(uid));
      for (Known& copy : copies) to[first++] = std::move(copy);
    }
    if (step.what == 'e' || step.what == 'm')
      for (const Uid uid : step.uids) from.erase(uid);
  }
};

Model read_all(Account& account) {
  Model model;
  for (int i = 0; i < 3; ++i) {
    Mailbox& box = *account.find(kBoxes[i]).value();
    for (const Message& message : box.messages()) {
      std::string text = sim::test::content(box, message.uid);
      REQUIRE(text.size() == message.octets);
      text.resize(text.size() - 2);
      model.boxes[i][message.uid] = {std::move(text), message.flags.system};
    }
  }
  return model;
}

// The messages of the step that was under way when the process was killed: each is as before, or as
// the step wanted it; new ones are all there or none.
void check_box(const Box& before, const Box& now, const std::set<Uid>& touched, const Step& pending,
               std::size_t added) {
  std::size_t fresh = 0;
  for (const auto& [uid, known] : now) {
    const auto old = before.find(uid);
    if (old == before.end()) {
      ++fresh;
      continue;
    }
    CHECK(old->second.content == known.content);
    if (old->second.flags != known.flags)
      CHECK((touched.contains(uid) && pending.what == 'f' && known.flags == pending.flags));
  }
  CHECK((fresh == 0 || fresh == added));
  for (const auto& [uid, known] : before)
    if (!now.contains(uid))
      CHECK((touched.contains(uid) && (pending.what == 'e' || pending.what == 'm')));
}

class Crashes {
 public:
  explicit Crashes(unsigned seed) : random_(seed) {
    dir_.open();
    for (int i = 1; i < 3; ++i) REQUIRE(dir_.account().create(kBoxes[i]));
    for (int i = 0; i < 3; ++i)
      validity_[i] = dir_.account().find(kBoxes[i]).value()->uid_validity();
  }

  void round(int number) {
    dir_.close();
    const std::string said = work_and_kill(number);
    std::istringstream in(said);
    Step pending;
    for (std::string line; std::getline(in, line) && !in.eof();) {
      if (line.starts_with("? ")) {
        pending = Step::read(line.substr(2));
      } else {
        const auto first = static_cast<Uid>(std::stoul(line.substr(2)));
        remember(pending, first);
        model_.run(pending, first);
        pending = {};
        ++steps;
      }
    }
    unfinished += pending.what != 0;
    compare(pending);
  }

  int steps = 0, unfinished = 0;

 private:
  // What the child said until it was killed.
  std::string work_and_kill(int number) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto seed = static_cast<unsigned>(random_());
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(ends[0]);
      Worker(dir_.open(), seed, ends[1]).work("r" + std::to_string(number));
    }
    ::close(ends[1]);
    std::string said;
    char buffer[4096];
    // Until it works, and then a moment.
    const ssize_t began = ::read(ends[0], buffer, 1);
    REQUIRE(began == 1);
    said += buffer[0];
    ::usleep(random_() % 60'000);
    ::kill(child, SIGKILL);
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
      said.append(buffer, static_cast<std::size_t>(got));
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));  // it did not end by itself
    return said;
  }

  void remember(const Step& step, Uid first) {
    if (step.what == 'a')
      for (const std::string& content : step.contents) use(step.to, first++, content);
    if (step.what == 'c' || step.what == 'm')
      for (const Uid uid : step.uids)
        use(step.to, first++, model_.boxes[step.from].at(uid).content);
  }
  void use(int box, Uid uid, const std::string& content) {
    const auto known = used_.emplace(std::make_pair(box, uid), content);
    CHECK((known.second || known.first->second == content));
  }

  void compare(const Step& pending) {
    const Model now = read_all(dir_.open());
    for (int i = 0; i < 3; ++i) {
      INFO(kBoxes[i] << " after " << pending.text());
      const bool adds =
          pending.to == i && std::string_view("acm").find(pending.what) != std::string_view::npos;
      std::set<Uid> touched;
      if (pending.from == i) touched.insert(pending.uids.begin(), pending.uids.end());
      check_box(model_.boxes[i], now.boxes[i], touched, pending,
                !adds                 ? 0
                : pending.what == 'a' ? pending.contents.size()
                                      : pending.uids.size());
      for (const auto& [uid, known] : now.boxes[i]) use(i, uid, known.content);
      CHECK(dir_.account().find(kBoxes[i]).value()->uid_validity() == validity_[i]);
      CHECK((now.boxes[i].empty() ||
             dir_.account().find(kBoxes[i]).value()->uid_next() > now.boxes[i].rbegin()->first));
    }
    model_ = now;
  }

  std::mt19937 random_;
  MaildirUnderTest dir_;
  Model model_;
  std::uint32_t validity_[3] = {};
  std::map<std::pair<int, Uid>, std::string> used_;
};

}  // namespace

TEST_CASE("A Maildir loses nothing that was answered, however often its program is killed") {
  Crashes crashes(7);
  for (int number = 0; number < 50; ++number) {
    INFO("round " << number);
    crashes.round(number);
  }
  CHECK(crashes.steps > 50);
  CHECK(crashes.unfinished > 10);
}
