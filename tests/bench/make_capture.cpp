// Writes a capture of made-up mail traffic, for measuring: SMTP submissions and transfers, POP3
// retrievals and IMAP fetches over IPv4 and IPv6, many connections at a time, with a few
// retransmitted and swapped segments. The same arguments give the same octets.
//
//   make-capture --octets 306000000 -o mail.pcap [--seed N] [--messages-list FILE]
//
// The list has one line for each message: its octets as the receiver stores them, and its
// Message-ID.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "captures/pcap/writer.hpp"

namespace {

constexpr std::size_t kSegmentOctets = 1460;
constexpr std::size_t kConnectionsAtATime = 48;
constexpr std::int64_t kBegin = 1'767'225'600'000'000'000;  // 2026-01-01

// SplitMix64: the standard library's distributions differ between implementations.
struct Random {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
};

void put16(std::string& to, std::uint32_t v) {
  to += static_cast<char>(v >> 8);
  to += static_cast<char>(v);
}
void put32(std::string& to, std::uint32_t v) {
  put16(to, v >> 16);
  put16(to, v & 0xffff);
}

std::uint32_t sum_of(std::string_view octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(octets[i]))
           << (i % 2 == 0 ? 8 : 0);
  return sum;
}
std::uint16_t fold(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}
void set16(std::string& in, std::size_t at, std::uint16_t v) {
  in[at] = static_cast<char>(v >> 8);
  in[at + 1] = static_cast<char>(v);
}

// ---- what is said ------------------------------------------------------------------------------

struct Turn {
  bool by_client;
  std::string text;
};

struct Message {
  std::string id, from, to, content;
};

constexpr std::string_view kWords[] = {
    "the",     "frame", "mail",    "server",   "meeting", "on",    "Tuesday",
    "we",      "sent",  "a",       "report",   "and",     "queue", "tomorrow",
    "lunch",   "with",  "network", "students", "please",  "find",  "attached",
    "lecture", "notes", "for",     "you",      "again"};

std::string paragraph(Random& random, std::size_t octets) {
  std::string text, line;
  while (text.size() < octets) {
    line += kWords[random.below(std::size(kWords))];
    if (line.size() > 64) {
      text += line + "\r\n";
      line.clear();
      if (random.one_in(40)) text += ".a line that begins with a dot\r\n";
    } else {
      line += ' ';
    }
  }
  return text + line + "\r\n";
}

std::string base64_lines(Random& random, std::size_t lines) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve(lines * 78);
  for (std::size_t i = 0; i < lines; ++i) {
    for (int group = 0; group < 8; ++group) {
      std::uint64_t bits = random.next();
      for (int j = 0; j < (group == 7 ? 6 : 10); ++j, bits >>= 6) text += kAlphabet[bits & 63];
    }
    text += "\r\n";
  }
  return text;
}

Message make_message(Random& random, std::uint64_t number) {
  const bool from_alice = random.one_in(2);
  Message m;
  m.id = "<" + std::to_string(number) + ".mail@" + (from_alice ? "alpha" : "beta") + ".example>";
  m.from = from_alice ? "alice@alpha.example" : "bob@beta.example";
  m.to = from_alice ? "bob@beta.example" : "alice@alpha.example";
  const std::string head = "From: <" + m.from + ">\r\nTo: <" + m.to + ">\r\nSubject: Message " +
                           std::to_string(number) +
                           "\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\nMessage-ID: " + m.id +
                           "\r\nMIME-Version: 1.0\r\n";
  if (random.below(10) < 6) {
    m.content = head + "Content-Type: text/plain; charset=us-ascii\r\n\r\n" +
                paragraph(random, 200 + random.below(4000));
    return m;
  }
  m.content = head + "Content-Type: multipart/mixed; boundary=\"=_part_" + std::to_string(number) +
              "\"\r\n\r\n--=_part_" + std::to_string(number) +
              "\r\nContent-Type: text/plain\r\n\r\n" + paragraph(random, 300 + random.below(900)) +
              "\r\n--=_part_" + std::to_string(number) +
              "\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
              "Content-Disposition: attachment; filename=\"report.bin\"\r\n\r\n" +
              base64_lines(random, 100 + random.below(2800)) + "\r\n--=_part_" +
              std::to_string(number) + "--\r\n";
  return m;
}

