// How questions, records and answers read: as an administrator writes them, and in words.
#include <fmt/format.h>

#include "protocols/base/ascii.hpp"
#include "protocols/dns/message.hpp"

namespace mailscope::dns {
namespace {

std::string quoted(std::string_view string) {
  std::string text = "\"";
  for (const char c : printable(string)) {
    if (c == '"') text += '\\';
    text += c;
  }
  return text + '"';
}

struct DataText {
  std::string operator()(const Raw& raw) const {
    return fmt::format("{} octets", raw.octets.size());
  }
  std::string operator()(const IpAddress& address) const { return address.text(); }
  std::string operator()(const Mx& mx) const {
    return fmt::format("{} {}", mx.preference, mx.exchange);
  }
  std::string operator()(const Target& target) const { return target.name; }
  std::string operator()(const Text& text) const {
    std::string joined;
    for (const std::string& string : text.strings)
      joined += (joined.empty() ? "" : " ") + quoted(string);
    return joined;
  }
  std::string operator()(const Soa& soa) const {
    return fmt::format("{} {} {} {} {} {} {}", soa.primary, soa.mailbox, soa.serial, soa.refresh,
                       soa.retry, soa.expire, soa.minimum);
  }
};

const Question* question_of(const Message& message) {
  return message.questions.empty() ? nullptr : &message.questions.front();
}

bool is_asked_for(const Record& record, const Question* question) {
  return !question || question->type == Type::Any || question->type == record.type;
}

// Why there are no answers.
std::string nothing_text(const Message& message) {
  if (message.rcode == Rcode::NxDomain) return "no such name";
  if (message.rcode == Rcode::ServFail) return "the server could not find out";
  if (message.rcode == Rcode::Refused) return "refused";
  if (message.rcode == Rcode::FormErr) return "the server did not understand the question";
  if (message.rcode == Rcode::NotImp) return "the server does not do this";
  if (message.rcode != Rcode::NoError) return name(message.rcode);
  if (message.truncated) return "the answer did not fit";
  const Question* question = question_of(message);
  if (!question) return "no answer";
  return fmt::format("no {} record", name(question->type));
}

}  // namespace

std::string data_text(const Record& record) {
  return std::visit(DataText{}, record.data);
}

std::string text(const Question& question) {
  return fmt::format("{} {}", name(question.type), question.name);
}

std::string text(const Record& record) {
  return fmt::format("{} {} {} {}", record.name, record.ttl, name(record.type), data_text(record));
}

std::string text_of_answers(const Message& message) {
  if (message.answers.empty()) return nothing_text(message);
  std::string lines;
  for (const Record& record : message.answers) {
    if (!lines.empty()) lines += '\n';
    if (!is_asked_for(record, question_of(message)))
      lines += fmt::format("{} {} ", record.name, name(record.type));
    lines += data_text(record);
  }
  return lines;
}

std::vector<std::string> lines_of_answers(const Message& message) {
  if (message.answers.empty())
    return {fmt::format("{} {}", name(message.rcode), nothing_text(message))};
  std::vector<std::string> lines;
  const Question* question = question_of(message);
  for (const Record& record : message.answers) {
    std::string line = fmt::format("{} {}", name(record.type), data_text(record));
    if (!question || !equal_names(record.name, question->name)) line = record.name + ' ' + line;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string words(const Question& question) {
  switch (question.type) {
    case Type::Mx:
      return fmt::format("who takes mail for {}?", question.name);
    case Type::A:
      return fmt::format("which address has {}?", question.name);
    case Type::Aaaa:
      return fmt::format("which IPv6 address has {}?", question.name);
    case Type::Ns:
      return fmt::format("which servers speak for {}?", question.name);
    case Type::Ptr:
      return fmt::format("which name belongs to {}?", question.name);
    case Type::Cname:
      return fmt::format("what is {} another name for?", question.name);
    case Type::Txt:
      return fmt::format("which texts are stored for {}?", question.name);
    case Type::Soa:
      return fmt::format("where does the zone of {} begin?", question.name);
    case Type::Any:
      return fmt::format("what is there about {}?", question.name);
  }
  return fmt::format("which {} records has {}?", name(question.type), question.name);
}

std::string words(const Record& record) {
  if (const auto* mx = std::get_if<Mx>(&record.data)) {
    if (mx->exchange == ".") return fmt::format("{} takes no mail", record.name);
    return fmt::format("{}, preference {}", mx->exchange, mx->preference);
  }
  if (std::holds_alternative<IpAddress>(record.data))
    return fmt::format("{} has {}", record.name, data_text(record));
  if (std::holds_alternative<Target>(record.data) && record.type == Type::Cname)
    return fmt::format("{} is another name for {}", record.name, data_text(record));
  if (const auto* soa = std::get_if<Soa>(&record.data))
    return fmt::format("the zone of {}, kept on {}", record.name, soa->primary);
  if (std::holds_alternative<Raw>(record.data))
    return fmt::format("a {} record of {}", name(record.type), data_text(record));
  return data_text(record);
}

std::string words_of_answers(const Message& message) {
  const Question* question = question_of(message);
  if (message.answers.empty() && message.rcode == Rcode::NxDomain && question)
    return fmt::format("there is no {}", question->name);
  if (message.answers.empty() && message.rcode == Rcode::NoError && question && !message.truncated)
    return fmt::format("{} has no {} record", question->name, name(question->type));
  if (message.answers.empty()) return nothing_text(message);
  std::string text;
  for (const Record& record : message.answers) text += (text.empty() ? "" : "; ") + words(record);
  return text;
}

}  // namespace mailscope::dns
