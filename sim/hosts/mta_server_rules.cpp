// The rules of the MTA server: whose mail it takes and for whom, what it says about its users, and
// what it writes into the spool.
#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/compose.hpp"
#include "protocols/mime/header.hpp"
#include "sim/hosts/mta_server.hpp"

namespace mailscope::sim {
namespace {

constexpr std::size_t kGreylistMax = 100'000;

Notify notify_of(std::uint8_t bits) {
  Notify notify;
  notify.stated = bits != 0;
  notify.success = (bits & smtp::kNotifySuccess) != 0;
  notify.failure = (bits & smtp::kNotifyFailure) != 0;
  notify.delay = (bits & smtp::kNotifyDelay) != 0;
  return notify;
}

std::string named(const Account& account) {
  return account.full_name.empty() ? fmt::format("<{}>", account.address)
                                   : fmt::format("{} <{}>", account.full_name, account.address);
}

// "<bob@beta.example>", "Bob <bob@beta.example>" and "bob" as what is meant.
std::string_view meant(std::string_view text) {
  const std::size_t open = text.rfind('<'), close = text.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close)
    text = text.substr(open + 1, close - open - 1);
  return trim(text);
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (equal_no_case(text.substr(0, end), word)) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

// ---- sender and recipients ----

void MtaServer::judge(Connection& connection, const smtp::SenderOffered& offer) {
  const std::uint64_t octets = offer.size.value_or(0);
  if (!machine_.store().has_room_for(octets)) {
    tell(VariableKind::Disk, State::Full, "the disk is full: no mail is taken for now");
    return connection.engine.refuse(452, "4.3.1 Insufficient system storage, try later");
  }
  const std::string& user = connection.engine.user();
  if (machine_.config.server.sender_check && !user.empty()) {
    const Account* account = machine_.directory().account_for_login(user);
    const std::string address = offer.path.mailbox ? offer.path.mailbox->text() : std::string();
    if (account && !equal_no_case(account->address, address))
      return connection.engine.refuse(
          550, fmt::format("5.7.1 You are {} and cannot send as {}", account->address, address));
  }
  connection.engine.accept();
}

// The users of this host, and the hosts that it serves.
bool MtaServer::is_trusted(const Connection& connection) const {
  const auto& clients = machine_.config.server.relay_clients;
  return !connection.engine.user().empty() ||
         std::find(clients.begin(), clients.end(), connection.client) != clients.end();
}

bool MtaServer::may_relay(const Connection& connection, std::string_view domain) const {
  const auto& domains = machine_.config.server.relay_domains;
  return is_trusted(connection) ||
         std::any_of(domains.begin(), domains.end(),
                     [&](const std::string& relayed) { return equal_no_case(relayed, domain); });
}

void MtaServer::judge(Connection& connection, const smtp::RecipientOffered& offer) {
  const std::string address = offer.path.mailbox.text();
  if (!machine_.directory().is_local(address)) {
    const bool may = may_relay(connection, domain_of(address));
    if (may && machine_.programs().sends()) return connection.engine.accept();
    if (may) return connection.engine.refuse(550, "5.7.1 This host sends no mail on to others");
    return connection.engine.refuse(550,
                                    "5.7.1 I do not carry mail for other domains (no relaying)");
  }
  judge_local(connection, address);
}

// RFC 5321 §3.4.
void MtaServer::judge_local(Connection& connection, const std::string& address) {
  const LocalName name = machine_.directory().look_up(address);
  if (name.kind == LocalName::Kind::Unknown)
    return connection.engine.refuse(550, fmt::format("5.1.1 No such user here: {}", address));
  if (name.kind == LocalName::Kind::Moved && !name.moved->forward)
    return connection.engine.refuse(
        551, fmt::format("5.1.6 User not local; please try <{}>", name.moved->to));
  if (is_greylisted(connection, address))
    return connection.engine.refuse(450, "4.7.1 Greylisted, please try again later");
  if (name.kind == LocalName::Kind::Moved)
    return connection.engine.answer(smtp::Reply(
        251, fmt::format("2.1.5 User not local; will forward to <{}>", name.moved->to)));
  connection.engine.accept();
}

// RFC 6647 §2: who is unknown has to come again; programs that send spam often do not.
bool MtaServer::is_greylisted(const Connection& connection, const std::string& recipient) {
  const MailConfig& config = machine_.config;
  if (config.server.greylist <= 0 || is_trusted(connection)) return false;
  const auto& sender = connection.engine.envelope().reverse_path;
  const std::string triple = fmt::format("{} {} {}", connection.client.text(),
                                         lower_case(sender.text()), lower_case(recipient));
  // Strangers must not fill the disk with their names: then somebody is unknown again.
  auto& list = machine_.store().greylist();
  if (list.size() >= kGreylistMax && !list.contains(triple)) list.erase(list.begin());
  const auto [seen, fresh] = list.try_emplace(triple, machine_.now());
  if (machine_.now() - seen->second >= config.server.greylist) return false;
  tell(VariableKind::Greylist, fresh ? State::New : State::TooEarly,
       fresh ? fmt::format("({}) is unknown: put off for {} s", printable_utf8(triple),
                           config.server.greylist / kSecond)
             : fmt::format("({}) comes again too early", printable_utf8(triple)));
  return true;
}

// ---- VRFY, EXPN, AUTH, ETRN ----

// RFC 5321 §3.5: 250 with the full name, 251 and 551 for who has moved, 550, and 553 when several
// are meant.
void MtaServer::verify(Connection& connection, const smtp::VerifyAsked& asked) {
  const std::string text(meant(asked.text));
  if (!machine_.config.server.smtp.verify) return connection.engine.accept();
  if (asked.expand) return expand(connection, text);
  const bool has_domain = text.find('@') != std::string::npos;
  if (has_domain && !machine_.directory().is_local(text))
    return connection.engine.answer(smtp::Reply(252, "2.1.5 That is not a user of this host"));
  const std::string address = has_domain ? text : text + "@" + machine_.domain();
  const LocalName name = machine_.directory().look_up(address);
  switch (name.kind) {
    case LocalName::Kind::User:
      return connection.engine.answer(smtp::Reply(250, "2.1.5 " + named(*name.user)));
    case LocalName::Kind::Alias:
      return connection.engine.answer(
          smtp::Reply(250, fmt::format("2.1.5 <{}@{}>", name.alias->name, machine_.domain())));
    case LocalName::Kind::List:
      return connection.engine.refuse(550, "5.1.1 That is a mailing list, not a user");
    case LocalName::Kind::Moved:
      if (name.moved->forward)
        return connection.engine.answer(smtp::Reply(
            251, fmt::format("2.1.5 User not local; will forward to <{}>", name.moved->to)));
      return connection.engine.refuse(
          551, fmt::format("5.1.6 User not local; please try <{}>", name.moved->to));
    case LocalName::Kind::Unknown:
      break;
  }
  std::vector<const Account*> possible;
  for (const auto& [user, account] : machine_.directory().accounts())
    if (has_word(account.full_name, text) || equal_no_case(account.full_name, text))
      possible.push_back(&account);
  if (possible.size() == 1)
    return connection.engine.answer(smtp::Reply(250, "2.1.5 " + named(*possible[0])));
  if (possible.empty())
    return connection.engine.refuse(550, fmt::format("5.1.1 No such user here: {}", text));
  std::string lines = "5.1.4 Ambiguous; possibilities are";
  for (const Account* account : possible) lines += "\n5.1.4 " + named(*account);
  connection.engine.answer(smtp::Reply(553, lines));
}

void MtaServer::expand(Connection& connection, std::string_view text) {
  const std::string address = text.find('@') == std::string_view::npos
                                  ? fmt::format("{}@{}", text, machine_.domain())
                                  : std::string(text);
  const LocalName name = machine_.directory().look_up(address);
  if (name.kind == LocalName::Kind::User)
    return connection.engine.refuse(550, "5.1.1 That is a user, not a mailing list");
  if (name.kind != LocalName::Kind::List && name.kind != LocalName::Kind::Alias)
    return connection.engine.refuse(550, fmt::format("5.1.1 No such mailing list here: {}", text));
  std::string lines;
  for (const std::string& member : name.list ? name.list->members : name.alias->to) {
    const Account* user = machine_.directory().local_user(member);
    if (!lines.empty()) lines += '\n';
    lines += "2.1.5 " + (user ? named(*user) : fmt::format("<{}>", member));
  }
  if (lines.empty()) lines = "2.1.5 The list has no members";
  connection.engine.answer(smtp::Reply(250, lines));
}

void MtaServer::give_password(Connection& connection, const smtp::PasswordAsked& asked) {
  const Account* account = machine_.directory().account_for_login(asked.user);
  if (account) return connection.engine.give_password(account->password);
  connection.engine.give_password(std::nullopt);
}

// RFC 1985 §5.3.
void MtaServer::start_queue(Connection& connection, const smtp::EtrnAsked& asked) {
  const auto count = machine_.programs().send_now(asked.node);
  if (!count) return connection.engine.refuse(458, "4.3.0 Unable to queue messages for this node");
  if (*count == 0)
    return connection.engine.answer(
        smtp::Reply(251, fmt::format("2.0.0 No messages waiting for {}", asked.node)));
  tell(VariableKind::Etrn, asked.node,
       fmt::format("ETRN: a queue run for {} starts, with {}", asked.node,
                   count_of(*count, "message")));
  connection.engine.answer(smtp::Reply(
      253,
      fmt::format("2.0.0 {} for {} started", count_of(*count, "pending message"), asked.node)));
}

// ---- the message ----

std::optional<smtp::Reply> MtaServer::objection(const smtp::MessageReceived& message) const {
  std::size_t hops = 0;
  for (const mime::Field& field : mime::read_fields(message.content))
    hops += equal_no_case(field.name, "Received");
  if (hops > machine_.config.server.hops_max) {
    tell(VariableKind::Loop, std::uint64_t(hops),
         fmt::format("{} Received lines: the message goes round in a circle", hops));
    return smtp::Reply(554, fmt::format("5.4.6 Too many hops ({}): a loop", hops));
  }
  if (machine_.store().has_room_for(message.content.size())) return std::nullopt;
  tell(VariableKind::Disk, State::Full, "the disk is full: the message is not taken");
  return smtp::Reply(452, "4.3.1 Insufficient system storage, try later");
}

// RFC 5321 §4.4: every server that takes a message puts a time stamp line before it. RFC 6409 §8.
void MtaServer::store(Connection& connection) {
  smtp::MessageReceived message = std::move(*connection.message);
  connection.message.reset();
  const smtp::MailOptions& options = message.envelope.options;
  SpooledMail mail;
  if (message.envelope.reverse_path.mailbox)
    mail.reverse_path = message.envelope.reverse_path.mailbox->text();
  for (const smtp::ForwardPath& path : message.envelope.recipients) {
    SpooledRecipient recipient;
    recipient.address = path.mailbox.text();
    recipient.notify = notify_of(path.options.notify);
    if (!path.options.original_recipient_type.empty())
      recipient.original =
          path.options.original_recipient_type + ";" + path.options.original_recipient;
    mail.recipients.push_back(std::move(recipient));
  }
  mail.internationalized = options.smtputf8;
  mail.envelope_id = options.envelope_id;
  mail.return_full = options.ret == smtp::MailOptions::Return::Full;
  mail.return_stated = options.ret != smtp::MailOptions::Return::NotSaid;
  mail.origin = connection.engine.client_name();
  connection.queue_id = fmt::format("Q{:04}", machine_.store().spool().next_number());
  mime::ReceivedField received;
  received.from_helo = connection.engine.client_name();
  received.from_address = connection.client.text();
  received.by = machine_.mail_name();
  received.software = machine_.config.classic ? "" : "MailScope";
  received.with = message.transport.with();
  received.id = connection.queue_id;
  if (mail.recipients.size() == 1) received.recipient = mail.recipients[0].address;
  received.date = machine_.date();
  std::string before = mime::received_field(received);
  if (connection.submission) {
    const std::vector<mime::Field> fields = mime::read_fields(message.content);
    if (!mime::find_field(fields, "Date"))
      before += "Date: " + mime::format_date(machine_.date()) + "\r\n";
    if (!mime::find_field(fields, "Message-ID"))
      before += fmt::format("Message-ID: <{}.{}@{}>\r\n", machine_.date().unix_seconds,
                            connection.queue_id, machine_.mail_name());
  }
  if (machine_.on_taken)
    machine_.on_taken(
        {connection.client, mail.reverse_path, mail.recipients, message.content.size()});
  mail.content = std::move(message.content);
  mail.content.insert(0, before);
  const std::uint64_t number = machine_.spool(
      std::move(mail),
      fmt::format("the MTA server has written {} to the spool on disk", connection.queue_id),
      agent());
  connection.trouble = machine_.store().take_trouble();
  if (connection.trouble.empty()) return;
  if (machine_.store().spool().find(number))
    machine_.store().take_out(number, "it could not be kept: it leaves the spool", agent());
}

}  // namespace mailscope::sim