std::string stuffed(std::string_view content) {
  std::string out;
  out.reserve(content.size() + content.size() / 64);
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size() - 1) + 1;
    if (content.front() == '.') out += '.';
    out += content.substr(0, end);
    content.remove_prefix(end);
  }
  return out + ".\r\n";
}

std::vector<Turn> smtp_dialogue(const std::vector<Message>& messages) {
  std::vector<Turn> turns = {{false, "220 mail.beta.example ESMTP ready\r\n"},
                             {true, "EHLO mail.alpha.example\r\n"},
                             {false,
                              "250-mail.beta.example\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n"
                              "250 PIPELINING\r\n"}};
  for (const Message& m : messages) {
    turns.push_back(
        {true, "MAIL FROM:<" + m.from + "> SIZE=" + std::to_string(m.content.size()) + "\r\n"});
    turns.push_back({false, "250 2.1.0 Sender OK\r\n"});
    turns.push_back({true, "RCPT TO:<" + m.to + ">\r\n"});
    turns.push_back({false, "250 2.1.5 Recipient OK\r\n"});
    turns.push_back({true, "DATA\r\n"});
    turns.push_back({false, "354 End data with <CR><LF>.<CR><LF>\r\n"});
    turns.push_back({true, stuffed(m.content)});
    turns.push_back({false, "250 2.0.0 Queued\r\n"});
  }
  turns.push_back({true, "QUIT\r\n"});
  turns.push_back({false, "221 2.0.0 Bye\r\n"});
  return turns;
}

std::vector<Turn> pop3_dialogue(const std::vector<Message>& messages) {
  std::uint64_t octets = 0;
  for (const Message& m : messages) octets += m.content.size();
  std::string list = "+OK " + std::to_string(messages.size()) + " messages\r\n";
  for (std::size_t i = 0; i < messages.size(); ++i)
    list += std::to_string(i + 1) + " " + std::to_string(messages[i].content.size()) + "\r\n";
  std::vector<Turn> turns = {
      {false, "+OK POP3 ready\r\n"},
      {true, "USER bob\r\n"},
      {false, "+OK\r\n"},
      {true, "PASS bob\r\n"},
      {false, "+OK Logged in.\r\n"},
      {true, "STAT\r\n"},
      {false, "+OK " + std::to_string(messages.size()) + " " + std::to_string(octets) + "\r\n"},
      {true, "LIST\r\n"},
      {false, list + ".\r\n"}};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    turns.push_back({true, "RETR " + number + "\r\n"});
    turns.push_back({false, "+OK " + std::to_string(messages[i].content.size()) + " octets\r\n" +
                                stuffed(messages[i].content)});
    turns.push_back({true, "DELE " + number + "\r\n"});
    turns.push_back({false, "+OK\r\n"});
  }
  turns.push_back({true, "QUIT\r\n"});
  turns.push_back({false, "+OK Bye\r\n"});
  return turns;
}

std::vector<Turn> imap_dialogue(const std::vector<Message>& messages) {
  const std::string count = std::to_string(messages.size());
  std::string sizes;
  for (std::size_t i = 0; i < messages.size(); ++i)
    sizes += "* " + std::to_string(i + 1) + " FETCH (UID " + std::to_string(i + 1) +
             " FLAGS () RFC822.SIZE " + std::to_string(messages[i].content.size()) + ")\r\n";
  std::vector<Turn> turns = {
      {false, "* OK [CAPABILITY IMAP4rev1 IDLE] IMAP ready\r\n"},
      {true, "a1 LOGIN bob bob\r\n"},
      {false, "a1 OK Logged in.\r\n"},
      {true, "a2 SELECT INBOX\r\n"},
      {false,
       "* " + count + " EXISTS\r\n* OK [UIDVALIDITY 7] UIDs valid\r\na2 OK [READ-WRITE]\r\n"},
      {true, "a3 UID FETCH 1:* (FLAGS RFC822.SIZE)\r\n"},
      {false, sizes + "a3 OK Fetched.\r\n"}};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::string number = std::to_string(i + 1), tag = "b" + number;
    const std::string& content = messages[i].content;
    turns.push_back({true, tag + " UID FETCH " + number + " (UID BODY.PEEK[])\r\n"});
    turns.push_back({false, "* " + number + " FETCH (UID " + number + " BODY[] {" +
                                std::to_string(content.size()) + "}\r\n" + content + ")\r\n" + tag +
                                " OK Fetched.\r\n"});
  }
  turns.push_back({true, "z LOGOUT\r\n"});
  turns.push_back({false, "* BYE\r\nz OK Bye\r\n"});
  return turns;
}

