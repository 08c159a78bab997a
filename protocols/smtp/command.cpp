#include "protocols/smtp/command.hpp"

#include <charconv>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::string_view kCommands = "RFC 5321 §4.1.1";
constexpr std::string_view kArguments = "RFC 5321 §4.1.2";

using Parsed = tl::expected<Command, CommandError>;

tl::unexpected<CommandError> wrong(Verb verb, std::uint16_t code, std::string_view text,
                                   std::string_view section) {
  return tl::unexpected(CommandError{verb, SyntaxError{code, text, section, 0}});
}

// The path is not what is wrong (X.1.3, X.1.7), but what stands round it.
tl::unexpected<CommandError> wrong_argument(Verb verb, std::string_view text,
                                            std::string_view section) {
  return tl::unexpected(CommandError{verb, SyntaxError{501, text, section, 0, "5.5.4"}});
}

std::string_view without_trailing_space(std::string_view text) {
  while (!text.empty() && is_wsp(text.back())) text.remove_suffix(1);
  return text;
}

bool is_keyword(std::string_view text) {
  if (text.empty() || text.front() == '-') return false;
  for (const char c : text)
    if (!is_alpha(c) && !is_digit(c) && c != '-') return false;
  return true;
}

// esmtp-value = 1*( %d33-60 / %d62-126 ), and UTF-8 where SMTPUTF8 is announced
bool is_value(std::string_view text, Charset charset) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool ascii = static_cast<unsigned char>(c) < 128;
    if (ascii ? c < 33 || c > 126 || c == '=' : charset == Charset::Ascii) return false;
  }
  return true;
}

// esmtp-param *(SP esmtp-param), each with its space in front. False: not in order.
bool read_parameters(std::string_view text, std::vector<Parameter>& parameters, Charset charset) {
  while (!text.empty()) {
    if (text.front() != ' ') return false;
    text.remove_prefix(1);
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const std::size_t equals = word.find('=');
    const std::string_view keyword = word.substr(0, equals);
    if (!is_keyword(keyword)) return false;
    Parameter parameter;
    for (const char c : keyword) parameter.keyword += to_upper(c);
    if (equals != std::string_view::npos) {
      if (!is_value(word.substr(equals + 1), charset)) return false;
      parameter.value = word.substr(equals + 1);
    }
    parameters.push_back(std::move(parameter));
  }
  return true;
}

// A path without its brackets, for a client that leaves them out.
std::string with_brackets(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return "<" + std::string(word) + ">";
}

// FROM:<reverse-path> or TO:<forward-path>, and the parameters. `rest` is what follows the verb.
Parsed parse_path_command(Command command, std::string_view rest, const Quirks& quirks,
                          Charset charset) {
  const bool from = command.verb != Verb::Rcpt;
  const Verb verb = command.verb;
  const std::string_view section = from ? "RFC 5321 §4.1.1.2" : "RFC 5321 §4.1.1.3";
  const std::string_view word = from ? "FROM:" : "TO:";
  if (!starts_with_no_case(rest, word))
    return wrong_argument(
        verb, from ? "FROM:<sender> has to follow" : "TO:<recipient> has to follow", section);
  rest.remove_prefix(word.size());
  if (quirks.space_before_path) rest = trim(rest);
  std::string made;
  std::string_view path;
  if (const std::optional<std::size_t> length = path_length(rest)) {
    path = rest.substr(0, *length);
    rest.remove_prefix(*length);
  } else if (quirks.bare_path && !rest.empty() && rest.front() != '<') {
    made = with_brackets(rest);
    path = made;
  } else {
    return wrong(verb, 501, "A path stands between < and >", kArguments);
  }
  if (from) {
    tl::expected<ReversePath, SyntaxError> parsed = parse_reverse_path(path, charset);
    if (!parsed) return tl::unexpected(CommandError{verb, parsed.error()});
    command.reverse_path = std::move(*parsed);
  } else {
    tl::expected<ForwardPath, SyntaxError> parsed = parse_forward_path(path, charset);
    if (!parsed) return tl::unexpected(CommandError{verb, parsed.error()});
    command.forward_path = std::move(*parsed);
  }
  if (!read_parameters(rest, command.parameters, charset))
    return wrong_argument(verb, "The parameters are not in order", kArguments);
  return command;
}

