// The MTA client: started by a spool that is not empty, it carries mail to other hosts. RFC 5321
// §4.5.4 (queues), §5.1 (which host), RFC 3461 §5.2 (reports), RFC 6152 §3, RFC 1985, RFC 821 §3.8.
//
// A queue run takes the mails that are due. Mails for the same hosts share a connection, one at a
// time; the hosts are tried in the order of their preference, the next one when one cannot be
// reached or does not want to talk. A host that settles nothing does not hold up the mail for
// others. What was put off (4yz) is tried again later, ever less often (QueueOptions), until its
// lifetime is over; what was refused (5yz) goes back to its sender in one report. Between runs the
// process sleeps: it wakes when a mail is due, or comes new.
//
// A host with addresses of both versions is called over IPv6; while nobody answers for 250 ms, over
// IPv4 as well, and the first connection that stands is used (RFC 8305 §5, "happy eyeballs").
//
// A connection lost between the final dot and its reply leaves the mail in the spool: it will be
// sent again, and may then be delivered twice (RFC 1047). Memory holds no more than the plan; after
// a crash it is made again from the spool.
//
// Mail for MailConfig::held_domains waits until it is asked for: by ETRN, or by TURN on a
// connection that the other side opened. It has no lifetime meanwhile.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocols/smtp/client.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/hosts/mail_routes.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class MtaClient final : public Process, private StreamUser, private Handler {
 public:
  explicit MtaClient(Machine& machine, Resolver* resolver = nullptr);

  void start() override;
  void stop() override;
  void on_spooled(const SpooledMail& mail) override;
  std::optional<std::size_t> send_now(std::string_view domain) override;
  bool take_over(Stream& stream, const std::string& peer, std::string input) override;

  // Calls a host to get the mail that waits there for this one: with TURN over the same connection
  // (this host's MTA server then takes it over), or with ETRN, after which the other host calls.
  void fetch_with_turn(const std::string& host);
  void fetch_with_etrn(const std::string& host, const std::string& node);

 private:
  // Mails of a queue run that have the same hosts to go to.
  struct Group {
    std::string key;
    std::vector<MailHost> hosts;
    std::size_t host = 0, address = 0;  // the ones to try next
    std::set<std::string> domains;      // of the recipients it is about, in lower case
    std::deque<std::uint64_t> mails;    // numbers, to be sent yet
    std::set<std::uint64_t> waiting;    // the same
    // What the last host said that did not want to talk.
    std::string remote, reply, status;
    bool refused = false;    // it was 5yz: for good
    bool temporary = false;  // a host could not be reached, or said 4yz: another time, perhaps
    bool turn = false;       // TURN follows the mails
    std::string etrn;        // ETRN goes first

    bool push(std::uint64_t number);  // false: it waits already
    std::uint64_t pop();
    bool asks() const { return turn || !etrn.empty(); }
    const std::string& host_name() const { return hosts[host].name; }
  };
  struct Call {
    Call(Stream& the_stream, smtp::ClientOptions options, Group the_group)
        : stream(&the_stream), engine(std::move(options)), group(std::move(the_group)) {}

    Stream* stream;
    smtp::Client engine;
    Group group;
    bool greeted = false;
    bool settled = false;                 // it has settled something
    bool refused = false;                 // the host will not talk, for good
    bool quitting = false;                // no more mails go on this connection
    bool turned = false;                  // the other side opened it
    std::uint64_t mail = 0;               // the one under way; 0: none
    std::vector<std::size_t> recipients;  // indices of its recipients, as in the engine's envelope
  };

  void on_connected(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void on_event(std::uint64_t token) override;

  // Planning: which mails are due, and where they go.
  bool is_mine(const SpooledRecipient& recipient) const;
  bool is_held(std::string_view domain) const;
  void wake_at(std::uint64_t number, Time at);
  void arm();
  void plan(std::uint64_t number);
  void on_route(const std::string& domain, MailRoute route);
  Group& group_for(const MailRoute& route);
  void close_part(std::uint64_t number);
  void conclude(std::uint64_t number);
  void put_off(SpooledMail& mail);

  // Connections.
  void work();
  bool connect(Group& group);
  void ask(const std::string& host, Group group);
  bool has_other_family(const Group& group) const;
  void try_other_family();
  void settle_race(SocketId socket, bool connected);
  void give_up(Group& group);
  void give_up(const SpooledMail& mail, SpooledRecipient& recipient);
  smtp::ClientOptions options();
  void run(SocketId socket);
  void deliver_next(Call& call);
  bool offer(Call& call, SpooledMail& mail);
  std::optional<std::string> fitting_content(Call& call, SpooledMail& mail);
  void take(Call& call, const smtp::ClientEvent& event);
  void settle(Call& call, const smtp::RecipientAnswered& answer);
  void settle(Call& call, const smtp::MessageAnswered& answer);
  void end_call(SocketId socket, const std::string& why);
  void hand_over(SocketId socket);
  void lose_patience();
  void finish();

  void note(SpooledRecipient& recipient, const std::string& remote, const smtp::Reply& reply);
  void note(SpooledRecipient& recipient, std::string status, std::string why);
  void fail(const SpooledMail& mail, SpooledRecipient& recipient);

  MailRoutes routes_;
  Timer timer_;     // the earliest mail that is due
  Timer patience_;  // with the host that is being called
  Timer attempt_;   // until its other address is tried as well
  std::set<std::pair<Time, std::uint64_t>> due_;
  std::map<std::uint64_t, std::size_t> open_;  // mails of this run, and their parts not yet closed
  std::map<std::string, std::vector<std::uint64_t>> asking_;  // domains whose route is looked for
  std::deque<Group> groups_;
  std::map<SocketId, Call> calls_;
  SocketId calling_ = kNoSocket;    // the one of them that is the queue run's
  SocketId rival_ = kNoSocket;      // an earlier attempt of it over the other IP, still open
  std::set<std::string> released_;  // held domains that were asked for
  std::uint64_t logins_ = 0;
};

}  // namespace mailscope::sim