// ---- how it travels ----------------------------------------------------------------------------

// One connection, giving its frames one after the other.
class Connection {
 public:
  Connection(Random& random, std::uint64_t number, std::vector<Turn> turns, std::uint16_t port)
      : turns_(std::move(turns)),
        number_(number),
        v6_(number % 4 == 3),
        client_port_(static_cast<std::uint16_t>(20'000 + number % 40'000)),
        server_port_(port) {
    seq_[0] = static_cast<std::uint32_t>(random.next());
    seq_[1] = static_cast<std::uint32_t>(random.next());
    queue(true, kSyn, {});
    queue(false, kSyn | kAck, {});
    queue(true, kAck, {});
  }

  // False when all is said.
  bool next(Random& random, std::string& frame) {
    if (frames_.empty()) say();
    if (frames_.empty()) return false;
    if (frames_.size() > 2 && random.one_in(400)) std::swap(frames_[0], frames_[1]);
    frame = frames_.front();
    if (!random.one_in(300)) frames_.pop_front();  // else it is seen twice
    return true;
  }

 private:
  enum : std::uint8_t { kFin = 1, kSyn = 2, kPsh = 8, kAck = 16 };

  void say() {
    if (turn_ < turns_.size()) {
      const Turn& turn = turns_[turn_++];
      std::string_view text = turn.text;
      for (std::size_t count = 1; !text.empty(); ++count) {
        const std::string_view piece = text.substr(0, kSegmentOctets);
        text.remove_prefix(piece.size());
        queue(turn.by_client, text.empty() ? kAck | kPsh : kAck, piece);
        if (count % 2 == 0) queue(!turn.by_client, kAck, {});
      }
      return;
    }
    if (closed_) return;
    closed_ = true;
    queue(false, kFin | kAck, {});
    queue(true, kFin | kAck, {});
    queue(false, kAck, {});
  }

  void queue(bool by_client, int flags, std::string_view payload) {
    const int side = by_client ? 0 : 1;
    std::string tcp;
    tcp.reserve(20 + payload.size());
    put16(tcp, by_client ? client_port_ : server_port_);
    put16(tcp, by_client ? server_port_ : client_port_);
    put32(tcp, seq_[side]);
    put32(tcp, (flags & kAck) != 0 ? seq_[1 - side] : 0);
    put16(tcp, 0x5000U | static_cast<unsigned>(flags));
    put16(tcp, 64'240);
    put32(tcp, 0);
    tcp += payload;
    seq_[side] +=
        static_cast<std::uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
    std::string frame("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01", 12);
    frames_.push_back(v6_ ? ipv6(std::move(frame), by_client, tcp)
                          : ipv4(std::move(frame), by_client, tcp));
  }

  std::string ipv4(std::string frame, bool by_client, std::string& tcp) {
    const std::uint32_t client = 0x0a000000 + static_cast<std::uint32_t>(number_ % 60'000) + 256;
    const std::uint32_t server = 0x0a100019;
    std::string pseudo;
    put32(pseudo, by_client ? client : server);
    put32(pseudo, by_client ? server : client);
    const std::uint32_t octets = static_cast<std::uint32_t>(tcp.size());
    set16(tcp, 16, fold(sum_of(pseudo) + 6 + octets + sum_of(tcp)));
    put16(frame, 0x0800);
    std::string ip;
    put16(ip, 0x4500);
    put16(ip, 20 + octets);
    put16(ip, identification_++);
    put16(ip, 0x4000);
    put16(ip, 0x4006);
    put16(ip, 0);
    ip += pseudo;
    set16(ip, 10, fold(sum_of(ip)));
    return frame + ip + tcp;
  }

  std::string ipv6(std::string frame, bool by_client, std::string& tcp) {
    std::string client("\x20\x01\x0d\xb8\0\1\0\0\0\0\0\0", 12), server = client;
    put32(client, static_cast<std::uint32_t>(number_ % 60'000) + 256);
    put32(server, 0x19);
    const std::string addresses = by_client ? client + server : server + client;
    const std::uint32_t octets = static_cast<std::uint32_t>(tcp.size());
    set16(tcp, 16, fold(sum_of(addresses) + 6 + octets + sum_of(tcp)));
    put16(frame, 0x86dd);
    put32(frame, 0x60000000);
    put16(frame, octets);
    put16(frame, 0x0640);
    return frame + addresses + tcp;
  }

  std::vector<Turn> turns_;
  std::deque<std::string> frames_;
  std::size_t turn_ = 0;
  std::uint64_t number_;
  bool v6_;
  bool closed_ = false;
  std::uint16_t client_port_, server_port_;
  std::uint16_t identification_ = 1;
  std::uint32_t seq_[2];
};

struct Options {
  std::uint64_t octets = 0;
  std::uint64_t seed = 1;
  std::string output, list;
};

bool parse(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    if (name == "--octets") {
      options.octets = std::strtoull(words[i + 1], nullptr, 10);
    } else if (name == "--seed") {
      options.seed = std::strtoull(words[i + 1], nullptr, 10);
    } else if (name == "--messages-list") {
      options.list = words[i + 1];
    } else if (name == "-o") {
      options.output = words[i + 1];
    } else {
      return false;
    }
  }
  return count % 2 == 1 && options.octets > 0 && !options.output.empty();
}

class Maker {
 public:
  Maker(const Options& options, std::FILE* list) : random_{options.seed}, list_(list) {}

  // True when done; else the writer's problem is on standard error.
  bool make(std::uint64_t octets, mailscope::pcap::Writer& writer) {
    std::uint64_t written = 24;
    std::string frame;
    while (written < octets || !connections_.empty()) {
      while (written < octets && connections_.size() < kConnectionsAtATime) begin_connection();
      const std::size_t which = random_.below(connections_.size());
      // A run of frames of one connection, as busy lines have them.
      for (std::uint64_t run = 1 + random_.below(6); run > 0; --run) {
        if (!connections_[which].next(random_, frame)) {
          connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(which));
          break;
        }
        now_ += 2'000 + static_cast<std::int64_t>(random_.below(20'000));
        if (const auto done = writer.write(now_, frame); !done) {
          std::fprintf(stderr, "make-capture: %s\n", done.error().c_str());
          return false;
        }
        written += 16 + frame.size();
      }
    }
    return true;
  }