Parsed parse_helo(Command command, std::string_view rest) {
  const std::string_view name = rest.substr(0, rest.find(' '));
  if (!is_domain(name) && !is_address_literal(name))
    return wrong(command.verb, 501, "A domain name or an address literal has to follow",
                 "RFC 5321 §4.1.1.1");
  command.argument = name;
  return command;
}

// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CR LF; end-marker = "LAST"  (RFC 3030 §2)
Parsed parse_bdat(Command command, std::string_view rest) {
  constexpr std::string_view kSection = "RFC 3030 §2";
  const char* const end = rest.data() + rest.size();
  const auto [behind, error] = std::from_chars(rest.data(), end, command.chunk_octets);
  if (error != std::errc{})
    return wrong(Verb::Bdat, 501, "The number of octets has to follow", kSection);
  const std::string_view marker = trim(rest.substr(static_cast<std::size_t>(behind - rest.data())));
  command.last = equal_no_case(marker, "LAST");
  if (!marker.empty() && (!command.last || *behind != ' '))
    return wrong(Verb::Bdat, 501, "Only LAST may follow the number", kSection);
  return command;
}

Parsed parse_bare(Command command, std::string_view rest) {
  if (!rest.empty())
    return wrong(command.verb, 501, "No argument is allowed here", "RFC 5321 §4.3.2");
  return command;
}

Parsed parse_with_argument(Command command, std::string_view rest) {
  if (rest.empty()) return wrong(command.verb, 501, "An argument has to follow", kCommands);
  command.argument = rest;
  return command;
}

std::string_view word_of(std::string_view line) {
  return line.substr(0, line.find_first_of(" \t"));
}

}  // namespace

Verb verb_of(std::string_view line) {
  return find_verb(word_of(line));
}

Parsed parse_command(std::string_view line, const Quirks& quirks, Charset charset) {
  line = without_trailing_space(line);
  const std::string_view word = word_of(line);
  Command command;
  command.verb = find_verb(word);
  std::string_view rest = line.substr(word.size());
  if (!rest.empty()) rest.remove_prefix(1);
  switch (command.verb) {
    case Verb::Helo:
    case Verb::Ehlo:
    case Verb::Lhlo:
      return parse_helo(std::move(command), rest);
    case Verb::Mail:
    case Verb::Rcpt:
    case Verb::Send:
    case Verb::Soml:
    case Verb::Saml:
      return parse_path_command(std::move(command), rest, quirks, charset);
    case Verb::Bdat:
      return parse_bdat(std::move(command), rest);
    case Verb::Data:
    case Verb::Rset:
    case Verb::Quit:
    case Verb::Turn:
    case Verb::Starttls:
      return parse_bare(std::move(command), rest);
    case Verb::Vrfy:
    case Verb::Expn:
    case Verb::Auth:
    case Verb::Etrn:
      return parse_with_argument(std::move(command), rest);
    case Verb::Noop:
    case Verb::Help:
      command.argument = rest;
      return command;
    case Verb::Unknown:
    case Verb::Connect:
    case Verb::EndOfData:
    case Verb::BdatLast:
      break;
  }
  return wrong(Verb::Unknown, 500, "Command unrecognized", "RFC 5321 §4.2.4");
}

std::string format_command(const Command& command) {
  std::string out(name(command.verb));
  if (command.reverse_path) out += " FROM:" + command.reverse_path->text();
  if (command.forward_path) out += " TO:" + command.forward_path->text();
  if (command.verb == Verb::Bdat) {
    out += " " + std::to_string(command.chunk_octets);
    if (command.last) out += " LAST";
  }
  if (!command.argument.empty()) out += " " + command.argument;
  for (const Parameter& parameter : command.parameters) {
    out += " " + parameter.keyword;
    if (parameter.value) out += "=" + *parameter.value;
  }
  return out;
}

Command helo(std::string name) {
  return plain(Verb::Helo, std::move(name));
}
Command ehlo(std::string name) {
  return plain(Verb::Ehlo, std::move(name));
}

Command mail(ReversePath from, std::vector<Parameter> parameters) {
  Command command;
  command.verb = Verb::Mail;
  command.reverse_path = std::move(from);
  command.parameters = std::move(parameters);
  return command;
}

Command rcpt(ForwardPath to, std::vector<Parameter> parameters) {
  Command command;
  command.verb = Verb::Rcpt;
  command.forward_path = std::move(to);
  command.parameters = std::move(parameters);
  return command;
}

Command plain(Verb verb, std::string argument) {
  Command command;
  command.verb = verb;
  command.argument = std::move(argument);
  return command;
}

}  // namespace mailscope::smtp