  std::uint64_t connections() const { return begun_; }
  std::uint64_t messages() const { return messages_; }

 private:
  void begin_connection() {
    std::vector<Message> messages;
    for (std::uint64_t i = 1 + random_.below(3); i > 0; --i) {
      messages.push_back(make_message(random_, ++messages_));
      if (list_ != nullptr)
        std::fprintf(list_, "%zu %s\n", messages.back().content.size(), messages.back().id.c_str());
    }
    const std::uint64_t kind = random_.below(4);
    if (kind == 0)
      connections_.emplace_back(random_, begun_++, pop3_dialogue(messages), 110);
    else if (kind == 1)
      connections_.emplace_back(random_, begun_++, imap_dialogue(messages), 143);
    else
      connections_.emplace_back(random_, begun_++, smtp_dialogue(messages),
                                static_cast<std::uint16_t>(random_.one_in(3) ? 587 : 25));
  }

  Random random_;
  std::FILE* list_;
  std::vector<Connection> connections_;
  std::int64_t now_ = kBegin;
  std::uint64_t begun_ = 0, messages_ = 0;
};

}  // namespace

int main(int count, char** words) {
  Options options;
  if (!parse(count, words, options)) {
    std::fprintf(stderr,
                 "make-capture: wrong arguments, --octets N -o FILE [--seed N] "
                 "[--messages-list FILE] would be right\n");
    return 2;
  }
  std::FILE* list = options.list.empty() ? nullptr : std::fopen(options.list.c_str(), "w");
  auto writer = mailscope::pcap::Writer::create(options.output);
  if (!writer) {
    std::fprintf(stderr, "make-capture: %s\n", writer.error().c_str());
    return 2;
  }
  Maker maker(options, list);
  if (!maker.make(options.octets, *writer)) return 1;
  if (const auto done = writer->finish(); !done) {
    std::fprintf(stderr, "make-capture: %s\n", done.error().c_str());
    return 1;
  }
  if (list != nullptr) std::fclose(list);
  std::printf("%llu connections, %llu messages\n",
              static_cast<unsigned long long>(maker.connections()),
              static_cast<unsigned long long>(maker.messages()));
}
